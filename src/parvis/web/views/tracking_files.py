"""Documents on the page of a case: what was asked for is sent, what was written is saved."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.cases import actions, queries, uploads
from parvis.cases.models import CaseFile, MissingItem
from parvis.cases.rules import RUNNING
from parvis.cases.uploads import Received
from parvis.common import files
from parvis.common.http import saved, takes_files
from parvis.web.secret import Unknown, secret_page, write
from parvis.web.visiting import Visit, confirmed, visit_of


@secret_page
@require_safe
def document(request: HttpRequest, secret: str, pk: int) -> HttpResponse:
    visit = confirmed(request, secret)
    found = CaseFile.objects.filter(
        case__in=queries.part_ids(visit.case), is_internal=False, pk=pk
    ).first()
    if found is None:
        raise Unknown
    return saved(files.path_of(found.digest), name=found.name, kind=found.kind)


@takes_files()
@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, secret: str, pk: int) -> HttpResponse:
    visit = visit_of(request, secret)
    wanted = MissingItem.objects.filter(case=visit.case, pk=pk, received_on=None).first()
    if wanted is None or visit.case.state not in RUNNING:
        raise Unknown
    wanted.case = visit.case
    if request.method != "POST":
        return _page(request, visit, wanted, Received())
    came = uploads.received(request, visit.case)
    if not came.documents and not came.problems:
        came.problems.append(_("Choose the document that you send."))
    if came.problems:
        return _page(request, visit, wanted, came)
    subject, scope = f"case:{visit.case.pk}", f"tracking:{visit.case.pk}:item"
    if refused := write(request, subject, scope, lambda: _send(request, wanted, came)):
        came.problems.append(refused.message)
        return _page(request, visit, wanted, came)
    return HttpResponseRedirect(reverse("web:tracking", args=[secret]))


def _send(request: HttpRequest, wanted: MissingItem, came: Received) -> None:
    actions.send_item(wanted, documents=came.documents, now=timezone.now())
    messages.success(request, _("It has arrived: somebody of the service looks at it."))


def _page(request: HttpRequest, visit: Visit, wanted: MissingItem, came: Received) -> HttpResponse:
    context = {
        "case": visit.case,
        "secret": visit.secret,
        "item": wanted,
        "receipt": queries.receipt(visit.case, timezone.localdate()),
        "problems": came.problems,
        "held": uploads.hold(came, visit.case) if came.problems else [],
        "most": uploads.AT_ONCE,
    }
    return render(request, "web/tracking_item.html", context, status=422 if came.problems else 200)
