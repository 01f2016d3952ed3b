"""Where the houses of a group differ: seen by who coordinates it."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parvis.accounts.http import AgentRequest
from parvis.common.http import requires
from parvis.knowledge import comparing, queries
from parvis.knowledge.models import Group, Share
from parvis.knowledge.queries import divergence

EACH = 40
SHOWN: dict[str, Callable[[divergence.Line], bool]] = {
    "ecarts": lambda line: line.differs,
    "a-decider": lambda line: line.is_undecided,
    "toutes": lambda line: True,
}


def _coordinated(request: AgentRequest, pk: int) -> Group:
    found = queries.group_for(request.user, pk)
    if found is None or not queries.may_coordinate(request.user, found):
        raise Http404
    return found


@requires("knowledge.share")
@require_GET
def table(request: AgentRequest, pk: int) -> HttpResponse:
    """Per shared sheet: who adopted which version, adapted it, left it aside, is behind."""
    group = _coordinated(request, pk)
    lines = divergence.lines(group)
    chosen = request.GET.get("liste", "ecarts")
    chosen = chosen if chosen in SHOWN else "ecarts"
    labels = {"ecarts": _("Where houses differ"), "a-decider": _("Undecided"), "toutes": _("All")}
    kept = {name: [line for line in lines if keep(line)] for name, keep in SHOWN.items()}
    tabs: list[dict[str, Any]] = [
        {
            "text": labels[name],
            "url": f"{request.path}?liste={name}",
            "current": name == chosen,
            "count": len(kept[name]),
        }
        for name in SHOWN
    ]
    context = {
        "group": group,
        "tabs": tabs,
        "chosen": chosen,
        "sums": divergence.sums(lines),
        "houses": divergence.members(group),
        "page": Paginator(kept[chosen], EACH).get_page(request.GET.get("page")),
    }
    return render(request, "knowledge/divergence.html", context)


@requires("knowledge.share")
@require_GET
def one(request: AgentRequest, pk: int) -> HttpResponse:
    """One shared sheet: the public local words of every house beside the part they stand on."""
    share = Share.objects.active().filter(pk=pk).select_related("group", "sheet").first()
    if share is None:
        raise Http404
    group = _coordinated(request, share.group_id)
    line = next(iter(divergence.lines(group, share_id=share.pk)), None)
    if line is None:
        raise Http404
    laid = divergence.laid_by_others(share)
    rows = [
        {
            "cell": cell,
            "words": [comparing.beside(words) for words in laid.get(cell.authority.pk, ([], 0))[0]],
            "inside": laid.get(cell.authority.pk, ([], 0))[1],
        }
        for cell in line.cells
    ]
    return render(
        request, "knowledge/divergence_one.html", {"group": group, "line": line, "rows": rows}
    )
