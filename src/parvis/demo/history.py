"""Twelve months of reception, day by day, up to yesterday."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from parvis.common.calendar import Territory, holiday_name
from parvis.demo import arrivals, plans, promises, seeds
from parvis.demo.arrivals import Stretch
from parvis.demo.books import Books
from parvis.demo.cases import Files
from parvis.demo.contacts import Exchange, Recorder, Wheel
from parvis.demo.content.loader import Content
from parvis.demo.days import ONE_DAY, Calendar, HallDay, Halls
from parvis.demo.feedback import Opinions
from parvis.demo.residents import Return
from parvis.demo.tickets import Registrar
from parvis.demo.town import Body, Colleague, Place, TopicInfo

_WEIGHTS = {
    "phone": arrivals.PHONE_WEIGHTS,
    "email": arrivals.MAIL_WEIGHTS,
    "post": arrivals.POST_WEIGHTS,
    "web": arrivals.EVENING_WEIGHTS,
}
_BEYOND = {"phone": 0.3, "email": 0.5, "post": 0.6, "web": 0.3}
# By what share a written request asks to be followed: its topic is then one that services follow.
_TO_FOLLOW = {"phone": 0.04, "email": 0.32, "post": 0.42, "web": 0.8}
_AT_WEEKEND = 0.2
_SMALLEST, _LARGEST = 0.06, 0.08  # of the town's calls and letters, for the other authorities
_BY_SPECIALIST = 0.6  # of the letters and e-mails, answered by the service itself
_LONGEST = 3 * 3600
_ANNOUNCED = timedelta(days=56)  # the waits of eight weeks were announced; before, none were


@dataclass
class Chapter:
    """One authority of the history, and whoever writes down what happens in it."""

    body: Body
    recorder: Recorder
    registrar: Registrar
    wheels: dict[str, Wheel]

    @property
    def size(self) -> float:
        """How many calls and letters come, compared with the town."""
        share = self.body.population / plans.POPULATION_OF_TOWN
        return 1.0 if share == 1 else max(_SMALLEST, min(_LARGEST, share))

    @property
    def hall(self) -> Place:
        """The main place: the first of the authority."""
        return next(iter(self.body.places.values()))

    @property
    def phone(self) -> Place:
        """Where the telephone is answered."""
        return next((one for one in self.body.places.values() if one.is_phone), self.hall)


class History:
    """Writes the days of all authorities."""

    def __init__(
        self,
        content: Content,
        bodies: Sequence[Body],
        calendar: Calendar,
        limit: int,
        *,
        waits_matter: bool = True,
    ) -> None:
        self.calendar = calendar
        self.limit = limit
        self.books = Books()
        self.halls = Halls(calendar)
        self.memories: dict[int, promises.Memory] = {}
        opinions = Opinions(content, self.books, limit, waits_matter)
        self.chapters = [self._chapter(content, body, opinions) for body in bodies]

    def _chapter(self, content: Content, body: Body, opinions: Opinions) -> Chapter:
        files = Files(body, content, self.books, self.limit)
        recorder = Recorder(body, content, self.books, opinions, files)
        topics = list(body.topics.values())
        wheels = {channel: Wheel(topics, beyond) for channel, beyond in _BEYOND.items()}
        return Chapter(body, recorder, Registrar(self.books, recorder), wheels)

    def write(self, progress: Callable[[float], None]) -> dict[str, int]:
        """Write every day; tells how far it is; gives back how many rows of what were written."""
        played = self.calendar.played()
        days = list(self.calendar)
        for number, day in enumerate(days, start=1):
            for chapter in self.chapters:
                if day in played:
                    self._halls(chapter, day)
                    self._letters(chapter, day)
                self._returns(chapter, day)
            progress(number / len(days))
        return self.books.close()

    def write_today(self, day: date, skip: frozenset[str]) -> None:
        """The calls and letters of a day that is not over, and the halls that are not skipped."""
        for chapter in self.chapters:
            self._halls(chapter, day, skip=skip, cut=self.limit)
            self._letters(chapter, day)

    def _busy(self, day: date) -> float:
        yesterday = day - ONE_DAY * (3 if day.weekday() == 0 else 1)
        return arrivals.busyness(
            month=day.month,
            weekday=day.weekday(),
            after_holiday=bool(holiday_name(yesterday, Territory.METROPOLIS)),
        )

    def _halls(
        self,
        chapter: Chapter,
        day: date,
        *,
        skip: frozenset[str] = frozenset(),
        cut: int | None = None,
    ) -> None:
        for place in chapter.body.places.values():
            if place.slug in skip:
                continue
            hall = self.halls.play(place, day, place.stretches(day), self._busy(day))
            if hall is None:
                continue
            self.announce(place, hall, day)
            chance = seeds.rng(self.calendar.seed, "rows", place.slug, day)
            chapter.registrar.write(chance, hall.roster, day, hall.stories, cut=cut)
            chapter.registrar.sit(hall.roster, hall.posts, hall.stories, cut=cut)

    def announce(self, place: Place, hall: HallDay, day: date) -> None:
        """Say to the visitors of a day what they were told, and learn from how it went."""
        memory = self.memories.setdefault(place.id, promises.Memory(declared_minutes(place)))
        if day >= self.calendar.last - _ANNOUNCED:
            promises.tell(hall.stories, hall.posts, memory)
        memory.learn(hall.stories)

    def _letters(self, chapter: Chapter, day: date) -> None:
        for remote in plans.REMOTE:
            chance = seeds.rng(self.calendar.seed, remote.channel, chapter.body.slug, day)
            mean = remote.volume * chapter.size * (1 - remote.returns) * self._busy(day)
            stretches = self._hours(chapter, remote.channel, day)
            if remote.channel == "web" and day.weekday() >= 5:
                mean = remote.volume * chapter.size * _AT_WEEKEND
            for at in arrivals.times(chance, mean, stretches, _WEIGHTS[remote.channel]):
                topic = self._topic(chance, chapter, remote.channel)
                self._exchange(chance, chapter, remote, topic, at, day)

    def _hours(self, chapter: Chapter, channel: str, day: date) -> list[Stretch]:
        if channel == "web":
            return [chapter.hall.whole_day(day)]
        if channel == "phone" and chapter.phone.is_phone:
            return chapter.phone.stretches(day, "phone")
        return chapter.hall.stretches(day)

    def _topic(self, chance: Random, chapter: Chapter, channel: str) -> TopicInfo:
        if chance.random() < _TO_FOLLOW[channel]:
            followed = chapter.recorder.files.topic_for(chance, channel)
            if followed is not None:
                return followed
        return chapter.wheels[channel].draw(chance)

    def _returns(self, chapter: Chapter, day: date) -> None:
        """Those who come back: by telephone or e-mail on a day when somebody answers."""
        residents, ordinal = chapter.recorder.residents, day.toordinal()
        due = [*residents.returning(ordinal), *residents.tired(ordinal)]
        if not due:
            return
        chance = seeds.rng(self.calendar.seed, "returns", chapter.body.slug, day)
        for one in due:
            channel = "phone" if one.channel == "desk" else one.channel
            remote = next(remote for remote in plans.REMOTE if remote.channel == channel)
            found = arrivals.times(chance, 6, self._hours(chapter, channel, day))
            if found:
                self._exchange(chance, chapter, remote, one.topic, found[0], day, back=one)
            else:  # nobody answers on that day: tomorrow, perhaps
                residents.come_back(_tomorrow(one, ordinal))

    def _exchange(
        self,
        chance: Random,
        chapter: Chapter,
        remote: plans.Remote,
        topic: TopicInfo,
        at: int,
        day: date,
        back: Return | None = None,
    ) -> None:
        seconds = min(arrivals.lognormal(chance, remote.minutes * 60, remote.cv), _LONGEST)
        end = at if remote.channel == "web" else at + max(20, int(seconds))
        agent = _answers(chance, chapter.body, remote.channel, topic)
        if end > self.limit:
            return
        site_id = chapter.phone.id if remote.channel == "phone" else None
        exchange = Exchange(remote.channel, topic, at, end, day, agent, site_id, back=back)
        chapter.recorder.record(chance, exchange)


def _answers(chance: Random, body: Body, channel: str, topic: TopicInfo) -> Colleague | None:
    """Who takes the call or writes the answer; nobody takes in a form."""
    if channel == "web":
        return None
    followers = body.followers.get(topic.service_id)
    if channel != "phone" and followers and chance.random() < _BY_SPECIALIST:
        return chance.choice(followers)
    return chance.choice(body.reception)


def _tomorrow(one: Return, ordinal: int) -> Return:
    return Return(ordinal + 1, one.person_id, one.topic, one.channel)


def declared_minutes(place: Place) -> dict[str, float]:
    """What the authority declared about its topics."""
    return {topic.slug: topic.minutes for topic in place.authority.topics.values()}


def bounds(today: date) -> tuple[date, date]:
    """The first and the last day of a history that ends yesterday."""
    return today - timedelta(days=365), today - ONE_DAY
