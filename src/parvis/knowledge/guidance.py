"""The way through a sheet as a page shows it: plain links and one form, no script needed."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from parvis.knowledge import rules
from parvis.knowledge.models import SheetVersion

QUESTION = re.compile(r"^q\d{1,3}$")
VERSION = "v"
# Questions that come from the structure of the text have no words of their own.
USUAL = {
    "situations": _("Which situation is yours?"),
    "cases": _("Which case is yours?"),
    "ways": _("How do you want to go about it?"),
}


@dataclass(frozen=True)
class AnsweredView:
    """A question that was answered, with the address that takes the answer back."""

    title: str
    answer: str
    change: str


@dataclass(frozen=True)
class PathView:
    """What the card "your situation" shows."""

    address: str
    answered: list[AnsweredView]
    key: str
    title: str
    about: str
    help: str
    choices: list[tuple[str, str]]
    fields: list[tuple[str, str]]
    goes: str
    goes_address: str
    is_outdated: bool
    kept: tuple[tuple[str, str], ...] = ()  # what else the page must keep in its address

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the form sends beside the answer to the question."""
        return [*self.kept, *self.fields]

    @property
    def whole(self) -> str:
        """The same page without any answer."""
        return f"{self.address}?{urlencode(self.kept)}" if self.kept else self.address

    @property
    def here(self) -> str:
        """The same page with the answers so far."""
        return f"{self.address}?{urlencode(self.hidden)}" if self.answered else self.whole

    @property
    def query(self) -> str:
        """The answers so far, to carry them to the list of documents."""
        return f"?{urlencode(self.fields)}" if self.answered else ""


def answers_in(given: Mapping[str, str], version: SheetVersion) -> tuple[dict[str, str], bool]:
    """The answers that an address carries; none, and True, if they are about older words."""
    answers = {name: value for name, value in given.items() if QUESTION.match(name)}
    if answers and given.get(VERSION) not in {None, str(version.number)}:
        return {}, True
    return answers, False


def path_view(
    decision: rules.Decision,
    version: SheetVersion,
    ref: str,
    address: Callable[[str], str],
    *,
    is_outdated: bool = False,
    kept: Sequence[tuple[str, str]] = (),
) -> PathView | None:
    """The card for this reader; None when the sheet says the same to everybody."""
    if not decision.has_path:
        return None
    here = address(ref).partition("?")[0]
    fields = [(VERSION, str(version.number))]
    answered = []
    for one in decision.answered:
        before = [*kept, *(fields if len(fields) > 1 else [])]
        mark = "#situation" if len(fields) > 1 else ""
        change = f"{here}?{urlencode(before)}{mark}" if before else here
        choice = one.choice
        answer = choice["title"] if choice else str(_("I do not know"))
        answered.append(AnsweredView(_title(one.question), answer, change))
        fields.append((one.key, one.value))
    following = decision.following
    question = following.question if following else None
    return PathView(
        address=here,
        answered=answered,
        key=following.key if following else "",
        title=_title(question) if question else "",
        about=question.get("about", "") if question else "",
        help=question.get("help", "") if question else "",
        choices=_choices(question) if question else [],
        fields=fields,
        goes=decision.goes,
        goes_address=address(decision.goes) if decision.goes else "",
        is_outdated=is_outdated,
        kept=tuple(kept),
    )


def _title(question: rules.Question) -> str:
    return question["title"] or str(USUAL.get(question["origin"], USUAL["cases"]))


def _choices(question: rules.Question) -> list[tuple[str, str]]:
    return [(str(n), choice["title"]) for n, choice in enumerate(question["choices"], start=1)]
