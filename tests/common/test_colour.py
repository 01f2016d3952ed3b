import pytest

from parvis.common.colour import contrast, is_colour, nearest_legible


def test_contrast_goes_from_one_to_twenty_one():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#0b5c6b", "#0b5c6b") == 1
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("text", ["#0B5C6B", "#0b5c6b"])
def test_a_colour_has_six_digits(text):
    assert is_colour(text)


@pytest.mark.parametrize("text", ["0b5c6b", "#fff", "red", "#0b5c6g", "#0b5c6b;"])
def test_anything_else_is_no_colour(text):
    assert not is_colour(text)


@pytest.mark.parametrize("colour", ["#ffffff", "#ffcc00", "#00aaff", "#0b5c6b"])
def test_a_legible_neighbour_is_always_found(colour):
    assert contrast(nearest_legible(colour, "#ffffff", 4.5), "#ffffff") >= 4.5


def test_a_legible_colour_stays_as_it_is():
    assert nearest_legible("#0b5c6b", "#ffffff", 4.5) == "#0b5c6b"
