"""What the kiosk's first page asks of this room."""

from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone

from parvis.appointments import queries
from parvis.organisations.models import Site

register = template.Library()


@register.simple_tag
def appointments_today(site: Site) -> bool:
    """Whether anybody is expected by appointment at this place today."""
    zone = ZoneInfo(site.timezone)
    return queries.takes_appointments_today(site.pk, now=timezone.now(), zone=zone)
