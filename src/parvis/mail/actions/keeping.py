"""A message is kept before anybody says "received": its bytes first, then a row."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parvis.common import files
from parvis.common.errors import Refused
from parvis.mail import queries, tasks
from parvis.mail.models import ReceivedMail
from parvis.mail.reading import scan, words
from parvis.organisations.models import Authority


class TooLarge(Refused):
    """Beyond what the house keeps: whoever sent it is told so at once."""


@dataclass(frozen=True)
class Kept:
    """The row of a message, and whether it is the first time that it came."""

    mail: ReceivedMail
    is_new: bool


def keep(
    raw: bytes,
    *,
    way: str,
    now: datetime,
    envelope_from: str | None = None,
    envelope_to: str = "",
) -> Kept:
    """Keep a message as it came; the same message a second time has no effect.

    When this returns, the message survives whatever happens next. ``envelope_from`` is None when
    the way does not tell, and empty for a message that wants no answer.
    """
    if len(raw) > scan.LARGEST_KEPT:
        raise TooLarge(_("The message is larger than 64 MB."), code="too_large")
    if not raw.strip():
        raise Refused(_("The message is empty."), code="empty")
    digest = files.store(raw)
    box = queries.box_of([envelope_to, *_written_to(raw)])
    authority = box.authority if box else Authority.objects.order_by("pk").first()
    if authority is None:
        raise RuntimeError("there is no authority yet: parvis found")
    with transaction.atomic():
        return _row(
            authority_id=authority.pk,
            fingerprint=scan.fingerprint(raw),
            values={
                "box": box,
                "digest": digest,
                "size": len(raw),
                "way": way,
                "received_at": now,
                "envelope_from": "<?>" if envelope_from is None else envelope_from[:320],
                "envelope_to": envelope_to[:320],
            },
        )


def _row(*, authority_id: int, fingerprint: str, values: dict[str, object]) -> Kept:
    known = ReceivedMail.objects.filter(authority_id=authority_id, fingerprint=fingerprint)
    if (found := known.first()) is not None:
        return Kept(found, is_new=False)
    try:
        with transaction.atomic():
            mail = ReceivedMail.objects.create(
                authority_id=authority_id, fingerprint=fingerprint, **values
            )
    except IntegrityError:  # by two ways at the same moment
        return Kept(known.get(), is_new=False)
    tasks.read_mail.enqueue(mail.pk)
    return Kept(mail, is_new=True)


def _written_to(raw: bytes) -> list[str]:
    """Addresses of the head, found without a parser."""
    head, _body = scan.split(raw[: scan.LONGEST_HEAD + 4])
    given = scan.fields(head)
    return [
        address
        for wanted in ("delivered-to", "x-original-to", "to", "cc")
        for name, value in given
        if name == wanted
        for _name, address in words.addresses(value)
    ]
