"""The days of a history: which are generated, and how each hall of such a day is played."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from parvis.demo import arrivals, plans, seeds
from parvis.demo.arrivals import Stretch
from parvis.demo.contacts import Wheel
from parvis.demo.hall import Leg, Post, Story, Visit, play
from parvis.demo.tickets import Roster
from parvis.demo.town import Colleague, Place, TopicInfo

ONE_DAY = timedelta(days=1)
_RECENT = 2  # working days that every history has, whatever its scale: yesterday is never empty
_MONTH = 30.44
_PRIORITY = 0.05
_PRIORITIES = ("reduced_mobility", "pregnant", "child", "elderly", "card")
_SENT_ON = 0.04  # of the visits of the general line
_HELD = 0.02
_HONOURED = 0.92  # of the appointments on offer, taken and kept
_SILENT = 0.4  # of those who leave do so without a word


@dataclass(frozen=True)
class Calendar:
    """From which day to which the history runs, and how much of it is played."""

    first: date
    last: date
    seed: int
    scale: float = 1.0

    def __iter__(self) -> Iterator[date]:
        for number in range((self.last - self.first).days + 1):
            yield self.first + number * ONE_DAY

    def month_of(self, day: date) -> int:
        """Which month of the history it is, from 1 on."""
        return int((day - self.first).days / _MONTH) + 1

    def played(self) -> set[date]:
        """The days on which halls and lines are open: below scale 1 whole days of every month."""
        if self.scale >= 1:
            return set(self)
        chance = seeds.rng(self.seed, "days")
        months: dict[int, list[date]] = {}
        for day in self:
            if day.weekday() < 5:
                months.setdefault(min(self.month_of(day), 12), []).append(day)
        chosen = {day for days in months.values() for day in self._some(chance, days)}
        return chosen | {day for days in months.values() for day in days[-_RECENT:]
                         if days[-1] >= self.last - 4 * ONE_DAY}  # fmt: skip

    def _some(self, chance: Random, days: list[date]) -> list[date]:
        return chance.sample(days, max(1, round(len(days) * self.scale)))


@dataclass
class HallDay:
    """One day of one place, played."""

    roster: Roster
    posts: list[Post]
    stories: list[Story]


@dataclass(frozen=True)
class Halls:
    """Plays the halls, by the plans of each place."""

    calendar: Calendar

    def play(
        self, place: Place, day: date, stretches: Sequence[Stretch], busy: float
    ) -> HallDay | None:
        """One day of a place in these hours; None when it has no line or is closed."""
        lines = plans.LINES.get(place.slug)
        if not lines or not stretches:
            return None
        chance = seeds.rng(self.calendar.seed, "hall", place.slug, day)
        relieved = self.calendar.month_of(day) >= plans.RELIEF_MONTH
        posts = [post for line in lines for post in _posts(line, stretches, relieved=relieved)]
        roster = Roster(place, _who(place, posts, chance))
        posts = [post for post in posts if post.desk in roster.agents]
        visits = [
            visit for line in lines for visit in self._visits(chance, place, line, stretches, busy)
        ]
        return HallDay(roster, posts, play(visits, posts, chance))

    def _visits(
        self,
        chance: Random,
        place: Place,
        line: plans.Line,
        stretches: Sequence[Stretch],
        busy: float,
    ) -> Iterator[Visit]:
        topics = _topics(place, line)
        if not topics:
            return
        wheel = Wheel(topics, line.beyond)
        means = [(t.minutes, w) for t, w in zip(topics, wheel.weights, strict=True)]
        usual = sum(mean * weight for mean, weight in means) / sum(wheel.weights)
        cv = arrivals.within(line.cv, means)
        for at in _comings(chance, line, stretches, busy):
            topic = wheel.draw(chance)
            mean = line.minutes * topic.minutes / usual * 60
            visit = Visit(at, Leg(topic.slug, line.name, arrivals.lognormal(chance, mean, cv)))
            self._mood(chance, place, line, visit)
            yield visit

    def _mood(self, chance: Random, place: Place, line: plans.Line, visit: Visit) -> None:
        if not line.slot_minutes:
            visit.patience = arrivals.patience(chance)
            visit.silent = chance.random() < _SILENT
        if chance.random() < _PRIORITY:
            visit.priority = chance.choice(_PRIORITIES)
            visit.head_start = place.fairness
        draw = chance.random()
        if place.slug == "mairie" and line.name == "general" and draw < _SENT_ON:
            visit.onward = self._onward(chance, place)
        elif draw > 1 - _HELD:
            visit.hold = chance.uniform(240, 900)

    def _onward(self, chance: Random, place: Place) -> Leg:
        """Where somebody at the general desk should have gone."""
        lines = {line.name: line for line in plans.LINES[place.slug]}
        line = lines["civil" if chance.random() < 0.65 else "family"]
        topic = Wheel(_topics(place, line), 1.0).draw(chance)
        return Leg(topic.slug, line.name, arrivals.lognormal(chance, topic.minutes * 60, line.cv))


def _topics(place: Place, line: plans.Line) -> list[TopicInfo]:
    """What is asked for in a line: topics that its desks really serve."""
    desks = (*line.base, *line.peak, *line.relief)
    served = set.intersection(*(place.serves.get(number, set()) for number in desks))
    return [
        topic
        for topic in place.authority.topics.values()
        if topic.slug in served
        and topic.family in line.families
        and (not line.topics or topic.slug in line.topics)
    ]


def _comings(
    chance: Random, line: plans.Line, stretches: Sequence[Stretch], busy: float
) -> list[int]:
    if not line.slot_minutes:
        share = min(1.0, arrivals.open_weight(stretches))
        return arrivals.times(chance, line.volume * busy * share, stretches)
    found = []
    for stretch in stretches:
        for slot in range(stretch.start, stretch.end - 60, line.slot_minutes * 60):
            for _desk in line.base:
                if chance.random() < _HONOURED:
                    early = chance.gauss(240, 200)
                    found.append(max(stretch.start, int(slot - early)))
    return sorted(found)


def _posts(line: plans.Line, stretches: Sequence[Stretch], *, relieved: bool) -> Iterator[Post]:
    base = (*line.base, *(line.relief if relieved else ()))
    whole = [(stretch.start, stretch.end) for stretch in stretches]
    for number in base:
        yield Post(str(number), line.name, list(whole))
    for number in line.peak:
        hours = [piece for stretch in stretches if (piece := _at_peak(stretch)) is not None]
        if number not in base and hours:
            yield Post(str(number), line.name, hours, stays=False)


def _at_peak(stretch: Stretch) -> tuple[int, int] | None:
    from_wall, until_wall = plans.PEAK
    start = max(stretch.start, stretch.start + from_wall - stretch.wall)
    end = min(stretch.end, stretch.start + until_wall - stretch.wall)
    return (start, end) if end > start else None


def _who(place: Place, posts: Sequence[Post], chance: Random) -> dict[str, Colleague]:
    agents: dict[str, Colleague] = {}
    taken: set[int] = set()
    for post in posts:
        own = place.staff.get(int(post.desk), [])
        free = [one for one in own if one.id not in taken]
        if free:
            agents[post.desk] = chance.choice(free)
            taken.add(agents[post.desk].id)
    return agents
