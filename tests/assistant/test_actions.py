"""A message comes in and is answered, masked, or left to a person."""

from datetime import timedelta

import pytest

from parvis.assistant import actions
from parvis.assistant.models import Conversation, Setup, Turn
from parvis.common.errors import Refused
from parvis.knowledge import search
from parvis.knowledge.models import Searched
from tests.assistant.factories import NOON, started
from tests.knowledge.factories import block, local_sheet, national_sheet
from tests.organisations.factories import (
    AuthorityFactory,
    DeskFactory,
    SeasonFactory,
    SiteFactory,
)

pytestmark = pytest.mark.django_db
PATH = {
    "questions": [
        {
            "title": "Le demandeur est-il mineur ?",
            "origin": "asked",
            "when": [],
            "choices": [
                {"title": "Oui, il est mineur", "sets": ["minor"], "clears": [], "goes": ""},
                {"title": "Non, il est majeur", "sets": ["major"], "clears": [], "goes": ""},
            ],
        }
    ],
    "cases": {
        "m": {"tree": ["true", "minor"], "inside": ""},
        "a": {"tree": ["true", "major"], "inside": ""},
    },
}


def ask(conversation: Conversation, text: str) -> Turn:
    return actions.ask(conversation, text, now=NOON)[-1]


def conversation() -> Conversation:
    return started().conversation


def conditional() -> None:
    """A national sheet that asks whether somebody is a minor."""
    national_sheet(
        "F2",
        title="Passeport",
        short_answer="Le passeport se demande en mairie.",
        blocks=(
            block('<div data-case="m"><p>Pour un mineur : 42 €.</p></div>', kind="cost"),
            block('<div data-case="a"><p>Pour un majeur : 86 €.</p></div>', kind="cost"),
        ),
        path=PATH,
    )


def test_an_answer_quotes_the_sheet_with_its_check_and_its_law(sure):
    local_sheet(blocks=[block("<p>Code civil, art. 57</p>", kind="legal")])
    sure()

    turn = ask(conversation(), "Comment avoir une copie d’acte de naissance ?")

    assert turn.kind == "answer"
    assert turn.data["passages"][0]["quote"].startswith("C’est gratuit.")
    assert turn.data["sheet"]["ref"] == "SO-012"
    assert turn.data["sheet"]["checked_on"] == "2026-11-03"
    assert turn.data["sheet"]["basis"] == ["Code civil, art. 57"]
    assert turn.data["decision"]["probability"] == 0.9


def test_what_is_not_public_is_never_quoted(sure):
    local_sheet()
    local_sheet(ref="SO-2", title="Naissance, notes de la maison", is_public=False)
    sure()

    turns = [
        ask(conversation(), words)
        for words in ("le filigrane d’un acte de naissance", "imprimante sécurisée naissance")
    ]

    said = str([turn.data for turn in turns])
    assert "lampe" not in said
    assert "guichet deux" not in said
    assert "SO-2" not in said


def test_a_neighbours_sheet_is_never_quoted(sure):
    local_sheet(AuthorityFactory.create(slug="tremalon", name="Trémalon"), ref="TR-1")
    sure()

    turn = ask(conversation(), "copie d’acte de naissance")

    assert turn.kind == "none"


def test_unsure_it_shows_the_closest_and_without_any_it_says_so(sure):
    local_sheet()
    sure(0.2)

    assert ask(conversation(), "copie d’acte de naissance").kind == "closest"
    assert ask(conversation(), "zzyzx").kind == "none"


def test_the_authority_moves_the_threshold(sure):
    local_sheet()
    sure(0.7)
    Setup.objects.create(authority=AuthorityFactory.create(), threshold=0.8)

    assert ask(conversation(), "copie d’acte de naissance").kind == "closest"


def test_a_follow_up_stays_with_the_sheet(sure):
    local_sheet()
    sure()
    talk = conversation()
    ask(talk, "copie d’acte de naissance")

    cost = ask(talk, "combien ça coûte ?")
    papers = ask(talk, "quels papiers ?")

    assert [one["quote"] for one in cost.data["passages"]] == ["Gratuit."]
    assert papers.kind == "structured"
    assert papers.data["documents"] == ["Une pièce d’identité", "Un justificatif"]


def test_two_questions_in_one_message_get_two_answers(sure):
    local_sheet()
    sure()

    turns = actions.ask(
        conversation(),
        "Combien coûte une copie d’acte de naissance ? Et quels papiers ?",
        now=NOON,
    )

    assert [turn.kind for turn in turns] == ["question", "answer", "structured"]


def test_a_conditional_sheet_asks_once(sure):
    conditional()
    sure()
    talk = conversation()

    first = ask(talk, "Combien coûte un passeport ?")
    then = actions.choose(talk, ref="F2", key="q1", value="1", now=NOON)[-1]
    again = ask(talk, "combien ça coûte ?")

    assert first.kind == "asks_back"
    assert first.data["asks"]["title"] == "Le demandeur est-il mineur ?"
    assert [one["quote"] for one in then.data["passages"]] == ["Pour un mineur : 42 €."]
    assert [one["quote"] for one in again.data["passages"]] == ["Pour un mineur : 42 €."]
    assert "asks" not in again.data


def test_a_choice_may_be_typed(sure):
    conditional()
    sure()
    talk = conversation()
    ask(talk, "Combien coûte un passeport ?")

    then = ask(talk, "non, il est majeur")

    assert [one["quote"] for one in then.data["passages"]] == ["Pour un majeur : 86 €."]


def test_a_question_that_was_not_put_takes_no_answer(sure):
    conditional()
    sure()

    with pytest.raises(Refused):
        actions.choose(conversation(), ref="F2", key="q1", value="1", now=NOON)


def test_opening_hours_come_from_the_tables():
    site = SiteFactory.create(address="1, place du Parvis")
    DeskFactory.create(site=site)
    SeasonFactory.create(site=site)

    turn = ask(conversation(), "À QUELLE HEURE OUVREZ-VOUS ?")
    saturday = ask(conversation(), "êtes-vous ouverts samedi ?")

    assert turn.kind == "structured"
    assert turn.data["facts"][0]["title"] == "Mairie, hall"
    assert turn.data["facts"][0]["text"].startswith("ouvert maintenant, jusqu’à")
    assert saturday.data["facts"][0]["text"].startswith("samedi 28 novembre")


def test_personal_data_is_masked_before_it_is_kept():
    turns = actions.ask(conversation(), "Rappelez-moi au 06 12 34 56 78", now=NOON)

    assert turns[0].text == "Rappelez-moi au •••"
    assert turns[0].data == {"masked": ["phone"]}
    assert not Searched.objects.filter(words__contains="06").exists()


def test_an_emergency_is_answered_before_anything_else(sure):
    local_sheet()
    sure()

    turns = actions.ask(
        conversation(), "mon mari me frappe, je veux un acte de naissance", now=NOON
    )
    turn = turns[1]

    assert turn.kind == "urgent"
    assert turn.data["numbers"][0]["number"] == "17"
    assert turn.data["person"] is True


def test_nobodys_request_is_told():
    turn = ask(conversation(), "où en est le dossier de Mme Dupont ?")

    assert turn.kind == "announcement"
    assert turn.data["follow"] is True


def test_whoever_asks_for_their_request_is_shown_no_sheet_that_says_request():
    local_sheet()
    search.rebuild()

    told = actions.ask(conversation(), "où en est ma demande de copie d’acte ?", now=NOON)
    more = actions.ask(
        conversation(), "Où en est ma demande ? Et une copie d’acte de naissance ?", now=NOON
    )

    assert [turn.kind for turn in told[1:]] == ["announcement"]
    assert [turn.kind for turn in more[1:]] == ["answer", "announcement"]


def test_with_an_agent_the_assistant_is_silent():
    talk = conversation()
    Conversation.objects.filter(pk=talk.pk).update(state="with_agent")
    talk.refresh_from_db()

    turns = actions.ask(talk, "combien coûte un passeport ?", now=NOON)

    assert [turn.kind for turn in turns] == ["message"]


def test_an_ended_conversation_takes_nothing_more():
    talk = conversation()
    Conversation.objects.filter(pk=talk.pk).update(state="ended")
    talk.refresh_from_db()

    with pytest.raises(Refused):
        actions.ask(talk, "encore", now=NOON)


def test_an_empty_message_begins_nothing():
    with pytest.raises(Refused):
        actions.begin(AuthorityFactory.create(), "  \n ", now=NOON)

    assert not Conversation.objects.exists()


def test_the_outcome_follows_what_was_answered(sure):
    local_sheet()
    sure()
    talk = conversation()

    ask(talk, "zzyzx")
    assert talk.outcome == "abandoned"
    ask(talk, "copie d’acte de naissance")

    assert talk.outcome == "contained"


def test_a_no_is_a_gap_for_those_who_keep_the_sheets(sure):
    local_sheet()
    sure()
    talk = conversation()
    ask(talk, "copie d’acte de naissance")

    actions.rate(talk, now=NOON, helped=False, would_have_called="yes")

    talk.refresh_from_db()
    assert (talk.helped, talk.would_have_called) == (False, "yes")
    assert Searched.objects.get().said_no


def test_a_long_letter_and_strange_signs_are_taken(sure):
    local_sheet()
    sure()

    for text in ("a" * 10_000, "🙂" * 50, "<script>alert(1)</script>", "SELECT * FROM x;\0"):
        turns = actions.ask(conversation(), text, now=NOON)
        assert turns[-1].author == "assistant"
        assert len(turns[0].text) <= 2000


def test_a_clock_that_jumps_back_changes_nothing_of_the_order():
    talk = conversation()

    actions.ask(talk, "bonjour", now=NOON - timedelta(minutes=5))

    assert talk.last_at == NOON
