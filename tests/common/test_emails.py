import pytest

from parvis.common.emails import is_email


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("odette@example.org", True),
        ("not-an-email", False),
        ("a@b.c\r\nBcc: x@y.zz", False),
        ("odette@example.org\n", False),
        ("\ud800@example.org", False),
        (f"{'o' * 64}@{'example.' * 30}org", False),
    ],
)
def test_an_address_is_told_from_other_words(typed: str, expected: bool):
    assert is_email(typed) == expected
