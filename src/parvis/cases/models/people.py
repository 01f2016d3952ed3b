"""Several people around one case: those who ask together, and those who act for somebody."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.cases.models.cases import Case, OfCase


class CaseParty(models.Model):
    """Somebody else whom the case is about."""

    class Part(models.TextChoices):
        APPLICANT = "applicant", pgettext_lazy("part", "asks together with them")
        CONCERNED = "concerned", pgettext_lazy("part", "is concerned")

    case = models.ForeignKey(Case, models.PROTECT, related_name="parties")
    person = models.ForeignKey("contacts.Person", models.PROTECT, related_name="case_parts")
    part = models.CharField(_("part"), max_length=10, choices=Part, default=Part.APPLICANT)
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OfCase["CaseParty"].as_manager()

    class Meta:
        verbose_name = _("person of a case")
        verbose_name_plural = _("people of a case")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(ended_at=None), name="cases_party_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.person_id}"


class Mandate(models.Model):
    """Somebody acts for the person: who, how far, from when until when, and who saw the proof."""

    class Kind(models.TextChoices):
        FAMILY = "family", pgettext_lazy("mandate", "family or friend")
        HELPER = "helper", pgettext_lazy("mandate", "association or social worker")
        LAWYER = "lawyer", pgettext_lazy("mandate", "lawyer, notary or other professional")
        GUARDIAN = "guardian", pgettext_lazy("mandate", "guardian named by a court")

    class MailTo(models.TextChoices):
        PERSON = "person", pgettext_lazy("mail to", "the person only")
        BOTH = "both", pgettext_lazy("mail to", "both of them")
        HOLDER = "holder", pgettext_lazy("mail to", "the representative only")

    class Proof(models.TextChoices):
        SIGNED = "signed", _("a mandate signed on paper")
        PRESENT = "present", _("said by the person, who was there")
        COURT = "court", _("a decision of a court")
        CARD = "card", _("a professional card or letter of the organisation")

    case = models.ForeignKey(Case, models.PROTECT, related_name="mandates")
    holder = models.ForeignKey(
        "contacts.Person", models.PROTECT, related_name="mandates", verbose_name=_("who")
    )
    kind = models.CharField(_("as"), max_length=8, choices=Kind)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    may_write = models.BooleanField(_("may write and answer for the person"), default=False)
    mail_to = models.CharField(
        _("letters and messages go to"), max_length=6, choices=MailTo, default=MailTo.PERSON
    )
    first_day = models.DateField(pgettext_lazy("date", "from"))
    last_day = models.DateField(_("until"), null=True, blank=True)
    proof = models.CharField(_("proof seen"), max_length=8, choices=Proof)
    proof_words = models.CharField(_("what was seen"), max_length=200, blank=True)
    seen_by = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()
    secret_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_reason = models.CharField(max_length=200, blank=True)

    objects = OfCase["Mandate"].as_manager()

    class Meta:
        verbose_name = pgettext_lazy("person", "mandate")
        verbose_name_plural = pgettext_lazy("person", "mandates")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="cases_mandate_forward",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None)
                | (Q(revoked_at__isnull=False) & ~Q(revoked_reason="")),
                name="cases_mandate_revoked_with_reason",
            ),
            # Nothing opens by a link once it is revoked.
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(secret_hash=None),
                name="cases_revoked_has_no_link",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.holder_id}"

    def holds_on(self, day: date) -> bool:
        """Is it valid that day?"""
        begun = self.first_day <= day and (self.last_day is None or day <= self.last_day)
        return begun and self.revoked_at is None
