"""The slip in large type, as it stands on paper."""

import io
from datetime import date
from typing import Any

import segno
from django.utils import translation
from django.utils.translation import gettext as _

from parvis.cases import queries as cases
from parvis.cases.models import Case
from parvis.letters import rules
from parvis.letters.models import Kind
from parvis.letters.queries import fields
from parvis.letters.queries.wording import letterhead, wording


def slip(case: Case, *, on: date, address: str = "") -> dict[str, Any]:
    """What the person takes away; with a code to scan when the address of their page is known."""
    with translation.override(fields.LANGUAGE):
        receipt = cases.receipt(case, on)
        words = wording(case.authority_id, Kind.SLIP)
        assert words is not None  # noqa: S101
        known = fields.values(case, on=on)
        head = letterhead(case.authority)
        is_whole = not cases.unfinished(case)
        return {
            "lang": fields.LANGUAGE,
            "region": "FR",
            "title": f"{receipt.reference} {receipt.subject}",
            "institution": receipt.authority,
            "colour": case.authority.action_colour,
            "subject": rules.merged(words.subject, known),
            "warning": "" if is_whole else _("This slip is not yet the full receipt: it follows."),
            "code_label": _("Your code"),
            "code": receipt.reference,
            "facts": _facts(case, receipt, on, is_whole=is_whole),
            "foot": [rules.merged(words.body, known).replace("\n", " "), head.foot],
            "qr": _drawing(address) if address else "",
            "qr_alt": _("Code that opens the page of the request"),
            "qr_words": _("This code opens the page of your request. Whoever has it can read it."),
            "address": address,
        }


def _drawing(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=1, xmldecl=False)
    return drawn.getvalue().decode()


def _facts(case: Case, receipt: cases.Receipt, on: date, *, is_whole: bool) -> list[dict[str, Any]]:
    contact = receipt.contact
    who = ", ".join(filter(None, [contact.name, contact.function]))
    away = _("When they are away: %s") % contact.deputy if contact.deputy else ""
    reach = [receipt.phone, receipt.email, receipt.address]
    awaited, told = cases.awaited(case), cases.told(case, on)
    items = [item.words for item in told.items] if told else []
    next_step = [awaited.from_us or _("The service answers you.")]
    if awaited.due_on:
        next_step.append(f"{_('By:')} {fields.long_day(awaited.due_on)}")
    found = [
        _fact(_("Followed by"), [who, receipt.service, away], strong=True),
        _fact(_("To reach us"), reach),
        _fact(_("Received on"), [fields.long_day(receipt.received_on)]),
        _fact(_("What comes next"), next_step),
    ]
    if items or awaited.from_person:
        found.append(_fact(_("What we need from you"), [], items or [awaited.from_person]))
    if told and is_whole:
        found.append(_fact(_("If you hear nothing"), [told.sentence, told.appeal]))
    return found


def _fact(
    label: str, lines: list[str], items: list[str] | None = None, *, strong: bool = False
) -> dict[str, Any]:
    kept = [line for line in lines if line]
    return {"label": label, "lines": kept, "items": items or [], "strong": strong}
