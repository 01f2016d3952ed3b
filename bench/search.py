"""The search beside plain BM25 and SQLite FTS5, by kind of question, in the same run.

Two sets: real national sheets (``PARVIS_REAL_MATERIAL`` names their folder; left out where it is
not at hand) and the sheets of the demo town. Each set has a half that was used while tuning and
one that was not. ``growth`` then multiplies the collection and measures time, memory and how soon
another process finds what was just published.
"""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

QUESTIONS = Path(__file__).parent.parent / "tests" / "knowledge"
DEPTH = 10
LONG = 150  # letters
NEAR = {"no_sheet", "letter_none"}  # of our field, and no sheet answers
LEVELS = (95, 90, 85, 80)  # percent of the questions with a sheet that are answered
Search = Callable[[str], list[str]]


@dataclass(frozen=True)
class Text:
    """One sheet as every engine gets it."""

    ref: str
    title: str
    body: str


def run(engines: Sequence[str], _seconds: float) -> None:
    """Both sets on the first database asked for; the databases give the same results (tested)."""
    for part in ("real", "town", "growth"):
        with tempfile.TemporaryDirectory(prefix="parvis-bench-") as home:
            environment = {
                **os.environ, "PARVIS_HOME": home, "DJANGO_SETTINGS_MODULE": "parvis.settings",
            }  # fmt: skip
            command = [sys.executable, "-m", "bench.search", part]
            subprocess.run(command, env=environment, check=True)


def _material() -> Path | None:
    given = os.environ.get("PARVIS_REAL_MATERIAL")
    return Path(given) / "sheets.jsonl" if given else None


def main(part: str) -> None:
    """One part, in a process and a database of its own."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    {"real": _real, "town": _town, "growth": _growth}[part]()


def _real() -> None:
    from django.utils import timezone

    from parvis.knowledge.dila.importing import Import

    material = _material()
    if material is None:
        print("The real sheets are not here: PARVIS_REAL_MATERIAL names their folder.")
        return
    Import(audience="particuliers", now=timezone.now()).run(material)
    _compare("910 national sheets", QUESTIONS / "questions.jsonl", authority_id=0)
    _compare("910 national sheets, letters", QUESTIONS / "questions_letters.jsonl", authority_id=0)
    _curve([QUESTIONS / "questions.jsonl", QUESTIONS / "questions_letters.jsonl"])


def _curve(files: Sequence[Path]) -> None:
    """What is answered of the rest when so much is answered of what has a sheet, by length."""
    from parvis.knowledge.search import confidence, evaluation, find

    asked = [question for file in files for question in evaluation.read(file)]
    sure: dict[str, float] = {}
    for question in asked:
        signals = find(question.words, authority_id=0).signals
        sure[question.words] = confidence.probability(signals) if signals else 0.0
    print(f"\n== short and long (more than {LONG} letters); now at {confidence.standard().answer}")
    for half in ("tuning", "held_out"):
        for name, is_long in (("short", False), ("long", True)):
            chosen = [q for q in asked if q.half == half and (len(q.words) > LONG) == is_long]
            ours = [sure[q.words] for q in chosen if q.expected]
            none = [sure[q.words] for q in chosen if q.kind in NEAR]
            off = [sure[q.words] for q in chosen if not q.expected and q.kind not in NEAR]
            print(f"-- {half}, {name}: {len(ours)} with a sheet, {len(off)} off-topic, {len(none)}"
                  " of our field without a sheet")  # fmt: skip
            now = confidence.standard().answer
            for label, least in [("now", now), *((f"{n} %", _least(ours, n)) for n in LEVELS)]:
                shares = " ".join(f"{_share(part, least):.2f}" for part in (ours, off, none))
                print(f"   {label:>5}: answered / off-topic / without a sheet {shares}")


def _least(values: Sequence[float], percent: int) -> float:
    """The threshold at which this share of the values is answered."""
    ordered = sorted(values, reverse=True)
    return ordered[max(0, round(len(ordered) * percent / 100) - 1)] if ordered else 1.0


def _share(values: Sequence[float], least: float) -> float:
    return sum(value >= least for value in values) / len(values) if values else 0.0


def _town() -> None:
    from tests.knowledge.factories import NOON
    from tests.knowledge.test_evaluation import town_sheets
    from tests.organisations.factories import AuthorityFactory

    from parvis.demo.content import loader
    from parvis.knowledge import actions

    town = AuthorityFactory.create()
    actions.create_local_sheets(town, town_sheets(loader.load()), now=NOON, author="bench")
    _compare("the town's own sheets", QUESTIONS / "questions_town.jsonl", authority_id=town.pk)


def _compare(title: str, questions: Path, *, authority_id: int) -> None:
    from parvis.knowledge import queries
    from parvis.knowledge.search import evaluation, find

    rows = queries.index_rows()
    texts = [Text(row.ref, f"{row.headline} {row.keywords}", row.body) for row in rows]
    engines: dict[str, Search] = {
        "BM25, one text": _bm25(texts),
        "FTS5, one table (4, 1)": _fts5(texts, two=False),
        "FTS5, two tables": _fts5(texts, two=True),
    }
    asked = evaluation.read(questions)
    print(f"\n== {title}: {len(texts)} sheets, {len(asked)} questions")
    for half in ("tuning", "held_out"):
        chosen = [q for q in asked if q.half == half]
        find(chosen[0].words, authority_id=authority_id)
        ours = evaluation.measure(chosen, authority_id=authority_id)
        print(f"-- {half}: {len(chosen)} questions")
        _print("Parvis", "all", ours[""])
        for name, engine in engines.items():
            _print(name, "all", _peer(engine, chosen))
        for kind in sorted(k for k in ours if k):
            _print("Parvis", kind, ours[kind])
            same = [q for q in chosen if q.kind == kind and q.expected]
            if same:
                _print("BM25, one text", kind, _peer(engines["BM25, one text"], same))


def _peer(engine: Search, questions: Sequence[object]) -> object:
    """A peer measured as we are; it answers whatever it is asked."""
    from parvis.knowledge.search.evaluation import Evaluation, Question

    result = Evaluation()
    for question in questions:
        assert isinstance(question, Question)
        start = time.perf_counter()
        refs = engine(question.words)
        result.milliseconds.append(1000 * (time.perf_counter() - start))
        if not question.expected:
            result.wrongly.append(bool(refs))
            continue
        rank = next((n for n, ref in enumerate(refs, 1) if ref in question.expected), None)
        result.ranks.append(rank)
        result.answered.append(bool(refs))
    return result


def _print(engine: str, kind: str, result: object) -> None:
    from parvis.knowledge.search.evaluation import Evaluation

    assert isinstance(result, Evaluation)
    hits = "  ".join(f"hit@{n} {result.hit_at(n):.3f}" for n in (1, 3, 10))
    figures = f"{hits}  MRR {result.mrr:.3f}" if result.ranks else " " * 52
    answered = f"answered {result.answered_share:.2f} / wrongly {result.wrongly_share:.2f}"
    times = f"{result.latency(0.5):.1f} / {result.latency(0.95):.1f} ms"
    count = f"{len(result.ranks)}+{len(result.wrongly)}"
    print(f"{engine:<24}{kind:<15}{count:>8}  {figures}  {answered}  {times}", flush=True)


def _words(text: str) -> list[str]:
    """The same stems for everybody: what differs is what is made of them."""
    from parvis.knowledge.search.words import telling_stems

    return telling_stems(text)


def _bm25(texts: Sequence[Text]) -> Search:
    """Plain BM25: one text, the title repeated three times."""
    import bm25s

    engine = bm25s.BM25()
    engine.index([_words(f"{t.title} {t.title} {t.title} {t.body}") for t in texts],
                 show_progress=False)  # fmt: skip

    def search(question: str) -> list[str]:
        words = _words(question)
        if not words:
            return []
        places, scores = engine.retrieve([words], k=min(DEPTH, len(texts)), show_progress=False)
        return [texts[p].ref for p, s in zip(places[0], scores[0], strict=True) if s > 0]

    return search


def _fts5(texts: Sequence[Text], *, two: bool) -> Search:
    """SQLite's own full-text search: one table with column weights, or two and their sum."""
    base = sqlite3.connect(":memory:")
    tokenizer = "tokenize='unicode61 remove_diacritics 2'"
    if two:
        base.execute(f"create virtual table titles using fts5(words, {tokenizer})")
        base.execute(f"create virtual table bodies using fts5(words, {tokenizer})")
    else:
        base.execute(f"create virtual table sheets using fts5(title, body, {tokenizer})")
    for n, text in enumerate(texts, 1):
        if two:
            base.execute(
                "insert into titles(rowid, words) values (?, ?)", (n, " ".join(_words(text.title)))
            )
            base.execute(
                "insert into bodies(rowid, words) values (?, ?)", (n, " ".join(_words(text.body)))
            )
        else:
            row = (n, " ".join(_words(text.title)), " ".join(_words(text.body)))
            base.execute("insert into sheets(rowid, title, body) values (?, ?, ?)", row)

    def search(question: str) -> list[str]:
        wanted = " OR ".join(f'"{word}"' for word in dict.fromkeys(_words(question)))
        if not wanted:
            return []
        scores: dict[int, float] = {}
        for sql in _fts5_queries(two):
            for rowid, rank in base.execute(sql, (wanted,)):
                scores[rowid] = scores.get(rowid, 0.0) - rank
        best = sorted(scores, key=lambda rowid: -scores[rowid])[:DEPTH]
        return [texts[rowid - 1].ref for rowid in best]

    return search


def _fts5_queries(two: bool) -> list[str]:
    if not two:
        sql = "select rowid, bm25(sheets, 4.0, 1.0) r from sheets where sheets match ? order by r"
        return [f"{sql} limit {DEPTH}"]
    return [f"select rowid, bm25({t}) from {t} where {t} match ?" for t in ("titles", "bodies")]


def _growth() -> None:
    from bench import search_growth

    search_growth.measure(_material())


if __name__ == "__main__":
    main(sys.argv[1])
