"""The editor: one form, every button saves first, and no text is ever lost on the way."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires
from parvis.knowledge import actions, drafting, presentation, queries, rules
from parvis.knowledge.forms.writing import LEVEL_CHOICES, AboutForm, NewSheetForm, read_writing
from parvis.knowledge.models import DraftCopy, Sheet, SheetDraft
from parvis.knowledge.presentation import HEADINGS
from parvis.knowledge.rules import writing
from parvis.knowledge.rules.writing import Writing
from parvis.knowledge.views import kept

Step = Callable[[AgentRequest, SheetDraft], HttpResponse]


@requires(*queries.EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new(request: AgentRequest) -> HttpResponse:
    nature = _nature(request)
    form = NewSheetForm(
        request.POST or None, actor=request.user, initial={"service": request.user.service_id}
    )
    if form.is_valid():
        try:
            draft = actions.start_sheet(
                request.user, now=timezone.now(), nature=nature, **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("knowledge:draft", draft.pk)
    context = {"form": form, "is_protocol": nature == Sheet.Nature.PROTOCOL}
    return render(request, "knowledge/new.html", context)


def _nature(request: HttpRequest) -> Sheet.Nature:
    wanted = request.POST.get("nature") or request.GET.get("nature")
    return Sheet.Nature.PROTOCOL if wanted == Sheet.Nature.PROTOCOL else Sheet.Nature.SHEET


@requires(*queries.EDITORS)
@require_POST
@once
def begin(request: AgentRequest, ref: str) -> HttpResponse:
    """Open the text on its way for a sheet, or begin one; ``urgent`` for the quick lane."""
    sheet = queries.own_sheet(request.user, ref)
    if sheet is None:
        raise Http404
    try:
        draft = actions.open_draft(
            sheet,
            agent=request.user,
            now=timezone.now(),
            is_urgent=bool(request.POST.get("urgent")),
        )
    except Refused as refusal:
        refuse(request, refusal)
        return redirect("knowledge:agent-sheet", ref)
    return redirect(_editor(draft))


@kept.words
@requires(*queries.EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
@kept.once_per_words
def draft(request: AgentRequest, pk: int) -> HttpResponse:
    """GET shows the editor or, once it is proposed, the page to read it; POST saves and acts."""
    found = _draft(request, pk)
    if request.method == "POST":
        return _post(request, found, request.POST)
    if (waiting := kept.take(request)) is not None:
        return _save(request, found, waiting)[1] or redirect(_editor(found))
    aside = queries.asides(found, request.user).first()
    if aside is not None:
        return redirect("knowledge:two-texts", found.pk, aside.pk)
    reads = not found.is_open or (found.state == writing.PROPOSED and "ecrire" not in request.GET)
    if reads or not queries.may_edit(request.user, found):
        return redirect("knowledge:read-draft", found.pk)
    return render(request, "knowledge/editor.html", _context(request, found))


def _draft(request: AgentRequest, pk: int) -> SheetDraft:
    found = queries.draft_for(request.user, pk)
    if found is None:
        raise Http404
    return found


def _editor(draft: SheetDraft, block: str = "") -> str:
    address = reverse("knowledge:draft", args=[draft.pk])
    query = "?ecrire=1" if draft.state == writing.PROPOSED else ""
    return address + query + (f"#bloc-{block}" if block else "")


def _context(request: AgentRequest, draft: SheetDraft) -> dict[str, Any]:
    about = AboutForm(actor=request.user, prefix="about", initial=draft.about)
    return {
        "draft": draft,
        "about": about,
        "blocks": [
            {
                **block,
                "heading": HEADINGS.get(block["kind"], _("Part")),
                "words": block["text"],
                "until": block.get("until", ""),
                "is_step": block["kind"] == rules.STEP,
                "rows": _rows(block["text"]),
            }
            for block in draft.blocks
        ],
        "levels": LEVEL_CHOICES,
        "kinds": [(kind, HEADINGS[kind]) for kind in _kinds(draft.sheet)],
        "reading": drafting.reading_of(draft.short_answer, draft.blocks),
        "may_publish": queries.may_publish(request.user, draft),
        "validators": queries.validators_of(draft.sheet).exclude(pk=request.user.pk),
        "others": queries.others_writing(draft, request.user),
        "last_copy": queries.copy_at(draft, draft.revision - 1),
        "is_behind": draft.based_on_id != draft.sheet.current_id,
        "writer_mark": kept.mark(request),
    }


def _kinds(sheet: Sheet) -> tuple[str, ...]:
    is_protocol = sheet.nature == Sheet.Nature.PROTOCOL
    return writing.PROTOCOL_KINDS if is_protocol else writing.KINDS


def _rows(text: str) -> int:
    """How many lines a field needs to show its text, within reason."""
    lines = sum(1 + len(line) // 85 for line in text.split("\n"))
    return min(max(lines + 1, 3), 16)


def _post(request: AgentRequest, draft: SheetDraft, posted: QueryDict) -> HttpResponse:
    saved, elsewhere = _save(request, draft, posted)
    if elsewhere is not None:
        return elsewhere
    what, _colon, name = posted.get("do", "save").partition(":")
    if what in {"add", "remove", "up", "down"}:
        return _rearrange(request, saved, what, name or posted.get("kind", ""))
    try:
        return _STEPS.get(what, _stay)(request, saved)
    except actions.Behind as refusal:
        refuse(request, refusal)
        return redirect("knowledge:catch-up", saved.pk)
    except Refused as refusal:
        refuse(request, refusal)
        return redirect(_editor(saved))


def _save(
    request: AgentRequest, draft: SheetDraft, posted: QueryDict
) -> tuple[SheetDraft, HttpResponse | None]:
    """Keep what was sent; where it could not be, the page on which to choose."""
    words, unread = read_writing(posted, request.user, draft.writing)
    revision = int(posted.get("revision", "0")) if posted.get("revision", "").isdecimal() else 0
    saved = actions.save_draft(
        draft,
        words,
        agent=request.user,
        now=timezone.now(),
        revision=revision,
        reason=posted.get("reason"),
    )
    for label in unread:
        messages.warning(request, _("“%(field)s” was not understood and stays as it was.") % {
            "field": label
        })  # fmt: skip
    if saved.aside is not None:
        return saved.draft, redirect("knowledge:two-texts", draft.pk, saved.aside.pk)
    return saved.draft, None


def _rearrange(request: AgentRequest, draft: SheetDraft, what: str, name: str) -> HttpResponse:
    blocks = list(draft.blocks)
    changed = {
        "add": lambda: writing.with_block(blocks, name),
        "remove": lambda: writing.without_block(blocks, name),
        "up": lambda: writing.moved(blocks, name, -1),
        "down": lambda: writing.moved(blocks, name, 1),
    }[what]()
    words = Writing(**{**draft.writing, "blocks": changed})
    revision = draft.revision
    saved = actions.save_draft(
        draft, words, agent=request.user, now=timezone.now(), revision=revision
    ).draft
    if what == "remove" and saved.revision > revision:
        before = queries.copy_at(saved, revision)
        _say_removed(request, saved, before)
        return redirect(_editor(saved))
    if what == "add" and len(changed) > len(blocks):
        name = changed[-1]["id"]
    return redirect(_editor(saved, name))


def _say_removed(request: HttpRequest, draft: SheetDraft, before: DraftCopy | None) -> None:
    undo = f"undo:{reverse('knowledge:take-copy', args=[draft.pk, before.pk])}" if before else ""
    messages.success(request, _("The part is removed."), extra_tags=undo)


def _stay(request: AgentRequest, draft: SheetDraft) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(_editor(draft))


def _preview(request: AgentRequest, draft: SheetDraft) -> HttpResponse:
    return redirect("knowledge:preview", draft.pk)


def _propose(request: AgentRequest, draft: SheetDraft) -> HttpResponse:
    chosen = request.POST.get("reviewer", "")
    reviewer = None
    if chosen.isdecimal():
        reviewer = queries.validators_of(draft.sheet).filter(pk=int(chosen)).first()
    actions.propose(draft, agent=request.user, now=timezone.now(), reviewer=reviewer)
    messages.success(request, _("Proposed. What is read today stays until it is decided on."))
    return redirect("knowledge:read-draft", draft.pk)


def _publish(request: AgentRequest, draft: SheetDraft) -> HttpResponse:
    if draft.is_urgent:
        return _publish_urgent(request, draft)
    actions.publish_draft(draft, agent=request.user, now=timezone.now(), revision=draft.revision)
    messages.success(request, _("Published."))
    return redirect("knowledge:agent-sheet", draft.sheet.ref)


def _publish_urgent(request: AgentRequest, draft: SheetDraft) -> HttpResponse:
    actions.publish_urgent(
        draft,
        agent=request.user,
        now=timezone.now(),
        revision=draft.revision,
        reason=draft.reason,
    )
    messages.success(request, _("Live now. The owning service checks it within a week."))
    return redirect("knowledge:agent-sheet", draft.sheet.ref)


def _abandon(request: AgentRequest, draft: SheetDraft) -> HttpResponse:
    actions.abandon(draft, agent=request.user, now=timezone.now())
    undo = f"undo:{reverse('knowledge:take-up', args=[draft.pk])}"
    messages.success(request, _("Given up; the words are kept."), extra_tags=undo)
    return redirect("knowledge:todo")


_STEPS: dict[str, Step] = {
    "preview": _preview,
    "propose": _propose,
    "publish": _publish,
    "abandon": _abandon,
}


@requires(*queries.EDITORS)
@require_POST
def take_copy(request: AgentRequest, pk: int, copy_pk: int) -> HttpResponse:
    """Back to an earlier state of a draft."""
    found = _draft(request, pk)
    copy = DraftCopy.objects.filter(draft=found, pk=copy_pk).first()
    if copy is None:
        raise Http404
    try:
        actions.take_copy(copy, agent=request.user, now=timezone.now(), revision=found.revision)
    except Refused as refusal:
        refuse(request, refusal)
    return redirect(_editor(found))


@requires(*queries.EDITORS)
@require_GET
def preview(request: AgentRequest, pk: int) -> HttpResponse:
    """The text as people or colleagues would read it."""
    found = _draft(request, pk)
    today = timezone.localdate()
    version = drafting.unsaved_version(found, now=timezone.now())
    as_agent = request.GET.get("vue") == "agent"
    page = presentation.preview(
        found.sheet,
        version,
        authority_id=request.user.authority_id,
        today=today,
        as_agent=as_agent,
    )
    request.authority = request.user.authority  # type: ignore[attr-defined]
    name = "knowledge/preview_agent.html" if as_agent else "knowledge/preview_public.html"
    context = {
        "page": page,
        "level": 1,
        "draft": found,
        "may_edit": queries.may_edit(request.user, found),
    }
    return render(request, name, context)


@requires(*queries.EDITORS)
@require_POST
def reading(request: AgentRequest) -> HttpResponse:
    """How easily the text of the form is read, while it is written; nothing is kept."""
    empty = Writing(title="", short_answer="", blocks=[], about={})
    words, _unread = read_writing(request.POST, request.user, empty)
    context = {"reading": drafting.reading_of(words["short_answer"], words["blocks"])}
    return render(request, "knowledge/_reading.html", context)


def editor_address(draft: SheetDraft) -> str:
    """Where a draft is written."""
    return _editor(draft)
