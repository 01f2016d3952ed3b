"""Marks a sentence for the translation catalogue from code that must not know Django."""


def gettext_noop(message: str) -> str:
    """Return the message unchanged; its name is what makemessages looks for."""
    return message
