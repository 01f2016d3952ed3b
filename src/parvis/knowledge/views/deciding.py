"""Reading a text that was proposed, and bringing two texts together."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.accounts.http import AgentRequest
from parvis.accounts.models import Agent
from parvis.common.errors import Refused
from parvis.common.http import refuse, requires
from parvis.knowledge import actions, comparing, drafting, queries
from parvis.knowledge.forms.writing import LEVEL_CHOICES, AboutForm
from parvis.knowledge.models import DraftCopy, SheetDraft
from parvis.knowledge.presentation import HEADINGS
from parvis.knowledge.rules import diffs, merging, writing
from parvis.knowledge.rules.blocks import STEP_PARTS
from parvis.knowledge.rules.merging import Difference
from parvis.knowledge.rules.writing import Writing
from parvis.knowledge.search import trial
from parvis.knowledge.views.editing import editor_address
from parvis.knowledge.views.finding import set_to_try
from parvis.organisations.models import Service, Topic


def _draft(request: AgentRequest, pk: int) -> SheetDraft:
    found = queries.draft_for(request.user, pk)
    if found is None:
        raise Http404
    return found


@requires(*queries.EDITORS)
@require_GET
def read(request: AgentRequest, pk: int) -> HttpResponse:
    """A text on its way beside what is read today, with what may be done about it."""
    return _read(request, _draft(request, pk))


def _read(
    request: AgentRequest, draft: SheetDraft, *, refusal: str = "", words: str = ""
) -> HttpResponse:
    before = draft.based_on if not draft.is_open else draft.sheet.current
    after = draft.version or drafting.unsaved_version(draft, now=timezone.now())
    rights = queries.rights(request.user, draft.sheet)
    context = {
        "draft": draft,
        "rows": comparing.rows(before, after),
        "may_decide": draft.state == writing.PROPOSED and rights.validate,
        "may_publish": draft.is_open and queries.may_publish(request.user, draft),
        "may_edit": queries.may_edit(request.user, draft),
        "may_take_back": draft.state == writing.PROPOSED
        and request.user.pk in queries.writers_of(draft),
        "may_take_up": draft.state == writing.ABANDONED
        and (rights.write or draft.author_id == request.user.pk),
        "is_behind": draft.is_open and draft.based_on_id != draft.sheet.current_id,
        "reading": drafting.reading_of(draft.short_answer, draft.blocks),
        "asked": _asked(draft),
        "refusal": refusal,
        "words": words,
    }
    return render(request, "knowledge/draft.html", context, status=409 if refusal else 200)


def _asked(draft: SheetDraft) -> Sequence[diffs.Segment]:
    """How people ask for the sheet, where a text on its way changes it."""
    before, after = draft.sheet.asked, str(draft.about.get("asked", draft.sheet.asked))
    return diffs.words_changed(before, after) if draft.is_open and before != after else ()


@requires(*queries.EDITORS)
@require_GET
def try_out(request: AgentRequest, pk: int) -> HttpResponse:
    """What publishing this text would do to the saved questions; looking changes nothing."""
    draft = _draft(request, pk)
    chosen = set_to_try(request)
    result = None
    if chosen is not None and draft.is_open:
        result = trial.tried_draft(chosen, draft, now=timezone.now())
    context = {
        "draft": draft,
        "chosen": chosen,
        "result": result,
        "may_publish": draft.state == writing.PROPOSED and queries.may_publish(request.user, draft),
    }
    return render(request, "knowledge/draft_trial.html", context)


@requires(*queries.EDITORS)
@require_POST
def decide(request: AgentRequest, pk: int) -> HttpResponse:
    """Publish, return with words, take back or take up again."""
    draft = _draft(request, pk)
    try:
        return _decide(request, draft, request.POST.get("do", ""))
    except actions.Behind as refusal:
        refuse(request, refusal)
        return redirect("knowledge:catch-up", draft.pk)
    except Refused as refusal:
        if words := request.POST.get("words", "").strip():
            return _read(request, _draft(request, pk), refusal=refusal.message, words=words)
        refuse(request, refusal)
        return redirect("knowledge:read-draft", draft.pk)


def _decide(request: AgentRequest, draft: SheetDraft, what: str) -> HttpResponse:
    agent, now = request.user, timezone.now()
    if what == "publish":
        seen = request.POST.get("revision", "")
        revision = int(seen) if seen.isdecimal() else 0
        actions.publish_draft(draft, agent=agent, now=now, revision=revision)
        messages.success(request, _("Published."))
        return redirect("knowledge:agent-sheet", draft.sheet.ref)
    if what == "return":
        actions.return_draft(draft, agent=agent, words=request.POST.get("words", ""))
        messages.success(request, _("Returned with your words."))
        return redirect("knowledge:todo")
    if what == "take-back":
        return redirect(editor_address(actions.take_back(draft, agent=agent)))
    return redirect("knowledge:read-draft", draft.pk)


@requires(*queries.EDITORS)
@require_POST
def take_up(request: AgentRequest, pk: int) -> HttpResponse:
    """Go on with a text that had been given up."""
    draft = _draft(request, pk)
    try:
        actions.take_up(draft, agent=request.user)
    except Refused as refusal:
        refuse(request, refusal)
        return redirect("knowledge:read-draft", draft.pk)
    return redirect(editor_address(draft))


@requires(*queries.EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def two_texts(request: AgentRequest, pk: int, copy_pk: int) -> HttpResponse:
    """Somebody else saved first: both texts side by side, and a choice for each part."""
    draft = _draft(request, pk)
    copy = (
        DraftCopy.objects.filter(draft=draft, pk=copy_pk, agent_id=request.user.pk, is_aside=True)
        .select_related("draft__sheet")
        .first()
    )
    if copy is None:
        raise Http404
    if copy.settled_at is not None:
        return redirect(editor_address(draft))
    if request.method == "POST":
        return _settle(request, draft, copy) if draft.is_open else _carry_over(request, copy)
    base = queries.copy_at(draft, copy.revision)
    context = _choice(base.content if base else None, copy.content, draft.writing, draft)
    context |= {
        "may_edit": queries.may_edit(request.user, draft),
        "theirs_by": draft.saved_by.display_name,
        "theirs_at": draft.saved_at,
        "copy": copy,
    }
    return render(request, "knowledge/two_texts.html", context)


def _carry_over(request: AgentRequest, copy: DraftCopy) -> HttpResponse:
    try:
        aside = actions.carry_over(copy, agent=request.user, now=timezone.now())
    except Refused as refusal:
        refuse(request, refusal)
        return redirect(request.path)
    return redirect("knowledge:two-texts", aside.draft_id, aside.pk)


def _settle(request: AgentRequest, draft: SheetDraft, copy: DraftCopy) -> HttpResponse:
    try:
        saved = actions.settle(
            copy,
            _choices(request),
            agent=request.user,
            now=timezone.now(),
            revision=_revision(request),
        )
    except Refused as refusal:
        refuse(request, refusal)
        return redirect(request.path)
    messages.success(request, _("One text of both: saved."))
    return redirect(editor_address(saved.draft))


@requires(*queries.EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def catch_up(request: AgentRequest, pk: int) -> HttpResponse:
    """Something was published since this text was begun: bring both together."""
    draft = _draft(request, pk)
    if request.method == "POST":
        try:
            caught = actions.catch_up(
                draft,
                _choices(request),
                agent=request.user,
                now=timezone.now(),
                revision=_revision(request),
            )
        except Refused as refusal:
            refuse(request, refusal)
            return redirect(request.path)
        messages.success(request, _("Your text now contains what was published."))
        return redirect("knowledge:read-draft", caught.pk)
    if not draft.is_open or draft.based_on_id == draft.sheet.current_id:
        return redirect("knowledge:read-draft", draft.pk)
    base = drafting.of_version(draft.sheet, draft.based_on)
    context = _choice(base, draft.writing, actions.published_words(draft), draft)
    current = draft.sheet.current
    context |= {
        "may_edit": queries.may_edit(request.user, draft),
        "theirs_by": current.author if current else "",
        "theirs_at": current.published_at if current else None,
        "is_published": True,
    }
    return render(request, "knowledge/two_texts.html", context)


def _choices(request: AgentRequest) -> dict[str, str]:
    return {
        name.removeprefix("choice-"): str(value)
        for name, value in request.POST.items()
        if name.startswith("choice-")
    }


def _revision(request: AgentRequest) -> int:
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() else 0


def _choice(
    base: Writing | None, mine: Writing, theirs: Writing, draft: SheetDraft
) -> dict[str, Any]:
    found = merging.differences(base, mine, theirs)
    return {"draft": draft, "differences": [_shown(one, draft) for one in found]}


def _shown(one: Difference, draft: SheetDraft) -> dict[str, Any]:
    """One row of the choice: both wordings, the words that differ, what is proposed."""
    before, after = _words(one.theirs, one.name, draft), _words(one.mine, one.name, draft)
    return {
        "name": one.name,
        "heading": _heading(one),
        "segments": diffs.words_changed(before, after),
        "theirs": before,
        "mine": after,
        "advice": one.advice or (merging.BOTH if _may_be_both(one) else merging.THEIRS),
        "is_clash": one.is_clash,
        "may_be_both": _may_be_both(one),
    }


def _may_be_both(one: Difference) -> bool:
    return bool(one.mine and one.theirs) and (one.is_block or one.name == "short_answer")


def _heading(one: Difference) -> str:
    side = one.mine or one.theirs
    if isinstance(side, dict):
        return side["title"] or str(HEADINGS.get(side["kind"], _("Part")))
    if one.name.startswith("about:"):
        field = AboutForm.base_fields.get(one.name.removeprefix("about:"))
        return str(field.label) if field else one.name
    return _("Title") if one.name == "title" else _("To say")


def _words(side: Any, name: str, draft: SheetDraft) -> str:
    if side is None:
        return ""
    if isinstance(side, dict):
        level = dict(LEVEL_CHOICES).get(side["level"], side["level"])
        until = f" ({side['until']})" if side.get("until") else ""
        parts = " · ".join(side[part] for part in STEP_PARTS if side.get(part))
        lines = [side["title"], parts, side["text"], f"[{level}{until}]"]
        return "\n".join(line for line in lines if line)
    if name == "about:service" and str(side).isdecimal():
        rows = Service.objects.filter(authority=draft.sheet.authority, pk=int(side))
        return ", ".join(row.label for row in rows)
    if name == "about:keeper" and str(side).isdecimal():
        agents = Agent.objects.filter(authority=draft.sheet.authority, pk=int(side))
        return ", ".join(agent.display_name for agent in agents.select_related("entry"))
    if name == "about:topics" and side:
        numbers = [int(n) for n in str(side).split(", ") if n.isdecimal()]
        topics = Topic.objects.filter(authority=draft.sheet.authority, pk__in=numbers)
        return ", ".join(topic.label for topic in topics.order_by("name"))
    return {"True": _("yes"), "False": _("no")}.get(str(side), str(side))
