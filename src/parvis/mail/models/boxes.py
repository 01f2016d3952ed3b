"""The addresses of the house, and how far the mailboxes behind them were read."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.common.access import ScopedQuerySet


class Mailbox(models.Model):
    """An address that people write to, and the colleague who answers for it."""

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="mailboxes"
    )
    address = models.EmailField(_("e-mail address"), unique=True)
    service = models.ForeignKey(
        "organisations.Service", models.PROTECT, related_name="mailboxes", verbose_name=_("service")
    )
    keeper = models.ForeignKey(
        "accounts.Agent",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mailboxes",
        verbose_name=_("who answers for it"),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ScopedQuerySet["Mailbox"].as_manager()

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        ordering = ["address"]

    def __str__(self) -> str:
        return self.address


class MailFolder(models.Model):
    """How far a folder on a mail server was fetched: nothing twice, nothing left out."""

    account = models.CharField(max_length=200, unique=True)  # user@host/folder, never the password
    validity = models.BigIntegerField(default=0)  # UIDVALIDITY: other numbers once it changes
    last_uid = models.BigIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True, blank=True)  # the last time it went well
    tried_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)
    failures = models.PositiveIntegerField(default=0)  # in a row

    class Meta:
        verbose_name = _("folder of a mail server")
        verbose_name_plural = _("folders of mail servers")
