"""Definitions in the reader's language."""

from dataclasses import replace

from django.utils.translation import gettext

from parvis.quality.definitions import DEFINITIONS, Definition


def definition(code: str) -> Definition:
    """The name and the exact meaning of an indicator, in the language of the reader."""
    found = DEFINITIONS[code]
    return replace(found, name=gettext(found.name), text=gettext(found.text))
