"""Keeping sheets right: what is to be done, what is due, what is put away."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.accounts.http import AgentRequest
from parvis.accounts.models import Agent
from parvis.common.errors import Refused
from parvis.common.http import next_address, once, refuse, requires
from parvis.knowledge import actions, queries
from parvis.knowledge.forms.writing import ArchiveForm
from parvis.knowledge.models import Sheet, SheetDraft, SheetReview
from parvis.knowledge.queries.reviews import MINE, SCOPES, SERVICE
from parvis.knowledge.rules import reviews, writing
from parvis.knowledge.rules import sharing as rules_of_sharing

SHOWN = 12  # of one section; the rest is behind its link
LISTED = 200


@dataclass(frozen=True)
class Line:
    """One thing to do: where it is, and why now."""

    title: str
    url: str
    detail: str = ""
    chip: str = ""
    chip_kind: str = ""
    chip_icon: str = "clock-history"


@dataclass(frozen=True)
class Section:
    """Things to do of one kind; left out of the page when there are none."""

    key: str
    title: str
    lines: list[Line]
    more_url: str = ""


# Each answers for one section of "To do"; another capability adds its own here.
def proposed(agent: Agent, today: date) -> Section:
    lines = [_draft_line(draft) for draft in queries.proposed_to(agent)[:SHOWN]]
    return Section("proposed", _("To read and decide"), lines)


def returned(agent: Agent, today: date) -> Section:
    drafts = queries.drafts_of(agent, [writing.RETURNED])[:SHOWN]
    return Section("returned", _("Returned to you"), [_draft_line(draft) for draft in drafts])


def being_written(agent: Agent, today: date) -> Section:
    drafts = queries.drafts_of(agent, [writing.WRITING, writing.PROPOSED])[:SHOWN]
    return Section("writing", _("Your texts on their way"), [_draft_line(d) for d in drafts])


def urgent(agent: Agent, today: date) -> Section:
    lines = [
        Line(
            sheet.title,
            reverse("knowledge:agent-sheet", args=[sheet.ref]),
            _told(sheet.ref, sheet.current.reason if sheet.current else ""),
            _("check by %(day)s") % {"day": _day(sheet.urgent_check_by)},
            "late" if sheet.urgent_check_by and sheet.urgent_check_by < today else "attention",
            "lightning-charge",
        )
        for sheet in queries.urgent_sheets(agent)[:SHOWN]
    ]
    return Section("urgent", _("Urgent corrections to check"), lines)


def due(agent: Agent, today: date) -> Section:
    found: dict[int, Line] = {}
    for scope in (MINE, SERVICE):
        for sheet in queries.due_sheets(agent, scope, today)[:SHOWN]:
            found.setdefault(sheet.pk, _due_line(sheet, today))
    return Section(
        "due", _("Sheets to look at again"), list(found.values())[:SHOWN],
        reverse("knowledge:reviews"),
    )  # fmt: skip


def local_words(agent: Agent, today: date) -> Section:
    """Local words over a text that changed: for who may lay them."""
    if not agent.may("knowledge.write"):
        return Section("overlays", "", [])
    lines = [
        Line(
            one.sheet.title,
            reverse("knowledge:overlays", args=[one.sheet.ref]),
            f"{one.sheet.ref} · {one.agent.display_name}",
            _("text changed"),
            "attention",
            "geo-alt",
        )
        for one in queries.overlays_to_check(agent)[:SHOWN]
    ]
    return Section(
        "overlays", _("Local words to check"), lines, reverse("knowledge:overlays-to-check")
    )


def between(agent: Agent, today: date) -> Section:
    """What other houses offer, changed or took back: for who decides."""
    if not rules_of_sharing.may_decide(agent.may):
        return Section("between", "", [])
    offers = [
        Line(
            share.sheet.title,
            reverse("knowledge:offer", args=[share.pk]),
            f"{share.sheet.ref} · {share.sheet.authority}",
            _("to decide"),
            "action",
            "inbox",
        )
        for share in queries.to_decide(agent)[:SHOWN]
    ]
    changed = [
        Line(
            one.sheet.title,
            reverse("knowledge:offer-of", args=[one.sheet_id]),
            f"{one.sheet.ref} · {one.sheet.authority}",
            _("text changed"),
            "attention",
            "exclamation-triangle",
        )
        for one in queries.behind(agent)[:SHOWN]
    ]
    ended = f"{reverse('knowledge:sharing')}?liste=finies"
    gone = [
        Line(one.version.title, ended, str(one.sheet.authority), _("no longer shared"), "late")
        for one in queries.ended(agent)[:SHOWN]
    ]
    return Section(
        "between", _("Between authorities"), [*gone, *changed, *offers][:SHOWN],
        reverse("knowledge:sharing"),
    )  # fmt: skip


def remarks(agent: Agent, today: date) -> Section:
    """What others said about shared sheets of this house."""
    lines = [
        Line(
            share.sheet.title,
            reverse("knowledge:discuss", args=[share.pk]),
            f"{share.sheet.ref} · {share.workgroup}",
            _("to read"),
            "attention",
            "chat-left-text",
        )
        for share in queries.comments_to_read(agent)[:SHOWN]
    ]
    return Section("remarks", _("Remarks on shared sheets"), lines)


def together(agent: Agent, today: date) -> Section:
    """The workgroups in which this agent writes."""
    lines = [
        Line(
            seat.workgroup.name,
            reverse("knowledge:workgroup", args=[seat.workgroup_id]),
            seat.workgroup.group.name,
            chip_icon="people",
        )
        for seat in queries.seats_held(agent)[:SHOWN]
    ]
    return Section("together", _("Your workgroups"), lines)


SECTIONS: tuple[Callable[[Agent, date], Section], ...] = (
    proposed,
    returned,
    urgent,
    due,
    local_words,
    between,
    remarks,
    being_written,
    together,
)


def _draft_line(draft: SheetDraft) -> Line:
    kinds = {writing.RETURNED: "late", writing.PROPOSED: "action"}
    icons = {writing.RETURNED: "arrow-return-left", writing.PROPOSED: "send"}
    words = draft.returned_words or draft.reason
    detail = _told(draft.sheet.ref, draft.author.display_name, words)
    return Line(
        draft.title or draft.sheet.ref,
        reverse("knowledge:draft", args=[draft.pk]),
        detail,
        draft.get_state_display(),
        kinds.get(draft.state, ""),
        icons.get(draft.state, "pencil"),
    )


def _due_line(sheet: Sheet, today: date) -> Line:
    urgency = reviews.urgency(sheet.review_due_on, today)
    detail = _told(sheet.ref, sheet.service.label if sheet.service else "")
    words = _("late since %(day)s") if urgency == "late" else _("by %(day)s")
    return Line(
        sheet.title,
        reverse("knowledge:agent-sheet", args=[sheet.ref]),
        detail,
        words % {"day": _day(sheet.review_due_on)},
        "late" if urgency == "late" else "attention" if urgency == "near" else "",
    )


def _day(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


@requires(*queries.EDITORS, "knowledge.share")
@require_GET
def todo(request: AgentRequest) -> HttpResponse:
    """Everything about sheets that waits for this agent, on one page."""
    today = timezone.localdate()
    sections = [section(request.user, today) for section in SECTIONS]
    context = {
        "sections": [section for section in sections if section.lines],
        "may_write": any(map(request.user.may, queries.EDITORS)),
    }
    return render(request, "knowledge/todo.html", context)


@requires(*queries.EDITORS)
@require_GET
def due_list(request: AgentRequest) -> HttpResponse:
    """Sheets late or due soon: mine, my service's, all."""
    scope = request.GET.get("liste", MINE)
    scope = scope if scope in SCOPES else MINE
    today = timezone.localdate()
    sheets = _limited(queries.due_sheets(request.user, scope, today).select_related("current"))
    labels = {MINE: _("Mine"), SERVICE: _("My service"), "all": _("All")}
    tabs = [
        {
            "text": labels[one],
            "url": f"{request.path}?liste={one}",
            "current": one == scope,
            "count": queries.due_sheets(request.user, one, today).count(),
        }
        for one in SCOPES
    ]
    rows: list[dict[str, Any]] = [
        {
            "sheet": sheet,
            "urgency": reviews.urgency(sheet.review_due_on, today),
            "keeps": queries.rights(request.user, sheet).keeps,
        }
        for sheet in sheets
    ]
    first = next((row["sheet"] for row in rows if row["keeps"]), None)
    for row in rows:
        row["has_key"] = row["sheet"] == first
    context = {"tabs": tabs, "rows": rows, "scope": scope}
    return render(request, "knowledge/reviews.html", context)


def _limited(sheets: QuerySet[Sheet]) -> QuerySet[Sheet]:
    return sheets[:LISTED]


@requires(*queries.EDITORS)
@require_POST
@once
def unchanged(request: AgentRequest, ref: str) -> HttpResponse:
    """Read again and still right: one key."""
    sheet = _own(request, ref)
    back = next_address(request, reverse("knowledge:agent-sheet", args=[ref]))
    try:
        review = actions.confirm_unchanged(sheet, agent=request.user, now=timezone.now())
    except Refused as refusal:
        refuse(request, refusal)
        return redirect(back)
    day = date_format(review.next_on, "DATE_FORMAT") if review.next_on else ""
    messages.success(
        request,
        _("“%(title)s” is still right. Next check before %(day)s.")
        % {"title": sheet.title, "day": day},
        extra_tags=f"undo:{reverse('knowledge:undo-review', args=[review.pk])}",
    )
    return redirect(back)


@requires(*queries.EDITORS)
@require_POST
def undo_review(request: AgentRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(
        SheetReview.objects.visible_to(request.user).select_related("sheet"), pk=pk
    )
    try:
        actions.undo_review(review, agent=request.user, now=timezone.now())
        messages.success(request, _("Taken back: the sheet is to be checked again."))
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("knowledge:agent-sheet", review.sheet.ref)


@requires(*queries.EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def archive(request: AgentRequest, ref: str) -> HttpResponse:
    """Put a sheet away without losing whoever quoted its address."""
    sheet = _own(request, ref)
    form = ArchiveForm(request.POST or None, actor=request.user)
    if form.is_valid():
        try:
            actions.archive(sheet, agent=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            undo = f"undo:{reverse('knowledge:bring-back', args=[ref])}"
            messages.success(request, _("The sheet is archived."), extra_tags=undo)
            return redirect("knowledge:agent-sheet", ref)
    context = {"sheet": sheet, "form": form, "keeps": queries.rights(request.user, sheet).keeps}
    return render(request, "knowledge/archive.html", context)


@requires(*queries.EDITORS)
@require_POST
def bring_back(request: AgentRequest, ref: str) -> HttpResponse:
    sheet = _own(request, ref)
    try:
        actions.bring_back(sheet, agent=request.user)
        messages.success(request, _("The sheet is in use again."))
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("knowledge:agent-sheet", ref)


def _own(request: AgentRequest, ref: str) -> Sheet:
    found = queries.own_sheet(request.user, ref)
    if found is None or found.current_id is None:
        raise Http404
    return found


def life_of(agent: Agent, sheet: Sheet) -> dict[str, Any]:
    """What the page of a sheet offers to who keeps it."""
    rights = queries.rights(agent, sheet)
    texts = queries.texts_of(sheet)
    return {
        "rights": rights,
        "drafts": queries.open_drafts(sheet) if rights.propose else [],
        "texts": texts,
        "older_texts": [one for one in texts if one.is_older],
        "attachments": queries.attachments_of(sheet),
        "is_archived": sheet.state == Sheet.State.ARCHIVED,
        "reads_sheets": agent.may("knowledge.read"),
        "is_own": sheet.authority_id == agent.authority_id,
        "may_share": queries.may_share(agent, sheet) and sheet.nature == Sheet.Nature.SHEET,
        "shares": queries.shares_of(sheet).count(),
    }


def _told(*parts: str) -> str:
    return " · ".join(filter(None, parts))
