"""The table of routes: who gets which answer at every address. Each room fills its part."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Arguments = Callable[[], Mapping[str, Any]]


def nothing() -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Route:
    """One URL name.

    ``access`` is ``"public"`` or the roles that may enter (by code); the others get 403.
    ``ours`` makes the rows of Sainte-Orvanne that the address needs and returns its arguments;
    where it does, the same address is tried by Rozenn of Trémalon and must answer 404.
    ``methods`` gives the status that somebody entitled gets. With ``own`` that is whoever the rows
    are about, and nobody by a role: the room's own tests try it.
    """

    name: str
    access: str | frozenset[str]
    methods: Mapping[str, int] = field(default_factory=lambda: {"get": 200})
    ours: Arguments = nothing
    data: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""
    foreign: int = 404
    own: bool = False


def only(*roles: str) -> frozenset[str]:
    return frozenset(roles)


SIGNED_IN = frozenset({"any"})
