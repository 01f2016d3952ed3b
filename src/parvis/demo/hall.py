"""One day of a hall, played event by event: who is called when, by which desk, or gives up."""

import heapq
import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any, Final

from parvis.queue.rules import WaitRange

OVERRUN: Final = 50 * 60  # how long a desk stays to serve those who were let in
_SHORTEST_VISIT: Final = 25.0


@dataclass(slots=True)
class Leg:
    """What somebody comes for: a topic, in a line, for so many seconds at the desk."""

    topic: str
    line: str
    service: float


@dataclass(slots=True)
class Visit:
    """Somebody who takes a ticket."""

    at: int
    leg: Leg
    patience: float = math.inf
    silent: bool = False  # leaves without a word: is called in vain
    priority: str = ""
    head_start: int = 0  # what a priority counts as having arrived earlier
    onward: Leg | None = None  # is sent on to another line
    hold: float = 0.0  # is set aside for so long, to fetch a paper


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a ticket, named as the hall names it."""

    at: int
    kind: str
    desk: str = ""
    topic: str = ""  # of a transfer


@dataclass(slots=True)
class Story:
    """A visit, and all that happened to it."""

    visit: Visit
    leg: Leg
    steps: list[Step] = field(default_factory=list)
    waiting: bool = True
    called: bool = False
    rest: float = 0.0
    told: WaitRange | None = None  # the wait as it was announced

    def add(self, at: float, kind: str, desk: str = "", topic: str = "") -> int:
        """Write down what happens at that moment; never before what happened last."""
        earliest = self.steps[-1].at if self.steps else self.visit.at
        self.steps.append(Step(max(int(at), earliest), kind, desk, topic))
        return self.steps[-1].at


@dataclass(slots=True)
class Post:
    """A desk that calls from one line during its hours; ``stays`` until that line is empty."""

    desk: str
    line: str
    hours: list[tuple[int, int]]
    stays: bool = True
    idle: bool = True
    held: list[tuple[float, Story]] = field(default_factory=list)

    def is_open(self, at: float) -> bool:
        """Within its hours?"""
        return any(start <= at < end for start, end in self.hours)

    def may_stay(self, at: float) -> bool:
        """Just after its hours, for those who are still in line?"""
        return self.stays and any(end <= at < end + OVERRUN for _start, end in self.hours)


def play(visits: Sequence[Visit], posts: Sequence[Post], chance: Random) -> list[Story]:
    """The whole day: in the order of arrival, each visit with its events."""
    return _Play(posts, chance).run(visits)


class _Play:
    def __init__(self, posts: Sequence[Post], chance: Random) -> None:
        self.chance = chance
        self.posts = posts
        self.order = count()
        self.agenda: list[tuple[float, int, Callable[..., None], Any]] = []
        self.lines: dict[str, list[tuple[int, int, Story]]] = defaultdict(list)
        self.of_line: dict[str, list[Post]] = defaultdict(list)
        for post in posts:
            self.of_line[post.line].append(post)
            for start, _end in post.hours:
                self._plan(start, self._open, post)

    def run(self, visits: Sequence[Visit]) -> list[Story]:
        stories = [Story(visit, visit.leg) for visit in sorted(visits, key=lambda one: one.at)]
        for story in stories:
            self._plan(story.visit.at, self._arrive, story)
        while self.agenda:
            at, _order, act, what = heapq.heappop(self.agenda)
            act(at, what)
        for story in stories:
            self._send_home(story)
        return stories

    def _plan(self, at: float, act: Callable[..., None], what: Any) -> None:
        heapq.heappush(self.agenda, (at, next(self.order), act, what))

    def _arrive(self, at: float, story: Story) -> None:
        visit = story.visit
        story.add(at, "issued")
        if math.isfinite(visit.patience) and not visit.silent:
            self._plan(at + visit.patience, self._lose_patience, story)
        self._join(at, story)

    def _join(self, at: float, story: Story) -> None:
        story.waiting = True
        rank = story.visit.at - story.visit.head_start
        heapq.heappush(self.lines[story.leg.line], (rank, next(self.order), story))
        for post in self.of_line[story.leg.line]:
            if post.idle and (post.is_open(at) or post.may_stay(at)):
                self._next(at, post)
                return

    def _lose_patience(self, at: float, story: Story) -> None:
        if story.waiting and not story.called:
            story.waiting = False
            story.add(at, "left")

    def _open(self, at: float, post: Post) -> None:
        if post.idle:  # else somebody of the morning is still there
            self._next(at, post)

    def _free(self, at: float, post: Post) -> None:
        post.idle = True
        if post.is_open(at) or post.may_stay(at):
            self._next(at, post)

    def _next(self, at: float, post: Post) -> None:
        if post.held and post.held[0][0] <= at:
            _ready, story = post.held.pop(0)
            self._resume(at, post, story)
            return
        line = self.lines[post.line]
        while line:
            _rank, _order, story = heapq.heappop(line)
            if story.waiting:
                self._call(at, post, story)
                return

    def _call(self, at: float, post: Post, story: Story) -> None:
        post.idle = story.waiting = False
        story.called = True
        story.add(at, "called", post.desk)
        visit = story.visit
        if visit.silent and at - visit.at > visit.patience:
            again = story.add(at + self.chance.randint(20, 40), "recalled", post.desk)
            gone = story.add(again + self.chance.randint(15, 30), "no_show", post.desk)
            self._plan(gone, self._free, post)
            return
        began = story.add(at + self.chance.randint(6, 35), "started", post.desk)
        self._plan(self._serve(began, post, story), self._free, post)

    def _serve(self, began: int, post: Post, story: Story) -> int:
        """Serve, send on or set aside; gives back when the desk is free again."""
        visit = story.visit
        service = max(story.leg.service, _SHORTEST_VISIT)
        if visit.onward is not None:
            sent = began + self.chance.randint(40, 110)
            story.leg, visit.onward = visit.onward, None
            sent = story.add(sent, "transferred", post.desk, story.leg.topic)
            self._plan(sent, self._join, story)
            return sent
        if visit.hold:
            aside = story.add(began + service * 0.4, "held", post.desk)
            story.rest = service * 0.6
            post.held.append((aside + visit.hold, story))
            self._plan(aside + visit.hold, self._back, post)
            return aside
        return story.add(began + service, "finished", post.desk)

    def _back(self, at: float, post: Post) -> None:
        if post.idle and post.held and post.held[0][0] <= at:
            self._next(at, post)

    def _resume(self, at: float, post: Post, story: Story) -> None:
        post.idle = False
        story.add(at, "resumed", post.desk)
        began = story.add(at + self.chance.randint(6, 25), "started", post.desk)
        end = story.add(began + max(story.rest, _SHORTEST_VISIT), "finished", post.desk)
        self._plan(end, self._free, post)

    def _send_home(self, story: Story) -> None:
        """Whoever is still there when the last desk closes goes home."""
        last = story.steps[-1]
        if last.kind not in {"finished", "left", "no_show"}:
            closing = max((end for post in self.posts for _start, end in post.hours), default=0)
            desk = last.desk if last.kind == "held" else ""
            story.add(max(last.at, closing + OVERRUN), "left", desk)
