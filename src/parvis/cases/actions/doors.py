"""Opening and shutting the page of a case: code and name, six digits by e-mail, its link."""

import hmac
import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import queries
from parvis.cases.actions import story
from parvis.cases.models import Case, KnownDevice, MailedCode, PageKey
from parvis.cases.rules import doors
from parvis.common import codes, journal, outbox, throttle
from parvis.common.errors import Refused

CODES = throttle.Limit("mailed-code", burst=3, seconds=300)  # mails to one person
TRIES = throttle.Limit("mailed-code-try", burst=10, seconds=120)


@transaction.atomic
def open_by_code(authority_id: int, *, reference: str, name: str, now: datetime) -> str | None:
    """A key of the page for an hour, for whoever knows its code and the name; None otherwise."""
    case = queries.by_code_and_name(authority_id, reference, name, now)
    if case is None:
        return None
    secret = codes.new_secret()
    PageKey.objects.create(
        case=case,
        secret_hash=codes.hash_secret(secret),
        made_at=now,
        expires_at=now + doors.KEY_LIVES,
    )
    story.note_down(case, journal.PERSON, "page_opened_by_code")
    return secret


def mail_code(case: Case, *, now: datetime) -> str:
    """Send six digits to the person's own address; returns the address, masked."""
    receipt, address = queries.receipt(case, timezone.localdate(now)), queries.mail_of(case)
    if not address or not receipt.email:
        raise Refused(
            _("We hold no e-mail address for you: at the desk or by telephone we can check it."),
            code="no_mail",
        )
    throttle.take(CODES, str(case.pk), now=now)  # counted even if what follows fails
    _send_code(case, address, now)
    return doors.masked_mail(address)


@transaction.atomic
def speak_code(case: Case, *, agent: Agent, now: datetime) -> str:
    """Six digits that a colleague tells the person, once it is sure that it is them.

    For whoever left no address: they type them on their page, as others type those of the mail.
    """
    story.check_agent(case, agent)
    throttle.take(CODES, str(case.pk), now=now)
    digits = _new_digits(case, now)
    story.note_down(case, agent, "code_told")
    return digits


def _new_digits(case: Case, now: datetime) -> str:
    digits = f"{secrets.randbelow(10**doors.DIGITS):0{doors.DIGITS}d}"
    MailedCode.objects.filter(case=case, used_at=None).delete()  # only the last one opens
    MailedCode.objects.create(
        case=case,
        code_hash=_mark(case, digits),
        sent_at=now,
        expires_at=now + doors.CODE_LIVES,
    )
    return digits


@transaction.atomic
def _send_code(case: Case, address: str, now: datetime) -> None:
    digits = _new_digits(case, now)
    receipt = queries.receipt(case, timezone.localdate(now))
    with translation.override((case.person.language if case.person else "") or "fr"):
        minutes = int(doors.CODE_LIVES.total_seconds() // 60)
        context = {"receipt": receipt, "digits": digits, "minutes": minutes}
        outbox.send_mail(
            address,
            subject=_("Your code to read your request %(reference)s")
            % {"reference": receipt.reference},
            text=render_to_string("cases/code.txt", context),
            reply_to=receipt.email,
        )
    story.note_down(case, journal.PERSON, "code_mailed")


def confirm(case: Case, *, typed: str, remember: bool, now: datetime) -> str:
    """The six digits were typed: returns the token that this device keeps."""
    throttle.take(TRIES, str(case.pk), now=now)
    digits = doors.six_digits(typed)
    # Committed before it is compared: a wrong try counts, whatever happens to the answer.
    sent = _counted_try(case, now) if digits else None
    if sent is None or not hmac.compare_digest(sent.code_hash, _mark(case, digits)):
        raise Refused(
            _("This is not the code, or it is too old: five tries, ten minutes."), code="wrong_code"
        )
    return _know_device(case, sent, remember, now)


@transaction.atomic
def _counted_try(case: Case, now: datetime) -> MailedCode | None:
    open_codes = MailedCode.objects.filter(
        case=case, used_at=None, expires_at__gt=now, tries__lt=doors.CODE_TRIES
    )
    sent = open_codes.order_by("-id").first()
    if sent is None or not open_codes.filter(pk=sent.pk).update(tries=F("tries") + 1):
        return None
    return sent


@transaction.atomic
def _know_device(case: Case, sent: MailedCode, remember: bool, now: datetime) -> str:
    if not MailedCode.objects.filter(pk=sent.pk, used_at=None).update(used_at=now):
        raise Refused(_("This code was used already: ask for another one."), code="wrong_code")
    token = codes.new_secret()
    KnownDevice.objects.create(
        case=case,
        token_hash=queries.token_mark(case, token),
        known_at=now,
        expires_at=now + (doors.DEVICE_KNOWN if remember else doors.VISIT_KNOWN),
    )
    story.note_down(case, journal.PERSON, "mail_confirmed")
    return token


@transaction.atomic
def forget_devices(case: Case, *, now: datetime) -> int:
    """The person is asked for a code again, on every device."""
    forgotten, _each = KnownDevice.objects.filter(case=case).delete()
    story.note_down(case, journal.PERSON, "devices_forgotten")
    return forgotten


@transaction.atomic
def renew_link(case: Case, *, now: datetime, agent: Agent | None = None) -> str:
    """Make a new secret link, for an agent or the person; the old one stops working at once."""
    if agent is not None:
        story.check_agent(case, agent)
    secret = _shut(case)
    story.note_down(case, agent or journal.PERSON, "link_renewed")
    return secret


@transaction.atomic
def revoke_link(case: Case, *, now: datetime, agent: Agent | None = None) -> Case:
    """Shut the page: nothing opens it until somebody makes a new link."""
    if agent is not None:
        story.check_agent(case, agent)
    _shut(case)  # a link that nobody was given
    story.note_down(case, agent or journal.PERSON, "link_revoked")
    return case


def _shut(case: Case) -> str:
    secret = codes.new_secret()
    case.secret_hash = codes.hash_secret(secret)
    case.save(update_fields=["secret_hash"])
    PageKey.objects.filter(case=case).delete()
    KnownDevice.objects.filter(case=case).delete()
    MailedCode.objects.filter(case=case).delete()
    return secret


@transaction.atomic
def note_identity_check(
    case: Case, *, agent: Agent, checks: list[doors.Check], telling: doors.Telling
) -> None:
    """Keep account of what was checked before something was told at the desk or by telephone."""
    story.note_down(case, agent, "identity_checked", checks=sorted(checks), telling=telling.value)


@transaction.atomic
def forget_old_doors(*, now: datetime) -> int:
    """Delete keys, codes and devices that open nothing any more."""
    return sum(
        model.objects.filter(expires_at__lte=now).delete()[0]
        for model in (PageKey, MailedCode, KnownDevice)
    )


def _mark(case: Case, digits: str) -> str:
    # Six digits are guessed from any plain hash: the key of the house is in this one.
    return salted_hmac("parvis.mailed-code", f"{case.pk}:{digits}", algorithm="sha256").hexdigest()
