"""Codes and desks as people hear and read them."""


def spoken(code: str) -> str:
    """A code as it is read aloud: sign by sign, so that 42 is "4 2" in every language."""
    return " ".join(sign for sign in code if not sign.isspace())


def sign(desk: str) -> tuple[str, str]:
    """The name of a desk as its sign: the word, and the number that is read from afar."""
    word, _space, last = desk.rpartition(" ")
    return (word, last) if word and any(sign.isdigit() for sign in last) else (desk, "")
