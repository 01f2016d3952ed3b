"""Gates change how fast an address is found, never which page it is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, URLResolver, path
from django.urls.resolvers import RegexPattern
from hypothesis import given
from hypothesis import strategies as st

from parvis.common.routing import gathered

WORD = st.sampled_from(["a/", "b/", "c/", "<slug:name>/", "<int:pk>/"])
ROUTE = st.builds(
    "{}{}".format, st.lists(WORD, max_size=4, unique=True).map("".join), st.sampled_from(["", "x"])
)
ADDRESS = st.lists(st.sampled_from(["a", "b", "7", "x"]), max_size=4).map("/".join)


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.path)


def meant(addresses: list[Any], address: str) -> Any:
    resolver = URLResolver(RegexPattern(r"^/"), addresses)
    try:
        found = resolver.resolve(f"/{address}")
    except Resolver404:
        return None
    return found.url_name, found.kwargs, found.route


@given(st.lists(ROUTE, max_size=12), ADDRESS, st.booleans())
def test_a_gate_leads_where_the_list_led(routes, address, ends_with_slash):
    flat = [path(route, page, name=str(number)) for number, route in enumerate(routes)]
    asked = f"{address}/" if ends_with_slash and address else address

    assert meant(list(gathered(flat)), asked) == meant(flat, asked)


def test_what_shares_its_first_words_stands_behind_one_gate():
    routes = ["agent/contacts/", "agent/contacts/<int:pk>/", "agent/fiches/", "robots.txt"]

    found = list(gathered(path(route, page) for route in routes))

    assert [str(one.pattern) for one in found] == ["agent/", "robots.txt"]
    behind = found[0].url_patterns  # type: ignore[union-attr]
    assert [str(one.pattern) for one in behind] == ["contacts/", "fiches/"]
