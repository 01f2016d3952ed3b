"""Questions in English, put into the words of French sheets: a list of words, no translator."""

import json
import re
from functools import cache
from pathlib import Path

from parvis.assistant.rules.words import folded

_TABLE = Path(__file__).resolve().parents[1] / "english.json"
_TELLING = frozenset(
    """
    the my your how what where when which who do does did is are can could would should need want
    i you we they he she have has to for of with and or a an in at on from it this that much many
    please hello hi there get make
    """.split()  # noqa: SIM905 - a list of words
)
_FRENCH = frozenset(
    """
    le la les un une des du de je tu il elle nous vous est et ou pour dans avec sur mon ma mes
    comment combien quel quelle quels quelles que qui pas ne faire
    """.split()  # noqa: SIM905 - a list of words
)


def in_french(question: str) -> str:
    """The words of an English question as French sheets have them; a French one as it is."""
    said = folded(question)
    words = said.split()
    english = sum(word in _TELLING for word in words)
    local = sum(word in _FRENCH for word in words)
    # "Birth certificate" tells by itself: nothing of it is French.
    if english < local or (english == local and (english or not _is_of_table(said))):
        return question
    found = []
    for pattern, french in _table():
        said, count = pattern.subn(" ", said)
        if count:
            found.append(french)
    left = [word for word in said.split() if word not in _TELLING]
    return " ".join([*found, *left]) or question


def _is_of_table(said: str) -> bool:
    """Whether these few words are a phrase of the list, whole."""
    return any(not pattern.sub(" ", said).strip() for pattern, _french in _table())


@cache
def _table() -> list[tuple[re.Pattern[str], str]]:
    """Longer phrases first, so that "identity card" is not taken for a card."""
    table: dict[str, str] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return [
        (re.compile(rf"(?<= ){re.escape(english)}s?(?= )"), french)
        for english, french in sorted(table.items(), key=lambda pair: -len(pair[0]))
    ]
