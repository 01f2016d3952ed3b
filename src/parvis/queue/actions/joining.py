"""Taking a place without an agent: at the kiosk, or by telephone from the poster at the door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import codes, idempotency, journal, throttle
from parvis.common.errors import Refused
from parvis.organisations.models import Site, Topic
from parvis.queue import claims, queries, rules
from parvis.queue.actions.printing import print_slip
from parvis.queue.actions.tickets import Issued, issue_ticket
from parvis.queue.models import Poster, Printer, Source, Ticket

# A rush at the doors fits, a child hammering the screen does not.
KIOSK_TICKETS: Final = throttle.Limit("kiosk", burst=20, seconds=3)
PHONE_TICKETS: Final = throttle.Limit("join", burst=10, seconds=60)
# Nobody walks up, chooses and taps in less; a finger that stays on the glass does.
COOL_DOWN: Final = timedelta(seconds=3)


@dataclass(frozen=True)
class AtKiosk:
    """A kiosk: its site, a mark of the machine, of its address, and the printer beside it."""

    site: Site
    mark: str
    address: str
    printer: Printer | None = None


@transaction.atomic
def take_at_kiosk(
    kiosk: AtKiosk,
    topic: Topic,
    *,
    now: datetime,
    priority: str = "",
    language: str = "",
    topics: Sequence[Topic] = (),
) -> str:
    """Give the next place, or the one given for this a moment ago; returns its page's secret."""
    site = kiosk.site
    throttle.take(KIOSK_TICKETS, f"{site.pk}:{kiosk.address}", now=now)
    # The next person, who comes for something else, is quick but no bouncing finger.
    reasons = "-".join(str(one.pk) for one in (topic, *topics))
    scope = f"kiosk:{site.pk}:{reasons}:{kiosk.mark}"[:80]
    if just_given := idempotency.lately(scope, since=now - COOL_DOWN):
        return just_given.text
    issued = issue_ticket(
        site,
        topic,
        now=now,
        source=Source.KIOSK,
        priority=priority,
        language=language,
        topics=topics,
    )
    if kiosk.printer is not None:
        print_slip(issued, printer=kiosk.printer, now=now)
    idempotency.once(
        lambda: idempotency.Answer(201, issued.secret),
        scope=scope,
        key=str(issued.ticket.pk),
        mark="",
        now=now,
    )
    return issued.secret


@dataclass(frozen=True)
class Device:
    """A telephone at the door, known by a mark of its own cookie and one of its address."""

    mark: str
    address: str


@transaction.atomic
def join_by_phone(
    poster: Poster,
    topic: Topic,
    *,
    device: Device,
    now: datetime,
    priority: str = "",
    language: str = "",
) -> Issued:
    """Take a place from the poster at the door, within the limits against joining on spec."""
    site = poster.site
    if poster.ended_at is not None:
        raise Refused(ended_sentence(), code="poster_ended")
    throttle.take(PHONE_TICKETS, f"{site.pk}:{device.address}", now=now)
    _check_limits(site, device, now)
    return issue_ticket(
        site,
        topic,
        now=now,
        source=Source.PHONE,
        priority=priority,
        language=language,
        device_hash=device.mark,
    )


def ended_sentence() -> str:
    """What somebody reads who scanned an old poster."""
    return _("This poster is out of use. Scan the one at the door now, or use the kiosk.")


def _check_limits(site: Site, device: Device, now: datetime) -> None:
    decided = queries.hall_rules(site)
    if not decided.phone_open:
        raise Refused(
            _("Joining by telephone is switched off. Please take a ticket at the kiosk."),
            code="phone_closed",
        )
    waiting = queries.phone_tickets_waiting(site, since=now - rules.HALL_DAY)
    if waiting >= decided.phone_limit:
        raise Refused(
            _("Many people joined by telephone already. Please take a ticket at the kiosk."),
            code="phone_full",
        )
    today = Ticket.objects.filter(device_hash=device.mark, issued_at__gt=now - timedelta(days=1))
    if today.filter(site=site).count() >= decided.phone_per_day:
        raise Refused(
            _("This telephone took several tickets today. Please come to the kiosk or a desk."),
            code="phone_often",
        )


@transaction.atomic
def renew_poster(site: Site, *, agent: Agent, now: datetime) -> Poster:
    """Make the poster at the door; the one before it opens nothing any more."""
    _end(site, now)
    poster = Poster.objects.create(
        site=site, secret=codes.new_secret()[:16], agent=agent, made_at=now
    )
    journal.record(agent, "queue.poster_made", poster)
    claims.bump_version(site.pk)
    return poster


@transaction.atomic
def end_poster(site: Site, *, agent: Agent, now: datetime) -> None:
    """Take the poster away: nobody joins by telephone until there is a new one."""
    for poster in _end(site, now):
        journal.record(agent, "queue.poster_ended", poster)


def _end(site: Site, now: datetime) -> list[Poster]:
    standing = Poster.objects.select_for_update().filter(site=site, ended_at=None)
    ended = list(standing)
    Poster.objects.filter(pk__in=[poster.pk for poster in ended]).update(ended_at=now)
    return ended
