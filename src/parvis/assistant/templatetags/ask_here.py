"""What pages below ask of this room: is there an assistant, and about what?"""

from django import template

from parvis.assistant import queries
from parvis.organisations.models import Authority

register = template.Library()


@register.simple_tag
def assistant_answers(authority: Authority | None) -> bool:
    """Whether the assistant of this authority answers."""
    return bool(authority) and queries.settings_of(authority).is_on  # type: ignore[arg-type]
