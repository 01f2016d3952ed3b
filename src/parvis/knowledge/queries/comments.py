"""Remarks on shared sheets: of a workgroup, read by its members and the house that owns it."""

from collections.abc import Iterable

from django.db.models import Count, Max, QuerySet

from parvis.accounts.models import Agent
from parvis.knowledge.models import Share, Sheet, SheetComment
from parvis.knowledge.queries.drafts import rights, roles_with
from parvis.knowledge.queries.sharing import may_share, sits_in


def thread_for(agent: Agent, pk: int) -> Share | None:
    """A shared sheet that the agent may talk about: a member, or an editor of its owner."""
    rows = Share.objects.active().filter(pk=pk, workgroup__isnull=False)
    found = rows.select_related(
        "sheet__current", "sheet__authority", "sheet__keeper", "workgroup__group", "agent"
    ).first()
    return found if found is not None and may_talk(agent, found) else None


def may_talk(agent: Agent, share: Share) -> bool:
    """Members of the workgroup, and those who answer for the sheet in the house that owns it."""
    return answers_for(agent, share.sheet) or sits_in(agent, share.workgroup)


def answers_for(agent: Agent, sheet: Sheet) -> bool:
    """An editor of the house that owns the sheet."""
    return rights(agent, sheet).keeps or may_share(agent, sheet)


def comments_on(share: Share) -> QuerySet[SheetComment]:
    """What was said about a sheet in the workgroup that writes it, the oldest first."""
    rows = SheetComment.objects.filter(sheet=share.sheet_id, workgroup=share.workgroup_id)
    return (
        rows.select_related("agent__entry", "agent__authority", "version")
        .defer("version__raw", "version__text", "version__blocks")
        .order_by("at", "id")
    )


def comments_to_read(agent: Agent) -> list[Share]:
    """Shares of the agent's house with remarks that nobody there has read, the newest first."""
    unread = SheetComment.objects.visible_to(agent).filter(noted_at=None)
    newest = {
        (row["sheet"], row["workgroup"]): row["last"]
        for row in unread.order_by().values("sheet", "workgroup").annotate(last=Max("at"))
    }
    rows = Share.objects.visible_to(agent).active().filter(sheet__in=unread.values("sheet"))
    found = [
        share
        for share in rows.select_related("sheet", "workgroup")
        if (share.sheet_id, share.workgroup_id) in newest and answers_for(agent, share.sheet)
    ]
    return sorted(found, key=lambda one: newest[one.sheet_id, one.workgroup_id or 0], reverse=True)


def comment_counts(shares: Iterable[Share]) -> dict[tuple[int, int | None], int]:
    """How many remarks there are, by sheet and workgroup."""
    sheets = [share.sheet_id for share in shares]
    rows = SheetComment.objects.filter(sheet__in=sheets).order_by()
    counted = rows.values_list("sheet", "workgroup").annotate(n=Count("id"))
    return {(sheet, workgroup): n for sheet, workgroup, n in counted}


def told_of_comments(share: Share) -> list[Agent]:
    """Who reads a remark first: who keeps the sheet, else who shared it, else its editors."""
    house = Agent.objects.at_work().filter(authority_id=share.sheet.authority_id).exclude(email="")
    for pk in (share.sheet.keeper_id, share.agent_id):
        if (found := house.filter(pk=pk).first()) is not None:
            return [found]
    editors = house.filter(grants__role__in=roles_with("knowledge.share"), is_robot=False)
    return list(editors.distinct().order_by("pk"))
