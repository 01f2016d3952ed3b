"""Terms, slips and requests: what goes, what stays, and who said so."""

import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from parvis.cases.models import Case, CaseEntry, LegalClock
from parvis.common import tombstones
from parvis.common.errors import Refused
from parvis.common.models import JournalEntry, Tombstone
from parvis.contacts.models import Contact, Person
from parvis.privacy import actions, queries, rules
from parvis.privacy.models import Hold, PersonRequest, RetentionRule, Slip
from tests.accounts.factories import marc
from tests.cases.factories import NOON, nadia, procedure, works
from tests.contacts.factories import ContactFactory
from tests.privacy.factories import LATER, closed_case, dpo, granted_slip, odette, request_of, rule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings):
    settings.VAR = tmp_path


def run(slip: Slip) -> Slip:
    slip = actions.start(slip, agent=dpo(), now=LATER)
    while actions.carry_out(slip, now=LATER):
        pass
    slip.refresh_from_db()
    return slip


def test_a_case_is_listed_only_once_its_term_is_over():
    rule()
    case = closed_case(NOON)
    day = timezone.localdate(NOON)
    before = LATER.replace(year=day.year + 5, month=day.month, day=day.day)

    with pytest.raises(Refused):
        actions.prepare(agent=dpo(), now=before - timedelta(days=1))
    RetentionRule.objects.update(checked_on=date(before.year, 1, 5))
    [slip] = actions.prepare(agent=dpo(), now=before)

    assert [line.reference for line in slip.lines.all()] == [case.reference]
    with pytest.raises(Refused):
        actions.prepare(agent=dpo(), now=LATER)


@pytest.mark.parametrize("why", ["unchecked", "hold", "clock", "open"])
def test_what_is_held_back_is_never_listed(why: str):
    kept = rule(checked_on=None if why == "unchecked" else date(2032, 1, 5))
    case = closed_case(NOON)
    if why == "hold":
        actions.hold(case, agent=dpo(), now=NOON, reason="Recours")
    if why == "clock":
        LegalClock.objects.create(
            case=case, procedure=procedure(), silence="rejection", months=2,
            first_received_on=NOON.date(), falls_on=LATER.date(),
        )  # fmt: skip
    if why == "open":
        Case.objects.update(state="open", closed_at=None)

    assert not queries.ripe(kept, LATER.date()).exists()


def test_the_rule_of_a_procedure_counts_before_the_one_for_all_cases():
    general = rule()
    own = rule(procedure=procedure(), active_months=120)
    case = closed_case(NOON, topic=works())

    assert queries.rule_of(case) == own
    assert not queries.ripe(general, LATER.date()).exists()
    assert not queries.ripe(own, LATER.date()).exists()


def test_nothing_goes_without_the_visa():
    rule()
    case = closed_case(NOON)
    [slip] = actions.prepare(agent=dpo(), now=LATER)

    with pytest.raises(Refused, match="visa"):
        actions.start(slip, agent=dpo(), now=LATER)
    assert actions.carry_out(slip, now=LATER) == 0
    with pytest.raises(DatabaseError), transaction.atomic():
        Slip.objects.update(state="running")
    case.refresh_from_db()
    assert case.description


def test_a_slip_carried_out_leaves_counts_and_references_and_nothing_else():
    rule()
    case = closed_case(NOON, person=odette())
    entries = CaseEntry.objects.count()

    slip = run(granted_slip())

    case.refresh_from_db()
    assert slip.state == "done"
    assert (case.title, case.description, case.person) == ("", "", None)
    assert case.eliminated_at == LATER
    assert CaseEntry.objects.count() == entries
    assert not CaseEntry.objects.exclude(text="").exists()
    assert not Person.objects.exists()
    assert slip.lines.get().reference == case.reference
    assert not Case.objects.visible_to(nadia()).exists()


def test_going_on_after_a_crash_does_nothing_twice():
    rule()
    for _turn in range(3):
        closed_case(NOON)
    slip = actions.start(granted_slip(), agent=dpo(), now=LATER)

    assert actions.carry_out(slip, now=LATER, most=2) == 2
    assert actions.carry_out(slip, now=LATER) == 1
    assert actions.carry_out(slip, now=LATER) == 0
    assert Tombstone.objects.filter(kind="cases.Case").count() == 3
    assert JournalEntry.objects.filter(verb="privacy.slip_carried_out").count() == 1


def test_a_case_reopened_meanwhile_is_withdrawn_from_its_slip():
    rule()
    case = closed_case(NOON)
    slip = granted_slip()
    Case.objects.filter(pk=case.pk).update(state="open", closed_at=None)

    slip = run(slip)

    case.refresh_from_db()
    assert slip.lines.get().fate == "withdrawn"
    assert case.description


def test_what_goes_to_the_archives_leaves_only_once_they_took_it():
    rule(final="transfer")
    case = closed_case(NOON)
    slip = granted_slip()
    parcel = zipfile.ZipFile(io.BytesIO(actions.export_transfer(slip, agent=dpo(), now=LATER)))

    assert run(slip).state == "running"
    case.refresh_from_db()
    assert case.description in parcel.read("donnees.json").decode()
    actions.record_transfer(slip, agent=dpo(), reference="V-12")
    actions.carry_out(slip, now=LATER)
    case.refresh_from_db()
    assert case.description == ""


def test_a_refused_visa_keeps_the_cases_and_its_reason():
    rule()
    closed_case(NOON)
    [slip] = actions.prepare(agent=dpo(), now=LATER)

    with pytest.raises(Refused):
        actions.refuse_visa(slip, agent=dpo(), reason=" ")
    actions.refuse_visa(slip, agent=dpo(), reason="Série à garder")

    with pytest.raises(Refused):
        actions.start(slip, agent=dpo(), now=LATER)
    assert queries.ripe(RetentionRule.objects.get(), LATER.date()).exists()


def test_after_its_active_phase_a_case_is_read_by_few():
    rule(checked_on=NOON.date())
    case = closed_case(NOON - timedelta(days=400))

    assert actions.settle_phases(now=NOON) == 1
    assert actions.settle_phases(now=NOON) == 0
    assert case not in Case.objects.visible_to(nadia())
    assert case in Case.objects.visible_to(marc())


def test_notes_of_exchanges_go_by_age_and_figures_stay():
    rule(subject="contacts.Contact", active_months=12, intermediate_months=0, needs_visa=False)
    old = ContactFactory.create(note="Voulait un plan", person=odette(), linking="details")
    fresh = ContactFactory.create(
        note="Hier", started_at=LATER - timedelta(hours=2), ended_at=LATER - timedelta(hours=1)
    )

    assert actions.empty_aged(now=LATER) == 1
    assert actions.empty_aged(now=LATER) == 0
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.note, old.person, old.linking) == ("", None, "none")
    assert fresh.note == "Hier"
    assert Contact.objects.count() == 2


def test_proposed_durations_are_written_once_and_erase_nothing():
    made = actions.propose_rules(actor=dpo())

    assert {row.subject for row in made} >= {"cases.Case", "contacts.Contact", "queue.Ticket"}
    assert all(row.checked_on is None for row in made)
    assert actions.propose_rules(actor=dpo()) == []


def test_an_answer_is_due_within_a_month_and_two_more_with_a_reason():
    made = request_of(odette())

    assert made.due_on == date(2032, 4, 2)
    with pytest.raises(Refused):
        actions.prolong(made, agent=dpo(), reason="")
    assert actions.prolong(made, agent=dpo(), reason="Complexe").due_on == date(2032, 6, 2)


def test_nothing_is_handed_over_or_erased_before_the_identity_is_checked():
    made = actions.take_request(
        odette(), kind="erase", agent=dpo(), now=LATER, received_on=LATER.date()
    )

    for act in (actions.erase, actions.limit, actions.export_person):
        with pytest.raises(Refused, match="identit"):
            act(made, agent=dpo(), now=LATER)  # type: ignore[operator]


def test_the_copy_holds_what_every_room_holds():
    case = closed_case(NOON, person=odette())
    ContactFactory.create(note="Voulait un plan", person=case.person, linking="details")

    parcel = actions.export_person(request_of(case.person, "access"), agent=dpo(), now=LATER)

    archive = zipfile.ZipFile(io.BytesIO(parcel))
    data = json.loads(archive.read("donnees.json"))
    tables = {table["table"] for table in data["tables"]}
    assert tables >= {"contacts.Person", "contacts.Contact", "cases.Case", "cases.CaseEntry"}
    assert "Voulait un plan" in archive.read("donnees.html").decode()


def test_erasing_keeps_the_cases_that_the_law_keeps_and_says_so():
    case = closed_case(NOON, person=odette())
    ContactFactory.create(note="Voulait un plan", person=case.person, linking="details")

    done = actions.erase(request_of(case.person), agent=dpo(), now=LATER)

    assert (done.state, done.ground) == ("partly", "archives")
    assert case.reference in done.answer
    assert not Contact.objects.exclude(note="").exists()
    case.refresh_from_db()
    assert case.person.last_name == "Kerdraon"


def test_erasing_somebody_without_a_case_leaves_only_that_they_asked():
    person = odette()
    ContactFactory.create(note="Voulait un plan", person=person, linking="details")

    done = actions.erase(request_of(person), agent=dpo(), now=LATER)

    done.refresh_from_db()
    assert not Person.objects.exists()
    assert (done.state, done.person, done.identity) == ("done", None, "")


def test_a_refusal_has_a_ground():
    made = request_of(odette())

    with pytest.raises(Refused):
        actions.refuse(made, agent=dpo(), now=LATER, ground="", words="Non")
    assert actions.refuse(made, agent=dpo(), now=LATER, ground="claim", words="Recours")
    with pytest.raises(Refused):
        actions.answer(made, agent=dpo(), now=LATER, words="Si")


def test_a_correction_is_traced_without_its_words():
    made = request_of(odette(), "rectify")

    actions.correct(made, agent=dpo(), now=LATER, changes={"last_name": "Kerdréon"})

    line = JournalEntry.objects.get(verb="privacy.person_corrected")
    assert Person.objects.get().last_name == "Kerdréon"
    assert line.data == {"fields": ["last_name"]}


def test_a_limitation_puts_closed_cases_aside_and_on_hold():
    rule()
    case = closed_case(NOON, person=odette())

    actions.limit(request_of(case.person, "limit"), agent=dpo(), now=LATER)

    assert Hold.objects.get().case == case
    assert not queries.ripe(RetentionRule.objects.get(), LATER.date()).exists()
    assert not Case.objects.visible_to(nadia()).exists()


def test_an_older_copy_of_the_database_is_erased_again(settings):
    rule()
    case = closed_case(NOON, person=odette())
    other = closed_case(NOON + timedelta(days=900), person=None)
    before = {"title": case.title, "description": case.description, "person": None}
    run(granted_slip())
    # What a restore of yesterday's backup brings back: the words, and no stone in the database.
    Tombstone.objects.all().delete()
    Case.objects.filter(pk=case.pk).update(**before, eliminated_at=None)

    assert tombstones.apply(now=LATER) == 1

    case.refresh_from_db()
    other.refresh_from_db()
    assert case.description == ""
    assert other.description
    assert tombstones.apply(now=LATER) == 0
    assert case.reference not in tombstones.path().read_text()


def test_the_list_beside_a_backup_is_enough_on_an_empty_machine(tmp_path, settings):
    rule()
    case = closed_case(NOON)
    run(granted_slip())
    beside = tmp_path / "backups"
    beside.mkdir()
    tombstones.write_beside(beside / tombstones.NAME)
    settings.VAR = tmp_path / "empty"
    Tombstone.objects.all().delete()
    Case.objects.filter(pk=case.pk).update(description="Revenu", eliminated_at=None)

    assert tombstones.apply(beside / tombstones.NAME, now=LATER) == 1
    case.refresh_from_db()
    assert case.description == ""
    assert len(list(tombstones.read(tombstones.path()))) == 2  # the case and its person


def test_append_only_tables_stay_shut_outside_an_erasure():
    closed_case(NOON)

    with pytest.raises(DatabaseError), transaction.atomic():
        CaseEntry.objects.update(text="")
    with pytest.raises(DatabaseError), transaction.atomic():
        JournalEntry.objects.all().delete()


def test_a_correction_never_leaves_nobody():
    person = odette()
    request = request_of(person, kind="rectify")
    nothing = dict.fromkeys(("first_name", "last_name", "email", "phone", "address"), "")

    for changes in (nothing, {"first_name": "", "last_name": ""}, {"phone": "abc"}):
        with pytest.raises(Refused):
            actions.correct(request, agent=dpo(), now=LATER, changes=changes)
    actions.correct(request, agent=dpo(), now=LATER, changes={"phone": "02 61 91 00 78"})

    person.refresh_from_db()
    assert person.last_name == "Kerdraon"
    assert person.phone == "0261910078"


def test_somebody_of_whom_nothing_is_written_is_called_so():
    assert str(Person()) == "personne sans nom"


@pytest.mark.parametrize(
    "day", [date(1, 1, 1), date(1999, 11, 2), LATER.date() + timedelta(days=1)]
)
def test_a_request_comes_on_a_day_on_which_the_right_exists(day: date):
    with pytest.raises(Refused):
        actions.take_request(odette(), kind="access", agent=dpo(), now=LATER, received_on=day)


def test_a_day_written_wrongly_is_corrected_with_the_day_of_the_answer():
    request = request_of(odette(), kind="access")

    changed = actions.correct_day(request, agent=dpo(), now=LATER, received_on=date(2032, 2, 10))

    assert changed.due_on == date(2032, 3, 10)


def test_a_request_taken_back_waits_for_no_answer():
    request = request_of(odette(), kind="access")

    ended = actions.withdraw(request, agent=dpo(), now=LATER, reason="Saisie par erreur")

    assert (ended.state, ended.ground, ended.ended_at) == ("dropped", "", LATER)
    with pytest.raises(Refused):
        actions.answer(ended, agent=dpo(), now=LATER, words="Fait")


def test_a_refusal_rests_on_a_ground_of_what_is_asked():
    request = request_of(odette(), kind="access")

    with pytest.raises(Refused):
        actions.refuse(request, agent=dpo(), now=LATER, ground="archives", words="Non")
    refused = actions.refuse(request, agent=dpo(), now=LATER, ground="others", words="Non")

    assert refused.state == "refused"


def test_every_kind_has_its_grounds_and_every_ground_its_kind():
    assert set(rules.GROUNDS) == set(PersonRequest.Kind.values)
    assert {one for each in rules.GROUNDS.values() for one in each} == set(
        PersonRequest.Ground.values
    )
