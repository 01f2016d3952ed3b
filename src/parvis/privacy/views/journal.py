"""The journal: who decided what, for whoever answers for the data or for the settings."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.accounts.http import AgentRequest
from parvis.common.http import requires
from parvis.common.tables import csv_answer
from parvis.privacy.forms import JournalForm
from parvis.privacy.queries import journal as queries
from parvis.privacy.views.tabs import tabs

READERS = (queries.EVERYTHING, queries.SETTINGS)
LONGEST_KEY = 18  # digits


@requires(*READERS)
@require_safe
def listing(request: AgentRequest) -> HttpResponse:
    form = JournalForm(request.GET or None, actor=request.user)
    asked = form.asked()
    page = queries.journal_page(
        request.user, asked, before=_key(request, "avant"), after=_key(request, "apres")
    )
    chosen = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        "tabs": tabs(request),
        "form": form,
        "page": page,
        "is_filtered": bool(chosen),
        "sees_everything": request.user.may(queries.EVERYTHING),
        "older_url": _address(chosen, "avant", page.older),
        "newer_url": _address(chosen, "apres", page.newer),
        "chosen": urlencode(chosen),
        "exported": queries.EXPORTED,
    }
    return render(request, "privacy/journal.html", context)


@requires(*READERS)
@require_safe
def export(request: AgentRequest) -> HttpResponse:
    form = JournalForm(request.GET or None, actor=request.user)
    lines = queries.journal_lines(request.user, form.asked())
    header = (_("When"), _("Who"), _("What was done"), _("About"), _("Number"))
    rows = (
        (
            date_format(timezone.localtime(line.at), "SHORT_DATETIME_FORMAT"),
            line.who, line.deed, line.kind, line.key,
        )
        for line in lines
    )  # fmt: skip
    return csv_answer("journal.csv", header, rows)


def _key(request: AgentRequest, name: str) -> int:
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= LONGEST_KEY else 0


def _address(chosen: dict[str, str], name: str, key: int) -> str:
    return f"?{urlencode({**chosen, name: key})}" if key else ""
