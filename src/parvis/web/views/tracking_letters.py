"""The papers of a case behind its secret link: letters to save, proofs to ask for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parvis.common.http import refuse
from parvis.letters import actions, pressing, queries
from parvis.web.secret import Unknown, secret_page, write
from parvis.web.views.tracking import case_of
from parvis.web.visiting import confirmed


@secret_page
@require_safe
def letter(request: HttpRequest, secret: str, pk: int) -> HttpResponse:
    """A letter as it left, byte for byte."""
    case = confirmed(request, secret).case
    found = next((one for one in queries.sent_to_person(case) if one.pk == pk), None)
    if found is None:
        raise Unknown
    response = HttpResponse(pressing.press(found), content_type="application/pdf")
    name = found.content["reference"]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@secret_page
@require_POST
def right(request: HttpRequest, secret: str) -> HttpResponse:
    """The person asks for the certificate, or for the reasons."""
    case, kind = case_of(request, secret), request.POST.get("kind", "")

    def effect() -> None:
        actions.ask_for_right(case, kind, channel="web", now=timezone.now())
        messages.success(request, _("We have written your request down."))

    if refused := write(request, f"case:{case.pk}", f"tracking:{case.pk}", effect):
        refuse(request, refused)
    return HttpResponseRedirect(reverse("web:tracking", args=[secret]))
