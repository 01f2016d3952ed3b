"""What the demo says about itself: demo.json for programs, a table for people."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse

from parvis.demo import seeds
from parvis.demo.content.loader import Content
from parvis.demo.content.schema import StaffMember
from parvis.demo.people import token_of
from parvis.organisations.models import Authority, Desk, Site, Topic

FILE = "demo.json"


def path() -> Path:
    """Where demo.json lies."""
    return Path(settings.VAR) / FILE


def read() -> dict[str, Any]:
    """What an earlier run wrote; empty when there was none."""
    try:
        found: dict[str, Any] = json.loads(path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def describe(
    content: Content, *, seed: int, base_url: str, shown: dict[str, str]
) -> dict[str, Any]:
    """The contract of demo.json, and what this demo shows first."""
    return {
        "base_url": base_url,
        "authorities": [
            _authority(content, Authority.objects.get(slug=words.slug), seed, base_url)
            for words in content.authorities.authorities
        ],
        "seed": seed,
        "shown": shown,
    }


def write(described: dict[str, Any]) -> None:
    """Keep it beside the database."""
    path().parent.mkdir(parents=True, exist_ok=True)
    words = json.dumps(described, ensure_ascii=False, indent=1)
    path().write_text(words + "\n", encoding="utf-8")


def _authority(content: Content, authority: Authority, seed: int, base_url: str) -> dict[str, Any]:
    words = next(a for a in content.authorities.authorities if a.slug == authority.slug)
    sites = {site.slug: site for site in authority.sites.all()}
    password = seeds.password(seed)
    return {
        "id": str(authority.pk),
        "slug": authority.slug,
        "name": authority.name,
        "url": f"{base_url}{reverse('web:front-of', args=[authority.slug])}",
        "api_token": token_of(seed, authority.slug),
        # Only places with a hall: the telephone centre has no desk to call to.
        "sites": [_site(sites[site.slug]) for site in words.sites if site.desks],
        "accounts": [
            {
                "username": person.username,
                "password": password,
                "role": main_role(person),
                "roles": list(person.roles),
                "name": f"{person.first} {person.last}",
            }
            for person in content.people.staff[authority.slug]
        ],
    }


def _site(site: Site) -> dict[str, Any]:
    topics = Topic.objects.filter(desks__site=site, desks__is_active=True, is_active=True)
    return {
        "id": str(site.pk),
        "slug": site.slug,
        "name": site.name,
        "topics": [
            {"id": str(topic.pk), "slug": topic.slug, "name": topic.name}
            for topic in topics.distinct().order_by("-on_kiosk", "family__position", "id")
        ],
        "desks": [
            {"id": str(desk.pk), "name": desk.name}
            for desk in Desk.objects.filter(site=site, is_active=True).order_by("position")
        ],
    }


def main_role(person: StaffMember) -> str:
    """The role that says most about somebody: an adviser is one of the reception agents too."""
    return "ADV" if "ADV" in person.roles else person.roles[0]


def accounts_table(described: dict[str, Any], head: tuple[str, str, str, str]) -> list[str]:
    """One account for each role, lined up."""
    rows = [head, *_one_of_each(described["authorities"])]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows]  # fmt: skip


def _one_of_each(authorities: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str, str, str]]:
    for place, authority in enumerate(authorities):
        seen: set[str] = set()
        for account in authority["accounts"]:
            role = account["role"]
            if role in seen or (place and role not in {"REC", "ADV", "MGR"}):
                continue
            seen.add(role)
            yield role, account["username"], account["name"], authority["name"]


def lines(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Words and values, lined up."""
    kept = list(pairs)
    width = max(len(word) for word, _value in kept)
    return [f"{word.ljust(width)}  {value}" for word, value in kept]
