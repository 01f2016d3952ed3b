"""The hall of a site: its rules, its version, who sits where, its messages, notes and talk."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.queue.models.reasons import LateReason
from parvis.queue.models.scopes import OfDesk, OfSite


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
        BACK_OFFICE = "back_office", _("in the back office")

    desk = models.ForeignKey("organisations.Desk", models.PROTECT, related_name="sessions")
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="desk_sessions")
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    status_since = models.DateTimeField(null=True, blank=True)  # None: since it was opened
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


class HallRules(models.Model):
    """What the head of reception decided for a hall; without a row, these defaults."""

    site = models.OneToOneField(
        "organisations.Site", models.CASCADE, primary_key=True, related_name="hall_rules"
    )
    phone_open = models.BooleanField(_("people may join from a telephone"), default=True)
    phone_limit = models.PositiveSmallIntegerField(
        _("telephone tickets waiting at once, at most"), default=15
    )
    phone_per_day = models.PositiveSmallIntegerField(
        _("telephone tickets per device and day, at most"), default=3
    )
    lets_past = models.PositiveSmallIntegerField(
        _("how often somebody may let two people past"), default=2
    )
    back_minutes = models.PositiveSmallIntegerField(
        _("minutes within which a missed or left place may be taken up again"), default=30
    )
    early_minutes = models.PositiveSmallIntegerField(
        _("appointments: check-in opens this many minutes before"), default=60
    )
    late_minutes = models.PositiveSmallIntegerField(
        _("appointments: later than this, the ordinary line"), default=10
    )
    pause_minutes = models.PositiveSmallIntegerField(
        _("a colleague away longer than this: those kept for them return to the line"), default=10
    )
    languages = models.JSONField(_("languages of the kiosk and the screens"), default=list)

    objects = OfSite.as_manager()


class HallNotice(models.Model):
    """“We are late because…”: a message to everyone waiting, or to those of one topic."""

    site = models.ForeignKey("organisations.Site", models.PROTECT, related_name="hall_notices")
    topic = models.ForeignKey(
        "organisations.Topic", models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=12, choices=LateReason, blank=True)
    text = models.CharField(_("message to everyone waiting"), max_length=200, blank=True)
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)  # None: until somebody takes it away
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OfSite.as_manager()

    class Meta:
        verbose_name = _("message to everyone waiting")
        verbose_name_plural = _("messages to everyone waiting")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="") | ~Q(text=""), name="queue_notice_says_something"
            )
        ]
        indexes = [
            models.Index(fields=["site"], condition=Q(ended_at=None), name="queue_notices_shown"),
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """What people read: the ready-made reason in their language, then the agent's words."""
        return " ".join(part for part in (self.get_reason_display(), self.text) if part)


class DayNote(models.Model):
    """What colleagues of a hall must know today: the market moved, the ID printer is down."""

    site = models.ForeignKey("organisations.Site", models.PROTECT, related_name="day_notes")
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"))
    text = models.CharField(_("note"), max_length=300)
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OfSite.as_manager()

    class Meta:
        verbose_name = _("note of the day")
        verbose_name_plural = _("notes of the day")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="queue_note_days"
            ),
        ]
        indexes = [models.Index(fields=["site", "last_day"], name="queue_notes_by_day")]


class HallMessage(models.Model):
    """A word between colleagues of a hall, to everybody or to one of them; kept for a day."""

    site = models.ForeignKey("organisations.Site", models.PROTECT, related_name="hall_messages")
    author = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    to = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="hall_messages"
    )
    text = models.CharField(_("message"), max_length=300)
    at = models.DateTimeField()

    objects = OfSite.as_manager()

    class Meta:
        verbose_name = _("message between colleagues")
        verbose_name_plural = _("messages between colleagues")
        ordering = ["id"]
        indexes = [models.Index(fields=["site", "-id"], name="queue_talk")]


class HallMessageSeen(models.Model):
    """How far a colleague has read what the hall says."""

    site = models.ForeignKey("organisations.Site", models.CASCADE, related_name="+")
    agent = models.ForeignKey("accounts.Agent", models.CASCADE, related_name="+")
    message_id = models.PositiveBigIntegerField(default=0)  # the last one read

    objects = OfSite.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "agent"], name="queue_talk_read_once")
        ]
