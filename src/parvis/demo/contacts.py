"""Exchanges on every channel, as the actions of the room would have written them down."""

import json
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random
from typing import Final

from parvis.demo.books import Books
from parvis.demo.cases import Files, Request
from parvis.demo.content.loader import Content
from parvis.demo.feedback import Asked, Opinions, plain_json
from parvis.demo.residents import Residents, Return
from parvis.demo.town import Body, Colleague, TopicInfo

Weights = tuple[tuple[str, float], ...]

# How contacts end: at reception for level 1, and what reception can do for level 2 (R12).
_LEVEL_1: Final[dict[str, Weights]] = {
    "desk": (("resolved", 0.945), ("passed_on", 0.02), ("case_opened", 0.02),
             ("appointment_made", 0.01), ("abandoned", 0.005)),
    "phone": (("resolved", 0.84), ("passed_on", 0.09), ("case_opened", 0.04),
              ("appointment_made", 0.02), ("abandoned", 0.01)),
    "email": (("resolved", 0.6), ("passed_on", 0.08), ("case_opened", 0.32)),
    "post": (("resolved", 0.45), ("passed_on", 0.2), ("case_opened", 0.35)),
    "web": (("resolved", 0.1), ("passed_on", 0.05), ("case_opened", 0.85)),
}  # fmt: skip
_LEVEL_2: Final[Weights] = (
    ("case_opened", 0.2), ("appointment_made", 0.4), ("passed_on", 0.4),
)  # fmt: skip
_SPECIALIST: Final[Weights] = (
    ("resolved", 0.72), ("case_opened", 0.2), ("appointment_made", 0.08),
)  # fmt: skip
_FILED: Final[Weights] = (("appointment_made", 0.78), ("passed_on", 0.22))  # identity documents
_ELSEWHERE: Final[Weights] = (("resolved", 0.8), ("other_authority", 0.2))
_BACK: Final[Weights] = (("resolved", 0.7), ("passed_on", 0.2), ("appointment_made", 0.1))

# Why it need not have happened: for a first contact, and for somebody who comes back.
_AVOIDABLE: Final[Weights] = (
    ("chasing", 0.04), ("unclear_letter", 0.047), ("web_information", 0.05),
    ("wrong_service", 0.04), ("proof_twice", 0.01), ("it_failure", 0.01),
)  # fmt: skip
_AVOIDABLE_BACK: Final[Weights] = (
    ("chasing", 0.5), ("unclear_letter", 0.1), ("proof_twice", 0.1), ("web_information", 0.08),
    ("promise_not_kept", 0.06), ("wrong_service", 0.05), ("it_failure", 0.02),
)  # fmt: skip
# The chance of coming back, after "resolved", after anything else, and once one is back already.
_RETURNS: Final = {True: 0.128, False: 0.2}
_RETURNS_AGAIN: Final = 0.07
_RETURN_BY: Final[Weights] = (("phone", 0.62), ("email", 0.23), ("desk", 0.15))
_NEEDS: Final = ("seat", "large_text", "read_aloud", "interpreter", "digital_help", "quiet")
_CORRECTED: Final = 0.003
_REASONS: Final = (
    "Motif choisi trop vite au moment de l’affluence.",
    "La personne est revenue : ce n’était pas réglé.",
    "Erreur de touche à la clôture.",
)


@dataclass(slots=True)
class Exchange:
    """One exchange, before it is known how it ends."""

    channel: str
    topic: TopicInfo
    start: int
    end: int
    day: date
    agent: Colleague | None = None
    site_id: int | None = None
    desk_id: int | None = None
    wait_minutes: float = 0.0
    needs: str = "[]"
    back: Return | None = None


class Recorder:
    """Writes down the exchanges of one authority, and all that follows from them."""

    def __init__(
        self, body: Body, content: Content, books: Books, opinions: Opinions, files: Files
    ) -> None:
        self.body = body
        self.books = books
        self.opinions = opinions
        self.files = files
        self.residents = Residents(body, content, books)
        self.notes = content.cases.notes

    def record(self, chance: Random, one: Exchange) -> tuple[int, int | None, str]:
        """Write one exchange; gives back its key, the person and the outcome."""
        person_id, linking = self._who(chance, one)
        outcome = self._outcome(chance, one)
        contact_id = self.books.contacts.new_id()
        if outcome == "case_opened":
            request = Request(one.topic, one.channel, one.end, one.day, contact_id, person_id)
            outcome = self.files.open(chance, request, one.agent) or "passed_on"
        comes_back = self._comes_back(chance, one, person_id, outcome)
        cause = self._cause(chance, one)
        kept = self._correct(chance, one, contact_id, outcome)
        self.books.contacts.put(
            contact_id,
            self.body.id,
            one.site_id,
            one.desk_id,
            one.agent and one.agent.id,
            one.topic.id,
            person_id,
            linking,
            one.channel,
            one.start,
            one.end,
            one.end,
            kept,
            False,
            one.needs,
            cause,
            self._note(chance, one),
            None,
        )
        self._told(one, contact_id, outcome)
        if kept == "resolved" and one.topic.version_id and chance.random() < 0.35:
            self.books.sheets.add(contact_id, one.topic.version_id)
        asked = Asked(
            self.body.id, contact_id, one.channel, one.topic.family, one.end,
            one.wait_minutes, kept == "resolved", comes_back,
        )  # fmt: skip
        self.opinions.ask(chance, asked)
        return contact_id, person_id, kept

    def _who(self, chance: Random, one: Exchange) -> tuple[int | None, str]:
        if one.channel == "desk" and one.back is None:
            one.back = self.residents.back_at_desk(one.topic)
        if one.back is not None:
            self.residents.saw(one.back.person_id, one.topic, one.day)
            linking = "manual" if one.channel == "desk" else "details"
            return one.back.person_id, linking
        return self.residents.somebody(chance, one.topic, one.channel, one.day, one.start)

    def _outcome(self, chance: Random, one: Exchange) -> str:
        if one.back is not None and one.topic.level == 1:
            return pick(chance, _BACK)
        if one.topic.level == 1:
            if one.topic.family == "autres-organismes":
                return pick(chance, _ELSEWHERE)
            return pick(chance, _LEVEL_1[one.channel])
        if one.agent is not None and one.agent.settles(one.topic):
            return pick(chance, _SPECIALIST)
        if one.channel in {"post", "web"}:
            return "case_opened"
        return pick(chance, _FILED if one.topic.family == "identite" else _LEVEL_2)

    def _comes_back(
        self, chance: Random, one: Exchange, person_id: int | None, outcome: str
    ) -> bool:
        again = _RETURNS_AGAIN if one.back else _RETURNS[outcome == "resolved"]
        if person_id is None or chance.random() >= again:
            return False
        due = one.day.toordinal() + chance.randint(1, min(one.topic.window, 14) - 1)
        channel = pick(chance, _RETURN_BY)
        self.residents.come_back(Return(due, person_id, one.topic, channel))
        return True

    def _cause(self, chance: Random, one: Exchange) -> str:
        if one.agent is None:
            return ""
        return pick(chance, _AVOIDABLE_BACK if one.back else _AVOIDABLE, otherwise="")

    def _note(self, chance: Random, one: Exchange) -> str:
        if one.agent is None or chance.random() >= 0.06:
            return ""
        note = self.notes[int(chance.random() * len(self.notes))]
        return note.text if not note.families or one.topic.family in note.families else ""

    def _correct(self, chance: Random, one: Exchange, contact_id: int, outcome: str) -> str:
        """Rarely, what was written down is corrected later: the first word stays readable."""
        if one.agent is None or outcome not in {"resolved", "passed_on"}:
            return outcome
        at = one.end + chance.randint(120, 7200)
        if chance.random() >= _CORRECTED or at > self.opinions.limit:
            return outcome
        after = "appointment_made" if outcome == "passed_on" else "passed_on"
        by = chance.choice([one.agent, *self.body.heads])
        self.books.corrections.add(
            contact_id,
            at,
            by.id,
            chance.choice(_REASONS),
            json.dumps({"outcome": outcome}),
            json.dumps({"outcome": after}),
        )
        self.books.journal.add(
            at, self.body.id, f"agent:{by.id}", "contacts.contact_corrected",
            ("contacts.contact", contact_id), fields=["outcome"],
        )  # fmt: skip
        return after

    def _told(self, one: Exchange, contact_id: int, outcome: str) -> None:
        self.books.journal.add(
            one.end,
            self.body.id,
            f"agent:{one.agent.id}" if one.agent else "system",
            "contacts.contact_logged",
            ("contacts.contact", contact_id),
            channel=one.channel,
            outcome=outcome,
            topic=one.topic.slug,
        )


class Wheel:
    """Topics drawn by their share."""

    def __init__(self, topics: list[TopicInfo], beyond: float) -> None:
        self.topics = topics
        self.weights = [one.share * (beyond if one.level > 1 else 1.0) for one in topics]
        self._bounds = list(accumulate(self.weights))

    def draw(self, chance: Random) -> TopicInfo:
        """One topic."""
        return chance.choices(self.topics, cum_weights=self._bounds)[0]


def pick(chance: Random, choices: Weights, otherwise: str | None = None) -> str:
    """One of the values by its weight; ``otherwise`` takes what the weights leave."""
    draw = chance.random()
    for value, weight in choices:
        draw -= weight
        if draw < 0:
            return value
    return choices[-1][0] if otherwise is None else otherwise


def needs(chance: Random) -> str:
    """What somebody asked for to make it easier; mostly nothing."""
    if chance.random() >= 0.05:
        return "[]"
    return plain_json([chance.choice(_NEEDS)])
