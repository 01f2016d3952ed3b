from datetime import date, timedelta

import pytest
from django.utils import timezone

from parvis.cases import actions as case_actions
from parvis.cases.actions import Wanted
from parvis.cases.models import Case
from parvis.letters import queries, rules
from tests.accounts.factories import ines
from tests.cases.factories import nadia
from tests.letters.factories import NOON, TODAY, a_case, registered, sent, with_clock

pytestmark = pytest.mark.django_db


def test_every_field_of_the_wordings_as_delivered_is_known():
    for words in queries.standard().values():
        assert rules.unknown_fields(words["subject"] + words["body"]) == []


def test_a_case_fills_in_what_letters_say_of_it():
    known = queries.values(with_clock(), on=TODAY)

    assert known["referent"] == "Nadia Amrani"
    assert known["recu_le"] == "24 novembre 2026"
    assert known["echeance"] == "dimanche 24 janvier 2027".removeprefix("dimanche ")
    assert "tribunal administratif" in known["voies_de_recours"]


def test_the_first_of_a_month_is_written_as_french_writes_it():
    case = a_case(received_on=date(2026, 11, 1))

    assert queries.values(case, on=TODAY)["recu_le"] == "1er novembre 2026"


def test_what_is_missing_is_a_list_and_nothing_missing_leaves_a_gap():
    case = a_case()
    before = queries.values(case, on=TODAY)
    wanted = [Wanted("Le plan"), Wanted("La photo")]
    case_actions.ask_for_items(
        case, agent=nadia(), now=NOON, wanted=wanted, until=TODAY + timedelta(days=9)
    )

    after = queries.values(Case.objects.get(pk=case.pk), on=TODAY)

    assert ("pieces" in before, before["ce_qui_manque"][:4]) == (False, "Rien")
    assert (after["pieces"], after["limite"]) == ("- Le plan\n- La photo", "3 décembre 2026")


def test_a_request_sent_on_says_where_and_why():
    case = with_clock()
    case_actions.forward(
        case, agent=nadia(), now=NOON, authority_name="la préfecture", reason="Cela relève d’elle."
    )

    known = queries.values(Case.objects.get(pk=case.pk), on=TODAY)

    assert known["autre_collectivite"] == "la préfecture"
    assert known["motif_transmission"] == "Cela relève d’elle."


def test_days_are_counted_with_what_came_and_what_left():
    now = timezone.now()
    today = timezone.localdate(now)
    case = a_case(now=now)
    registered(now=now, received_on=today, case=case)
    registered(now=now, received_on=today)

    [day] = queries.by_day(ines(), today)

    assert (day.day, day.came, day.attached, day.left) == (today, 2, 1, 0)


def test_a_register_goes_on_after_the_mark_of_its_page():
    for _letter in range(52):
        registered()
    rows = queries.incoming(ines())

    first = queries.page(rows, "")
    second = queries.page(rows, first.next)

    assert (len(first.rows), first.next) == (50, "2026-3")
    assert [row.number for row in second.rows] == [2, 1]


def test_only_letters_that_left_are_for_the_person():
    case = a_case()
    letter = sent(case)

    assert [one.pk for one in queries.sent_to_person(case)] == [letter.pk]
