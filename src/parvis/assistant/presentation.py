"""A conversation as pages show it: each turn with what its template needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis.assistant.models import Turn
from parvis.assistant.queries import rewording
from parvis.assistant.queries.handing import public_name

MASKED: dict[str, Promise] = {
    "email": _("an e-mail address"),
    "phone": _("a telephone number"),
    "iban": _("a bank account"),
    "card": _("a card number"),
    "nir": _("a social security number"),
    "birth": _("a date of birth"),
    "name": _("a name"),
    "address": _("a number in a street"),
}


@dataclass(frozen=True)
class Said:
    """One turn as it is shown."""

    turn: Turn
    is_open: bool  # the last word: its question can still be answered
    reworded: Sequence[dict[str, str]] = ()  # what a language model made of the quoted lines

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = self.turn.data
        return found

    @property
    def is_person(self) -> bool:
        return self.turn.author == Turn.Author.PERSON

    @property
    def name(self) -> str:
        """What the person may read of the agent who wrote this."""
        return public_name(self.turn.agent, self.turn.at)

    @property
    def is_automatic(self) -> bool:
        return self.turn.author in {Turn.Author.ASSISTANT, Turn.Author.HOUSE}

    @property
    def masked(self) -> list[Promise]:
        """What was taken out of the message, in words."""
        return [MASKED[kind] for kind in self.data.get("masked", []) if kind in MASKED]

    @property
    def language(self) -> str:
        """The language of the lines that are quoted; what was said before it was kept is French."""
        return str(self.data.get("sheet", {}).get("language") or "fr")

    @property
    def checked_on(self) -> date | None:
        """When the sheet that is quoted was checked last."""
        told = self.data.get("sheet", {}).get("checked_on", "")
        return date.fromisoformat(told) if told else None

    @property
    def asks(self) -> dict[str, Any] | None:
        """The question of the sheet, as long as it is the last word."""
        found: dict[str, Any] | None = self.data.get("asks") if self.is_open else None
        return found


def shown(turns: Sequence[Turn]) -> list[Said]:
    """Every turn in order."""
    last = turns[-1].pk if turns else None
    reworded = rewording.texts_of(turns)
    return [Said(turn, turn.pk == last, reworded.get(turn.pk, ())) for turn in turns]


def may_rate(turns: Sequence[Turn]) -> bool:
    """Whether there is something to judge: the assistant has said more than good day."""
    kinds = {"answer", "structured", "asks_back", "closest", "none"}
    return any(turn.kind in kinds for turn in turns)
