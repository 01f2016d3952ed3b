import pytest
from django.utils import translation

from parvis.common.numbers import rounded, written


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [
        (398 / 470 * 100, 1, "84,7"),
        (93.75, 1, "93,8"),
        (-1.578, 1, "-1,6"),
        (0.285, 2, "0,29"),
        (12.5, 0, "13"),
        (-0.04, 1, "0,0"),
        (2986, 0, "2 986"),
    ],
)
def test_a_number_is_rounded_and_never_cut(value: float, digits: int, said: str):
    with translation.override("fr"):
        assert written(value, digits).replace("\xa0", " ").replace("\u202f", " ") == said


def test_a_rounded_number_has_the_digits_that_were_asked_for():
    assert [str(rounded(7, 2)), str(rounded(1e-7, 2))] == ["7.00", "0.00"]
