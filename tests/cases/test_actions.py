import datetime as dt
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import translation

from parvis.accounts import actions as accounts
from parvis.accounts.models import Agent
from parvis.cases import actions, queries, rules
from parvis.cases.events import CaseOpened
from parvis.cases.models import Case, CaseEntry
from parvis.common import codes, events, journal
from parvis.common.errors import Refused
from parvis.contacts.models import Contact
from tests.accounts.factories import ines, rozenn
from tests.cases.factories import (
    NOON,
    bruno,
    colleague,
    nadia,
    note,
    planning,
    windows,
    works,
)
from tests.contacts.factories import PersonFactory, with_person
from tests.organisations.factories import ServiceFactory

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)


def kinds(case: Case) -> list[str]:
    return [entry.kind for entry in case.entries.all()]


def test_a_case_has_a_service_a_person_of_it_and_a_deputy():
    case = windows().case

    assert (case.service, case.referent, case.deputy) == (planning(), nadia(), bruno())
    assert kinds(case) == ["opened", "assigned"]
    assert codes.parse_reference(codes.format_reference(case.reference)) == case.reference


def test_the_secret_is_given_once_and_kept_as_a_hash():
    opened = windows()

    assert len(opened.secret) >= 32
    assert opened.case.secret_hash == codes.hash_secret(opened.secret)
    assert queries.by_secret(opened.secret, NOON) == opened.case


def test_the_secret_is_in_no_journal_line():
    opened = windows()

    told = [str(entry.data) for entry in journal.of(opened.case)]

    assert not any(opened.secret in line for line in told)


def test_opening_is_announced(monkeypatch: pytest.MonkeyPatch):
    heard: list[CaseOpened] = []
    monkeypatch.setitem(events._handlers, CaseOpened, [heard.append])

    case = windows().case

    assert [event.case_id for event in heard] == [case.pk]


def test_a_reference_drawn_twice_is_drawn_again(monkeypatch: pytest.MonkeyPatch):
    taken = windows().case.reference
    fresh = codes.new_reference()
    draws = iter([taken, taken, fresh])
    monkeypatch.setattr(codes, "new_reference", lambda: next(draws))

    assert windows().case.reference == fresh


def test_without_a_name_given_the_service_proposes_one():
    nadia(), bruno()
    ours = {nadia().pk, bruno().pk}

    case = windows(referent=None, deputy=None).case

    assert {case.referent_id, case.deputy_id} == ours


def test_the_person_meets_again_who_followed_them_before():
    odette = PersonFactory.create()
    windows(person=odette, referent=bruno(), deputy=nadia())

    again = windows(person=odette, referent=None, deputy=None).case

    assert again.referent == bruno()


def test_the_least_loaded_comes_first_for_somebody_new():
    for _n in range(3):
        windows()

    case = windows(referent=None, deputy=None, person=PersonFactory.create()).case

    assert case.referent == bruno()


def test_a_service_without_referent_leaves_the_name_open():
    nadia().grants.all().delete()
    bruno().grants.all().delete()
    for agent in (nadia(), bruno()):
        agent.grants.all().delete()
        agent.grants.create(role="REC")

    case = actions.open_case(topic=works(), channel="phone", description="A fence", now=NOON).case

    assert (case.referent, case.deputy) == (None, None)


@pytest.mark.parametrize("whom", ["foreign service", "left", "same twice"])
def test_only_people_of_the_service_in_post_follow(whom: str):
    values: dict[str, dict[str, Any]] = {
        "foreign service": {"referent": ines(roles=["REF"])},
        "left": {"referent": colleague("gone", "Paul", "Parti", is_active=False)},
        "same twice": {"referent": nadia(), "deputy": nadia()},
    }

    with pytest.raises(Refused):
        windows(**values[whom])
    assert Case.objects.count() == 0


def test_a_case_that_comes_by_itself_is_an_exchange_too():
    case = windows().case

    assert case.contact is not None
    assert (case.contact.outcome, case.contact.linking) == ("case_opened", "details")


def test_a_case_opened_from_an_exchange_keeps_to_it():
    contact = with_person(outcome="case_opened", topic=works())

    case = windows(contact=contact, person=contact.person).case

    assert (case.contact, Contact.objects.count()) == (contact, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"description": "  "},
        {"channel": "pigeon"},
        {"description": "x" * 5001},
        {"received_on": dt.date(2026, 11, 25)},
        {"received_on": dt.date(2026, 11, 20), "posted_on": dt.date(2026, 11, 21)},
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, Any]):
    with pytest.raises(Refused):
        windows(**changes)


def test_nothing_of_another_authority_gets_in():
    stranger = rozenn()

    for foreign in (
        {"person": PersonFactory.create(authority=stranger.authority)},
        {"agent": stranger},
        {"referent": stranger},
    ):
        with pytest.raises(Refused):
            windows(**foreign)


def test_an_assigned_case_is_not_silently_assigned_again():
    with pytest.raises(Refused):
        actions.assign(windows().case, agent=nadia(), now=LATER, referent=bruno())


def test_passing_to_another_service_keeps_the_trace_and_names_somebody():
    case = windows().case
    liaison = ines(username="lise", roles=["LIA"])

    actions.transfer_to_service(
        case, agent=nadia(), now=LATER, service=liaison.service, note=note()
    )

    case.refresh_from_db()
    assert (case.service, case.referent) == (liaison.service, liaison)
    assert kinds(case)[-1] == "transferred"
    assert case.entries.last().data["before_service"] == planning().pk


def test_sending_to_another_authority_is_told_to_the_person():
    case = windows().case

    actions.forward(
        case, agent=nadia(), now=LATER, authority_name="Orvanne et Plateaux", reason="Water"
    )

    assert (case.state, case.unread_by_person) == ("forwarded", True)
    with pytest.raises(Refused):
        actions.write_to_person(case, agent=nadia(), now=LATER, text="More")


def test_a_message_that_asks_for_something_waits_for_the_person():
    case = windows().case

    actions.write_to_person(
        case, agent=nadia(), now=LATER, text="One paper is missing.", awaited="The plan"
    )

    assert (case.state, queries.awaited(case).from_person) == ("awaiting", "The plan")


def test_the_person_answers_and_it_is_our_turn():
    case = windows().case
    actions.write_to_person(case, agent=nadia(), now=LATER, text="Plan?", awaited="The plan")

    actions.write_as_person(case, now=LATER, text="Here it is.")

    assert (case.state, case.unread_by_service, case.unread_by_person) == ("open", True, False)


def test_a_note_hidden_from_the_person_says_why():
    case = windows().case

    with pytest.raises(Refused):
        actions.add_note(case, agent=nadia(), now=LATER, text="Checked", reason="")
    actions.add_note(case, agent=nadia(), now=LATER, text="Checked", reason="Third party named")

    assert case.entries.last().is_internal


def test_the_database_refuses_a_hidden_line_without_reason():
    case = windows().case

    with pytest.raises(IntegrityError), transaction.atomic():
        CaseEntry.objects.create(case=case, at=NOON, kind="note", text="x", is_internal=True)


def test_a_line_once_written_stays():
    line = windows().case.entries.get(kind="opened")

    with pytest.raises(DatabaseError), transaction.atomic():
        CaseEntry.objects.filter(pk=line.pk).update(text="never happened")


def test_closing_answers_and_reopening_gives_it_back_to_the_same_person():
    case = windows().case

    actions.close(case, agent=nadia(), now=LATER, text="You may begin the works.")
    actions.reopen(case, now=LATER + timedelta(days=1), text="The letter has not come.")

    assert (case.state, case.referent, case.reopened_count) == ("open", nadia(), 1)
    assert (case.closed_at, case.unread_by_service) == (None, True)
    assert case.referent_since == NOON


def test_reopening_finds_somebody_when_the_referent_left():
    case = windows().case
    actions.close(case, agent=nadia(), now=LATER, text="Done")
    case.referent.is_active = False
    case.referent.save(update_fields=["is_active"])

    actions.reopen(case, now=LATER, text="Not done")

    assert case.referent == bruno()


def test_a_closed_link_lives_a_year_and_a_reopened_one_on():
    opened = windows()
    actions.close(opened.case, agent=nadia(), now=LATER, text="Done")

    assert queries.by_secret(opened.secret, LATER + timedelta(days=364))
    assert queries.by_secret(opened.secret, LATER + timedelta(days=366)) is None


def test_a_new_link_ends_the_old_one():
    opened = windows()

    fresh = actions.renew_link(opened.case, agent=nadia(), now=LATER)

    assert queries.by_secret(opened.secret, LATER) is None
    assert queries.by_secret(fresh, LATER) == opened.case


def test_a_stale_view_of_the_case_is_refused():
    case = windows().case
    seen_before = Case.objects.get(pk=case.pk)
    actions.close(case, agent=nadia(), now=LATER, text="Done")

    with pytest.raises(Refused) as refusal:
        actions.write_to_person(seen_before, agent=bruno(), now=LATER, text="Hello")
    assert refusal.value.code == "stale"


@pytest.mark.parametrize("state", list(rules.MOVES))
@pytest.mark.parametrize("to", sorted(set(rules.MOVES) - {"merged"}))
def test_only_lawful_moves_change_the_state(state: str, to: str):
    case = windows().case
    into = windows().case if state == "merged" else None
    Case.objects.filter(pk=case.pk).update(state=state, closed_at=NOON, merged_into=into)
    case.refresh_from_db()
    moves: dict[str, Any] = {
        "open": lambda: actions.reopen(case, now=LATER, text="Not yet"),
        "awaiting": lambda: actions.write_to_person(
            case, agent=nadia(), now=LATER, text="a", awaited="b"
        ),
        "closed": lambda: actions.close(case, agent=nadia(), now=LATER, text="Done"),
        "forwarded": lambda: actions.forward(
            case, agent=nadia(), now=LATER, authority_name="B", reason="c"
        ),
    }

    try:
        moves[to]()
    except Refused:
        case.refresh_from_db()
        assert case.state == state
    else:
        case.refresh_from_db()
        assert case.state == to
        assert rules.may_move(state, to) or state == to


def test_readings_from_outside_the_service_are_kept():
    case = windows().case

    actions.say_why(case, agent=ines(), now=LATER, reason="here")
    actions.record_reading(case, agent=ines(), now=LATER)
    actions.record_reading(case, agent=nadia(), now=LATER)

    assert [reading.who for reading in queries.outside_readings(case)] == ["Inès Rollin"]
    assert not case.unread_by_service


def test_outsiders_do_not_act_on_a_sensitive_case():
    case = windows().case
    case.service.is_sensitive = True
    case.service.save(update_fields=["is_sensitive"])

    with pytest.raises(Refused):
        actions.add_note(case, agent=ines(), now=LATER, text="x", reason="y")
    assert Case.objects.visible_to(ines()).count() == 0
    stub = queries.stub_of(ines(), case.reference)
    assert stub is not None
    assert stub.phone == "02 61 91 00 42"
    assert queries.stub_of(rozenn(), case.reference) is None


def test_an_exchange_about_a_case_is_linked_most_surely():
    case = windows().case
    contact = with_person()

    actions.link_contact(contact, case=case, agent=ines(), now=LATER)

    assert (contact.person, contact.linking) == (case.person, "case")


def test_another_service_of_another_town_cannot_receive_the_case():
    elsewhere = ServiceFactory.create(authority=rozenn().authority)

    with pytest.raises(Refused):
        actions.transfer_to_service(
            windows().case, agent=nadia(), now=LATER, service=elsewhere, note=note()
        )


def leave(agent: Agent) -> None:
    head = ines(username="admin", entry=None, roles=["ADM"])
    accounts.deactivate(agent, actor=head, now=LATER)


def test_when_a_referent_leaves_forty_cases_have_another_name_at_once():
    cases = [windows().case for _n in range(40)]

    leave(nadia())

    for case in cases:
        case.refresh_from_db()
    assert {case.referent for case in cases} == {bruno()}
    assert all(case.unread_by_person for case in cases)
    assert cases[0].entries.last().data["has_left"]


def test_the_person_reads_who_follows_now_and_why():
    case = windows().case

    leave(nadia())

    case.refresh_from_db()
    with translation.override("en"):
        last = queries.timeline(case, for_person=True, on=LATER.date())[-1]
    assert last.text == "Nadia Amrani is no longer in post: Bruno Delcourt follows the request."


def test_when_a_deputy_leaves_another_one_stands_in():
    case = windows().case
    third = colleague("third", "Zoé", "Ter")

    leave(bruno())

    case.refresh_from_db()
    assert (case.referent, case.deputy) == (nadia(), third)


def test_when_the_last_one_leaves_the_case_is_flagged_and_not_lost():
    case = windows(deputy=None).case
    bruno().grants.all().delete()
    Case.objects.update(deputy=None)

    leave(nadia())

    case.refresh_from_db()
    assert (case.referent, case.state) == (None, "open")


def test_closed_cases_keep_the_name_of_who_answered():
    case = windows().case
    actions.close(case, agent=nadia(), now=NOON, text="Done")

    leave(nadia())

    case.refresh_from_db()
    assert case.referent == nadia()
