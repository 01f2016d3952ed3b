"""What stands under "often asked" is what was: counted, public, and no longer than an hour old."""

from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from parvis.knowledge import actions
from parvis.web.queries import often_asked
from tests.knowledge.factories import local_sheet
from tests.knowledge.test_texts import editor, text
from tests.organisations.factories import TopicFactory
from tests.web.test_pack import used

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


def titles(authority: Any) -> list[str]:
    return [sheet.title for sheet in often_asked(authority, now=timezone.now(), most=2)]


def test_the_most_used_come_first_and_none_that_only_agents_read():
    town = used(local_sheet(ref="SO-1", title="Abri de jardin")).authority
    used(local_sheet(ref="SO-2", title="Cantine"), 2)
    used(local_sheet(ref="SO-3", title="Entre nous", is_public=False), 4)
    used(local_sheet(ref="SO-4", title="Titres"), 3)

    assert titles(town) == ["Titres", "Cantine"]


def test_one_that_is_withdrawn_goes_at_once_and_the_count_holds_for_an_hour():
    often = used(local_sheet(ref="SO-1", title="Souvent"), 3)
    used(local_sheet(ref="SO-2", title="Parfois"))
    assert titles(often.authority) == ["Souvent", "Parfois"]

    often.is_public = False
    often.save()
    used(local_sheet(ref="SO-3", title="Nouvelle"), 5)

    assert titles(often.authority) == ["Parfois"]


def test_a_new_house_offers_what_its_kiosk_offers():
    sheet = local_sheet(ref="SO-1", title="Titres")
    local_sheet(ref="SO-2", title="Ailleurs")
    sheet.topics.add(TopicFactory.create(on_kiosk=True))

    assert titles(sheet.authority) == ["Titres"]


def test_the_front_door_says_so(client):
    used(local_sheet(ref="SO-1", title="Carte d’identité"))

    assert "Carte d’identité" in client.get(reverse("web:front")).content.decode()


def test_it_is_offered_by_its_name_in_the_readers_language(client):
    sheet = used(local_sheet(ref="SO-012", title="Acte de naissance"))
    actions.show_text(text(sheet), agent=editor(), shown=True)
    french = client.get(reverse("web:front")).content.decode()
    client.cookies["django_language"] = "en"

    for name in ("web:front", "web:assistant"):
        english = client.get(reverse(name)).content.decode()

        assert "Birth certificate</a>" in english
        assert f'{reverse("knowledge:sheet", args=["SO-012"])}?langue=en" lang="en"' in english
    assert "Birth certificate" not in french
