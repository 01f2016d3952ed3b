"""Workgroups write shared sheets: a proposal to the house that owns the sheet, never past it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.knowledge import drafting, markup, queries
from parvis.knowledge.actions.drafts import open_draft_for_group
from parvis.knowledge.models import Share, SheetDraft, SheetVersion
from parvis.knowledge.rules import sharing, writing
from parvis.knowledge.rules.writing import DraftBlock, Writing


@dataclass(frozen=True)
class Together:
    """What a member of a workgroup wants said, by the number of the part."""

    short_answer: str
    texts: Mapping[int, str] = field(default_factory=dict)
    added: str = ""
    added_kind: str = "explanation"
    reason: str = ""


@transaction.atomic
def propose_together(
    share: Share, words: Together, *, seen: SheetVersion, agent: Agent, now: datetime
) -> SheetDraft:
    """Propose other words for a shared sheet in the name of its workgroup."""
    sheet = share.sheet
    if share.ended_at is not None or not queries.sits_in(agent, share.workgroup):
        raise Refused(_("Only the members of its workgroup write this sheet together."))
    reason = one_line(words.reason)[:300]
    if not reason:
        raise Refused(_("Say in a few words why the text changes."))
    if seen.pk != sheet.current_id:
        raise Refused(_("Another version was published meanwhile: look at it, then write again."))
    on_their_way = [one for one in queries.open_drafts(sheet) if not _is_returned(one, share)]
    if on_their_way:
        raise Refused(_("Another text of this sheet is on its way at its house: wait for it."))
    said = _writing(seen, words, sheet_writing=drafting.of_version(sheet, seen), now=now)
    for returned in SheetDraft.objects.filter(
        sheet=sheet, workgroup=share.workgroup_id, state=writing.RETURNED
    ):
        returned.state, returned.closed_at = writing.ABANDONED, now
        returned.save(update_fields=["state", "closed_at"])
    draft = open_draft_for_group(share, said, agent=agent, now=now, reason=reason)
    journal.record(
        agent, "knowledge.proposed_together", sheet, draft=draft.pk, workgroup=share.workgroup_id
    )
    return draft


def _is_returned(draft: SheetDraft, share: Share) -> bool:
    """A text of the workgroup that was given back: the next one takes its place."""
    return draft.workgroup_id == share.workgroup_id and draft.state == writing.RETURNED


def _writing(
    seen: SheetVersion, words: Together, *, sheet_writing: Writing, now: datetime
) -> Writing:
    """The whole text with the parts that a workgroup reads as it wants them; notes untouched."""
    today = timezone.localdate(now)
    blocks: list[DraftBlock] = []
    for number, (block, drafted) in enumerate(
        zip(seen.blocks, sheet_writing["blocks"], strict=True), start=1
    ):
        if sharing.crosses(block, today) and number in words.texts:
            drafted = DraftBlock(**{**drafted, "text": _clean(words.texts[number])})
        blocks.append(drafted)
    if _clean(words.added):
        blocks = writing.with_block(blocks, words.added_kind)
        blocks[-1]["text"] = _clean(words.added)
    short = markup.printable(words.short_answer).strip()
    return Writing(**{**sheet_writing, "short_answer": short, "blocks": blocks})


def _clean(text: str) -> str:
    return markup.printable(text).replace("\r\n", "\n").strip()
