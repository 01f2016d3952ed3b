from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.accounts.models import Agent
from parvis.cases.models import Case
from parvis.common.errors import Refused
from parvis.feedback import actions, queries
from parvis.feedback.models import Complaint, Incident
from tests.accounts.factories import ines, marc, rozenn
from tests.cases.factories import NOON, bruno, colleague, nadia, planning, said_why, windows

pytestmark = pytest.mark.django_db


def complaint(case: Case | None = None, **kwargs: Any) -> Complaint:
    words = {"words": "Nobody called me back.", **kwargs}
    return actions.complain(case or windows().case, now=NOON, **words)


def zoe() -> Agent:
    return colleague("zoe.tanguy", "Zoé", "Tanguy")


def test_a_complaint_has_a_day_to_be_looked_at_and_a_day_to_be_answered():
    row = complaint()

    assert (row.take_by - NOON.date()).days == 2  # Tuesday to Thursday
    assert (row.due_on - NOON.date()).days == 21  # fifteen working days


def test_whoever_follows_the_case_answers_no_complaint_about_it():
    row = complaint()

    for agent in (nadia(), bruno()):
        with pytest.raises(Refused):
            actions.take_complaint(row, agent=agent, now=NOON)


def test_the_person_reads_who_looks_at_it_and_the_answer_with_its_reasons():
    case = windows().case
    row = complaint(case)
    actions.take_complaint(row, agent=zoe(), now=NOON)
    [taken] = queries.for_person(case, NOON.date())

    actions.answer_complaint(row, agent=zoe(), now=NOON, answer="You are right.", verdict="yes")

    [told] = queries.for_person(case, NOON.date())
    assert (taken.owner, taken.answer) == ("Zoé Tanguy", "")
    assert (told.answer, told.state) == ("You are right.", "answered")


def test_answering_takes_it_too_and_happens_once():
    row = complaint()
    given = {"agent": zoe(), "now": NOON, "answer": "No.", "verdict": "no"}
    actions.answer_complaint(row, **given)

    with pytest.raises(Refused):
        actions.answer_complaint(row, **given)


@pytest.mark.parametrize(
    "given", [{"answer": " ", "verdict": "no"}, {"answer": "a", "verdict": ""}]
)
def test_an_answer_without_reasons_or_verdict_is_none(given: dict[str, str]):
    with pytest.raises(Refused):
        actions.answer_complaint(complaint(), agent=zoe(), now=NOON, **given)


def test_the_same_words_twice_are_one_complaint():
    case = complaint().case

    with pytest.raises(Refused):
        complaint(case)


def test_the_house_reads_it_and_a_sensitive_service_keeps_its_own():
    row = complaint()

    assert row in Complaint.objects.visible_to(marc())
    assert row not in Complaint.objects.visible_to(rozenn())
    service = planning()
    service.is_sensitive = True
    service.save()
    assert row not in Complaint.objects.visible_to(marc())
    assert row in Complaint.objects.visible_to(zoe())


def test_the_head_of_reception_takes_and_answers_on_the_pages(client: Client):
    row = complaint()
    client.force_login(marc())

    listed = client.get(reverse("feedback:complaints")).content.decode()
    client.post(reverse("feedback:complaint-take", args=[row.pk]))
    answer = client.post(
        reverse("feedback:complaint-answer", args=[row.pk]),
        {"answer": "Sorry.", "verdict": "partly"},
    )

    row.refresh_from_db()
    assert reverse("feedback:complaint", args=[row.pk]) in listed
    assert (answer.status_code, row.state, row.verdict) == (302, "answered", "partly")


def test_an_answer_that_lacks_something_keeps_what_was_typed(client: Client):
    row = complaint()
    client.force_login(marc())

    answer = client.post(
        reverse("feedback:complaint-answer", args=[row.pk]), {"answer": "Sorry indeed."}
    )

    assert answer.status_code == 422
    assert "Sorry indeed." in answer.content.decode()


def test_what_somebody_tells_is_written_down_in_their_words(client: Client):
    case = windows().case
    client.force_login(said_why(ines(), case))

    client.post(
        reverse("feedback:complaint-record", args=[case.reference]),
        {"words": "I waited an hour.", "channel": "desk", "wanted": ""},
    )

    row = Complaint.objects.get()
    assert (row.words, row.channel, row.recorded_by) == ("I waited an hour.", "desk", ines())


@pytest.mark.parametrize(("severity", "days"), [(1, 14), (2, 7), (3, 1), (4, 0)])
def test_the_worse_an_incident_the_sooner_somebody_sees_to_it(severity: int, days: int):
    row = actions.report_incident(agent=ines(), now=NOON, kind="threat", severity=severity)

    assert (row.due_on - NOON.date()).days == days


def test_an_incident_ends_with_what_was_done(client: Client):
    case = windows().case
    client.force_login(said_why(ines(), case))
    client.post(
        reverse("feedback:report-of-case", args=[case.reference]),
        {"kind": "words", "severity": "2"},
    )
    row = Incident.objects.get()
    client.force_login(marc())

    client.post(reverse("feedback:incident", args=[row.pk]))
    client.post(reverse("feedback:incident", args=[row.pk]), {"done": "Talked with Inès."})

    row.refresh_from_db()
    assert (row.case, row.reported_by, row.state) == (case, ines(), "settled")


def test_an_incident_is_settled_once_and_not_in_the_future():
    row = actions.report_incident(agent=ines(), now=NOON, kind="words", severity=1)
    actions.settle_incident(row, agent=marc(), now=NOON, done="Talked")

    with pytest.raises(Refused):
        actions.settle_incident(row, agent=marc(), now=NOON, done="Talked")
    with pytest.raises(Refused):
        actions.report_incident(
            agent=ines(), now=NOON, kind="words", severity=1, happened_at=NOON + timedelta(hours=1)
        )


def test_no_team_is_ranked_and_every_team_that_acted_is_counted():
    case = windows(agent=ines()).case
    actions.thank(case, now=NOON)

    walls = queries.teams(marc(), now=NOON)

    counted = {wall.service for wall in walls if wall.this_year}
    assert counted == {nadia().service.label, ines().service.label} - {None}
    assert [wall.service for wall in walls] == sorted(wall.service for wall in walls)


def test_thanks_stay_with_the_team_that_earned_them():
    case = windows().case
    actions.thank(case, now=NOON, words="Merci", may_be_shown=True)
    mover = nadia()
    mover.service = None
    mover.save()

    assert queries.team_thanks(bruno(), now=NOON).this_year == 1


def test_ones_own_copy_holds_a_whole_year():
    case = windows().case
    actions.thank(case, now=NOON)
    actions.thank(case, now=NOON + timedelta(days=60))

    assert queries.years_thanked(nadia()) == [2027, 2026]
    assert len(queries.thanks_of(nadia(), year=2026)) == 1


def test_an_answer_sent_after_a_colleague_has_answered_is_shown_again(client: Client):
    row = complaint()
    client.force_login(marc())
    actions.answer_complaint(row, agent=zoe(), now=NOON, answer="No.", verdict="no")

    answer = client.post(
        reverse("feedback:complaint-answer", args=[row.pk]),
        {"answer": "Sorry, we were too slow.", "verdict": "yes"},
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Sorry, we were too slow." in page
    assert "Ce que vous avez écrit est gardé." not in page
