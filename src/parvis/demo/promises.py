"""What the hall announced to each visitor of a played day, by the rules that the product follows.

Only what was known when the ticket was taken goes in: who was there, which desks were open, and
how visits went before.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from parvis.demo.hall import Post, Step, Story
from parvis.queue import rules

_KEPT: Final = 300  # visits of a topic
_FIRST: Final = {"finished": 0, "left": 0, "no_show": 0, "held": 0, "transferred": 0, "issued": 1}
_ENDS: Final = ("finished", "left", "no_show")
_ME: Final = 1 << 62


@dataclass
class Memory:
    """How visits to one place went until now, by topic."""

    declared: Mapping[str, float] = field(default_factory=dict)  # minutes
    minutes: dict[str, deque[float]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=_KEPT))
    )
    ends: Counter[str] = field(default_factory=Counter)
    lengths: dict[str, rules.Lengths] = field(default_factory=dict)  # of today

    def stop(self, topic: str, line: int) -> rules.Stop:
        """How long somebody for this topic takes, as the hall knows it today."""
        full = self.lengths.get(topic)
        if full is None:
            lately = rules.lengths_lately(self.minutes[topic])
            full = lately or rules.lengths_declared(self.declared.get(topic, 0))
            self.lengths[topic] = full
        total = self.ends.total() or 1
        left, vain = self.ends["left"] / total, self.ends["no_show"] / total
        return rules.Stop(line, rules.with_absent(full, left=left, no_show=vain), full)

    def learn(self, stories: Sequence[Story]) -> None:
        """A day is over: what happened is known from tomorrow on."""
        self.lengths.clear()
        for story in stories:
            last = story.steps[-1]
            self.ends[last.kind] += 1
            kinds = {step.kind for step in story.steps}
            if last.kind == "finished" and "transferred" not in kinds:
                called = max(s.at for s in story.steps if s.kind in {"called", "resumed"})
                self.minutes[story.leg.topic].append((last.at - called) / 60)


def tell(stories: Sequence[Story], posts: Sequence[Post], memory: Memory) -> None:
    """Write into every story the range that was announced when the ticket was taken."""
    lines = {line: number for number, line in enumerate(sorted({post.line for post in posts}))}
    room = _Room(posts, lines, memory)
    for story, step in _in_order(stories):
        if step.kind == "issued":
            story.told = room.announce(story, step.at)
        room.see(story, step)


def _in_order(stories: Sequence[Story]) -> Iterator[tuple[Story, Step]]:
    steps = [(story, step) for story in stories for step in story.steps]
    yield from sorted(steps, key=lambda one: (one[1].at, _FIRST.get(one[1].kind, 2)))


class _Room:
    """Who is in line and at which desk, at every moment."""

    def __init__(self, posts: Sequence[Post], lines: dict[str, int], memory: Memory) -> None:
        self.posts = posts
        self.lines = lines
        self.memory = memory
        self.waiting: dict[int, tuple[Story, str]] = {}  # with the topic that they wait for
        self.line_of: dict[int, str] = {}
        self.busy: dict[str, tuple[float, str]] = {}  # by desk: since when, for which topic

    def see(self, story: Story, step: Step) -> None:
        """One step happens."""
        me = id(story)
        if step.kind == "issued":
            self._wait(story, story.visit.leg.topic, story.visit.leg.line)
        elif step.kind in {"called", "resumed"}:
            _story, topic = self.waiting.pop(me, (story, story.leg.topic))
            self.busy[step.desk] = (step.at, topic)
        elif step.kind == "transferred":
            self.busy.pop(step.desk, None)
            self._wait(story, step.topic, story.leg.line)
        elif step.kind in _ENDS or step.kind == "held":
            self.waiting.pop(me, None)
            self.busy.pop(step.desk, None)

    def _wait(self, story: Story, topic: str, line: str) -> None:
        self.waiting[id(story)] = (story, topic)
        self.line_of[id(story)] = line

    def announce(self, story: Story, at: int) -> rules.WaitRange | None:
        """The range for somebody who comes now."""
        line = story.visit.leg.line
        desks = [self._desk(post, at) for post in self.posts if self._is_there(post, line, at)]
        ahead = [
            rules.Waiting(number, rank_of(other), (self.memory.stop(topic, self.lines[line]),))
            for number, (other, topic) in enumerate(self.waiting.values())
            if self.line_of[id(other)] == line
        ]
        me = rules.Waiting(_ME, rank_of(story), (rules.Stop(self.lines.get(line, -1)),))
        return rules.wait_ranges(desks, ahead, [me])[_ME]

    def _is_there(self, post: Post, line: str, at: int) -> bool:
        return post.line == line and (post.is_open(at) or post.desk in self.busy)

    def _desk(self, post: Post, at: int) -> rules.Receiving:
        topics = frozenset({self.lines[post.line]})
        rest: rules.Lengths = ()
        if post.desk in self.busy:
            since, topic = self.busy[post.desk]
            full = self.memory.stop(topic, 0).full
            rest = rules.rest_of_visit(full, (at - since) / 60) if full else ()
        return rules.Receiving(int(post.desk), topics, rest=rest)


def rank_of(story: Story) -> float:
    """The place in line: the arrival, earlier for a priority."""
    return float(story.visit.at - story.visit.head_start)
