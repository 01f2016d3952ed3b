"""Settings: the administrator; the directory of colleagues also the head of reception."""

from collections.abc import Callable
from typing import Any

from parvis.organisations.models import Authority
from parvis.organisations.screens import SCREENS
from tests.accounts.factories import ines
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


# Deleted where nothing refers to them; the other rows are taken out of use.
REMOVED = {"entities", "seasons", "exceptions", "closures", "families"}
ROWS = {
    "entities": (lambda: LegalEntityFactory(name="CCAS"), ADMIN),  # of which nothing is part
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


def removed(factory: Callable[[], Any]) -> Callable[[], dict[str, Any]]:
    def rows() -> dict[str, Any]:
        row = factory()
        pk = row.pk
        screen = next(screen for screen in SCREENS if isinstance(row, screen.model))
        screen.remove(row, actor=ines())
        return {"pk": pk}

    return rows


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
    if key in REMOVED:
        restored = Route(
            f"organisations:{key}-restore", roles, {"post": 302}, ours=removed(factory)
        )
        ROUTES.append(restored)
