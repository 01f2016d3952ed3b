"""``python -m bench``: every measurement, each with its peer or limit in the same run."""

import argparse
import importlib

BENCHES = [
    "call_next",
    "history",
    "screen",
    "page",
    "pages",
    "portfolio",
    "hall",
    "search",
    "assistant",
    "imports",
    "mail",
]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", default=BENCHES, choices=[*BENCHES, []])
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    options = parser.parse_args()
    engines = ["sqlite", "postgres"] if options.database == "both" else [options.database]
    for name in options.names:
        importlib.import_module(f"bench.{name}").run(engines, options.seconds)


if __name__ == "__main__":
    main()
