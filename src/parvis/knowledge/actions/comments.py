"""Remarks on a shared sheet, in the workgroup that writes it; its owner is told."""

from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal, outbox
from parvis.common.errors import Refused
from parvis.common.http import full_address
from parvis.knowledge import markup, queries
from parvis.knowledge.models import Share, SheetComment

LONGEST = 4000


@transaction.atomic
def comment(share: Share, *, agent: Agent, now: datetime, text: str) -> SheetComment:
    """Say something about a shared sheet to its workgroup and to the house that owns it."""
    held = (
        Share.objects.select_for_update(of=("self",))
        .select_related("sheet__current")
        .get(pk=share.pk)
    )
    if held.ended_at is not None or held.workgroup_id is None or not queries.may_talk(agent, held):
        raise Refused(_("Only the workgroup and the house that owns the sheet talk about it here."))
    if held.sheet.current is None:
        raise Refused(_("Nobody reads this sheet yet."))
    said = markup.printable(text).replace("\r\n", "\n").strip()[:LONGEST]
    if not said:
        raise Refused(_("There are no words yet."))
    is_owners = agent.authority_id == held.sheet.authority_id
    is_first = not queries.comments_on(held).filter(noted_at=None).exists()
    row = SheetComment.objects.create(
        sheet=held.sheet,
        workgroup_id=held.workgroup_id,
        version=held.sheet.current,
        agent=agent,
        at=now,
        text=said,
        noted_at=now if is_owners else None,
    )
    if is_owners:
        _note_all(held, now)
    elif is_first:  # one mail for everything that is not read yet
        _tell_owner(held, row)
    journal.record(agent, "knowledge.sheet_commented", held.sheet, workgroup=held.workgroup_id)
    return row


@transaction.atomic
def note_comments(share: Share, *, agent: Agent, now: datetime) -> int:
    """Somebody of the house that owns the sheet has read what was said about it."""
    if not queries.answers_for(agent, share.sheet):
        raise Refused(_("The house that owns the sheet notes what was said about it."))
    count = _note_all(share, now)
    if count:
        journal.record(agent, "knowledge.comments_noted", share.sheet, count=count)
    return count


def _note_all(share: Share, now: datetime) -> int:
    return queries.comments_on(share).filter(noted_at=None).update(noted_at=now)


def _tell_owner(share: Share, row: SheetComment) -> None:
    for agent in queries.told_of_comments(share):
        with translation.override(agent.language):
            context = {
                "agent": agent,
                "row": row,
                "share": share,
                "page": full_address(reverse("knowledge:discuss", args=[share.pk])),
            }
            outbox.send_mail(
                agent.email,
                subject=_("A remark on %(ref)s from %(house)s")
                % {"ref": share.sheet.ref, "house": row.agent.authority},
                text=render_to_string("knowledge/comment_mail.txt", context),
                reply_to="",
            )
