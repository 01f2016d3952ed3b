"""The other texts of a sheet (plain language, translations) and the files beside it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.accounts.http import AgentRequest
from parvis.common import files
from parvis.common.errors import Refused
from parvis.common.http import public, refuse, requires, saved, takes_files
from parvis.knowledge import actions, queries
from parvis.knowledge.forms.writing import AttachForm
from parvis.knowledge.models import Attachment, Sheet, SheetText
from parvis.knowledge.presentation import LEVELS
from parvis.organisations.http import authority_of_page

SIMPLE = "simple"
LANGUAGES = ("en", "br", "ar", "uk", "es", "pt", "tr", "de", "it", "ro", "ru", "pl", "fa")


def own_sheet(request: AgentRequest, ref: str) -> Sheet:
    """A sheet of the house that is read."""
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
    sheet = own_sheet(request, ref)
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
        "may_write": may_write(request, sheet),
    }
    return render(request, "knowledge/texts.html", context)


def may_write(request: AgentRequest, sheet: Sheet) -> bool:
    """Whether this agent writes the other texts of a sheet."""
    rights = queries.rights(request.user, sheet)
    return rights.write or rights.validate


def _name(text: SheetText) -> str:
    return (
        _("Plain language") if text.kind == SheetText.Kind.SIMPLE else language_name(text.language)
    )


def _which(text: SheetText) -> str:
    return SIMPLE if text.kind == SheetText.Kind.SIMPLE else text.language


@takes_files()
@requires(*queries.EDITORS)
@require_POST
def attach(request: AgentRequest, ref: str) -> HttpResponse:
    """Put a file beside a sheet."""
    sheet = own_sheet(request, ref)
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
    sheet = own_sheet(request, ref)
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
    if sheet is None:
        raise Http404
    rows = queries.attachments_for(request.user.authority_id, sheet, timezone.localdate())
    row = rows.filter(pk=pk).first()
    if row is None:
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
    response = saved(files.path_of(row.digest), name=row.name, kind=row.kind)
    response.headers["Cache-Control"] = "private, max-age=60"
    return response
