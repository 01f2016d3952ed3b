"""A town hall of its own where it is always ten in the morning: open, closing, an agent gone.

``python -m tests.e2e.live_house open PASSWORD | closing | open-again | agent-gone``
"""

import json
import os
import sys
from datetime import date, time, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from parvis.accounts.models import Agent, RoleGrant  # noqa: E402
from parvis.assistant.models import Duty, Handover  # noqa: E402
from parvis.assistant.rules.handing import AGENT_GONE  # noqa: E402
from parvis.organisations.models import (  # noqa: E402
    Authority,
    DirectoryEntry,
    LegalEntity,
    OpeningHours,
    Season,
    Service,
    Site,
    Topic,
    TopicFamily,
)

SLUG = "vive-voix"
now = timezone.now()


def open_house(password: str) -> dict[str, str]:
    """The authority, its hall, what people come for, and two agents."""
    town = Authority.objects.create(slug=SLUG, name="Vive-Voix", phone="02 61 91 77 10")
    body = LegalEntity.objects.create(authority=town, name="Ville")
    service = Service.objects.create(
        authority=town, legal_entity=body, slug="accueil", name="Accueil"
    )
    ahead = (10 - now.hour + 12) % 24 - 12  # at this distance from Greenwich it is ten o'clock
    site = Site.objects.create(
        authority=town, slug=SLUG, name="Mairie", timezone=f"Etc/GMT{-ahead:+d}"
    )
    season = Season.objects.create(
        site=site, name="Année", valid_from=date(2020, 1, 1), valid_through=date(2199, 12, 31)
    )
    for weekday in range(7):
        OpeningHours.objects.create(
            season=season, channel="phone", weekday=weekday, opens=time(0), closes=time(23, 59)
        )
    family = TopicFamily.objects.create(authority=town, slug="vie", name="Vie", series="V")
    Topic.objects.create(
        authority=town, family=family, service=service, slug="tri", name="Tri des déchets"
    )
    for first_name in ("Awa", "Léo"):
        entry = DirectoryEntry.objects.create(
            authority=town, service=service, first_name=first_name, last_name="Kermor"
        )
        agent = Agent(authority=town, username=f"{first_name.lower()}.kermor".replace("é", "e"),
                      service=service, entry=entry)  # fmt: skip
        agent.set_password(password)
        agent.save()
        RoleGrant.objects.create(agent=agent, role="REC")
    return {"slug": SLUG}


def closing() -> dict[str, str]:
    """The house closes in eight minutes."""
    site = Site.objects.get(slug=SLUG)
    with timezone.override(site.timezone):
        closes = timezone.localtime() + timedelta(minutes=8)
    OpeningHours.objects.filter(season__site=site).update(closes=closes.time())
    return {"closes": f"{closes:%H:%M}"}


def open_again() -> dict[str, str]:
    """The house is open until midnight, as at first."""
    OpeningHours.objects.filter(season__site__slug=SLUG).update(closes=time(23, 59))
    return {}


def agent_gone() -> dict[str, str]:
    """No sign of the agent for longer than anybody waits."""
    long_ago = now - 2 * AGENT_GONE
    rows = Handover.objects.filter(conversation__authority__slug=SLUG, state="taken")
    rows.update(last_seen_agent=long_ago)
    Duty.objects.filter(agent__username="awa.kermor").delete()
    return {}


if __name__ == "__main__":
    what, *given = sys.argv[1:]
    jobs = {
        "open": open_house, "closing": closing, "open-again": open_again, "agent-gone": agent_gone,
    }  # fmt: skip
    print(json.dumps(jobs[what](*given)))
