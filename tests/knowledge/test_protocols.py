from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from parvis.accounts.models import Agent
from parvis.common.errors import Refused
from parvis.knowledge import actions, queries
from parvis.knowledge.models import ProtocolDeviation, Sheet
from parvis.knowledge.rules import Block
from tests.accounts.factories import ines, marc, rozenn
from tests.knowledge.factories import NOON, block, local_sheet

pytestmark = pytest.mark.django_db
NOVEMBER = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))


def step(title: str, role: str = "accueil") -> Block:
    made = block("<p>Avec le sourire.</p>", kind="step", title=title, level="internal")
    made |= {"role": role, "support": "dossier", "delay": "5 min"}
    return made


def protocol(agent: Agent, **changes) -> Sheet:
    """How somebody who lost their papers is received, in two steps."""
    sheet = local_sheet(
        agent.authority,
        **{
            "ref": "P-001",
            "title": "Papiers perdus",
            "is_public": False,
            "blocks": [step("Rassurer"), step("Enregistrer la perte", "titres")],
            **changes,
        },
    )
    Sheet.objects.filter(pk=sheet.pk).update(nature=Sheet.Nature.PROTOCOL)
    sheet.refresh_from_db()
    return sheet


def test_a_protocol_says_who_does_what_with_what_by_when():
    steps = queries.steps_of(protocol(ines()).current)
    assert [(one.number, one.title, one.role) for one in steps] == [
        (1, "Rassurer", "accueil"),
        (2, "Enregistrer la perte", "titres"),
    ]
    assert (steps[0].support, steps[0].delay) == ("dossier", "5 min")


def test_a_new_version_is_to_be_read_again():
    agent = ines()
    sheet = protocol(agent)
    actions.confirm_reading(sheet.current, agent=agent, now=NOON)
    actions.confirm_reading(sheet.current, agent=agent, now=NOON)
    assert queries.live_protocols(agent).get().is_read

    actions.publish_version(
        sheet,
        now=NOON,
        author="Marc",
        title=sheet.title,
        short_answer="",
        blocks=[step("Rassurer", "agent d’accueil")],
    )
    assert not queries.live_protocols(agent).get().is_read


def test_the_role_of_a_step_is_part_of_the_words():
    agent = ines()
    sheet = protocol(agent)
    before = sheet.current_id
    actions.publish_version(
        sheet,
        now=NOON,
        author="Marc",
        title=sheet.title,
        short_answer=sheet.current.short_answer,
        blocks=[step("Rassurer", "ADV"), step("Enregistrer la perte", "titres")],
    )
    assert sheet.current_id != before


def test_a_deviation_needs_a_cause_and_a_step_that_exists():
    agent = ines()
    sheet = protocol(agent)
    for number, cause in [(0, "time"), (3, "time"), (1, "envie")]:
        with pytest.raises(Refused):
            actions.deviate(sheet, step=number, cause=cause, agent=agent, now=NOON)
    assert not ProtocolDeviation.objects.exists()


def test_the_same_step_left_for_the_same_cause_is_looked_at_once():
    agent, head = ines(), marc()
    sheet = protocol(agent)
    for words in ["", "machine en panne", "encore en panne"]:
        actions.deviate(sheet, step=2, cause="impossible", words=words, agent=agent, now=NOON)
    actions.deviate(sheet, step=1, cause="time", agent=agent, now=NOON)
    actions.deviate(sheet, step=1, cause="time", agent=agent, now=NOON - timedelta(days=40))

    often, once = queries.left_steps(head, *NOVEMBER)
    assert (often.times, often.step_title) == (3, "Enregistrer la perte")
    assert often.told == ["encore en panne", "machine en panne"]
    assert once.times == 1

    decided = actions.decide_deviations(
        queries.same_deviations(often.last), decision="stays", agent=head, now=NOON
    )
    assert len(decided) == 3
    assert [one.step for one in queries.left_steps(head, *NOVEMBER)] == [1]


def test_what_was_done_otherwise_may_become_the_rule(client):
    agent, head = ines(), marc()
    sheet = protocol(agent)
    row = actions.deviate(
        sheet, step=1, cause="better", words="s’asseoir à côté", agent=agent, now=NOON
    )
    client.force_login(head)
    answer = client.post(reverse("knowledge:decide-deviation", args=[row.pk]), {"decision": "rule"})
    draft = sheet.drafts.get()
    assert answer.url == reverse("knowledge:draft", args=[draft.pk])
    assert "s’asseoir à côté" in draft.reason
    assert [one["role"] for one in draft.blocks] == ["accueil", "titres"]


def test_a_step_keeps_its_role_through_the_editor(client):
    head = marc()
    sheet = protocol(head)
    client.force_login(head)
    draft = actions.open_draft(sheet, agent=head, now=NOON)
    page = client.get(reverse("knowledge:draft", args=[draft.pk])).content.decode()
    assert 'name="b2-role" value="titres"' in page

    client.post(
        reverse("knowledge:draft", args=[draft.pk]),
        {
            "revision": draft.revision,
            "title": sheet.title,
            "short_answer": sheet.current.short_answer,
            "block": ["b1"],
            "b1-kind": "step",
            "b1-title": "Rassurer",
            "b1-level": "internal",
            "b1-text": "Avec le sourire.",
            "b1-role": "tout le monde",
            "about-review_every_days": "180",
            "do": "publish",
        },
    )
    sheet.refresh_from_db()
    assert [one.role for one in queries.steps_of(sheet.current)] == ["tout le monde"]


def test_the_reader_confirms_and_notes_from_the_page(client):
    agent = ines()
    sheet = protocol(agent)
    client.force_login(agent)
    address = reverse("knowledge:protocol", args=[sheet.ref])
    assert "Enregistrer la perte" in client.get(address).content.decode()

    client.post(reverse("knowledge:protocol-read", args=[sheet.ref]))
    client.post(reverse("knowledge:deviate", args=[sheet.ref]), {"step": "2", "cause": "time"})

    assert queries.live_protocols(agent).get().is_read
    assert ProtocolDeviation.objects.get().step == 2


def test_a_protocol_of_another_house_does_not_exist(client):
    sheet = protocol(ines())
    client.force_login(rozenn())
    assert client.get(reverse("knowledge:protocol", args=[sheet.ref])).status_code == 404


def test_the_public_never_reads_a_protocol(client):
    sheet = protocol(ines())
    assert client.get(reverse("knowledge:sheet", args=[sheet.ref])).status_code == 404
