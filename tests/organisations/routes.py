"""Settings: the administrator; the directory of colleagues also the head of reception."""

from collections.abc import Callable
from typing import Any

from parvis.organisations.models import Authority
from tests.organisations.factories import (
    AuthorityFactory,
    ClosureFactory,
    DeskFactory,
    DirectoryEntryFactory,
    HoursExceptionFactory,
    LegalEntityFactory,
    SeasonFactory,
    ServiceFactory,
    SiteFactory,
    TopicFactory,
    TopicFamilyFactory,
)
from tests.support.routes import Route, only

ADMIN, STAFF = only("ADM"), only("ADM", "MGR")
FORM = {"get": 200, "post": 200}  # a form sent empty comes back with what is missing


def one(factory: Callable[[], Any]) -> Callable[[], dict[str, Any]]:
    return lambda: {"pk": factory().pk}


ROWS = {
    "entities": (LegalEntityFactory, ADMIN),
    "services": (ServiceFactory, ADMIN),
    "sites": (SiteFactory, ADMIN),
    "desks": (DeskFactory, ADMIN),
    "seasons": (SeasonFactory, ADMIN),
    "exceptions": (HoursExceptionFactory, ADMIN),
    "closures": (ClosureFactory, ADMIN),
    "families": (TopicFamilyFactory, ADMIN),
    "topics": (TopicFactory, ADMIN),
    "directory-entries": (DirectoryEntryFactory, STAFF),
}


def published() -> dict[str, Any]:
    authority = AuthorityFactory()
    Authority.objects.filter(pk=authority.pk).update(directory_is_public=True)
    return {}


def published_by_name() -> dict[str, Any]:
    published()
    return {"slug": AuthorityFactory().slug}


ROUTES = [
    Route("organisations:home", STAFF),
    Route("organisations:authority", ADMIN, FORM),
    Route("organisations:directory", "public", ours=published),
    Route("organisations:directory-of", "public", ours=published_by_name),
]
for key, (factory, roles) in ROWS.items():
    ROUTES += [
        Route(f"organisations:{key}", roles),
        Route(f"organisations:{key}-new", roles, FORM),
        Route(f"organisations:{key}-change", roles, FORM, ours=one(factory)),
        Route(f"organisations:{key}-retire", roles, {"post": 302}, ours=one(factory)),
    ]
