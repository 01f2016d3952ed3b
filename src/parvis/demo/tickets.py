"""A played day of a hall as rows: tickets, their events, numbers, desks, and the contacts."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from parvis.demo.books import Books
from parvis.demo.contacts import Exchange, Recorder, needs
from parvis.demo.hall import Post, Step, Story
from parvis.demo.town import Colleague, Place

_ENDS = {"finished", "no_show", "left"}
_LANGUAGES = ("en", "ar", "uk", "pt")


_LEG_ENDED = ("called_at", "started_at", "ended_at", "desk_id", "agent_id", "contact_id")
_LEG = (
    "topic_id",
    "waiting_since",
    "called_at",
    "started_at",
    "ended_at",
    "ended_by",
    "outcome",
    "desk_id",
    "agent_id",
    "contact_id",
)
_WENT = (
    "reserved_desk_id",
    "desk_id",
    "agent_id",
    "called_at",
    "last_call_at",
    "calls",
    "started_at",
    "ended_at",
    "transfers",
    "note",
)


@dataclass
class Roster:
    """Who sits at which desk on one day."""

    place: Place
    agents: dict[str, Colleague]  # by the name of the desk in the play

    def desk_id(self, name: str) -> int | None:
        """The desk of that name; none when the step happened at no desk."""
        return self.place.desks[int(name)] if name else None

    def agent_id(self, name: str) -> int | None:
        """Who sits there."""
        return self.agents[name].id if name else None


class _Slip:
    """A ticket while its story is replayed: always as the actions of the hall would leave it."""

    def __init__(self, story: Story, series: str, number: int) -> None:
        self.story = story
        self.series, self.number = series, number
        self.row: dict[str, Any] = {
            "state": "waiting",
            "desk_id": None,
            "agent_id": None,
            "called_at": None,
            "last_call_at": None,
            "calls": 0,
            "started_at": None,
            "ended_at": None,
            "topic_id": 0,
            "reserved_desk_id": None,
            "transfers": 0,
            "note": "",
        }
        self.leg_began = 0  # the arrival at the present desk
        self.first_start: int | None = None
        self.legs: list[dict[str, Any]] = []

    def begin_leg(self, at: int) -> None:
        """Waiting for a topic from now on."""
        blank = dict.fromkeys(_LEG_ENDED, None)
        leg = {"topic_id": self.row["topic_id"], "waiting_since": at, **blank}
        self.legs.append({**leg, "ended_by": "", "outcome": ""})

    def end_leg(self, at: int, kind: str, outcome: str = "", contact: int | None = None) -> None:
        """The topic under way is over, with where and when it was received."""
        row = self.row
        self.legs[-1] |= {"ended_at": at, "ended_by": kind, "outcome": outcome}
        self.legs[-1]["contact_id"] = contact
        if row["desk_id"] is not None:
            times = {"called_at": row["last_call_at"], "started_at": row["started_at"]}
            self.legs[-1] |= {"desk_id": row["desk_id"], "agent_id": row["agent_id"], **times}

    def move(self, **changes: Any) -> dict[str, Any]:
        """Change the ticket; gives back what it was before, as events keep it."""
        before = {name: _plain(name, self.row[name]) for name in changes}
        self.row.update(changes)
        return before

    def call(self, at: int, desk_id: int | None, agent_id: int | None) -> dict[str, Any]:
        """The claim: what the row was before it, as the action writes it."""
        first = _plain("called_at", self.row["called_at"])
        before = {
            "state": "waiting",
            "desk_id": None,
            "agent_id": None,
            "calls": self.row["calls"],
            "called_at": first,
            "last_call_at": first,
        }
        self.row.update(
            state="called",
            desk_id=desk_id,
            agent_id=agent_id,
            calls=self.row["calls"] + 1,
            called_at=self.row["called_at"] or at,
            last_call_at=at,
        )
        self.leg_began = at
        return before


def _plain(name: str, value: Any) -> Any:
    if name.endswith("_at") and value is not None:
        return datetime.fromtimestamp(value, UTC).isoformat()
    return value


class Registrar:
    """Writes the halls of one authority."""

    def __init__(self, books: Books, recorder: Recorder) -> None:
        self.books = books
        self.recorder = recorder
        self.topics = recorder.body.topics

    def write(
        self,
        chance: Random,
        roster: Roster,
        day: date,
        stories: Sequence[Story],
        *,
        cut: int | None = None,
    ) -> Counter[str]:
        """Write one day, up to an instant if it is not over; gives back the last numbers."""
        numbers: Counter[str] = Counter()
        events: list[tuple[Any, ...]] = []
        for story in stories:
            if cut is not None and story.visit.at > cut:
                break
            series = self.topics[story.visit.leg.topic].series
            numbers[series] += 1
            slip = _Slip(story, series, numbers[series])
            self._ticket(chance, roster, day, slip, events, cut)
        # In the order in which they happened: whoever reads the account of a desk relies on it.
        for event in sorted(events, key=lambda event: event[1]):
            self.books.events.add(*event)
        for series, last in sorted(numbers.items()):
            self.books.counters.add(roster.place.id, day.isoformat(), series, last)
        return numbers

    def sit(
        self,
        roster: Roster,
        posts: Sequence[Post],
        stories: Sequence[Story],
        *,
        cut: int | None = None,
    ) -> None:
        """Write who sat where, until the last visitor of each stretch was served."""
        acts: dict[str, list[int]] = {}
        for step in (step for story in stories for step in story.steps if step.desk):
            acts.setdefault(step.desk, []).append(step.at)
        for post in posts:
            for start, end in _sessions(post.hours, acts.get(post.desk, ())):
                if cut is None or start <= cut:
                    is_over = cut is None or end <= cut
                    self.open_desk(roster, post.desk, start, end if is_over else None)

    def open_desk(self, roster: Roster, desk: str, start: int, end: int | None) -> None:
        """One session at a desk; without end it is still open."""
        desk_id, agent_id = roster.desk_id(desk), roster.agent_id(desk)
        self.books.sessions.add(desk_id, agent_id, "open", start, end)
        what, actor = ("organisations.desk", desk_id or 0), f"agent:{agent_id}"
        body = self.recorder.body.id
        self.books.journal.add(start, body, actor, "queue.desk_opened", what)
        if end is not None:
            self.books.journal.add(end, body, actor, "queue.desk_closed", what, of=agent_id)

    def _ticket(
        self,
        chance: Random,
        roster: Roster,
        day: date,
        slip: _Slip,
        events: list[tuple[Any, ...]],
        cut: int | None,
    ) -> None:
        visit = slip.story.visit
        ticket_id = self.books.tickets.new_id()
        slip.row["topic_id"] = self.topics[visit.leg.topic].id
        source, by = _source(chance, roster)
        asked = needs(chance)
        contact_id = person_id = None
        for step in slip.story.steps:
            if cut is not None and step.at > cut:
                break
            data = self._replay(slip, roster, step, source)
            outcome = ""
            if step.kind == "finished":
                done = self._contact(chance, roster, day, slip, step, asked)
                contact_id, person_id, outcome = done
                data = {"outcome": outcome, "contact": contact_id, **data}
            if step.kind in _ENDS:
                slip.end_leg(step.at, step.kind, outcome, contact_id)
            agent_id = by if step.kind == "issued" else roster.agent_id(step.desk)
            desk_id = roster.desk_id(step.desk)
            events.append((ticket_id, step.at, step.kind, desk_id, agent_id, json.dumps(data)))
        language = chance.choice(_LANGUAGES) if chance.random() < 0.03 else ""
        taken = (roster.place.id, slip.row["topic_id"], day.isoformat(), slip.series, slip.number)
        told = (slip.row["state"], visit.priority, source, "", language, person_id, asked)
        came = (f"{chance.getrandbits(256):064x}", visit.at, visit.at - visit.head_start)
        went = (slip.row[field] for field in _WENT)
        wait = slip.story.told
        announced = (wait.low_minutes, wait.high_minutes) if wait else (None, None)
        self.books.tickets.put(ticket_id, *taken, *told, *came, *went, *announced, contact_id)
        for position, leg in enumerate(slip.legs, start=1):
            self.books.legs.add(ticket_id, position, *(leg[name] for name in _LEG))

    def _replay(self, slip: _Slip, roster: Roster, step: Step, source: str) -> dict[str, Any]:
        """Let one event happen to the ticket; gives back what the event keeps."""
        at, row = step.at, slip.row
        match step.kind:
            case "issued":
                slip.begin_leg(at)
                return {"source": source}
            case "called":
                because = "priority" if slip.story.visit.priority else "arrival"
                before = slip.call(at, roster.desk_id(step.desk), roster.agent_id(step.desk))
                return {"because": because, "before": before}
            case "recalled":
                before = slip.move(last_call_at=at, calls=row["calls"] + 1, state="called")
            case "started":
                slip.leg_began = at
                slip.first_start = slip.first_start or at
                before = slip.move(started_at=row["started_at"] or at, state="serving")
            case "held":
                before = slip.move(started_at=row["started_at"] or at, state="held")
            case "resumed":
                before = slip.move(
                    desk_id=row["desk_id"],
                    agent_id=row["agent_id"],
                    last_call_at=at,
                    calls=1,
                    state="called",
                )
            case "transferred":
                return self._send_on(slip, step)
            case "finished":
                began = row["started_at"] or row["last_call_at"]
                before = slip.move(started_at=began, ended_at=at, state="done")
            case "no_show" | "left":
                before = slip.move(ended_at=at, state=step.kind)
            case unknown:
                raise ValueError(unknown)
        return {"before": before}

    def _send_on(self, slip: _Slip, step: Step) -> dict[str, Any]:
        topic_id = self.topics[step.topic].id
        if topic_id != slip.row["topic_id"]:
            received = slip.row["desk_id"] is not None
            slip.end_leg(step.at, "transferred", "passed_on" if received else "")
        before = slip.move(
            topic_id=topic_id,
            reserved_desk_id=None,
            desk_id=None,
            agent_id=None,
            calls=0,
            started_at=None,
            transfers=slip.row["transfers"] + 1,
            note="",
            state="waiting",
        )
        if slip.legs[-1]["ended_at"] is not None:
            slip.begin_leg(step.at)
        return {"topic": topic_id, "desk": None, "note": "", "before": before}

    def _contact(
        self, chance: Random, roster: Roster, day: date, slip: _Slip, step: Step, asked: str
    ) -> tuple[int, int | None, str]:
        visit = slip.story.visit
        began = slip.row["started_at"] if not slip.row["transfers"] else slip.leg_began
        exchange = Exchange(
            channel="desk",
            topic=self.topics[slip.story.leg.topic],
            start=began,
            end=step.at,
            day=day,
            agent=roster.agents[step.desk],
            site_id=roster.place.id,
            desk_id=roster.desk_id(step.desk),
            wait_minutes=((slip.first_start or began) - visit.at) / 60,
            needs=asked,
        )
        return self.recorder.record(chance, exchange)


def _source(chance: Random, roster: Roster) -> tuple[str, int | None]:
    """How the ticket was taken, and by whom if by an agent."""
    draw = chance.random()
    if roster.place.has_kiosk and draw < 0.66:
        return "kiosk", None
    if roster.place.has_kiosk and draw < 0.69:
        return "api", None
    return "agent", chance.choice(list(roster.agents.values())).id


def _sessions(hours: Sequence[tuple[int, int]], acts: Sequence[int]) -> list[tuple[int, int]]:
    """The stretches at a desk: each until its last act, and never into the next one."""
    found = []
    for place, (start, end) in enumerate(hours):
        following = min((begin for begin, _end in hours[place + 1 :]), default=end + 86_400)
        late = [at for at in acts if start <= at < following]
        found.append((start, min(max([end, *late]), following)))
    return found
