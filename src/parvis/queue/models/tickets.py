"""Tickets: somebody's visit, its legs, what happened, and the numbers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.queue.models.scopes import OfSite, OfTicket


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
    PHONE = "phone", _("own telephone, at the door")
    PAPER = "paper", _("paper roll, written down later")
    BOOKED = "booked", _("appointment")


class Ticket(models.Model):
    """One person's visit, at one site, on one local day: a place in line, then a desk.

    Somebody who came for several topics has one ticket with several legs; ``topic`` is that of
    the leg under way.
    """

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
    # The order of the line: arrival, minus the fairness limit for a priority; of an appointment,
    # the booked time minus the limit. Never changes with a transfer or a further topic, so nobody
    # is overtaken by somebody who came more than the limit later; only letting others pass does.
    rank_at = models.DateTimeField()
    booked_at = models.DateTimeField(null=True, blank=True)  # of an appointment
    reserved_desk = models.ForeignKey(
        "organisations.Desk", models.PROTECT, null=True, blank=True, related_name="reserved"
    )
    # Kept for one colleague: transferred to a person, or back with a form that was filled in.
    reserved_agent = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="reserved"
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
    started_at = models.DateTimeField(null=True, blank=True)  # at the desk, for this leg
    ended_at = models.DateTimeField(null=True, blank=True)
    transfers = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)  # for the next desk, from a transfer
    # The wait as it was announced when the ticket was taken; empty when none could be.
    announced_low = models.PositiveSmallIntegerField(null=True, blank=True)  # minutes
    announced_high = models.PositiveSmallIntegerField(null=True, blank=True)  # minutes
    let_past = models.PositiveSmallIntegerField(default=0)  # how often they let others go first
    device_hash = models.CharField(max_length=64, blank=True)  # of the telephone at the door
    entered_at = models.DateTimeField(null=True, blank=True)  # a paper number, written down later
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
            models.Index(
                fields=["device_hash", "-id"],
                condition=~Q(device_hash=""),
                name="queue_by_device",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """What is shown and called out: the letter and the number."""
        return f"{self.series}\u00a0{self.number}"


class Leg(models.Model):
    """One topic of a visit: planned, under way, or ended with its outcome and its contact."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="legs")
    position = models.PositiveSmallIntegerField()  # 1 for the topic of the ticket as it was taken
    topic = models.ForeignKey("organisations.Topic", models.PROTECT, related_name="+")
    waiting_since = models.DateTimeField(null=True, blank=True)  # None: planned, not begun
    called_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=12, blank=True)  # kind of the event that ended it
    outcome = models.CharField(max_length=20, blank=True)
    desk = models.ForeignKey("organisations.Desk", models.PROTECT, null=True, blank=True)
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, null=True, blank=True)
    contact = models.OneToOneField(
        "contacts.Contact", models.SET_NULL, null=True, blank=True, related_name="leg"
    )

    objects = OfTicket.as_manager()

    class Meta:
        verbose_name = _("leg of a visit")
        verbose_name_plural = _("legs of a visit")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "position"], name="queue_leg_place"),
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(waiting_since__isnull=False, ended_at=None),
                name="queue_one_leg_under_way",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(ended_by=""), name="queue_leg_ended_by"
            ),
        ]

    @property
    def is_planned(self) -> bool:
        """Still to come: neither begun nor given up."""
        return self.waiting_since is None and self.ended_at is None

    @property
    def is_under_way(self) -> bool:
        """Waiting for it, or at the desk for it."""
        return self.waiting_since is not None and self.ended_at is None


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
