"""What ``parvis doctor`` says about the language models of the assistant."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from parvis.assistant.asking_model import origin_of


@register()
def language_models_are_named_well(**kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    given = settings.LANGUAGE_MODEL
    if not all(_is_place(one) for one in given["ALLOWED"]):
        found.append(
            Error(
                "PARVIS_MODEL_ALLOWED names something that is no address.",
                hint="Write http://10.0.0.5:11434, several between commas.",
                id="assistant.E001",
            )
        )
    if not all(_is_place(one) and _has_key(one) for one in given["KEYS"]):
        found.append(  # without its words: they may hold the key
            Error(
                "PARVIS_MODEL_KEYS names something that is no key for an address.",
                hint="Write https://authority:key@host, several between commas; signs like / and "
                "@ in the key are written %2F and %40.",
                id="assistant.E002",
            )
        )
    return found


def _is_place(address: str) -> bool:
    try:
        return bool(origin_of(address))
    except ValueError:
        return False


def _has_key(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.username and parts.password)
