"""What the law says of each kind of request, as the authority has checked it."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.cases import rules
from parvis.common.access import ScopedQuerySet
from parvis.organisations.models import in_reader_language


class Silence(models.TextChoices):
    """What the silence of the authority is worth at the end of the time."""

    ACCEPTANCE = "acceptance", _("the request is accepted")
    REJECTION = "rejection", _("the request is refused")
    NONE = "none", _("nothing: it has no effect")


class Exemption(models.TextChoices):
    """Why no receipt is owed."""

    FAST = "fast", _("a favourable decision comes within fifteen days (R112-4)")
    SIMPLE = "simple", _("only the conditions for a document or benefit are checked (R112-4)")
    ABUSIVE = "abusive", _("abusive requests, by number or repetition (L112-3)")
    STAFF = "staff", _("a request of one of our own agents (L112-2)")


class Procedure(models.Model):
    """A kind of request: what silence means, after how long, and what its receipt says."""

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="procedures"
    )
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    topics = models.ManyToManyField(
        "organisations.Topic",
        through="ProcedureTopic",
        related_name="procedures",
        verbose_name=_("topics"),
    )
    silence = models.CharField(
        _("without an answer"), max_length=10, choices=Silence, default=Silence.REJECTION
    )
    months = models.PositiveSmallIntegerField(
        _("after how many months"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
    )
    legal_reference = models.CharField(_("legal reference"), max_length=200, blank=True)
    source = models.URLField(_("address of the source"), max_length=300, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    in_official_list = models.BooleanField(
        _("in the official list of procedures where silence is an acceptance"), default=False
    )
    appeal = models.TextField(_("how a refusal is contested"), max_length=1000, blank=True)
    receipt_exemption = models.CharField(
        _("no receipt is owed because"), max_length=10, choices=Exemption, blank=True
    )
    exemption_reason = models.CharField(_("reason"), max_length=200, blank=True)
    receipt_days = models.PositiveSmallIntegerField(
        _("days for the full electronic receipt"),
        default=rules.SHORTEST_DELAY,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
    )
    purpose = models.CharField(
        pgettext_lazy("data protection", "what the data serve"), max_length=300, blank=True
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ScopedQuerySet["Procedure"].as_manager()

    class Meta:
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "name"], name="cases_procedure_once"),
            models.CheckConstraint(
                condition=Q(silence="none") | Q(months__gte=1), name="cases_procedure_has_months"
            ),
            models.CheckConstraint(
                condition=Q(receipt_exemption="") | ~Q(exemption_reason=""),
                name="cases_exemption_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return in_reader_language(self.name, self.name_en)

    def is_confirmed(self, today: date) -> bool:
        """Somebody of the authority compared it with its source, less than a year ago."""
        return rules.is_confirmed(self.checked_on, today)


class OfProcedure(ScopedQuerySet["ProcedureTopic"]):
    """Links reach their authority by their procedure."""

    scope = "procedure__authority_id"


class ProcedureTopic(models.Model):
    """A topic whose cases follow a procedure: at most one for each topic."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="links")
    topic = models.OneToOneField(
        "organisations.Topic", models.CASCADE, related_name="procedure_link"
    )

    objects = OfProcedure.as_manager()

    class Meta:
        verbose_name = _("topic of a procedure")
        verbose_name_plural = _("topics of a procedure")

    def __str__(self) -> str:
        return f"{self.procedure_id}: {self.topic_id}"
