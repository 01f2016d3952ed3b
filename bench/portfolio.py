"""The portfolio and a case among many: the first page against a deep one, and the queries of each.

``python -m bench portfolio`` fills one service of a new database with ``BENCH_CASES`` cases (by
SQL, 1,000,000 unless said) and asks for the pages through Django, without a server, in turn.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

from bench import stage

ROUNDS = 15
CASES = int(os.environ.get("BENCH_CASES", "1000000"))


def run(engines: list[str], seconds: float) -> None:
    for engine in engines:
        with tempfile.TemporaryDirectory(prefix="parvis-bench-") as folder:
            address = stage.database(engine)
            if address == "sqlite://":
                address = f"sqlite:///{folder}/bench.sqlite3"
            environment = os.environ | {
                "PARVIS_HOME": folder,
                "PARVIS_DATABASE_URL": address,
                "DJANGO_SETTINGS_MODULE": "parvis.settings",
                "BENCH_ENGINE": engine,
            }
            done = subprocess.run([sys.executable, "-m", "bench.portfolio"], env=environment)
            if done.returncode:
                raise SystemExit(done.returncode)


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from bench import portfolio_fill

    call_command("migrate", verbosity=0)
    start = time.perf_counter()
    agent = portfolio_fill.fill(CASES)
    engine = os.environ["BENCH_ENGINE"]
    print(f"portfolio {engine}: {CASES} cases written in {time.perf_counter() - start:.0f} s")
    _measure(engine, agent)


def _measure(engine: str, username: str) -> None:
    from django.conf import settings
    from django.test import Client

    from bench import portfolio_fill
    from parvis.accounts.models import Agent

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(Agent.objects.get(username=username))
    for view in ("open", "due", "sleeping", "closed"):
        first = f"/agent/dossiers/?whose=service&view={view}"
        deep = f"{first}&after={portfolio_fill.deep_mark(view)}"
        _tell(engine, f"shelf {view}", client.get, first, deep)
    first, deep = portfolio_fill.case_pages()
    _tell(engine, "page of a case", client.get, first, deep)


def _tell(engine: str, name: str, get: Callable[[str], object], first: str, deep: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for address in (first, deep):
        get(address)
        with CaptureQueriesContext(connection) as seen:
            answer = get(address)
        assert answer.status_code == 200, (address, answer)  # type: ignore[attr-defined]
        counts.append(len(seen))
    times: dict[str, list[float]] = {first: [], deep: []}
    for _round in range(ROUNDS):
        for address in (first, deep):  # in turn, so that both see the same machine
            start = time.perf_counter()
            get(address)
            times[address].append(1000 * (time.perf_counter() - start))
    one, other = (statistics.median(times[address]) for address in (first, deep))
    print(
        f"portfolio {engine}, {name}: first {one:.1f} ms with {counts[0]} queries, deep"
        f" {other:.1f} ms with {counts[1]}; deep / first {other / one:.2f}"
    )


if __name__ == "__main__":
    main()
