"""Sixty towns of fifty steps: any verb in any order, over HTTP.

``PARVIS_TEST_EXAMPLES=200`` plays two hundred; a usual run has to end within its half hour.
"""

import os

import pytest

from tests.queue import machine

pytestmark = [pytest.mark.load, pytest.mark.django_db]
EXAMPLES = int(os.environ.get("PARVIS_TEST_EXAMPLES", "60"))
PARTS = 4  # so that processes may share the work


@pytest.mark.parametrize("part", range(PARTS))
def test_any_verb_in_any_order_keeps_the_books_balanced(part: int) -> None:
    machine.run(examples=EXAMPLES // PARTS, steps=50, seed=part)
