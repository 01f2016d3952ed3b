"""What becomes of an answer: used again, and written down for the next colleague."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.departments.actions.questions import LONGEST, Asking, Visit
from parvis.departments.actions.rows import locked, write
from parvis.departments.models import Question, QuestionStep
from parvis.departments.rules import questions as rules
from parvis.knowledge import actions as knowledge
from parvis.knowledge.models import SheetDraft
from parvis.knowledge.rules.writing import DraftBlock, Writing
from parvis.organisations.models import Desk, Site

Verb = QuestionStep.Verb
LEVELS = {rules.PUBLIC: "public", rules.IF_ASKED: "asked", rules.INTERNAL: "internal"}


@transaction.atomic
def reuse(
    known: Question,
    *,
    agent: Agent,
    now: datetime,
    text: str = "",
    visitor_present: bool = False,
    visit: Visit | None = None,
    site: Site | None = None,
    desk: Desk | None = None,
) -> Question:
    """Take an answer that a department gave before: nobody is asked twice."""
    if not known.answer or known.authority_id != agent.authority_id:
        raise Refused(_("This question has no answer yet."), code="no_answer")
    asking = Asking(agent, now, visitor_present, visit or Visit(), site, desk)
    row = asking.question(
        known.service,
        topic=known.topic,
        sheet=known.sheet,
        block=known.block,
        text=one_line(text)[:LONGEST] or known.text,
        stems=known.stems,
        state=rules.ANSWERED,
        answer=known.answer,
        level=known.level,
        answered_by=known.answered_by,
        answered_at=now,
        reuse_of=known,
        draft=known.draft,
    )
    row.save()
    row.sheets.set(known.sheets.all())
    write(row, Verb.REUSED, now=now, agent=agent)
    return row


@transaction.atomic
def draft_from_answer(
    question: Question, *, agent: Agent, now: datetime, is_correction: bool
) -> SheetDraft:
    """Put the answer into the text of a sheet: a new one, or the block that the question named."""
    held = locked(question.pk)
    if held is None or not held.answer:
        raise Refused(_("This question has no answer yet."), code="no_answer")
    if held.draft is not None and held.draft.is_open:
        return held.draft  # pressed twice, or by a colleague before
    with translation.override("fr"):  # a text of the house, whoever pressed the button
        draft = _correction(held, agent, now) if is_correction else _new_sheet(held, agent, now)
    held.draft = draft
    held.save(update_fields=["draft"])
    write(held, Verb.DRAFTED, now=now, agent=agent, words=draft.sheet.ref)
    return draft


def _new_sheet(held: Question, agent: Agent, now: datetime) -> SheetDraft:
    draft = knowledge.start_sheet(agent, now=now, title=_title(held), service=held.service)
    words = draft.writing
    level = LEVELS[held.level]
    if level == "public":
        words["short_answer"] = held.answer
        blocks = words["blocks"]
    else:
        blocks = _put(words["blocks"], "explanation", held.answer, level)
    about = {
        **words["about"],
        "topics": [held.topic_id] if held.topic_id else [],
        "is_public": level == "public",
        "source_note": _source(held),
    }
    written = Writing(
        title=words["title"], short_answer=words["short_answer"], blocks=blocks, about=about
    )
    return _save(draft, written, held, agent, now)


def _correction(held: Question, agent: Agent, now: datetime) -> SheetDraft:
    sheet = held.sheet
    if sheet is None or sheet.authority_id != held.authority_id:
        raise Refused(_("This question is about no sheet of the house: begin a new one."))
    draft = knowledge.open_draft(sheet, agent=agent, now=now)
    words = draft.writing
    blocks = _put(words["blocks"], held.block or "explanation", held.answer, LEVELS[held.level])
    written = Writing(
        title=words["title"],
        short_answer=words["short_answer"],
        blocks=blocks,
        about={**words["about"], "source_note": _source(held)},
    )
    return _save(draft, written, held, agent, now)


def _put(blocks: list[DraftBlock], kind: str, text: str, level: str) -> list[DraftBlock]:
    """The answer under the words of the named block; a stricter level has a block of its own."""
    for at, block in enumerate(blocks):
        if block["kind"] == kind and (block["level"] == level or not block["text"].strip()):
            both = f"{block['text'].rstrip()}\n\n{text}".strip()
            changed = DraftBlock(**{**block, "text": both, "level": level})
            return [*blocks[:at], changed, *blocks[at + 1 :]]
    names = {block["id"] for block in blocks}
    name = next(f"b{n}" for n in range(1, len(names) + 2) if f"b{n}" not in names)
    return [*blocks, DraftBlock(id=name, kind=kind, title="", level=level, text=text)]


def _save(
    draft: SheetDraft, written: Writing, held: Question, agent: Agent, now: datetime
) -> SheetDraft:
    saved = knowledge.save_draft(
        draft, written, agent=agent, now=now, revision=draft.revision, reason=_source(held)
    )
    return saved.draft


def _title(held: Question) -> str:
    words = held.text.rstrip(" ?\u00a0\u202f")
    return words[:1].upper() + words[1:200]


def _source(held: Question) -> str:
    assert held.answered_at is not None  # noqa: S101 - it has an answer
    words = {
        "service": held.service.name,
        "day": date_format(held.answered_at, "DATE_FORMAT"),
    }
    return (_("Answer of %(service)s to the desks, %(day)s") % words)[:300]
