from datetime import timedelta

import pytest

from parvis.cases import actions, queries
from parvis.cases.actions import Document, Wanted
from parvis.cases.models import Case, MissingItem
from parvis.common.errors import Refused
from tests.accounts.factories import ines
from tests.cases.factories import NOON, nadia, procedure, windows

pytestmark = pytest.mark.django_db
TOMORROW, LATER = NOON + timedelta(days=1), NOON + timedelta(days=6)
PLAN = Document("plan.pdf", b"%PDF-1.7 plan")


def asked(*words: str) -> tuple[Case, list[MissingItem]]:
    procedure()
    case = windows().case
    items = actions.ask_for_items(
        case,
        agent=nadia(),
        now=NOON,
        wanted=[Wanted(one) for one in words],
        until=NOON.date() + timedelta(days=20),
    )
    return case, items


def test_what_is_sent_waits_to_be_looked_at_and_it_is_our_turn_with_the_last():
    case, [plan, photo] = asked("Le plan", "La photo")

    actions.send_item(plan, documents=[PLAN], now=TOMORROW)
    case.refresh_from_db()
    after_one = case.state
    actions.send_item(photo, documents=[PLAN], now=TOMORROW)

    case.refresh_from_db()
    assert (after_one, case.state, case.unread_by_service) == ("awaiting", "open", True)
    assert [file.item for file in case.files.all()] == [plan, photo]


def test_the_clock_counts_from_the_day_it_was_sent_not_from_the_day_it_was_looked_at():
    _case, [plan] = asked("Le plan")
    actions.send_item(plan, documents=[PLAN], now=TOMORROW)

    actions.item_came(plan, agent=nadia(), now=LATER)

    plan.refresh_from_db()
    assert plan.received_on == TOMORROW.date()


def test_what_does_not_do_is_refused_with_its_reason_and_awaited_again():
    case, [plan] = asked("Le plan")
    actions.send_item(plan, documents=[PLAN], now=TOMORROW)
    case.refresh_from_db()

    actions.refuse_item(plan, agent=nadia(), now=LATER, reason="On ne lit pas les cotes.")

    plan.refresh_from_db()
    case.refresh_from_db()
    assert (plan.refusal, plan.sent_on, plan.received_on) == (
        "On ne lit pas les cotes.",
        None,
        None,
    )
    assert case.state == "awaiting"
    told = queries.timeline(case, for_person=True, on=LATER.date())[-1]
    assert "On ne lit pas les cotes." in told.words


def test_a_refusal_without_reason_or_of_nothing_is_refused():
    _case, [plan] = asked("Le plan")

    with pytest.raises(Refused):
        actions.refuse_item(plan, agent=nadia(), now=LATER, reason="It does not do")
    actions.send_item(plan, documents=[PLAN], now=TOMORROW)
    with pytest.raises(Refused):
        actions.refuse_item(plan, agent=nadia(), now=LATER, reason=" ")


def test_only_the_service_refuses():
    _case, [plan] = asked("Le plan")
    actions.send_item(plan, documents=[PLAN], now=TOMORROW)

    with pytest.raises(Refused):
        actions.refuse_item(plan, agent=ines(), now=LATER, reason="No")


def test_sent_again_the_refusal_is_past():
    _case, [plan] = asked("Le plan")
    actions.send_item(plan, documents=[PLAN], now=TOMORROW)
    actions.refuse_item(plan, agent=nadia(), now=LATER, reason="Illisible")

    actions.send_item(plan, documents=[PLAN], now=LATER)

    plan.refresh_from_db()
    assert (plan.refusal, plan.sent_on) == ("", LATER.date())


def test_nothing_is_sent_without_a_document():
    _case, [plan] = asked("Le plan")

    with pytest.raises(Refused):
        actions.send_item(plan, documents=[], now=TOMORROW)
