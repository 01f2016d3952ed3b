"""Jobs of the pages that compose the house."""

from django.utils import timezone
from django_tasks import task

from parvis.common.schedule import regularly
from parvis.organisations.models import Authority
from parvis.web import pack


@regularly
@task()
def pack_sheets() -> int:
    """Make the pack for a day without network, once after each midnight."""
    now = timezone.now()
    due = [one for one in Authority.objects.all() if not pack.is_of_today(one, now=now)]
    for authority in due:
        pack.write(authority, now=now)
    return len(due)
