"""Sheets between authorities: offered, adopted, ignored, taken back; nobody loses local words."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.text import one_line
from parvis.knowledge import queries
from parvis.knowledge.actions.drafts import free_ref
from parvis.knowledge.actions.sheets import NewSheet, collection_changed, create_local_sheet
from parvis.knowledge.events import ShareTakenBack, SheetAdopted, SheetShared
from parvis.knowledge.models import Adoption, Group, Share, Sheet, SheetVersion, Workgroup
from parvis.knowledge.rules import overlays, sharing
from parvis.organisations.models import Authority

State = Adoption.State


@transaction.atomic
def share_sheets(
    sheets: Sequence[Sheet],
    group: Group,
    *,
    agent: Agent,
    now: datetime,
    workgroup: Workgroup | None = None,
) -> list[Share]:
    """Offer sheets to the other houses of a group; each decides for itself."""
    if not queries.is_member(agent.authority_id, group):
        raise Refused(_("Your house is not in this group."))
    if workgroup is not None and workgroup.group_id != group.pk:
        raise Refused(_("This workgroup belongs to another group."))
    wanted = {sheet.pk: sheet for sheet in sheets}
    there = Share.objects.filter(group=group, ended_at=None, sheet__in=wanted)
    for pk in there.values_list("sheet_id", flat=True):
        wanted.pop(pk)
    for sheet in wanted.values():
        _refuse_unshareable(agent, sheet)
    shares = Share.objects.bulk_create(
        Share(sheet=sheet, group=group, workgroup=workgroup, agent=agent, at=now)
        for sheet in wanted.values()
    )
    for share in shares:
        journal.record(agent, "knowledge.sheet_shared", share.sheet, group=group.pk)
        emit(SheetShared(share.sheet_id, share.sheet.ref, agent.authority_id, group.pk))
    collection_changed()
    return shares


def _refuse_unshareable(agent: Agent, sheet: Sheet) -> None:
    if not queries.may_share(agent, sheet):
        raise Refused(_("Sheets are shared by who keeps them, the editor and the coordinator."))
    is_read = sheet.state == Sheet.State.PUBLISHED and sheet.current_id is not None
    if not (is_read and sheet.is_public and sheet.nature == Sheet.Nature.SHEET):
        raise Refused(_("Only sheets that the public reads are shared."))


@transaction.atomic
def take_back_share(
    share: Share, *, agent: Agent, now: datetime, fate: str, note: str = ""
) -> Share:
    """Share a sheet no longer; who adopted it keeps a copy of its own, or has it no more."""
    held = Share.objects.select_for_update(of=("self",)).select_related("sheet").get(pk=share.pk)
    if not queries.may_share(agent, held.sheet):
        raise Refused(_("Sheets are shared by who keeps them, the editor and the coordinator."))
    if held.ended_at is not None:
        raise Refused(_("This sheet is no longer shared there."))
    if fate not in sharing.FATES:
        raise Refused(_("Say what becomes of those who adopted the sheet."))
    _end(held, agent=agent, now=now, fate=fate, note=note)
    return held


def take_back_all(group: Group, *, agent: Agent, now: datetime, note: str) -> None:
    """Everything that a house shared in a group: the others keep copies."""
    rows = Share.objects.filter(group=group, sheet__authority_id=agent.authority_id, ended_at=None)
    for share in rows.select_related("sheet").order_by("id"):
        _end(share, agent=agent, now=now, fate=sharing.KEEP, note=note)


def _end(share: Share, *, agent: Agent, now: datetime, fate: str, note: str) -> None:
    share.ended_at, share.ended_by, share.end_note = now, agent, one_line(note)[:300]
    share.save(update_fields=["ended_at", "ended_by", "end_note"])
    still = queries.readers([share.sheet_id]).get(share.sheet_id, frozenset())
    lost = Adoption.objects.filter(sheet=share.sheet, state=State.ADOPTED).exclude(
        authority_id__in=still
    )
    for adoption in _with_sheets(lost):
        _end_adoption(adoption, fate=fate, now=now, note=share.end_note)
    journal.record(
        agent, "knowledge.share_taken_back", share.sheet, group=share.group_id, fate=fate
    )
    emit(ShareTakenBack(share.sheet_id, share.sheet.ref, agent.authority_id, share.group_id))
    collection_changed()


def end_for_members(authority_ids: Collection[int], *, fate: str, now: datetime, note: str) -> None:
    """What becomes of the adopted sheets that are no longer offered to these houses."""
    for authority_id in authority_ids:
        offered = Share.objects.offered_to(authority_id).values("sheet")
        lost = Adoption.objects.filter(authority_id=authority_id, state=State.ADOPTED)
        for adoption in _with_sheets(lost.exclude(sheet__in=offered)):
            _end_adoption(adoption, fate=fate, now=now, note=note)
    collection_changed()


def _with_sheets(rows: QuerySet[Adoption]) -> list[Adoption]:
    return list(rows.select_related("sheet__current", "sheet__authority", "authority"))


def _end_adoption(adoption: Adoption, *, fate: str, now: datetime, note: str) -> None:
    today = timezone.localdate(now)
    adoption.state, adoption.ended_on, adoption.end_note = State.ENDED, today, note[:300]
    adoption.settled_at = None
    if fate == sharing.KEEP:
        adoption.copy = _copy(adoption.sheet, adoption.authority, now=now, today=today)
    adoption.save(update_fields=["state", "ended_on", "end_note", "settled_at", "copy"])
    journal.record(
        None,
        "knowledge.adoption_ended",
        adoption.sheet,
        authority_id=adoption.authority_id,
        copy=adoption.copy.ref if adoption.copy else "",
    )


def _copy(sheet: Sheet, authority: Authority, *, now: datetime, today: date) -> Sheet | None:
    """The last words with the local ones in them, as a sheet of the house, at the same address."""
    version, owner = sheet.current, sheet.authority
    if version is None or owner is None:
        return None
    laid = queries.laid_on([sheet.pk]).get(sheet.pk, {}).get(authority.pk, [])
    said = queries.as_read(sheet.authority_id, version, laid, today=today)
    taken = Sheet.objects.filter(authority=authority, ref__iexact=sheet.ref).exists()
    copy = create_local_sheet(
        authority,
        NewSheet(
            ref=free_ref(authority.pk) if taken else sheet.ref,
            title=version.title,
            short_answer=said.short.text,
            blocks=overlays.without_marks(said.blocks),
            keywords=[word for word in sheet.keywords.split(", ") if word],
            asked=sheet.asked.splitlines(),
            breadcrumb=sheet.breadcrumb,
            kind=sheet.kind,
            reviewed_on=sheet.reviewed_on,
            review_due_on=sheet.review_due_on,
            language=version.language,
            author=version.author,
        ),
        now=now,
        author=version.author,
    )
    copy.source_note = _("Taken over from %(owner)s") % {"owner": owner.name}
    copy.save(update_fields=["source_note"])
    return copy


@transaction.atomic
def adopt(sheet: Sheet, *, seen: SheetVersion, agent: Agent, now: datetime) -> Adoption:
    """Make a sheet of another authority one's own to read and to say; or note its new words."""
    _refuse_undecided(sheet, agent)
    if seen.sheet_id != sheet.pk:
        raise Refused(_("There is no such sheet."))
    readable = Sheet.objects.readable_by(agent.authority_id).exclude(pk=sheet.pk)
    same = readable.filter(ref__iexact=sheet.ref, authority__isnull=False)
    if same.exclude(state=Sheet.State.ARCHIVED).exists():
        words = {"ref": sheet.ref}
        raise Refused(_("You have a sheet %(ref)s already: archive it first.") % words)
    was, adoption = _decide(sheet, State.ADOPTED, "", seen=seen, agent=agent, now=now)
    if was != State.ADOPTED:
        journal.record(agent, "knowledge.sheet_adopted", sheet, version=seen.number)
        emit(SheetAdopted(sheet.pk, sheet.ref, agent.authority_id, seen.pk))
        collection_changed()
    else:
        journal.record(agent, "knowledge.adoption_confirmed", sheet, version=seen.number)
    return adoption


@transaction.atomic
def ignore(
    sheet: Sheet, *, seen: SheetVersion, agent: Agent, now: datetime, reason: str
) -> Adoption:
    """Leave a shared sheet aside, and say why: the coordinator reads it."""
    _refuse_undecided(sheet, agent)
    reason = one_line(reason)[:300]
    if not reason:
        raise Refused(_("Say in a few words why this sheet is not for your house."))
    _was, adoption = _decide(sheet, State.IGNORED, reason, seen=seen, agent=agent, now=now)
    journal.record(agent, "knowledge.sheet_ignored", sheet, reason=reason)
    collection_changed()
    return adoption


@transaction.atomic
def settle_ended(adoption: Adoption, *, agent: Agent, now: datetime) -> None:
    """Somebody of the house has read that a sheet is no longer shared."""
    if not sharing.may_decide(agent.may) or adoption.authority_id != agent.authority_id:
        raise Refused(_("This is decided by the sheet editor, advisers and the head."))
    Adoption.objects.filter(pk=adoption.pk, state=State.ENDED).update(settled_at=now)
    journal.record(agent, "knowledge.end_noted", adoption.sheet)


def _refuse_undecided(sheet: Sheet, agent: Agent) -> None:
    if not sharing.may_decide(agent.may):
        raise Refused(_("This is decided by the sheet editor, advisers and the head."))
    if queries.offer_of(agent, sheet) is None:
        raise Refused(_("This sheet is not shared with your house."))


def _decide(
    sheet: Sheet, state: str, reason: str, *, seen: SheetVersion, agent: Agent, now: datetime
) -> tuple[str, Adoption]:
    held = (
        Adoption.objects.select_for_update()
        .filter(authority_id=agent.authority_id, sheet=sheet)
        .first()
    )
    was = held.state if held else ""
    held = held or Adoption(authority_id=agent.authority_id, sheet=sheet)
    held.state, held.reason, held.version = state, reason, seen
    held.agent, held.at = agent, now
    held.ended_on, held.end_note, held.copy, held.settled_at = None, "", None, None
    held.save()
    return was, held
