"""A message that came, from the moment it is kept until somebody has seen to it."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.cases.models import readable_by
from parvis.common.access import Actor, ScopedQuerySet
from parvis.mail import rules
from parvis.mail.addresses import without_mark

ALL, OWN = "mail.sort", "mail.sort_own"


class ReceivedMails(ScopedQuerySet["ReceivedMail"]):
    """Messages as far as somebody may read them."""

    def visible_to(self, actor: Actor) -> Self:
        """With a case, whoever reads the case; else reception, and the service written to."""
        rows = super().visible_to(actor)
        own_service = getattr(actor, "service_id", None) or 0
        loose = Q(case=None, box__service=own_service)
        loose |= Q(case=None, claimed__service=own_service)
        if actor.may(ALL):
            loose |= Q(case=None, box=None) | Q(case=None, box__service__is_sensitive=False)
        return rows.filter(loose | readable_by(actor, "case__"))

    def in_state(self, *states: str) -> Self:
        return self.filter(state__in=states)


class ReceivedMail(models.Model):
    """One message as it came: its bytes lie in the store of the house, whatever is read of it."""

    class State(models.TextChoices):
        KEPT = rules.KEPT, _("not read yet")
        WAITING = rules.WAITING, pgettext_lazy("mail", "to be sorted")
        THREADED = rules.THREADED, _("with its case")
        QUARANTINED = rules.QUARANTINED, _("kept apart")
        AUTOMATIC = rules.AUTOMATIC, _("written by a machine")
        BOUNCE = rules.BOUNCE, _("report of a mail server")
        OPENED = rules.OPENED, _("became a case")
        ANSWERED = rules.ANSWERED, pgettext_lazy("mail", "answered")
        SET_ASIDE = rules.SET_ASIDE, _("set aside")

    class Way(models.TextChoices):
        LMTP = "lmtp", "LMTP"
        PIPE = "pipe", _("handed over by the mail server")
        IMAP = "imap", "IMAP"

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="received_mails"
    )
    box = models.ForeignKey(
        "mail.Mailbox", models.SET_NULL, null=True, blank=True, related_name="received"
    )
    fingerprint = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)  # of the bytes, in the store
    size = models.PositiveIntegerField()
    way = models.CharField(max_length=4, choices=Way)
    received_at = models.DateTimeField()
    envelope_from = models.CharField(max_length=320, blank=True)
    envelope_to = models.CharField(max_length=320, blank=True)
    state = models.CharField(max_length=11, choices=State, default=State.KEPT)
    reason = models.CharField(max_length=24, blank=True)  # a code of rules.sorting; words elsewhere
    words = models.CharField(max_length=300, blank=True)  # why a colleague set it aside
    attempts = models.PositiveSmallIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)

    from_name = models.CharField(max_length=200, blank=True)
    from_address = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=400, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=900, blank=True)
    references = models.JSONField(default=list)  # whole chain, oldest first
    text = models.TextField(blank=True)
    history = models.TextField(blank=True)
    html = models.TextField(blank=True)  # harmless already; cleaned again where it is shown
    notes = models.JSONField(default=list)

    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="received_mails"
    )
    claimed = models.ForeignKey(  # the case that a message kept apart names
        "cases.Case", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    entry = models.ForeignKey(
        "cases.CaseEntry", models.PROTECT, null=True, blank=True, related_name="+"
    )
    contact = models.ForeignKey(
        "contacts.Contact", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    about = models.ForeignKey(  # the message of ours that a report is about
        "mail.OutgoingMail", models.SET_NULL, null=True, blank=True, related_name="reports"
    )
    handled_by = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    handled_at = models.DateTimeField(null=True, blank=True)

    objects = ReceivedMails.as_manager()

    class Meta:
        verbose_name = _("received e-mail")
        verbose_name_plural = _("received e-mails")
        constraints = [
            models.UniqueConstraint(fields=["authority", "fingerprint"], name="mail_received_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["threaded", "opened"]) | Q(case__isnull=False),
                name="mail_with_its_case_has_one",
            ),
            models.CheckConstraint(
                condition=~Q(state="quarantined") | ~Q(reason=""), name="mail_apart_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="set_aside") | ~Q(words=""), name="mail_aside_has_words"
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "state", "received_at", "id"], name="mail_by_state"),
            models.Index(fields=["case", "id"], name="mail_by_case"),
            models.Index(
                fields=["received_at"], condition=Q(state="kept"), name="mail_not_read_yet"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_address}: {self.subject}"

    @property
    def title(self) -> str:
        """The subject as it is read: without our own marks."""
        return without_mark(self.subject)

    @property
    def sender(self) -> str:
        return self.from_name or self.from_address


class MailFile(models.Model):
    """Something that came with a message: never opened here, only saved."""

    mail = models.ForeignKey(ReceivedMail, models.CASCADE, related_name="files")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=100, blank=True)  # what its content shows
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("file of an e-mail")
        verbose_name_plural = _("files of e-mails")
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["mail", "place"], name="mail_file_place")]

    def __str__(self) -> str:
        return self.name
