"""Links between public pages that stay with the authority whose page is shown."""

from django import template
from django.template import Context
from django.urls import reverse

from parvis.organisations.http import public_address

register = template.Library()


@register.simple_tag(takes_context=True)
def public_url(context: Context, name: str, *args: object) -> str:
    """As ``url``, for a public page of ``page_authority``."""
    request = context.get("request")
    if request is None:  # pages drawn without their request say nothing about it
        return reverse(name, args=args)
    # Lazy, and so never None itself: a house without any authority has one that is empty.
    return public_address(request, context.get("page_authority") or None, name, *args)
