"""The machines of a hall and its rules, as its manager decides; and what displays report."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.organisations.models import Site, Topic
from parvis.queue import claims, queries, visitors
from parvis.queue.models import HallRules, Printer, PrintJob, Screen

REPORTED_LATELY: Final = timedelta(seconds=20)  # more often, a report says nothing new
LONGEST_SLUG: Final = 50


@transaction.atomic
def keep_screen(
    screen: Screen, *, topics: Iterable[Topic], agent: Agent, changed: Collection[str] = ()
) -> Screen:
    """Write a display down, new or changed; it shows itself anew at once."""
    is_new = screen.pk is None
    if is_new:
        screen.slug = _free_slug(screen)
    try:
        with transaction.atomic():
            screen.save()
    except IntegrityError:
        raise Refused(_("There is already a display with this name here.")) from None
    screen.topics.set(topics)
    verb = "queue.screen_added" if is_new else "queue.screen_changed"
    journal.record(agent, verb, screen, fields=sorted(changed))
    claims.bump_version(screen.site_id)
    return screen


@transaction.atomic
def set_screen_in_use(screen: Screen, in_use: bool, *, agent: Agent) -> Screen:
    """Take a display out of use, or back."""
    Screen.objects.filter(pk=screen.pk).update(is_active=in_use)
    screen.is_active = in_use
    verb = "queue.screen_returned" if in_use else "queue.screen_retired"
    journal.record(agent, verb, screen)
    return screen


@transaction.atomic
def screen_reports(
    site: Site, slug: str, *, version: int, voiceless: Iterable[str] = (), now: datetime
) -> Screen | None:
    """What a display says of itself: it is alive, shows this version, lacks these voices."""
    if slug == queries.MAIN_SCREEN:
        screen, _made = Screen.objects.get_or_create(
            site=site, slug=slug, defaults={"name": "Principal"}
        )
    else:
        found = queries.screen_of(site, slug)
        if found is None:
            return None
        screen = found
    lacks = [code for code in visitors.known(()) if code in set(voiceless)]
    is_behind = version < queries.hall_version(site)
    seen = {
        "last_seen_at": now,
        "version_seen": version,
        "behind_since": (screen.behind_since or now) if is_behind else None,
        "voiceless": lacks,
    }
    # Anybody may speak for a display: at most a few small writes a minute come of it.
    lately = Q(last_seen_at__gt=now - REPORTED_LATELY, version_seen=version)
    Screen.objects.filter(pk=screen.pk).exclude(lately).update(**seen)
    return screen


@transaction.atomic
def keep_printer(printer: Printer, *, agent: Agent, changed: Collection[str] = ()) -> Printer:
    """Write a printer down, new or changed; what it could not print before is forgotten."""
    is_new = printer.pk is None
    printer.failing_since, printer.error = None, ""
    printer.save()
    verb = "queue.printer_added" if is_new else "queue.printer_changed"
    journal.record(agent, verb, printer, fields=sorted(changed))
    return printer


@transaction.atomic
def forget_printer(printer: Printer, *, agent: Agent, now: datetime) -> None:
    """Take a printer out of use; its slips are given up."""
    Printer.objects.filter(pk=printer.pk).update(is_active=False)
    waiting = PrintJob.objects.filter(printer=printer, state=PrintJob.State.WAITING)
    waiting.update(state=PrintJob.State.DROPPED, url="", ended_at=now)
    journal.record(agent, "queue.printer_retired", printer)


@transaction.atomic
def decide_hall_rules(site: Site, *, agent: Agent, **decided: Any) -> HallRules:
    """Write down what holds in a hall from now on."""
    rules, _made = HallRules.objects.update_or_create(site=site, defaults=decided)
    journal.record(agent, "queue.rules_decided", site, **decided)
    claims.bump_version(site.pk)
    return rules


def _free_slug(screen: Screen) -> str:
    """A short name for addresses, made of the name; it never changes afterwards."""
    base = slugify(screen.slug or screen.name)[: LONGEST_SLUG - 4] or "ecran"
    taken = set(Screen.objects.filter(site_id=screen.site_id).values_list("slug", flat=True))
    names = [base, *(f"{base}-{number}" for number in range(2, 100))]
    return next(name for name in names if name not in taken)
