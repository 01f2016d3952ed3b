"""What a search leaves behind: masked words and what came of it, never who asked."""

import logging
import secrets
from datetime import datetime
from hashlib import blake2s

from django.db import DatabaseError
from django.utils import timezone

from parvis.common import throttle
from parvis.common.errors import Busy
from parvis.knowledge import actions
from parvis.knowledge.models import Searched
from parvis.knowledge.rules import finding as rules
from parvis.knowledge.search import Found, index
from parvis.knowledge.search.words import question_stems, stem

log = logging.getLogger(__name__)
# A library or a family behind one address looks for much; a program looks for more.
SEARCHES = throttle.Limit("search-log", burst=40, seconds=15)


def search_secret(given: str, *, before: str = "", words: str = "") -> str:
    """Ties the letters typed for one search together; says nothing about the person.

    ``before`` is what this field held: other words are another search, and get another secret,
    the same one when the page is loaded again.
    """
    if not (given.isalnum() and given.isascii() and len(given) == 32):
        return secrets.token_hex(16)
    if before and words and not rules.continues(before, words):
        return blake2s(f"{given} {before}".encode(), digest_size=16).hexdigest()
    return given


def masked_words(question: str, *, only_known: bool = True) -> str:
    """The words that may be kept; where names are typed too, only those that sheets know."""
    speller = index.current().speller
    return rules.masked(question, lambda word: bool(speller.frequency(stem(word))), only_known)


def remember(
    authority_id: int,
    question: str,
    found: Found,
    *,
    place: Searched.Place,
    secret: str,
    sender: str = "",
    only_known: bool = False,
    now: datetime | None = None,
) -> None:
    """Keep what was looked for; a search is never refused because this could not be done."""
    moment = now or timezone.now()
    words = masked_words(question, only_known=only_known)
    if only_known and not words:
        return
    noted = rules.Noted(
        place=place.value,
        words=words,
        stems=" ".join(sorted(question_stems(words))),
        found=min(len(found.results), 100),
        was_answered=found.answered,
    )
    today = timezone.localdate(moment)
    try:
        if actions.renote_search(authority_id, noted, secret=secret, today=today):
            return
        if sender:
            throttle.take(SEARCHES, sender, now=moment)
        actions.note_search(authority_id, noted, secret=secret, today=today)
    except Busy:
        return  # answered, but one sender does not fill the list of the editors
    except DatabaseError:
        log.exception("a search could not be remembered")
