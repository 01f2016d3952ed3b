"""Today's notes of a hall: written and ended by those who work there."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.forms import DayField
from parvis.common.http import next_address
from parvis.organisations.models import Site
from parvis.queue import actions
from parvis.queue.models import DayNote
from parvis.web.views.gestures import gesture


def _day(label: Any) -> DayField:
    hint = gettext_lazy("Without a day: today.")
    return DayField(label=label, help_text=hint, required=False)


class NoteForm(forms.Form):
    """A sentence for the colleagues of the hall, for today or for some days."""

    text = forms.CharField(
        label=gettext_lazy("Note for the colleagues of this hall"),
        widget=forms.TextInput({"maxlength": 300, "autocomplete": "off"}),
    )
    first_day = _day(pgettext_lazy("day", "From"))
    last_day = _day(pgettext_lazy("day", "To"))


@gesture
def write(request: AgentRequest, site: str) -> HttpResponse:
    hall = get_object_or_404(Site.objects.visible_to(request.user), slug=site, is_active=True)
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise Refused(" ".join(str(line) for lines in form.errors.values() for line in lines))
    actions.write_note(hall, agent=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("The note is shown at every desk of the hall."))
    return redirect(_there(request, hall))


@gesture
def end(request: AgentRequest, note_id: int) -> HttpResponse:
    notes = DayNote.objects.visible_to(request.user).select_related("site")
    note = get_object_or_404(notes, pk=note_id)
    actions.end_note(note, agent=request.user, now=timezone.now())
    messages.success(request, _("The note is no longer shown."))
    return redirect(_there(request, note.site))


def _there(request: AgentRequest, hall: Site) -> str:
    return next_address(request, reverse("web:hall", args=[hall.slug]))
