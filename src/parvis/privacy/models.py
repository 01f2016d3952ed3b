"""Rules of retention, slips of elimination, requests of people about their data, holds."""

from datetime import date

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.common import personal
from parvis.common.access import ScopedQuerySet
from parvis.common.personal import Words
from parvis.privacy import rules


class Basis(models.TextChoices):
    """Why the law lets us keep it (GDPR, art. 6)."""

    TASK = "task", _("public task (art. 6-1-e)")
    DUTY = "duty", _("legal obligation (art. 6-1-c)")
    CONSENT = "consent", _("consent (art. 6-1-a)")


class RetentionRule(models.Model):
    """How long one kind of thing is kept, in which phases, and what becomes of it in the end."""

    class Final(models.TextChoices):
        DESTROY = rules.DESTROY, _("destroyed")
        SAMPLE = rules.SAMPLE, _("a sample goes to the archives, the rest is destroyed")
        TRANSFER = rules.TRANSFER, _("handed to the archives")

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="retention_rules"
    )
    subject = models.CharField(_("what"), max_length=64)  # label of a root
    procedure = models.ForeignKey(
        "cases.Procedure",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="retention_rules",
        verbose_name=_("procedure"),
    )
    purpose = models.CharField(_("what the data serve"), max_length=300, blank=True)
    basis = models.CharField(_("legal basis"), max_length=8, choices=Basis, default=Basis.TASK)
    recipients = models.CharField(_("who receives them"), max_length=300, blank=True)
    active_months = models.PositiveSmallIntegerField(
        _("in daily use, months after the end"), default=12, validators=[MaxValueValidator(1200)]
    )
    intermediate_months = models.PositiveSmallIntegerField(
        _("then under restricted access, months"),
        default=48,
        validators=[MaxValueValidator(1200)],
    )
    final = models.CharField(
        pgettext_lazy("archives", "in the end"),
        max_length=8,
        choices=Final,
        default=Final.DESTROY,
    )
    sample_one_in = models.PositiveSmallIntegerField(_("one case in"), default=10)
    needs_visa = models.BooleanField(_("only with the visa of the archive service"), default=True)
    legal_reference = models.CharField(_("legal reference"), max_length=200, blank=True)
    source = models.URLField(_("address of the source"), max_length=300, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)

    objects = ScopedQuerySet["RetentionRule"].as_manager()

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["subject", "procedure__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "subject"],
                condition=Q(procedure__isnull=True),
                name="privacy_one_rule_by_default",
            ),
            models.UniqueConstraint(
                fields=["authority", "procedure"], name="privacy_one_rule_by_procedure"
            ),
            models.CheckConstraint(
                condition=~Q(final="sample") | Q(sample_one_in__gte=2),
                name="privacy_sample_is_a_part",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.procedure_id or ''}".strip()

    @property
    def label(self) -> Words:
        """What it speaks of, in the reader's language."""
        return self.procedure.label if self.procedure else personal.root(self.subject).label

    def term(self, today: date) -> rules.Term:
        """What the pure rules ask for."""
        return rules.Term(self.active_months, self.intermediate_months, self.is_confirmed(today))

    def is_confirmed(self, today: date) -> bool:
        """Somebody of the authority compared it with its text, less than a year ago."""
        return rules.is_confirmed(self.checked_on, today)


class Slip(models.Model):
    """A list of cases whose term is over, for the visa of the archive service; kept for good."""

    class State(models.TextChoices):
        PROPOSED = rules.PROPOSED, pgettext_lazy("slip", "prepared")
        SENT = rules.SENT, pgettext_lazy("slip", "with the archive service")
        GRANTED = rules.GRANTED, pgettext_lazy("slip", "visa given")
        REFUSED = rules.REFUSED, pgettext_lazy("slip", "visa refused")
        RUNNING = rules.RUNNING, pgettext_lazy("slip", "elimination under way")
        DONE = rules.DONE, pgettext_lazy("slip", "carried out")

    authority = models.ForeignKey("organisations.Authority", models.PROTECT, related_name="slips")
    number = models.CharField(max_length=12)
    service = models.ForeignKey("organisations.Service", models.PROTECT, related_name="+")
    rule = models.ForeignKey(RetentionRule, models.SET_NULL, null=True, related_name="slips")
    # As they were when the slip was prepared: the slip is the proof, whatever changes later.
    subject = models.CharField(max_length=160)
    final = models.CharField(max_length=8, choices=RetentionRule.Final)
    needs_visa = models.BooleanField(default=True)
    legal_reference = models.CharField(max_length=200, blank=True)
    first_on = models.DateField()
    last_on = models.DateField()
    count = models.PositiveIntegerField()
    files = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)  # bytes of the documents
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED)
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    sent_on = models.DateField(null=True, blank=True)
    visa_by = models.CharField(_("given by"), max_length=120, blank=True)
    visa_service = models.CharField(_("archive service"), max_length=160, blank=True)
    visa_on = models.DateField(_("on"), null=True, blank=True)
    visa_reference = models.CharField(_("reference of the visa"), max_length=80, blank=True)
    refusal = models.CharField(_("reason of the refusal"), max_length=300, blank=True)
    transfer_reference = models.CharField(_("reference of the transfer"), max_length=80, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet["Slip"].as_manager()

    class Meta:
        verbose_name = _("elimination slip")
        verbose_name_plural = _("elimination slips")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "number"], name="privacy_slip_number"),
            models.CheckConstraint(
                condition=Q(needs_visa=False)
                | Q(state__in=["proposed", "sent", "refused"])
                | (Q(visa_on__isnull=False) & ~Q(visa_by="") & ~Q(visa_reference="")),
                name="privacy_nothing_without_visa",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refusal=""), name="privacy_refusal_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="privacy_slip_time_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OfSlip(ScopedQuerySet["SlipLine"]):
    """Lines reach their authority by their slip."""

    scope = "slip__authority_id"


class SlipLine(models.Model):
    """One case of a slip: its reference and years, nothing about anybody."""

    class Fate(models.TextChoices):
        DESTROY = "destroy", pgettext_lazy("archives", "to destroy")
        TRANSFER = "transfer", pgettext_lazy("archives", "to the archives")
        WITHDRAWN = "withdrawn", pgettext_lazy("archives", "withdrawn from the slip")

    slip = models.ForeignKey(Slip, models.CASCADE, related_name="lines")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="slip_lines")
    reference = models.CharField(max_length=12)
    opened_on = models.DateField()
    ended_on = models.DateField()
    fate = models.CharField(max_length=9, choices=Fate)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = OfSlip.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["slip", "case"], name="privacy_case_once_in_a_slip")
        ]
        indexes = [
            models.Index(
                fields=["slip", "id"], condition=Q(done_at__isnull=True), name="privacy_to_do"
            )
        ]


class Hold(models.Model):
    """A case that nothing may eliminate for now: a claim, an inspection, a wish of the person."""

    authority = models.ForeignKey("organisations.Authority", models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="holds")
    reason = models.CharField(_("reason"), max_length=200)
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ScopedQuerySet["Hold"].as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(lifted_at__isnull=True), name="privacy_one_hold"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="privacy_hold_has_reason"),
        ]


class PersonRequest(models.Model):
    """Somebody asks for their data, or that they be corrected, limited or erased."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("a copy of their data (art. 15)")
        RECTIFY = "rectify", _("a correction (art. 16)")
        ERASE = "erase", _("erasure (art. 17)")
        LIMIT = "limit", _("limitation (art. 18)")
        OBJECT = "object", _("objection (art. 21)")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("request", "to answer")
        DONE = "done", pgettext_lazy("request", "done")
        PARTLY = "partly", pgettext_lazy("request", "done in part")
        REFUSED = "refused", pgettext_lazy("request", "refused")
        DROPPED = "dropped", pgettext_lazy("request", "withdrawn")

    class Ground(models.TextChoices):
        DUTY = "duty", _("kept under a legal obligation or public task (art. 17-3-b)")
        ARCHIVES = "archives", _("public archives, until their term (art. 17-3-d)")
        CLAIM = "claim", _("needed for a claim before a court (art. 17-3-e)")
        IDENTITY = "identity", _("the identity could not be checked (art. 12-6)")
        ABUSE = "abuse", _("manifestly unfounded or excessive (art. 12-5)")
        OTHERS = "others", _("it would harm the rights of somebody else (art. 15-4)")
        EXACT = "exact", _("the data are exact and complete (art. 16)")
        NO_LIMIT = "nolimit", _("none of the cases that give a right to limitation (art. 18-1)")
        PREVAILS = "prevails", _("compelling grounds or a claim in court prevail (art. 21-1)")

    authority = models.ForeignKey("organisations.Authority", models.PROTECT, related_name="+")
    person = models.ForeignKey(
        "contacts.Person", models.SET_NULL, null=True, blank=True, related_name="data_requests"
    )
    kind = models.CharField(_("what is asked"), max_length=8, choices=Kind)
    received_on = models.DateField(_("received on"))
    due_on = models.DateField()
    longer_because = models.CharField(_("why it takes longer"), max_length=200, blank=True)
    identity = models.CharField(_("how the identity was checked"), max_length=200, blank=True)
    identity_checked_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    ground = models.CharField(_("ground"), max_length=8, choices=Ground, blank=True)
    answer = models.CharField(_("what we answer"), max_length=1000, blank=True)
    taken_by = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ScopedQuerySet["PersonRequest"].as_manager()

    class Meta:
        verbose_name = _("request about data")
        verbose_name_plural = _("requests about data")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "partly"]) | ~Q(ground=""),
                name="privacy_refusal_has_ground",
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True)
                | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="privacy_answered_has_time",
            ),
        ]
