"""What the actions of the room share."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases.models import Case
from parvis.common.clock import local_day
from parvis.common.errors import Refused
from parvis.letters.models import PostNumber


def today_of(agent: Agent | None, now: datetime) -> date:
    """The day it is where the agent works."""
    site = agent.site if agent else None
    return local_day(now, ZoneInfo(site.timezone if site else settings.TIME_ZONE))


def check_reads(case: Case, agent: Agent) -> None:
    """Nobody writes about a case that they may not read."""
    if agent.authority_id != case.authority_id:
        raise Refused(_("This belongs to another authority."), code="foreign")
    if not Case.objects.visible_to(agent).filter(pk=case.pk).exists():
        raise Refused(_("Only %s acts on this case.") % case.service.label, code="sensitive")


def next_number(authority_id: int, way: PostNumber.Way, year: int) -> int:
    """The next number of a register; the row is locked, so that no number is lost or doubled."""
    PostNumber.objects.get_or_create(authority_id=authority_id, way=way, year=year)
    row = PostNumber.objects.select_for_update().get(authority_id=authority_id, way=way, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last
