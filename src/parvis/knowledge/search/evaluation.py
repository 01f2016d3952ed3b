"""How well the search finds, measured on a saved set of questions."""

import json
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from parvis.common.errors import Refused
from parvis.knowledge.search.editors import Editors
from parvis.knowledge.search.finding import DEPTH, Found, find
from parvis.organisations.models import Authority


@dataclass(frozen=True)
class Question:
    """One saved question; without expected sheets it is one that nobody here can answer."""

    words: str
    expected: frozenset[str]
    kind: str = ""
    half: str = ""

    def rank_in(self, refs: Sequence[str]) -> int | None:
        """The place of the first expected sheet, from 1."""
        return next((n for n, ref in enumerate(refs, 1) if ref in self.expected), None)


@dataclass
class Evaluation:
    """What came out, question by question."""

    ranks: list[int | None] = field(default_factory=list)  # of the first expected sheet
    answered: list[bool] = field(default_factory=list)  # of the questions that have a sheet
    wrongly: list[bool] = field(default_factory=list)  # of those that have none
    milliseconds: list[float] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def add(self, question: Question, found: Found, milliseconds: float) -> None:
        """Count one question."""
        self.milliseconds.append(milliseconds)
        if not question.expected:
            self.wrongly.append(found.answered)
            return
        rank = question.rank_in([hit.ref for hit in found.results[:DEPTH]])
        self.ranks.append(rank)
        self.answered.append(found.answered)
        if rank is None or rank > 3:
            self.missed.append(question.words)

    def hit_at(self, depth: int) -> float:
        """Share of answerable questions with an expected sheet among the first ones."""
        return _share([rank is not None and rank <= depth for rank in self.ranks])

    @property
    def mrr(self) -> float:
        """Mean of one over the rank of the first expected sheet, up to ten."""
        return sum(1 / rank for rank in self.ranks if rank) / max(1, len(self.ranks))

    def latency(self, share: float) -> float:
        """The time within which this share of the questions was answered."""
        ordered = sorted(self.milliseconds)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0

    @property
    def first(self) -> str:
        """hit@1 as it is shown."""
        return f"{self.hit_at(1):.2f}"

    @property
    def first_three(self) -> str:
        """hit@3 as it is shown."""
        return f"{self.hit_at(3):.2f}"

    @property
    def answered_share(self) -> float:
        """Share of the questions with a sheet that were answered."""
        return _share(self.answered)

    @property
    def wrongly_share(self) -> float:
        """Share of the questions that nobody here can answer, and were answered."""
        return _share(self.wrongly)

    def lines(self) -> Iterator[tuple[str, str]]:
        """The figures as they are printed."""
        yield _("questions"), f"{len(self.ranks)} + {len(self.wrongly)}"
        yield "hit@1", f"{self.hit_at(1):.3f}"
        yield "hit@3", f"{self.hit_at(3):.3f}"
        yield "hit@10", f"{self.hit_at(10):.3f}"
        yield "MRR@10", f"{self.mrr:.3f}"
        yield _("answered"), f"{self.answered_share:.3f}"
        yield _("wrongly answered"), f"{self.wrongly_share:.3f}"
        yield _("latency p50 / p95"), f"{self.latency(0.5):.1f} / {self.latency(0.95):.1f} ms"


def _share(values: list[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


def evaluate(
    path: Path,
    *,
    authority: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Evaluation]:
    """Ask every saved question as the public of an authority would; all of them, then by kind."""
    asking = Authority.objects.filter(slug=authority).first() if authority else None
    if authority and asking is None:
        raise Refused(_("There is no authority “%s”.") % authority)
    return measure(read(path), authority_id=asking.pk if asking else 0, progress=progress)


def measure(
    questions: Sequence[Question],
    *,
    authority_id: int,
    edited: Editors | None = None,
    public_only: bool = True,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Evaluation]:
    """How well these questions are answered, with other words of the editors if they are given."""
    found = {"": Evaluation()}
    find(questions[0].words if questions else "", authority_id=authority_id)  # opens the index
    for done, question in enumerate(questions, start=1):
        start = time.perf_counter()
        answer = find(
            question.words,
            authority_id=authority_id,
            limit=DEPTH,
            edited=edited,
            public_only=public_only,
        )
        milliseconds = 1000 * (time.perf_counter() - start)
        for kind in {"", question.kind}:
            found.setdefault(kind, Evaluation()).add(question, answer, milliseconds)
        progress(done, len(questions))
    return found


def read(path: Path) -> list[Question]:
    """The saved questions of a file of JSON lines."""
    try:
        rows = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Refused(_("“%s” cannot be read.") % path) from None
    questions = [_question(row, n) for n, row in enumerate(rows, start=1) if row.strip()]
    if not questions:
        raise Refused(_("“%s” holds no question.") % path)
    return questions


def _question(row: str, line: int) -> Question:
    try:
        told = json.loads(row)
        return Question(
            str(told["question"]),
            frozenset(map(str, told["expected_ids"])),
            str(told.get("kind", "")),
            str(told.get("half", "")),
        )
    except (ValueError, KeyError, TypeError):
        raise Refused(
            _("Line %d is not a question with its expected_ids.") % line, code="question"
        ) from None
