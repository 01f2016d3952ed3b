from datetime import timedelta
from typing import Any

import pytest

from parvis.common import journal
from parvis.common.errors import Refused
from parvis.contacts import actions
from parvis.contacts.models import Contact, Person
from parvis.organisations.models import Topic
from tests.accounts.factories import ines, marc, rozenn
from tests.contacts.factories import NOON, ContactFactory, PersonFactory
from tests.organisations.factories import DeskFactory, TopicFactory

pytestmark = pytest.mark.django_db


def log(**changes: Any) -> Contact:
    agent = changes.pop("agent", None) or ines()
    values: dict[str, Any] = {
        "authority": agent.authority,
        "topic": TopicFactory.create(),
        "channel": "phone",
        "outcome": "resolved",
        "started_at": NOON - timedelta(minutes=3),
        "ended_at": NOON,
        "now": NOON,
        "agent": agent,
    }
    return actions.log_contact(**{**values, **changes})


def test_a_contact_is_written_down_with_its_hour():
    contact = log(note="  three copies ")

    assert (contact.recorded_at, contact.note) == (NOON, "three copies")
    assert [entry.verb for entry in journal.of(contact)] == ["contacts.contact_logged"]


def test_the_site_is_that_of_the_desk():
    desk = DeskFactory.create()

    assert log(desk=desk, channel="desk").site == desk.site


def test_a_person_named_by_the_agent_is_linked_by_hand():
    assert log(person=PersonFactory.create()).linking == "manual"


def test_nobody_named_is_not_linked():
    assert log(linking="details").linking == "none"


def urbanism() -> Topic:
    return TopicFactory.create(slug="permis", name="Permis de construire", level=2)


def test_reception_is_told_to_open_a_case_for_a_topic_of_level_two():
    with pytest.raises(Refused) as refusal:
        log(topic=urbanism(), outcome="resolved")

    assert refusal.value.code == "beyond_level"
    assert Contact.objects.count() == 0


def test_reception_may_pass_a_topic_of_level_two_on():
    assert not log(topic=urbanism(), outcome="passed_on").beyond_level


def test_a_referent_of_the_service_resolves_level_two():
    contact = log(agent=ines(roles=["REF"]), topic=urbanism())

    assert not contact.beyond_level


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "solved"},
        {"channel": "pigeon"},
        {"needs": ["diagnosis"]},
        {"avoidable_cause": "bad luck"},
        {"ended_at": NOON - timedelta(hours=1)},
        {"ended_at": NOON + timedelta(hours=1)},
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, Any]):
    with pytest.raises(Refused):
        log(**changes)


def test_nothing_of_another_authority_is_mixed_in():
    stranger = rozenn()

    with pytest.raises(Refused):
        log(person=PersonFactory.create(authority=stranger.authority))
    with pytest.raises(Refused):
        log(agent=stranger, authority=ines().authority)


def test_a_correction_keeps_the_original_hour_and_names_the_corrector():
    contact = ContactFactory.create()
    head = marc()

    corrected = actions.correct_contact(
        contact,
        agent=head,
        now=NOON + timedelta(days=1),
        reason="wrong key",
        outcome="passed_on",
    )

    change = corrected.corrections.get()
    assert (corrected.outcome, corrected.started_at) == ("passed_on", contact.started_at)
    assert (change.by, change.before) == (head, {"outcome": "resolved"})


def test_a_correction_to_beyond_level_is_flagged_not_hidden():
    contact = ContactFactory.create(topic=urbanism(), outcome="passed_on")

    corrected = actions.correct_contact(
        contact, agent=marc(), now=NOON, reason="she did settle it", outcome="resolved"
    )

    assert corrected.beyond_level


def test_a_correction_needs_a_reason_a_change_and_a_right():
    contact = ContactFactory.create()

    with pytest.raises(Refused):
        actions.correct_contact(contact, agent=marc(), now=NOON, reason=" ", outcome="passed_on")
    with pytest.raises(Refused):
        actions.correct_contact(contact, agent=marc(), now=NOON, reason="why", outcome="resolved")
    colleague = ines(username="another", entry=None)
    with pytest.raises(Refused):
        actions.correct_contact(contact, agent=colleague, now=NOON, reason="x", note="y")


def test_times_cannot_be_corrected():
    with pytest.raises(TypeError):
        actions.correct_contact(
            ContactFactory.create(), agent=marc(), now=NOON, reason="x", started_at=NOON
        )


def test_ten_seconds_to_take_a_contact_back():
    contact = log()

    actions.undo_contact(contact, agent=ines(), now=NOON + timedelta(seconds=9))

    assert list(Contact.objects.standing()) == []
    with pytest.raises(Refused):
        actions.undo_contact(contact, agent=ines(), now=NOON + timedelta(seconds=9))


def test_too_late_or_somebody_else_does_not_take_it_back():
    contact = log()

    with pytest.raises(Refused):
        actions.undo_contact(contact, agent=ines(), now=NOON + timedelta(seconds=11))
    with pytest.raises(Refused):
        actions.undo_contact(contact, agent=marc(), now=NOON)


def identify(**details: str) -> tuple[Person, str]:
    return actions.identify_person(ines().authority, now=NOON, **details)


def test_a_telephone_number_in_any_spelling_finds_the_same_person():
    known = PersonFactory.create()

    person, linking = identify(phone="+33 2 61 91 00 77", last_name="kerdraon")

    assert (person, linking) == (known, "details")


def test_another_name_under_the_same_number_is_another_person():
    known = PersonFactory.create()

    person, _linking = identify(phone="02 61 91 00 77", first_name="Yann", last_name="Kerdraon")

    assert person != known


def test_gaps_are_filled_and_nothing_is_overwritten():
    known = PersonFactory.create()

    identify(phone="0261910077", email=" Odette@Example.org ", address="1 rue Haute")

    known.refresh_from_db()
    assert (known.email, known.address) == ("odette@example.org", "1 rue Haute")
    assert known.first_name == "Odette"


def test_a_name_alone_is_a_new_person_linked_by_hand():
    PersonFactory.create()

    _person, linking = identify(first_name="Odette", last_name="Kerdraon")

    assert (Person.objects.count(), linking) == (2, "manual")


def test_the_same_number_in_another_town_is_another_person():
    elsewhere = PersonFactory.create(authority=rozenn().authority)

    assert identify(phone=elsewhere.phone)[0] != elsewhere


@pytest.mark.parametrize(
    "details", [{}, {"phone": "call me"}, {"last_name": "  "}, {"email": "a@b.fr\r\nBcc: x@y.fr"}]
)
def test_nothing_to_know_somebody_by_is_refused(details: dict[str, str]):
    with pytest.raises(Refused):
        identify(**details)
