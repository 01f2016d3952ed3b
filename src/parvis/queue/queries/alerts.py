"""Who asked to be told when it is nearly their turn."""

from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from parvis.organisations.models import Site
from parvis.queue import rules
from parvis.queue.models import Alert, Ticket
from parvis.queue.queries.hall import Hall

# From the few open alerts to their tickets: given a join, SQLite may go the other way round and
# look at every ticket that a site ever had.
# In SQL: asked at every call, and the ORM takes five times as long to put the question. It starts
# at the open alerts: a join goes on SQLite through every ticket of a site.
SOMEBODY = f"""
SELECT 1 FROM queue_alert a WHERE a.told_at IS NULL AND a.address <> '' AND EXISTS (
    SELECT 1 FROM queue_ticket w
    WHERE w.id = a.ticket_id AND w.site_id = {{site}} AND w.state = '{rules.WAITING}'
    AND w.id <> {{but}})
LIMIT 1
"""  # noqa: S608


def alerts_of(ticket: Ticket) -> dict[str, Alert]:
    """What somebody asked for, by channel."""
    return {alert.channel: alert for alert in ticket.alerts.all()}


def has_alerts(site_id: int) -> bool:
    """Does anybody in line at a site still wait to be told?"""
    with connection.cursor() as cursor:
        cursor.execute(SOMEBODY.format(site="%s", but=0), [site_id])
        return cursor.fetchone() is not None


def open_alerts(site: Site, now: datetime) -> QuerySet[Alert]:
    """The alerts of those in line who were not told yet."""
    return _open().filter(ticket__site=site).select_related("ticket__site").order_by("id")


def sites_with_alerts() -> QuerySet[Site]:
    """The sites at which somebody waits to be told."""
    return Site.objects.filter(pk__in=_open().values("ticket__site_id"))


def _open() -> QuerySet[Alert]:
    return Alert.objects.filter(told_at=None, ticket__state=rules.WAITING).exclude(address="")


def alert_to_mail(pk: int) -> Alert | None:
    """An alert whose address is still there."""
    rows = Alert.objects.exclude(address="").select_related("ticket__site")
    return rows.filter(pk=pk).first()


def alerts_of_no_use(now: datetime) -> QuerySet[Alert]:
    """Alerts that nobody was told of and nobody will be: their addresses have to go."""
    over = ~Q(ticket__state__in=[rules.WAITING, rules.HELD]) | Q(at__lt=now - rules.HALL_DAY)
    return Alert.objects.filter(over, told_at=None)


def place_in(hall: Hall, ticket_id: int) -> int | None:
    """How many are before somebody in a hall that was read; None when not in line."""
    me = hall.place_of(ticket_id)
    return rules.before(hall.calling_desks, hall.line, me) if me else None
