"""The messages as they are looked through: by shelf, one after the other, and with their case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from parvis.cases.models import Case
from parvis.common import keyset
from parvis.common.access import Actor
from parvis.contacts.rules import normal_email
from parvis.mail import rules
from parvis.mail.models import MailFolder, OutgoingMail, ReceivedMail
from parvis.mail.models.received import ReceivedMails

SHELVES: Final[dict[str, Sequence[str]]] = {
    "a-trier": (rules.WAITING,),
    "a-part": (rules.QUARANTINED,),
    "machines": (rules.AUTOMATIC, rules.BOUNCE),
    "traites": rules.DONE,
}
PAGE: Final = 50
COUNTED: Final = 1000


@dataclass(frozen=True)
class Shelf:
    """One page of messages, and the mark of the next one."""

    rows: list[ReceivedMail]
    after: str


def _whole(actor: Actor) -> ReceivedMails:
    rows = ReceivedMail.objects.visible_to(actor)
    return rows.select_related(
        "authority", "box__service", "case__service", "claimed", "handled_by__entry", "about"
    )


def shelf(actor: Actor, name: str, after: str = "") -> Shelf:
    """The messages of a shelf: what waits longest comes first, what is done comes last first."""
    oldest_first = name in {"a-trier", "a-part"}
    rows = _whole(actor).in_state(*SHELVES[name]).defer("html", "history")
    if key := keyset.read(after):
        beyond = keyset.newer if oldest_first else keyset.older
        rows = rows.filter(beyond("received_at", key))
    order = ("received_at", "pk") if oldest_first else ("-received_at", "-pk")
    found = list(rows.order_by(*order)[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Shelf(found[:PAGE], keyset.mark(last.received_at, last.pk) if last else "")


def to_do(actor: Actor) -> dict[str, int]:
    """How many messages wait on each shelf, counted no further than a thousand."""
    mine = ReceivedMail.objects.visible_to(actor)
    return {name: mine.in_state(*SHELVES[name])[:COUNTED].count() for name in ("a-trier", "a-part")}


def one(actor: Actor, pk: int) -> ReceivedMail | None:
    """A message with all that its page shows."""
    return _whole(actor).filter(pk=pk).exclude(state=rules.KEPT).first()


def next_to_do(actor: Actor, mail: ReceivedMail) -> ReceivedMail | None:
    """The message that waits longest after this one, or the first of all."""
    rows = ReceivedMail.objects.visible_to(actor).in_state(*rules.TO_DO).exclude(pk=mail.pk)
    ordered = rows.order_by("received_at", "pk")
    later = keyset.newer("received_at", (mail.received_at, mail.pk))
    return ordered.filter(later).first() or ordered.first()


def suggested_cases(mail: ReceivedMail, actor: Actor) -> list[Case]:
    """Cases of whoever wrote that the agent may read: the one it names, then the latest."""
    mine = Case.objects.visible_to(actor).select_related("service", "person")
    named = list(mine.filter(pk=mail.claimed_id)) if mail.claimed_id else []
    theirs = mine.filter(person__email=normal_email(mail.from_address))
    theirs = theirs.exclude(pk=mail.claimed_id or 0)
    return [*named, *(theirs.order_by("-opened_at", "-pk")[:5] if mail.from_address else ())]


@dataclass(frozen=True)
class Story:
    """One message of a case, in or out."""

    at: datetime
    received: ReceivedMail | None = None
    sent: OutgoingMail | None = None


def mails_of_case(case: Case) -> list[Story]:
    """All mail of a case, latest first."""
    came = ReceivedMail.objects.filter(case=case).exclude(state=rules.KEPT)
    left = OutgoingMail.objects.filter(case=case)
    rows = [
        *(Story(mail.received_at, received=mail) for mail in came.order_by("-pk")[:100]),
        *(Story(mail.at, sent=mail) for mail in left.order_by("-pk")[:100]),
    ]
    return sorted(rows, key=lambda row: row.at, reverse=True)


def folders() -> list[MailFolder]:
    """The folders of mail servers that are fetched, and how it goes."""
    return list(MailFolder.objects.order_by("account"))
