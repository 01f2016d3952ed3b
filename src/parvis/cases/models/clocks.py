"""The legal clock of one case, and what its person was asked for."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from parvis.cases.models.cases import Case, OfCase
from parvis.cases.models.procedures import Exemption, Procedure, Silence


class LegalClock(models.Model):
    """What the receipt of a case said, the facts it counts from, and the day that follows."""

    class Way(models.TextChoices):
        MAIL = "mail", _("by e-mail")
        PAPER = "paper", _("on paper")

    case = models.OneToOneField(Case, models.CASCADE, related_name="clock")
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="clocks")
    # As they were when the request came: what changes later changes no receipt.
    silence = models.CharField(max_length=10, choices=Silence)
    months = models.PositiveSmallIntegerField()
    legal_reference = models.CharField(max_length=200, blank=True)
    appeal = models.TextField(blank=True)
    exemption = models.CharField(max_length=10, choices=Exemption, blank=True)
    exemption_reason = models.CharField(max_length=200, blank=True)
    first_received_on = models.DateField()
    competent_received_on = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    registration_due_on = models.DateField(null=True, blank=True)
    receipt_due_on = models.DateField(null=True, blank=True)
    receipt_sent_at = models.DateTimeField(null=True, blank=True)
    receipt_way = models.CharField(max_length=10, choices=Way, blank=True)
    # Kept for lists; worked out again by every action that changes what it counts from.
    falls_on = models.DateField(null=True, blank=True, db_index=True)
    warned_for = models.DateField(null=True, blank=True)

    objects = OfCase["LegalClock"].as_manager()

    class Meta:
        verbose_name = _("legal clock")
        verbose_name_plural = _("legal clocks")
        constraints = [
            models.CheckConstraint(
                condition=Q(competent_received_on__isnull=True)
                | Q(competent_received_on__gte=F("first_received_on")),
                name="cases_clock_first_comes_first",
            ),
            models.CheckConstraint(
                condition=Q(receipt_sent_at__isnull=True, receipt_way="")
                | (Q(receipt_sent_at__isnull=False) & ~Q(receipt_way="")),
                name="cases_receipt_has_its_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.falls_on}"


class MissingItem(models.Model):
    """Something the person was asked for; only what is indispensable touches the clock."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="items")
    words = models.CharField(_("what is asked for"), max_length=200)
    is_indispensable = models.BooleanField(_("indispensable"), default=True)
    asked_on = models.DateField()
    until = models.DateField(_("until"), null=True, blank=True)
    sent_on = models.DateField(null=True, blank=True)  # from the page, and not looked at yet
    received_on = models.DateField(null=True, blank=True)
    refused_on = models.DateField(null=True, blank=True)
    refusal = models.CharField(max_length=300, blank=True)  # why what came does not do

    objects = OfCase["MissingItem"].as_manager()

    class Meta:
        verbose_name = _("missing item")
        verbose_name_plural = _("missing items")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("asked_on")),
                name="cases_item_until_after_asked",
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True) | Q(received_on__gte=F("asked_on")),
                name="cases_item_received_after_asked",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="cases_item_has_words"),
            models.CheckConstraint(
                condition=Q(refused_on__isnull=True, refusal="")
                | (Q(refused_on__isnull=False) & ~Q(refusal="")),
                name="cases_item_refused_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.words
