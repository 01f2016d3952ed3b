from datetime import UTC, datetime

import pytest

from parvis.common import keyset

AT = datetime(2026, 12, 1, 8, 5, 7, 123456, tzinfo=UTC)


def test_a_mark_is_read_as_it_was_written():
    assert keyset.read(keyset.mark(AT, 41)) == (AT, 41)


@pytest.mark.parametrize(
    "text",
    ["", "x", "20261201T080507123456", "20261201T080507123456_x", "2026_1", f"{AT:%Y}_{2**70}",
     f"20261201T080507123456_{2**63}"],
)  # fmt: skip
def test_what_is_no_mark_is_none(text: str):
    assert keyset.read(text) is None
