"""How long people wait, published with the error of our own announcements."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from parvis.queue import actions
from tests.accounts.factories import marc
from tests.queue.factories import TicketFactory
from tests.web.scenes import Scene, hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    cache.clear()
    return hall()


def history(scene: Scene, people: int, *, waited: int = 7, low: int = 5, high: int = 15) -> None:
    """So many people on one half-hour of a day of last week."""
    came = (scene.now - timedelta(days=7)).replace(hour=8, minute=2, second=0)
    for _one in range(people):
        TicketFactory(
            site=scene.site,
            topic=scene.topic,
            day=came.date(),
            state="done",
            issued_at=came,
            rank_at=came,
            called_at=came + timedelta(minutes=waited),
            started_at=came + timedelta(minutes=waited),
            ended_at=came + timedelta(minutes=waited + 5),
            announced_low=low,
            announced_high=high,
        )


def page(client, scene: Scene, name: str = "waits") -> str:
    return client.get(reverse(f"web:{name}", args=[scene.site.slug])).content.decode()


def test_the_page_says_how_long_and_how_right(client, scene):
    history(scene, 9)
    client.cookies["django_language"] = "en"
    shown = page(client, scene)

    assert "<b>7</b>" in shown
    assert "Of 9 announced waits, 100 in 100 were right (between 70 and 100 in 100" in shown


def test_the_page_says_who_is_called_when(client, scene):
    shown = page(client, scene)

    assert "Une priorité compte comme une arrivée 20 minutes plus tôt" in shown


def test_nothing_is_said_of_fewer_than_five(client, scene):
    history(scene, 4)
    client.cookies["django_language"] = "en"
    shown = page(client, scene)

    assert "<b>7</b>" not in shown
    assert shown.count("too few to say") == 2
    assert "\n" not in page(client, scene, "waits-csv").strip()


def test_the_figures_are_open_data(client, scene):
    history(scene, 6)
    lines = page(client, scene, "waits-csv").splitlines()

    assert lines[0].lstrip("\ufeff") == "weekday;time;people;median_minutes;ninety_percent_minutes"
    assert lines[1].endswith(";6;7;7")


def test_the_same_over_the_api_without_a_token(client, scene):
    history(scene, 6)
    actions.post_notice(scene.site, "Patience.", agent=scene.agent, now=scene.now)
    found = client.get(f"/api/v1/sites/{scene.site.slug}/waits").json()

    assert found["site"] == str(scene.site.pk)
    assert found["announcements"]["share"] == 1
    assert found["half_hours"][0]["median_minutes"] == 7
    assert found["notices"] == [{"topic": None, "text": "Patience."}]
    assert {one["topic"]: one["wait"] for one in found["now"]} == {
        str(scene.topic.pk): {"low_minutes": 0, "high_minutes": 5}
    }


def test_a_place_without_history_still_has_its_page(client, scene):
    assert client.get(reverse("web:waits", args=[scene.site.slug])).status_code == 200
    assert client.get(f"/api/v1/sites/{scene.site.slug}/waits").json()["announcements"] is None


def test_an_unknown_place_is_not_found(client, scene):
    assert client.get("/attente/nulle-part/").status_code == 404
    assert client.get("/api/v1/sites/nulle-part/waits").status_code == 404


def test_the_manager_sees_the_error_by_site_family_and_hour(client, scene):
    history(scene, 12, waited=20)
    client.cookies["django_language"] = "en"
    client.force_login(marc(authority=scene.site.authority))
    shown = client.get(reverse("web:estimates")).content.decode()

    assert "Of 12 announced waits, 0 in 100 were right" in shown
    assert ">+10</td>" in shown
    assert scene.topic.family.label in shown
