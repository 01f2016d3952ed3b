"""Every test has an index of its own, and a search that is as sure as it is told to be."""

from collections.abc import Callable

import pytest

from parvis.assistant.rules import deciding
from parvis.knowledge import search
from tests.queue.conftest import shared_database

__all__ = ["shared_database"]


@pytest.fixture
def sure(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Index the sheets; the certainty of the search, which a collection of three cannot have."""

    def be(probability: float = 0.9) -> None:
        search.rebuild()
        monkeypatch.setattr(deciding, "probability", lambda found, weights: probability)

    return be
