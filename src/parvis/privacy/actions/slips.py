"""The elimination slip: prepared, sent, visa given, carried out case by case."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases.models import Case, CaseFile
from parvis.common import erasing, journal, personal, tombstones
from parvis.common.errors import Refused
from parvis.contacts.models import Person
from parvis.privacy import queries, rules
from parvis.privacy.models import Hold, RetentionRule, Slip, SlipLine
from parvis.privacy.queries.people import PERSON, addresses
from parvis.privacy.queries.terms import CASE, clock_is_running

LONGEST = 2000
AT_ONCE = 200


@transaction.atomic
def prepare(*, agent: Agent, now: datetime) -> list[Slip]:
    """List what has come to its term, one slip for each service and rule; nothing goes by this."""
    today, made = timezone.localdate(now), []
    for rule in queries.rules_of(agent).filter(subject=CASE):
        rows = queries.ripe(rule, today).order_by("service_id", "closed_at", "pk")
        for _service, cases in groupby(rows[:LONGEST], key=lambda case: case.service_id):
            made.append(_list(rule, list(cases), agent, now))
    if not made:
        raise Refused(
            _(
                "Nothing has come to its term: no case is older than a checked rule allows, "
                "without a hold or a legal clock."
            )
        )
    return made


def _list(rule: RetentionRule, cases: list[Case], agent: Agent, now: datetime) -> Slip:
    kept = CaseFile.objects.filter(case__in=[case.pk for case in cases]).aggregate(
        n=Count("pk"), bytes=Sum("size")
    )
    ended = [_ended_on(case) for case in cases]
    slip = Slip.objects.create(
        authority_id=rule.authority_id,
        number=_next_number(rule.authority_id, timezone.localdate(now)),
        service_id=cases[0].service_id,
        rule=rule,
        subject=str(rule.label)[:160],
        final=rule.final,
        needs_visa=rule.needs_visa,
        legal_reference=rule.legal_reference,
        first_on=min(timezone.localdate(case.opened_at) for case in cases),
        last_on=max(ended),
        count=len(cases),
        files=kept["n"] or 0,
        size=kept["bytes"] or 0,
        prepared_at=now,
        prepared_by=agent,
    )
    SlipLine.objects.bulk_create(
        SlipLine(
            slip=slip,
            case=case,
            reference=case.reference,
            opened_on=timezone.localdate(case.opened_at),
            ended_on=_ended_on(case),
            fate=_fate(rule, position),
        )
        for position, case in enumerate(cases, 1)
    )
    journal.record(agent, "privacy.slip_prepared", slip, number=slip.number, count=slip.count)
    return slip


def _ended_on(case: Case) -> date:
    return timezone.localdate(case.closed_at or case.last_activity_at)


def _fate(rule: RetentionRule, position: int) -> str:
    kept = rules.goes_to_archives(rule.final, position, rule.sample_one_in)
    return SlipLine.Fate.TRANSFER if kept else SlipLine.Fate.DESTROY


def _next_number(authority_id: int, today: date) -> str:
    this_year = Slip.objects.filter(authority_id=authority_id, number__startswith=f"{today.year}-")
    last = this_year.order_by("-id").values_list("number", flat=True).first()
    return f"{today.year}-{int(last.partition('-')[2]) + 1 if last else 1:03}"


@transaction.atomic
def send(slip: Slip, *, agent: Agent, now: datetime) -> Slip:
    """The slip was handed to the archive service."""
    slip = _moved(slip, rules.SENT)
    slip.sent_on = timezone.localdate(now)
    return _keep(slip, agent, "privacy.slip_sent", "sent_on")


@transaction.atomic
def grant(
    slip: Slip, *, agent: Agent, now: datetime, by: str, service: str, on: date, reference: str
) -> Slip:
    """The archive service gave its visa: who, when, under which reference."""
    slip = _moved(slip, rules.GRANTED)
    if not by.strip() or not reference.strip():
        raise Refused(_("A visa has a name and a reference: both stand on the signed slip."))
    if on > timezone.localdate(now):
        raise Refused(_("A visa cannot be given in the future."))
    slip.visa_by, slip.visa_service = by.strip(), service.strip()
    slip.visa_on, slip.visa_reference = on, reference.strip()
    return _keep(
        slip, agent, "privacy.visa_recorded",
        "visa_by", "visa_service", "visa_on", "visa_reference",
    )  # fmt: skip


@transaction.atomic
def refuse_visa(slip: Slip, *, agent: Agent, reason: str) -> Slip:
    """The archive service wants them kept: the cases stay, and may be listed again later."""
    slip = _moved(slip, rules.REFUSED)
    if not reason.strip():
        raise Refused(_("Say why: the next slip will be asked the same."))
    slip.refusal = reason.strip()[:300]
    return _keep(slip, agent, "privacy.visa_refused", "refusal")


@transaction.atomic
def start(slip: Slip, *, agent: Agent, now: datetime) -> Slip:
    """Begin to carry out a slip: refused without the visa that it needs."""
    slip = Slip.objects.select_for_update().get(pk=slip.pk)
    if not slip.needs_visa and slip.state in (rules.PROPOSED, rules.SENT):
        slip.state = rules.GRANTED
    if not rules.may_move(slip.state, rules.RUNNING):
        raise Refused(
            _("Nothing is eliminated without the visa of the archive service."), code="no_visa"
        )
    slip.state, slip.started_at, slip.started_by = rules.RUNNING, now, agent
    return _keep(slip, agent, "privacy.elimination_started", "started_at", "started_by")


@transaction.atomic
def record_transfer(slip: Slip, *, agent: Agent, reference: str) -> Slip:
    """The archives took what is theirs: only now it leaves the house."""
    slip = Slip.objects.select_for_update().get(pk=slip.pk)
    if not reference.strip():
        raise Refused(_("Give the reference under which the archives took it."))
    if slip.state not in (rules.GRANTED, rules.RUNNING):
        raise Refused(_("The slip needs its visa first."))
    slip.transfer_reference = reference.strip()[:80]
    return _keep(slip, agent, "privacy.transfer_recorded", "transfer_reference")


def _moved(slip: Slip, to: str) -> Slip:
    slip = Slip.objects.select_for_update().get(pk=slip.pk)
    if not rules.may_move(slip.state, to):
        raise Refused(_("This slip has moved on meanwhile: read it again."), code="wrong_state")
    slip.state = to
    return slip


def _keep(slip: Slip, agent: Agent, verb: str, *columns: str) -> Slip:
    slip.save(update_fields=["state", *columns])
    journal.record(agent, verb, slip, number=slip.number)
    return slip


def carry_out(slip: Slip, *, now: datetime, most: int = AT_ONCE) -> int:
    """Eliminate some cases of a slip that was started, each in its own transaction.

    What was done stays done: after a crash the next call goes on with the next line.
    """
    slip = Slip.objects.get(pk=slip.pk)
    if slip.state != rules.RUNNING:
        return 0
    lines = slip.lines.filter(done_at=None).order_by("id")
    if not slip.transfer_reference:
        lines = lines.exclude(fate=SlipLine.Fate.TRANSFER)
    keys = list(lines.values_list("pk", flat=True)[:most])
    done = sum(_eliminate(pk, now) for pk in keys)
    if not slip.lines.filter(done_at=None).exists():
        _finish(slip.pk, now)
    return done


@transaction.atomic
def _eliminate(pk: int, now: datetime) -> int:
    line = SlipLine.objects.select_for_update().select_related("slip").get(pk=pk)
    if line.done_at is not None:
        return 0
    case = Case.objects.select_for_update().get(pk=line.case_id)
    line.done_at = now
    if _may_not_go(case, timezone.localdate(now)):
        line.fate = SlipLine.Fate.WITHDRAWN
    else:
        _erase_case(case, now)
    line.save(update_fields=["done_at", "fate"])
    return 1


def _may_not_go(case: Case, today: date) -> bool:
    """Reopened, put on hold or under a clock since the slip was prepared."""
    return (
        case.state in (Case.State.OPEN, Case.State.AWAITING_PERSON)
        or Hold.objects.filter(case=case, lifted_at=None).exists()
        or clock_is_running(case.pk, today).exists()
    )


def _erase_case(case: Case, now: datetime) -> None:
    root = personal.root(CASE)
    reached = personal.reach(CASE, [case.pk])
    named = Q(contact__in=reached.get("contacts.Contact", set()))
    for path in ("cases", "case_parts__case", "mandates__case"):
        named |= Q(**{f"{path}__in": reached[CASE]})
    people = set(Person.objects.filter(named).values_list("pk", flat=True))
    tombstones.lay(root, [case], now=now)
    erasing.empty(root, [case.pk], now=now)
    erasing.drop_traces([case.reference])
    let_go(people, now=now)


def let_go(people: Iterable[int], *, now: datetime) -> int:
    """Forget those of whom nothing is held any more but who they were."""
    gone = 0
    for person in Person.objects.filter(pk__in=sorted(people)):
        reached = personal.reach(PERSON, [person.pk])
        reached.pop("contacts.Person")
        if any(reached.values()) or _is_named_elsewhere(person):
            continue
        erase_whole(person, now=now)
        gone += 1
    return gone


def _is_named_elsewhere(person: Person) -> bool:
    return any(
        held.rows(PERSON, [person.pk]).exists()
        for held in personal.held()
        if held.model != PERSON and PERSON in held.of and not held.model.startswith("privacy.")
    )


def erase_whole(person: Person, *, now: datetime) -> None:
    """Erase a person with everything that hangs on them."""
    root, known = personal.root(PERSON), addresses(person)
    tombstones.lay(root, [person], now=now)
    erasing.empty(root, [person.pk], now=now, known=known)
    erasing.drop_traces([*known, str(person)])


@transaction.atomic
def _finish(pk: int, now: datetime) -> None:
    slip = Slip.objects.select_for_update().get(pk=pk)
    if not rules.may_move(slip.state, rules.DONE):
        return
    fates = dict(slip.lines.values_list("fate").annotate(Count("pk")).order_by("fate"))
    slip.state, slip.done_at = rules.DONE, now
    slip.save(update_fields=["state", "done_at"])
    journal.record(
        slip.started_by, "privacy.slip_carried_out", slip,
        authority_id=slip.authority_id, number=slip.number, **fates,
    )  # fmt: skip
