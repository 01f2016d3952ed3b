"""The way of a text: proposed, read by the owning service, returned with words or published."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.knowledge import drafting, markup, queries
from parvis.knowledge.actions.drafts import locked, open_draft, save_draft
from parvis.knowledge.actions.sheets import collection_changed, publish_version
from parvis.knowledge.models import Sheet, SheetDraft, SheetReview, SheetVersion
from parvis.knowledge.rules import reviews, writing
from parvis.organisations.models import Service, Topic


class Behind(Refused):
    """Something else was published since this text was begun: bring both together first."""


@transaction.atomic
def propose(
    draft: SheetDraft, *, agent: Agent, now: datetime, reviewer: Agent | None = None
) -> SheetDraft:
    """Ask the owning service to read a text; until then everybody reads what was there."""
    held = _moving(draft, writing.PROPOSED)
    if not queries.may_edit(agent, held):
        raise Refused(_("You cannot propose this text."))
    _refuse_incomplete(held)
    if reviewer is not None and not _validates(reviewer, held.sheet):
        raise Refused(_("%(name)s cannot let this sheet through.") % {"name": reviewer})
    held.state, held.proposed_at, held.reviewer = writing.PROPOSED, now, reviewer
    held.returned_words = ""
    held.save(update_fields=["state", "proposed_at", "reviewer", "returned_words"])
    journal.record(agent, "knowledge.draft_proposed", held.sheet, draft=held.pk)
    return held


@transaction.atomic
def take_back(draft: SheetDraft, *, agent: Agent) -> SheetDraft:
    """Go on writing what had been proposed."""
    held = locked(draft)
    if held.state != writing.PROPOSED or agent.pk not in queries.writers_of(held):
        raise Refused(_("Only who wrote this text takes it back, before it is decided on."))
    return _close(held, writing.WRITING, agent=agent)


@transaction.atomic
def return_draft(draft: SheetDraft, *, agent: Agent, words: str) -> SheetDraft:
    """Give a text back to who wrote it, with what is to be changed."""
    held = _moving(draft, writing.RETURNED)
    words = markup.printable(words).strip()
    if not queries.rights(agent, held.sheet).validate:
        raise Refused(_("You cannot decide on this text."))
    if not words:
        raise Refused(_("Say in a few words what is to be changed."))
    held.state, held.returned_words = writing.RETURNED, words
    held.save(update_fields=["state", "returned_words"])
    journal.record(agent, "knowledge.draft_returned", held.sheet, draft=held.pk)
    return held


@transaction.atomic
def publish_draft(draft: SheetDraft, *, agent: Agent, now: datetime, revision: int) -> SheetVersion:
    """Make a text what everybody reads, on behalf of the service that answers for it."""
    held = _moving(draft, writing.PUBLISHED)
    if not queries.may_publish(agent, held):
        raise Refused(_("Somebody else must read this text before everybody does."))
    _refuse_unseen(held, revision)
    version = _publish(held, agent=agent, now=now, is_urgent=False)
    SheetReview.objects.create(
        sheet=held.sheet,
        version=version,
        result=SheetReview.Result.CHANGED,
        agent=agent,
        at=now,
        next_on=held.sheet.review_due_on,
    )
    return version


@transaction.atomic
def publish_urgent(
    draft: SheetDraft, *, agent: Agent, now: datetime, revision: int, reason: str
) -> SheetVersion:
    """Correct what is wrong at once; somebody else looks at it within a week."""
    held = _moving(draft, writing.PUBLISHED)
    if not (held.is_urgent and queries.rights(agent, held.sheet).urgent):
        raise Refused(_("An urgent correction is for the editor, advisers and the head."))
    if not reason.strip():
        raise Refused(_("Say in a few words why it cannot wait."))
    _refuse_unseen(held, revision)
    held.reason = markup.printable(reason).strip()[:300]
    held.save(update_fields=["reason"])
    return _publish(held, agent=agent, now=now, is_urgent=True)


@transaction.atomic
def abandon(draft: SheetDraft, *, agent: Agent, now: datetime) -> SheetDraft:
    """Stop writing; the words are kept and can be taken up again."""
    held = _moving(draft, writing.ABANDONED)
    if not queries.may_edit(agent, held) and agent.pk not in queries.writers_of(held):
        raise Refused(_("You cannot give up this text."))
    held.closed_at = now
    held.save(update_fields=["closed_at"])
    return _close(held, writing.ABANDONED, agent=agent)


@transaction.atomic
def take_up(draft: SheetDraft, *, agent: Agent) -> SheetDraft:
    """Go on with a text that had been given up."""
    held = _moving(draft, writing.WRITING)
    rights = queries.rights(agent, held.sheet)
    if not (rights.write or held.author_id == agent.pk):
        raise Refused(_("You cannot take up this text."))
    Sheet.objects.select_for_update().get(pk=held.sheet_id)
    others = SheetDraft.objects.filter(
        sheet_id=held.sheet_id, is_urgent=held.is_urgent, state__in=writing.OPEN
    )
    if others.exists():
        raise Refused(_("Another text of this sheet is being written."))
    held.closed_at = None
    held.save(update_fields=["closed_at"])
    return _close(held, writing.WRITING, agent=agent)


@transaction.atomic
def restore_version(
    sheet: Sheet, version: SheetVersion, *, agent: Agent, now: datetime
) -> SheetDraft | SheetVersion:
    """Say again what an older version said: at once for who may decide, else as a draft."""
    words = drafting.of_version(sheet, version)
    reason = _("Version %(number)d restored") % {"number": version.number}
    if queries.rights(agent, sheet).validate and sheet.state == Sheet.State.PUBLISHED:
        return _say_again(sheet, version, reason, agent=agent, now=now)
    draft = open_draft(sheet, agent=agent, now=now)
    if draft.writing != drafting.of_version(sheet, sheet.current):
        raise Refused(_("A text of this sheet is being written: finish or give it up first."))
    if not queries.may_edit(agent, draft):
        raise Refused(_("You cannot change this sheet."))
    saved = save_draft(draft, words, agent=agent, now=now, revision=draft.revision, reason=reason)
    return saved.draft


def _say_again(
    sheet: Sheet, version: SheetVersion, reason: str, *, agent: Agent, now: datetime
) -> SheetVersion:
    again = publish_version(
        sheet,
        now=now,
        author=version.author,
        title=version.title,
        short_answer=version.short_answer,
        blocks=version.blocks,
        language=version.language,
        actor=agent,
    )
    _sign(again, reason=reason, agent=agent, writer_id=version.written_by_id)
    journal.record(agent, "knowledge.version_restored", sheet, number=version.number)
    return again


def _moving(draft: SheetDraft, target: str) -> SheetDraft:
    held = locked(draft)
    if not writing.may_move(held.state, target):
        words = {"state": held.get_state_display()}
        raise Refused(_("This text is already decided on: %(state)s.") % words)
    return held


def _close(held: SheetDraft, state: str, *, agent: Agent) -> SheetDraft:
    held.state = state
    held.save(update_fields=["state"])
    journal.record(agent, f"knowledge.draft_{state}", held.sheet, draft=held.pk)
    return held


def _validates(agent: Agent, sheet: Sheet) -> bool:
    return queries.validators_of(sheet).filter(pk=agent.pk).exists()


def _refuse_incomplete(held: SheetDraft) -> None:
    lacking = writing.missing(held.writing)
    if "title" in lacking:
        raise Refused(_("The sheet has no title yet."))
    if "short_answer" in lacking:
        raise Refused(_("The short answer is empty: it is what is said at the desk."))
    if lacking:
        raise Refused(_("A block waits for a day that is not given."))


def _refuse_unseen(held: SheetDraft, revision: int) -> None:
    """Only what was looked at is published: the latest words, on the latest version."""
    _refuse_incomplete(held)
    if revision != held.revision:
        raise Refused(_("This text was changed meanwhile: please read it again."))
    if held.based_on_id != held.sheet.current_id:
        raise Behind(_("Another version was published since: bring both together first."))


def _publish(held: SheetDraft, *, agent: Agent, now: datetime, is_urgent: bool) -> SheetVersion:
    sheet = held.sheet
    _describe(held, now=now, is_urgent=is_urgent)
    before = sheet.current_id
    version = publish_version(
        sheet,
        now=now,
        author=_names(held),
        title=held.title,
        short_answer=held.short_answer,
        blocks=drafting.blocks_of(held.blocks, held.based_on),
        actor=agent,
    )
    if version.pk != before:
        _sign(
            version, reason=held.reason, agent=None if is_urgent else agent,
            writer_id=held.author_id, is_urgent=is_urgent,
            group=held.workgroup.name if held.workgroup else "",
        )  # fmt: skip
    collection_changed()
    held.state, held.closed_at, held.version = writing.PUBLISHED, now, version
    held.save(update_fields=["state", "closed_at", "version"])
    verb = "knowledge.urgent_published" if is_urgent else "knowledge.draft_published"
    journal.record(agent, verb, sheet, draft=held.pk, number=version.number)
    return version


def _describe(held: SheetDraft, *, now: datetime, is_urgent: bool) -> None:
    """Apply what stands beside the words, and the dates of the next look."""
    sheet, about, today = held.sheet, held.about, timezone.localdate(now)
    services = Service.objects.filter(authority=sheet.authority)
    sheet.service = services.filter(pk=about.get("service")).first()
    if "keeper" in about:
        colleagues = Agent.objects.at_work().filter(authority=sheet.authority)
        sheet.keeper = colleagues.filter(pk=about["keeper"]).first()
    drafting.make_found(sheet, about)
    sheet.source_note = str(about.get("source_note", ""))[:300]
    sheet.source_url = str(about.get("source_url", ""))[:300]
    sheet.review_every_days = int(about.get("review_every_days") or reviews.USUAL_DAYS)
    sheet.state = Sheet.State.PUBLISHED
    if is_urgent:
        sheet.urgent_check_by = today + writing.CHECK_WITHIN
    else:
        sheet.urgent_check_by = None
        sheet.reviewed_on = today
        sheet.review_due_on = reviews.next_review(today, sheet.review_every_days)
    sheet.save(update_fields=[*_DESCRIBED, "state", "urgent_check_by"])
    topics = Topic.objects.filter(authority=sheet.authority)
    sheet.topics.set(topics.filter(pk__in=about.get("topics") or []))


_DESCRIBED = (
    "service", "keeper", "keywords", "asked", "breadcrumb", "is_public", "source_note",
    "source_url", "review_every_days", "reviewed_on", "review_due_on",
)  # fmt: skip


def _names(held: SheetDraft) -> str:
    writers = queries.writers_of(held)
    agents = {a.pk: a for a in Agent.objects.filter(pk__in=writers).select_related("entry")}
    names = ", ".join(agents[pk].display_name for pk in writers if pk in agents)
    return names if len(names) <= 120 else f"{names[:119]}…"


def _sign(
    version: SheetVersion,
    *,
    reason: str,
    agent: Agent | None,
    writer_id: int | None,
    is_urgent: bool = False,
    group: str = "",
) -> None:
    """Write down who stands behind a version that was just made."""
    version.reason, version.is_urgent = reason, is_urgent
    version.written_by_id, version.reviewed_by = writer_id, agent
    version.reviewer = agent.display_name if agent else ""
    version.author_group = group
    version.save(
        update_fields=[
            "reason", "is_urgent", "written_by", "reviewed_by", "reviewer", "author_group",
        ]
    )  # fmt: skip
