"""Who did what and when, in words: never what was said of anybody."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.access import Actor
from parvis.common.models import JournalEntry
from parvis.common.personal import Words

PAGE = 50
EXPORTED = 5000
EVERYTHING, SETTINGS = "journal.read", "journal.settings"
# What the administrator answers for, and nothing that speaks of a person or a case.
OF_SETTINGS = frozenset({
    "appointments.agenda", "appointments.calendarfeed", "assistant.languagemodel",
    "assistant.setup", "cases.loadcap", "cases.procedure", "departments.answertime",
    "knowledge.importrun", "letters.delegation", "letters.letterhead", "letters.template",
    "mail.mailbox", "privacy.retentionrule", "queue.hallrules", "queue.poster", "queue.printer",
    "queue.screen",
    *(
        model._meta.label_lower
        for room in ("accounts", "organisations")
        for model in apps.get_app_config(room).get_models()
    ),
})  # fmt: skip
# What the journal calls a deed, or the last words of it, as readers call it.
DEEDS: dict[str, Words] = {
    "accepted": pgettext_lazy("journal", "acceptance"),
    "added": pgettext_lazy("journal", "addition"),
    "adopted": pgettext_lazy("journal", "adoption"),
    "again": pgettext_lazy("journal", "sent again"),
    "answered": pgettext_lazy("journal", "answer"),
    "archived": pgettext_lazy("journal", "archived"),
    "aside": pgettext_lazy("journal", "put aside"),
    "asked": pgettext_lazy("journal", "request"),
    "attached": pgettext_lazy("journal", "attached"),
    "back": pgettext_lazy("journal", "taken or given back"),
    "began": pgettext_lazy("journal", "beginning"),
    "begun": pgettext_lazy("journal", "beginning"),
    "blocked": pgettext_lazy("journal", "time blocked"),
    "cancelled": pgettext_lazy("journal", "cancelled"),
    "changed": pgettext_lazy("journal", "change"),
    "checked": pgettext_lazy("journal", "check"),
    "chosen": pgettext_lazy("journal", "choice"),
    "cited": pgettext_lazy("journal", "citation"),
    "carried_out": pgettext_lazy("journal", "done"),
    "closed": pgettext_lazy("journal", "closed"),
    "commented": pgettext_lazy("journal", "comment"),
    "confirmed": pgettext_lazy("journal", "confirmation"),
    "corrected": pgettext_lazy("journal", "correction"),
    "created": pgettext_lazy("journal", "creation"),
    "deactivated": pgettext_lazy("journal", "deactivation"),
    "decided": pgettext_lazy("journal", "decision"),
    "declined": pgettext_lazy("journal", "declined"),
    "detached": pgettext_lazy("journal", "detached"),
    "done": pgettext_lazy("journal", "done"),
    "dropped": pgettext_lazy("journal", "removal"),
    "emptied": pgettext_lazy("journal", "emptied"),
    "ended": pgettext_lazy("journal", "end"),
    "entered": pgettext_lazy("journal", "entered"),
    "erased": pgettext_lazy("journal", "erasure"),
    "exported": pgettext_lazy("journal", "export"),
    "forgotten": pgettext_lazy("journal", "forgotten"),
    "founded": pgettext_lazy("journal", "foundation"),
    "given": pgettext_lazy("journal", "given"),
    "hidden": pgettext_lazy("journal", "hidden"),
    "ignored": pgettext_lazy("journal", "left aside"),
    "imported": pgettext_lazy("journal", "import"),
    "in": pgettext_lazy("journal", "taken in"),
    "invited": pgettext_lazy("journal", "invitation"),
    "joined": pgettext_lazy("journal", "joined"),
    "judged": pgettext_lazy("journal", "judgement"),
    "kept": pgettext_lazy("journal", "kept"),
    "left": pgettext_lazy("journal", "left"),
    "lifted": pgettext_lazy("journal", "lifted"),
    "logged": pgettext_lazy("journal", "written down"),
    "looked_up": pgettext_lazy("journal", "look"),
    "made": pgettext_lazy("journal", "creation"),
    "missed": pgettext_lazy("journal", "absence"),
    "named": pgettext_lazy("journal", "named"),
    "noted": pgettext_lazy("journal", "noted"),
    "opened": pgettext_lazy("journal", "opening"),
    "out": pgettext_lazy("journal", "out"),
    "placed": pgettext_lazy("journal", "placed"),
    "planned": pgettext_lazy("journal", "planned"),
    "posted": pgettext_lazy("journal", "shown"),
    "prepared": pgettext_lazy("journal", "preparation"),
    "prolonged": pgettext_lazy("journal", "prolonged"),
    "proposed": pgettext_lazy("journal", "proposal"),
    "published": pgettext_lazy("journal", "publication"),
    "reactivated": pgettext_lazy("journal", "back in use"),
    "recorded": pgettext_lazy("journal", "recorded"),
    "refused": pgettext_lazy("journal", "refusal"),
    "registered": pgettext_lazy("journal", "registered"),
    "removed": pgettext_lazy("journal", "removal"),
    "renewed": pgettext_lazy("journal", "renewal"),
    "reopened": pgettext_lazy("journal", "reopened"),
    "repealed": pgettext_lazy("journal", "repealed"),
    "rescued": pgettext_lazy("journal", "rescue"),
    "reset": pgettext_lazy("journal", "reset"),
    "restored": pgettext_lazy("journal", "restored"),
    "retired": pgettext_lazy("journal", "put out of use"),
    "returned": pgettext_lazy("journal", "return"),
    "revoked": pgettext_lazy("journal", "revoked"),
    "said": pgettext_lazy("journal", "said"),
    "scheduled": pgettext_lazy("journal", "scheduled"),
    "sent": pgettext_lazy("journal", "sent"),
    "set": pgettext_lazy("journal", "set"),
    "set_up": pgettext_lazy("journal", "set"),
    "settled": pgettext_lazy("journal", "settled"),
    "shared": pgettext_lazy("journal", "shared"),
    "shown": pgettext_lazy("journal", "shown"),
    "signed": pgettext_lazy("journal", "signed"),
    "signed_in": pgettext_lazy("journal", "sign-in"),
    "signed_out": pgettext_lazy("journal", "sign-out"),
    "sorted": pgettext_lazy("journal", "sorted"),
    "started": pgettext_lazy("journal", "start"),
    "taken": pgettext_lazy("journal", "taken"),
    "together": pgettext_lazy("journal", "together"),
    "tried": pgettext_lazy("journal", "trial"),
    "undone": pgettext_lazy("journal", "undone"),
    "up": pgettext_lazy("journal", "taken up"),
    "withdrawn": pgettext_lazy("journal", "withdrawn"),
    "written": pgettext_lazy("journal", "written"),
}


@dataclass(frozen=True)
class Asked:
    """What the reader of the journal looks for; empty means everything."""

    first: date | None = None
    last: date | None = None
    agent_id: int | None = None
    kind: str = ""


@dataclass(frozen=True)
class Line:
    """One thing that somebody did."""

    pk: int
    at: datetime
    who: str
    deed: str
    kind: str
    key: str


@dataclass(frozen=True)
class Page:
    """Some lines, latest first, and the marks of what lies beyond them."""

    lines: list[Line]
    older: int = 0
    newer: int = 0


def journal_page(actor: Actor, asked: Asked, *, before: int = 0, after: int = 0) -> Page:
    """The journal as one reader may see it, by keyset."""
    rows = _rows(actor, asked)
    if after:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
    else:
        rows = rows.filter(pk__lt=before) if before else rows
        found = list(rows.order_by("-pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if after:
        found.reverse()
    has_older, has_newer = (True, more) if after else (more, bool(before))
    return Page(
        _lines(found),
        older=found[-1].pk if found and has_older else 0,
        newer=found[0].pk if found and has_newer else 0,
    )


def journal_lines(actor: Actor, asked: Asked) -> list[Line]:
    """The latest of them, for a spreadsheet."""
    return _lines(list(_rows(actor, asked).order_by("-pk")[:EXPORTED]))


def kinds(actor: Actor) -> list[tuple[str, str]]:
    """Everything that the journal may speak of to this reader, by its name."""
    named = (
        (model._meta.label_lower, kind_words(model._meta.label_lower))
        for model in apps.get_models()
        if model.__module__.startswith("parvis.") and isinstance(model._meta.verbose_name, Promise)
    )
    told = [(label, words) for label, words in named if _may_read(actor, label)]
    return sorted(told, key=lambda pair: pair[1])


def kind_words(label: str) -> str:
    """What an object is called."""
    try:
        return str(apps.get_model(label)._meta.verbose_name).capitalize()
    except LookupError:
        return label


def _may_read(actor: Actor, label: str) -> bool:
    return actor.may(EVERYTHING) or label in OF_SETTINGS


def _rows(actor: Actor, asked: Asked) -> QuerySet[JournalEntry]:
    rows = JournalEntry.objects.filter(authority_id=actor.authority_id)
    if not actor.may(EVERYTHING):
        rows = rows.filter(object_type__in=OF_SETTINGS)
    if asked.kind:
        rows = rows.filter(object_type=asked.kind)
    if asked.agent_id:
        rows = rows.filter(actor=f"agent:{asked.agent_id}")
    if asked.first:
        rows = rows.filter(at__gte=make_aware(datetime.combine(asked.first, time.min)))
    if asked.last:
        end = asked.last + timedelta(days=1)
        rows = rows.filter(at__lt=make_aware(datetime.combine(end, time.min)))
    return rows


def _lines(rows: list[JournalEntry]) -> list[Line]:
    keys = {row.actor.removeprefix("agent:") for row in rows if row.actor.startswith("agent:")}
    agents = Agent.objects.filter(pk__in=keys).select_related("entry")
    names = {f"agent:{agent.pk}": agent.display_name for agent in agents}
    return [_line(row, names) for row in rows]


def _line(row: JournalEntry, names: dict[str, str]) -> Line:
    last = row.verb.rpartition(".")[2].split("_")[-2:]
    deed = DEEDS.get("_".join(last)) or DEEDS.get(last[-1])
    who = names.get(row.actor) or _somebody(row.actor)
    said = str(deed or _("other deed"))
    return Line(row.pk, row.at, who, said, kind_words(row.object_type), row.object_id)


def _somebody(actor: str) -> str:
    if actor == journal.PERSON:
        return _("a person, by their link")
    if actor.startswith("token:"):
        return _("a program, by its key")
    return _("the software itself") if actor == journal.SYSTEM else _("somebody")
