"""The machines of a hall and its rules: displays, printers, the poster, the languages."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from parvis.common.access import Actor
from parvis.organisations.models import Desk, Site, Topic, TopicFamily
from parvis.queue import rules, visitors
from parvis.queue.models import DeskSession, HallRules, Poster, Printer, PrintJob, Screen, Ticket
from parvis.queue.models import Source as TicketSource
from parvis.queue.queries.kept import hall_rules
from parvis.queue.rules import rolls

SILENT_AFTER = timedelta(minutes=3)  # three reports missed
BEHIND_AFTER = timedelta(seconds=60)
MAIN_SCREEN = "principal"  # what shows the whole hall, at the address without a name


def languages_of(site: Site) -> list[str]:
    """The languages that people are spoken to in a hall."""
    chosen = HallRules.objects.filter(site=site).values_list("languages", flat=True).first()
    return visitors.known(chosen or ())


def halls_of(actor: Actor) -> QuerySet[Site]:
    """The sites of an authority that receive people, by name."""
    receives = Desk.objects.filter(site=OuterRef("pk"), is_active=True)
    sites = Site.objects.visible_to(actor).filter(Exists(receives), is_active=True)
    return sites.select_related("authority").order_by("name")


def sits_at(actor: Actor) -> int | None:
    """The site of the desk at which an agent sits now."""
    sitting = DeskSession.objects.filter(agent_id=actor.pk, closed_at=None)
    return sitting.values_list("desk__site_id", flat=True).first()


def desk_where(actor: Actor) -> int | None:
    """The desk at which an agent sits now."""
    sitting = DeskSession.objects.filter(agent_id=actor.pk, closed_at=None)
    return sitting.values_list("desk_id", flat=True).first()


def screen_of(site: Site, slug: str) -> Screen | None:
    """A display in use, by its short name."""
    return Screen.objects.filter(site=site, slug=slug, is_active=True).first()


def topics_of_screen(site: Site, slug: str) -> frozenset[int] | None:
    """The topics that a display is for, none meaning all of them; None: no such display."""
    if slug in {"", MAIN_SCREEN} and screen_of(site, MAIN_SCREEN) is None:
        return frozenset()
    screen = screen_of(site, slug or MAIN_SCREEN)
    return None if screen is None else frozenset(screen.topics.values_list("pk", flat=True))


def screens_of(site: Site) -> QuerySet[Screen]:
    """The displays of a hall, those in use first."""
    screens = Screen.objects.filter(site=site).prefetch_related("topics__family")
    return screens.order_by("-is_active", "name")


@dataclass(frozen=True)
class Health:
    """How a machine is, as a word of the page and since when."""

    kind: str
    since: datetime | None = None


def screen_health(screen: Screen, *, now: datetime) -> Health:
    """Never seen, silent, behind, or well."""
    if screen.last_seen_at is None:
        return Health("never")
    if now - screen.last_seen_at > SILENT_AFTER:
        return Health("silent", screen.last_seen_at)
    if screen.behind_since and now - screen.behind_since > BEHIND_AFTER:
        return Health("behind", screen.behind_since)
    return Health("well", screen.last_seen_at)


def printers_of(site: Site) -> QuerySet[Printer]:
    """The ticket printers of a hall, those in use first."""
    return Printer.objects.filter(site=site).order_by("-is_active", "name")


def printer_health(printer: Printer) -> Health:
    """Failing, never printed, or well."""
    if printer.failing_since:
        return Health("failing", printer.last_printed_at or printer.failing_since)
    if printer.last_printed_at is None:
        return Health("never")
    return Health("well", printer.last_printed_at)


def printer_for(site: Site, wanted: str = "") -> Printer | None:
    """The printer beside a kiosk: the one its address names, else the first in use."""
    printers = Printer.objects.filter(site=site, is_active=True).order_by("id")
    if wanted:
        printers = printers.filter(pk=int(wanted[:9]))
    return printers.first()


def waiting_slips(printer: Printer) -> QuerySet[PrintJob]:
    """What a printer has still to print, oldest first."""
    return printer.jobs.filter(state=PrintJob.State.WAITING).order_by("id")


def poster_of(site: Site) -> Poster | None:
    """The poster that opens the line now."""
    return Poster.objects.filter(site=site, ended_at=None).select_related("agent").first()


def poster_by_secret(secret: str) -> Poster | None:
    """The poster that somebody scanned, ended or not."""
    posters = Poster.objects.filter(secret=secret, site__is_active=True)
    return posters.select_related("site__authority").first()


def phone_tickets_waiting(site: Site, *, since: datetime) -> int:
    """How many who joined from a telephone wait at a site."""
    waiting = Ticket.objects.filter(site=site, state=Ticket.State.WAITING, rank_at__gt=since)
    return waiting.filter(source=TicketSource.PHONE).count()


def paper_series(site: Site) -> str:
    """The letters of the paper roll here: none that the kiosk gives."""
    families = TopicFamily.objects.filter(authority_id=site.authority_id)
    return rolls.series_for(set(families.values_list("series", flat=True)))


def paper_tickets(site: Site, day: date) -> QuerySet[Ticket]:
    """The paper numbers of a day that were written down, in the order of the roll."""
    rows = Ticket.objects.filter(site=site, day=day, source=TicketSource.PAPER)
    return rows.select_related("topic", "agent__entry").order_by("number")


def may_come_back(site: Site, now: datetime) -> QuerySet[Ticket]:
    """Who was called in vain, set aside or went away, and may take their place up again."""
    since = now - timedelta(minutes=hall_rules(site).back_minutes)
    states = [Ticket.State.HELD, Ticket.State.NO_SHOW, Ticket.State.LEFT]
    rows = Ticket.objects.filter(site=site, state__in=states, rank_at__gt=now - rules.HALL_DAY)
    lately = Q(ended_at__gt=since) | Q(state=Ticket.State.HELD)
    return rows.filter(lately).exclude(entered_at__gt=F("ended_at")).order_by("series", "number")


def further_topics(ticket: Ticket) -> list[Topic]:
    """What somebody comes for besides the first topic, in the order planned."""
    legs = ticket.legs.filter(position__gt=1).select_related("topic")
    return [leg.topic for leg in legs]
