from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.feedback import actions, queries
from tests.accounts.factories import rozenn
from tests.cases.factories import bruno, nadia, windows

pytestmark = pytest.mark.django_db


def page_of(client: Client, agent: Any) -> str:
    client.force_login(agent)
    return client.get(reverse("feedback:thanks")).content.decode()


def thank(words: str, **kwargs: Any) -> None:
    actions.thank(windows(now=timezone.now()).case, now=timezone.now(), words=words, **kwargs)


def test_whoever_acted_reads_the_words_and_sees_them_once_as_new(client: Client):
    thank("Merci Nadia")

    assert "Merci Nadia" in page_of(client, nadia())
    assert queries.unseen_thanks(nadia()) == 0


def test_a_colleague_reads_private_words_nowhere(client: Client):
    thank("Only for Nadia")
    thank("For everybody", may_be_shown=True)

    words = page_of(client, bruno())

    assert "Only for Nadia" not in words
    assert "For everybody" in words


def test_another_authority_reads_nothing(client: Client):
    thank("For everybody", may_be_shown=True)

    assert "For everybody" not in page_of(client, rozenn())


def test_ones_own_copy_opens_as_text_in_a_spreadsheet(client: Client):
    thank("=1+1")
    client.force_login(nadia())

    copy = client.get(reverse("feedback:thanks-export")).content.decode()

    assert "'=1+1" in copy


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_costs_the_same_whatever_the_number(
    client: Client, rows: int, django_assert_max_num_queries: Any
):
    for _n in range(rows):
        thank("Merci", may_be_shown=True)
    client.force_login(nadia())

    with django_assert_max_num_queries(14):
        client.get(reverse("feedback:thanks"))


def test_a_thank_you_said_at_the_desk_counts_as_one_typed(client: Client):
    case = windows(now=timezone.now()).case
    client.force_login(bruno())

    client.post(
        reverse("feedback:thanks-pass-on", args=[case.reference]), {"words": "Merci à Nadia"}
    )

    assert "Merci à Nadia" in page_of(client, nadia())
