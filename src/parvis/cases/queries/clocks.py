"""The legal clock as it is read: counted from the facts, told with its reasons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.cases import rules
from parvis.cases.models import Case, LegalClock, MissingItem, Procedure
from parvis.cases.queries import words
from parvis.cases.queries.joining import part_ids
from parvis.cases.queries.story import receipt
from parvis.cases.rules import Meaning, Silence, Standing
from parvis.common.access import Actor


def legal_clock(case: Case) -> LegalClock | None:
    """The clock of a case; None when its topic follows no procedure."""
    return getattr(case, "clock", None)


def count(legal: LegalClock, items: Iterable[MissingItem]) -> Silence:
    """What silence means by the facts that are kept."""
    terms = rules.Terms(Meaning(legal.silence), legal.months)
    facts = rules.Facts(
        first_received_on=legal.first_received_on,
        competent_received_on=legal.competent_received_on,
        items=tuple(
            rules.Item(
                asked_on=item.asked_on,
                until=item.until,
                received_on=item.received_on,
                is_indispensable=item.is_indispensable,
                words=item.words,
            )
            for item in items
        ),
        decided_on=legal.decided_on,
    )
    return rules.what_silence_means(terms, facts)


@dataclass(frozen=True)
class Lacking:
    """One thing that keeps a receipt from leaving, in words, with the page that settles it."""

    words: str
    url: str


def lacking(case: Case, legal: LegalClock, reader: Actor | None = None) -> list[Lacking]:
    """What the receipt of this case cannot say yet, with pages that are open to the reader."""
    said, counted = receipt(case, case.received_on), count(legal, case.items.all())
    found = rules.lacking(
        rules.Content(
            received_on=case.received_on,
            service=said.service,
            address=said.address,
            email=said.email,
            phone=said.phone,
            meaning=counted.meaning,
            falls_on=counted.falls_on,
            waits=counted.standing in {Standing.INCOMPLETE, Standing.ELSEWHERE},
            appeal=legal.appeal,
        )
    )
    procedure = reverse("cases:procedure", args=[legal.procedure_id])
    service = reverse("organisations:services-change", args=[case.service_id])
    places = {
        rules.Lack.APPEAL: ("procedures.manage", procedure),
        rules.Lack.ADDRESS: ("settings.manage", service),
        rules.Lack.EMAIL: ("settings.manage", service),
        rules.Lack.PHONE: ("settings.manage", service),
    }
    return [
        Lacking(words.lack(lack), _open_to(reader, *places.get(lack, ("", "")))) for lack in found
    ]


def _open_to(reader: Actor | None, capability: str, url: str) -> str:
    return url if reader is None or reader.may(capability) else ""


def unfinished(case: Case, reader: Actor | None = None) -> list[Lacking]:
    """Why a slip is not yet the receipt that is owed; empty when it is, or none is owed."""
    legal = legal_clock(case)
    if legal is None or not _is_owed(case, legal):
        return []
    return lacking(case, legal, reader)


def _is_owed(case: Case, legal: LegalClock) -> bool:
    return legal.receipt_sent_at is None and not legal.exemption and case.state in rules.RUNNING


def receipt_is_late(case: Case, today: date) -> bool:
    """Is the receipt owed, and its day past? Said on the case and wherever cases are listed."""
    legal = legal_clock(case)
    return legal is not None and _is_owed(case, legal) and _is_past(legal.receipt_due_on, today)


@dataclass(frozen=True)
class StepLine:
    """One line of "why"."""

    on: date | None
    words: str
    article: str


@dataclass(frozen=True)
class ClockNow:
    """The panel of the case page: what silence would mean, and everything behind it."""

    legal: LegalClock
    sentence: str
    falls_on: date | None
    days_left: str  # in words; empty without a day
    is_near: bool
    has_fallen: bool
    steps: list[StepLine]
    afterwards: list[str]  # what the person may ask for once the day is past
    is_confirmed: bool
    has_changed: bool  # the procedure says otherwise since
    lacking: list[Lacking]
    registration_is_late: bool
    receipt_is_late: bool


def clock_now(
    case: Case, items: Sequence[MissingItem], today: date, reader: Actor | None = None
) -> ClockNow | None:
    """What the service reads of the clock on that day."""
    legal = legal_clock(case)
    if legal is None:
        return None
    items = [item for item in items if item.case_id == case.pk]  # each clock counts its own
    counted = count(legal, items)
    is_elsewhere = case.state == Case.State.FORWARDED
    both = rules.forwarded(legal.first_received_on, legal.months)
    given = legal.receipt_sent_at is not None
    owed = _is_owed(case, legal)
    return ClockNow(
        legal=legal,
        sentence=words.sent_on(both.rejection_on)
        if is_elsewhere
        else words.for_service(counted, items, today),
        falls_on=counted.falls_on,
        days_left=_days_left(counted, today),
        is_near=rules.is_near(counted.falls_on, today),
        has_fallen=counted.has_fallen(today),
        steps=[StepLine(s.on, words.step(s, counted), words.article(s)) for s in counted.steps],
        afterwards=words.afterwards(counted, today, given=given),
        is_confirmed=legal.procedure.is_confirmed(today),
        has_changed=_has_changed(legal),
        lacking=lacking(case, legal, reader) if owed else [],
        registration_is_late=owed and _is_past(legal.registration_due_on, today),
        receipt_is_late=owed and _is_past(legal.receipt_due_on, today),
    )


def _days_left(counted: Silence, today: date) -> str:
    left = counted.days_left(today)
    if left is None:
        return ""
    if left == 0:
        return _("today")
    if left < 0:
        return ngettext("%(n)d day ago", "%(n)d days ago", -left) % {"n": -left}
    return ngettext("in %(n)d day", "in %(n)d days", left) % {"n": left}


def _is_past(day: date | None, today: date) -> bool:
    return day is not None and day < today


def _has_changed(legal: LegalClock) -> bool:
    now = legal.procedure
    return (legal.silence, legal.months) != (now.silence, now.months)


@dataclass(frozen=True)
class Told:
    """What the person reads about silence, on the page, the slip and the receipt."""

    procedure: str
    meaning: str
    falls_on: date | None
    sentence: str
    appeal: str  # how a refusal is contested; empty when silence is no refusal
    legal_reference: str
    is_confirmed: bool
    items: list[MissingItem]  # still awaited


def told(case: Case, today: date) -> Told | None:
    """What silence means, in words for the person; None where no procedure says."""
    legal = legal_clock(case)
    if legal is None:
        return None
    items = list(case.items.all())
    counted = count(legal, items)
    refuses = counted.meaning is Meaning.REJECTION and counted.standing is not Standing.ANSWERED
    sentence = words.for_person(counted, items, today)
    if case.state == Case.State.FORWARDED:
        # How a refusal of the other authority is contested is for them to say.
        both, refuses = rules.forwarded(legal.first_received_on, legal.months), False
        sentence = words.sent_on(both.rejection_on)
    return Told(
        procedure=legal.procedure.label,
        meaning=legal.silence,
        falls_on=counted.falls_on,
        sentence=sentence,
        appeal=legal.appeal if refuses else "",
        legal_reference=legal.legal_reference,
        is_confirmed=legal.procedure.is_confirmed(today),
        items=[item for item in items if item.received_on is None],
    )


def items_of(case: Case) -> list[MissingItem]:
    """What the person was asked for, oldest first."""
    return list(MissingItem.objects.filter(case__in=part_ids(case)).order_by("id"))


def still_missing(case: Case) -> list[MissingItem]:
    """What is awaited from the person, while the case runs."""
    if case.state not in rules.RUNNING:
        return []
    return [item for item in items_of(case) if item.received_on is None]


def two_clocks(legal: LegalClock) -> dict[str, Any]:
    """What the line of a request sent on says of its two clocks."""
    both = rules.forwarded(legal.first_received_on, legal.months)
    return {"rejection_on": both.rejection_on.isoformat(), "months": both.months}


def to_remind(today: date) -> QuerySet[LegalClock]:
    """Clocks of running cases whose day is near and whose service was not told of that day."""
    rows = LegalClock.objects.filter(
        falls_on__gte=today,
        falls_on__lte=today + rules.NEAR,
        # The clock of a request that was put into another one runs on.
        case__state__in=[*rules.RUNNING, Case.State.MERGED],
    ).exclude(case__state=Case.State.MERGED, decided_on__isnull=False)
    return rows.exclude(warned_for__isnull=False, warned_for=F("falls_on")).select_related("case")


def without_clock(procedure: Procedure) -> QuerySet[Case]:
    """Running cases of the topics of a procedure that have no clock."""
    return Case.objects.filter(
        authority_id=procedure.authority_id,
        topic__procedure_link__procedure=procedure,
        state__in=rules.RUNNING,
        clock=None,
    )


def procedures(actor: Actor) -> QuerySet[Procedure]:
    """The procedures of the authority with their topics, for the settings."""
    rows = Procedure.objects.visible_to(actor).prefetch_related("topics")
    return rows.order_by("-is_active", "name")
