"""From one pair of hands to another: with a note, accepted, told once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from parvis.accounts import actions as accounts
from parvis.accounts.models import Absence, Agent, Skill
from parvis.cases import actions, queries
from parvis.cases.actions import story
from parvis.cases.events import CaseReferentChanged
from parvis.cases.models import Case, CaseEntry, Handover, LoadCap
from parvis.common import events
from parvis.common.errors import Refused
from tests.accounts.factories import ines, marc, rozenn
from tests.cases.factories import (
    NOON,
    bruno,
    colleague,
    given_to,
    nadia,
    note,
    planning,
    windows,
    works,
)
from tests.contacts.factories import PersonFactory

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[CaseReferentChanged]:
    """What is announced to whoever tells the people."""
    news: list[CaseReferentChanged] = []
    monkeypatch.setitem(events._handlers, CaseReferentChanged, [news.append])
    return news


def offer(case: Case, **kwargs: Any) -> Handover:
    values: dict[str, Any] = {"agent": nadia(), "now": LATER, "referent": bruno(), "note": note()}
    return actions.hand_over(case, **{**values, **kwargs})


def told(case: Case) -> list[str]:
    with translation.override("en"):
        lines = queries.timeline(case, for_person=True, on=LATER.date())
    return [line.text for line in lines]


@pytest.mark.parametrize("missing", ["why", "promised", "next_step", "by_when"])
def test_every_part_of_the_note_is_asked_for(missing: str):
    part = None if missing == "by_when" else " "
    incomplete = actions.Note(**{**vars(note()), missing: part})

    with pytest.raises(Refused):
        offer(windows().case, note=incomplete)


def test_a_next_step_is_not_promised_for_yesterday():
    with pytest.raises(Refused):
        offer(windows().case, note=note(by_when=date(2026, 11, 23)))


def test_until_it_is_accepted_the_giver_answers_and_the_person_reads_nothing(heard: list[Any]):
    case = windows().case
    before = told(case)

    offer(case)

    case.refresh_from_db()
    assert (case.referent, queries.pending_handover(case).receiver) == (nadia(), bruno())
    assert (told(case), heard) == (before, [])


def test_once_accepted_the_person_reads_once_who_follows_and_why(heard: list[Any]):
    case = windows().case
    handover = offer(case)

    actions.accept_handover(handover, agent=bruno(), now=LATER)
    with pytest.raises(Refused):
        actions.accept_handover(Handover.objects.get(), agent=bruno(), now=LATER)

    case.refresh_from_db()
    line = CaseEntry.objects.get(case=case, kind="handed_over")
    assert (case.referent, case.deputy, case.referent_since) == (bruno(), nadia(), LATER)
    assert (line.text, line.is_internal, case.unread_by_person) == (note().why, False, True)
    assert [(e.before_id, e.after_id, e.entry_id) for e in heard] == [
        (nadia().pk, bruno().pk, line.pk)
    ]
    assert told(case)[-1] == "handed the request over to Bruno Delcourt:"


def test_the_next_step_of_the_note_is_what_is_awaited_from_us():
    case = given_to(bruno(), windows().case, agent=nadia(), now=LATER)

    awaited = queries.awaited(case)

    assert (awaited.from_us, awaited.due_on) == ("Relire le plan des façades", date(2027, 1, 8))


def test_giving_back_needs_a_reason_and_changes_nobody(heard: list[Any]):
    case = windows().case
    handover = offer(case)

    with pytest.raises(Refused):
        actions.give_back(handover, agent=bruno(), now=LATER, reason=" ")
    actions.give_back(handover, agent=bruno(), now=LATER, reason="I am away from Monday")

    case.refresh_from_db()
    assert (case.referent, queries.pending_handover(case), heard) == (nadia(), None, [])
    assert "I am away" in str(queries.timeline(case, for_person=False, on=LATER.date()))
    assert "I am away" not in str(queries.timeline(case, for_person=True, on=LATER.date()))


def test_only_the_receiver_answers():
    handover = offer(windows().case)

    for other in (nadia(), ines(), rozenn()):
        with pytest.raises(Refused):
            actions.accept_handover(handover, agent=other, now=LATER)


def test_a_case_is_offered_to_one_colleague_at_a_time():
    case = windows().case
    handover = offer(case)

    with pytest.raises(Refused):
        offer(case, referent=colleague("third", "Zoé", "Ter"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(
            case=case, receiver=ines(), state=Handover.State.LEFT, offered_at=LATER
        )
    actions.withdraw(handover, agent=nadia(), now=LATER)
    offer(case, referent=colleague("third", "Zoé", "Ter"))


def test_taking_a_case_oneself_needs_nobodys_answer():
    case = windows().case

    offer(case, agent=bruno(), referent=bruno())

    assert case.referent == bruno()
    assert told(case)[-1] == "took the request over from Nadia Amrani:"


def test_reception_and_other_services_hand_nothing_over():
    with pytest.raises(Refused):
        offer(windows().case, agent=ines())
    with pytest.raises(Refused):
        offer(windows().case, referent=ines(roles=["REF"]))


@pytest.mark.parametrize("end", ["close", "forward"])
def test_an_offer_ends_with_its_case(end: str):
    case = windows().case
    handover = offer(case)

    if end == "close":
        actions.close(case, agent=nadia(), now=LATER, text="Done")
    else:
        actions.forward(case, agent=nadia(), now=LATER, authority_name="B", reason="c")

    handover.refresh_from_db()
    assert handover.state == "withdrawn"


def able(agent: Agent) -> Agent:
    Skill.objects.create(agent=agent, family=works().family, level=2, validated_on=NOON.date())
    return agent


def test_an_unskilled_referent_needs_a_reason_that_stays():
    able(nadia())
    case = windows().case

    with pytest.raises(Refused) as refusal:
        offer(case)
    assert refusal.value.code == "reason_needed"
    handover = offer(case, because="Learns the trade with Nadia")
    actions.accept_handover(handover, agent=bruno(), now=LATER)

    data = case.entries.get(kind="handed_over").data
    assert data["exceptions"] == ["unskilled"]
    assert data["because"] == "Learns the trade with Nadia"


def test_one_more_than_enough_needs_a_reason():
    able(nadia())
    able(bruno())
    LoadCap.objects.create(service=planning(), agent=bruno(), most=1)
    windows(referent=bruno(), deputy=nadia())
    case = windows().case

    with pytest.raises(Refused):
        offer(case)

    assert offer(case, because="He knows the street").because == "He knows the street"


def test_the_rule_gives_to_who_has_room_and_says_when_nobody_has():
    able(nadia())
    able(bruno())
    LoadCap.objects.create(service=planning(), most=1)

    given = [windows(referent=None, deputy=None, person=None).case for _n in range(3)]

    assert {case.referent for case in given[:2]} == {nadia(), bruno()}
    assert given[2].entries.get(kind="assigned").data["exceptions"] == ["over_cap"]


def test_the_same_person_is_followed_by_the_same_colleague():
    odette = PersonFactory.create()
    able(nadia())
    able(bruno())
    windows(person=odette, referent=bruno(), deputy=nadia())
    windows(person=None, referent=bruno(), deputy=nadia())

    assert windows(person=odette, referent=None, deputy=None).case.referent == bruno()


def absent(agent: Agent, deputy: Agent | None = None) -> None:
    Absence.objects.create(agent=agent, deputy=deputy, first_day=NOON.date(), last_day=NOON.date())


def test_the_page_names_who_stands_in_and_costs_one_query_for_it(django_assert_num_queries: Any):
    third = colleague("third", "Zoé", "Ter")
    opened = windows(referent=nadia(), deputy=None)
    absent(nadia(), third)
    case = queries.by_secret(opened.secret, NOON)
    assert case is not None

    with django_assert_num_queries(1):
        contact = queries.named_contact(case, NOON.date())

    assert (contact.name, contact.away, contact.away_until) == (
        "Zoé Ter",
        "Nadia Amrani",
        NOON.date(),
    )


def test_a_deputy_named_for_the_case_comes_before():
    case = windows(referent=nadia(), deputy=None).case
    absent(nadia(), colleague("third", "Zoé", "Ter"))

    actions.name_deputy(case, agent=nadia(), now=NOON, deputy=bruno())

    assert queries.named_contact(case, NOON.date()).name == "Bruno Delcourt"


def leave(agent: Agent) -> None:
    accounts.deactivate(Agent.objects.get(pk=agent.pk), actor=marc(roles=["ADM"]), now=LATER)


def forty() -> list[Case]:
    return [windows(person=PersonFactory.create()).case for _n in range(40)]


def test_forty_cases_of_who_leaves_are_in_somebodys_hands_and_forty_people_told_once(
    heard: list[Any],
):
    cases, third = forty(), colleague("third", "Zoé", "Ter")
    offer(cases[0], referent=third)

    leave(nadia())
    assert actions.take_over_from(nadia(), now=LATER) == 0  # said again: nothing happens

    rows = Case.objects.filter(pk__in=[case.pk for case in cases])
    assert {row.referent for row in rows.exclude(pk=cases[0].pk)} == {bruno()}
    assert rows.get(pk=cases[0].pk).referent == third  # had been asked already
    assert not rows.filter(referent__is_active=False).exists()
    assert not rows.filter(deputy=nadia()).exists()
    lines = CaseEntry.objects.filter(case__in=rows, kind="handed_over")
    assert lines.count() == lines.values("case").distinct().count() == 40
    assert sorted(event.case_id for event in heard) == sorted(case.pk for case in cases)


def test_killed_in_the_middle_nobody_is_told_anything(
    heard: list[Any], monkeypatch: pytest.MonkeyPatch
):
    cases = [windows(person=PersonFactory.create()).case for _n in range(4)]
    real, calls = story.add_line, []

    def dies_at_the_third(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr("parvis.cases.actions.story.add_line", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        leave(nadia())
    monkeypatch.undo()

    assert set(Case.objects.values_list("referent", flat=True)) == {nadia().pk}
    leave(nadia())
    lines = CaseEntry.objects.filter(case__in=cases, kind="handed_over")
    assert lines.count() == 4


def test_who_changes_service_leaves_the_cases_to_the_service(heard: list[Any]):
    case = windows().case
    chief = marc(roles=["ADM"])

    accounts.update_agent(
        nadia(), actor=chief, roles={"REF": None}, now=LATER, service=chief.service
    )

    case.refresh_from_db()
    assert (case.referent, case.service) == (bruno(), planning())
    assert "works in another service now" in told(case)[-1]
    assert len(heard) == 1


def test_what_a_departure_left_is_kept_or_handed_on():
    cases = [windows().case, windows().case]
    leave(nadia())
    kept, passed = Handover.objects.filter(state="left").order_by("pk")
    third = colleague("third", "Zoé", "Ter")

    actions.accept_handover(kept, agent=bruno(), now=LATER)
    with pytest.raises(Refused):
        actions.give_back(passed, agent=bruno(), now=LATER, reason="Too many")
    offer(Case.objects.get(pk=cases[1].pk), agent=bruno(), referent=third)

    kept.refresh_from_db()
    passed.refresh_from_db()
    assert (kept.state, passed.state) == ("accepted", "withdrawn")
    assert CaseEntry.objects.filter(kind="handed_over", case=cases[0]).count() == 1
