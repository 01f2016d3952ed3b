"""Sheets out of the house and into it, from the screen."""

import re
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires, takes_files
from parvis.common.models import JournalEntry
from parvis.knowledge import actions
from parvis.knowledge.exchange import taking, writing
from parvis.knowledge.exchange.around import everything
from parvis.knowledge.exchange.records import Scope, header, sheets_of
from parvis.organisations.models import Authority

LARGEST = 200 * 1024 * 1024
CHUNK = 256 * 1024
SCOPES = {
    Scope.PUBLIC: gettext_lazy("What the public may read today"),
    Scope.CURRENT: gettext_lazy("Only what is published: every level, the words of today"),
    Scope.WHOLE: gettext_lazy(
        "Everything: every version, drafts, local words, groups and shares, pins and synonyms"
    ),
}
RESULTS = {
    "new": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "unchanged": gettext_lazy("unchanged"),
    "broken": gettext_lazy("left out"),
}


@requires("knowledge.write")
@require_safe
def page(request: AgentRequest) -> HttpResponse:
    last = JournalEntry.objects.filter(
        authority_id=request.user.authority_id,
        actor=journal.name_of(request.user),
        verb="knowledge.sheets_imported",
    ).order_by("-id")
    entry = last.first()
    context = {
        "scopes": SCOPES.items(),
        "formats": writing.FORMATS,
        "may_take": request.user.may("knowledge.validate"),
        "last": entry,
        "counts": [(RESULTS[key], n) for key, n in entry.data["counts"].items()] if entry else [],
        "lines": entry.data["lines"] if entry else [],
        "limit": LARGEST >> 20,
    }
    return render(request, "knowledge/exchange.html", context)


@requires("knowledge.write")
@require_safe
def export(request: AgentRequest) -> HttpResponse:
    """The sheets as one archive: read with the right that the screens ask for."""
    scope = _scope(request.GET.get("perimetre", ""))
    kind = request.GET.get("format", "")
    kind = kind if kind in writing.FORMATS else writing.JSONL
    authority, today = request.user.authority, timezone.localdate()
    count = sheets_of(authority, scope).count()
    actions.note_exchange(
        request.user, authority, "knowledge.sheets_exported", scope=scope.value, count=count
    )
    name = f"fiches-{authority.slug}-{scope.value}-{today.isoformat()}.zip"
    answer: Any = StreamingHttpResponse(
        _archive(authority, scope, kind, today), content_type="application/zip"
    )
    answer.headers["Content-Disposition"] = content_disposition_header(True, name)
    return cast(HttpResponse, answer)


def _archive(authority: Authority, scope: Scope, kind: str, today: date) -> Iterator[bytes]:
    """Written when it is sent, and gone with it."""
    with tempfile.TemporaryFile() as target:
        rows = everything(authority, scope, today=today)
        writing.archive(target, kind, header(scope, authority), rows)
        target.seek(0)
        while chunk := target.read(CHUNK):
            yield chunk


def _scope(given: str) -> Scope:
    return Scope(given) if given in set(Scope) else Scope.PUBLIC


@takes_files(LARGEST)
@requires("knowledge.write")
@require_POST
@once
def take_in(request: AgentRequest) -> HttpResponse:
    """Whoever takes sheets in publishes them: that is the right to write and to validate."""
    if not request.user.may("knowledge.validate"):
        raise PermissionDenied
    try:
        report = _take(request)
    except Refused as refusal:
        refuse(request, refusal)
    else:
        count = sum(line.result != "broken" for line in report.lines)
        words = ngettext("%d sheet was read.", "%d sheets were read.", count) % count
        messages.success(request, words)
    return redirect("knowledge:exchange")


def _take(request: AgentRequest) -> taking.Report:
    file = _file(request)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _own_name(str(file.name))
        with path.open("wb") as stream:
            for chunk in file.chunks():
                stream.write(chunk)
        return taking.take(
            path,
            request.user.authority,
            now=timezone.now(),
            agent=request.user,
            only_published=bool(request.POST.get("publiees")),
        )


def _file(request: HttpRequest) -> Any:
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > LARGEST:
        raise Refused(_("Choose a file, at most %d MB.") % (LARGEST >> 20))
    return file


def _own_name(name: str) -> str:
    """The name under which it is spoken of; only its ending decides how it is read."""
    stem = re.sub(r"[^\w .-]", "_", Path(name).stem)[:60]
    return f"{stem or 'in'}{_ending(name)}"


def _ending(name: str) -> str:
    ending = Path(name).suffix.lower()
    return ending if ending in {".zip", ".jsonl", ".ndjson", ".xml"} else ".jsonl"
