"""Who follows a case, and to whom it is passed on: never without a trace."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import queries
from parvis.cases.actions import clocks, handovers, people, story
from parvis.cases.actions.receipts import send_late_receipt
from parvis.cases.events import CaseReferentChanged
from parvis.cases.models import Case, CaseEntry
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.text import one_line
from parvis.organisations.models import Service


@transaction.atomic
def assign(
    case: Case,
    *,
    agent: Agent,
    now: datetime,
    referent: Agent,
    deputy: Agent | None = None,
    because: str = "",
) -> Case:
    """Name the referent of a case that has none, or change the deputy."""
    before = case.referent_id
    if before not in (None, referent.pk):
        raise Refused(_("Somebody follows this case already: hand it over with a note."))
    story.check_may_steer(case, agent, now)
    story.check_running(case)
    pair = handovers.pair_for(case, referent, deputy, now=now, because=because)
    handovers.put_in_hands(case, now, pair)
    line = story.add_referent(case, now=now, agent=agent, **people.exceptions_of(pair))
    story.note_down(
        case,
        agent,
        "case_assigned",
        referent=case.referent_id,
        deputy=case.deputy_id,
        **people.exceptions_of(pair),
    )
    return _announce(case, None, line, agent=agent, now=now) if before is None else case


def _announce(
    case: Case, before: int | None, line: CaseEntry, *, agent: Agent, now: datetime
) -> Case:
    """Who follows now; a receipt that waited for the first of them names them, and says it once."""
    if before is not None or not send_late_receipt(case, agent=agent, now=now):
        emit(CaseReferentChanged(case.pk, case.authority_id, before, case.referent_id, line.pk))
    return case


@transaction.atomic
def name_deputy(case: Case, *, agent: Agent, now: datetime, deputy: Agent) -> Case:
    """Choose for this very case who stands in when the referent is away."""
    story.check_may_steer(case, agent, now)
    story.check_running(case)
    people.check_follows(deputy, case.service)
    if deputy.pk == case.referent_id:
        raise Refused(_("The deputy is another person than the referent."))
    if deputy.pk == case.deputy_id and case.deputy_is_chosen:
        return case
    story.change(case, now=now, deputy=deputy, deputy_is_chosen=True, unread_by_person=True)
    story.add_referent(case, now=now, agent=agent)
    story.note_down(case, agent, "deputy_named", deputy=deputy.pk)
    return case


@transaction.atomic
def transfer_to_service(
    case: Case,
    *,
    agent: Agent,
    now: datetime,
    service: Service,
    note: handovers.Note,
    referent: Agent | None = None,
) -> Case:
    """Pass the case to another service, where somebody follows it at once; the trace stays."""
    note = handovers.whole(note, now, agent)
    story.check_may_steer(case, agent, now)
    story.check_running(case)
    if service.authority_id != case.authority_id:
        raise Refused(_("This belongs to another authority."), code="foreign")
    if service.pk == case.service_id:
        raise Refused(_("The case is with this service already."))
    before, old_service = case.referent_id, case.service_id
    pair = people.chosen_pair(service, case.topic, now=now, person=case.person, referent=referent)
    story.change(
        case,
        now=now,
        service=service,
        **people.in_hands(pair, now),
        due_on=note.by_when,
        unread_by_service=True,
        unread_by_person=True,
    )
    people.withdraw_pending(case, now)
    line = story.add_line(
        case,
        story.Kind.TRANSFERRED,
        now=now,
        agent=agent,
        text=note.why,
        before_service=old_service,
        service=service.pk,
        referent=case.referent_id,
        deputy=case.deputy_id,
        **handovers.kept_parts(note),
        **people.exceptions_of(pair),
    )
    story.note_down(case, agent, "case_transferred", before=old_service, service=service.pk)
    return _announce(case, before, line, agent=agent, now=now)


@transaction.atomic
def forward(case: Case, *, agent: Agent, now: datetime, authority_name: str, reason: str) -> Case:
    """Send the request to the authority whose matter it is, and tell the person."""
    name = one_line(authority_name)[:120]
    if not name:
        raise Refused(_("Write to which authority the request is sent."))
    why = story.words(reason, empty=_("Write why it is sent there: the person reads it."))
    story.check_may_steer(case, agent, now)
    story.check_running(case)
    story.change(case, now=now, state=Case.State.FORWARDED, unread_by_person=True)
    people.withdraw_pending(case, now)
    legal = clocks.recount(case, clocks.Change(left_for_another=True))
    both = queries.two_clocks(legal) if legal else {}
    story.add_line(
        case, story.Kind.FORWARDED, now=now, agent=agent, text=why, authority=name, **both
    )
    story.note_down(case, agent, "case_forwarded", authority=name)
    return case
