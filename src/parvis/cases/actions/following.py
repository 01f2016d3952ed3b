"""Who follows a case, and to whom it is passed on: never without a trace."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import queries, rules
from parvis.cases.actions import clocks, people, story
from parvis.cases.events import CaseReferentChanged
from parvis.cases.models import Case
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.text import one_line
from parvis.organisations.models import Service


@transaction.atomic
def assign(
    case: Case, *, agent: Agent, now: datetime, referent: Agent, deputy: Agent | None = None
) -> Case:
    """Name the referent of a case that has none, or change the deputy."""
    if case.referent_id not in (None, referent.pk):
        raise Refused(_("Somebody follows this case already: hand it over with a note."))
    story.check_may_steer(case, agent, now)
    story.check_running(case)
    _put_in_hands(case, now, referent, deputy)
    story.add_referent(case, now=now, agent=agent)
    story.note_down(case, agent, "case_assigned", referent=case.referent_id, deputy=case.deputy_id)
    return case


@transaction.atomic
def hand_over(
    case: Case,
    *,
    agent: Agent,
    now: datetime,
    referent: Agent,
    note: str,
    deputy: Agent | None = None,
) -> Case:
    """Give the case to a colleague of the service, and say why to them and to the person."""
    why = story.words(note, empty=_("Write a note: the person and your colleague read why."))
    story.check_may_steer(case, agent, now)
    story.check_running(case)
    before = case.referent_id
    if referent.pk == before:
        raise Refused(_("This colleague follows the case already."))
    _put_in_hands(case, now, referent, deputy)
    story.add_line(
        case,
        story.Kind.HANDED_OVER,
        now=now,
        agent=agent,
        text=why,
        before=before,
        referent=referent.pk,
        deputy=case.deputy_id,
    )
    story.note_down(case, agent, "case_handed_over", before=before, referent=referent.pk)
    return case


@transaction.atomic
def transfer_to_service(
    case: Case,
    *,
    agent: Agent,
    now: datetime,
    service: Service,
    note: str,
    referent: Agent | None = None,
) -> Case:
    """Pass the case to another service, where somebody follows it at once; the trace stays."""
    why = story.words(note, empty=_("Write a note: the person and your colleagues read why."))
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
        referent=pair.referent,
        deputy=pair.deputy,
        referent_since=now if pair.referent else None,
        unread_by_service=True,
        unread_by_person=True,
    )
    story.add_line(
        case,
        story.Kind.TRANSFERRED,
        now=now,
        agent=agent,
        text=why,
        before_service=old_service,
        service=service.pk,
        referent=case.referent_id,
        deputy=case.deputy_id,
    )
    story.note_down(case, agent, "case_transferred", before=old_service, service=service.pk)
    emit(CaseReferentChanged(case.pk, case.authority_id, before, case.referent_id))
    return case


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
    legal = clocks.recount(case, clocks.Change(left_for_another=True))
    both = queries.two_clocks(legal) if legal else {}
    story.add_line(
        case, story.Kind.FORWARDED, now=now, agent=agent, text=why, authority=name, **both
    )
    story.note_down(case, agent, "case_forwarded", authority=name)
    return case


@transaction.atomic
def record_reading(case: Case, *, agent: Agent, now: datetime) -> None:
    """Keep account of a reading: from outside the service in the journal, within as seen."""
    if agent.service_id != case.service_id:
        story.note_down(case, agent, "case_read", service=agent.service_id)
    elif case.unread_by_service:
        case.unread_by_service = False
        case.save(update_fields=["unread_by_service"])


@transaction.atomic
def take_over_from(agent: Agent, *, now: datetime) -> int:
    """Somebody has left: each of their running cases is followed by a colleague at once.

    The deputy, who knows the case, comes first. The person reads on their page who follows now.
    """
    left = Case.objects.filter(state__in=rules.RUNNING).select_related(
        "service", "topic", "person", "referent", "deputy"
    )
    cases = list(left.filter(Q(referent=agent) | Q(deputy=agent)).order_by("pk"))
    for case in cases:
        _replace(case, agent, now)
    return len(cases)


def _replace(case: Case, gone: Agent, now: datetime) -> None:
    was_referent = case.referent_id == gone.pk
    referent = case.deputy if was_referent else case.referent
    deputy = None if was_referent or case.deputy_id == gone.pk else case.deputy
    pair = people.chosen_pair(
        case.service,
        case.topic,
        now=now,
        person=case.person,
        referent=referent if referent and _still_fits(referent, case) else None,
        deputy=deputy,
    )
    fields: dict[str, Any] = {"referent": pair.referent, "deputy": pair.deputy}
    if was_referent:
        fields |= {"referent_since": now if pair.referent else None, "unread_by_person": True}
    story.change(case, now=now, **fields)
    if not was_referent:
        story.note_down(case, None, "deputy_replaced", deputy=case.deputy_id)
        return
    story.add_line(
        case,
        story.Kind.HANDED_OVER,
        now=now,
        before=gone.pk,
        referent=case.referent_id,
        deputy=case.deputy_id,
        has_left=True,
    )
    story.note_down(case, None, "case_taken_over", before=gone.pk, referent=case.referent_id)
    emit(CaseReferentChanged(case.pk, case.authority_id, gone.pk, case.referent_id))


def _put_in_hands(case: Case, now: datetime, referent: Agent, deputy: Agent | None) -> None:
    before = case.referent_id
    if deputy is None and case.deputy_id != referent.pk and _still_fits(case.deputy, case):
        deputy = case.deputy
    pair = people.chosen_pair(case.service, case.topic, now=now, referent=referent, deputy=deputy)
    story.change(
        case,
        now=now,
        referent=pair.referent,
        deputy=pair.deputy,
        referent_since=case.referent_since if before == referent.pk else now,
        unread_by_person=True,
    )
    if before != referent.pk:
        emit(CaseReferentChanged(case.pk, case.authority_id, before, referent.pk))


def _still_fits(deputy: Agent | None, case: Case) -> bool:
    return deputy is not None and deputy.is_active and deputy.service_id == case.service_id
