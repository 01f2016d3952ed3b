"""A complaint from the page of a case: received with a day, answered by somebody else."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.cases import queries
from parvis.common.errors import Refused
from parvis.common.forms import posted
from parvis.feedback import actions as feedback
from parvis.feedback.forms import ComplaintForm
from parvis.web.secret import count_write, once, secret_page
from parvis.web.visiting import visit_of


@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest, secret: str) -> HttpResponse:
    visit = visit_of(request, secret)
    form = ComplaintForm(posted(request), auto_id="complaint_%s")
    refusal = ""
    if request.method == "POST" and form.is_valid():

        def effect() -> None:
            feedback.complain(visit.case, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Your complaint has arrived: you read here who answers."))

        try:
            count_write(f"case:{visit.case.pk}")
            once(request, f"tracking:{visit.case.pk}:complaint", effect)
        except Refused as refused:
            if refused.code == "busy":
                raise
            refusal = refused.message
        else:
            return HttpResponseRedirect(reverse("web:tracking", args=[secret]))
    receipt = queries.receipt(visit.case, timezone.localdate())
    context = {"case": visit.case, "secret": secret, "form": form, "receipt": receipt}
    status = 409 if refusal else 422 if form.errors else 200
    return render(
        request, "web/tracking_complaint.html", {**context, "refusal": refusal}, status=status
    )
