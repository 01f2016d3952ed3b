"""What leaves by mail: a row in the transaction of the act that owes it, sent by a job."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.common.access import ScopedQuerySet
from parvis.mail import rules


class OutgoingMail(models.Model):
    """One message of ours; its words are emptied once it is sent, its names a month later."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("outgoing mail", "on its way")
        SENT = "sent", pgettext_lazy("outgoing mail", "sent")
        HELD = "held", _("not sent: something is lacking")
        GIVEN_UP = "given_up", _("given up")
        BOUNCED = "bounced", _("came back")

    class Kind(models.TextChoices):
        RECEIPT = rules.RECEIPT, _("receipt")
        ITEMS = rules.ITEMS, _("what is missing")
        REFERENT = rules.REFERENT, _("who follows from now on")
        MESSAGE = rules.MESSAGE, _("message")
        LINK = rules.LINK, _("link to the page")
        ARRIVAL = rules.ARRIVAL, _("arrival of a message")
        ANSWER = rules.ANSWER, _("answer")

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="outgoing_mails"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="outgoing_mails"
    )
    entry = models.ForeignKey(
        "cases.CaseEntry", models.PROTECT, null=True, blank=True, related_name="+"
    )
    answers = models.ForeignKey(
        "mail.ReceivedMail", models.SET_NULL, null=True, blank=True, related_name="answers"
    )
    to = models.CharField(max_length=320, blank=True)
    sender = models.CharField(max_length=320)  # the address it is written from
    sender_name = models.CharField(max_length=200, blank=True)
    reply_to = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=400, blank=True)
    text = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    references = models.JSONField(default=list)
    is_automatic = models.BooleanField(default=False)
    carries_link = models.BooleanField(default=False)  # the link is made while it is sent

    at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    ended_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = ScopedQuerySet["OutgoingMail"].as_manager()

    class Meta:
        verbose_name = _("outgoing e-mail")
        verbose_name_plural = _("outgoing e-mails")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(ended_at__isnull=False), name="mail_ended_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(text="") | Q(kind="answer"),
                name="mail_sent_is_emptied",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="mail_due"),
            models.Index(fields=["case", "id"], name="mail_sent_by_case"),
            models.Index(fields=["ended_at"], condition=~Q(to=""), name="mail_to_forget"),
        ]


class DeadAddress(models.Model):
    """An address that takes no mail any more, said by a mail server; writing from it revives it."""

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="dead_addresses"
    )
    address = models.CharField(max_length=320)
    since = models.DateTimeField()
    status = models.CharField(max_length=12, blank=True)
    why = models.CharField(max_length=300, blank=True)

    objects = ScopedQuerySet["DeadAddress"].as_manager()

    class Meta:
        verbose_name = _("dead address")
        verbose_name_plural = _("dead addresses")
        constraints = [
            models.UniqueConstraint(fields=["authority", "address"], name="mail_dead_once")
        ]
