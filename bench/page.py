"""CPU of a list page against the bare template: what queries, forms and rights add to the words.

The page is the log of contacts with its full page of rows, as the server hands the request to
Django. It has two peers, in turn in one process. *Given* is the same request, agent and frame,
answered by a view that asks the database nothing and makes no form: what is over it is what the
list itself costs. *Alone* is the page's own template rendered again with the context that it got,
so without session, right or context processor either.
"""

import json
import statistics

from bench import stage


def run(engines: list[str], seconds: float) -> None:
    for engine in engines:
        with stage.house(engine) as house:
            found = json.loads(house.run("-m", "bench.page_cpu").splitlines()[-1])
        page = statistics.median(found["page"])
        print(f"list page {engine}: {page:.1f} ms of CPU for the page")
        for name, words in (("given", "its template with all given"), ("bare", "it alone")):
            pairs = zip(found["page"], found[name], strict=True)
            ratios = [one / other for one, other in pairs]
            print(
                f"list page {engine}: {statistics.median(found[name]):.1f} ms for {words};"
                f" ratio {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
                " (aim <= 1.3)"
            )
