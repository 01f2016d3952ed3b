"""Putting two cases together without losing a line, taking them apart, linking them."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import queries, rules
from parvis.cases.actions import story
from parvis.cases.events import CasesMerged, CasesSeparated
from parvis.cases.models import Case, CaseLink, CaseMerge
from parvis.common import codes
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.marking import gettext_noop
from parvis.common.text import one_line

# What a merge takes from the merged case, and gives back when it is undone.
TAKEN = ("state", "unread_by_service", "unread_by_person")
OF_SOMEBODY_ELSE = gettext_noop("the other request is somebody else’s")

_PROBLEMS = {
    rules.MergeProblem.SAME: gettext_noop("This is the same case."),
    rules.MergeProblem.AUTHORITY: gettext_noop("This belongs to another authority."),
    rules.MergeProblem.PERSON: gettext_noop(
        "These are not surely of the same person, and one would read the other’s: link them "
        "instead."
    ),
    rules.MergeProblem.SEAL: gettext_noop(
        "A sealed case is not put together with one of another service."
    ),
    rules.MergeProblem.STATE: gettext_noop(
        "A case sent to another authority, or put into another case, stays where it is."
    ),
    rules.MergeProblem.KEPT_CLOSED: gettext_noop(
        "The case that goes on must be open: reopen it first, or keep the other one."
    ),
}


@transaction.atomic
def merge(case: Case, *, into: Case, agent: Agent, now: datetime, reason: str) -> CaseMerge:
    """Put a case into another: every row stays where it came from, the story is read as one."""
    why = one_line(reason)[:200]
    if not why:
        raise Refused(_("Say why they are one and the same: the person reads it."), code="empty")
    merged, kept = _locked(case, into)
    problem = rules.merge_problem(queries.filed(merged), queries.filed(kept))
    if problem is not None:
        raise Refused(_(_PROBLEMS[problem]), code=problem.value)
    story.check_may_steer(merged, agent, now)
    story.check_may_steer(kept, agent, now)
    if queries.pending_handover(merged) is not None:
        raise Refused(
            _("It has been offered to a colleague: wait for their answer first."), code="offered"
        )
    was = {name: getattr(merged, name) for name in TAKEN}
    Case.objects.filter(pk=merged.pk).update(
        state=Case.State.MERGED, merged_into=kept, unread_by_service=False, unread_by_person=False
    )
    before, became = _due(kept), _earlier(kept, merged)
    kept_became = {"due_on": became.isoformat() if became else None}
    row = CaseMerge.objects.create(
        kept=kept,
        merged=merged,
        agent=agent,
        at=now,
        reason=why,
        was=was,
        kept_was={"due_on": before},
        kept_became=kept_became,
    )
    story.change(kept, now=now, due_on=became, unread_by_person=True)
    _tell_both(story.Kind.MERGED, kept, merged, agent, now, why)
    story.note_down(kept, agent, "case_merged", merged=merged.pk, merge=row.pk)
    emit(CasesMerged(kept.pk, merged.pk, kept.authority_id))
    _mirror(case, into)
    return row


@transaction.atomic
def take_apart(row: CaseMerge, *, agent: Agent, now: datetime, reason: str) -> Case:
    """Undo a merge: the case is again what it was, with all that happened to it before."""
    why = one_line(reason)[:200]
    if not why:
        raise Refused(_("Say why they are two after all."), code="empty")
    merged, kept = _locked(row.merged, row.kept)
    row = CaseMerge.objects.select_for_update().get(pk=row.pk)
    if row.undone_at is not None:
        raise Refused(_("A colleague has taken them apart already."), code="stale")
    if not rules.may_be_taken_apart(row.at, now):
        raise Refused(
            _("Thirty days have passed since: open a new case instead, and link it."), code="late"
        )
    story.check_may_steer(merged, agent, now)
    given_back = {name: row.was[name] for name in TAKEN}
    Case.objects.filter(pk=merged.pk).update(merged_into=None, **given_back)
    _give_back(row, kept)
    row.undone_at, row.undone_by, row.undone_reason = now, agent, why
    row.save(update_fields=["undone_at", "undone_by", "undone_reason"])
    _tell_both(story.Kind.UNMERGED, kept, merged, agent, now, why)
    story.note_down(kept, agent, "case_separated", merged=merged.pk, merge=row.pk)
    emit(CasesSeparated(kept.pk, merged.pk, kept.authority_id))
    _mirror(merged, kept)
    return merged


@transaction.atomic
def link(case: Case, *, to: Case, kind: str, agent: Agent, now: datetime) -> CaseLink:
    """Let two cases know of each other; each stays what it is."""
    if kind not in CaseLink.Kind.values:
        raise Refused(_("Choose how they belong together."))
    if case.pk == to.pk:
        raise Refused(_("This is the same case."), code="same")
    case, to = _locked(case, to)
    for one in (case, to):
        story.check_agent(one, agent)
        if one.state == Case.State.MERGED:
            raise Refused(_("This case was put into another one: go on there."), code="merged")
    if case.service_id != to.service_id and (case.service.is_sensitive or to.service.is_sensitive):
        raise Refused(_("A sealed case is linked within its own service only."), code="seal")
    # What goes both ways is written down one way only.
    first, second = (to, case) if kind != CaseLink.Kind.FOLLOWS and to.pk < case.pk else (case, to)
    try:
        with transaction.atomic():
            row = CaseLink.objects.create(
                first=first, second=second, kind=kind, agent=agent, at=now
            )
    except IntegrityError as twice:
        raise Refused(_("They are linked like this already."), code="stale") from twice
    _tell_linked(row, agent, now)
    story.note_down(case, agent, "case_linked", to=to.pk, kind=kind)
    return row


@transaction.atomic
def unlink(row: CaseLink, *, agent: Agent, now: datetime) -> None:
    """Two cases were linked by mistake: the link ends, its trace stays."""
    for one in (row.first, row.second):
        story.check_agent(one, agent)
    if not CaseLink.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now):
        raise Refused(_("A colleague has ended this link already."), code="stale")
    story.note_down(row.first, agent, "link_ended", to=row.second_id, kind=row.kind)


def _locked(*cases: Case) -> tuple[Case, ...]:
    """The cases as they are now, locked in one order whatever two colleagues do at once."""
    wanted = [case.pk for case in cases]
    rows = Case.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    found = {row.pk: row for row in rows.select_related("service", "topic", "person")}
    return tuple(found[pk] for pk in wanted)


def _due(case: Case) -> str | None:
    return case.due_on.isoformat() if case.due_on else None


def _earlier(kept: Case, merged: Case) -> date | None:
    """What was promised for the earlier day holds for both."""
    promised = [case.due_on for case in (kept, merged) if case.due_on is not None]
    return min(promised, default=None)


def _give_back(row: CaseMerge, kept: Case) -> None:
    """The date that the merge moved goes back, unless somebody has said another one since."""
    if row.kept_was == row.kept_became or _due(kept) != row.kept_became.get("due_on"):
        return
    before = row.kept_was.get("due_on")
    kept.due_on = date.fromisoformat(before) if before else None
    Case.objects.filter(pk=kept.pk).update(due_on=kept.due_on)


def _tell_both(kind: str, kept: Case, merged: Case, agent: Agent, now: datetime, why: str) -> None:
    def told(one: Case, **data: Any) -> None:
        story.add_line(one, kind, now=now, agent=agent, text=why, **data)

    told(kept, other=codes.format_reference(merged.reference))
    told(merged, other=codes.format_reference(kept.reference), is_part=True)


def _tell_linked(row: CaseLink, agent: Agent, now: datetime) -> None:
    """Each case says so; whoever is somebody else's is never named to the person."""
    same = queries.filed(row.first).is_of_same_person(queries.filed(row.second))
    for one, other in ((row.first, row.second), (row.second, row.first)):
        story.add_line(
            one,
            story.Kind.LINKED,
            now=now,
            agent=agent,
            internal_reason="" if same else OF_SOMEBODY_ELSE,
            other=codes.format_reference(other.reference),
            link=row.kind,
        )


def _mirror(*cases: Case) -> None:
    """Let the objects that the caller holds say what the database says."""
    for case in cases:
        case.refresh_from_db(fields=[*TAKEN, "merged_into", "due_on", "last_activity_at"])
    queries.forget_parts(*cases)
