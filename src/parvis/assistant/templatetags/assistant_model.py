"""Whether a language model rewords the quotes of this house, for pages of every room."""

from django import template

from parvis.assistant.queries import rewording
from parvis.organisations.models import Authority

register = template.Library()


@register.inclusion_tag("assistant/_model_told.html")
def model_told(authority: Authority | None) -> dict[str, str]:
    """One paragraph on what is sent to whom; nothing where no model is in use."""
    chosen = rewording.model_of(authority) if authority and authority.pk else None
    return {"host": rewording.host_of(chosen) if chosen else ""}
