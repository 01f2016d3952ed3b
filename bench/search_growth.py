"""The search among 5,000 and 50,000 sheets: time over HTTP, memory, and how soon news is found."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import stage

SIZES = tuple(int(n) for n in os.environ.get("BENCH_SHEETS", "5000 50000").split())
ASKED = 120
PUBLISHED = 5


def measure(material: Path | None, sizes: tuple[int, ...] = SIZES) -> None:
    """Fill the collection up to each size and measure."""
    from tests.organisations.factories import AuthorityFactory

    from parvis.knowledge.search import evaluation, rebuild

    town = AuthorityFactory.create(hostname="")
    questions = [
        question.words[:400]
        for question in evaluation.read(Path("tests/knowledge/questions.jsonl"))[-ASKED:]
    ]
    for size in sizes:
        _fill(material, size)
        start = time.perf_counter()
        rebuild()
        print(f"\n== {size} sheets: index built in {time.perf_counter() - start:.1f} s", flush=True)
        with _server() as first, _server() as second:
            for base in (first, second):
                _get(base, "acte")
            _latency(first, questions)
            _news(town, [first, second])
            print(f"memory of a server process: {_memory(first):.0f} MB", flush=True)


def _fill(material: Path | None, size: int) -> None:
    """Real texts again and again, each with words of its own, written past the actions."""
    from django.utils import timezone

    from parvis.knowledge.actions import collection_changed
    from parvis.knowledge.models import Sheet, SheetVersion

    texts = _texts(material)
    have = Sheet.objects.count()
    for start in range(have, size, 1000):
        sheets = [
            Sheet(
                ref=f"N{n}",
                source=Sheet.Source.NATIONAL,
                title=f"{texts[n % len(texts)][0][:250]} {_name(n)}",
                breadcrumb=texts[n % len(texts)][1],
            )
            for n in range(start, min(size, start + 1000))
        ]
        Sheet.objects.bulk_create(sheets)
        versions = SheetVersion.objects.bulk_create(
            SheetVersion(
                sheet=sheet, number=1, title=sheet.title, content_hash=sheet.ref,
                text=f"{texts[int(sheet.ref[1:]) % len(texts)][2]} {_name(int(sheet.ref[1:]))}",
                published_at=timezone.now(),
            )
            for sheet in sheets
        )  # fmt: skip
        for sheet, version in zip(sheets, versions, strict=True):
            sheet.current = version
        Sheet.objects.bulk_update(sheets, ["current"])
    collection_changed()


def _name(number: int) -> str:
    """A word that few sheets have."""
    letters = "bcdfglmnprstv"
    return "".join(
        letters[(number // 13**i) % 13] + "aeiou"[(number // 5**i) % 5] for i in range(4)
    )


def _texts(material: Path | None) -> list[tuple[str, str, str]]:
    if material is not None:
        rows = [json.loads(line) for line in material.read_text(encoding="utf-8").splitlines()]
        return [(r["title"], str(r["theme"]), r["text"]) for r in rows]
    from parvis.demo.content import loader

    return [(s.title.fr, "", s.short.fr * 8) for s in loader.load().sheets]


@contextmanager
def _server() -> Iterator[str]:
    """One server process on this node; two of them share the index as they would."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "manage.py", "serve", "--port", str(port), "--no-jobs"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    _PROCESSES[base] = process.pid
    try:
        _wait(base)
        yield base
    finally:
        process.terminate()
        process.wait(20)


_PROCESSES: dict[str, int] = {}


def _wait(base: str) -> None:
    for _attempt in range(240):
        try:
            urllib.request.urlopen(f"{base}/health/live", timeout=5).read()
            return
        except OSError:
            time.sleep(0.25)
    raise RuntimeError("the server did not start")


def _get(base: str, question: str) -> str:
    query = urllib.parse.urlencode({"q": question})
    with urllib.request.urlopen(f"{base}/fiches/?{query}", timeout=60) as answer:
        return bytes(answer.read()).decode()


def _latency(base: str, questions: list[str]) -> None:
    took = []
    for question in questions:
        start = time.perf_counter()
        _get(base, question)
        took.append(1000 * (time.perf_counter() - start))
    p50, p95 = (stage.percentile(took, share) for share in (0.5, 0.95))
    print(f"over HTTP, {len(took)} questions: p50 {p50:.0f} ms, p95 {p95:.0f} ms (limit 50)")


def _news(town: object, servers: list[str]) -> None:
    """Publish a sheet and ask every process until it finds it."""
    from django.utils import timezone

    from parvis.knowledge import actions
    from parvis.organisations.models import Authority

    assert isinstance(town, Authority)
    slowest = []
    for _n in range(PUBLISHED):
        word = f"zibulon{os.urandom(3).hex()}"
        new = actions.NewSheet(
            ref=f"Z-{word[-6:]}", title=f"Fiche {word}", short_answer=word, blocks=[]
        )
        actions.create_local_sheet(town, new, now=timezone.now(), author="bench")
        start = time.perf_counter()
        waiting = list(servers)
        while waiting and time.perf_counter() - start < 30:
            waiting = [base for base in waiting if f"Z-{word[-6:]}" not in _get(base, word)]
        slowest.append(time.perf_counter() - start)
    print(f"published, found by every process after {max(slowest):.2f} s at most (limit 1)")


def _memory(base: str) -> float:
    status = Path(f"/proc/{_PROCESSES[base]}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
