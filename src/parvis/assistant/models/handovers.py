"""Somebody asked for a person: by which way, who came, and how it ended."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.assistant.models.conversations import Conversation, OfConversation
from parvis.common.access import ScopedQuerySet


class Handover(models.Model):
    """A conversation goes to a person; one at a time is open."""

    class Way(models.TextChoices):
        CHAT = "chat", _("live conversation")
        CALLBACK = "callback", _("call back")
        APPOINTMENT = "appointment", _("appointment")
        MESSAGE = "message", _("message")
        CLOSED = "closed", _("telephone and opening hours")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("hand-over", "waiting")
        TAKEN = "taken", pgettext_lazy("hand-over", "taken")
        ENDED = "ended", pgettext_lazy("hand-over", "ended")
        MISSED = "missed", _("nobody came")
        GIVEN_UP = "given_up", _("the person left")

    OPEN = ("waiting", "taken")

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="handovers")
    way = models.CharField(max_length=12, choices=Way)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    last_seen_person = models.DateTimeField(null=True, blank=True)
    last_seen_agent = models.DateTimeField(null=True, blank=True)
    typed_person = models.DateTimeField(null=True, blank=True)
    typed_agent = models.DateTimeField(null=True, blank=True)
    closing_told = models.BooleanField(default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = OfConversation["Handover"].as_manager()

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(state__in=["waiting", "taken"]),
                name="assistant_one_open_handover",
            ),
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="assistant_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "taken"], ended_at__isnull=True)
                | (~Q(state__in=["waiting", "taken"]) & Q(ended_at__isnull=False)),
                name="assistant_ended_has_hour",
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="assistant_handover_line")]


class Duty(models.Model):
    """An agent who takes conversations, as long as their page gives signs of life."""

    agent = models.OneToOneField("accounts.Agent", models.CASCADE, related_name="duty")
    authority = models.ForeignKey("organisations.Authority", models.CASCADE, related_name="+")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    objects = ScopedQuerySet["Duty"].as_manager()

    class Meta:
        verbose_name = _("on duty for conversations")
        verbose_name_plural = _("on duty for conversations")
        indexes = [models.Index(fields=["authority", "seen_at"], name="assistant_on_duty")]
