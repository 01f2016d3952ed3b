"""Screens of those who look after the assistant."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.assistant import actions
from parvis.assistant.models import Conversation, Measured, Setup
from parvis.assistant.queries import reviewing
from parvis.assistant.rules import deciding
from parvis.assistant.rules.figures import Counts, avoided, wrong_share
from parvis.knowledge import actions as knowledge
from parvis.knowledge import search
from parvis.knowledge.rules.finding import Line
from tests.accounts.factories import AgentFactory
from tests.assistant.factories import NOON, started
from tests.knowledge.factories import local_sheet
from tests.organisations.factories import AuthorityFactory

pytestmark = pytest.mark.django_db
MONTH = "2026-11"


@pytest.fixture
def head(client: Client) -> Client:
    client.force_login(AgentFactory.create(roles=["MGR"]))
    return client


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(AgentFactory.create(roles=["ADM"]))
    return client


def talked(*questions: str) -> Conversation:
    made = started().conversation
    for question in questions or ("zzyzx",):
        actions.ask(made, question, now=NOON)
    return made


def test_a_month_shows_what_was_asked(head: Client):
    talked("zzyzx perdu")

    shown = head.get(reverse("assistant:review"), {"mois": MONTH}).content.decode()

    assert "zzyzx perdu" in shown
    assert "Méthode" in shown


def test_greetings_are_no_session(head: Client):
    talked("bonjour")

    shown = head.get(reverse("assistant:review"), {"mois": MONTH}).content.decode()

    assert "Aucune conversation ici" in shown


def test_a_conversation_is_judged(head: Client):
    made = talked()
    address = reverse("assistant:review-one", args=[made.pk])

    answer = head.post(address, {"verdict": "wrong", "note": "Ancien tarif"}, follow=True)

    made.refresh_from_db()
    assert (made.verdict, made.review_note) == ("wrong", "Ancien tarif")
    assert "Votre avis est gardé." in answer.content.decode()


def test_fifty_are_drawn_and_stay_the_same():
    agent = AgentFactory.create(roles=["MGR"])
    for _number in range(53):
        made = started().conversation
        actions.say(made, author="person", kind="question", text="q", now=NOON)
        actions.say(made, author="assistant", kind="none", text="r", now=NOON)
        Conversation.objects.filter(pk=made.pk).update(outcome="abandoned")

    first = reviewing.to_judge(agent, date(2026, 11, 1))

    assert len(first) == 50
    assert first == reviewing.to_judge(agent, date(2026, 11, 1))


def test_avoided_calls_have_a_range_and_a_method():
    counts = Counts(
        contained=100, confirmed=40, spared=20, said_called=30, told_called=50, repeats=1,
        linkable=10, right=45, wrong=5,
    )  # fmt: skip

    found = avoided(counts)

    assert (found.low, found.high, found.n) == (20, 100, 50)
    assert found.middle == pytest.approx(100 * 0.6 * 0.9)
    share = wrong_share(counts)
    assert share is not None
    assert (share[0], *share[1]) == pytest.approx((0.1, 0.0435, 0.2136), abs=1e-3)


def test_without_anybody_who_told_there_is_no_middle():
    found = avoided(Counts(contained=10))

    assert (found.middle, found.interval) == (None, None)
    assert wrong_share(Counts()) is None


def test_settings_are_kept_and_a_wrong_site_is_refused(administrator: Client):
    address = reverse("assistant:settings")
    data = {"is_on": "on", "origins": "https://www.ville.example/\n"}

    assert administrator.post(address, data).status_code == 302
    kept = Setup.objects.get()
    assert (kept.is_on, kept.threshold, kept.origins) == (True, None, ["https://www.ville.example"])

    wrong = administrator.post(address, {**data, "origins": "javascript:alert(1) 'unsafe'"})
    assert wrong.status_code == 422
    assert Setup.objects.get().origins == ["https://www.ville.example"]


def test_settings_show_the_words_of_the_frame(administrator: Client):
    data = {"is_on": "on", "origins": "https://www.ville.example"}
    administrator.post(reverse("assistant:settings"), data)

    assert "&lt;iframe" in administrator.get(reverse("assistant:settings")).content.decode()


def test_the_curve_is_drawn_and_a_move_is_tried_before_it_is_kept(
    administrator: Client, monkeypatch: pytest.MonkeyPatch
):
    local_sheet()
    search.rebuild()
    monkeypatch.setattr(deciding, "probability", lambda found, weights: 0.6)
    AuthorityFactory.create()
    talk = started().conversation
    actions.ask(talk, "copie d’acte de naissance", now=timezone.now())
    address = reverse("assistant:threshold")

    tried = administrator.get(address, {"point": "own", "threshold": "0.7"})

    shown = tried.content.decode()
    assert (len(tried.context["moved"].lost), tried.context["moved"].answered_now) == (1, 1)
    assert "polyline" in shown
    assert not Setup.objects.exists()
    assert administrator.post(address, {"point": "own", "threshold": "0.7"}).status_code == 302
    assert Setup.objects.get().threshold == 0.7
    administrator.post(address, {"point": "balanced"})
    assert Setup.objects.get().threshold is None


def test_enough_questions_of_ones_own_are_what_the_curve_is_drawn_of(administrator: Client):
    town = AuthorityFactory.create()
    rows = [["answerable", 1, 0, [3.0, 0.9, 0.9, 0.5, 2.0, 0.3]]] * 30
    rows += [["off_topic", 0, 0, None]] * 15
    Measured.objects.create(authority=town, made_at=NOON, examples=rows)

    page = administrator.get(reverse("assistant:threshold"))

    known = page.context["known"]
    assert (known.is_own, known.with_sheet, known.without) == (True, 30, 15)


def test_measuring_asks_the_saved_questions_and_keeps_no_words(administrator: Client):
    local_sheet()
    search.rebuild()
    town = AuthorityFactory.create()
    lines = [Line("copie d’acte de naissance", ("SO-012",))]
    knowledge.keep_questions(AgentFactory.create(roles=["KBE"]), "Un jeu", lines, now=NOON)

    administrator.post(reverse("assistant:measure"))

    [row] = Measured.objects.get(authority=town).examples
    assert row[:3] == ["answerable", 1, 0]


def test_the_words_of_a_frame_hold_the_look_that_was_chosen(administrator: Client):
    data = {"is_on": "on", "origins": "https://www.ville.example"}
    administrator.post(reverse("assistant:settings"), data)
    look = {"theme": "sombre", "coins": "droits", "couleur": "#B00040", "langue": "en"}

    shown = administrator.get(reverse("assistant:settings"), look).content.decode()
    wrong = administrator.get(reverse("assistant:settings"), {**look, "couleur": "red"})

    assert "?theme=sombre&amp;amp;coins=droits&amp;amp;couleur=b00040&amp;amp;langue=en" in shown
    assert "frame-src http" in shown
    assert "six chiffres" in wrong.content.decode()
