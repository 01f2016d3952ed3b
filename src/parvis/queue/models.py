"""The hall: tickets, what happened to them, numbers, and who is at which desk."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.common.access import M, ScopedQuerySet


class OfTicket(ScopedQuerySet[M]):
    """Rows that reach their authority by another row."""

    scope = "ticket__site__authority_id"


class OfDesk(ScopedQuerySet[M]):
    """Rows that reach their authority by another row."""

    scope = "desk__site__authority_id"


class OfSite(ScopedQuerySet[M]):
    """Rows that reach their authority by another row."""

    scope = "site__authority_id"


class Priority(models.TextChoices):
    """Why somebody goes first; a category, never a medical reason."""

    NONE = "", _("none")
    REDUCED_MOBILITY = "reduced_mobility", _("reduced mobility")
    PREGNANT = "pregnant", _("pregnancy")
    CHILD = "child", _("with a small child")
    ELDERLY = "elderly", _("great age")
    CARD = "card", _("priority card")


class Source(models.TextChoices):
    """How the ticket was taken."""

    KIOSK = "kiosk", _("kiosk")
    AGENT = "agent", _("agent")
    API = "api", _("another program")


class Ticket(models.Model):
    """One person's place in line, at one site, on one local day."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CALLED = "called", _("called")
        SERVING = "serving", _("at the desk")
        HELD = "held", _("on hold")
        DONE = "done", _("finished")
        NO_SHOW = "no_show", _("did not come")
        LEFT = "left", _("left")

    site = models.ForeignKey("organisations.Site", models.PROTECT, related_name="tickets")
    topic = models.ForeignKey("organisations.Topic", models.PROTECT, related_name="tickets")
    day = models.DateField()  # local day of the site
    series = models.CharField(max_length=2)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    priority = models.CharField(max_length=16, choices=Priority, blank=True)
    source = models.CharField(max_length=6, choices=Source)
    name = models.CharField(_("name"), max_length=80, blank=True)
    language = models.CharField(max_length=5, blank=True)
    person = models.ForeignKey("contacts.Person", models.SET_NULL, null=True, blank=True)
    needs = models.JSONField(default=list, blank=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    # The order of the line: arrival, minus the fairness limit for a priority. Never changes with
    # a transfer, so nobody is overtaken by somebody who came more than the limit later.
    rank_at = models.DateTimeField()
    reserved_desk = models.ForeignKey(
        "organisations.Desk", models.PROTECT, null=True, blank=True, related_name="reserved"
    )
    desk = models.ForeignKey(
        "organisations.Desk", models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    agent = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    called_at = models.DateTimeField(null=True, blank=True)  # first call
    last_call_at = models.DateTimeField(null=True, blank=True)  # last call or recall
    calls = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    transfers = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)  # for the next desk, from a transfer
    contact = models.OneToOneField(
        "contacts.Contact", models.SET_NULL, null=True, blank=True, related_name="ticket"
    )

    objects = OfSite.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "day", "series", "number"], name="queue_number_once"
            ),
            models.UniqueConstraint(
                fields=["desk"],
                condition=Q(state__in=["called", "serving"]),
                name="queue_one_ticket_per_desk",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["called", "serving", "held"])
                | Q(called_at__isnull=False, desk__isnull=False),
                name="queue_called_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "no_show", "left"]) | Q(ended_at__isnull=False),
                name="queue_ended_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["site", "rank_at", "id"],
                condition=Q(state="waiting"),
                name="queue_line",
            ),
            # The last calls of a hall, whatever became of them: a person called and served within
            # a second is still on the screen.
            models.Index(
                fields=["site", "-last_call_at", "-id"],
                condition=Q(last_call_at__isnull=False),
                name="queue_last_calls",
            ),
            models.Index(fields=["site", "day"], name="queue_by_day"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """What is shown and called out: the letter and the number."""
        return f"{self.series}\u00a0{self.number}"


class TicketEvent(models.Model):
    """One thing that happened to a ticket; append-only, and the only source of statistics."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12)
    desk = models.ForeignKey("organisations.Desk", models.PROTECT, null=True, blank=True)
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, null=True, blank=True)
    data = models.JSONField(default=dict)

    objects = OfTicket.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["desk", "-id"], name="queue_acts_of_desk")]


class TicketCounter(models.Model):
    """The last number given of a series, at a site, on a local day: gapless under any load."""

    site = models.ForeignKey("organisations.Site", models.PROTECT, related_name="+")
    day = models.DateField()
    series = models.CharField(max_length=2)
    last = models.PositiveIntegerField()

    objects = OfSite.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "day", "series"], name="queue_one_counter")
        ]


class HallVersion(models.Model):
    """Grows with every change that a screen of the site may show."""

    site = models.OneToOneField(
        "organisations.Site", models.CASCADE, primary_key=True, related_name="hall_version"
    )
    number = models.PositiveBigIntegerField(default=0)

    objects = OfSite.as_manager()


class DeskSession(models.Model):
    """An agent at a desk, from sitting down to leaving, with the pauses."""

    class Status(models.TextChoices):
        OPEN = "open", _("receiving")
        PAUSE = "pause", _("on a break")

    desk = models.ForeignKey("organisations.Desk", models.PROTECT, related_name="sessions")
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="desk_sessions")
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = OfDesk.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk"], condition=Q(closed_at=None), name="queue_one_agent_per_desk"
            ),
            models.UniqueConstraint(
                fields=["agent"], condition=Q(closed_at=None), name="queue_one_desk_per_agent"
            ),
        ]
