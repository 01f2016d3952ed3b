"""Template tags without a word of the domain."""

import secrets

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def form_key() -> SafeString:
    """A hidden one-time key: the form has one effect, however often it is sent."""
    return format_html(
        '<input type="hidden" name="form_key" value="{}">', secrets.token_urlsafe(18)
    )
