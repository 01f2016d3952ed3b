"""What ``parvis doctor`` says about mail."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError
from django.utils import timezone

from parvis.mail import fetching
from parvis.mail.models import MailFolder, OutgoingMail, ReceivedMail
from parvis.mail.rules import is_no_reply

LATELY = timedelta(days=1)


@register()
def nobody_writes_from_an_address_that_nobody_reads(**kwargs: Any) -> list[CheckMessage]:
    address = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].strip("> ")
    if not is_no_reply(address):
        return []
    return [
        Error(
            f"Mails would leave from {address}, which says that nobody answers.",
            hint="Set PARVIS_EMAIL_FROM to an address that somebody reads.",
            id="mail.E001",
        )
    ]


@register()
def mail_servers_are_named_well(**kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for url in settings.MAIL["IMAP"]:
        try:
            fetching.account_of(url)
        except ValueError as error:
            found.append(
                Error(
                    f"PARVIS_MAIL_IMAP: {error}",
                    hint="Write imaps://user:password@host/INBOX; signs like @ in the user name "
                    "are written %40.",
                    id="mail.E002",
                )
            )
    return found


@register(Tags.database)
def mail_comes_and_goes(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    if not databases:
        return []
    try:
        return list(_troubles())
    except DatabaseError:
        return []  # no tables yet, or no answer: others say so


def _troubles() -> list[CheckMessage]:
    now = timezone.now()
    found: list[CheckMessage] = []
    for folder in MailFolder.objects.filter(failures__gte=3).order_by("account"):
        found.append(
            Warning(
                f"{folder.account} was not fetched: {folder.error}",
                hint="Look at the address, the password and the network of the mail server.",
                id="mail.W003",
            )
        )
    unread = ReceivedMail.objects.filter(state="kept", received_at__lt=now - LATELY / 24).count()
    if unread:
        found.append(
            Warning(
                f"{unread} received mails were not read within the hour.",
                hint="Is `parvis work` running?",
                id="mail.W004",
            )
        )
    lost = OutgoingMail.objects.filter(state="given_up", ended_at__gt=now - LATELY).count()
    if lost:
        found.append(
            Warning(
                f"{lost} mails were given up in the last day.",
                hint="Look at PARVIS_EMAIL_HOST and the log of the mail server.",
                id="mail.W005",
            )
        )
    return found
