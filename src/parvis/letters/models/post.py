"""The two registers of a mail room: what came, and what left."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.common.access import Actor, M, ScopedQuerySet
from parvis.letters.models.letters import Letter


class OfService(ScopedQuerySet[M]):
    """The register of the house; the post of a sensitive service is read there only."""

    def visible_to(self, actor: Actor) -> Self:
        own_service = getattr(actor, "service_id", None)
        return self.filter(
            Q(service__is_sensitive=False) | Q(service_id=own_service),
            authority_id=actor.authority_id,
        )


class PostNumber(models.Model):
    """The last number of a register in a year: numbers follow each other, none is used twice."""

    class Way(models.TextChoices):
        IN = "in", _("incoming post")
        OUT = "out", _("outgoing post")

    authority = models.ForeignKey("organisations.Authority", models.PROTECT, related_name="+")
    way = models.CharField(max_length=3, choices=Way)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    objects = ScopedQuerySet["PostNumber"].as_manager()

    class Meta:
        verbose_name = _("number of the post register")
        verbose_name_plural = _("numbers of the post register")
        constraints = [
            models.UniqueConstraint(fields=["authority", "way", "year"], name="letters_number_row")
        ]


class IncomingPost(models.Model):
    """A letter that came: its three days, who wrote, what became of it."""

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="incoming_post"
    )
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    posted_on = models.DateField(
        _("posted on"), null=True, blank=True, help_text=_("The day of the postmark.")
    )
    received_on = models.DateField(pgettext_lazy("post", "received on"))
    registered_at = models.DateTimeField()
    sender = models.CharField(pgettext_lazy("post", "from"), max_length=120)
    address = models.CharField(_("their address"), max_length=240, blank=True)
    subject = models.CharField(_("what it is about"), max_length=160)
    registered_number = models.CharField(
        _("number of the registered letter"), max_length=40, blank=True
    )
    topic = models.ForeignKey(
        "organisations.Topic", models.PROTECT, related_name="+", verbose_name=_("topic")
    )
    service = models.ForeignKey("organisations.Service", models.PROTECT, related_name="+")
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="incoming_post"
    )
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    # The scan, by the hash of its content.
    scan = models.CharField(max_length=64, blank=True)
    scan_name = models.CharField(max_length=120, blank=True)
    scan_kind = models.CharField(max_length=40, blank=True)
    scan_size = models.PositiveIntegerField(default=0)

    objects = OfService["IncomingPost"].as_manager()

    class Meta:
        verbose_name = _("incoming letter")
        verbose_name_plural = _("incoming post")
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "year", "number"], name="letters_incoming_number"
            ),
            models.CheckConstraint(
                condition=Q(posted_on__isnull=True) | Q(received_on__gte=F("posted_on")),
                name="letters_posted_before_received",
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "received_on"], name="letters_incoming_day"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its number as it is stamped: A-2026-00041."""
        return f"A-{self.year}-{self.number:05d}"


class OutgoingPost(models.Model):
    """Something that left on paper: when, to whom, under which number."""

    class Way(models.TextChoices):
        POST = "post", _("by post")
        REGISTERED = "registered", _("registered letter")
        HANDED = "handed", pgettext_lazy("letter", "handed over")

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="outgoing_post"
    )
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    posted_on = models.DateField(_("posted or handed over on"))
    way = models.CharField(_("how"), max_length=10, choices=Way, default=Way.POST)
    registered_number = models.CharField(
        _("number of the registered letter"), max_length=40, blank=True
    )
    recipient = models.CharField(pgettext_lazy("post", "to"), max_length=120)
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    subject = models.CharField(_("subject"), max_length=160)
    service = models.ForeignKey(
        "organisations.Service", models.PROTECT, related_name="+", verbose_name=_("service")
    )
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="outgoing_post"
    )
    letter = models.OneToOneField(
        Letter, models.PROTECT, null=True, blank=True, related_name="post"
    )
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfService["OutgoingPost"].as_manager()

    class Meta:
        verbose_name = _("outgoing letter")
        verbose_name_plural = _("outgoing post")
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "year", "number"], name="letters_outgoing_number"
            ),
            models.CheckConstraint(
                condition=~Q(way="registered") | ~Q(registered_number=""),
                name="letters_registered_has_number",
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "posted_on"], name="letters_outgoing_day"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its number as it is written on the letter: D-2026-00041."""
        return f"D-{self.year}-{self.number:05d}"
