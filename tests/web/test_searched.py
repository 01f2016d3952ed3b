"""The box of the desk: what was looked for in vain is kept, who it was about is not."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.knowledge import queries
from parvis.knowledge.models import Searched
from parvis.knowledge.remembering import SEARCHES
from tests.cases.factories import windows
from tests.contacts.factories import PersonFactory
from tests.knowledge.factories import local_sheet
from tests.web.scenes import Scene, hall

pytestmark = pytest.mark.django_db

PAGE = "/agent/poste/"
ONE = "a" * 32


@pytest.fixture
def scene(client: Client) -> Scene:
    cache.clear()
    made = hall()
    local_sheet(made.site.authority, ref="SO-098", title="Bains de la piscine de Brévent")
    made.sign_in(client)
    return made


def looked_for() -> list[tuple[str, bool]]:
    return list(Searched.objects.order_by("id").values_list("words", "was_answered"))


def test_letters_typed_at_the_desk_are_one_search(client: Client, scene: Scene) -> None:
    before = ""
    for typed in ("pisc", "piscine", "piscine chien"):
        client.get(PAGE, {"q": typed, "s": ONE, "avant": before})
        before = typed

    row = Searched.objects.get()
    assert (row.words, row.place) == ("piscine", "desk")


def test_other_words_in_the_same_field_are_another_search(client: Client, scene: Scene) -> None:
    client.get(PAGE, {"q": "piscine", "s": ONE})
    for _reload in range(2):
        client.get(PAGE, {"q": "bains", "s": ONE, "avant": "piscine"})

    assert [words for words, _answered in looked_for()] == ["piscine", "bains"]


def test_a_name_is_never_kept(client: Client, scene: Scene) -> None:
    person = PersonFactory.create(authority=scene.site.authority)
    windows(person=person)
    client.get(PAGE, {"q": "piscine", "s": ONE})

    client.get(PAGE, {"q": "kerouanton", "s": "b" * 32})
    client.get(PAGE, {"q": "piscine kerouanton", "s": "c" * 32})
    client.get(PAGE, {"q": person.last_name.lower(), "s": ONE})

    assert [words for words, _answered in looked_for()] == ["piscine"] * len(looked_for())
    assert not Searched.objects.filter(secret=ONE, words=person.last_name.lower()).exists()


def test_what_nobody_answers_at_the_desk_becomes_a_gap(client: Client, scene: Scene) -> None:
    for secret in ("d" * 32, "e" * 32):
        client.get(PAGE, {"q": "piscine chien", "s": secret})
        client.post(reverse("web:not-found"), {"s": secret})

    [gap] = queries.gaps(scene.agent, today=timezone.localdate())
    assert (gap.lack.words, gap.lack.count) == ("piscine", 2)


def test_a_sheet_that_was_opened_ends_the_search(client: Client, scene: Scene) -> None:
    page = client.get(PAGE, {"q": "piscine", "s": ONE}).content.decode()
    assert f"s={ONE}&amp;fiche=SO-098" in page

    client.get(PAGE, {"q": "piscine", "s": ONE, "fiche": "SO-098"})
    client.get(PAGE, {"q": "piscine", "s": ONE, "fiche": "SO-098"})

    row = Searched.objects.get()
    assert row.opened is not None
    assert (row.opened.ref, row.secret) == ("SO-098", "")


def test_a_sheet_that_helped_ends_the_search(client: Client, scene: Scene) -> None:
    scene.waits()
    ticket = scene.at_desk()
    client.get(PAGE, {"q": "piscine", "s": ONE})

    client.post(reverse("web:use-sheet", args=[ticket.pk]), {"sheet": "SO-098", "s": ONE})

    assert Searched.objects.get().opened is not None


def test_one_sender_does_not_fill_the_list_of_the_editors(client: Client, scene: Scene) -> None:
    client.logout()
    address = reverse("knowledge:search")
    for number in range(SEARCHES.burst + 5):
        response = client.get(address, {"q": "piscine", "s": f"{number:032d}"})
        assert response.status_code == 200

    assert Searched.objects.count() == SEARCHES.burst
