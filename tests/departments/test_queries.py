from datetime import timedelta

import pytest

from parvis.accounts import actions as accounts
from parvis.accounts import queries as network
from parvis.accounts.models import Absence
from parvis.departments import actions, queries
from parvis.departments.rules.questions import Promise
from parvis.knowledge.models import Gap
from tests.accounts.factories import ines, marc
from tests.departments.factories import (
    NOON,
    answered,
    asked,
    civil_status,
    clara,
    everybody,
    minutes,
    odile,
    of_voirie,
    planned,
)
from tests.knowledge.factories import local_sheet
from tests.organisations.factories import (
    ClosureFactory,
    DirectoryEntryFactory,
    SeasonFactory,
    ServiceFactory,
)

pytestmark = pytest.mark.django_db


def test_visitors_come_first_then_the_time_promised():
    everybody()
    late = asked("Et demain ?", visitor_present=False, now=NOON - timedelta(days=3))
    gone = asked("Et hier ?", visit=actions.Visit("E 1", "ticket", 1), now=NOON - minutes(20))
    actions.visitor_left("ticket", 1, now=NOON)
    waits = asked("Et maintenant ?", now=NOON)
    assert list(queries.line_of(clara())) == [waits, late, gone]


def test_who_reads_what():
    everybody()
    question = asked()
    of_voirie()
    assert list(queries.line_of(clara())) == [question]
    assert list(queries.line_of(marc())) == [question]
    assert list(queries.line_of(ines())) == [question]
    assert list(queries.line_of(of_voirie())) == []
    actions.pass_on(question, of_voirie(), agent=clara(), now=NOON)
    assert list(queries.line_of(of_voirie())) == [question]


def test_a_liaison_of_another_service_reads_its_questions():
    everybody()
    helper = of_voirie(role="LIA")
    accounts.name_liaison(civil_status(), helper, rank="deputy", since=NOON.date(), actor=marc())
    question = asked()
    assert list(queries.line_of(helper)) == [question]


def test_who_is_asked_and_who_is_out():
    liaison, deputy, head, manager = everybody()
    accounts.go_out(deputy, now=NOON)
    found = queries.asked_for(civil_status(), now=NOON + minutes(1))
    assert found.people == {
        "liaison": [liaison.pk],
        "deputy": [deputy.pk],
        "head": [head.pk],
        "reception": [manager.pk],
    }
    assert found.absent == {deputy.pk}


def test_the_own_promise_of_a_service_comes_before_that_of_the_house():
    assert queries.promise_of(civil_status()) == Promise()
    actions.keep_promise(civil_status().authority, None, Promise(9, 5, 4, 2), actor=marc())
    assert queries.promise_of(civil_status()).present_minutes == 9
    voirie = ServiceFactory.create(slug="voirie")
    actions.keep_promise(voirie.authority, voirie, Promise(2, 1, 4, 2), actor=marc())
    assert queries.promise_of(voirie).present_minutes == 2
    assert queries.promise_of(civil_status()).present_minutes == 9


def test_a_closed_day_is_no_open_time():
    site = SeasonFactory.create().site
    ClosureFactory.create(
        site=site, first_day=NOON.date() + timedelta(days=1), last_day=NOON.date() + timedelta(1)
    )
    stretches = queries.stretches_from(site, site.authority, NOON, timedelta(hours=7))
    assert [end.date().day for _start, end in stretches] == [24, 26]


def test_where_nobody_declared_hours_usual_ones_count():
    authority = civil_status().authority
    stretches = queries.stretches_from(None, authority, NOON, timedelta(hours=10))
    assert stretches[-1][1] > NOON + timedelta(hours=10)


def test_what_was_answered_is_known_by_its_words_in_the_same_house():
    everybody()
    first = answered()
    asked("Le livret de famille perdu se refait-il avec une photo ?", now=NOON)
    found = queries.known_answers(ines(), "retirer le livret avec la photo de la carte", now=NOON)
    assert [one.question for one in found] == [first]
    assert queries.known_answers(ines(), "les horaires de la piscine", now=NOON) == []
    assert queries.known_answers(ines(), "", now=NOON) == []


def test_departments_never_visited_come_first():
    planned()
    done = planned(planned_at=NOON - timedelta(days=200), service=ServiceFactory(slug="voirie"))
    actions.close_round(done, agent=marc(), now=NOON, minutes="Vu.", nothing_new=True)
    found = queries.by_service(marc().authority, NOON, NOON.date())
    assert [(one.service.slug, one.is_long_ago) for one in found] == [
        ("etat-civil", True), ("voirie", True),
    ]  # fmt: skip
    assert found[1].last == done.planned_at


def test_a_round_is_proposed_questions_sheets_and_gaps_of_its_department():
    everybody()
    question = asked()
    sheet = local_sheet(review_due_on=NOON.date())
    gap = Gap.objects.create(
        authority=sheet.authority, stems="livret", words="livret", last_on=NOON.date(),
        owner=civil_status(),
    )  # fmt: skip
    found = queries.proposals(civil_status(), today=NOON.date(), now=NOON)
    assert [(one.kind, one.pk) for one in found] == [
        ("question", question.pk), ("sheet", sheet.pk), ("gap", gap.pk),
    ]  # fmt: skip
    assert queries.proposals(of_voirie().service, today=NOON.date(), now=NOON) == []


def test_the_network_shows_liaisons_first_and_assistants():
    everybody()
    entry = DirectoryEntryFactory.create(
        first_name="Iryna", last_name="Bougard", is_contact_point=True
    )
    [row] = network.network(marc().authority, NOON.date())
    assert [one.agent for one in row.liaisons] == [clara(), odile()]
    assert row.assistants == [entry]


def test_the_list_of_a_service_takes_one_query(django_assert_num_queries):
    everybody()
    for n in range(4):
        asked(f"Et la pièce numéro {n} ?")
    liaison = type(clara()).objects.with_rights().get(pk=clara().pk)
    assert liaison.may("departments.answer")
    with django_assert_num_queries(1):
        for one in queries.line_of(liaison):
            assert one.asked_by.display_name
            assert one.service.label
            assert one.holder.display_name


def test_whoever_announced_an_absence_is_not_asked_on_its_days():
    liaison, deputy, *_others = everybody()
    today = NOON.date()
    Absence.objects.create(agent=liaison, first_day=today, last_day=today)

    assert liaison.pk in queries.asked_for(civil_status(), now=NOON).absent
    assert liaison.pk not in queries.asked_for(civil_status(), now=NOON + timedelta(days=1)).absent
    assert asked().holder == deputy
