"""The public sheets of neighbours, and whom to send people to: for first information (R79)."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet

from parvis.common.access import Actor
from parvis.knowledge.models import Sheet
from parvis.knowledge.queries.places import Place
from parvis.knowledge.queries.sharing import common_groups
from parvis.organisations import queries as organisations
from parvis.organisations import rules as opening
from parvis.organisations.http import published_address
from parvis.organisations.models import Authority, Desk, Service, Site

DESK, PHONE = opening.HoursChannel.DESK, opening.HoursChannel.PHONE


def neighbours_of(actor: Actor) -> QuerySet[Authority]:
    """The authorities that share a group with the actor's."""
    return Authority.objects.filter(pk__in=common_groups(actor.authority_id)).order_by("name")


def neighbours_sheets(authority_ids: Collection[int]) -> QuerySet[Sheet]:
    """What these authorities wrote themselves for their public."""
    rows = Sheet.objects.filter(
        authority_id__in=authority_ids,
        is_public=True,
        nature=Sheet.Nature.SHEET,
        state=Sheet.State.PUBLISHED,
        current__isnull=False,
    )
    return rows.select_related("current", "service", "authority").defer(
        "current__raw", "current__text"
    )


def neighbours_sheet(actor: Actor, slug: str, ref: str) -> Sheet | None:
    """One public sheet that a neighbour wrote itself."""
    houses = neighbours_of(actor).filter(slug=slug).values_list("pk", flat=True)
    return neighbours_sheets(list(houses)).filter(ref=ref).first()


class Contacts:
    """Whom to send people to at some authorities: a few queries for all of them."""

    def __init__(self, authorities: Collection[Authority], now: datetime) -> None:
        self.now = now
        self.authorities = {one.pk: one for one in authorities}
        sites = Site.objects.filter(authority__in=self.authorities, is_active=True)
        self.sites = list(sites.select_related("authority").order_by("id"))
        self.schedules = organisations.schedules_of(self.sites) if self.sites else {}
        served = Desk.topics.through.objects.filter(
            desk__site__in=self.sites, desk__is_active=True
        ).order_by("desk__site", "id")
        # A service is where most of its topics are received.
        times = Counter(served.values_list("topic__service_id", "desk__site_id"))
        self.place = {service: site for (service, site), _n in reversed(times.most_common())}

    def of_sheet(self, sheet: Sheet) -> Place:
        """Whom to ask about a sheet of a neighbour, with the address of its public page."""
        page = published_address(
            self.authorities[sheet.authority_id or 0], "knowledge:sheet", sheet.ref
        )
        return replace(self.of(sheet.authority_id or 0, sheet.service), website=page)

    def of(self, authority_id: int, service: Service | None = None) -> Place:
        """The service or the house: its telephone, whether it is open, when it opens next."""
        authority = self.authorities[authority_id]
        site = self._site(authority_id, service)
        schedule = self.schedules.get(site.pk) if site else None
        state = opening.state_at(schedule, DESK, self.now) if schedule else None
        return Place(
            name=service.label if service else authority.name,
            address=(site.address if site else "") or authority.address,
            phone=(service.phone if service else "")
            or (site.phone if site else "")
            or authority.phone,
            hours="",
            website="",
            state=state,
            zone=site.timezone if site else "Europe/Paris",
            now=self.now,
        )

    def _site(self, authority_id: int, service: Service | None) -> Site | None:
        wanted = self.place.get(service.pk) if service else None
        own = [site for site in self.sites if site.authority_id == authority_id]
        chosen = [site for site in own if site.pk == wanted]
        return next(iter([*chosen, *own]), None)
