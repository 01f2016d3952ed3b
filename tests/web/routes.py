from typing import Any

from tests.organisations.factories import AuthorityFactory
from tests.support.routes import SIGNED_IN, Route, only
from tests.web import (
    routes_appointment,
    routes_asking,
    routes_assistant,
    routes_desk,
    routes_tracking,
)


def authority() -> dict[str, Any]:
    return {"slug": AuthorityFactory.create().slug}


def town() -> dict[str, Any]:
    AuthorityFactory.create()
    return {}


def first_part() -> dict[str, Any]:
    AuthorityFactory.create()
    return {"part": 1}


def first_part_of() -> dict[str, Any]:
    return {**authority(), "part": 1}


READERS = only("REC", "ADV", "REF", "LIA", "MGR", "QUA", "KBE", "DIR", "AUD", "FED")
CHOICES = {"theme": "dark", "contrast": "system", "shortcuts": "on", "language": "fr"}

ROUTES = [
    Route("web:authority-css", "public", ours=authority),
    Route("web:display-preferences", "public", {"get": 200, "post": 302}, data=CHOICES),
    Route("web:display-preferences-of", "public", {"get": 200, "post": 302}, authority, CHOICES),
    Route("web:sitemap", "public", ours=town),
    Route("web:sitemap-of", "public", ours=authority),
    Route("web:sitemap-part", "public", ours=first_part),
    Route("web:sitemap-part-of", "public", ours=first_part_of),
    Route("web:robots", "public"),
    Route("web:pack", READERS),
    Route("web:pack-file", READERS),
    Route("web:pack-make", READERS, {"post": 302}),
    Route("web:gallery", SIGNED_IN),
    *routes_appointment.ROUTES,
    *routes_tracking.ROUTES,
    *routes_desk.ROUTES,
    *routes_asking.ROUTES,
    *routes_assistant.ROUTES,
]
