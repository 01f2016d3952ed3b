"""Keeping sheets right: checks, what is put away, and the mail that says what is due."""

from collections import defaultdict
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal, outbox
from parvis.common.errors import Refused
from parvis.common.http import full_address
from parvis.knowledge import queries
from parvis.knowledge.actions.sheets import collection_changed
from parvis.knowledge.models import ReviewDigest, Sheet, SheetReview
from parvis.knowledge.rules import reviews


@transaction.atomic
def confirm_unchanged(sheet: Sheet, *, agent: Agent, now: datetime) -> SheetReview:
    """Answer for a sheet: read again and still right; the next look is set."""
    held = _kept_by(agent, sheet)
    if _checks_own_correction(held, agent):
        raise Refused(_("You wrote this urgent correction: somebody else checks it."))
    today = timezone.localdate(now)
    result = SheetReview.Result.CHECKED if held.urgent_check_by else SheetReview.Result.UNCHANGED
    before = {name: _iso(getattr(held, name)) for name in _DATES}
    held.reviewed_on, held.urgent_check_by = today, None
    held.review_due_on = reviews.next_review(today, held.review_every_days)
    held.save(update_fields=_DATES)
    assert held.current is not None  # noqa: S101 - only what is read is checked
    review = SheetReview.objects.create(
        sheet=held,
        version=held.current,
        result=result,
        agent=agent,
        at=now,
        before=before,
        next_on=held.review_due_on,
    )
    journal.record(agent, f"knowledge.review_{result}", held, number=held.current.number)
    return review


def _checks_own_correction(sheet: Sheet, agent: Agent) -> bool:
    """Did the agent write what is to be checked, while somebody else is there to look at it?"""
    wrote_it = sheet.current is not None and sheet.current.written_by_id == agent.pk
    if not (sheet.urgent_check_by and wrote_it):
        return False
    return queries.validators_of(sheet).exclude(pk=agent.pk).exists()


_DATES = ["reviewed_on", "review_due_on", "urgent_check_by"]


@transaction.atomic
def undo_review(review: SheetReview, *, agent: Agent, now: datetime) -> Sheet:
    """Take back a key pressed too fast: the dates are what they were."""
    held = Sheet.objects.select_for_update().get(pk=review.sheet_id)
    last = SheetReview.objects.filter(sheet=held, undone_at=None).first()
    if review.agent_id != agent.pk or last != review or not review.before:
        raise Refused(_("This check can no longer be taken back."))
    if now - review.at > reviews.UNDO_WITHIN:
        raise Refused(_("This check can no longer be taken back."))
    for name in _DATES:
        kept = review.before.get(name)
        setattr(held, name, date.fromisoformat(kept) if kept else None)
    held.save(update_fields=_DATES)
    SheetReview.objects.filter(pk=review.pk).update(undone_at=now)
    journal.record(agent, "knowledge.review_undone", held)
    return held


@transaction.atomic
def archive(
    sheet: Sheet, *, agent: Agent, now: datetime, moved_to: Sheet | None = None, note: str = ""
) -> Sheet:
    """Put a sheet away; its address leads to another sheet, or says what became of it."""
    held = _kept_by(agent, sheet)
    if moved_to is not None:
        if not Sheet.objects.visible_to(agent).filter(pk=moved_to.pk).exists():
            raise Refused(_("There is no such sheet."))
        if reviews.leads_to_itself(held.pk, moved_to.pk, _moves(held)):
            raise Refused(_("Readers would be led round in a circle: choose another sheet."))
    held.state, held.moved_to = Sheet.State.ARCHIVED, moved_to
    held.archived_on, held.archive_note = timezone.localdate(now), note.strip()[:300]
    held.save(update_fields=["state", "moved_to", "archived_on", "archive_note"])
    collection_changed()
    journal.record(
        agent, "knowledge.sheet_archived", held, moved_to=moved_to.ref if moved_to else ""
    )
    return held


@transaction.atomic
def bring_back(sheet: Sheet, *, agent: Agent) -> Sheet:
    """Put an archived sheet back in use, to be checked."""
    held = _kept_by(agent, sheet)
    if held.state != Sheet.State.ARCHIVED or held.current_id is None:
        raise Refused(_("This sheet is not archived."))
    held.state, held.moved_to, held.archived_on = Sheet.State.PUBLISHED, None, None
    held.archive_note = ""
    held.save(update_fields=["state", "moved_to", "archived_on", "archive_note"])
    collection_changed()
    journal.record(agent, "knowledge.sheet_brought_back", held)
    return held


def _kept_by(agent: Agent, sheet: Sheet) -> Sheet:
    held = Sheet.objects.select_for_update(of=("self",)).select_related("current").get(pk=sheet.pk)
    if not queries.rights(agent, held).keeps:
        raise Refused(_("This sheet is kept by another service."))
    if held.current is None:
        raise Refused(_("Nobody reads this sheet yet."))
    return held


def _moves(sheet: Sheet) -> dict[int, int]:
    rows = Sheet.objects.filter(authority=sheet.authority, moved_to__isnull=False)
    return {pk: target for pk, target in rows.values_list("pk", "moved_to_id") if target}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def send_digests(*, now: datetime) -> int:
    """Tell each keeper once a week, in one mail, which sheets are late or soon due."""
    today = timezone.localdate(now)
    due: dict[int, list[reviews.Due]] = defaultdict(list)
    keepers: dict[int, Agent] = {}
    for sheet, agents in queries.due_with_keepers(today):
        assert sheet.review_due_on is not None  # noqa: S101 - chosen by this date
        for agent in agents:
            keepers[agent.pk] = agent
            due[agent.pk].append(reviews.Due(sheet.ref, sheet.title, sheet.review_due_on))
    told = ReviewDigest.objects.filter(week=reviews.week_of(today)).values_list("agent", flat=True)
    waiting = [pk for pk in sorted(due) if pk not in set(told)]
    return sum(_send_digest(keepers[pk], reviews.digest(due[pk], today), now) for pk in waiting)


def _send_digest(agent: Agent, digest: reviews.Digest, now: datetime) -> int:
    today = timezone.localdate(now)
    try:
        with transaction.atomic():
            ReviewDigest.objects.create(agent=agent, week=reviews.week_of(today), sent_at=now)
            with translation.override(agent.language):
                context = {
                    "agent": agent,
                    "digest": digest,
                    "page": full_address(reverse("knowledge:reviews")),
                }
                outbox.send_mail(
                    agent.email,
                    subject=_("Your sheets: %(late)d late, %(near)d due within a week")
                    % {"late": len(digest.late), "near": len(digest.near)},
                    text=render_to_string("knowledge/review_mail.txt", context),
                    reply_to="",
                )
    except IntegrityError:  # another worker was faster
        return 0
    return 1
