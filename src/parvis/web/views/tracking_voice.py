"""A complaint from the page of a case: received with a day, answered by somebody else."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.cases import queries
from parvis.common.forms import posted
from parvis.feedback import actions as feedback
from parvis.feedback.forms import ComplaintForm
from parvis.web.secret import secret_page, write
from parvis.web.visiting import visit_of


@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest, secret: str) -> HttpResponse:
    visit = visit_of(request, secret)
    form = ComplaintForm(posted(request), auto_id="complaint_%s")
    refused = None
    if request.method == "POST" and form.is_valid():

        def effect() -> None:
            feedback.complain(visit.case, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Your complaint has arrived: you read here who answers."))

        case = visit.case.pk
        refused = write(request, f"case:{case}", f"tracking:{case}:complaint", effect)
        if refused is None:
            return HttpResponseRedirect(reverse("web:tracking", args=[secret]))
    context = {
        "case": visit.case,
        "secret": secret,
        "form": form,
        "receipt": queries.receipt(visit.case, timezone.localdate()),
        "refusal": refused and refused.message,
    }
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "web/tracking_complaint.html", context, status=status)
