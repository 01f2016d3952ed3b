"""Passing a case on, how many cases are enough, and the protocol that is followed in a case."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.cases.models.cases import Case, OfCase
from parvis.common.access import ScopedQuerySet


class Handover(models.Model):
    """A case offered to a colleague with a note; whoever gives it answers until it is accepted."""

    class State(models.TextChoices):
        OFFERED = "offered", _("offered")
        LEFT = "left", _("taken on because somebody left")
        ACCEPTED = "accepted", _("accepted")
        RETURNED = "returned", _("given back")
        WITHDRAWN = "withdrawn", _("withdrawn")

    case = models.ForeignKey(Case, models.PROTECT, related_name="handovers")
    giver = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    receiver = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="handovers")
    by = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    deputy = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.TextField(_("why, for the person"), blank=True)
    promised = models.TextField(_("what was promised"), blank=True)
    next_step = models.CharField(_("the next step"), max_length=200, blank=True)
    by_when = models.DateField(_("by when"), null=True, blank=True)
    because = models.CharField(_("why this colleague all the same"), max_length=200, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.OFFERED)
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("why it is given back"), max_length=300, blank=True)

    objects = OfCase.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["offered_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=["offered", "left"]),
                name="cases_one_handover_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(giver=None) | ~Q(giver=F("receiver")), name="cases_handover_to_another"
            ),
            models.CheckConstraint(
                condition=~Q(state="offered")
                | Q(by_when__isnull=False) & ~Q(why="") & ~Q(promised="") & ~Q(next_step=""),
                name="cases_handover_has_note",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(answer=""), name="cases_given_back_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["offered", "left"]) | Q(answered_at__isnull=False),
                name="cases_handover_answered",
            ),
        ]
        indexes = [models.Index(fields=["receiver", "state"], name="cases_handovers_to")]


class LoadCaps(ScopedQuerySet["LoadCap"]):
    """How many cases are enough, for a whole authority."""

    scope = "service__authority_id"


class LoadCap(models.Model):
    """How many running cases are enough for anybody of a service, or for one colleague."""

    service = models.ForeignKey("organisations.Service", models.CASCADE, related_name="load_caps")
    agent = models.ForeignKey(
        "accounts.Agent", models.CASCADE, null=True, blank=True, related_name="load_caps"
    )
    most = models.PositiveSmallIntegerField(_("cases at most"))

    objects = LoadCaps.as_manager()

    class Meta:
        verbose_name = _("load cap")
        verbose_name_plural = _("load caps")
        constraints = [
            models.UniqueConstraint(
                fields=["service"], condition=Q(agent=None), name="cases_one_cap_per_service"
            ),
            models.UniqueConstraint(fields=["service", "agent"], name="cases_one_cap_per_agent"),
            models.CheckConstraint(condition=Q(most__gte=1), name="cases_cap_leaves_work"),
        ]


class CaseStep(models.Model):
    """A step of a protocol done in a case: by whom, when, with which version of the sheet."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    version = models.ForeignKey("knowledge.SheetVersion", models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField()  # counted from one, in that version
    title = models.CharField(max_length=200)  # as it was then
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    deviation = models.OneToOneField(
        "knowledge.ProtocolDeviation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="case_step",
    )

    objects = OfCase.as_manager()

    class Meta:
        verbose_name = _("step done in a case")
        verbose_name_plural = _("steps done in cases")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "version", "step"], name="cases_step_done_once")
        ]
