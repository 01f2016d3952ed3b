"""Local words over the text of somebody else: laid, changed, looked at again, taken away."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.knowledge import drafting, lightmark, markup, queries, rules
from parvis.knowledge.actions.sheets import collection_changed
from parvis.knowledge.models import Overlay, OverlayEdit, Sheet, SheetVersion
from parvis.knowledge.rules import overlays, sharing

Did = OverlayEdit.Did


@dataclass(frozen=True)
class LocalWords:
    """What somebody wants said at one place of a sheet, as it was typed."""

    position: int
    act: str
    kind: str = "explanation"
    title: str = ""
    text: str = ""
    level: str = rules.INTERNAL  # what nobody said stays inside
    until: date | None = None
    note: str = ""


@transaction.atomic
def lay(
    sheet: Sheet, words: LocalWords, *, seen: SheetVersion, agent: Agent, now: datetime
) -> Overlay:
    """Lay local words on a sheet; they hold for the text that was on the screen, no other."""
    _refuse_stranger(sheet, agent, seen)
    overlay = Overlay(authority_id=agent.authority_id, sheet=sheet)
    return _keep(overlay, words, Did.LAID, seen=seen, agent=agent, now=now)


@transaction.atomic
def change_overlay(
    overlay: Overlay,
    words: LocalWords,
    *,
    seen: SheetVersion,
    agent: Agent,
    now: datetime,
    revision: int,
) -> Overlay:
    """Say it otherwise; nobody's newer words are written over unseen."""
    held = _held(overlay, agent, seen)
    if held.revision != revision:
        raise Refused(_("A colleague changed these words meanwhile: both are shown, choose."))
    return _keep(held, words, Did.CHANGED, seen=seen, agent=agent, now=now)


@transaction.atomic
def confirm_overlay(
    overlay: Overlay, *, seen: SheetVersion, agent: Agent, now: datetime
) -> Overlay:
    """Still right over the text that is on the screen: one key."""
    held = _held(overlay, agent, seen)
    held.position = position_in(held, seen)
    held.version = seen
    held.revision += 1
    held.save(update_fields=["position", "version", "revision"])
    return _note(held, Did.CONFIRMED, agent=agent, now=now)


@transaction.atomic
def remove_overlay(overlay: Overlay, *, agent: Agent, now: datetime) -> Overlay:
    """Take local words away; they are kept in the history."""
    held = _held(overlay, agent)
    held.removed_at = now
    held.revision += 1
    held.save(update_fields=["removed_at", "revision"])
    return _note(held, Did.REMOVED, agent=agent, now=now)


@transaction.atomic
def bring_overlay_back(overlay: Overlay, *, agent: Agent, now: datetime) -> Overlay:
    """Lay words again that had been taken away."""
    held = _held(overlay, agent, is_removed=True)
    held.removed_at = None
    held.revision += 1
    held.save(update_fields=["removed_at", "revision"])
    return _note(held, Did.BROUGHT_BACK, agent=agent, now=now)


def position_in(overlay: Overlay, seen: SheetVersion) -> int:
    """The block below local words in another text of the sheet."""
    if overlay.version_id == seen.pk or overlay.position == overlays.SHORT:
        return overlay.position
    moved = overlays.places(
        drafting.words_of(overlay.version.blocks), drafting.words_of(seen.blocks)
    )
    place = overlays.place_of(overlay.position, moved)
    if place.number == overlays.GONE:
        raise Refused(_("The part below these words is gone: choose another place for them."))
    return place.number


def _refuse_stranger(sheet: Sheet, agent: Agent, seen: SheetVersion) -> None:
    if not sharing.may_lay(agent.may):
        raise Refused(_("Local words are laid by the sheet editor, advisers and the head."))
    if sheet.authority_id == agent.authority_id:
        raise Refused(_("This sheet is your own: change its text."))
    readable = Sheet.objects.readable_by(agent.authority_id).filter(pk=sheet.pk)
    if not readable.exists() or seen.sheet_id != sheet.pk:
        raise Refused(_("There is no such sheet."))


def _held(
    overlay: Overlay, agent: Agent, seen: SheetVersion | None = None, *, is_removed: bool = False
) -> Overlay:
    held: Overlay = (
        Overlay.objects.visible_to(agent)
        .select_for_update(of=("self",))
        .select_related("sheet__current", "version")
        .get(pk=overlay.pk)
    )
    _refuse_stranger(held.sheet, agent, seen or held.version)
    if is_removed != (held.removed_at is not None):
        raise Refused(_("Somebody was faster: please look at these words again."))
    return held


def _keep(
    overlay: Overlay,
    words: LocalWords,
    did: OverlayEdit.Did,
    *,
    seen: SheetVersion,
    agent: Agent,
    now: datetime,
) -> Overlay:
    _refuse_incomplete(words, seen, agent)
    is_hiding = words.act == overlays.HIDE
    overlay.version, overlay.position, overlay.act = seen, words.position, words.act
    overlay.kind = seen.blocks[words.position - 1]["kind"] if is_hiding else words.kind
    overlay.title = one_line(markup.printable(words.title))[:200]
    if words.position == overlays.SHORT:
        overlay.kind, overlay.title = overlays.SHORT_KIND, ""
    overlay.level = words.level if words.level in rules.LEVELS else rules.INTERNAL
    overlay.until = words.until if overlay.level == rules.EMBARGO else None
    overlay.html = "" if is_hiding else markup.clean(lightmark.to_html(words.text))
    if is_hiding:
        overlay.level, overlay.until = rules.INTERNAL, None
    overlay.note = one_line(markup.printable(words.note))[:300]
    overlay.agent, overlay.at = agent, now
    overlay.revision = (overlay.revision or 0) + 1 if overlay.pk else 1
    overlay.save()
    return _note(overlay, did, agent=agent, now=now)


def _refuse_incomplete(words: LocalWords, seen: SheetVersion, agent: Agent) -> None:
    lacking = overlays.lacking(
        act=words.act,
        kind=words.kind,
        words=markup.words(lightmark.to_html(words.text)),
        level=words.level,
        until=words.until.isoformat() if words.until else "",
        position=words.position,
    )
    sentences = {
        "act": _("Say what to do with a part of the sheet."),
        "kind": _("Say what kind of words these are."),
        "text": _("There are no words yet."),
        "level": _("The short answer is said to everybody: choose “Public”."),
        "until": _("Give the day from which these words are public."),
    }
    if lacking:
        raise Refused(sentences[lacking])
    if not overlays.SHORT <= words.position <= len(seen.blocks):
        raise Refused(_("This part is not in the text that you looked at."))
    if words.act == overlays.HIDE and not words.note.strip():
        raise Refused(_("Say in a few words why this part is not shown here."))


def _note(overlay: Overlay, did: OverlayEdit.Did, *, agent: Agent, now: datetime) -> Overlay:
    said = {**queries.block_of(overlay), "act": overlay.act, "note": overlay.note}
    OverlayEdit.objects.create(
        overlay=overlay, did=did, version=overlay.version, said=said, agent=agent, at=now
    )
    journal.record(
        agent,
        f"knowledge.overlay_{did}",
        overlay.sheet,
        overlay=overlay.pk,
        act=overlay.act,
        version=overlay.version.number,
    )
    collection_changed()
    return overlay
