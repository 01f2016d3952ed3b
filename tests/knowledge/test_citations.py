from datetime import date

import pytest
from django.urls import reverse

from parvis.common.errors import Refused
from parvis.knowledge import actions as sheets
from parvis.knowledge import queries as knowledge
from parvis.law import actions, queries
from parvis.queue.models import DayNote
from tests.accounts.factories import AgentFactory
from tests.knowledge.factories import local_sheet
from tests.law.factories import NOON, article_99, editor
from tests.queue.factories import town_hall

pytestmark = pytest.mark.django_db


def change(article):
    return actions.record_change(
        article,
        wording="Une erreur d’un acte se rectifie sans frais.",
        in_force_on=date(2026, 12, 1),
        what_changed="Gratuité",
        agent=editor(),
        now=NOON,
    )


def test_sheets_that_rest_on_a_changed_article_are_flagged_and_the_desks_told():
    hall = town_hall()
    agent = editor(authority=hall.authority)
    article = article_99(agent)
    sheet = local_sheet(hall.authority)
    citation = sheets.cite(sheet, article, agent=agent)
    assert not knowledge.citations_to_check(agent).exists()

    change(article)

    assert [one.sheet for one in knowledge.citations_to_check(agent)] == [sheet]
    note = DayNote.objects.get(site=hall)
    assert note.text == "Code civil, art. 99 a changé\xa0: 1 fiche à vérifier."

    citation.refresh_from_db()
    article.refresh_from_db()
    sheets.still_holds(knowledge.citations_to_check(agent).get(), agent=agent)
    assert not knowledge.citations_to_check(agent).exists()


def test_an_article_that_nothing_rests_on_disturbs_no_desk():
    hall = town_hall()
    change(article_99(editor(authority=hall.authority)))
    assert not DayNote.objects.exists()


def test_a_repealed_article_flags_its_sheets_and_is_cited_no_more():
    hall = town_hall()
    agent = editor(authority=hall.authority)
    article = article_99(agent)
    sheet = local_sheet(hall.authority)
    sheets.cite(sheet, article, agent=agent)

    repealed = actions.repeal(article, on=date(2026, 11, 1), agent=agent, now=NOON)

    citation = knowledge.citations_to_check(agent).get()
    assert citation.is_to_check
    with pytest.raises(Refused):
        sheets.still_holds(citation, agent=agent)
    with pytest.raises(Refused):
        sheets.cite(local_sheet(hall.authority, ref="SO-777"), repealed, agent=agent)
    assert list(queries.find_articles(agent, "99")) == []


def test_an_editor_points_a_sheet_to_an_article_from_its_page(client):
    agent = editor()
    article, sheet = article_99(agent), local_sheet(agent.authority)
    client.force_login(agent)
    page = reverse("knowledge:cite", args=[sheet.ref])

    offered = client.get(page, {"q": "rectif"}).content.decode()
    assert "Code civil, art. 99" in offered
    client.post(page, {"article": article.pk, "words": "le délai"})

    assert knowledge.citations_of(sheet, agent.authority_id).get().words == "le délai"
    shown = client.get(reverse("knowledge:citing", args=[article.pk])).content.decode()
    assert sheet.title in shown
    assert "le délai" in shown


def test_a_sheet_that_no_article_was_chosen_for_stays_as_it_is(client):
    agent = editor()
    sheet = local_sheet(agent.authority)
    client.force_login(agent)
    answer = client.post(reverse("knowledge:cite", args=[sheet.ref]), {"article": "²"})
    assert answer.status_code == 404


def test_a_liaison_points_only_sheets_of_the_own_service(client):
    agent = editor()
    sheet = local_sheet(agent.authority)
    own = editor_of_service(sheet.service)
    client.force_login(own)
    assert client.get(reverse("knowledge:cite", args=[sheet.ref])).status_code == 200
    sheet.service = None
    sheet.save()
    assert client.get(reverse("knowledge:cite", args=[sheet.ref])).status_code == 403


def editor_of_service(service):
    return AgentFactory.create(
        username="liaison", entry=None, authority=service.authority, service=service, roles=["LIA"]
    )
