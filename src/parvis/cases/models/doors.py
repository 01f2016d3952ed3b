"""The ways to the page of a case besides its link, and what is asked for before more is shown."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.cases.models.cases import Case, OfCase
from parvis.contacts.rules import by_pairs


class PageKey(models.Model):
    """The page of a case was opened with its short code and the name: for a short while."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="page_keys")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    objects = OfCase["PageKey"].as_manager()

    class Meta:
        verbose_name = _("key of a page")
        verbose_name_plural = _("keys of pages")


class MailedCode(models.Model):
    """Six digits were sent to the person: whoever types them reads their mail."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="mailed_codes")
    code_hash = models.CharField(max_length=128)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = OfCase["MailedCode"].as_manager()

    class Meta:
        verbose_name = _("code sent by e-mail")
        verbose_name_plural = _("codes sent by e-mail")


class KnownDevice(models.Model):
    """A device on which the mailed code was typed: it is not asked for again for a while."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="known_devices")
    token_hash = models.CharField(max_length=64, unique=True)
    known_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    objects = OfCase["KnownDevice"].as_manager()

    class Meta:
        verbose_name = _("known device")
        verbose_name_plural = _("known devices")


class CallBack(models.Model):
    """The person asked to be called: a promise with its hour, kept, missed or withdrawn."""

    class Part(models.TextChoices):
        MORNING = "morning", _("in the morning")
        AFTERNOON = "afternoon", _("in the afternoon")
        ANY = "any", _("at any time of the day")

    class State(models.TextChoices):
        PROMISED = "promised", _("to be made")
        DONE = "done", _("made")
        WITHDRAWN = "withdrawn", pgettext_lazy("call", "withdrawn")

    case = models.ForeignKey(Case, models.CASCADE, related_name="call_backs")
    phone = models.CharField(_("telephone"), max_length=24)
    wanted_on = models.DateField(_("day"))
    part = models.CharField(_("moment"), max_length=10, choices=Part, default=Part.ANY)
    words = models.CharField(_("about"), max_length=200, blank=True)
    asked_at = models.DateTimeField()
    promised_until = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PROMISED)
    tries = models.PositiveSmallIntegerField(default=0)  # nobody picked up
    last_try_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    agent = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = OfCase["CallBack"].as_manager()

    class Meta:
        verbose_name = _("call back")
        verbose_name_plural = _("calls back")
        ordering = ["promised_until", "id"]
        indexes = [models.Index(fields=["state", "promised_until"], name="cases_calls_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="promised", ended_at__isnull=True)
                | (~Q(state="promised") & Q(ended_at__isnull=False)),
                name="cases_call_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(promised_until__gt=F("asked_at")), name="cases_call_has_time_to_come"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="promised"), name="cases_one_call_promised"
            ),
        ]

    @property
    def phone_label(self) -> str:
        """The number as it is read."""
        return by_pairs(self.phone)
