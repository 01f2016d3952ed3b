"""How the person is reached: changed by themselves, once it is sure that it is them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.cases.actions import story
from parvis.cases.models import Case
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.contacts import actions as contacts


@transaction.atomic
def change_details(case: Case, *, now: datetime, phone: str, address: str) -> Case:
    """Keep a new telephone number or postal address of the person; the story says that it was."""
    if case.person is None:
        raise Refused(_("Nobody is named in this request: tell the service who you are first."))
    changed = contacts.change_reach(case.person, phone=phone, address=address)
    if not changed:
        return case
    story.change(case, now=now, unread_by_service=True)
    story.add_line(case, story.Kind.DETAILS, now=now, what=sorted(changed))
    story.note_down(case, journal.PERSON, "details_changed", what=sorted(changed))
    return case
