"""One question becomes one reply: tables first, then sheets, then an honest "no"."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.assistant import rules
from parvis.assistant.models import Turn
from parvis.assistant.queries import opening
from parvis.assistant.queries.deciding import weights_of
from parvis.assistant.queries.sheets import MOST_BACK, Read, read
from parvis.assistant.rules import Aspect, Quote
from parvis.assistant.rules.words import folded
from parvis.knowledge import search
from parvis.knowledge.search.words import stems, telling_stems
from parvis.organisations.models import Authority

CLOSEST = 3
# Where a sheet says it, and what stands elsewhere when it has no such part.
PARTS = {
    Aspect.COST: ("cost",),
    Aspect.DELAY: ("delay",),
    Aspect.PLACE: ("where",),
    Aspect.PHONE: ("where",),
    Aspect.HOURS: ("where",),
    Aspect.DOCUMENTS: ("documents",),
}
IN_TABLES = (Aspect.HOURS, Aspect.PLACE, Aspect.PHONE)
Kind = Turn.Kind


@dataclass(frozen=True)
class Talk:
    """What was said before, as far as the next answer needs it."""

    authority: Authority
    now: datetime
    threshold: float
    language: str = "fr"  # of the reader
    topics: tuple[int, ...] = ()
    ref: str = ""  # of the sheet that answered last
    before: str = ""  # the last question with a subject of its own
    ways: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # answers by sheet
    known: Mapping[str, str] = field(default_factory=dict)  # what was chosen, by question
    asked: frozenset[tuple[str, str]] = frozenset()  # never put twice


@dataclass(frozen=True)
class Reply:
    """What the assistant says: its own few words, and what it shows."""

    kind: str
    text: str
    data: dict[str, Any] = field(default_factory=dict)
    question: str = ""  # as it was looked for
    found: search.Found | None = None  # for those who keep what is looked for


def reply(question: str, talk: Talk) -> Reply:
    """Answer one question, from what the public may read and from nothing else."""
    aspect = rules.aspect_of(question)
    follows = rules.is_following(question)
    subject = rules.subject_of(question)
    # "What time do you open?" is about the house, whatever was spoken of before.
    of_sheet = aspect not in {None, Aspect.HOURS, Aspect.PHONE} and not subject and talk.ref
    if aspect and of_sheet and (again := _of_last(aspect, question, talk)):
        return again
    if aspect in IN_TABLES and (not subject or opening.names_place(talk.authority, subject)):
        return _from_tables(aspect, question, talk)
    # "And for my son?" says too little alone; "and how much is the canteen?" says it all.
    goes_on = follows and not (aspect and subject)
    wanted = f"{talk.before} {question}".strip() if goes_on else question
    return replace(_from_sheets(wanted, aspect, talk), question=wanted)


def chosen(ref: str, answers: Mapping[str, str], question: str, talk: Talk) -> Reply:
    """Go on with a sheet after one of its questions was answered."""
    found = _read(ref, talk, answers, rules.aspect_of(question))
    if found is None:
        return Reply(Kind.NONE, _("This sheet is no longer published. A person can help you."))
    return replace(_shown(found, rules.aspect_of(question), question, talk), question=question)


def _of_last(aspect: Aspect, question: str, talk: Talk) -> Reply | None:
    """ "How much is it?", after an answer: the same sheet, another part of it."""
    found = _read(talk.ref, talk, talk.ways.get(talk.ref, {}), aspect)
    if found is None:
        return None
    if _of_aspect(found, aspect):
        return _shown(found, aspect, question, talk)
    if aspect in IN_TABLES:
        return _from_tables(aspect, question, talk)
    told = {"ref": found.ref, "title": found.page.version.title, "passage": ""}
    text = _("The sheet does not say it. Here it is in full; a person can tell you more.")
    return Reply(Kind.CLOSEST, text, {"closest": [told]})


def _from_tables(aspect: Aspect, question: str, talk: Talk) -> Reply:
    facts = opening.places(talk.authority, now=talk.now, asked=question, topics=talk.topics)
    if aspect == Aspect.PHONE and talk.authority.phone:
        facts = [
            opening.Fact(talk.authority.name, _("main number"), "", talk.authority.phone),
            *[fact for fact in facts if fact.phone],
        ]
    if not facts:
        return Reply(Kind.NONE, _("No place and no hours are declared here. A person can help."))
    words = {
        Aspect.HOURS: _("Here is when we receive people:"),
        Aspect.PLACE: _("Here is where we receive people:"),
        Aspect.PHONE: _("Here is how to call us:"),
    }
    data = {"aspect": aspect.value, "facts": [fact.told() for fact in facts]}
    return Reply(Kind.STRUCTURED, words[aspect], data)


def _from_sheets(question: str, aspect: Aspect | None, talk: Talk) -> Reply:
    said, question = question, rules.in_french(question)
    found = search.find(question, authority_id=talk.authority.pk, limit=5, public_only=True)
    using = weights_of(talk.authority.pk)
    decision = rules.decide(found.signals, talk.threshold, using=using)
    why = {"signals": _signals(found), "decision": asdict(decision)}
    best = found.results[0] if found.results else None
    is_sure = best is not None and (best.is_pinned or decision.kind == Kind.ANSWER)
    if best is not None and is_sure:
        sheet = _read(best.ref, talk, talk.ways.get(best.ref, {}), aspect)
        if sheet is not None:
            # Lines in the reader's language are chosen by the reader's own words.
            words = question if sheet.language == "fr" else said
            given = _shown(sheet, aspect, words, talk)
            others = _near(found.results[1:CLOSEST], question, talk)
            return replace(given, data={**given.data, **why, "others": others}, found=found)
    if found.results and decision.kind != Kind.NONE:
        data = {"closest": _near(found.results[:CLOSEST], question, talk), **why}
        text = _("I am not sure that I have the answer. These sheets are the closest:")
        return Reply(Kind.CLOSEST, text, data, found=found)
    text = _("I have found no sheet that answers this. A person can.")
    return Reply(Kind.NONE, text, why, found=found)


def _signals(found: search.Found) -> dict[str, float]:
    told = asdict(found.signals) if found.signals else {}
    return {name: round(float(value), 3) for name, value in told.items()}


def _near(hits: Sequence[search.Hit], question: str, talk: Talk) -> list[dict[str, str]]:
    """Sheets that are near, each with the lines that are nearest, as they stand there."""
    near = []
    for hit in hits:
        sheet = read(talk.authority, hit.ref, today=timezone.localdate(talk.now))
        quotes = _telling(sheet, question) if sheet else []
        passage = quotes[-1].text if quotes else ""
        near.append({"ref": hit.ref, "title": hit.title, "passage": passage})
    return near


def _read(
    ref: str, talk: Talk, answers: Mapping[str, str], aspect: Aspect | None = None
) -> Read | None:
    """The sheet, with what the person already said elsewhere put in where it is asked again.

    Where a translation does not say what is asked, the sheet itself does.
    """
    found = _read_on(ref, talk, answers)
    if found and aspect and found.language != "fr" and not _of_aspect(found, aspect):
        return _read_on(ref, replace(talk, language="fr"), answers)
    return found


def _read_on(ref: str, talk: Talk, answers: Mapping[str, str]) -> Read | None:
    today = timezone.localdate(talk.now)
    found = read(talk.authority, ref, today=today, answers=answers, language=talk.language)
    for _step in range(MOST_BACK):
        if found is None or found.page.path is None or not found.page.path.key:
            break
        path = found.page.path
        said = talk.known.get(folded(path.title))
        value = next((v for v, words in path.choices if said and folded(words) == said), "")
        if not value:
            break
        answers = {**answers, path.key: value}
        found = read(talk.authority, ref, today=today, answers=answers, language=talk.language)
    return found


def _shown(found: Read, aspect: Aspect | None, question: str, talk: Talk) -> Reply:
    """The lines that answer, and the question of the sheet that comes next if there is one."""
    quotes = _of_aspect(found, aspect) or _telling(found, question)
    data: dict[str, Any] = {
        "passages": [_passage(found, quote) for quote in quotes],
        "sheet": found.told(),
        "way": found.way,
    }
    if aspect == Aspect.DOCUMENTS and found.documents:
        data |= {"aspect": aspect.value, "documents": found.documents}
    asks = _asks(found, talk)
    if asks:
        text = _("This is what our sheet says. To be more precise, tell me:")
        return Reply(Kind.ASKS_BACK, text, {**data, "asks": asks})
    if not data["passages"] and "documents" not in data:
        told = {"ref": found.ref, "title": found.page.version.title, "passage": ""}
        return Reply(Kind.CLOSEST, _("This sheet is the closest:"), {"closest": [told]})
    if "documents" in data:
        return Reply(Kind.STRUCTURED, _("This is what to bring, as our sheet has it:"), data)
    return Reply(Kind.ANSWER, _("This is what our sheet says:"), data)


def _of_aspect(found: Read, aspect: Aspect | None) -> list[Quote]:
    return rules.of_kind(found.pieces, *PARTS[aspect]) if aspect else []


def _telling(found: Read, question: str) -> list[Quote]:
    """The short answer, and the lines with most of the words of the question."""
    title = set(stems(found.page.version.title))
    wanted = {stem: 0.2 if stem in title else 1.0 for stem in telling_stems(question)}
    short = [piece for piece in found.pieces if piece.kind == "short"]
    others = [piece for piece in found.pieces if piece.kind != "short"]
    first = [Quote(rules.lead(short[0].text), "", "short")] if short else []
    said = set(stems(first[0].text)) if first else set()
    # What the short answer says already is not said again.
    left = {stem: weight * (0.3 if stem in said else 1.0) for stem, weight in wanted.items()}
    more = rules.best_quote(others, left, stems, least=0.3 if first else 0.0)
    if not first and more is None:
        more = next((Quote(rules.lead(p.text), p.heading, p.kind) for p in others if p.text), None)
    return [*first, *([more] if more else [])]


def _passage(found: Read, quote: Quote) -> dict[str, Any]:
    return {
        "ref": found.ref,
        "title": found.page.version.title,
        "quote": quote.text,
        "heading": quote.heading,
        "is_local": quote.is_local,
        "language": found.language,
    }


def _asks(found: Read, talk: Talk) -> dict[str, Any] | None:
    path = found.page.path
    if path is None or not path.key or (found.ref, path.key) in talk.asked:
        return None
    if sum(ref == found.ref for ref, _key in talk.asked) >= MOST_BACK:
        return None
    return {
        "ref": found.ref,
        "key": path.key,
        "title": path.title,
        "help": path.help,
        "choices": [[value, words] for value, words in path.choices],
    }
