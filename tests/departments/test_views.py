from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.accounts.models import Presence
from parvis.departments import actions
from parvis.departments.models import Question, Round
from parvis.knowledge.models import SheetDraft
from tests.accounts.factories import ines, marc, rozenn
from tests.departments.factories import (
    TEXT,
    answered,
    asked,
    civil_status,
    clara,
    everybody,
    minutes,
    of_voirie,
    planned,
)
from tests.knowledge.factories import local_sheet
from tests.organisations.factories import SiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def page(client):
    def get(agent, name, *args, query=""):
        client.force_login(agent)
        return client.get(reverse(f"departments:{name}", args=args) + query)

    return get


@pytest.fixture
def send(client):
    def post(agent, name, *args, **data):
        client.force_login(agent)
        return client.post(reverse(f"departments:{name}", args=args), data)

    return post


def test_the_liaison_sees_visitors_first_then_by_due_time(page, now):
    everybody()
    waits = asked("Sans visiteur ?", visitor_present=False, now=now - minutes(60))
    urgent = asked("Visiteur présent ?", now=now)
    words = page(clara(), "questions").content.decode()
    assert words.index(urgent.text) < words.index(waits.text)


def test_who_reads_which_questions(page, now):
    everybody()
    question = asked(now=now)
    for agent, status in (
        (ines(), 200), (clara(), 200), (marc(), 200), (of_voirie(), 403), (rozenn(), 404),
    ):  # fmt: skip
        assert page(agent, "question", question.pk).status_code == status
    assert question.text not in page(of_voirie(), "questions").content.decode()
    assert question.text in page(ines(), "questions").content.decode()
    assert question.text not in page(rozenn(), "questions").content.decode()


def test_a_list_of_questions_takes_as_many_queries_as_one(page, now, django_assert_num_queries):
    everybody()
    SiteFactory.create()
    asked(now=now)
    page(clara(), "questions")
    with CaptureQueriesContext(connection) as few:
        page(clara(), "questions")
    for n in range(6):
        asked(f"Et la pièce numéro {n} ?", now=now)
    with django_assert_num_queries(len(few.captured_queries)):
        page(clara(), "questions")


def test_the_department_answers_and_says_who_may_know(send, now):
    everybody()
    question = asked(now=now)
    sheet = local_sheet()
    send(clara(), "take", question.pk)
    send(clara(), "answer", question.pk, answer="Oui.", level="asked", sheets=sheet.ref)
    question.refresh_from_db()
    assert (question.state, question.level) == ("answered", "asked")
    assert list(question.sheets.all()) == [sheet]


def test_an_answer_that_comes_second_is_not_lost(send, now):
    everybody()
    question = asked(now=now)
    actions.answer(question, "Oui.", level="public", agent=clara(), now=now)

    page = send(clara(), "answer", question.pk, answer="Oui, avec le livret.", level="public")

    assert page.status_code == 409
    assert "Oui, avec le livret." in page.content.decode()
    assert "a été marquée" in page.content.decode()
    question.refresh_from_db()
    assert question.answer == "Oui."


def test_a_wrong_reference_keeps_the_answer_that_was_typed(send, now):
    everybody()
    words = send(
        clara(), "answer", asked(now=now).pk, answer="Oui, volontiers.", level="public", sheets="X"
    )
    assert words.status_code == 422
    assert "Oui, volontiers." in words.content.decode()


def test_a_question_asked_before_is_shown_before_it_is_asked(send, now):
    everybody()
    first = answered(now=now - timedelta(days=3))
    data = {"text": TEXT, "service": civil_status().pk}
    shown = send(ines(), "ask", **data)
    assert first.answer in shown.content.decode()
    assert Question.objects.count() == 1
    assert send(ines(), "ask", **data, anyway="yes").status_code == 302
    assert Question.objects.count() == 2
    send(ines(), "reuse", first.pk, text="La photo suffit ?")
    assert Question.objects.filter(reuse_of=first, answer=first.answer).count() == 1


def test_the_service_follows_from_the_sheet(send, now):
    everybody()
    sheet = local_sheet()
    send(ines(), "ask", text="Est-ce encore gratuit ?", sheet=sheet.ref)
    assert Question.objects.get().service == sheet.service


def test_a_question_without_a_service_is_asked_again(send):
    shown = send(ines(), "ask", text="Est-ce encore gratuit ?")
    assert shown.status_code == 422
    assert "Est-ce encore gratuit" in shown.content.decode()


def test_an_answer_becomes_a_text_with_one_click(send, now):
    everybody()
    question = answered(now=now)
    there = send(clara(), "draft", question.pk, what="new")
    draft = SheetDraft.objects.get()
    assert there.url == reverse("knowledge:draft", args=[draft.pk])
    assert draft.short_answer == question.answer


def test_a_question_goes_to_a_colleague_or_to_another_service(send, now):
    liaison, deputy, *_others = everybody()
    question = asked(now=now)
    assert send(liaison, "pass-on", question.pk).status_code == 422
    send(liaison, "pass-on", question.pk, to=deputy.pk, words="Tu sais ?")
    question.refresh_from_db()
    assert question.holder == deputy
    voirie = of_voirie(role="LIA")
    send(liaison, "pass-on", question.pk, service=voirie.service_id)
    question.refresh_from_db()
    assert question.holder == voirie


def test_rounds_of_a_month_and_departments_never_visited(page, now):
    found = planned(planned_at=now + timedelta(hours=1), now=now)
    first = timezone.localtime(found.planned_at)
    words = page(marc(), "rounds", query=f"?mois={first:%Y-%m}").content.decode()
    assert reverse("departments:round", args=[found.pk]) in words
    assert page(ines(), "rounds", query="?mois=x").status_code == 200


def test_a_round_is_proposed_its_topics(page, send, now):
    everybody()
    question = asked(now=now)
    local_sheet(review_due_on=timezone.localdate() - timedelta(days=1))
    query = f"?service={civil_status().pk}"
    words = page(marc(), "plan", query=query).content.decode()
    assert question.text in words
    assert "Copie d’acte de naissance" in words


def test_minutes_that_lack_a_change_are_kept_on_the_page(send, now):
    found = planned(planned_at=now - minutes(60), now=now)
    shown = send(marc(), "round-close", found.pk, minutes="Rien à signaler ici.")
    assert shown.status_code == 422
    assert "Rien à signaler ici." in shown.content.decode()
    send(marc(), "round-close", found.pk, minutes="Rien.", nothing_new="on")
    assert Round.objects.get().state == "done"


def test_who_goes_writes_the_minutes_and_others_read_them(page, send, now):
    found = planned(visitor=ines(), planned_at=now - minutes(60), now=now)
    assert send(clara(), "round-close", found.pk, minutes="Vu.").status_code == 403
    send(ines(), "round-close", found.pk, minutes="Vu.", nothing_new="on")
    assert page(clara(), "round", found.pk).status_code == 200


def test_a_round_goes_into_a_calendar(page, now):
    found = planned(planned_at=now + timedelta(days=1), now=now, place="Annexe")
    actions.add_topic(found, "Le tarif", agent=marc(), now=now)
    words = page(marc(), "round-ics", found.pk).content.decode()
    assert "LOCATION:Annexe" in words
    assert "Le tarif" in words


def test_a_liaison_says_out_in_one_click_and_the_question_goes_on(client, now):
    liaison, deputy, *_others = everybody()
    question = asked(now=now)
    client.force_login(liaison)
    client.post(reverse("accounts:presence"), {"until": "tomorrow"})
    question.refresh_from_db()
    assert question.holder == deputy
    assert Presence.objects.get(agent=liaison).back_at > now
    assert "aria-hidden" in client.get(reverse("accounts:network")).content.decode()
    client.post(reverse("accounts:presence"), {"here": "yes"})
    assert Presence.objects.get(agent=liaison).out_since is None


def test_nobody_says_out_for_a_colleague_but_the_head(client):
    liaison, *_others = everybody()
    client.force_login(ines())
    data = {"until": "open", "agent": liaison.pk}
    assert client.post(reverse("accounts:presence"), data).status_code == 403
    client.force_login(marc())
    assert client.post(reverse("accounts:presence"), data).status_code == 302
    assert Presence.objects.get(agent=liaison).back_at is None


def test_the_head_names_a_liaison_and_the_one_before_ends(client):
    first, deputy, *_others = everybody()
    client.force_login(marc())
    today = timezone.localdate()
    data = {"service": civil_status().pk, "agent": deputy.pk, "rank": "first", "since": today}
    assert client.post(reverse("accounts:liaisons"), data).status_code == 302
    assert first.liaisons.get().until == today
    assert deputy.liaisons.get(until=None).rank == "first"


def test_the_public_directory_knows_no_liaison(client):
    liaison, *_others = everybody()
    liaison.entry.is_listed = False
    liaison.entry.is_contact_point = True
    liaison.entry.save()
    authority = liaison.authority
    authority.directory_is_public = True
    authority.save()
    assert "Mercadal" not in client.get(reverse("organisations:directory")).content.decode()
