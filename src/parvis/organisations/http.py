"""Front doors: whose page a public address is, and addresses that stay with that authority.

Several authorities may share one host. The host's own one has the short addresses (``/fiches/``);
of the others, and whenever the address names one, every public page is under ``/c/<slug>/``, so
that a bookmark and a shared link lead back to the same town hall (decision 14).
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import URLPattern, path, reverse

from parvis.common.http import View, full_address
from parvis.organisations.models import Authority
from parvis.organisations.queries import authority_of

NAMED = re.compile(r"/c/([-\w]+)/")


def at_front_door(route: str, view: View[...], *, name: str) -> list[URLPattern]:
    """A public page at both of its addresses; the second name ends in ``-of``."""
    return [
        path(route, view, name=name),
        path(f"c/<slug:slug>/{route}", view, name=f"{name}-of"),
    ]


def authority_of_page(request: HttpRequest, slug: str | None = None) -> Authority:
    """The authority whose page is asked for; its name and colours are shown around it."""
    authority = authority_of(request.get_host(), slug) if slug else own_authority(request)
    if authority is None:
        raise Http404
    request.authority = authority  # type: ignore[attr-defined]
    return authority


def named_authority(request: HttpRequest) -> Authority | None:
    """The authority that an address names, also where it leads to no page."""
    named = NAMED.match(request.path_info)
    return authority_of(request.get_host(), named[1]) if named else None


def own_authority(request: HttpRequest) -> Authority | None:
    """The authority of the host itself: asked once per request."""
    if not hasattr(request, "authority_of_host"):
        found = authority_of(request.get_host())
        request.authority_of_host = found  # type: ignore[attr-defined]
    return request.authority_of_host  # type: ignore[attr-defined,no-any-return]


def public_address(
    request: HttpRequest, authority: Authority | None, name: str, *args: object
) -> str:
    """The address of a public page of this authority, on the host of this request."""
    if authority is None:
        return reverse(name, args=args)
    is_named = request.path_info.startswith(f"/c/{authority.slug}/")
    is_own = not is_named and authority == own_authority(request)
    return _address(authority, name, args, is_own=is_own)


def canonical_address(request: HttpRequest, authority: Authority, name: str, *args: object) -> str:
    """The one whole address under which a public page is to be known elsewhere.

    On the authority's own host if it has one, else on that of the installation.
    """
    if authority.hostname:
        base = urlsplit(settings.BASE_URL)
        port = f":{base.port}" if base.port else ""
        return f"{base.scheme}://{authority.hostname}{port}{reverse(name, args=args)}"
    base_host = urlsplit(settings.BASE_URL).netloc
    if request.get_host() == base_host:
        own = own_authority(request)
    elif hasattr(request, "authority_of_base"):
        own = request.authority_of_base
    else:
        own = request.authority_of_base = authority_of(base_host)  # type: ignore[attr-defined]
    return full_address(_address(authority, name, args, is_own=authority == own))


def published_address(authority: Authority, name: str, *args: object) -> str:
    """The whole address of a public page of this authority, for other programs."""
    own = authority_of(urlsplit(settings.BASE_URL).netloc)
    return full_address(_address(authority, name, args, is_own=authority == own))


def _address(authority: Authority, name: str, args: Sequence[object], *, is_own: bool) -> str:
    if is_own:
        return reverse(name, args=args)
    return reverse(f"{name}-of", args=[authority.slug, *args])
