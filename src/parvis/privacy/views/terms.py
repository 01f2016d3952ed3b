"""Rules of retention, and the register made of them."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.cases.models import Procedure
from parvis.common import personal
from parvis.common.http import once, requires
from parvis.privacy import actions, queries
from parvis.privacy.forms import RuleForm
from parvis.privacy.models import RetentionRule
from parvis.privacy.queries.register import kept_words
from parvis.privacy.queries.terms import CASE
from parvis.privacy.views.tabs import tabs

MANAGES = "retention.manage"


@requires(MANAGES)
@require_safe
def listing(request: AgentRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = [
        {"rule": rule, "kept": kept_words(rule), "is_confirmed": rule.is_confirmed(today)}
        for rule in queries.rules_of(request.user)
    ]
    lacking = queries.unruled(request.user)
    context = {
        "tabs": tabs(request),
        "rows": rows,
        "may_propose": any(isinstance(one, personal.Root) for one in lacking),
        "procedures": [one for one in lacking if isinstance(one, Procedure)],
    }
    return render(request, "privacy/rules.html", context)


@requires(MANAGES)
@once
@require_POST
def propose(request: AgentRequest) -> HttpResponse:
    made = len(actions.propose_rules(actor=request.user))
    words = ngettext(
        "%(n)d rule is proposed: check it against its text.",
        "%(n)d rules are proposed: check each against its text.",
        made,
    )
    messages.success(request, words % {"n": made})
    return redirect("privacy:rules")


@requires(MANAGES)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def rule(request: AgentRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(queries.rules_of(request.user), pk=pk)
    return _edit(request, row)


@requires(MANAGES)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def rule_of_procedure(request: AgentRequest, pk: int) -> HttpResponse:
    procedure = get_object_or_404(Procedure.objects.visible_to(request.user), pk=pk)
    if procedure.retention_rules.exists():
        return redirect("privacy:rule", procedure.retention_rules.get().pk)
    return _edit(request, RetentionRule(procedure=procedure, subject=CASE))


def _edit(request: AgentRequest, row: RetentionRule) -> HttpResponse:
    form = RuleForm(request.POST or None, instance=row, actor=request.user)
    if form.is_valid():
        actions.keep_rule(form.instance, actor=request.user, changed=form.changed_data)
        messages.success(request, _("The rule for “%(what)s” is kept.") % {"what": row.label})
        return redirect("privacy:rules")
    context = {"tabs": tabs(request), "form": form, "row": row}
    return render(request, "privacy/rule.html", context)


@requires(MANAGES)
@require_safe
def register(request: AgentRequest) -> HttpResponse:
    entries = queries.register(request.user, timezone.localdate())
    context = {
        "tabs": tabs(request),
        "entries": entries,
        "authority": request.user.authority,
        "to_confirm": sum(not entry.is_confirmed for entry in entries),
    }
    return render(request, "privacy/register.html", context)


@requires(MANAGES)
@require_safe
def register_data(request: AgentRequest) -> HttpResponse:
    entries = queries.register(request.user, timezone.localdate())
    rows = [{name: _plain(value) for name, value in vars(entry).items()} for entry in entries]
    body = {"authority": request.user.authority.name, "activities": rows}
    answer = HttpResponse(
        json.dumps(body, ensure_ascii=False, indent=1), content_type="application/json"
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="registre.json"'
    return answer


def _plain(value: object) -> object:
    return value if isinstance(value, bool) else str(value)
