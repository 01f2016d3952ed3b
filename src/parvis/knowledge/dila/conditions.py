"""The questions and conditions of a sheet as plain data that ``rules.paths`` can decide on.

Whoever writes the HTML says here what stands under which condition; the sheet's own questionnaire
and the cases that its chapters distinguish become one short list of questions."""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from parvis.knowledge.dila.elements import local_name, plain, plain_of
from parvis.knowledge.rules.paths import Case, Choice, Path, Question, Tree

TESTS = {"estVrai": "true", "estFaux": "false", "estIndefini": "unset"}
GROUPS = {"et": "and", "ou": "or"}
# Names that say nothing: two chapters with such cases do not ask the same thing.
VAGUE = {"cas general", "autre cas", "autres cas", "cas particulier", "cas particuliers"}
VAGUE |= {"autre situation", "general", "oui", "non"}


def tree_of(condition: Element) -> Tree:
    """A condition as a list: ["and", ...], ["not", x], ["true", variable]."""
    return _all_of(condition)


def _all_of(element: Element) -> Tree:
    parts = [part for child in element if (part := _one(child))]
    return parts[0] if len(parts) == 1 else ["and", *parts]


def _one(element: Element) -> Tree:
    name = local_name(element)
    if name in TESTS:
        return [TESTS[name], element.get("var", "")]
    if name in GROUPS:
        parts = [part for child in element if (part := _one(child))]
        return [GROUPS[name], *parts]
    if name == "non":
        return ["not", _all_of(element)]
    return []


@dataclass
class _Block:
    """A set of cases in the text; those with the same names ask one question."""

    number: int
    names: tuple[str, ...]
    about: str
    kind: str  # "situations", "cases" or "ways"
    is_tabs: bool
    depth: int
    in_documents: bool

    @property
    def key(self) -> tuple[str, ...]:
        plain_names = sorted({normal(name) for name in self.names})
        if set(plain_names) <= VAGUE:
            return (*plain_names, str(self.number))
        return tuple(plain_names)


@dataclass
class Cases:
    """Everything conditional that was met while one sheet was written down."""

    conditions: dict[str, Case] = field(default_factory=dict)
    pivots: list[str] = field(default_factory=list)
    about: str = ""  # the title of the chapter that is being written
    _asked: list[Question] = field(default_factory=list)
    _blocks: list[_Block] = field(default_factory=list)
    _inside: list[str] = field(default_factory=list)
    _open: list[_Block] = field(default_factory=list)
    _documents: int = 0

    @contextmanager
    def under(self, tree: Tree) -> Iterator[str]:
        """What is written meanwhile stands under this condition; gives its name."""
        name = f"c{len(self.conditions) + 1}"
        self.conditions[name] = Case(tree=tree, inside=self._inside[-1] if self._inside else "")
        self._inside.append(name)
        try:
            yield name
        finally:
            self._inside.pop()

    @contextmanager
    def block(self, names: Sequence[str], *, kind: str, is_tabs: bool) -> Iterator[list[str]]:
        """A set of cases is being written; gives one variable for each."""
        number = len(self._blocks) + 1
        made = _Block(
            number, tuple(names), self.about, kind, is_tabs, len(self._open), self._documents > 0
        )
        self._blocks.append(made)
        self._open.append(made)
        try:
            yield [f"b{number}.{place}" for place in range(1, len(names) + 1)]
        finally:
            self._open.pop()

    @contextmanager
    def documents(self) -> Iterator[None]:
        """What is written meanwhile is a list of documents: the cases around it matter."""
        for block in self._open:
            block.in_documents = True
        self._documents += 1
        try:
            yield
        finally:
            self._documents -= 1

    def pivot(self, kind: str) -> None:
        """The sheet names this kind of local office."""
        if kind and kind not in self.pivots:
            self.pivots.append(kind)

    def questionnaire(self, element: Element) -> None:
        """The questions that the sheet itself asks, as a list or as branches."""
        for child in element:
            name = local_name(child)
            if name == "Question":
                self._asked.append(_question(child))
            elif name in {"Branche", "Problematique"}:
                break
        branches = [c for c in element if local_name(c) in {"Branche", "Problematique"}]
        if branches:
            self._branches(plain_of(element, "Description"), branches, when=[])

    def _branches(self, title: str, branches: list[Element], *, when: Tree) -> None:
        own = [f"p{len(self._asked) + 1}.{place}" for place in range(1, len(branches) + 1)]
        choices = [
            Choice(
                title=plain_of(branch, "TitreChoix") or plain_of(branch, "Titre"),
                sets=[own[place], *_assigned(branch, "affecteVrai")],
                clears=_assigned(branch, "affecteFaux"),
                goes=_goes(branch),
            )
            for place, branch in enumerate(branches)
        ]
        self._asked.append(Question(title=title, choices=choices, origin="asked", when=when))
        for place, branch in enumerate(branches):
            inner = [child for child in branch if local_name(child) == "Branche"]
            if inner:
                self._branches(plain_of(branch, "Titre"), inner, when=["true", own[place]])

    def path(self) -> Path:
        """All of it as plain data; empty when the sheet says the same to everybody."""
        questions = _once(self._asked) + self._from_text()
        made = Path()
        if questions:
            made["questions"] = questions
        if self.conditions:
            made["cases"] = self.conditions
        if self.pivots:
            made["pivots"] = self.pivots
        return made

    def _from_text(self) -> list[Question]:
        """Cases worth a question: whole situations, tabs, repeated ones, those with documents."""
        together: dict[tuple[str, ...], list[_Block]] = {}
        for block in self._blocks:
            together.setdefault(block.key, []).append(block)
        worth = [group for group in together.values() if _is_worth_asking(group)]
        return [_merged(group) for group in sorted(worth, key=_weight)]


def _is_worth_asking(group: list[_Block]) -> bool:
    if len(set(group[0].names)) < 2:
        return False
    first = group[0]
    return (
        first.kind == "situations"
        or len(group) > 1
        or any(block.in_documents or block.is_tabs for block in group)
    )


def _weight(group: list[_Block]) -> tuple[bool, int, bool, int, int]:
    first = group[0]
    has_documents = any(block.in_documents for block in group)
    depth = min(block.depth for block in group)
    return (first.kind != "situations", depth, not has_documents, -len(group), first.number)


def _merged(group: list[_Block]) -> Question:
    """One question for all places that distinguish the same cases, in the words of the first."""
    first = group[0]
    choices = []
    for name in dict.fromkeys(first.names):
        sets = [
            f"b{block.number}.{place}"
            for block in group
            for place, other in enumerate(block.names, start=1)
            if normal(other) == normal(name)
        ]
        choices.append(Choice(title=name, sets=sets, clears=[], goes=""))
    about = first.about if len(group) == 1 else ""
    return Question(title="", about=about, choices=choices, origin=first.kind, when=[])


def _question(element: Element) -> Question:
    choices = [
        Choice(
            title=plain_of(choice, "Titre") or plain_of(choice, "IntituleSiSelectionne"),
            sets=_assigned(choice, "affecteVrai"),
            clears=_assigned(choice, "affecteFaux"),
            goes="",
        )
        for choice in element
        if local_name(choice) == "Choix"
    ]
    made = Question(title=plain_of(element, "Titre"), choices=choices, origin="asked", when=[])
    help_words = plain_of(element, "Aide")
    if help_words:
        made["help"] = help_words
    return made


def _assigned(choice: Element, name: str) -> list[str]:
    when = choice.find("SiSelectionne")
    if when is None:
        return []
    return [child.get("var", "") for child in when if local_name(child) == name]


def _goes(branch: Element) -> str:
    link = branch.find("LienInterne")
    return link.get("LienPublication", "") if link is not None else ""


def _once(asked: list[Question]) -> list[Question]:
    """The same question with the same choices is asked once and answers all its places."""
    kept: dict[tuple[str, ...], Question] = {}
    for question in asked:
        if not question["choices"]:
            continue
        names = [normal(choice["title"]) for choice in question["choices"]]
        key = (normal(question["title"]), str(question["when"]), *names)
        first = kept.setdefault(key, question)
        if first is not question:
            for one, other in zip(first["choices"], question["choices"], strict=True):
                one["sets"] = list(dict.fromkeys(one["sets"] + other["sets"]))
                one["clears"] = list(dict.fromkeys(one["clears"] + other["clears"]))
    return list(kept.values())


def normal(name: str) -> str:
    """A name without what writers vary: case, accents, punctuation."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    letters = (c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join("".join(letters).split())


def situation_names(element: Element) -> list[str]:
    """The titles of the situations or cases directly under an element."""
    return [
        plain_of(child, "Titre") for child in element if local_name(child) in {"Situation", "Cas"}
    ]


__all__ = ["Cases", "normal", "plain", "situation_names", "tree_of"]
