"""Settings: the addresses that people write to, and how the mailboxes are doing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import once, requires
from parvis.mail import actions, queries
from parvis.mail.forms import BoxForm
from parvis.mail.models import Mailbox
from parvis.mail.queries.signing import of_box

MANAGES = "settings.manage"


@requires(MANAGES)
@require_safe
def listing(request: AgentRequest) -> HttpResponse:
    today = timezone.localdate()
    boxes = Mailbox.objects.visible_to(request.user).select_related(
        "authority", "service", "keeper__entry__service", "keeper__entry__authority"
    )
    rows = [(box, of_box(box, on=today).lacking) for box in boxes]
    context = {"rows": rows, "folders": queries.folders()}
    return render(request, "mail/boxes.html", context)


@requires(MANAGES)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def box(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    rows = Mailbox.objects.visible_to(request.user)
    row = None if pk is None else get_object_or_404(rows, pk=pk)
    form = BoxForm(request.POST or None, instance=row, actor=request.user)
    if form.is_valid():
        try:
            kept = actions.keep_box(
                request.user.authority, agent=request.user, box=row, **form.cleaned_data
            )
        except Refused as refused:
            form.add_error("address", refused.message)
        else:
            messages.success(request, _("“%(row)s” is kept.") % {"row": kept.address})
            return redirect("mail:boxes")
    status = 422 if request.method == "POST" else 200
    return render(request, "mail/box.html", {"form": form, "row": row}, status=status)
