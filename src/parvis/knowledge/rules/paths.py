"""The way through a sheet: which question comes next, and what the answers leave to read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Any, NotRequired, TypedDict

# ["true", "v"], ["false", "v"], ["unset", "v"], ["and", ...], ["or", ...], ["not", tree]
Tree = list[Any]
MOST_QUESTIONS = 5
UNSURE = "0"  # the answer "I do not know": everything stays to read, nothing is asked again
VOID = {"br"}
BARE = {"oui", "non"}  # say nothing without their question


class Choice(TypedDict):
    """One answer, with the variables that it makes true or false."""

    title: str
    sets: list[str]
    clears: list[str]
    goes: str  # another sheet that answers this case; usually empty


class Question(TypedDict):
    """One question; those without a title ask for the case among the choices."""

    title: str
    choices: list[Choice]
    origin: str  # "asked" by the sheet, or read from its "situations", "cases" or "ways"
    when: Tree
    about: NotRequired[str]
    help: NotRequired[str]


class Case(TypedDict):
    """A part of the text under a condition, inside another such part or of the whole sheet."""

    tree: Tree
    inside: str


class Path(TypedDict, total=False):
    """Everything conditional in one version of a sheet; empty when nothing is."""

    questions: list[Question]
    cases: dict[str, Case]
    pivots: list[str]


@dataclass(frozen=True)
class Answered:
    """A question that was answered, with what was chosen."""

    key: str
    question: Question
    value: str

    @property
    def choice(self) -> Choice | None:
        """What was chosen; none for "I do not know"."""
        place = int(self.value)
        return self.question["choices"][place - 1] if place else None


@dataclass(frozen=True)
class Asked:
    """The question that comes next."""

    key: str
    question: Question


@dataclass(frozen=True)
class Decision:
    """How far the reader is: the answers that count, the next question, what is left out."""

    answered: tuple[Answered, ...] = ()
    following: Asked | None = None
    hidden: frozenset[str] = frozenset()
    chosen: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def goes(self) -> str:
        """The other sheet that the last answer leads to; usually empty."""
        last = self.answered[-1].choice if self.answered else None
        return last["goes"] if last else ""

    @property
    def has_path(self) -> bool:
        """Is there anything to ask or to take back?"""
        return bool(self.answered or self.following)


def decide(path: Path, answers: Mapping[str, str]) -> Decision:
    """Follow the answers that make sense, in order, and find the next question that matters."""
    questions = path.get("questions", [])
    cases = path.get("cases", {})
    values: dict[str, bool] = {}
    answered: list[Answered] = []
    following = None
    for number, question in enumerate(questions, start=1):
        key = f"q{number}"
        seen = _visible(cases, values)
        if len(answered) >= MOST_QUESTIONS or not _matters(question, cases, seen, values):
            continue
        value = answers.get(key, "")
        if not _is_answer(question, value):
            following = Asked(key, question)
            break
        answered.append(Answered(key, question, value))
        _assign(question, int(value), values)
    seen = _visible(cases, values)
    return Decision(
        answered=tuple(answered),
        following=following,
        hidden=frozenset(name for name, is_seen in seen.items() if is_seen is False),
        chosen=frozenset(name for name, is_seen in seen.items() if is_seen),
        labels={
            name: _label(cases[name]["tree"], questions, values)
            for name, is_seen in seen.items()
            if is_seen is None
        },
    )


def _is_answer(question: Question, value: str) -> bool:
    if not (value.isascii() and value.isdigit() and len(value) <= 3):
        return False
    return int(value) <= len(question["choices"])


def _assign(question: Question, place: int, values: dict[str, bool]) -> None:
    if not place:
        return
    chosen = question["choices"][place - 1]
    # What only the other choices would have made true is false now; what was true stays.
    for choice in question["choices"]:
        for variable in choice["sets"]:
            values.setdefault(variable, False)
    for variable in chosen["clears"]:
        values[variable] = False
    for variable in chosen["sets"]:
        values[variable] = True


def evaluate(tree: Tree, values: Mapping[str, bool]) -> bool | None:
    """Whether a condition holds; None as long as the answers do not say."""
    if not tree:
        return True
    name, *parts = tree
    match name:
        case "true":
            return values.get(parts[0])
        case "false":
            known = values.get(parts[0])
            return None if known is None else not known
        case "unset":
            return parts[0] not in values
        case "not":
            inner = evaluate(parts[0], values)
            return None if inner is None else not inner
        case "and":
            return _combined((evaluate(part, values) for part in parts), decisive=False)
        case "or":
            return _combined((evaluate(part, values) for part in parts), decisive=True)
    return None


def _combined(results: Any, *, decisive: bool) -> bool | None:
    """One decisive part is enough; else an open part leaves the whole open."""
    found = list(results)
    if decisive in found:
        return decisive
    return None if None in found else not decisive


def _visible(cases: Mapping[str, Case], values: Mapping[str, bool]) -> dict[str, bool | None]:
    """Each part: seen, hidden, or open; what stands inside a hidden part is hidden."""
    seen: dict[str, bool | None] = {}
    for name, case in cases.items():  # outer parts were written down before inner ones
        own = evaluate(case["tree"], values)
        outer = seen.get(case["inside"], True)
        seen[name] = _combined([own, outer], decisive=False)
    return seen


def _matters(
    question: Question,
    cases: Mapping[str, Case],
    seen: Mapping[str, bool | None],
    values: Mapping[str, bool],
) -> bool:
    """A question is put only if something that can still be read depends on it."""
    if evaluate(question["when"], values) is not True:
        return False
    if any(choice["goes"] for choice in question["choices"]):
        return True
    own = {v for choice in question["choices"] for v in [*choice["sets"], *choice["clears"]]}
    own -= values.keys()
    undecided = [
        case["tree"]
        for name, case in cases.items()
        if seen[name] is not False and evaluate(case["tree"], values) is None
    ]
    if any(_needs(tree, own) for tree in undecided):
        return True
    return question["origin"] == "asked" and not cases and bool(own)


def _needs(tree: Tree, variables: set[str]) -> bool:
    if not tree:
        return False
    name, *parts = tree
    if name in {"true", "false", "unset"}:
        return parts[0] in variables
    return any(_needs(part, variables) for part in parts)


def _label(tree: Tree, questions: list[Question], values: Mapping[str, bool]) -> str:
    """The case that a part is for, in the words of the choices; empty when that is not simple."""
    wanted = _wanted(tree) - values.keys()
    names = [
        choice["title"]
        for question in questions
        for choice in question["choices"]
        if wanted & set(choice["sets"]) and choice["title"].strip().casefold() not in BARE
    ]
    return " / ".join(dict.fromkeys(names)) if len(names) <= 4 else ""


def _wanted(tree: Tree) -> set[str]:
    if not tree:
        return set()
    name, *parts = tree
    if name == "true":
        # A case of the text carries its name already.
        return set() if parts[0].startswith("b") and "." in parts[0] else {parts[0]}
    if name in {"and", "or"}:
        return set().union(*(_wanted(part) for part in parts))
    return set()


def shown(
    html: str,
    decision: Decision,
    *,
    only_for: str = "",
    place: Callable[[str], str] = lambda pivot: "",
) -> str:
    """The HTML that these answers leave, with local places put in; marks of ours are taken out."""
    if " data-" not in html:
        return html
    reader = _Rewriter(decision, only_for, place)
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


def documents_in(html: str) -> list[str]:
    """The lists of documents that stand inside other parts of a text."""
    if 'data-part="documents"' not in html:
        return []
    reader = _Cutter()
    reader.feed(html)
    reader.close()
    return reader.found


class _Copier(HTMLParser):
    """Passes cleaned HTML through, tag by tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)

    def take(self, piece: str) -> None:
        raise NotImplementedError

    def handle_data(self, data: str) -> None:
        self.take(data)

    def handle_entityref(self, name: str) -> None:
        self.take(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.take(f"&#{name};")


class _Rewriter(_Copier):
    def __init__(self, decision: Decision, only_for: str, place: Callable[[str], str]) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._decision = decision
        self._only_for = only_for
        self._place = place
        self._left_out = 0  # depth inside a part that the answers exclude
        self._ends: list[str] = []  # what goes before each end tag

    def take(self, piece: str) -> None:
        if not self._left_out:
            self.parts.append(piece)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            self.take(f"<{tag}>")
            return
        given = dict(attrs)
        case, pivot = given.pop("data-case", None) or "", given.pop("data-pivot", None)
        if self._left_out or case in self._decision.hidden:
            self._left_out += 1
            return
        if tag == "details" and case in self._decision.chosen:
            given["open"] = ""
        note = self._note(case)
        opening = f"<{tag}{_attributes(given)}>"
        if tag == "div" and note:
            opening += f'<p class="pv-small pv-quiet">{note}</p>'
        self.parts.append(opening)
        end = f' <span class="pv-small pv-quiet">({note})</span>' if tag == "li" and note else ""
        self._ends.append(end + (self._place(pivot) if pivot else ""))

    def handle_endtag(self, tag: str) -> None:
        if self._left_out:
            self._left_out -= 1
        elif self._ends:
            self.parts.append(f"{self._ends.pop()}</{tag}>")

    def _note(self, case: str) -> str:
        label = self._decision.labels.get(case, "")
        return f"{escape(self._only_for)} {escape(label)}" if label and self._only_for else ""


class _Cutter(_Copier):
    """Cuts out the outermost lists of documents."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._depth = 0

    def take(self, piece: str) -> None:
        if self._depth:
            self.found[-1] += piece

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_list = ("data-part", "documents") in attrs
        if self._depth:
            self.take(f"<{tag}{_attributes(dict(attrs))}>")
            self._depth += tag not in VOID
        elif is_list:
            self.found.append("")
            self._depth = 1

    def handle_endtag(self, tag: str) -> None:
        if not self._depth:
            return
        self._depth -= 1
        self.take(f"</{tag}>")


def _attributes(given: Mapping[str, str | None]) -> str:
    return "".join(f' {name}="{escape(value or "")}"' for name, value in given.items())
