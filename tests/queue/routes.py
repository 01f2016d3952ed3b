"""Who gets which answer in the hall: its pages are for everybody who comes in."""

from typing import Any

from django.utils import timezone

from parvis.queue import actions
from tests.accounts.factories import ines
from tests.queue.factories import PrinterFactory, ScreenFactory, desk_of, town_hall
from tests.support.routes import Route, only


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


def one_screen() -> dict[str, Any]:
    return hall(screen=ScreenFactory.create(site=town_hall()).slug)


def screen_row() -> dict[str, Any]:
    return {"pk": ScreenFactory.create(site=town_hall()).pk}


def printer_row() -> dict[str, Any]:
    return {"pk": PrinterFactory.create(site=town_hall()).pk}


def receiving() -> dict[str, Any]:
    """A hall that somebody manages; its address names no row."""
    hall()
    return {}


def missed() -> dict[str, Any]:
    """Somebody who went away a moment ago."""
    arguments = hall()
    site = town_hall()
    issued = actions.issue_ticket(
        site, desk_of(site).topics.get(), now=timezone.now(), source="agent", actor=ines()
    )
    return {**arguments, "ticket": issued.ticket.pk}


def at_the_door() -> dict[str, Any]:
    poster = actions.renew_poster(town_hall(), agent=ines(), now=timezone.now())
    hall()
    return {"secret": poster.secret}


def with_a_poster() -> dict[str, Any]:
    at_the_door()
    return {}


MANAGERS = only("MGR", "ADM")
RECEPTION = only("REC", "ADV", "MGR")

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
    Route("queue:kiosk-back", "public", ours=hall),
    Route("queue:kiosk-returned", "public", ours=missed),
    Route("queue:kiosk-come-back", "public", methods={"post": 404, "get": 405}, ours=hall),
    Route("queue:display-of", "public", ours=one_screen),
    Route(
        "queue:display-report",
        "public",
        methods={"post": 200, "get": 405},
        ours=one_screen,
        data={"version": "1", "voiceless": "uk"},
    ),
    Route("queue:join", "public", ours=at_the_door),
    Route(
        "queue:join-take",
        "public",
        methods={"post": 302, "get": 405},
        ours=at_the_door,
        data={"topic": "acte-naissance"},
    ),
    Route("queue:machines", MANAGERS | RECEPTION, query="?site=orvanne-mairie", ours=receiving),
    Route(
        "queue:screen-new",
        MANAGERS,
        methods={"get": 200, "post": 200},
        query="?site=orvanne-mairie",
        ours=receiving,
    ),
    Route("queue:screen-change", MANAGERS, methods={"get": 200, "post": 200}, ours=screen_row),
    Route("queue:screen-use", MANAGERS, methods={"post": 302}, ours=screen_row),
    Route(
        "queue:printer-new",
        MANAGERS,
        methods={"get": 200, "post": 200},
        query="?site=orvanne-mairie",
        ours=receiving,
    ),
    Route("queue:printer-change", MANAGERS, methods={"get": 200, "post": 200}, ours=printer_row),
    Route("queue:printer-test", MANAGERS, methods={"post": 302}, ours=printer_row),
    Route("queue:printer-retire", MANAGERS, methods={"post": 302}, ours=printer_row),
    Route(
        "queue:poster",
        MANAGERS,
        methods={"get": 200, "post": 302},
        query="?site=orvanne-mairie",
        ours=receiving,
    ),
    Route(
        "queue:poster-print",
        MANAGERS,
        query="?site=orvanne-mairie",
        ours=with_a_poster,
    ),
    Route(
        "queue:hall-rules",
        MANAGERS,
        methods={"get": 200, "post": 200},
        query="?site=orvanne-mairie",
        ours=receiving,
    ),
    Route(
        "queue:paper",
        RECEPTION,
        methods={"get": 200, "post": 200},
        query="?site=orvanne-mairie",
        ours=receiving,
    ),
    Route("queue:paper-roll", RECEPTION, query="?site=orvanne-mairie", ours=receiving),
]
