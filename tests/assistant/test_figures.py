"""Figures with their method, and the way from a wrong answer to a saved question."""

import csv
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from parvis.assistant import actions, whys
from parvis.assistant.models import Conversation, Handover
from parvis.assistant.queries import figures, reviewing
from parvis.contacts.models import Contact
from parvis.knowledge.models import SavedQuestion
from tests.accounts.factories import AgentFactory
from tests.assistant.factories import NOON, asked, started
from tests.contacts.factories import ContactFactory
from tests.knowledge.factories import local_sheet

pytestmark = pytest.mark.django_db
MONTH = date(2026, 11, 1)


@pytest.fixture
def head(client: Client) -> Client:
    client.force_login(AgentFactory.create(roles=["MGR"]))
    return client


def test_who_says_nothing_left_without_a_word():
    talk = asked()
    Conversation.objects.update(outcome="contained")
    agent = AgentFactory.create(roles=["MGR"])

    assert reviewing.counts_of(agent, MONTH).silent == 1
    actions.rate(talk, now=NOON, helped=False)

    counts = reviewing.counts_of(agent, MONTH)
    assert (counts.silent, counts.unhelpful, counts.told_helped) == (0, 1, 1)


def test_a_hand_over_succeeds_when_somebody_came_or_it_was_written_down():
    agent = AgentFactory.create(roles=["MGR"])
    for way, state, taken in (
        ("chat", "ended", NOON),
        ("message", "ended", None),
        ("chat", "missed", None),
        ("chat", "given_up", None),
    ):
        Handover.objects.create(
            conversation=asked(),
            way=way,
            state=state,
            asked_at=NOON,
            taken_at=taken,
            ended_at=NOON,
        )

    reached = figures.handed_over(agent, MONTH)

    assert (reached.count, reached.of, reached.value) == (2, 4, 0.5)


def test_calls_are_counted_in_whole_weeks_around_the_opening():
    agent = AgentFactory.create(roles=["MGR"])
    started(now=NOON)  # a Tuesday: its week is left out
    monday = NOON - timedelta(days=1)
    for week in (-3, -2, -2, -1, 0, 1):
        at = monday + week * timedelta(days=7)
        ContactFactory.create(channel="phone", started_at=at, ended_at=at)
    ContactFactory.create(channel="desk", started_at=monday, ended_at=monday)

    found = figures.calls(agent, now=monday + timedelta(days=15))

    assert [(week.calls, week.is_after) for week in found.weeks] == [
        (2, False),
        (1, False),
        (1, True),
    ]
    assert found.series.verdict == "early"


def test_no_figure_goes_without_its_method(head: Client):
    asked()
    Conversation.objects.update(outcome="contained")
    assert not Contact.objects.exists()

    shown = head.get(reverse("assistant:figures"), {"mois": "2026-11"}).content.decode()
    sheet = head.get(reverse("assistant:figures-csv"), {"mois": "2026-11"}).content.decode()

    assert "vue=contained" in shown
    lines = list(csv.reader(sheet.splitlines(), delimiter=";"))[1:]
    assert len(lines) == 11
    assert all(len(line[-1]) > 20 for line in lines)


def rows_of_month(head: Client) -> dict[str, list[str]]:
    sheet = head.get(reverse("assistant:figures-csv"), {"mois": "2026-11"}).content.decode()
    return {line[1]: line for line in csv.reader(sheet.splitlines(), delimiter=";")}


def test_fewer_than_five_are_hidden_and_fewer_than_thirty_said_to_be_few(head: Client):
    head.cookies["django_language"] = "en"
    for _one in range(4):
        asked()
    Conversation.objects.update(outcome="contained")
    address = reverse("assistant:figures") + "?mois=2026-11"

    page, line = head.get(address).content.decode(), rows_of_month(head)["Left without an answer"]
    assert "fewer than 5: hidden" in page
    assert "0 / 4" not in page
    assert line[2:6] == ["", "<5", "", ""]

    asked()
    Conversation.objects.update(outcome="contained")
    page, line = head.get(address).content.decode(), rows_of_month(head)["Left without an answer"]
    assert "5 / 5" in page
    assert "few: read with care" in page
    assert line[3] == "5"


def test_a_wrong_answer_becomes_a_saved_question_and_the_mending_is_tried(head: Client):
    local_sheet()
    talk = asked("Où déclarer mon bébé ?")
    given = {"question": "1", "ref": "SO-012", "into": "Réponses revues"}

    answer = head.post(reverse("assistant:keep-question", args=[talk.pk]), given)

    kept = SavedQuestion.objects.get()
    assert (kept.text, kept.refs) == ("Où déclarer mon bébé ?", ["SO-012"])
    assert answer["Location"].startswith(reverse("knowledge:finding-trial"))
    assert "ref=SO-012" in answer["Location"]
    page = head.get(answer["Location"])
    assert page.context["chosen"] == kept.question_set


def test_why_it_answered_is_told_in_sentences():
    decision = {"probability": 0.2, "threshold": 0.3, "reasons": []}

    lines = {kind: whys.told({"decision": decision}, kind) for kind in ("closest", "answer")}

    assert len(set(map(tuple, lines.values()))) == 2
    assert whys.told({}, "structured") == []
