import pytest

from parvis.common.text import one_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  deux   mots \n", "deux mots"),
        ("à\tla\r\nligne\u2028suivante", "à la ligne suivante"),
        ("Acte\u00a0: copie, 10\u202f%", "Acte\u00a0: copie, 10\u202f%"),  # stays with its word
        ("nul\0ité", "nulité"),
        ("\u00a0\n", ""),
    ],
)
def test_typed_words_are_kept_on_one_line(typed: str, kept: str):
    assert one_line(typed) == kept
