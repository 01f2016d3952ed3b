"""When the assistant answers, and when it says that it does not know.

Real national sheets (``PARVIS_REAL_MATERIAL`` names their folder) and three sets of questions,
each with a half that was used to fit the weights and one that was not. Aims are held against the
half held out. Beside it, in the same run: one threshold on the score of plain BM25. Then a set of
questions that were made to lead astray: whatever is answered must stand in a sheet, word for word.
"""

import ast
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
TESTS = ROOT / "tests"
SETS = (
    TESTS / "knowledge" / "questions.jsonl",
    TESTS / "knowledge" / "questions_letters.jsonl",
    TESTS / "assistant" / "questions_deciding.jsonl",
)
ASTRAY = TESTS / "assistant" / "adversarial.jsonl"
ANSWERED = 0.9
LONG_MESSAGE = 10_000  # letters
HALVES = ("tuning", "held_out")
BAR = 24


def run(engines: Sequence[str], _seconds: float) -> None:
    """On the first database asked for; the index stands beside it."""
    with tempfile.TemporaryDirectory(prefix="parvis-bench-") as home:
        environment = {
            **os.environ, "PARVIS_HOME": home, "DJANGO_SETTINGS_MODULE": "parvis.settings",
        }  # fmt: skip
        subprocess.run([sys.executable, "-m", "bench.assistant"], env=environment, check=True)


def main() -> None:
    """Everything, in a process and a database of its own."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone, translation
    from tests.organisations.factories import AuthorityFactory

    from bench.search import _material
    from parvis.knowledge.dila.importing import Import
    from parvis.knowledge.search import evaluation
    from parvis.organisations.models import Authority

    material = _material()
    if material is None:
        print("The real sheets are not here: PARVIS_REAL_MATERIAL names their folder.")
        return
    call_command("migrate", verbosity=0)
    Import(audience="particuliers", now=timezone.now()).run(material)
    town: Authority = AuthorityFactory.create()
    asked = [question for path in SETS for question in evaluation.read(path)]
    with translation.override("en"):
        kept = True
        for half in HALVES:
            chosen = [q for q in asked if q.half == half]
            print(f"\n== {half}: {len(chosen)} questions over 910 national sheets")
            kept = _decided(chosen, town, aims=half == "held_out") and kept
            _baseline(chosen)
        kept = _speed([q.words for q in asked if q.half == "held_out"], town) and kept
        kept = _astray(town) and kept
    print("\nevery aim is kept" if kept else "\nNOT every aim is kept")


def _decided(questions: Sequence[Any], town: Any, *, aims: bool) -> bool:
    from parvis.assistant.queries import deciding
    from parvis.assistant.rules import training
    from parvis.assistant.rules.deciding import calibration, curve, point, threshold_for
    from parvis.knowledge.rules.confidence import standard

    examples = deciding.examples(questions, authority_id=town.pk)
    cases = training.cases(examples, standard())
    _heads("threshold")
    for one in curve(cases):
        _line(f"{one.threshold:.2f}", one)
    least = threshold_for(cases, ANSWERED)
    parts = {"short": [c for c in cases if not c.is_long], "long": [c for c in cases if c.is_long]}
    print(f"-- in force ({standard().answer:.2f}), and with {ANSWERED:.0%} answered ({least:.2f})")
    for threshold in (standard().answer, least):
        _line(f"{threshold:.2f} all", point(cases, threshold))
        for name, some in parts.items():
            _line(f"{threshold:.2f} {name}", point(some, threshold))
    print("-- said, and seen: of the questions of this probability, how many a sheet answers")
    for one in calibration(cases):
        bar = "█" * round(one.seen * BAR)
        print(f"   {one.said:.2f} said {one.seen:.2f} seen {one.count:>5}  {bar}")
    if not aims:
        return True
    at = {name: point(some, least) for name, some in parts.items()}
    return all(
        [
            _aim("off-topic answered, short", at["short"].off_topic, most=0.08),
            _aim("off-topic answered, long", at["long"].off_topic, most=0.08),
            _aim("of our field without a sheet, answered", point(cases, least).no_sheet, most=0.70),
            _aim("hit@3 among answered", point(cases, least).right, least=0.83),
        ]
    )


@dataclass(frozen=True)
class _Scored:
    best: float
    refs: list[str]


def _baseline(questions: Sequence[Any]) -> None:
    """One threshold on the score of plain BM25: one text, the title three times, our stems."""
    import bm25s

    from bench.search import _words
    from parvis.assistant.queries.deciding import LONG, kind_of
    from parvis.assistant.rules.deciding import Case, point, threshold_for
    from parvis.knowledge import queries

    rows = list(queries.index_rows())
    engine = bm25s.BM25()
    texts = [_words(f"{r.headline} {r.headline} {r.headline} {r.body}") for r in rows]
    engine.index(texts, show_progress=False)

    def search(question: str) -> _Scored:
        words = _words(question)
        if not words:
            return _Scored(0.0, [])
        places, scores = engine.retrieve([words], k=3, show_progress=False)
        return _Scored(float(scores[0][0]), [rows[place].ref for place in places[0]])

    found = [(q, search(q.words)) for q in questions]
    highest = max(one.best for _q, one in found) or 1.0
    cases = [
        Case(
            kind_of(q), one.best / highest,
            is_found=bool(q.expected.intersection(one.refs)), is_long=len(q.words) > LONG,
        )
        for q, one in found
    ]  # fmt: skip
    least = threshold_for(cases, ANSWERED)
    print(f"-- baseline: one threshold on the score of plain BM25, {ANSWERED:.0%} answered")
    _line("BM25 all", point(cases, least))
    _line("BM25 short", point([c for c in cases if not c.is_long], least))
    _line("BM25 long", point([c for c in cases if c.is_long], least))


def _speed(questions: Sequence[str], town: Any) -> bool:
    """The whole reply: masked question to quoted lines, as the page asks for it."""
    times = []
    for question in questions:
        start = time.perf_counter()
        _reply(question, town)
        times.append(1000 * (time.perf_counter() - start))
    times.sort()
    p50, p95 = (times[math.ceil(share * len(times)) - 1] for share in (0.5, 0.95))
    print(f"\n== the whole reply: p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    return _aim("p95 in ms", p95, most=100)


def _reply(question: str, town: Any) -> Any:
    from django.utils import timezone

    from parvis.assistant import queries

    talk = queries.Talk(authority=town, now=timezone.now(), threshold=queries.threshold_of(town))
    return queries.reply(question, talk)


def _astray(town: Any) -> bool:
    """Nothing is said that no sheet says, whatever is asked."""
    rows = [json.loads(line) for line in ASTRAY.read_text(encoding="utf-8").splitlines()]
    asked = [(row["kind"], row["question"]) for row in rows]
    asked += [("long", ("Et mon passeport ? " * LONG_MESSAGE)[:LONG_MESSAGE])]
    asked += [("long", "x" * LONG_MESSAGE), ("long", "🙂" * LONG_MESSAGE)]
    own, texts = set(_own_words()), _sheets()
    counts: dict[str, dict[str, int]] = {}
    unsourced = []
    for kind, question in asked:
        reply = _reply(question, town)
        seen = counts.setdefault(kind, {})
        seen[reply.kind] = seen.get(reply.kind, 0) + 1
        unsourced += [(question, words) for words in _unsourced(reply, own, texts)]
    print(f"\n== {len(asked)} questions made to lead astray")
    for kind, seen in counts.items():
        print(f"   {kind:<14}" + "  ".join(f"{name} {n}" for name, n in sorted(seen.items())))
    for question, words in unsourced[:5]:
        print(f"   NOT IN THE SHEET: {words[:80]!r} for {question[:60]!r}")
    return _aim("sentences that no sheet says", len(unsourced), most=0)


def _unsourced(reply: Any, own: set[str], texts: dict[str, str]) -> Iterator[str]:
    """What is said beyond the house's fixed words and the lines of the sheet."""
    if reply.text not in own:
        yield reply.text
    for passage in reply.data.get("passages", ()):
        quote = _plain(passage["quote"].removesuffix("…"))
        if quote not in texts.get(passage["ref"], ""):
            yield passage["quote"]


def _sheets() -> dict[str, str]:
    """Every public text, read from the table and not by the assistant."""
    from parvis.knowledge import queries
    from parvis.knowledge.models import Sheet

    sheets = Sheet.objects.filter(is_public=True).exclude(current=None).select_related("current")
    by_version = {sheet.current_id: sheet for sheet in sheets}
    return {
        by_version[pk].ref: _plain(f"{by_version[pk].current.short_answer}\n{text}")
        for pk, text in queries.version_texts(list(by_version), inside=False)
    }


def _plain(text: str) -> str:
    return " ".join(text.split())


def _own_words() -> Iterator[str]:
    """Every sentence that the room itself can say, from its source."""
    from django.utils.translation import gettext

    for path in (ROOT / "src" / "parvis" / "assistant").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "gettext"}:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield gettext(str(first.value))


def _heads(first: str) -> None:
    heads = ("answered", "hit@3", "wrong", "off-topic", "no sheet")
    print(f"   {first:<14}" + "".join(f"{head:>10}" for head in heads))


def _line(name: str, one: Any) -> None:
    values = (one.answered, one.right, one.wrong, one.off_topic, one.no_sheet)
    print(f"   {name:<14}" + "".join(f"{_shown(value):>10}" for value in values), flush=True)


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _aim(
    name: str, value: float | None, *, most: float | None = None, least: float | None = None
) -> bool:
    seen = value or 0.0
    kept = seen <= most if most is not None else seen >= (least or 0.0)
    aim = f"at most {most}" if most is not None else f"at least {least}"
    print(f"   {'kept  ' if kept else 'MISSED'}  {name}: {seen:.3f}, aim {aim}")
    return kept


if __name__ == "__main__":
    main()
