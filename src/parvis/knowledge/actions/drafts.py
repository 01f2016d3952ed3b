"""Writing a sheet: every save is kept, two texts never overwrite one another."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.knowledge import drafting, markup, queries
from parvis.knowledge.models import (
    DraftCopy,
    Share,
    Sheet,
    SheetDraft,
    SheetVersion,
    TextCopy,
)
from parvis.knowledge.rules import merging, writing
from parvis.knowledge.rules.writing import Writing
from parvis.organisations.models import Service

_NUMBER = re.compile(r"^([A-Za-z]{1,6})-(\d{1,6})$")
KEPT_AFTER_END = timedelta(days=90)  # a text that was given up may still be compared
ASIDE_FOR = timedelta(days=365)  # somebody's words that wait for a choice
# Words of addresses beside which a sheet would never be found.
RESERVED_REFS = frozenset(
    {
        "a-faire", "echange", "ecriture", "flux", "glossaire", "groupes", "imports", "lieux",
        "lisibilite", "loi", "mots-locaux", "nouvelle", "partage", "pas-trouve", "recherche",
        "ressources", "revues", "rues", "themes", "voisins",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Saved:
    """What became of a text that was sent: saved, or put aside because another was there."""

    draft: SheetDraft
    aside: DraftCopy | None = None


@transaction.atomic
def start_sheet(
    agent: Agent,
    *,
    now: datetime,
    title: str,
    service: Service | None,
    ref: str = "",
    nature: Sheet.Nature = Sheet.Nature.SHEET,
) -> SheetDraft:
    """Begin a sheet or protocol that nobody reads yet, with the blocks of its template."""
    is_protocol = nature == Sheet.Nature.PROTOCOL
    if not any(map(agent.may, queries.PROTOCOL_EDITORS if is_protocol else queries.EDITORS)):
        raise Refused(
            _("You cannot write a protocol.") if is_protocol else _("You cannot write a sheet.")
        )
    ref = ref or free_ref(agent.authority_id, nature)
    if ref.lower() in RESERVED_REFS:
        raise Refused(
            _("“%(ref)s” is a word of our addresses: choose another reference.") % {"ref": ref}
        )
    if Sheet.objects.filter(authority_id=agent.authority_id, ref__iexact=ref).exists():
        raise Refused(_("There is already a sheet with the reference %(ref)s.") % {"ref": ref})
    sheet = Sheet.objects.create(
        authority_id=agent.authority_id,
        ref=ref,
        nature=nature,
        is_public=not is_protocol,  # steps are for colleagues
        title=title,
        service=service,
        state=Sheet.State.DRAFT,
        keeper=agent,
    )
    journal.record(agent, "knowledge.sheet_started", sheet)
    return _new_draft(sheet, None, agent=agent, now=now, is_urgent=False)


def free_ref(authority_id: int, nature: Sheet.Nature = Sheet.Nature.SHEET) -> str:
    """The next number in the series that the house uses most."""
    series: dict[str, list[int]] = {}
    rows = Sheet.objects.filter(authority_id=authority_id, nature=nature)
    for ref in rows.values_list("ref", flat=True):
        if found := _NUMBER.match(ref):
            series.setdefault(found[1], []).append(int(found[2]))
    if not series:
        return "P-001" if nature == Sheet.Nature.PROTOCOL else "FI-001"
    name = max(series, key=lambda key: (len(series[key]), key))
    return f"{name}-{max(series[name]) + 1:03d}"


@transaction.atomic
def open_draft(sheet: Sheet, *, agent: Agent, now: datetime, is_urgent: bool = False) -> SheetDraft:
    """The text on its way for a sheet, or a new one that begins with what is read today."""
    held = Sheet.objects.select_for_update().get(pk=sheet.pk)
    rights = queries.rights(agent, held)
    if not (rights.urgent if is_urgent else rights.propose):
        raise Refused(_("You cannot change this sheet."))
    if held.state == Sheet.State.ARCHIVED:
        raise Refused(_("This sheet is archived: bring it back before changing it."))
    found = SheetDraft.objects.filter(
        sheet=held, is_urgent=is_urgent, state__in=writing.OPEN
    ).first()
    return found or _new_draft(held, held.current, agent=agent, now=now, is_urgent=is_urgent)


def _new_draft(
    sheet: Sheet, version: SheetVersion | None, *, agent: Agent, now: datetime, is_urgent: bool
) -> SheetDraft:
    words = drafting.of_version(sheet, version)
    try:
        with transaction.atomic():
            draft = SheetDraft.objects.create(
                sheet=sheet,
                based_on=version,
                is_urgent=is_urgent,
                author=agent,
                saved_by=agent,
                started_at=now,
                saved_at=now,
                **words,
            )
    except IntegrityError:  # somebody else began at the same moment: one text for both
        return SheetDraft.objects.get(sheet=sheet, is_urgent=is_urgent, state__in=writing.OPEN)
    _keep_copy(draft, agent=agent, now=now)
    return draft


def open_draft_for_group(
    share: Share, words: Writing, *, agent: Agent, now: datetime, reason: str
) -> SheetDraft:
    """A text that a workgroup proposes to the house of the sheet, to be read there."""
    draft = SheetDraft.objects.create(
        sheet=share.sheet,
        based_on=share.sheet.current,
        workgroup=share.workgroup,
        author=agent,
        saved_by=agent,
        started_at=now,
        saved_at=now,
        proposed_at=now,
        state=writing.PROPOSED,
        reason=reason,
        **words,
    )
    _keep_copy(draft, agent=agent, now=now)
    return draft


def _keep_copy(draft: SheetDraft, *, agent: Agent, now: datetime) -> DraftCopy:
    return DraftCopy.objects.create(
        draft=draft, revision=draft.revision, content=draft.writing, agent=agent, at=now
    )


def locked(draft: SheetDraft) -> SheetDraft:
    """The draft as it is now, held until the end of the transaction."""
    drafts = SheetDraft.objects.select_for_update(of=("self",))
    held: SheetDraft = drafts.select_related("sheet__current", "based_on").get(pk=draft.pk)
    return held


@transaction.atomic
def save_draft(
    draft: SheetDraft,
    words: Writing,
    *,
    agent: Agent,
    now: datetime,
    revision: int,
    reason: str | None = None,
) -> Saved:
    """Keep what somebody wrote; where another text was there first, beside it and not over it."""
    words = cleaned(words)
    held = locked(draft)
    if reason is not None and reason != held.reason and held.is_open:
        held.reason = markup.printable(reason)[:300]
        held.save(update_fields=["reason"])
    if held.writing == words:
        return Saved(held)  # sent twice, or nothing was changed
    if not queries.may_edit(agent, held) or revision != held.revision:
        return Saved(held, _put_aside(held, words, agent=agent, now=now, revision=revision))
    return Saved(_write(held, words, agent=agent, now=now))


@transaction.atomic
def add_asked(sheet: Sheet, said: str, *, agent: Agent, now: datetime) -> SheetDraft:
    """Write what somebody asked into the text on its way: once published, it finds the sheet."""
    draft = open_draft(sheet, agent=agent, now=now)
    about = {**drafting.about_of(draft.sheet), **draft.about}
    about["asked"] = writing.asked_lines(f"{about['asked']}\n{markup.printable(said)}")
    if one_line(markup.printable(said)) not in str(about["asked"]).split("\n"):
        raise Refused(_("There is no room for one more question: leave one out first."))
    words = Writing(**{**draft.writing, "about": about})
    saved = save_draft(draft, words, agent=agent, now=now, revision=draft.revision)
    if saved.aside is not None:
        raise Refused(_("You cannot change this text now."))
    return saved.draft


def cleaned(words: Writing) -> Writing:
    """Without the signs that databases refuse, and within the lengths that they hold."""
    return Writing(
        title=one_line(markup.printable(words["title"]))[:300],
        short_answer=markup.printable(words["short_answer"]).replace("\r\n", "\n").strip(),
        blocks=[
            {
                **block,
                "title": markup.printable(block["title"]).strip(),
                "text": markup.printable(block["text"]),
            }
            for block in words["blocks"]
        ],
        about={name: _plain(name, value) for name, value in words["about"].items()},
    )


def _plain(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    said = markup.printable(value)
    return writing.asked_lines(said) if name == "asked" else said


def _write(held: SheetDraft, words: Writing, *, agent: Agent, now: datetime) -> SheetDraft:
    held.title, held.short_answer = words["title"], words["short_answer"]
    held.blocks, held.about = words["blocks"], words["about"]
    held.revision += 1
    held.saved_at, held.saved_by = now, agent
    held.save(update_fields=[*words, "revision", "saved_at", "saved_by"])
    _keep_copy(held, agent=agent, now=now)
    return held


def _put_aside(
    held: SheetDraft, words: Writing, *, agent: Agent, now: datetime, revision: int
) -> DraftCopy:
    waiting = queries.asides(held, agent).filter(content=words).first()
    if waiting is not None:
        return waiting  # the same text sent again
    aside = DraftCopy.objects.create(
        draft=held, revision=revision, is_aside=True, content=words, agent=agent, at=now
    )
    journal.record(agent, "knowledge.text_put_aside", held.sheet, draft=held.pk, copy=aside.pk)
    return aside


@transaction.atomic
def settle(
    copy: DraftCopy, choices: dict[str, str], *, agent: Agent, now: datetime, revision: int
) -> Saved:
    """Make one text of two, block by block as chosen; the text put aside stays in the copies."""
    held = locked(copy.draft)
    if not queries.may_edit(agent, held):
        raise Refused(_("This text was sent on meanwhile. Yours is kept; take it up again later."))
    if revision != held.revision:
        raise Refused(_("The other text was changed once more: please look at it again."))
    both = merging.merged(copy.content, held.writing, choices)
    DraftCopy.objects.filter(pk=copy.pk).update(settled_at=now)
    if both == held.writing:
        return Saved(held)
    return Saved(_write(held, both, agent=agent, now=now))


@transaction.atomic
def carry_over(copy: DraftCopy, *, agent: Agent, now: datetime) -> DraftCopy:
    """Bring a text whose draft was decided on meanwhile to the draft that follows it."""
    old = locked(copy.draft)
    if old.is_open or copy.settled_at is not None or copy.agent_id != agent.pk:
        raise Refused(_("This text can no longer be carried over."))
    draft = open_draft(old.sheet, agent=agent, now=now)
    words = _renamed(draft.writing, copy.content, taken=set())
    DraftCopy.objects.filter(pk=copy.pk).update(settled_at=now)
    return _put_aside(locked(draft), words, agent=agent, now=now, revision=draft.revision)


@transaction.atomic
def take_copy(copy: DraftCopy, *, agent: Agent, now: datetime, revision: int) -> SheetDraft:
    """Go back to an earlier state of a draft; the present one stays among the copies."""
    held = locked(copy.draft)
    if not queries.may_edit(agent, held):
        raise Refused(_("You cannot change this text now."))
    if revision != held.revision:
        raise Refused(_("Somebody wrote into this text meanwhile: nothing was taken back."))
    return _write(held, copy.content, agent=agent, now=now)


@transaction.atomic
def catch_up(
    draft: SheetDraft, choices: dict[str, str], *, agent: Agent, now: datetime, revision: int
) -> SheetDraft:
    """Bring a draft together with what was published since it was begun."""
    held = locked(draft)
    if not queries.may_edit(agent, held) or revision != held.revision:
        raise Refused(_("Somebody wrote into this text meanwhile: please look at it again."))
    current = held.sheet.current
    both = merging.merged(held.writing, published_words(held), choices)
    held.based_on = current
    held.save(update_fields=["based_on"])
    return held if both == held.writing else _write(held, both, agent=agent, now=now)


@transaction.atomic
def forget_copies(*, now: datetime) -> int:
    """Copies of a draft go some time after it ended; what waits put aside waits for a year."""
    ended, given_up = now - KEPT_AFTER_END, now - ASIDE_FOR
    copies = DraftCopy.objects.filter(draft__closed_at__lt=ended)
    waiting = Q(is_aside=True, settled_at=None)
    gone = copies.filter(~waiting | Q(at__lt=given_up)).delete()[0]
    others = TextCopy.objects.filter(is_aside=True)
    late = Q(settled_at__lt=ended) | Q(settled_at=None, at__lt=given_up)
    return gone + others.filter(late).delete()[0]


def published_words(draft: SheetDraft) -> Writing:
    """What is read today, its blocks under the names they have in the draft."""
    base = drafting.of_version(draft.sheet, draft.based_on)
    current = drafting.of_version(draft.sheet, draft.sheet.current)
    return _renamed(base, current, taken={block["id"] for block in draft.blocks})


def _renamed(base: Writing, current: Writing, *, taken: set[str]) -> Writing:
    """A block of the new version that continues one of the old has its name; others a free one."""
    left = list(base["blocks"])
    names = {*taken, *(block["id"] for block in left)}
    named: dict[int, str] = {}
    for same_words in (True, False):
        for at, block in enumerate(current["blocks"]):
            old = next(
                (b for b in left if at not in named and b["kind"] == block["kind"]
                 and (not same_words or b["text"] == block["text"])),
                None,
            )  # fmt: skip
            if old is not None:
                left.remove(old)
                named[at] = old["id"]
    for at in range(len(current["blocks"])):
        named.setdefault(at, merging.free_name(names))
    blocks = [{**block, "id": named[at]} for at, block in enumerate(current["blocks"])]
    return Writing(
        title=current["title"],
        short_answer=current["short_answer"],
        blocks=blocks,  # type: ignore[typeddict-item]
        about=current["about"],
    )
