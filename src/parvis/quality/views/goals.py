from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.accounts.http import AgentRequest
from parvis.common.http import once, requires
from parvis.quality import actions, queries, words
from parvis.quality.forms import GoalsForm
from parvis.quality.queries import Perimeter, frame_of


@requires("quality.manage", "queue.manage")
@once
def edit(request: AgentRequest) -> HttpResponse:
    now = timezone.now()
    authority = request.user.authority
    today = frame_of(Perimeter(authority, now.date(), now.date())).today(now)
    goals = queries.goals_on(authority, today)
    form = GoalsForm(goals, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = actions.set_goals(authority, form.goals(), actor=request.user, now=now)
        if changed:
            messages.success(request, _("The goals hold from today on; earlier days keep theirs."))
        else:
            messages.info(request, _("The goals stay as they are."))
        return redirect("quality:goals")
    history = [
        {
            "since": step.since,
            "name": queries.definition(step.code).name,
            "goal": "" if step.value is None else words.goal_sentence(step.code, step.value),
        }
        for step in queries.steps(authority)
    ]
    return render(request, "quality/goals.html", {"form": form, "history": history})
