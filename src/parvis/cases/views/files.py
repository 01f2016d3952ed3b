"""Documents of a case for agents: to be saved, never shown under our name."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.accounts.http import AgentRequest
from parvis.cases import actions, queries
from parvis.cases.models import CaseFile
from parvis.cases.views.fetching import asks_why, case_of
from parvis.common import files
from parvis.common.http import requires, saved


@requires("cases.read")
@asks_why
@require_safe
def document(request: AgentRequest, reference: str, pk: int) -> HttpResponse:
    found = case_of(request, reference)
    kept = get_object_or_404(
        CaseFile.objects.visible_to(request.user), case__in=queries.part_ids(found), pk=pk
    )
    answer = saved(files.path_of(kept.digest), name=kept.name, kind=kept.kind)
    actions.record_reading(found, agent=request.user, now=timezone.now())
    return answer
