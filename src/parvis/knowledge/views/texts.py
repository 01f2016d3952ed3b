"""The other texts of a sheet (plain language, translations) and the files beside it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.accounts.http import AgentRequest
from parvis.common import files
from parvis.common.errors import Refused
from parvis.common.http import not_stored, once, public, refuse, requires
from parvis.knowledge import actions, lightmark, queries, rules
from parvis.knowledge.forms.writing import LONGEST, AttachForm, SignForm
from parvis.knowledge.models import Attachment, Sheet, SheetText
from parvis.knowledge.presentation import HEADINGS, LEVELS
from parvis.knowledge.rules import Block, diffs, readability
from parvis.organisations.http import authority_of_page

SIMPLE = "simple"
LANGUAGES = ("en", "br", "ar", "uk", "es", "pt", "tr", "de", "it", "ro", "ru", "pl", "fa")


def _sheet(request: AgentRequest, ref: str) -> Sheet:
    found = queries.own_sheet(request.user, ref)
    if found is None or found.current is None:
        raise Http404
    return found


def language_name(code: str) -> str:
    """The name of a language in itself, as its readers look for it."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


@requires(*queries.EDITORS)
@require_GET
def listing(request: AgentRequest, ref: str) -> HttpResponse:
    """Every other text and every file of a sheet, with what may be done about them."""
    sheet = _sheet(request, ref)
    texts = queries.texts_of(sheet)
    taken = {one.text.language for one in texts if one.text.kind == SheetText.Kind.TRANSLATION}
    context = {
        "sheet": sheet,
        "texts": [
            {"one": one, "name": _name(one.text), "which": _which(one.text)} for one in texts
        ],
        "has_simple": any(one.text.kind == SheetText.Kind.SIMPLE for one in texts),
        "languages": [(code, language_name(code)) for code in LANGUAGES if code not in taken],
        "files": [
            {"file": file, "level": LEVELS[file.level]}
            for file in queries.attachments_of(sheet).select_related("agent__entry")
        ],
        "attach": AttachForm(),
        "may_write": _may_write(request, sheet),
    }
    return render(request, "knowledge/texts.html", context)


def _may_write(request: AgentRequest, sheet: Sheet) -> bool:
    rights = queries.rights(request.user, sheet)
    return rights.write or rights.validate


def _name(text: SheetText) -> str:
    return (
        _("Plain language") if text.kind == SheetText.Kind.SIMPLE else language_name(text.language)
    )


def _which(text: SheetText) -> str:
    return SIMPLE if text.kind == SheetText.Kind.SIMPLE else text.language


@requires(*queries.EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def text(request: AgentRequest, ref: str, which: str) -> HttpResponse:
    """Write one other text, part by part beside the sheet itself."""
    sheet = _sheet(request, ref)
    if which != SIMPLE and which not in LANGUAGES:
        raise Http404
    found = _found(sheet, which)
    if request.method == "POST":
        return _keep(request, sheet, which, found)
    return render(request, "knowledge/text.html", _text_context(request, sheet, which, found))


def _found(sheet: Sheet, which: str) -> SheetText | None:
    texts = SheetText.objects.filter(sheet=sheet).select_related("based_on", "sheet")
    if which == SIMPLE:
        return texts.filter(kind=SheetText.Kind.SIMPLE).first()
    return texts.filter(kind=SheetText.Kind.TRANSLATION, language=which).first()


def _keep(request: AgentRequest, sheet: Sheet, which: str, found: SheetText | None) -> HttpResponse:
    posted = request.POST
    words = actions.OtherWords(
        posted.get("title", "")[:300],
        posted.get("short_answer", "")[:LONGEST],
        _posted_blocks(request, sheet, found),
    )
    given = posted.get("revision", "")
    try:
        actions.keep_text(
            sheet,
            words,
            kind=SheetText.Kind.SIMPLE if which == SIMPLE else SheetText.Kind.TRANSLATION,
            language="fr" if which == SIMPLE else which,
            agent=request.user,
            now=timezone.now(),
            revision=int(given) if given.isdecimal() else 0,
        )
    except Refused as refusal:
        refuse(request, refusal)
        context = _text_context(request, sheet, which, found, typed=words)
        return not_stored(render(request, "knowledge/text.html", context, status=409))
    messages.success(request, _("Saved."))
    return redirect("knowledge:text", sheet.ref, which)


def _posted_blocks(request: AgentRequest, sheet: Sheet, found: SheetText | None) -> list[Block]:
    blocks = []
    for row in _rows(sheet, found):
        typed = request.POST.get(f"text-{row['key']}", "")[:LONGEST]
        if typed.strip():
            title = request.POST.get(f"title-{row['key']}", "").strip()[:200]
            html = lightmark.to_html(typed)
            blocks.append(Block(kind=row["kind"], title=title, level=rules.PUBLIC, html=html))
    return blocks


def _rows(sheet: Sheet, found: SheetText | None) -> list[dict[str, Any]]:
    """The parts that the public reads, each with its counterpart; others of the text follow."""
    left = list(found.blocks) if found else []
    source = sheet.current.blocks if sheet.current else []
    rows: list[dict[str, Any]] = []
    for block in source:
        if block["level"] != rules.PUBLIC:
            continue
        match = next((other for other in left if other["kind"] == block["kind"]), None)
        if match is not None:
            left.remove(match)
        rows.append(_row(len(rows) + 1, block, match))
    rows += [_row(len(rows) + n, None, other) for n, other in enumerate(left, start=1)]
    return rows


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


def _text_context(
    request: AgentRequest,
    sheet: Sheet,
    which: str,
    found: SheetText | None,
    typed: actions.OtherWords | None = None,
) -> dict[str, Any]:
    rows = _rows(sheet, found)
    if typed is not None:
        for row in rows:  # what was typed stays in the form, beside what is saved now
            row["saved"] = row["text"]
            row["text"] = request.POST.get(f"text-{row['key']}", "")
            row["title"] = request.POST.get(f"title-{row['key']}", "")
            row["segments"] = diffs.words_changed(row["saved"], row["text"])
    said = typed or found
    plain = "\n".join([said.short_answer, *(row["text"] for row in rows)]) if said else ""
    return {
        "sheet": sheet,
        "which": which,
        "name": _("Plain language") if which == SIMPLE else language_name(which),
        "language_code": "fr" if which == SIMPLE else which,
        "is_simple": which == SIMPLE,
        "text": found,
        "revision": found.revision if found else 0,
        "title": said.title if said else "",
        "short_answer": said.short_answer if said else "",
        "rows": rows,
        "is_older": bool(found and queries.is_older(found, sheet)),
        "is_conflict": typed is not None,
        "reading": readability.reading(plain) if which == SIMPLE else None,
        "sign": SignForm(initial={"signed_on": timezone.localdate()}),
        "may_write": _may_write(request, sheet),
    }


@requires(*queries.EDITORS)
@require_POST
@once
def decide(request: AgentRequest, ref: str, which: str) -> HttpResponse:
    """Sign a plain text for its readers, show a text to the public or hide it."""
    sheet = _sheet(request, ref)
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


@requires(*queries.EDITORS)
@require_POST
def attach(request: AgentRequest, ref: str) -> HttpResponse:
    """Put a file beside a sheet."""
    sheet = _sheet(request, ref)
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
        return redirect("knowledge:texts", ref)
    given = form.cleaned_data["file"]
    try:
        actions.attach(
            sheet,
            given.chunks(),
            name=given.name or "",
            title=form.cleaned_data["title"],
            level=form.cleaned_data["level"],
            until=form.cleaned_data["until"],
            agent=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("The file is beside the sheet."))
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("knowledge:texts", ref)


@requires(*queries.EDITORS)
@require_POST
def detach(request: AgentRequest, ref: str, pk: int) -> HttpResponse:
    """Take a file away, or put it back (``back``)."""
    sheet = _sheet(request, ref)
    row = get_object_or_404(Attachment.objects.visible_to(request.user), sheet=sheet, pk=pk)
    try:
        if request.GET.get("remettre"):
            actions.put_back(row, agent=request.user)
            messages.success(request, _("The file is back."))
        else:
            actions.detach(row, agent=request.user, now=timezone.now())
            undo = f"{reverse('knowledge:detach', args=[ref, pk])}?remettre=1"
            messages.success(request, _("The file is taken away."), extra_tags=f"undo:{undo}")
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("knowledge:texts", ref)


@requires("knowledge.read")
@require_GET
def agent_file(request: AgentRequest, ref: str, pk: int) -> HttpResponse:
    """A file of a sheet, for colleagues, whatever its level."""
    sheet = queries.sheet_for(request.user, ref)
    row = sheet and queries.attachments_of(sheet).filter(pk=pk).first()
    if not row:
        raise Http404
    return _download(row)


@public
@require_GET
def public_file(request: HttpRequest, ref: str, pk: int, slug: str | None = None) -> HttpResponse:
    """A file of a sheet, if the public may have it today."""
    authority = authority_of_page(request, slug)
    sheet = queries.public_sheet(authority, ref)
    row = sheet and queries.public_attachments(sheet, timezone.localdate()).filter(pk=pk).first()
    if not row:
        raise Http404
    return _download(row)


def _download(row: Attachment) -> HttpResponse:
    """Saved, never shown: nothing that was sent to us runs under our name."""
    path = files.path_of(row.digest)
    if not path.exists():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type=row.kind)  # 10 MB at most
    response.headers["Content-Disposition"] = content_disposition_header(True, row.name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=60"
    return response
