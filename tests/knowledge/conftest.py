"""Every test has an index of its own; the real material is used only where it lies."""

import os
from pathlib import Path

import pytest


def _material() -> Path | None:
    given = os.environ.get("PARVIS_REAL_MATERIAL")
    if given:
        return Path(given)
    for parent in Path(__file__).resolve().parents:
        found = parent / "shared" / "data" / "service-public"
        if found.is_dir():
            return found
    return None


@pytest.fixture
def material() -> Path:
    """The folder of real national sheets; its tests say so where it is not at hand."""
    found = _material()
    if found is None:
        pytest.skip("the real sheets are not here (PARVIS_REAL_MATERIAL names their folder)")
    return found
