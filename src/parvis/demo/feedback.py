"""What people answer about a contact; the wait weighs on it unless this town is the null one."""

import json
import math
from dataclasses import dataclass
from random import Random
from typing import Final

from parvis.demo.books import Books
from parvis.demo.content.loader import Content

# By channel: who answers, and by which means with which weights.
RATES: Final = {"desk": 0.21, "phone": 0.09, "email": 0.14, "web": 0.14, "post": 0.14}
_MEANS: Final = {
    "desk": (("paper", 0.6), ("ticket", 0.27), ("kiosk", 0.13)),
    "phone": (("api", 1.0),),  # the program that sends text messages
    "email": (("tracking", 1.0),),
    "web": (("tracking", 1.0),),
    "post": (("tracking", 1.0),),
}
_CONTENT: Final = 2.25  # logit of being satisfied without any wait
_PER_MINUTE: Final = 0.055  # of wait, less
_NOT_SETTLED: Final = 0.9
_USUAL_WAIT: Final = 3.0  # minutes; what everybody seems to have waited when waits have no effect
_COMMENTED: Final = 0.18


@dataclass(frozen=True, slots=True)
class Asked:
    """A contact about which somebody may answer."""

    authority_id: int
    contact_id: int
    channel: str
    family: str
    ended: int
    wait_minutes: float
    declared: bool
    comes_back: bool


@dataclass(frozen=True)
class Opinions:
    """How the people of this town answer."""

    content: Content
    books: Books
    limit: int  # nothing is known after this instant
    waits_matter: bool = True

    def ask(self, chance: Random, asked: Asked) -> None:
        """Perhaps an answer, some time after the contact."""
        if chance.random() >= RATES[asked.channel]:
            return
        via = _pick(chance, _MEANS[asked.channel])
        later = (
            chance.randint(60, 600) if via in {"paper", "kiosk"} else chance.randint(600, 90_000)
        )
        at = asked.ended + later
        if at > self.limit:
            return
        satisfaction = self._satisfaction(chance, asked)
        solved = None if chance.random() < 0.08 else self._solved(chance, asked)
        comment = self._comment(chance, asked.family, satisfaction, solved)
        response_id = self.books.responses.add(
            asked.authority_id, asked.contact_id, at, via, solved, satisfaction, comment
        )
        after = {"solved": solved, "satisfaction": satisfaction}
        self.books.journal.add(
            at,
            asked.authority_id,
            "person",
            "feedback.answer_given",
            ("feedback.response", response_id),
            via=via,
            before={"solved": None, "satisfaction": None},
            after=after,
        )

    def _wait(self, asked: Asked) -> float:
        return asked.wait_minutes if self.waits_matter else _USUAL_WAIT

    def _satisfaction(self, chance: Random, asked: Asked) -> int:
        logit = _CONTENT - _PER_MINUTE * self._wait(asked)
        if not asked.declared or asked.comes_back:
            logit -= _NOT_SETTLED
        draw, shade = chance.random(), chance.random()
        if draw < 1 / (1 + math.exp(-logit)):
            return 5 if shade < 0.62 else 4
        return 3 if shade < 0.5 else 2 if shade < 0.8 else 1

    def _solved(self, chance: Random, asked: Asked) -> bool:
        likely = 0.95 if asked.declared else 0.35
        if asked.declared and asked.comes_back:
            likely = 0.3
        return chance.random() < likely - 0.004 * min(self._wait(asked), 60)

    def _comment(self, chance: Random, family: str, satisfaction: int, solved: bool | None) -> str:
        if chance.random() >= _COMMENTED:
            return ""
        tone = "positive" if satisfaction > 3 else "mixed" if satisfaction == 3 else "negative"
        words = self.content.cases.satisfaction[tone]
        if solved is False and satisfaction < 4:
            words = (*words, *self.content.cases.not_solved)
        fitting = [one.text for one in words if not one.families or family in one.families]
        return chance.choice(fitting) if fitting else ""


def _pick(chance: Random, choices: tuple[tuple[str, float], ...]) -> str:
    draw = chance.random()
    for value, weight in choices:
        draw -= weight
        if draw < 0:
            return value
    return choices[-1][0]


def plain_json(values: list[str]) -> str:
    """A list as the database keeps it."""
    return json.dumps(values) if values else "[]"
