from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.cases import actions, queries
from parvis.cases.models import CallBack, Case
from parvis.common.errors import Refused
from parvis.contacts.models import Contact
from tests.accounts.factories import ines, rozenn
from tests.cases.factories import NOON, bruno, nadia, said_why, windows

pytestmark = pytest.mark.django_db
DAY = NOON.date()


def promised(case: Case | None = None, **kwargs: Any) -> CallBack:
    values: dict[str, Any] = {"day": DAY, "part": "afternoon", "phone": "06 12 34 56 78"}
    return actions.ask_call(case or windows().case, **{"now": NOON, **values, **kwargs})


def test_a_call_is_a_promise_with_its_hour_on_both_sides():
    call = promised()

    assert call.promised_until == NOON.replace(hour=16)  # 17:00 at Sainte-Orvanne
    assert list(queries.calls_to_make(nadia())) == [call]
    for for_person in (True, False):
        assert "call" in [e.kind for e in call.case.entries.all()]
        assert queries.timeline(call.case, for_person=for_person, on=DAY)[-1].text


def test_one_call_at_a_time_is_promised():
    case = promised().case

    with pytest.raises(Refused):
        promised(case)


@pytest.mark.parametrize(
    "wanted",
    [{"part": "morning"}, {"day": DAY - timedelta(days=1)}, {"phone": "no number", "person": None}],
)
def test_what_cannot_be_kept_is_not_promised(wanted: dict[str, Any]):
    case = windows().case
    if "person" in wanted:
        wanted.pop("person")
        case.person.phone = ""

    with pytest.raises(Refused):
        promised(case, **wanted)


def test_a_call_made_keeps_the_promise_and_is_an_exchange():
    call = promised()
    before = Contact.objects.count()

    actions.note_call(call, agent=bruno(), now=NOON + timedelta(hours=1), answered=True)

    call.refresh_from_db()
    assert (call.state, call.agent) == ("done", bruno())
    assert Contact.objects.count() == before + 1
    assert queries.promised_call(call.case) is None


def test_when_nobody_answers_the_promise_stays():
    call = promised()

    actions.note_call(call, agent=bruno(), now=NOON + timedelta(hours=1), answered=False)

    call.refresh_from_db()
    assert (call.state, call.tries) == ("promised", 1)


def test_two_colleagues_do_not_settle_the_same_call():
    call = promised()
    actions.withdraw_call(call, now=NOON)

    with pytest.raises(Refused):
        actions.note_call(call, agent=nadia(), now=NOON, answered=True)


def test_another_authority_sees_and_settles_nothing():
    call = promised()

    assert not queries.calls_to_make(rozenn())
    with pytest.raises(Refused):
        actions.note_call(call, agent=rozenn(), now=NOON, answered=True)


@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_costs_the_same_whatever_its_length(
    client: Client, rows: int, django_assert_max_num_queries: Any
):
    for _n in range(rows):
        case = windows(now=timezone.now()).case
        moment = queries.moments_to_call(case, timezone.now())[-1]
        promised(case, now=timezone.now(), day=moment.day, part=moment.part)
    client.force_login(nadia())

    with django_assert_max_num_queries(14):
        answer = client.get(reverse("cases:calls"))

    assert answer.content.decode().count("06\u00a012\u00a034\u00a056\u00a078") == rows


def test_a_colleague_of_reception_settles_a_call_from_the_list(client: Client):
    case = windows(now=timezone.now()).case
    moment = queries.moments_to_call(case, timezone.now())[-1]
    call = promised(case, now=timezone.now(), day=moment.day, part=moment.part)
    client.force_login(said_why(ines(), case))

    answer = client.post(
        reverse("cases:call", args=[case.reference, call.pk]), {"what": "made", "next": "calls"}
    )

    call.refresh_from_db()
    assert (answer.url, call.state) == (reverse("cases:calls"), "done")
