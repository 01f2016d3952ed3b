"""CPU of a list page against the bare template: what queries, forms and rights add to the words.

The page is the log of contacts with its full page of rows, as the server hands the request to
Django; the bare template is the same page's own template rendered again with the context that it
got, so without query, session, right or context processor. Both in turn in one process; until
November 2026 the page carried the test client's work too, and the template the processors'.
"""

import json
import statistics

from bench import stage


def run(engines: list[str], seconds: float) -> None:
    for engine in engines:
        with stage.house(engine) as house:
            found = json.loads(house.run("-m", "bench.page_cpu").splitlines()[-1])
        page, bare = (statistics.median(found[name]) for name in ("page", "bare"))
        ratios = [one / other for one, other in zip(found["page"], found["bare"], strict=True)]
        print(
            f"list page {engine}: {page:.1f} ms of CPU for the page, {bare:.1f} ms for the bare"
            f" template; ratio {statistics.median(ratios):.2f}"
            f" ({min(ratios):.2f}-{max(ratios):.2f}) (aim <= 1.3)"
        )
