from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, path

from parvis.organisations import views
from parvis.organisations.http import at_front_door
from parvis.organisations.screens import SCREENS, Screen

app_name = "organisations"


def _of(screen: Screen) -> Iterator[URLPattern]:
    base = f"agent/reglages/{screen.address}/"
    yield path(base, views.listing(screen), name=screen.key)
    yield path(f"{base}nouveau/", views.form(screen), name=f"{screen.key}-new")
    yield path(f"{base}<int:pk>/", views.form(screen), name=f"{screen.key}-change")
    yield path(f"{base}<int:pk>/retirer/", views.retire(screen), name=f"{screen.key}-retire")
    if not screen.retires:
        yield path(f"{base}<int:pk>/remettre/", views.restore(screen), name=f"{screen.key}-restore")


urlpatterns: list[URLPattern | URLResolver] = [
    path("agent/reglages/", views.home, name="home"),
    path("agent/reglages/collectivite/", views.authority, name="authority"),
    *(pattern for screen in SCREENS for pattern in _of(screen)),
    *at_front_door("annuaire/", views.directory, name="directory"),
]
