from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import date_format

FIRST, SECOND = date(2026, 12, 1), date(2026, 12, 2)


@pytest.mark.parametrize(
    ("form", "first", "second"),
    [
        ("DATE_FORMAT", "mardi 1er décembre 2026", "mercredi 2 décembre 2026"),
        ("MONTH_DAY_FORMAT", "mardi 1er décembre", "mercredi 2 décembre"),
        ("SHORT_DATE_FORMAT", "01/12/2026", "02/12/2026"),
    ],
)
def test_the_first_of_a_month_is_an_ordinal_in_french_and_only_the_first(
    form: str, first: str, second: str
):
    with translation.override("fr"):
        assert [date_format(day, form) for day in (FIRST, SECOND)] == [first, second]


def test_the_first_of_a_month_with_its_hour_too():
    with translation.override("fr"):
        said = date_format(datetime(2026, 12, 1, 14, 30, tzinfo=UTC), "DATETIME_FORMAT")

    assert said == "mardi 1er décembre 2026, 14\xa0h\xa030"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Tuesday 1 December"), ("uk", "Вівторок, 1 грудня"), ("ar", "الثلاثاء 1 ديسمبر")],
)
def test_other_languages_keep_their_plain_number(language: str, said: str):
    with translation.override(language):
        assert date_format(FIRST, "MONTH_DAY_FORMAT").lower() == said.lower()


@pytest.mark.parametrize(("language", "said"), [("fr", "1er"), ("en", "1st")])
def test_a_format_that_asks_for_the_suffix_gets_the_one_of_the_language(language: str, said: str):
    with translation.override(language):
        assert date_format(FIRST, "jS") == said


@pytest.mark.parametrize(
    ("form", "said"),
    [("moment", "mardi 1er décembre, 9\xa0h\xa005"), ("date", "mardi 1er décembre 2026")],
)
def test_what_the_pages_show_as_a_moment_says_it_too(form: str, said: str):
    shown = Template("{% load parvis_look %}{% when moment form %}")
    moment = datetime(2026, 12, 1, 8, 5, tzinfo=UTC)

    with translation.override("fr"):
        words = shown.render(Context({"moment": moment, "form": form}))

    assert f">{said}</time>" in words
