"""Slots in addresses."""

from datetime import datetime

from django import template

from parvis.appointments import stamps
from parvis.common import codes

register = template.Library()


@register.filter
def stamp(instant: datetime) -> str:
    """The instant as it stands in addresses and forms."""
    return stamps.stamp(instant)


@register.filter
def reference(code: str) -> str:
    """The code as it is printed and read aloud: XXXX-XXXX."""
    return codes.format_reference(code)
