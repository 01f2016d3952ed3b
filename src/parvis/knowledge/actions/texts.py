"""The same answer in other words, and the files beside a sheet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import files, journal
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.knowledge import markup, queries, rules
from parvis.knowledge.actions.sheets import Wording, wording
from parvis.knowledge.models import Attachment, Sheet, SheetText, SheetVersion, TextCopy
from parvis.knowledge.rules import Block


@dataclass(frozen=True)
class OtherWords:
    """What somebody wrote for one other text."""

    title: str
    short_answer: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class SavedText:
    """What became of another text that was sent: saved, or put aside because one was there."""

    text: SheetText
    aside: TextCopy | None = None


@transaction.atomic
def keep_text(
    sheet: Sheet,
    words: OtherWords,
    *,
    kind: str,
    language: str,
    agent: Agent,
    now: datetime,
    revision: int,
) -> SheetText:
    """Write another text of a sheet, or nothing when somebody else changed it meanwhile."""
    saved = save_text(
        sheet, words, kind=kind, language=language, agent=agent, now=now, revision=revision
    )
    if saved.aside is not None:
        raise Refused(_("Somebody else changed this text meanwhile."), code="changed")
    return saved.text


@transaction.atomic
def save_text(
    sheet: Sheet,
    words: OtherWords,
    *,
    kind: str,
    language: str,
    agent: Agent,
    now: datetime,
    revision: int,
    settles: TextCopy | None = None,
) -> SavedText:
    """Keep what somebody wrote; where another text was there first, beside it and not over it."""
    held = _written_by(agent, sheet)
    assert held.current is not None  # noqa: S101 - seen just above
    text = SheetText.objects.filter(sheet=held, kind=kind, language=language).first()
    safe = wording(words.title, words.short_answer, words.blocks, language=language)
    if text is not None:
        _copied(text)
        if _said(text) == _said(safe) and revision < text.revision:
            return SavedText(text)  # sent twice
        if text.revision != revision:
            return SavedText(text, _text_aside(text, safe, agent=agent, now=now, revision=revision))
    text = text or SheetText(sheet=held, kind=kind, language=language, revision=0)
    _write_text(text, safe, agent=agent, now=now, version=held.current)
    if settles is not None:
        TextCopy.objects.filter(pk=settles.pk, agent=agent).update(settled_at=now)
    journal.record(agent, "knowledge.text_kept", held, kind=kind, language=language)
    return SavedText(text)


def _write_text(
    text: SheetText, safe: Wording, *, agent: Agent, now: datetime, version: SheetVersion
) -> None:
    """Changed words lose the signature of their readers."""
    if _said(text) != _said(safe):
        text.panel, text.signed_on = "", None
        if text.kind == SheetText.Kind.SIMPLE:
            text.is_shown = False
    text.title, text.short_answer, text.blocks = safe.title, safe.short_answer, list(safe.blocks)
    text.based_on, text.author, text.saved_at = version, agent, now
    text.revision += 1
    text.save()
    _copied(text)


def _said(words: SheetText | TextCopy | Wording) -> tuple[str, str, list[Block]]:
    return words.title, words.short_answer, list(words.blocks)


def _copied(text: SheetText) -> None:
    """The text as it is now stands in its history."""
    now_said = {
        "title": text.title,
        "short_answer": text.short_answer,
        "blocks": text.blocks,
        "based_on": text.based_on,
        "agent": text.author,
        "at": text.saved_at,
    }
    TextCopy.objects.get_or_create(
        text=text, revision=text.revision, is_aside=False, defaults=now_said
    )


def _text_aside(
    text: SheetText, safe: Wording, *, agent: Agent, now: datetime, revision: int
) -> TextCopy:
    for waiting in queries.text_asides(text, agent):
        if _said(waiting) == _said(safe):
            return waiting  # the same text sent again
    aside = TextCopy.objects.create(
        text=text,
        revision=revision,
        is_aside=True,
        title=safe.title,
        short_answer=safe.short_answer,
        blocks=safe.blocks,
        based_on=text.based_on,
        agent=agent,
        at=now,
    )
    journal.record(agent, "knowledge.text_put_aside", text.sheet, copy=aside.pk)
    return aside


@transaction.atomic
def drop_text_aside(aside: TextCopy, *, agent: Agent, now: datetime) -> None:
    """Leave a text that was put aside as it is: what is saved stands."""
    TextCopy.objects.filter(pk=aside.pk, agent=agent, is_aside=True).update(settled_at=now)


@transaction.atomic
def restore_text(copy: TextCopy, *, agent: Agent, now: datetime, revision: int) -> SheetText:
    """Say again what another text said before; what it says now stays in its history."""
    text = copy.text
    words = OtherWords(copy.title, copy.short_answer, copy.blocks)
    return keep_text(
        text.sheet,
        words,
        kind=text.kind,
        language=text.language,
        agent=agent,
        now=now,
        revision=revision,
    )


@transaction.atomic
def sign_text(text: SheetText, *, agent: Agent, panel: str, signed_on: date) -> SheetText:
    """Note that readers read a plain text and understood it: who they were, and when."""
    held = _text(text, agent)
    panel = one_line(markup.printable(panel))[:160]
    if not panel:
        raise Refused(_("Name the readers who read it."))
    held.panel, held.signed_on = panel, signed_on
    held.save(update_fields=["panel", "signed_on"])
    journal.record(agent, "knowledge.text_signed", held.sheet, panel=panel, language=held.language)
    return held


@transaction.atomic
def show_text(text: SheetText, *, agent: Agent, shown: bool) -> SheetText:
    """Let the public read another text, or no longer; a plain one only once it is signed."""
    held = _text(text, agent)
    if shown and held.kind == SheetText.Kind.SIMPLE and held.signed_on is None:
        raise Refused(_("A plain text is shown once its readers have signed it."))
    held.is_shown = shown
    held.save(update_fields=["is_shown"])
    verb = "knowledge.text_shown" if shown else "knowledge.text_hidden"
    journal.record(agent, verb, held.sheet, kind=held.kind, language=held.language)
    return held


def _written_by(agent: Agent, sheet: Sheet) -> Sheet:
    held = Sheet.objects.select_for_update(of=("self",)).select_related("current").get(pk=sheet.pk)
    rights = queries.rights(agent, held)
    if not (rights.write or rights.validate):
        raise Refused(_("This sheet is kept by another service."))
    if held.current is None:
        raise Refused(_("Nobody reads this sheet yet."))
    return held


def _text(text: SheetText, agent: Agent) -> SheetText:
    _written_by(agent, text.sheet)
    found: SheetText = SheetText.objects.select_related("sheet").get(pk=text.pk)
    return found


@transaction.atomic
def attach(
    sheet: Sheet,
    content: Iterable[bytes],
    *,
    name: str,
    title: str,
    level: str,
    agent: Agent,
    now: datetime,
    until: date | None = None,
) -> Attachment:
    """Put a file beside a sheet, for whoever may read that level."""
    held = _written_by(agent, sheet)
    if level not in rules.LEVELS:
        level = rules.INTERNAL
    if level == rules.EMBARGO and until is None:
        raise Refused(_("Give the day from which it may be read."))
    digest, size, kind = files.keep(content)
    called = files.safe_name(name, kind)
    attachment = Attachment.objects.create(
        sheet=held,
        title=one_line(markup.printable(title))[:200] or called,
        name=called,
        digest=digest,
        size=size,
        kind=kind,
        level=level,
        until=until if level == rules.EMBARGO else None,
        agent=agent,
        at=now,
    )
    journal.record(agent, "knowledge.file_attached", held, name=called, digest=digest, level=level)
    return attachment


@transaction.atomic
def detach(attachment: Attachment, *, agent: Agent, now: datetime) -> Attachment:
    """Take a file away from a sheet; its content stays for whoever puts it back."""
    held = _written_by(agent, attachment.sheet)
    if not Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=now):
        raise Refused(_("This file is already gone."))
    journal.record(agent, "knowledge.file_detached", held, name=attachment.name)
    return attachment


@transaction.atomic
def put_back(attachment: Attachment, *, agent: Agent) -> Attachment:
    """Put a file back that was taken away."""
    held = _written_by(agent, attachment.sheet)
    Attachment.objects.filter(pk=attachment.pk).update(removed_at=None)
    journal.record(agent, "knowledge.file_put_back", held, name=attachment.name)
    return attachment
