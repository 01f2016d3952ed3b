"""What was laid ready at the desk, and whether it helped: written down, never by whose fault."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.utils.crypto import salted_hmac

from parvis.accounts.models import Agent
from parvis.assistant.models import Suggestion
from parvis.assistant.queries.suggesting import Suggested
from parvis.assistant.rules import suggesting as rules
from parvis.knowledge.models import Sheet

log = logging.getLogger(__name__)
WORDS_KEPT_FOR = timedelta(days=90)


def occasion_of(text: str) -> str:
    """Tells occasions apart without leading back to a visit."""
    return salted_hmac("parvis.assistant.suggestion", text, algorithm="sha256").hexdigest()


def note(
    suggested: Suggested,
    *,
    agent: Agent,
    now: datetime,
    place: str,
    occasion: str,
    words: str = "",
) -> Suggestion | None:
    """Write down what lies ready; while somebody types, only the last state is kept.

    ``words`` come masked. The page is shown even when this could not be written.
    """
    if not suggested.proposals:
        return None
    digest = occasion_of(occasion)
    try:
        known = _latest(agent.authority_id, digest)
        if known is not None and _is_the_same(known, suggested):
            return known
        new = Suggestion(authority_id=agent.authority_id, place=place, occasion=digest)
        row = known if known is not None and _is_followed(known, suggested) else new
        return _written(row, suggested, agent=agent, now=now, words=words[:200])
    except DatabaseError:
        log.exception("a suggestion could not be written down")
        return None


def _is_the_same(known: Suggestion, suggested: Suggested) -> bool:
    topic_id = suggested.topic.pk if suggested.topic else None
    return known.topic_id == topic_id and ids_of(known) == suggested.ids


def _is_followed(known: Suggestion, suggested: Suggested) -> bool:
    """Nobody took anything yet, and words follow the topic or fewer words; never the reverse."""
    is_untouched = not known.deed and known.helpful is None
    return is_untouched and bool(suggested.words or not known.words)


@transaction.atomic
def _written(
    row: Suggestion, suggested: Suggested, *, agent: Agent, now: datetime, words: str
) -> Suggestion:
    row.topic, row.agent, row.at, row.words = suggested.topic, agent, now, words
    row.proposed = [one.kept for one in suggested.proposals]
    changed = ["topic", "agent", "at", "words", "proposed"]
    row.save(update_fields=changed if row.pk else None)
    return row


def ids_of(suggestion: Suggestion) -> list[int]:
    """The sheets that were proposed, in order."""
    return [int(one["sheet"]) for one in suggestion.proposed]


@transaction.atomic
def did(suggestion: Suggestion, sheet: Sheet, deed: rules.Deed) -> bool:
    """A proposed sheet was opened, given or used: it helped by deed, unless somebody said no."""
    place = rules.position(ids_of(suggestion), sheet.pk)
    if place is None or not rules.prevails(deed, suggestion.deed):
        return False
    if (suggestion.chosen_id, suggestion.deed) == (sheet.pk, deed):
        return True
    suggestion.chosen, suggestion.position, suggestion.deed = sheet, place, deed
    if suggestion.helpful is None or deed == rules.Deed.USED:
        suggestion.helpful = True
    suggestion.save(update_fields=["chosen", "position", "deed", "helpful"])
    return True


@transaction.atomic
def did_at(authority_id: int, occasion: str, sheets: Collection[Sheet], deed: rules.Deed) -> None:
    """The same for what was proposed last on an occasion, if it was proposed at all."""
    rows = Suggestion.objects.filter(authority_id=authority_id, occasion=occasion_of(occasion))
    latest = list(rows.order_by("-pk"))
    for sheet in sheets:
        next((row for row in latest if did(row, sheet, deed)), None)


@transaction.atomic
def judge_suggestion(
    suggestion: Suggestion, *, helpful: bool, sheet: Sheet | None = None
) -> Suggestion:
    """An agent says whether it was useful; the last word counts."""
    suggestion.helpful = helpful
    suggestion.save(update_fields=["helpful"])
    if helpful and sheet is not None:
        did(suggestion, sheet, rules.Deed.OPENED)
    return suggestion


@transaction.atomic
def forget_words(*, now: datetime) -> int:
    """After ninety days only the figures are left: no words, no name."""
    old = Suggestion.objects.filter(at__lt=now - WORDS_KEPT_FOR)
    return old.exclude(words="", agent=None).update(words="", agent=None)


def _latest(authority_id: int, occasion: str) -> Suggestion | None:
    rows = Suggestion.objects.filter(authority_id=authority_id, occasion=occasion)
    return rows.order_by("-pk").first()
