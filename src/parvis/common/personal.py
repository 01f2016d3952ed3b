"""What the rooms keep about people: each room declares it in its ``held.py``, and nobody else.

A ``Root`` is something that is kept and ends as a whole; a ``Held`` is a table with words of or
about somebody, and says how its rows are reached from the roots. Searches for a person, exports,
the register, erasures and eliminations read these lines, so that no room knows another.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise

Words = str | Promise
Told = Callable[[Sequence[Any]], list[str]]  # the values of a column, in words


@dataclass(frozen=True)
class Root:
    """Something that ends as a whole: its time is counted from ``ended``."""

    model: str
    label: Words
    ended: str
    marks: tuple[str, ...]  # what tells it from every other row, also in another copy
    scope: str = "authority_id"
    needs_visa: bool = False  # public archives: nothing goes without the archive service
    months: int = 0  # proposed; none for what is never proposed by age alone

    def rows(self) -> models.QuerySet[Any]:
        """All of them, whoever they belong to."""
        found: models.QuerySet[Any] = apps.get_model(self.model)._default_manager.all()
        return found


@dataclass(frozen=True)
class Lead:
    """Whoever ends a root ends these roots as well: the exchange from which a case came."""

    start: str
    to: str
    path: str  # from the second to the first
    obliged: bool = False


@dataclass(frozen=True)
class Activity:
    """One line of the register of processing: why the room keeps what it keeps, and who reads it.

    ``models`` are the tables it speaks of; ``kept`` is said where no rule of the authority counts.
    """

    key: str
    name: Words
    purpose: Words
    people: Words
    categories: Words
    recipients: Words
    kept: Words = ""
    root: str = ""
    basis: Words = ""


@dataclass(frozen=True)
class Without:
    """Empties a JSON column of these keys only: the others are figures."""

    keys: tuple[str, ...]


DASH = "–"


def dashed(column: str) -> Callable[[datetime], Any]:
    """Empties a column that a constraint wants to say something in some rows, and in others not."""
    empty = models.When(**{column: ""}, then=models.Value(""))
    return lambda now: models.Case(empty, default=models.Value(DASH))


def by_label(choices: type[models.TextChoices]) -> Told:
    """Reads a column of codes, or of lists of codes, by their labels."""
    words = {str(code): label for code, label in choices.choices}

    def told(values: Sequence[Any]) -> list[str]:
        each = (value if isinstance(value, list) else [value] for value in values)
        return [", ".join(str(words.get(code, code)) for code in codes) for codes in each]

    return told


@dataclass(frozen=True)
class Held:
    """A table with words of or about somebody, and what becomes of its rows.

    ``emptied`` gives the values that a row has afterwards; without it the row is deleted.
    ``obliged``: kept because the law asks for it, whatever the person wishes, until its term.
    ``told``: how a column is read of which the model itself does not say what its codes mean.
    """

    model: str
    label: Words
    of: Mapping[str, tuple[str, ...]]
    shown: tuple[str, ...] = ()
    emptied: Mapping[str, Any] | None = None
    digest: str = ""
    obliged: bool = False
    told: Mapping[str, Told] = field(default_factory=dict)
    known_by: tuple[str, ...] = ()  # columns with an e-mail or a telephone of somebody unlinked

    def rows(self, root: str, keys: list[Any]) -> models.QuerySet[Any]:
        """The rows that are reached from these roots."""
        wanted = models.Q(pk__in=[])
        for path in self.of.get(root, ()):
            wanted |= models.Q(**{f"{path}__in": keys})
        ids = _manager(self.model).filter(wanted).values("pk")
        return _manager(self.model).filter(pk__in=ids).order_by("pk")

    def reached(
        self, keys: Mapping[str, set[Any]], known: Iterable[str] = ()
    ) -> models.QuerySet[Any]:
        """The rows that are reached from any of these roots, or that bear one of the addresses."""
        wanted = models.Q(pk__in=[])
        for column in self.known_by:
            wanted |= models.Q(**{f"{column}__in": [word for word in known if word]})
        for root in self.of:
            wanted |= models.Q(pk__in=self.rows(root, sorted(keys.get(root, ()))).values("pk"))
        return _manager(self.model).filter(wanted).order_by("pk")


@dataclass
class _Register:
    roots: dict[str, Root] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)
    leads: list[Lead] = field(default_factory=list)
    activities: dict[str, Activity] = field(default_factory=dict)
    without: set[str] = field(default_factory=set)
    files: set[tuple[str, str]] = field(default_factory=set)
    no_files: set[tuple[str, str]] = field(default_factory=set)


_register = _Register()
_HASH = 64  # characters of the name of a content in the store


def declare(*what: Root | Held | Lead | Activity) -> None:
    """A room says what it keeps; parents before children."""
    for one in what:
        if isinstance(one, Root):
            _register.roots[one.model] = one
        elif isinstance(one, Lead):
            _register.leads.append(one)
        elif isinstance(one, Activity):
            _register.activities[one.key] = one
        else:
            _register.held[one.model] = one
            if one.digest:
                keeps_files(one.model, one.digest)


def nobody(*labels: str) -> None:
    """A room says that these tables keep nothing of the public: words of the house only."""
    _register.without.update(labels)


def keeps_files(label: str, column: str) -> None:
    """A room says that this column names contents of the store, of nobody in particular."""
    _register.files.add((label, column))


def no_files(label: str, *columns: str) -> None:
    """A room says that these columns look like the name of a content, and are none."""
    _register.no_files.update((label, column) for column in columns)


def roots() -> list[Root]:
    """Everything that ends as a whole, lower rooms first."""
    return list(_register.roots.values())


def root(label: str) -> Root:
    """One of them."""
    return _register.roots[label]


def held() -> list[Held]:
    """Every table that keeps something of somebody, parents first."""
    return list(_register.held.values())


def activities() -> list[Activity]:
    """What the rooms do with what they keep, for the register."""
    return list(_register.activities.values())


def reach(start: str, keys: Iterable[Any], *, obliged: bool = True) -> dict[str, set[Any]]:
    """Every root that ends with these: themselves, and where they lead."""
    found: dict[str, set[Any]] = {start: set(keys)}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for lead in _register.leads:
            if lead.start != here or (lead.obliged and not obliged):
                continue
            rows = _manager(lead.to).filter(**{f"{lead.path}__in": sorted(found[here])})
            new = set(rows.values_list("pk", flat=True)) - found.get(lead.to, set())
            if new:
                found.setdefault(lead.to, set()).update(new)
                waiting.append(lead.to)
    return found


def declared() -> set[str]:
    """Every table of which a room has said what it holds, if anything."""
    return set(_register.held) | _register.without


def digests() -> Iterator[str]:
    """Every content that some row still names."""
    for label, column_name in sorted(_register.files):
        rows = _manager(label).exclude(**{column_name: ""})
        yield from rows.values_list(column_name, flat=True)


def undeclared_files() -> set[tuple[str, str]]:
    """The columns that could name a content of the store, and of which no room has said so."""
    return {
        (model._meta.label, column.name)
        for model in apps.get_models()
        if model.__module__.startswith("parvis.")
        for column in model._meta.concrete_fields
        if _could_name_content(column)
    } - (_register.files | _register.no_files)


def _could_name_content(column: models.Field[Any, Any]) -> bool:
    if isinstance(column, models.FileField):
        return True
    return isinstance(column, models.CharField) and column.max_length == _HASH


def model_of(label: str) -> type[models.Model]:
    """The table of this name."""
    return apps.get_model(label)


def _manager(label: str) -> models.Manager[Any]:
    manager: models.Manager[Any] = apps.get_model(label)._base_manager
    return manager
