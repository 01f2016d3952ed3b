"""What is said about a shared sheet, between the workgroup and the house that owns it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires
from parvis.knowledge import actions, queries
from parvis.knowledge.models import Share


def _thread(request: AgentRequest, pk: int) -> Share:
    found = queries.thread_for(request.user, pk)
    if found is None:
        raise Http404
    return found


@requires(*queries.EDITORS, "knowledge.share")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def discuss(request: AgentRequest, pk: int) -> HttpResponse:
    """Read what was said about a shared sheet, and say something."""
    share = _thread(request, pk)
    problem, text = "", request.POST.get("text", "")
    if request.method == "POST":
        try:
            actions.comment(share, agent=request.user, now=timezone.now(), text=text)
        except Refused as refusal:
            problem = str(refusal.message)
        else:
            messages.success(request, _("Your words are there for the workgroup and the owner."))
            return redirect("knowledge:discuss", pk)
    rows = list(queries.comments_on(share))
    answers = queries.answers_for(request.user, share.sheet)
    context = {
        "share": share,
        "sheet": share.sheet,
        "rows": rows,
        "answers": answers,
        "waits": answers and any(row.noted_at is None for row in rows),
        "sits": queries.sits_in(request.user, share.workgroup),
        "problem": problem,
        "text": text,
    }
    return render(request, "knowledge/discuss.html", context)


@requires(*queries.EDITORS, "knowledge.share")
@require_POST
@once
def note(request: AgentRequest, pk: int) -> HttpResponse:
    """Read: one key, for the house that owns the sheet."""
    share = _thread(request, pk)
    try:
        actions.note_comments(share, agent=request.user, now=timezone.now())
        messages.success(request, _("Noted: nothing here waits for you."))
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("knowledge:discuss", pk)
