from typing import Any

from tests.organisations.factories import AuthorityFactory
from tests.support.routes import SIGNED_IN, Route
from tests.web import routes_appointment, routes_asking, routes_desk, routes_tracking


def authority() -> dict[str, Any]:
    return {"slug": AuthorityFactory.create().slug}


CHOICES = {"theme": "dark", "contrast": "system", "shortcuts": "on", "language": "fr"}

ROUTES = [
    Route("web:authority-css", "public", ours=authority),
    Route("web:display-preferences", "public", {"get": 200, "post": 302}, data=CHOICES),
    Route("web:display-preferences-of", "public", {"get": 200, "post": 302}, authority, CHOICES),
    Route("web:gallery", SIGNED_IN),
    *routes_appointment.ROUTES,
    *routes_tracking.ROUTES,
    *routes_desk.ROUTES,
    *routes_asking.ROUTES,
]
