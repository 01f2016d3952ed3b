"""How far the sheets carry the reception, service by service."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from parvis.accounts.http import AgentRequest
from parvis.common.http import requires
from parvis.common.tables import csv_answer
from parvis.quality import actions, words
from parvis.quality.definitions import SHEETS
from parvis.quality.queries import sheets
from parvis.quality.queries.sheets import Share
from parvis.quality.rules.sheets import ORDER
from parvis.quality.views.asking import Question, question, refuse_senseless
from parvis.quality.views.indicators import common

HOUSE = "house"


@requires("quality.read")
def show(request: AgentRequest) -> HttpResponse:
    """Every service with its shares; a share leads to what is lacking."""
    now = timezone.now()
    asked = question(request, now=now)
    rows = sheets.service_rows(asked.frame, asked.today)
    context = {
        **common(request, asked),
        "definitions": [SHEETS[one.code] for one in ORDER],
        "rows": [
            {
                "name": row.service.label if row.service else _("The whole house"),
                "cells": [_cell(asked, share, row) for share in row.shares],
            }
            for row in rows
        ],
        "export_url": f"{reverse('quality:sheets-export')}?{asked.query}",
    }
    return render(request, "quality/sheets.html", context)


def _cell(asked: Question, share: Share, row: sheets.ServiceRow) -> dict[str, Any]:
    code, tally = share.indicator.code, share.tally
    key = row.service.pk if row.service else HOUSE
    is_told = bool(tally.total) and not share.is_hidden
    return {
        "name": _(SHEETS[code].name),
        "value": words.percent(tally.successes / tally.total) if is_told else "",
        "counted": pgettext("share", "%(good)s of %(total)s")
        % {"good": tally.successes, "total": tally.total},
        "few": share.is_few,
        "url": f"{reverse('quality:sheets-behind')}?{asked.query}&code={code}&of={key}",
    }


@requires("quality.read")
def behind(request: AgentRequest) -> HttpResponse:
    """What is lacking behind one share."""
    asked = question(request, now=timezone.now())
    code, of = request.GET.get("code", ORDER[0].code), request.GET.get("of", HOUSE)
    if code not in SHEETS or not (of == HOUSE or of.isdecimal()):
        raise Http404
    service_id = None if of == HOUSE else int(of)
    lines = sheets.behind(asked.frame, code, service_id, asked.today)
    context = {
        **common(request, asked),
        "definition": SHEETS[code],
        "lines": lines,
        "is_sheets": any(line.ref for line in lines),
        "back_url": f"{reverse('quality:sheets')}?{asked.query}",
    }
    return render(request, "quality/sheets_behind.html", context)


@requires("quality.export")
def export(request: AgentRequest) -> HttpResponse:
    """The table as a spreadsheet takes it."""
    asked = question(request, now=timezone.now())
    refuse_senseless(asked)
    rows = sheets.service_rows(asked.frame, asked.today)
    header = [
        _("Service"), _("Code"), _("Indicator"), _("Version"), _("Numerator"), _("Denominator"),
        _("Definition"),
    ]  # fmt: skip
    lines = [
        _line(row.service.label if row.service else _("The whole house"), share)
        for row in rows
        for share in row.shares
    ]
    actions.note_export(asked.perimeter, "sheets", actor=request.user)
    return csv_answer(f"fiches-{asked.today:%Y%m%d}.csv", header, lines)


def _line(service: str, share: Share) -> list[object]:
    known, tally = SHEETS[share.indicator.code], share.tally
    return [
        service,
        known.code,
        _(known.name),
        known.version,
        None if share.is_hidden else tally.successes,
        "<5" if share.is_hidden else tally.total,
        _(known.text),
    ]
