"""Writing another text of a sheet: nothing typed is lost, and every earlier state comes back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import not_stored, once, refuse, requires
from parvis.knowledge import actions, comparing, lightmark, queries, rules
from parvis.knowledge.forms.writing import LONGEST, SignForm
from parvis.knowledge.models import Sheet, SheetText, TextCopy
from parvis.knowledge.presentation import HEADINGS
from parvis.knowledge.rules import Block, bringing, diffs, readability
from parvis.knowledge.views import kept
from parvis.knowledge.views.texts import LANGUAGES, SIMPLE, language_name, may_write, own_sheet


@kept.words
@requires(*queries.EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
@kept.once_per_words
def text(request: AgentRequest, ref: str, which: str) -> HttpResponse:
    """Write one other text, part by part beside the sheet itself."""
    sheet = own_sheet(request, ref)
    if which != SIMPLE and which not in LANGUAGES:
        raise Http404
    found = _found(sheet, which)
    if request.method == "POST":
        return _keep(request, sheet, which, found, request.POST)
    if (waiting := kept.take(request)) is not None:
        return _keep(request, sheet, which, found, waiting)
    return render(request, "knowledge/text.html", _page(request, sheet, which, found))


def _found(sheet: Sheet, which: str) -> SheetText | None:
    texts = SheetText.objects.filter(sheet=sheet).select_related("based_on", "sheet__current")
    if which == SIMPLE:
        return texts.filter(kind=SheetText.Kind.SIMPLE).first()
    return texts.filter(kind=SheetText.Kind.TRANSLATION, language=which).first()


def _keep(
    request: AgentRequest, sheet: Sheet, which: str, found: SheetText | None, posted: QueryDict
) -> HttpResponse:
    words = _posted(sheet, found, posted)
    given, aside = posted.get("revision", ""), _aside(request, found, posted.get("aside", ""))
    try:
        saved = actions.save_text(
            sheet,
            words,
            kind=SheetText.Kind.SIMPLE if which == SIMPLE else SheetText.Kind.TRANSLATION,
            language="fr" if which == SIMPLE else which,
            agent=request.user,
            now=timezone.now(),
            revision=int(given) if given.isdecimal() else 0,
            settles=aside,
        )
    except Refused as refusal:
        refuse(request, refusal)
        context = _page(request, sheet, which, found, typed=words)
        return not_stored(render(request, "knowledge/text.html", context, status=409))
    if saved.aside is None:
        messages.success(request, _("Saved."))
    return redirect("knowledge:text", sheet.ref, which)


def _posted(sheet: Sheet, found: SheetText | None, posted: QueryDict) -> actions.OtherWords:
    blocks = []
    # The kinds stand in the form: the text may have got other parts since it was opened.
    kinds = posted.getlist("kind") or [row["kind"] for row in _rows(sheet, _blocks(found))]
    for number, kind in enumerate(kinds, start=1):
        typed = posted.get(f"text-{number}", "")[:LONGEST]
        if typed.strip() and kind in HEADINGS:
            title = posted.get(f"title-{number}", "").strip()[:200]
            html = lightmark.to_html(typed)
            blocks.append(Block(kind=kind, title=title, level=rules.PUBLIC, html=html))
    title, short = posted.get("title", "")[:300], posted.get("short_answer", "")[:LONGEST]
    return actions.OtherWords(title, short, blocks)


def _blocks(found: SheetText | TextCopy | None) -> list[Block]:
    return list(found.blocks) if found else []


def _aside(request: AgentRequest, found: SheetText | None, given: str = "") -> TextCopy | None:
    """The words of this agent that wait for a choice: the one named, else the first."""
    if found is None:
        return None
    waiting = queries.text_asides(found, request.user)
    return waiting.filter(pk=given).first() if given.isdecimal() else waiting.first()


def _rows(sheet: Sheet, blocks: list[Block]) -> list[dict[str, Any]]:
    """The parts that the public reads, each with its counterpart; others of the text follow."""
    left = list(blocks)
    source = sheet.current.blocks if sheet.current else []
    rows: list[dict[str, Any]] = []
    for block in source:
        if block["level"] != rules.PUBLIC:
            continue
        match = next((other for other in left if other["kind"] == block["kind"]), None)
        if match is not None:
            left.remove(match)
        rows.append(_row(len(rows) + 1, block, match))
    first = len(rows) + 1
    return rows + [_row(number, None, other) for number, other in enumerate(left, start=first)]


def _row(number: int, source: Block | None, other: Block | None) -> dict[str, Any]:
    block = source or other
    assert block is not None  # noqa: S101 - made of one of the two
    return {
        "key": number,
        "kind": block["kind"],
        "heading": (source["title"] if source else "") or HEADINGS.get(block["kind"], ""),
        "source": lightmark.to_text(source["html"]) if source else "",
        "title": other["title"] if other else "",
        "text": lightmark.to_text(other["html"]) if other else "",
    }


def _page(
    request: AgentRequest,
    sheet: Sheet,
    which: str,
    found: SheetText | None,
    typed: actions.OtherWords | None = None,
) -> dict[str, Any]:
    """The form; with the words that wait for a choice in it, where there are any."""
    aside = _aside(request, found) if typed is None else None
    words = _brought(found, aside) if found and aside else typed or found
    rows = _rows(sheet, list(words.blocks) if words else [])
    if (typed or aside) and found:
        _beside(rows, found)
    plain = "\n".join([words.short_answer, *(row["text"] for row in rows)]) if words else ""
    return {
        "sheet": sheet,
        "which": which,
        "name": name_of(which),
        "language_code": "fr" if which == SIMPLE else which,
        "is_simple": which == SIMPLE,
        "text": found,
        "revision": found.revision if found else 0,
        "title": words.title if words else "",
        "short_answer": words.short_answer if words else "",
        "rows": rows,
        "aside": aside,
        "saved": found if typed or aside else None,
        "is_older": bool(found and queries.is_older(found, sheet)),
        "reading": readability.reading(plain) if which == SIMPLE else None,
        "sign": SignForm(initial={"signed_on": timezone.localdate()}),
        "may_write": may_write(request, sheet),
        "writer_mark": kept.mark(request),
    }


def name_of(which: str) -> str:
    """What another text is called on its page."""
    return _("Plain language") if which == SIMPLE else language_name(which)


def _brought(found: SheetText, aside: TextCopy) -> actions.OtherWords:
    """Both wordings together: what only one side changed since both began is taken."""
    base = queries.text_at(found, aside.revision)
    return actions.OtherWords(
        bringing.line(base.title if base else None, found.title, aside.title),
        bringing.line(base.short_answer if base else None, found.short_answer, aside.short_answer),
        bringing.parts(base.blocks if base else None, found.blocks, aside.blocks),
    )


def _beside(rows: list[dict[str, Any]], found: SheetText) -> None:
    """Under each field the words in which it differs from what is saved."""
    saved = bringing.places(found.blocks)
    turns: dict[str, int] = {}
    for row in rows:
        turn = turns.get(row["kind"], 0)
        turns[row["kind"]] = turn + 1
        block = saved.get((row["kind"], turn))
        before = lightmark.to_text(block["html"]) if block else ""
        row["segments"] = diffs.words_changed(before, row["text"]) if before != row["text"] else []


@requires(*queries.EDITORS)
@require_POST
def drop_aside(request: AgentRequest, ref: str, which: str) -> HttpResponse:
    """What is saved stands; the agent's own words are no longer asked about."""
    found = _found(own_sheet(request, ref), which)
    aside = _aside(request, found, request.POST.get("aside", ""))
    if aside is not None:
        actions.drop_text_aside(aside, agent=request.user, now=timezone.now())
    return redirect("knowledge:text", ref, which)


@requires(*queries.EDITORS)
@require_GET
def history(request: AgentRequest, ref: str, which: str) -> HttpResponse:
    """What another text said before, one state beside the one before it."""
    sheet = own_sheet(request, ref)
    found = _found(sheet, which)
    if found is None:
        raise Http404
    copies = queries.text_history(found)
    asked = request.GET.get("etat", "")
    shown = next((copy for copy in copies if str(copy.revision) == asked), None)
    shown = shown or next(iter(copies), None)
    before = queries.text_at(found, shown.revision - 1) if shown else None
    context = {
        "sheet": sheet,
        "which": which,
        "name": name_of(which),
        "text": found,
        "copies": copies,
        "shown": shown,
        "before": before,
        "rows": comparing.rows(before, shown) if shown else [],
        "may_write": may_write(request, sheet),
    }
    return render(request, "knowledge/text_history.html", context)


@requires(*queries.EDITORS)
@require_POST
@once
def restore(request: AgentRequest, ref: str, which: str, number: int) -> HttpResponse:
    """An earlier state of another text, as the one that holds."""
    found = _found(own_sheet(request, ref), which)
    copy = queries.text_at(found, number) if found else None
    if copy is None or found is None:
        raise Http404
    try:
        actions.restore_text(copy, agent=request.user, now=timezone.now(), revision=found.revision)
    except Refused as refusal:
        refuse(request, refusal)
        return not_stored(redirect("knowledge:text-history", ref, which))
    messages.success(request, _("The earlier words hold again; those of before stay here."))
    return redirect("knowledge:text", ref, which)


@requires(*queries.EDITORS)
@require_POST
@once
def decide(request: AgentRequest, ref: str, which: str) -> HttpResponse:
    """Sign a plain text for its readers, show a text to the public or hide it."""
    sheet = own_sheet(request, ref)
    found = _found(sheet, which)
    if found is None:
        raise Http404
    try:
        _decide(request, found)
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("knowledge:text", ref, which)


def _decide(request: AgentRequest, found: SheetText) -> None:
    what = request.POST.get("do", "")
    if what == "sign":
        form = SignForm(request.POST)
        if not form.is_valid():
            raise Refused(_("Name the readers and the day on which they read it."))
        actions.sign_text(found, agent=request.user, **form.cleaned_data)
        messages.success(request, _("Signed by its readers."))
    elif what in {"show", "hide"}:
        actions.show_text(found, agent=request.user, shown=what == "show")
        shown = _("The public reads it from now on.")
        messages.success(request, shown if what == "show" else _("The public no longer reads it."))
