"""Taking in sheets that another house wrote, or that this one kept: the same again is nothing."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import files, journal
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.knowledge import rules
from parvis.knowledge.actions.broughtdrafts import take_drafts
from parvis.knowledge.actions.house import Files, House, Record, Taken
from parvis.knowledge.actions.sheets import (
    Wording,
    collection_changed,
    new_version,
    wording,
)
from parvis.knowledge.events import SheetVersionPublished
from parvis.knowledge.models import (
    Attachment,
    Citation,
    Sheet,
    SheetText,
    SheetVersion,
)
from parvis.knowledge.rules import reviews
from parvis.organisations.models import Authority

# What is taken over as it stands.
_PLAIN = (
    "audience", "kind", "breadcrumb", "reviewed_on", "review_due_on", "review_every_days",
    "source_url", "source_note", "source_date", "keywords", "urgent_check_by", "state",
    "is_public", "archived_on", "archive_note",
)  # fmt: skip


@transaction.atomic
def take_sheet(record: Record, house: House, brought: Files, *, is_foreign: bool = False) -> Taken:
    """Keep one sheet with all that came with it; the words of today are never lost.

    What another house wrote never takes the place of an own sheet.
    """
    taken = Taken(record["ref"])
    rows = Sheet.objects.select_for_update(of=("self",)).select_related("current")
    sheet = rows.filter(authority=house.authority, ref=record["ref"]).first()
    if sheet is None:
        sheet = Sheet(authority=house.authority, ref=record["ref"], source=Sheet.Source.LOCAL)
        taken.result = "new"
    elif is_foreign:
        return _same_or_refused(sheet, record, taken)
    elif sheet.current is None and record["current"] is not None:
        raise Refused(_("A sheet of this number is being written here."))
    elif sheet.nature != record["nature"]:
        raise Refused(_("Here it is a sheet of another nature."))
    _describe(sheet, record, house, taken)
    numbers = _versions(sheet, record, house, taken)
    take_drafts(sheet, record, numbers, house, taken)
    _topics(sheet, record, house, taken)
    _texts(sheet, record, numbers, house, taken)
    _attachments(sheet, record, house, brought, taken)
    _citations(sheet, record, house, taken)
    if taken.result != "unchanged":
        verb = "knowledge.sheet_taken_in"
        journal.record(house.agent, verb, sheet, authority_id=house.authority.pk)
    return taken


def _same_or_refused(sheet: Sheet, record: Record, taken: Taken) -> Taken:
    if sheet.current and sheet.current.content_hash == _worded(record["versions"][0]).digest:
        return taken
    raise Refused(_("There is a sheet of this number here already: it stays as it is."))


def _describe(sheet: Sheet, record: Record, house: House, taken: Taken) -> None:
    wanted = {name: record[name] for name in _PLAIN}
    wanted["nature"] = record["nature"]
    if record["asked"] is not None:
        wanted["asked"] = record["asked"]
    wanted["keeper"] = house.colleague(record["keeper"], taken)
    wanted["service"] = house.services.get(record["service"] or "")
    if record["service"] and wanted["service"] is None:
        taken.remarks.append(_("there is no service “%s” here") % record["service"])
        wanted["service"] = sheet.service
    changes = [name for name, value in wanted.items() if getattr(sheet, name) != value]
    for name in changes:
        setattr(sheet, name, wanted[name])
    if sheet._state.adding:
        sheet.title = [*record["drafts"], *record["versions"]][-1]["title"]
        sheet.save()
    elif changes:
        sheet.save(update_fields=changes)
        taken.changed()


def _worded(given: Record) -> Wording:
    return wording(
        given["title"],
        given["short_answer"],
        given["blocks"],
        language=given["language"],
        raw=given.get("raw", ""),
        path=given.get("path") or None,
    )


def _versions(sheet: Sheet, record: Record, house: House, taken: Taken) -> dict[int, SheetVersion]:
    """The versions as they are numbered there, each as it is kept here."""
    held = {version.number: version for version in sheet.versions.all()}
    found: dict[int, SheetVersion] = {}
    for given in record["versions"]:
        words = _worded(given)
        number = given["number"]
        same = held.get(number)
        if same is None or same.content_hash != words.digest:
            same = next((v for v in held.values() if v.content_hash == words.digest), None)
        if same is None:
            # Written here meanwhile under this number: what comes follows it.
            number = number if number not in held else max(held) + 1
            same = _keep_version(sheet, given, words, number, house, taken)
            held[number] = same
        found[given["number"]] = same
    if record["current"] is None:
        return found
    current = found[record["current"]]
    if sheet.current_id != current.pk:
        sheet.title, sheet.current = current.title, current
        sheet.save(update_fields=["title", "current"])
        taken.changed()
        emit(
            SheetVersionPublished(
                sheet.pk, current.pk, sheet.ref, sheet.authority_id, current.number
            )
        )
    return found


def _keep_version(  # one version of one sheet, with who stands behind it
    sheet: Sheet, given: Record, words: Wording, number: int, house: House, taken: Taken
) -> SheetVersion:
    row = new_version(
        sheet,
        words,
        number=number,
        now=given["published_at"],
        author=given["author"],
    )
    row.reviewer = given["reviewer"]
    row.reason = given["reason"]
    row.is_urgent = given["is_urgent"]
    row.written_by = house.colleague(given["written_by"], taken)
    row.reviewed_by = house.colleague(given["reviewed_by"], taken)
    row.save()
    taken.changed()
    return row


def _topics(sheet: Sheet, record: Record, house: House, taken: Taken) -> None:
    missing = [slug for slug in record["topics"] if slug not in house.topics]
    for slug in missing:
        taken.remarks.append(_("there is no topic “%s” here") % slug)
    wanted = {house.topics[slug].pk for slug in record["topics"] if slug in house.topics}
    if wanted != set(sheet.topics.values_list("pk", flat=True)):
        sheet.topics.set(wanted)
        taken.changed()


def _texts(
    sheet: Sheet, record: Record, numbers: dict[int, SheetVersion], house: House, taken: Taken
) -> None:
    held = {(text.kind, text.language): text for text in sheet.texts.select_related("author")}
    for given in record["texts"]:
        words = _worded(given)
        text = held.get((given["kind"], given["language"]))
        author = house.signs(given["author"], taken) if text is None or given["author"] else None
        author = author or (text.author if text else None)
        if author is None:
            taken.remarks.append(_("nobody here can answer for a text of it"))
            continue
        wanted = {
            "title": words.title,
            "short_answer": words.short_answer,
            "blocks": words.blocks,
            "based_on": numbers[given["based_on"]],
            "is_shown": given["is_shown"],
            "panel": given["panel"],
            "signed_on": given["signed_on"] if given["panel"] else None,
            "author": author,
        }
        text = text or SheetText(sheet=sheet, kind=given["kind"], language=given["language"])
        if any(getattr(text, name, None) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(text, name, value)
            text.revision = (text.revision or 0) + 1 if text.pk else 1
            text.saved_at = given["saved_at"]
            text.save()
            taken.changed()


def _attachments(sheet: Sheet, record: Record, house: House, brought: Files, taken: Taken) -> None:
    held = {(one.digest, one.title, one.level): one for one in sheet.attachments.all()}
    for given in record["attachments"]:
        title = given["title"]
        known = held.get((given["sha256"], title, given["level"]))
        if known is not None:
            wanted = {"until": given["until"], "removed_at": given["removed_at"]}
            changes = [name for name, value in wanted.items() if getattr(known, name) != value]
            if changes:
                for name in changes:
                    setattr(known, name, wanted[name])
                known.save(update_fields=changes)
                taken.changed()
            continue
        if (row := _file(given, title, house, brought, taken)) is not None:
            row.sheet = sheet
            row.save()
            taken.changed()


def _file(
    given: Record, title: str, house: House, brought: Files, taken: Taken
) -> Attachment | None:
    agent = house.signs(given["agent"], taken)
    content = brought.get(given["sha256"])
    if content is None or agent is None:
        taken.remarks.append(_("the file “%s” was not brought") % given["name"])
        return None
    digest, size, kind = files.keep([content()])
    if digest != given["sha256"]:
        raise Refused(_("The file “%s” is not what its mark says.") % given["name"])
    if given["level"] == rules.EMBARGO and given["until"] is None:
        raise Refused(_("Give the day from which it may be read."))
    return Attachment(
        title=title,
        name=files.safe_name(given["name"], kind),
        digest=digest,
        size=size,
        kind=kind,
        level=given["level"],
        until=given["until"],
        agent=agent,
        at=given["at"],
        removed_at=given["removed_at"],
    )


def _citations(sheet: Sheet, record: Record, house: House, taken: Taken) -> None:
    held = set(
        Citation.objects.filter(sheet=sheet, article__text__authority=house.authority).values_list(
            "article_id", flat=True
        )
    )
    for given in record["citations"]:
        article = house.articles.get((given["text"], given["article"]))
        if article is None:
            name = f"{given['text']}, {given['article']}"
            taken.remarks.append(_("“%s” is not in the register here") % name)
            continue
        if article.pk in held:
            continue
        versions = {version.number: version for version in article.versions.all()}
        version = versions.get(given["wording"]) or article.current
        assert version is not None  # noqa: S101 - only articles in use are known here
        words = given["words"]
        Citation.objects.create(sheet=sheet, article=article, version=version, words=words)
        taken.changed()


@transaction.atomic
def finish_taking(moves: Iterable[tuple[str, str]], house: House, counts: dict[str, int]) -> None:
    """Lead the old addresses where they led, and tell every node that there is something new."""
    refs = Sheet.objects.filter(authority=house.authority)
    by_ref = {sheet.ref: sheet for sheet in refs.only("ref", "moved_to_id")}
    ways = {sheet.pk: sheet.moved_to_id for sheet in by_ref.values() if sheet.moved_to_id}
    for ref, target in moves:
        sheet, to = by_ref.get(ref), by_ref.get(target)
        if sheet is None or to is None or sheet.moved_to_id == to.pk:
            continue
        if reviews.leads_to_itself(sheet.pk, to.pk, ways):
            continue
        sheet.moved_to_id = ways[sheet.pk] = to.pk
        sheet.save(update_fields=["moved_to"])
    if counts.get("new") or counts.get("changed"):
        collection_changed()


@transaction.atomic
def note_exchange(actor: Agent | None, authority: Authority, verb: str, **data: Any) -> None:
    """Write down that sheets went out or came in."""
    journal.record(actor, verb, authority, authority_id=authority.pk, **data)
