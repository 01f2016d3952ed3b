"""Fixtures of the hall."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Usual handling times are kept per process; each test starts without."""
    cache.clear()
