"""What the public asks for most, to be offered before anybody has typed a word."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import get_language

from parvis.knowledge.models import Sheet
from parvis.knowledge.queries import Named, named_for
from parvis.organisations.models import Authority, Topic
from parvis.web.queries.pack import most_used

HOUR: Final = 3600
SPARE: Final = 8  # some of the most used are for agents only, or are withdrawn within the hour


def often_asked(
    authority: Authority, *, now: datetime, most: int, topic: Topic | None = None
) -> list[Sheet]:
    """The public sheets that answered most often in three months, or those of one topic.

    In a new house, which answered nobody yet, those of the topics that its kiosk offers. What was
    counted holds for an hour; whether a sheet is still public is asked every time.
    """
    public = Sheet.objects.public(authority.pk).filter(current__isnull=False)
    if topic is not None:
        return list(public.filter(topics=topic).distinct().order_by("title")[:most])
    known = cache.get_or_set(
        f"often-asked:{authority.pk}",
        lambda: [sheet.pk for sheet in most_used(authority, now=now, most=most + SPARE)],
        HOUR,
    )
    found = {sheet.pk: sheet for sheet in public.filter(pk__in=known or ())}
    asked = [found[pk] for pk in known or () if pk in found][:most]
    if asked:
        return asked
    own = public.filter(authority=authority, topics__on_kiosk=True)
    return list(own.distinct().order_by("title")[:most])


def often_asked_here(
    authority: Authority, *, now: datetime, most: int, topic: Topic | None = None
) -> list[Named]:
    """The same, by their names in the reader's language."""
    asked = often_asked(authority, now=now, most=most, topic=topic)
    return named_for(asked, get_language() or settings.LANGUAGE_CODE)
