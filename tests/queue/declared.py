"""The declared order, told anew from what was asked and from the account of each visit.

Nothing here asks the product who is next: ``docs/explanation/waiting-in-line.md`` is what these
lines repeat. The machine lets them follow every event and say whether each call was right.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

WAITING = "waiting"
STATE_AFTER = {
    "called": "called",
    "recalled": "called",
    "resumed": "called",
    "started": "serving",
    "held": "held",
    "came_back": WAITING,
    "transferred": WAITING,
    "leg_finished": WAITING,
    "no_show": "no_show",
    "left": "left",
    "forgotten": "left",
    "voided": "left",
    "finished": "done",
}
BY_THEIR_TURN = {
    "arrival", "priority", "appointment", "reserved", "returned", "returned_here", "sent",
}  # fmt: skip
DAY_OF_A_HALL = timedelta(hours=12)
PAST = 2  # people that somebody lets past at a time


@dataclass(frozen=True)
class Asked:
    """What somebody asked for when they came."""

    site: int
    topic: int
    priority: str = ""
    booked_at: datetime | None = None
    kept_agent: int | None = None


@dataclass(frozen=True)
class Window:
    """A desk as it was furnished."""

    site: int
    topics: frozenset[int]


@dataclass
class Person:
    """Somebody in the hall, as far as the order is concerned."""

    id: int
    site: int
    topic: int
    since: datetime  # what the declared rule counts from
    rank: datetime
    state: str = WAITING
    kept_agent: int | None = None
    kept_desk: int | None = None
    has_let_past: bool = False
    before: dict[int, dict[str, Any]] = field(default_factory=dict)  # by event, for undoing

    @property
    def place(self) -> tuple[datetime, int]:
        return self.rank, self.id


@dataclass
class Line:
    """The people of all halls, and the rule by which they are called."""

    windows: dict[int, Window]
    able: set[tuple[int, int]]  # agent and topic that needs a skill
    skilled: set[int]  # the topics that need one
    fairness: timedelta
    late: timedelta
    people: dict[int, Person] = field(default_factory=dict)
    checked: int = 0  # calls that were compared with the rule

    def comes(self, ticket: int, asked: Asked, arrival: datetime) -> None:
        """Take a place: the arrival, or the time booked when it was kept; less for a right."""
        booked = asked.booked_at
        is_kept = booked is not None and arrival <= booked + self.late
        since = booked if booked is not None and is_kept else arrival
        rank = since - self.fairness if asked.priority or is_kept else since
        person = Person(ticket, asked.site, asked.topic, since, rank)
        person.kept_agent = asked.kept_agent
        self.people[ticket] = person

    def hears(self, event: Any, *, now: datetime, receiving: Iterable[tuple[int, int]]) -> None:
        """One more event; a call by turn must be that of the first whom the desk may call."""
        person, kind, data = self.people[event.ticket_id], event.kind, event.data
        if kind == "undone":
            for name, value in person.before[data["of"]].items():
                setattr(person, name, value)
            return
        names = ("state", "topic", "kept_agent", "kept_desk")
        person.before[event.pk] = {name: getattr(person, name) for name in names}
        if kind == "called" and data["because"] in BY_THEIR_TURN:
            self._is_right(person, event.desk_id, event.agent_id, now)
        if kind == "let_past":
            self._lets_past(person, set(receiving), now)
        if kind in {"transferred", "leg_finished"}:
            person.topic = data["topic"] or person.topic
        self._kept(person, event)
        person.state = STATE_AFTER.get(kind, person.state)

    def _kept(self, person: Person, event: Any) -> None:
        data = event.data
        if event.kind == "held":
            person.kept_agent = event.agent_id if data["wish"] == "me" else None
            person.kept_desk = event.desk_id if data["wish"] == "desk" else None
        elif event.kind == "transferred":
            person.kept_agent, person.kept_desk = data["agent_to"], data["desk"]
        elif event.kind in {"resumed", "leg_finished", "released"}:
            assert event.kind != "released" or person.kept_agent or person.kept_desk
            person.kept_agent = person.kept_desk = None

    def may_call(self, desk: int, agent: int, person: Person) -> bool:
        """Kept for this colleague or this desk, or of a topic of it; and able, if need be."""
        if person.topic in self.skilled and (agent, person.topic) not in self.able:
            return False
        if person.kept_agent is not None:
            return person.kept_agent == agent
        if person.kept_desk is not None:
            return person.kept_desk == desk
        return person.topic in self.windows[desk].topics

    def waiting(self, site: int, now: datetime) -> list[Person]:
        """Those in line, in their order."""
        oldest = now - DAY_OF_A_HALL
        here = [p for p in self.people.values() if p.site == site and p.state == WAITING]
        return sorted((p for p in here if p.rank > oldest), key=lambda p: p.place)

    def callable(self, desk: int, agent: int, now: datetime) -> list[Person]:
        """Whom an agent at a desk may call, in the order in which they must."""
        line = self.waiting(self.windows[desk].site, now)
        return [person for person in line if self.may_call(desk, agent, person)]

    def _is_right(self, called: Person, desk: int, agent: int, now: datetime) -> None:
        line = self.callable(desk, agent, now)
        self.checked += 1
        first = line[0].id if line else None
        assert called.id == first, f"the order: {called.id} was called, {first} is first"
        for other in line[1:]:
            passes = called.since - other.since > self.fairness
            assert other.has_let_past or not passes, f"the order: {called.id} passes {other.id}"

    def _lets_past(self, me: Person, receiving: Collection[tuple[int, int]], now: datetime) -> None:
        mine = [(desk, agent) for desk, agent in receiving if self.may_call(desk, agent, me)]
        behind = [
            person
            for person in self.waiting(me.site, now)
            if person.place > me.place and any(self.may_call(*one, person) for one in mine)
        ]
        assert behind, f"the order: {me.id} lets nobody past"
        me.rank = behind[:PAST][-1].rank + timedelta(microseconds=1)
        me.has_let_past = True
