"""A question to a department from the workstation, and its answer there."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.departments import actions as departments
from parvis.departments.models import Question
from parvis.queue import actions
from parvis.queue.models import HallVersion
from tests.departments.factories import answered, clara, everybody, of_voirie
from tests.knowledge.factories import local_sheet
from tests.organisations.factories import ServiceFactory
from tests.web.scenes import Scene, hall

pytestmark = pytest.mark.django_db
PAGE = "/agent/poste/"
WORDS = "Faut-il encore le livret pour un acte de naissance ?"


@pytest.fixture
def scene(client: Client) -> Scene:
    cache.clear()
    made = hall()
    everybody()
    made.sign_in(client)
    return made


def send(client: Client, name: str, *args: object, **data: object) -> str:
    response = client.post(reverse(f"web:{name}", args=args), data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def visit(scene: Scene) -> dict[str, object]:
    scene.waits(5)
    ticket = scene.at_desk()
    return {"ticket": ticket.pk, "topic": ticket.topic_id, "visitor_present": "on"}


def test_the_panel_knows_the_visit_and_the_open_sheet(client: Client, scene: Scene):
    visit(scene)
    sheet = local_sheet()
    sheet.topics.add(scene.topic)

    page = client.get(PAGE).content.decode()

    assert 'data-parvis-key="q"' in page
    assert 'name="visitor_present" id="question-presence" checked' in page
    assert f'name="sheet" value="{sheet.ref}" form="question-forme"' in page


def test_a_question_goes_out_with_topic_visit_sheet_and_block(client: Client, scene: Scene):
    sheet = local_sheet()
    given = {**visit(scene), "sheet": sheet.ref, "block": "1"}

    page = send(client, "ask", text=WORDS, **given)

    question = Question.objects.get()
    assert (question.topic, question.sheet, question.block) == (scene.topic, sheet, "documents")
    assert question.visitor_present
    assert question.visit_id == given["ticket"]
    assert question.desk == scene.desk
    assert question.holder == clara()
    assert "Clara Mercadal" in page


def test_without_a_visit_the_service_is_chosen(client: Client, scene: Scene):
    page = send(client, "ask", text=WORDS)
    assert not Question.objects.exists()
    assert WORDS in page  # nothing typed is lost

    send(client, "ask", text=WORDS, service=ServiceFactory.create().pk)

    assert not Question.objects.get().visitor_present


def test_a_service_of_another_house_is_no_service(client: Client, scene: Scene):
    foreign = ServiceFactory.create(authority__slug="tremalon")

    send(client, "ask", text=WORDS, service=foreign.pk)

    assert not Question.objects.exists()


def test_what_was_asked_before_is_shown_once_and_the_words_stay(client: Client, scene: Scene):
    first = answered(WORDS, now=timezone.now() - timedelta(days=2), agent=clara())
    given = visit(scene)

    page = send(client, "ask", text=WORDS, **given)

    assert Question.objects.count() == 1
    assert first.answer in page
    assert WORDS in page
    send(client, "ask", text=WORDS, seen=first.pk, **given)
    assert Question.objects.count() == 2


def test_typing_shows_what_was_asked_before(client: Client, scene: Scene):
    first = answered(WORDS, now=timezone.now() - timedelta(days=2))

    part = client.get(reverse("web:similar"), {"text": "livret pour acte de naissance"})

    assert first.answer in part.content.decode()
    assert client.get(reverse("web:similar"), {"text": "piscine municipale"}).content.strip() == b""


def test_an_earlier_answer_is_used_with_one_click(client: Client, scene: Scene):
    first = answered(WORDS, now=timezone.now() - timedelta(days=2), agent=clara())

    page = send(client, "answer-again", first.pk, text="Et le livret ?")

    assert Question.objects.get(reuse_of=first).asked_by == scene.agent
    assert first.answer in page


def test_an_answer_of_a_sensitive_service_is_not_handed_round(client: Client, scene: Scene):
    service = of_voirie().service
    service.is_sensitive = True
    service.save()
    first = answered(WORDS, now=timezone.now(), service=service, agent=clara(), by=of_voirie())

    assert first.answer not in client.get(reverse("web:similar"), {"text": WORDS}).content.decode()
    send(client, "answer-again", first.pk)
    assert not Question.objects.filter(reuse_of=first).exists()


def test_the_answer_pops_up_wherever_the_agent_sits_now(client: Client, scene: Scene):
    send(client, "ask", text=WORDS, **visit(scene))
    departments.answer(
        Question.objects.get(), "Non, plus depuis juin.", level="public", agent=clara(),
        now=timezone.now(),
    )  # fmt: skip
    session = client.session
    session.pop("desk_id", None)
    session.save()

    part = client.get(reverse("web:answers"))

    assert "Non, plus depuis juin." in part.content.decode()
    mark = part.headers["Parvis-Mark"]
    send(client, "answer-read", Question.objects.get().pk)
    after = client.get(reverse("web:answers"))
    assert "Non, plus depuis juin." not in after.content.decode()
    assert after.headers["Parvis-Mark"] != mark


def test_the_end_of_the_visit_is_told_to_its_question(client: Client, scene: Scene):
    given = visit(scene)
    send(client, "ask", text=WORDS, **given)

    send(client, "finish", given["ticket"], outcome="resolved")

    assert Question.objects.get().visitor_left_at is not None


def test_a_question_is_taken_back_at_the_desk(client: Client, scene: Scene):
    send(client, "ask", text=WORDS, **visit(scene))

    send(client, "question-back", Question.objects.get().pk)

    assert Question.objects.get().state == "withdrawn"


def test_every_desk_looks_again_after_the_commit(
    client: Client, scene: Scene, django_capture_on_commit_callbacks
):
    before = HallVersion.objects.get(site=scene.site).number
    with django_capture_on_commit_callbacks(execute=True):
        send(client, "ask", text=WORDS, **visit(scene))

    assert HallVersion.objects.get(site=scene.site).number > before


def test_a_question_from_a_cut_is_asked_at_its_own_time(client: Client, scene: Scene):
    made = timezone.now() - timedelta(minutes=10)
    given = visit(scene)
    actions.finish(
        scene.site.tickets.get(), agent=scene.agent, now=timezone.now(), outcome="resolved"
    )

    client.post(
        reverse("web:ask"),
        {"text": WORDS, "at": made.isoformat(), **given},
        headers={"Parvis-Late": "yes"},
    )

    question = Question.objects.get()
    assert abs(question.asked_at - made) < timedelta(seconds=5)
    assert not question.visitor_present


def test_the_page_of_a_search_without_answer_leads_to_the_question(client: Client, scene: Scene):
    page = client.get(PAGE, {"q": "chameau volant bleu"}).content.decode()

    assert "?question=oui&amp;q=chameau%20volant%20bleu" in page
    opened = client.get(PAGE, {"q": "chameau volant bleu", "question": "oui"}).content.decode()
    assert 'id="question" open' in opened
    assert 'value="chameau volant bleu" autocomplete="off" maxlength="500"' in opened
