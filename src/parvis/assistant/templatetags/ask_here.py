"""What other rooms' pages ask of this one: is there an assistant, and about which topic?"""

from django import template

from parvis.assistant import queries
from parvis.knowledge.models import Sheet
from parvis.organisations.models import Authority, Topic

register = template.Library()


@register.simple_tag
def assistant_answers(authority: Authority | None) -> bool:
    """Whether the assistant of this authority answers."""
    return authority is not None and bool(authority) and queries.settings_of(authority).is_on


@register.simple_tag
def topic_to_ask_about(sheet: Sheet, authority: Authority) -> Topic | None:
    """The topic of a sheet, where this authority receives people about it."""
    if not authority:
        return None
    return sheet.topics.filter(authority_id=authority.pk, is_active=True).order_by("pk").first()
