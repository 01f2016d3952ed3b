"""Which topic is meant, at this desk, now: letters first, then guesses that say why."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.contacts.models import Contact, Person
from parvis.contacts.rules import choose_topic, plain
from parvis.knowledge.models import Sheet
from parvis.organisations import queries as organisations
from parvis.organisations.models import Desk, Site, Topic
from parvis.queue.models import Ticket
from parvis.web.guessing import Around, Described, Guess, Vocabulary, Why, guess

SUGGESTED = 6
LATELY = timedelta(minutes=30)
LAST_VISITS = 3
KEPT = 60  # seconds: a topic that was renamed is known a minute later


@dataclass(frozen=True)
class Suggestion:
    """A topic that may be meant, and why it is shown."""

    topic: Topic
    because: str = ""

    @property
    def pk(self) -> int:
        return int(self.topic.pk)

    @property
    def label(self) -> str:
        return self.topic.label


def by_letters(site: Site, typed: str) -> list[Topic]:
    """The topics received here that the letters may mean, by the words of the page first."""
    topics = {topic.pk: topic for topic in organisations.topics_of(site)}
    return [topics[pk] for pk in _letters(topics.values(), typed)][:SUGGESTED]


def suggestions(
    desk: Desk, typed: str, *, now: datetime, person: Person | None = None
) -> list[Suggestion]:
    """What the letters mean, then what the words may mean, then what is asked here just now."""
    topics = {topic.pk: topic for topic in organisations.topics_of(desk.site)}
    found = guess(typed, _vocabulary(desk.site, topics), _around(desk, person, now))
    guessed = {one.topic_id: one for one in found if one.topic_id in topics}
    letters = _letters(topics.values(), typed) if typed else []
    begun = {pk: _begins(topics[pk], typed) for pk in letters}
    # What the page calls it counts first; where several begin alike, the likelier one.
    letters.sort(key=lambda pk: (begun[pk], -(guessed[pk].score if pk in guessed else 0.0)))
    order = [*letters, *guessed]
    return [
        # A name that begins with the letters explains itself.
        Suggestion(
            topics[pk],
            "" if begun.get(pk, ELSE) < ELSE else _why(topics[pk], guessed.get(pk), typed),
        )
        for pk in dict.fromkeys(order)
    ][:SUGGESTED]


LABEL, WORD, ELSE = range(3)  # what begins with the letters typed


def _begins(topic: Topic, typed: str) -> int:
    """Does what the reader sees begin with the letters, or one of its words, or neither?"""
    wanted, shown = plain(typed), plain(topic.label)
    if shown.startswith(wanted):
        return LABEL
    return WORD if choose_topic(typed, [(topic.pk, topic.label)]) else ELSE


def _letters(topics: Iterable[Topic], typed: str) -> list[int]:
    topics = list(topics)
    read = [(topic.pk, topic.label) for topic in topics]
    others = [
        (topic.pk, name)
        for topic in topics
        for name in (topic.short_label, topic.name, topic.name_en, topic.short_name)
        if name
    ]
    meant = [*choose_topic(typed, read), *choose_topic(typed, others)]
    return list(dict.fromkeys(meant))


def _vocabulary(site: Site, topics: dict[int, Topic]) -> Vocabulary:
    key = f"web:topic-words:{site.pk}"
    known: Vocabulary | None = cache.get(key)
    if known is None:
        words, titles = _of_sheets(site, topics)
        known = Vocabulary(
            Described(
                topic.pk,
                [one for one in (topic.name, topic.name_en, topic.short_name) if one],
                topic.family.name,
                words[topic.pk],
                titles[topic.pk],
            )
            for topic in topics.values()
        )
        cache.set(key, known, KEPT)
    return known


def _of_sheets(
    site: Site, topics: dict[int, Topic]
) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    words: dict[int, list[str]] = defaultdict(list)
    titles: dict[int, list[str]] = defaultdict(list)
    own = Sheet.objects.filter(
        authority_id=site.authority_id, topics__in=list(topics), state=Sheet.State.PUBLISHED
    )
    for topic_id, title, keywords in own.values_list("topics", "title", "keywords"):
        if topic_id in topics:
            titles[topic_id].append(title)
            words[topic_id].extend(one.strip() for one in keywords.split(","))
    return words, titles


def _around(desk: Desk, person: Person | None, now: datetime) -> Around:
    lately = Ticket.objects.filter(site=desk.site, desk=desk, last_call_at__gt=now - LATELY)
    recent = Counter(lately.values_list("topic_id", flat=True))
    if person is None:
        return Around(recent)
    visits = Contact.objects.standing().filter(person=person).order_by("-started_at")
    last = visits.values_list("topic_id", flat=True)[:LAST_VISITS]
    return Around(recent, tuple(dict.fromkeys(last)))


def _why(topic: Topic, found: Guess | None, typed: str) -> str:
    """The reason in a word that the reader knows: their own where ours is of another language."""
    if found is None:
        return ""
    read = plain(f"{topic.label} {topic.short_label}").split()
    names = plain(f"{topic.name} {topic.name_en} {topic.short_name}").split()
    word = plain(found.word)
    if word in names and word not in read:
        found = replace(found, word=typed.strip())
    return _because(found)


def _because(found: Guess) -> str:
    if found.why is Why.PERSON:
        return _("what they came for last time")
    if found.why is Why.RECENT:
        sentence = ngettext(
            "asked %(n)s time here this half-hour", "asked %(n)s times here this half-hour",
            found.count,
        )  # fmt: skip
        return sentence % {"n": found.count}
    if found.why is Why.TYPO:
        return _("close to “%(word)s”") % {"word": found.word}
    return _("because of “%(word)s”") % {"word": found.word}
