"""Imports of the national set: started, followed, stopped and taken up again from the screen."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import not_stored, once, refuse, requires, takes_files
from parvis.knowledge import actions, queries, tasks
from parvis.knowledge.dila import working
from parvis.knowledge.forms.national import LARGEST, ImportForm, ScheduleForm
from parvis.knowledge.models import FeedSchedule, ImportRun

SHOWN = 30
SILENT = timedelta(minutes=2)


@takes_files(LARGEST)
@requires("knowledge.import")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def listing(request: AgentRequest) -> HttpResponse:
    """The imports so far, and the form that starts another one."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = _ask(request, form)
        except Refused as refusal:
            working.put_away(form.stored_at)
            form.add_error(None, refusal.message)
        else:
            tasks.run_import.enqueue(run.pk)
            messages.success(request, _("The import is asked for; this page shows how far it is."))
            return redirect("knowledge:import", run.pk)
    context = {
        "form": form,
        "schedule": ScheduleForm(
            instance=FeedSchedule.objects.first(), actor=request.user, prefix="jour"
        ),
        "failed": queries.failed_daily_import(request.user),
        "runs": queries.imports(request.user)[:SHOWN],
        "feed": settings.SHEETS_FEED,
    }
    return render(request, "knowledge/imports.html", context)


@requires("knowledge.import")
@require_POST
@once
def schedule(request: AgentRequest) -> HttpResponse:
    """Whether the jobs fetch the set every day, when and from where."""
    held = FeedSchedule.objects.first()
    form = ScheduleForm(request.POST, instance=held, actor=request.user, prefix="jour")
    if not form.is_valid():
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
        return not_stored(redirect("knowledge:imports"))
    actions.keep_schedule(request.user, **form.cleaned_data)
    messages.success(request, _("Kept."))
    return redirect("knowledge:imports")


def _ask(request: AgentRequest, form: ImportForm) -> ImportRun:
    given = form.cleaned_data
    is_feed = given["origin"] == ImportRun.Origin.FEED
    return actions.ask_import(
        origin=given["origin"],
        source=settings.SHEETS_FEED if is_feed else str(given["archive"].name),
        stored_at=form.stored_at,
        audience=given["audience"],
        is_atomic=given["is_atomic"],
        actor=request.user,
        now=timezone.now(),
    )


@requires("knowledge.import")
def one(request: AgentRequest, pk: int) -> HttpResponse:
    """How far an import is, and what became of the files that were not simply taken."""
    run = get_object_or_404(ImportRun.objects.visible_to(request.user), pk=pk)
    is_open = run.state in {ImportRun.State.WAITING, ImportRun.State.RUNNING}
    silent_since = run.seen_at or run.asked_at
    context = {
        "run": run,
        "is_open": is_open,
        "is_stranded": is_open and timezone.now() - silent_since > SILENT,
        "counts": queries.import_counts(run),
        "lines": queries.import_lines(run),
        "unknown": sorted(run.unknown.items(), key=lambda pair: (-pair[1], pair[0])),
    }
    return render(request, "knowledge/import.html", context)


@requires("knowledge.import")
@require_POST
@once
def stop(request: AgentRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(ImportRun.objects.visible_to(request.user), pk=pk)
    try:
        actions.cancel_import(run, actor=request.user, now=timezone.now())
    except Refused as refusal:
        refuse(request, refusal)
    else:
        messages.success(request, _("The import stops after the files that it is at."))
    return redirect("knowledge:import", run.pk)


@requires("knowledge.import")
@require_POST
@once
def resume(request: AgentRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(ImportRun.objects.visible_to(request.user), pk=pk)
    tasks.run_import.enqueue(run.pk)
    messages.success(request, _("The import goes on where it was left."))
    return redirect("knowledge:import", run.pk)
