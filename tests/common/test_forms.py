"""What holds for every form of the house."""

from datetime import date

import pytest
from django import forms
from django.utils import translation

from parvis.common.forms import DayField


class Stay(forms.Form):
    day = DayField(label="Day")
    law = DayField(label="Law", first_year=1500, required=False)
    site = forms.ChoiceField(choices=[("", "---------"), ("hall", "Hall")])
    service = forms.ChoiceField(choices=[("", "---------"), ("civil", "Civil")], required=False)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-11-23", True),
        ("23/11/2026", True),  # without a calendar of the browser
        ("0026-11-23", False),
        ("9999-12-31", False),
        ("1999-12-31", False),
        ("2026-02-30", False),
    ],
)
def test_a_day_has_a_year_that_can_be_meant(typed: str, meant: bool):
    form = Stay({"day": typed, "site": "hall"})

    assert form.is_valid() is meant
    assert ("day" in form.errors) is not meant


def test_a_law_may_be_older():
    form = Stay({"day": "2026-11-23", "law": "1539-08-25", "site": "hall"})

    assert form.is_valid()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_browser_is_given_the_day_as_it_sends_it(language: str):
    with translation.override(language):
        assert 'value="2026-11-23"' in str(Stay(initial={"day": date(2026, 11, 23)})["day"])


def test_a_list_says_in_words_that_nothing_is_chosen():
    with translation.override("en"):
        form = Stay()
        assert "Choose…" in str(form["site"])
        assert "Not stated" in str(form["service"])
