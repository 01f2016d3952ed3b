"""Who gets which answer in the hall: its pages are for everybody who comes in."""

from typing import Any

from django.utils import timezone

from parvis.queue import actions
from tests.accounts.factories import ines
from tests.queue.factories import desk_of, town_hall
from tests.support.routes import Route


def hall(**more: Any) -> dict[str, Any]:
    """A site in use whose hours nobody declared: its kiosk works at any time of the tests."""
    site = town_hall()
    site.seasons.all().delete()
    desk_of(site)
    return {"site": site.slug, **more}


def one_topic() -> dict[str, Any]:
    return hall(topic="acte-naissance")


def one_family() -> dict[str, Any]:
    return hall(family="etat-civil")


def one_ticket() -> dict[str, Any]:
    arguments = hall()
    site = town_hall()
    issued = actions.issue_ticket(
        site,
        desk_of(site).topics.get(),
        now=timezone.now(),
        source="agent",
        actor=ines(),
    )
    return {**arguments, "secret": issued.secret}


ROUTES = [
    Route("queue:display", "public", ours=hall),
    Route("queue:kiosk", "public", ours=hall),
    Route("queue:kiosk-topic", "public", ours=one_topic),
    Route("queue:kiosk-family", "public", ours=one_family),
    Route(
        "queue:kiosk-take",
        "public",
        methods={"post": 302, "get": 405},
        ours=hall,
        data={"topic": "acte-naissance"},
    ),
    Route("queue:kiosk-ticket", "public", ours=one_ticket),
]
