"""Letters as they are read: those of a case, what one lacks, what it will say on paper."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from parvis.cases import queries as cases
from parvis.cases.models import Case
from parvis.cases.queries import Signature
from parvis.common import codes
from parvis.common.access import Actor
from parvis.letters import rules
from parvis.letters.models import Delegation, Kind, Letter, Letterhead, OutgoingPost
from parvis.letters.queries.fields import LANGUAGE, long_day
from parvis.letters.queries.wording import letterhead
from parvis.letters.rules import Lack


def whole(actor: Actor) -> QuerySet[Letter]:
    """The letters that the actor may read, with all that their page names."""
    return Letter.objects.visible_to(actor).select_related(
        "case__authority",
        "case__service",
        "case__topic",
        "case__person",
        "case__referent__entry__service",
        "case__referent__entry__authority",
        "case__deputy__entry__service",
        "case__deputy__entry__authority",
        "case__clock__procedure",
        "delegation__entry__service",
        "decision__delegation",
        "agent__entry",
        "post",
        "version__template",
    )


def of_case(case: Case) -> list[Letter]:
    """Everything written about a case that was not dropped, latest first."""
    rows = Letter.objects.filter(case__in=cases.part_ids(case)).exclude(state=Letter.State.DROPPED)
    return list(rows.select_related("post", "agent__entry").order_by("-pk"))


def sent_to_person(case: Case) -> list[Letter]:
    """The letters that left for the person, latest first."""
    rows = Letter.objects.filter(case__in=cases.part_ids(case), state=Letter.State.SENT)
    return list(rows.select_related("post").order_by("-sent_at", "-pk"))


def delegations(case: Case, *, on: date) -> QuerySet[Delegation]:
    """Who may sign for the authority in a matter of this service that day."""
    rows = Delegation.objects.filter(authority_id=case.authority_id, valid_from__lte=on)
    rows = rows.exclude(valid_through__lt=on).filter(entry__is_active=True)
    rows = rows.filter(service=None) | rows.filter(service_id=case.service_id)
    return rows.select_related("entry", "service").order_by("entry__last_name", "pk")


def lacking(letter: Letter, way: str, *, on: date) -> list[str]:
    """Why this letter may not leave that way today, in clear words; empty when it may."""
    case = letter.case
    signs = letter.delegation
    sheet = rules.Sheet(
        kind=letter.kind,
        subject=letter.subject,
        body=letter.body,
        recipient=letter.recipient,
        address=letter.address,
        gaps=rules.gaps(f"{letter.subject}\n{letter.body}"),
        has_delegation=signs is not None
        and rules.may_sign(valid_from=signs.valid_from, valid_through=signs.valid_through, on=on),
        has_decision=letter.decision is not None and letter.decision.withdrawn_at is None,
        receipt_is_whole=True,
    )
    words = [_LACKS[lack](sheet) for lack in rules.lacking(sheet, way)]
    legal = cases.legal_clock(case)
    if letter.kind == Kind.RECEIPT and legal is not None:
        words += [one.words for one in cases.lacking(case, legal)]
    return [*words, *cases.signature(case, on=on).lacking]


_LACKS: dict[Lack, Callable[[rules.Sheet], str]] = {
    Lack.SUBJECT: lambda sheet: _("The subject is missing."),
    Lack.BODY: lambda sheet: _("The letter says nothing yet."),
    Lack.RECIPIENT: lambda sheet: _("Nobody is written to: the name of the person is missing."),
    Lack.ADDRESS: lambda sheet: _(
        "The postal address is missing: write it, or hand the letter over."
    ),
    Lack.GAPS: lambda sheet: _("To be filled in or taken out: %s") % ", ".join(sheet.gaps),
    Lack.DELEGATION: lambda sheet: _(
        "Nobody signs for the authority: choose who holds a delegation in force today."
    ),
    Lack.DECISION: lambda sheet: _(
        "A refusal leaves with its decision only: law, facts and ways to contest it."
    ),
    Lack.RECEIPT: lambda sheet: _("The receipt would be incomplete."),
}


def content(letter: Letter, *, on: date, number: str = "", tracked: str = "") -> dict[str, Any]:
    """All that stands on the paper; the number and the day make it final."""
    case = letter.case
    with translation.override(LANGUAGE):
        signed, head = cases.signature(case, on=on), letterhead(case.authority)
        return {
            **_of_house(signed, head, case),
            "title": letter.subject,
            "subject": letter.subject,
            "draft": "" if number else _("Draft: this letter has not left."),
            "reference": number,
            "page": _("page"),
            "facts": _facts(case, signed, tracked),
            "recipient": _lines(letter.recipient) + _lines(letter.address),
            "dated": _("%(place)s, %(day)s") % {"place": head.place, "day": long_day(on)},
            "blocks": [_block(block) for block in rules.blocks(letter.body)],
            **_signer(letter, signed),
            "enclosures": _lines(letter.enclosures),
            "enclosed": _("Enclosed"),
        }


def _of_house(signed: Signature, head: Letterhead, case: Case) -> dict[str, Any]:
    reach = ", ".join(filter(None, [signed.phone, signed.email]))
    return {
        "lang": LANGUAGE,
        "region": "FR",
        "institution": signed.institution,
        "service": signed.service,
        "colour": case.authority.action_colour,
        "foot": [line for line in (head.foot, f"{signed.service}\u00a0: {reach}") if line],
    }


def _facts(case: Case, signed: Signature, tracked: str) -> list[dict[str, Any]]:
    who = [signed.name, signed.function] if signed.name else [signed.function]
    found = [
        _fact(_("Your case is followed by"), who, strong=True),
        _fact(_("To answer us"), [signed.email, signed.phone, signed.address]),
        _fact(_("Your case number"), [codes.format_reference(case.reference)]),
        _fact(_("Your request received on"), [long_day(case.received_on)]),
    ]
    return [*found, _fact(_("Registered letter number"), [tracked])] if tracked else found


def _fact(label: str, lines: list[str], *, strong: bool = False) -> dict[str, Any]:
    return {"label": label, "lines": [line for line in lines if line], "strong": strong}


def _signer(letter: Letter, signed: Signature) -> dict[str, Any]:
    """Who signs: the delegate of a decision, else whoever follows, in the name of the service."""
    signs = letter.delegation
    if signs is None:
        return {
            "capacity": _("For the service %(service)s,") % {"service": signed.service},
            "signer": signed.name,
            "function": signed.function if signed.name else "",
            "by_hand": True,
        }
    return {
        "capacity": signs.capacity,
        "signer": str(signs.entry),
        "function": f"{signs.entry.function} ({signs.act})",
        "by_hand": True,
    }


def _block(block: rules.Block) -> dict[str, Any]:
    if block.kind == "heading":
        return {"kind": "heading", "text": block.lines[0]}
    if block.kind == "list":
        return {"kind": "list", "items": list(block.lines)}
    return {"kind": "para", "lines": list(block.lines)}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def as_it_is(letter: Letter) -> dict[str, Any]:
    """What the paper of this letter says: for ever what left, today's wording of a draft."""
    if letter.state == Letter.State.SENT:
        kept: dict[str, Any] = letter.content
        return kept
    return content(letter, on=timezone.localdate())


def posted(letter: Letter) -> OutgoingPost | None:
    """The line of the register under which a letter left."""
    return getattr(letter, "post", None)
