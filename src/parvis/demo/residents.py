"""Who comes: people known by name or not at all, and who comes back because it was not settled."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from random import Random

from parvis.contacts import rules
from parvis.demo.books import Books
from parvis.demo.content.loader import Content
from parvis.demo.town import Body, TopicInfo

LINKED = {"desk": 0.56, "phone": 0.62, "email": 0.98, "post": 1.0, "web": 0.98}
_KNOWN = 0.72  # of linked contacts: somebody who came before, about something else
_APART = 62  # days: longer than any window, so that two matters are never taken for one
_STREETS = (
    "rue des Lavandières", "place des Tilleuls", "rue du Coteau", "chemin du Lavoir",
    "allée des Ardoisiers", "rue de la Passerelle", "impasse du Verger", "rue du Marché-Vieux",
)  # fmt: skip
# Ranges that the numbering plan keeps for fiction: nobody's telephone rings.
_FICTIONAL = ("0199", "0261", "0353", "0465", "0536", "0639")
_NEXT_DIGITS = {"0199": "00", "0261": "91", "0353": "01", "0465": "71", "0536": "49", "0639": "98"}
_PATIENCE = 5  # days that somebody who means to come to the desk waits for a chance


@dataclass(frozen=True, slots=True)
class Return:
    """Somebody who will come back about the same family of topics."""

    due: int  # day, as an ordinal
    person_id: int
    topic: TopicInfo
    channel: str
    case_id: int | None = None


class Residents:
    """The people of one authority."""

    def __init__(self, body: Body, content: Content, books: Books) -> None:
        self.body = body
        self.books = books
        self.first_names = [one.name for one in content.people.first_names]
        self.last_names = content.people.last_names
        self.known: list[int] = []
        self._seen: dict[tuple[int, int], int] = {}
        self._due: dict[int, list[Return]] = defaultdict(list)
        self._at_desk: dict[int, list[Return]] = defaultdict(list)

    def come_back(self, one: Return) -> None:
        """Remember that somebody will come back."""
        self._due[one.due].append(one)

    def returning(self, day: int) -> list[Return]:
        """Who calls or writes again on that day; those who come to the desk wait for a visit."""
        now = []
        for one in self._due.pop(day, ()):
            if one.channel == "desk":
                self._at_desk[one.topic.family_id].append(one)
            else:
                now.append(one)
        return now

    def tired(self, day: int) -> list[Return]:
        """Who found no chance to come to the desk, and telephones instead."""
        late = []
        for family, waiting in self._at_desk.items():
            late += [one for one in waiting if one.due + _PATIENCE <= day]
            self._at_desk[family] = [one for one in waiting if one.due + _PATIENCE > day]
        return late

    def back_at_desk(self, topic: TopicInfo) -> Return | None:
        """Somebody who comes back to the desk about this family, if anybody does."""
        waiting = self._at_desk[topic.family_id]
        return waiting.pop(0) if waiting else None

    def somebody(
        self, chance: Random, topic: TopicInfo, channel: str, day: date, at: int
    ) -> tuple[int | None, str]:
        """Who it is, new here or known, and how sure the house is of it."""
        if chance.random() >= LINKED[channel]:
            return None, "none"
        linking = "manual" if channel == "desk" else "details"
        person_id = self._known(chance, topic, day) or self.newcomer(chance, channel, at)
        self.saw(person_id, topic, day)
        return person_id, linking

    def saw(self, person_id: int, topic: TopicInfo, day: date) -> None:
        """Remember that the person came about this family."""
        self._seen[person_id, topic.family_id] = day.toordinal()

    def _known(self, chance: Random, topic: TopicInfo, day: date) -> int | None:
        if not self.known or chance.random() >= _KNOWN:
            return None
        for _try in range(3):
            person_id = self.known[int(chance.random() * len(self.known))]
            seen = self._seen.get((person_id, topic.family_id))
            if seen is None or seen < day.toordinal() - _APART:
                return person_id
        return None

    def newcomer(self, chance: Random, channel: str, at: int) -> int:
        """Somebody whom the house did not know before."""
        first, last = chance.choice(self.first_names), chance.choice(self.last_names)
        person_id = self.books.people.new_id()
        phone = channel == "phone" or chance.random() < 0.7
        email = channel in {"email", "web"} or chance.random() < 0.4
        street = f"{chance.randint(1, 90)} {chance.choice(_STREETS)}"
        self.books.people.put(
            person_id,
            self.body.id,
            first,
            last,
            _email(first, last, person_id) if email else "",
            _phone(chance) if phone else "",
            street if channel == "post" or chance.random() < 0.3 else "",
            "",
            at,
        )
        self.books.journal.add(
            at, self.body.id, "system", "contacts.person_added", ("contacts.person", person_id)
        )
        self.known.append(person_id)
        return person_id


def _phone(chance: Random) -> str:
    start = _FICTIONAL[int(chance.random() * len(_FICTIONAL))]
    return f"{start}{_NEXT_DIGITS[start]}{int(chance.random() * 10_000):04}"


def _email(first: str, last: str, number: int) -> str:
    plain = f"{rules.plain(first)}.{rules.plain(last)}".replace(" ", "-")
    return f"{plain}{number}@courriel.example"
