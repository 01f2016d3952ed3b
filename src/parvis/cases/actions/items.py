"""What is missing: asked from the person with a last day, and noted when it arrives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import queries
from parvis.cases.actions import clocks, story
from parvis.cases.actions.files import Document, attach_all
from parvis.cases.events import MailOwed, MessageReceived
from parvis.cases.models import Case, MissingItem
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.text import one_line

AT_MOST = 20


@dataclass(frozen=True)
class Wanted:
    """One thing to ask for."""

    words: str
    is_indispensable: bool = True


@transaction.atomic
def ask_for_items(
    case: Case,
    *,
    agent: Agent,
    now: datetime,
    wanted: Sequence[Wanted],
    until: date | None = None,
    text: str = "",
) -> list[MissingItem]:
    """Tell the person what is missing and until when; only the indispensable stops the clock."""
    story.check_may_steer(case, agent, now)
    story.check_running(case)
    today = clocks.local_today(now, agent)
    kept = _checked(wanted, until, today)
    items = [
        MissingItem(
            case=case,
            words=one.words,
            is_indispensable=one.is_indispensable,
            asked_on=today,
            until=until,
        )
        for one in kept
    ]
    for item in items:
        item.save()
    story.change(case, now=now, state=Case.State.AWAITING_PERSON, unread_by_person=True)
    message = story.words(text, empty="") if text.strip() else ""
    story.add_line(
        case,
        story.Kind.ITEMS_ASKED,
        now=now,
        agent=agent,
        text=message,
        awaited=" ; ".join(item.words for item in items),
        until=until.isoformat() if until else "",
    )
    story.note_down(case, agent, "items_asked", items=[item.pk for item in items])
    clocks.recount(case)
    _write(case, items, until, message, now)
    return items


def _checked(wanted: Sequence[Wanted], until: date | None, today: date) -> list[Wanted]:
    lines = [Wanted(one_line(one.words)[:200], one.is_indispensable) for one in wanted]
    kept = [one for one in lines if one.words]
    if not kept:
        raise Refused(_("Write what is missing, one thing on each line."), code="empty")
    if len(kept) > AT_MOST:
        raise Refused(_("Twenty things at once are the most."), code="too_long")
    if until is None and any(one.is_indispensable for one in kept):
        raise Refused(_("Say until when: the law asks for a last day."), code="no_limit")
    if until is not None and until <= today:
        raise Refused(_("The last day to send it comes after today."), code="past")
    return kept


def _write(
    case: Case, items: Sequence[MissingItem], until: date | None, text: str, now: datetime
) -> None:
    """Write to the person who left an address, if the service can be answered."""
    receipt, person = queries.receipt(case, localdate(now)), case.person
    if person is None or not person.email or not receipt.email:
        return
    with translation.override(person.language or "fr"):
        context = {"receipt": receipt, "items": items, "until": until, "words": text}
        reference = {"reference": receipt.reference}
        subject = _("Your request %(reference)s: something is missing") % reference
        text_of_mail = render_to_string("cases/items.txt", context)
    emit(MailOwed(case.pk, case.authority_id, now, "items", subject, text_of_mail))


@transaction.atomic
def item_came(item: MissingItem, *, agent: Agent, now: datetime) -> MissingItem:
    """Note that something arrived today; when nothing is left, it is our turn."""
    case = _where_it_goes_on(item)
    story.check_agent(case, agent)
    story.check_running(case)
    kept = MissingItem.objects.select_for_update().get(pk=item.pk)
    if kept.received_on is not None:
        raise Refused(_("A colleague noted already that this arrived."), code="stale")
    # What was sent through the page arrived on that day, whenever somebody looks at it.
    arrived = kept.sent_on or clocks.local_today(now, agent)
    kept.received_on, kept.refused_on, kept.refusal = max(arrived, kept.asked_on), None, ""
    kept.save(update_fields=["received_on", "refused_on", "refusal"])
    still_awaited = bool(queries.still_missing(case))
    ours = case.state == Case.State.AWAITING_PERSON and not still_awaited
    story.change(case, now=now, state=Case.State.OPEN if ours else None, unread_by_person=True)
    story.add_line(case, story.Kind.ITEM_CAME, now=now, agent=agent, item=kept.words)
    story.note_down(case, agent, "item_came", item=kept.pk)
    clocks.recount(item.case)
    return kept


@transaction.atomic
def send_item(item: MissingItem, *, documents: Sequence[Document], now: datetime) -> MissingItem:
    """The person sends it through the page: somebody of the service looks whether it does."""
    case = _where_it_goes_on(item)
    if not documents:
        raise Refused(_("Choose the document that you send."), code="empty")
    story.check_running(case)
    kept = MissingItem.objects.select_for_update().get(pk=item.pk)
    if kept.received_on is not None:
        raise Refused(_("We have this already."), code="stale")
    if kept.sent_on is None:
        kept.sent_on = max(clocks.local_today(now, None), kept.asked_on)
    kept.refused_on, kept.refusal = None, ""
    kept.save(update_fields=["sent_on", "refused_on", "refusal"])
    still_awaited = any(one.sent_on is None for one in queries.still_missing(case))
    ours = case.state == Case.State.AWAITING_PERSON and not still_awaited
    story.change(case, now=now, state=Case.State.OPEN if ours else None, unread_by_service=True)
    line = story.add_line(case, story.Kind.FILE_ADDED, now=now, item=kept.words)
    for file in attach_all(case, documents, now=now, entry=line):
        file.item = kept
        file.save(update_fields=["item"])
    story.note_down(case, journal.PERSON, "item_sent", item=kept.pk)
    emit(MessageReceived(case.pk, case.authority_id))
    return kept


@transaction.atomic
def refuse_item(
    item: MissingItem, *, agent: Agent, now: datetime, reason: str, until: date | None = None
) -> MissingItem:
    """What came does not do: say why; the person is awaited again, and so is the clock."""
    why = one_line(reason)[:300]
    if not why:
        raise Refused(_("Write why it does not do: the person reads it."), code="empty")
    case = _where_it_goes_on(item)
    story.check_may_steer(case, agent, now)
    story.check_running(case)
    kept = MissingItem.objects.select_for_update().get(pk=item.pk)
    if kept.received_on is None and kept.sent_on is None:
        raise Refused(_("Nothing has come yet that could be refused."), code="stale")
    today = clocks.local_today(now, agent)
    if until is not None and until <= today:
        raise Refused(_("The last day to send it comes after today."), code="past")
    kept.sent_on = kept.received_on = None
    kept.refused_on, kept.refusal = max(today, kept.asked_on), why
    kept.until = until or kept.until
    kept.save(update_fields=["sent_on", "received_on", "refused_on", "refusal", "until"])
    story.change(case, now=now, state=Case.State.AWAITING_PERSON, unread_by_person=True)
    story.add_line(case, story.Kind.ITEM_REFUSED, now=now, agent=agent, text=why, item=kept.words)
    story.note_down(case, agent, "item_refused", item=kept.pk)
    clocks.recount(item.case)
    return kept


def _where_it_goes_on(item: MissingItem) -> Case:
    """The case that is open: the one asked in, or the one that it was put into."""
    if item.case.merged_into_id is None:
        return item.case
    return Case.objects.select_related("service").get(pk=queries.root_id(item.case))
