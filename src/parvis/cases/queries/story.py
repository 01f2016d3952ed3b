"""The story of a case as it is shown: the same lines for agents and person, names by policy."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import rules
from parvis.cases.models import Case, CaseEntry, CaseFile, MissingItem
from parvis.cases.queries import words
from parvis.cases.queries.following import named_contact
from parvis.cases.queries.joining import part_ids
from parvis.common import codes
from parvis.organisations import queries as organisations
from parvis.organisations.models import Service

Kind = CaseEntry.Kind
ICONS = {
    Kind.OPENED: "inbox",
    Kind.RECEIPT: "receipt",
    Kind.ASSIGNED: "person-check",
    Kind.HANDED_OVER: "arrow-left-right",
    Kind.OFFERED: "arrow-left-right",
    Kind.GIVEN_BACK: "arrow-return-left",
    Kind.TRANSFERRED: "arrow-right",
    Kind.FORWARDED: "box-arrow-up-right",
    Kind.MESSAGE_OUT: "envelope",
    Kind.MESSAGE_IN: "chat-left-text",
    Kind.NOTE: "pencil",
    Kind.CLOSED: "check-circle",
    Kind.REOPENED: "arrow-counterclockwise",
    Kind.THANKED: "heart",
    Kind.ITEMS_ASKED: "clipboard-check",
    Kind.ITEM_CAME: "box-arrow-in-down",
    Kind.CLOCK: "alarm",
    Kind.FILE_ADDED: "paperclip",
    Kind.ITEM_REFUSED: "clipboard-x",
    Kind.CALL: "telephone-inbound",
    Kind.DETAILS: "person-vcard",
    Kind.LETTER_OUT: "envelope-paper",
    Kind.LETTER_IN: "mailbox",
    Kind.MERGED: "intersect",
    Kind.UNMERGED: "scissors",
    Kind.LINKED: "link-45deg",
    Kind.PEOPLE: "people",
    Kind.HELPED: "person-raised-hand",
}


@dataclass(frozen=True)
class Line:
    """One line of the story, ready to be shown."""

    icon: str
    at: datetime
    actor: str
    text: str  # what happened, continuing the actor's name
    words: str  # what was written, kept as it was typed
    internal: str  # the reason why only agents read it
    more: str = ""  # what the law makes of it
    kind: str = ""
    files: Sequence[CaseFile] = ()
    origin: str = ""  # the code of the case it came in with, when it was put into this one


@dataclass(frozen=True)
class Receipt:
    """What the person takes away: the data of a receipt, for paper, page and API alike."""

    reference: str  # as it is read aloud
    received_on: date
    registered_at: datetime
    subject: str
    authority: str
    service: str
    phone: str
    email: str
    address: str
    contact: rules.NamedContact


def receipt(case: Case, on: date) -> Receipt:
    """The receipt of a case, with the service and the named contact of that day."""
    service, authority = case.service, case.authority
    return Receipt(
        reference=codes.format_reference(case.reference),
        received_on=case.received_on,
        registered_at=case.opened_at,
        subject=case.title,
        authority=authority.name,
        service=service.label,
        phone=service.phone or authority.phone,
        email=service.email or authority.email,
        address=service.address or authority.address,
        contact=named_contact(case, on),
    )


@dataclass(frozen=True)
class Awaited:
    """What is awaited, from whom, since and until when."""

    from_person: str
    from_us: str
    due_on: date | None


def awaited(case: Case, missing: Iterable[MissingItem] | None = None) -> Awaited:
    """What is awaited from the person and from us; ``missing`` when it is known already."""
    if case.state not in rules.RUNNING:
        return Awaited("", "", None)
    lines = case.entries.filter(is_internal=False).order_by("-id")
    wanted = step = ""
    if case.state == Case.State.AWAITING_PERSON:
        if missing is None:
            missing = MissingItem.objects.filter(
                case__in=part_ids(case), received_on=None
            ).order_by("id")
        wanted = ", ".join(item.words for item in missing)
        if not wanted:
            asked = lines.filter(kind=Kind.MESSAGE_OUT).first()
            wanted = str(asked.data.get("awaited", "")) if asked else ""
    planned = lines.filter(
        Q(kind=Kind.NOTE, data__next_step=True) | Q(data__has_key="step")
    ).first()
    if planned:
        step = str(planned.data.get("step", "")) or planned.text
    return Awaited(wanted, step, case.due_on)


def timeline(case: Case, *, for_person: bool, on: date) -> list[Line]:
    """The story, oldest first; the person reads all of it but the lines marked internal."""
    entries = CaseEntry.objects.filter(case__in=part_ids(case)).select_related("service")
    if for_person:
        entries = entries.filter(is_internal=False)
    # That a case was put into this one is said once, by this one.
    rows = [
        row
        for row in entries.prefetch_related("files").order_by("at", "id")
        if row.case_id == case.pk or not row.data.get("is_part")
    ]
    book = _Book.of(case, rows, for_person=for_person, on=on)
    origins = _origins(case, rows)
    lines = [_line(row, book, origins.get(row.case_id, "")) for row in rows]
    if lines and case.state in rules.RUNNING:
        last = lines[-1]
        lines[-1] = Line(**{**last.__dict__, "kind": "now"})
    return lines


def _origins(case: Case, rows: Iterable[CaseEntry]) -> dict[int, str]:
    """The codes of the cases that lines came in with; none for most cases."""
    others = {row.case_id for row in rows} - {case.pk}
    if not others:
        return {}
    found = Case.objects.filter(pk__in=others).values_list("pk", "reference")
    return {pk: codes.format_reference(reference) for pk, reference in found}


@dataclass(frozen=True)
class _Book:
    """Every name that a story needs, fetched at once."""

    agents: Mapping[int, str]
    services: Mapping[int, str]
    house: str
    for_person: bool

    @classmethod
    def of(cls, case: Case, rows: Iterable[CaseEntry], *, for_person: bool, on: date) -> "_Book":
        rows = list(rows)
        named = {row.agent_id for row in rows} | {
            row.data.get(key) for row in rows for key in ("before", "referent", "deputy")
        }
        agents = Agent.objects.filter(pk__in=named - {None}).select_related(
            "entry__service", "entry__authority", "service", "authority"
        )
        wanted = {row.data.get(key) for row in rows for key in ("service", "before_service")}
        services = Service.objects.filter(pk__in=wanted - {None})
        return cls(
            agents={a.pk: _public_name(a, on) if for_person else a.display_name for a in agents},
            services={service.pk: service.label for service in services},
            house=str(case.authority),
            for_person=for_person,
        )

    def agent(self, pk: Any) -> str:
        return self.agents.get(pk, "")

    def service(self, pk: Any) -> str:
        return self.services.get(pk, "")


def _public_name(agent: Agent, on: date) -> str:
    if agent.entry is None:
        # A program, or an account outside the directory, speaks for its service.
        return str(agent.service.label if agent.service else agent.authority)
    shown = organisations.shown_name(agent.entry, on)
    return shown.name or shown.service


def _line(row: CaseEntry, book: _Book, origin: str = "") -> Line:
    actor = book.agent(row.agent_id)
    if row.kind in _OF_THE_PERSON and row.agent_id is None:
        actor = "" if book.for_person else _("The person")
    elif row.kind == Kind.RECEIPT and row.agent_id is None:
        actor = book.house  # sent by itself: the house answers for it
    return Line(
        icon=ICONS[Kind(row.kind)],
        at=row.at,
        actor="" if row.kind == Kind.ASSIGNED else actor,
        text=_sentence(row, book, actor),
        words="" if row.data.get("next_step") else row.text,
        files=list(row.files.all()),
        internal=_(row.internal_reason) if row.kind in _OWN_REASONS else row.internal_reason,
        more=_both_clocks(row) if row.kind == Kind.FORWARDED else _parts(row),
        origin=origin,
    )


def _parts(row: CaseEntry) -> str:
    """What was promised, the next step and by when, as a handover said them."""
    if not row.data.get("step"):
        return ""
    return _("Promised: %(promised)s. Next: %(step)s, by %(day)s.") % {
        "promised": str(row.data.get("promised", "")).rstrip(". "),
        "step": str(row.data["step"]).rstrip(". "),
        "day": words.stored_day(row.data.get("by_when", "")),
    }


def _both_clocks(row: CaseEntry) -> str:
    """The two clocks of a request sent on (L114-3); nothing where no procedure says."""
    if not row.data.get("rejection_on"):
        return ""
    return _(
        "Where silence is a refusal, it counts from the day we received the request: "
        "%(refused_on)s at the latest. Where silence is an acceptance, it counts from the day "
        "%(authority)s receives it."
    ) % {
        "refused_on": words.stored_day(row.data["rejection_on"]),
        "authority": row.data.get("authority", ""),
    }


def _sentence(row: CaseEntry, book: _Book, actor: str) -> str:
    kind = Kind(row.kind)
    if row.data.get("by"):
        return words.spoken_for(kind, row.data["by"])
    if kind in _OF_THE_PERSON and not actor:
        withdrawn = row.data.get("what") == "withdrawn"
        return _("You need no call any more.") if withdrawn else str(_OF_THE_PERSON[kind]())
    values = {
        "referent": book.agent(row.data.get("referent")),
        "before": book.agent(row.data.get("before")),
        "service": book.service(row.data.get("service")),
        "before_service": book.service(row.data.get("before_service")),
        "authority": row.data.get("authority", ""),
        "awaited": row.data.get("awaited", ""),
        "step": row.text,
        "until": words.stored_day(row.data.get("until", "")),
        "item": row.data.get("item", ""),
        "day": words.stored_day(row.data.get("falls_on", "")),
        "number": row.data.get("number", ""),
        "subject": row.data.get("subject", ""),
        "posted": words.stored_day(row.data.get("posted_on", "")),
        "other": row.data.get("other", ""),
        "who": row.data.get("who", ""),
    }
    return _sentence_of(kind, row, values) % values


_OF_THE_PERSON = {
    Kind.OPENED: lambda: _("You sent your request."),
    Kind.MESSAGE_IN: lambda: _("You wrote:"),
    Kind.REOPENED: lambda: _("You said that it is not settled:"),
    Kind.THANKED: lambda: _("You said thank you."),
    Kind.FILE_ADDED: lambda: _("You sent a document:"),
    Kind.CALL: lambda: _("You asked to be called back:"),
    Kind.DETAILS: lambda: _("You changed how we reach you."),
}


def _sentence_of(kind: str, row: CaseEntry, values: Mapping[str, str]) -> str:
    if kind in {Kind.ASSIGNED, Kind.TRANSFERRED}:
        return _who_has_it(kind, values["referent"])
    if kind == Kind.OPENED and row.agent_id is None:
        return _("sent the request.")
    if kind == Kind.HANDED_OVER and row.data.keys() & {"has_left", "has_moved", "taken"}:
        return _without_offer(row, values)
    if kind == Kind.NOTE and row.data.get("next_step"):
        return _("said what comes next: %(step)s")
    if kind == Kind.MESSAGE_OUT and values["awaited"]:
        return _("wrote, and waits for: %(awaited)s")
    if kind == Kind.CALL:
        return _CALLS[row.data.get("what", "")]()
    return _by_law(kind, row, values) or words.around(kind, row.data) or _PLAIN[Kind(kind)]()


def _without_offer(row: CaseEntry, values: Mapping[str, str]) -> str:
    """Somebody left, changed service, or a colleague took the case over."""
    if row.data.get("taken"):
        if values["before"]:
            return _("took the request over from %(before)s:")
        return _("took the request over:")
    if row.data.get("has_moved"):
        if values["referent"]:
            return _("%(before)s works in another service now: %(referent)s follows the request.")
        return _("%(before)s works in another service now: we look for a colleague.")
    if values["referent"]:
        return _("%(before)s is no longer in post: %(referent)s follows the request.")
    return _("%(before)s is no longer in post: the service looks for a colleague.")


# Reasons that the software wrote itself, shown in the reader's language.
_OWN_REASONS = {Kind.CLOCK, Kind.OFFERED, Kind.GIVEN_BACK, Kind.LINKED}


def _by_law(kind: str, row: CaseEntry, values: Mapping[str, str]) -> str:
    """Receipts, what is missing, the clock: what the law asks for; else nothing."""
    if kind == Kind.RECEIPT and row.data.get("registration"):
        return _("sent the registration receipt by e-mail.")
    if kind == Kind.RECEIPT and row.data.get("by_mail"):
        return _("sent the receipt by e-mail.")
    if kind == Kind.ITEMS_ASKED and values["until"]:
        return _("asked for, by %(until)s: %(awaited)s")
    if kind == Kind.CLOCK:
        return _NEAR[row.data.get("silence", "")]()
    if kind == Kind.LETTER_OUT and row.data.get("handed"):
        return _("handed over a letter, number %(number)s: %(subject)s")
    return ""


def _who_has_it(kind: str, referent: str) -> str:
    if kind == Kind.ASSIGNED:
        if referent:
            return _("The request goes to %(service)s, where %(referent)s follows it.")
        return _("The request goes to %(service)s.")
    if referent:
        return _(
            "passed the request from %(before_service)s to %(service)s, where "
            "%(referent)s follows it:"
        )
    return _("passed the request from %(before_service)s to %(service)s:")


_NEAR = {
    "acceptance": lambda: _("Without an answer by %(day)s, the request is accepted."),
    "rejection": lambda: _("Without an answer by %(day)s, the request is refused."),
}

_PLAIN = {
    Kind.ITEMS_ASKED: lambda: _("asked for: %(awaited)s"),
    Kind.ITEM_CAME: lambda: _("received: %(item)s"),
    Kind.NOTE: lambda: _("noted:"),
    Kind.OPENED: lambda: _("received the request."),
    Kind.RECEIPT: lambda: _("gave the receipt."),
    Kind.OFFERED: lambda: _("asks %(referent)s to follow the request."),
    Kind.GIVEN_BACK: lambda: _("does not take the request over:"),
    Kind.HANDED_OVER: lambda: _("handed the request over to %(referent)s:"),
    Kind.FORWARDED: lambda: _("sent the request to %(authority)s:"),
    Kind.MESSAGE_OUT: lambda: _("wrote:"),
    Kind.MESSAGE_IN: lambda: _("wrote:"),
    Kind.CLOSED: lambda: _("answered and closed the request:"),
    Kind.REOPENED: lambda: _("reopened the request:"),
    Kind.THANKED: lambda: _("said thank you."),
    Kind.LETTER_OUT: lambda: _("posted a letter on %(posted)s, number %(number)s: %(subject)s"),
    Kind.LETTER_IN: lambda: _("registered a letter, number %(number)s: %(subject)s"),
    Kind.MERGED: lambda: _("put the request %(other)s together with this one:"),
    Kind.UNMERGED: lambda: _("took the request %(other)s out of this one again:"),
    Kind.HELPED: lambda: _("did this together with the person:"),
    Kind.FILE_ADDED: lambda: _("added a document:"),
    Kind.ITEM_REFUSED: lambda: _("looked at “%(item)s”: it does not do."),
    Kind.DETAILS: lambda: _("changed how the person is reached."),
}

_CALLS = {
    "asked": lambda: _("asked to be called back:"),
    "made": lambda: _("called back."),
    "unanswered": lambda: _("called back, and nobody answered."),
    "withdrawn": lambda: _("needs no call any more."),
}


def actors_of(case: Case) -> list[Agent]:
    """Every colleague who acted on the case, once each, in the order of their first act."""
    acted = CaseEntry.objects.filter(case__in=part_ids(case), agent__is_robot=False)
    pks = dict.fromkeys(acted.order_by("id").values_list("agent_id", flat=True))
    agents = {agent.pk: agent for agent in Agent.objects.filter(pk__in=pks)}
    return [agents[pk] for pk in pks if pk is not None]


def last_answer(case: Case) -> CaseEntry | None:
    """What the service answered, while the case is closed."""
    answers = case.entries.filter(kind=Kind.CLOSED).order_by("-id")
    return answers.first() if case.state == Case.State.CLOSED else None
