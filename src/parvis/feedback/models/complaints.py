"""What went wrong: a complaint of the person, an incident that a colleague went through."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.common.access import Actor, ScopedQuerySet


class ComplaintQuerySet(ScopedQuerySet["Complaint"]):
    """Read by the house; of a sensitive service, and by services, only their own."""

    def visible_to(self, actor: Actor) -> Self:
        own = self.filter(authority_id=actor.authority_id)
        service_id = getattr(actor, "service_id", None)
        if actor.may("queue.work") or actor.may("quality.read"):
            return own.filter(Q(service__is_sensitive=False) | Q(service_id=service_id))
        return own.filter(service_id=service_id)


class Complaint(models.Model):
    """Somebody says that they were not served as they should be; a colleague owes the answer."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        TAKEN = "taken", _("being looked at")
        ANSWERED = "answered", _("answer given")

    class Verdict(models.TextChoices):
        YES = "yes", _("justified")
        PARTLY = "partly", _("justified in part")
        NO = "no", _("not justified")

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="complaints"
    )
    service = models.ForeignKey("organisations.Service", models.PROTECT, related_name="complaints")
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="complaints"
    )
    channel = models.CharField(max_length=10)
    received_at = models.DateTimeField()
    words = models.TextField(_("what happened"))
    wanted = models.CharField(_("what would put it right"), max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    recorded_by = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="complaints"
    )
    take_by = models.DateField()
    due_on = models.DateField()
    taken_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["authority", "state", "due_on"], name="feedback_owed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="received", owner__isnull=True, taken_at__isnull=True)
                | (~Q(state="received") & Q(owner__isnull=False, taken_at__isnull=False)),
                name="feedback_taken_has_owner",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered")
                | (Q(answered_at__isnull=False) & ~Q(answer="") & ~Q(verdict="")),
                name="feedback_answered_is_whole",
            ),
        ]


class Incident(models.Model):
    """A colleague was insulted, threatened or worse: somebody sees to it, by a day."""

    class Kind(models.TextChoices):
        WORDS = "words", _("insult, contempt")
        THREAT = "threat", _("threat")
        DAMAGE = "damage", _("damage")
        ASSAULT = "assault", _("physical assault")
        OTHER = "other", _("something else")

    class State(models.TextChoices):
        REPORTED = "reported", _("reported")
        TAKEN = "taken", _("being seen to")
        SETTLED = "settled", _("settled")

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="incidents"
    )
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="incidents"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    severity = models.PositiveSmallIntegerField(_("severity"))  # 1 to 4
    happened_at = models.DateTimeField()
    reported_by = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="incidents")
    words = models.TextField(_("what happened"), blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.REPORTED)
    owner = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField()
    settled_at = models.DateTimeField(null=True, blank=True)
    done = models.TextField(_("what was done"), blank=True)

    objects = ScopedQuerySet["Incident"].as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(severity__range=(1, 4)), name="feedback_severity_of_four"
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | (Q(settled_at__isnull=False) & ~Q(done="")),
                name="feedback_settled_says_how",
            ),
        ]
