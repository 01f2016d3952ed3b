"""Which case a message is about, and who may write about it."""

from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils.timezone import localdate

from parvis.cases.models import Case
from parvis.contacts.rules import normal_email
from parvis.mail import addresses
from parvis.mail.models import DeadAddress, Mailbox, OutgoingMail, ReceivedMail
from parvis.mail.reading.message import Read
from parvis.mail.rules import OPENED, SET_ASIDE, THREADED, Found, Thread

MOST_ADDRESSES = 60


def box_of(written_to: Iterable[str]) -> Mailbox | None:
    """The address of ours that a message was written to: the first one that is known."""
    wanted = [addresses.without_detail(one) for one in written_to if "@" in one][:MOST_ADDRESSES]
    known = {
        box.address.lower(): box
        for box in Mailbox.objects.filter(address__in=wanted, is_active=True)
        .select_related("authority", "service")
        .order_by("pk")
    }
    return next((known[one] for one in wanted if one in known), None)


def box_for_case(case: Case) -> Mailbox | None:
    """The address from which the person of a case is written to."""
    boxes = Mailbox.objects.filter(authority_id=case.authority_id, is_active=True)
    own = boxes.filter(service_id=case.service_id).order_by("pk").first()
    if own is not None:
        return own
    return boxes.filter(service__is_sensitive=False).order_by("pk").first()


def threads_of(read: Read, envelope_to: str, authority_id: int) -> tuple[Thread, ...]:
    """The cases that a message names, the surest sign first; the plain subject names none."""
    found: dict[int, Found] = {}

    def note(case_ids: Iterable[int], how: Found) -> None:
        for pk in case_ids:
            found.setdefault(pk, how)

    cases = Case.objects.filter(authority_id=authority_id)
    named = addresses.references_in([envelope_to, *read.to])
    note(_of_references(authority_id, named), Found.ADDRESS)
    note(_of_messages(authority_id, read.in_reply_to), Found.IN_REPLY_TO)
    note(_of_messages(authority_id, read.references), Found.REFERENCES)
    if mark := addresses.reference_in(read.subject):
        note(_of_references(authority_id, [mark]), Found.SUBJECT)
    found = _followed(found)
    whole = {case.pk: case for case in cases.filter(pk__in=found).select_related("person")}
    order = sorted(whole, key=lambda pk: (list(Found).index(found[pk]), pk))
    return tuple(Thread(pk, found[pk], parties_of(whole[pk])) for pk in order)


def _followed(found: dict[int, Found]) -> dict[int, Found]:
    """A case that was put into another one is that other one."""
    for _hop in range(5):
        moved = dict(
            Case.objects.filter(pk__in=found, merged_into__isnull=False)
            .order_by("pk")
            .values_list("pk", "merged_into_id")
        )
        if not moved:
            break
        followed: dict[int, Found] = {}
        for pk, how in found.items():
            followed.setdefault(moved.get(pk, pk), how)
        found = followed
    return found


def _of_references(authority_id: int, references: Sequence[str]) -> list[int]:
    rows = Case.objects.filter(authority_id=authority_id, reference__in=references)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _of_messages(authority_id: int, ids: Sequence[str]) -> list[int]:
    if not ids:
        return []
    ours = OutgoingMail.objects.filter(authority_id=authority_id, message_id__in=ids)
    theirs = ReceivedMail.objects.filter(authority_id=authority_id, message_id__in=ids)
    cases = [
        *ours.exclude(case=None).values_list("case_id", flat=True),
        *theirs.filter(state__in=(THREADED, OPENED)).values_list("case_id", flat=True),
    ]
    return sorted({pk for pk in cases if pk is not None})


def parties_of(case: Case) -> frozenset[str]:
    """Who may write about a case: its people, who acts for them, whom a colleague let in."""
    let_in = ReceivedMail.objects.filter(case=case, handled_by__isnull=False)
    today = localdate()
    acting = case.mandates.filter(may_write=True, revoked_at=None, first_day__lte=today)
    acting = acting.filter(Q(last_day=None) | Q(last_day__gte=today))
    known = [
        case.person.email if case.person else "",
        *case.parties.filter(ended_at=None).values_list("person__email", flat=True),
        *acting.values_list("holder__email", flat=True),
        *OutgoingMail.objects.filter(case=case).exclude(to="").values_list("to", flat=True),
        *let_in.exclude(state=SET_ASIDE).values_list("from_address", flat=True),
    ]
    return frozenset(normal_email(one) for one in known if one)


def is_ours(read: Read, authority_id: int) -> bool:
    """Did this house write the message itself, or does it say so?"""
    sender = addresses.without_detail(read.from_address) if read.from_address else ""
    boxes = Q(address=sender, authority_id=authority_id)
    if sender and Mailbox.objects.filter(boxes).exists():
        return True
    return bool(read.message_id) and (
        OutgoingMail.objects.filter(message_id=read.message_id, authority_id=authority_id).exists()
    )


def outgoing_of(read: Read, envelope_to: str, authority_id: int) -> OutgoingMail | None:
    """The message of ours that a report is about: by its return path, else by its Message-ID."""
    rows = OutgoingMail.objects.filter(authority_id=authority_id).select_related("case")
    numbers = addresses.numbers_in([envelope_to, *read.to])
    if numbers and (found := rows.filter(pk=numbers[0]).first()):
        return found
    original = read.report.original_id if read.report else ""
    ids = [original] if original else [*read.in_reply_to, *read.references]
    return rows.filter(message_id__in=ids).order_by("-pk").first() if ids else None


def is_dead(authority_id: int, address: str) -> DeadAddress | None:
    """What is known against an address, if anything."""
    rows = DeadAddress.objects.filter(authority_id=authority_id, address=normal_email(address))
    return rows.first()
