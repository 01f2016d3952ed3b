"""Settings: the language model that may reword, tried and counted."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from parvis.accounts.http import AgentRequest
from parvis.assistant import asking_model
from parvis.assistant.actions import rewording as actions
from parvis.assistant.forms.model import ModelForm
from parvis.assistant.models import LanguageModel, Rewording
from parvis.assistant.queries import rewording as queries
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires
from parvis.organisations.models import Authority

MANAGE = "settings.manage"
WHYS: dict[str, Promise] = {
    "number": gettext_lazy("A number that the lines do not have"),
    "words": gettext_lazy("Words that the lines do not have"),
    "negation": gettext_lazy("A “not”, “without” or “except” came or went"),
    "lost": gettext_lazy("Words of the sentence are missing"),
    "order": gettext_lazy("The words are the same, but said of something else"),
    "reach": gettext_lazy("An address or a telephone number that the lines do not have"),
    "machine": gettext_lazy("It speaks to a machine"),
    "signs": gettext_lazy("Signs that the lines do not have"),
}


@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def model(request: AgentRequest) -> HttpResponse:
    authority = request.user.authority
    chosen = LanguageModel.objects.filter(authority=authority).first()
    chosen = chosen or LanguageModel(authority=authority)
    form = ModelForm(request.POST or None, instance=chosen)
    if request.method == "POST" and form.is_valid():
        actions.choose_model(request.user, **form.cleaned_data)
        messages.success(request, _("The settings of the assistant are kept."))
        return redirect("assistant:model")
    kept = LanguageModel.objects.filter(authority=authority).first() or LanguageModel(
        authority=authority
    )
    context = {"form": form, "chosen": kept, **_told(authority, kept), **_trial(request, authority)}
    return render(request, "assistant/model.html", context, status=422 if form.is_bound else 200)


def _told(authority: Authority, kept: LanguageModel) -> dict[str, Any]:
    now = timezone.now()
    figures = queries.figures(authority, now=now)
    outcomes = dict(Rewording.Outcome.choices)
    return {
        "has_key": bool(asking_model.key_for(authority.slug, kept.endpoint)),
        "samples": queries.samples(authority),
        "figures": figures,
        "paused": queries.is_paused(kept, now),
        "outcomes": [(outcomes[name], count) for name, count in figures.outcomes],
        "whys": [(WHYS[name], count) for name, count in figures.dropped],
    }


def _trial(request: AgentRequest, authority: Authority) -> dict[str, Any]:
    row = queries.trial(authority, request.GET.get("essai", "")[:64])
    if row is None:
        return {}
    dropped = [{**one, "why": WHYS[one["why"]]} for one in row.dropped]
    ref = row.passages[0]["ref"]
    return {"trial": row, "texts": queries.texts(row), "dropped": dropped, "ref": ref}


@requires(MANAGE)
@require_POST
@once
def try_out(request: AgentRequest) -> HttpResponse:
    """Ask the model about one sheet; the page then shows both sides."""
    try:
        key = actions.try_out(request.user, request.POST.get("ref", ""), now=timezone.now())
    except Refused as refused:
        refuse(request, refused)
        return redirect("assistant:model")
    return redirect(f"{reverse('assistant:model')}?essai={key}#essai")
