"""Writing down exchanges, correcting them in the open, and knowing who it was."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.emails import is_email
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.text import one_line
from parvis.contacts import rules
from parvis.contacts.events import ContactClosed, ContactUndone
from parvis.contacts.models import (
    AvoidableCause,
    Channel,
    Contact,
    ContactSheet,
    Correction,
    Linking,
    Need,
    Outcome,
    Person,
)
from parvis.knowledge.models import Sheet
from parvis.organisations.models import Authority, Desk, Site, Topic

MANY_PEOPLE = 20  # behind one telephone number: a reception, not a person


@transaction.atomic
def log_contact(
    *,
    authority: Authority,
    topic: Topic,
    channel: str,
    outcome: str,
    started_at: datetime,
    ended_at: datetime,
    now: datetime,
    agent: Agent | None = None,
    site: Site | None = None,
    desk: Desk | None = None,
    person: Person | None = None,
    linking: str = Linking.NONE,
    needs: Iterable[str] = (),
    avoidable_cause: str = "",
    sheets: Iterable[Sheet] = (),
    note: str = "",
) -> Contact:
    """Write down one exchange: what about, with whom, how it ended."""
    site = site or (desk.site if desk else None)
    _check_tenant(authority, topic, agent, site, desk, person)
    _check_words(channel=channel, outcome=outcome, needs=needs, avoidable_cause=avoidable_cause)
    _check_times(started_at, ended_at, now)
    check_level(topic, outcome, agent, now=now)
    contact = Contact.objects.create(
        authority=authority,
        topic=topic,
        channel=channel,
        outcome=outcome,
        started_at=started_at,
        ended_at=ended_at,
        recorded_at=now,
        agent=agent,
        site=site,
        desk=desk,
        person=person,
        linking=_linking(person, linking),
        needs=sorted(set(needs)),
        avoidable_cause=avoidable_cause,
        note=note.strip()[:300],
    )
    _keep_sheets(contact, sheets)
    _tell(contact)
    return contact


@transaction.atomic
def carry_on(
    contact: Contact,
    *,
    topic: Topic,
    outcome: str,
    ended_at: datetime,
    now: datetime,
    agent: Agent | None = None,
    person: Person | None = None,
    linking: str = Linking.NONE,
    sheets: Iterable[Sheet] = (),
    note: str = "",
) -> Contact:
    """The same exchange went on: its one row tells how it ends now; the journal, how it stood."""
    contact = Contact.objects.select_related("authority", "person").get(pk=contact.pk)
    _check_tenant(contact.authority, topic, agent, person)
    _check_words(channel=contact.channel, outcome=outcome, needs=(), avoidable_cause="")
    ended_at = max(ended_at, contact.ended_at)
    _check_times(contact.started_at, ended_at, now)
    check_level(topic, outcome, agent, now=now)
    before: dict[str, Any] = {
        "topic": contact.topic_id, "outcome": contact.outcome, "agent": contact.agent_id,
    }  # fmt: skip
    contact.topic, contact.outcome, contact.ended_at = topic, outcome, ended_at
    contact.agent = agent or contact.agent
    if person is not None:
        contact.person, contact.linking = person, _linking(person, linking)
    contact.note = note.strip()[:300] or contact.note
    contact.save()
    _keep_sheets(contact, sheets)
    where = contact.authority_id
    journal.record(agent, "contacts.contact_carried_on", contact, authority_id=where, before=before)
    emit(
        ContactClosed(
            contact.pk, contact.authority_id, topic.pk, contact.channel, outcome, ended_at
        )
    )
    return contact


def _tell(contact: Contact) -> None:
    where, topic, how = contact.authority_id, contact.topic, contact.outcome
    journal.record(
        contact.agent,
        "contacts.contact_logged",
        contact,
        authority_id=where,
        channel=contact.channel,
        outcome=how,
        topic=topic.slug,
    )
    emit(ContactClosed(contact.pk, where, topic.pk, contact.channel, how, contact.ended_at))


def check_level(topic: Topic, outcome: str, agent: Agent | None, *, now: datetime) -> None:
    """Refuse to settle at reception what only a referent of the service may settle (R12)."""
    if _is_beyond_level(topic, outcome, agent, now):
        raise Refused(
            _(
                "“%(topic)s” is settled by a referent of %(service)s. Choose outcome 3, followed "
                "by a service: the person leaves with the name of who follows it."
            )
            % {"topic": topic.label, "service": topic.service.label},
            code="beyond_level",
        )


@transaction.atomic
def correct_contact(
    contact: Contact, *, agent: Agent, now: datetime, reason: str, **changes: Any
) -> Contact:
    """Change what was written down: the original, its hour, who corrected and why stay readable."""
    contact = Contact.objects.select_related("topic__service", "agent").get(pk=contact.pk)
    _check_may_correct(contact, agent, reason)
    unknown = set(changes) - set(rules.CORRECTABLE)
    if unknown:
        raise TypeError(f"not correctable: {sorted(unknown)}")
    before = {name: getattr(contact, name) for name in changes}
    changed = {name: value for name, value in changes.items() if value != before[name]}
    if not changed:
        raise Refused(_("Nothing was changed."))
    for name, value in changed.items():
        setattr(contact, name, value)
    _check_corrected(contact, agent, now)
    if "person" in changed:
        contact.linking = Linking.MANUAL if contact.person else Linking.NONE
    contact.save(update_fields=[*changed, "linking", "beyond_level"])
    Correction.objects.create(
        contact=contact,
        at=now,
        by=agent,
        reason=reason.strip(),
        before={name: _plain(before[name]) for name in changed},
        after={name: _plain(value) for name, value in changed.items()},
    )
    journal.record(agent, "contacts.contact_corrected", contact, fields=sorted(changed))
    return contact


@transaction.atomic
def undo_contact(contact: Contact, *, agent: Agent, now: datetime) -> Contact:
    """Take back what was just written down, within ten seconds."""
    if contact.agent_id != agent.pk:
        raise Refused(_("Only the colleague who wrote it down can take it back."))
    if not rules.may_undo(recorded_at=contact.recorded_at, now=now):
        raise Refused(_("More than ten seconds have passed: correct the contact instead."))
    standing = Contact.objects.filter(pk=contact.pk, undone_at=None)
    if not standing.update(undone_at=now):
        raise Refused(_("This contact was already taken back."))
    contact.undone_at = now
    journal.record(agent, "contacts.contact_undone", contact)
    emit(ContactUndone(contact.pk, contact.authority_id))
    return contact


@transaction.atomic
def identify_person(
    authority: Authority,
    *,
    now: datetime,
    first_name: str = "",
    last_name: str = "",
    email: str = "",
    phone: str = "",
    address: str = "",
) -> tuple[Person, str]:
    """The person that these details name, known already or new, and how sure we are of it."""
    given = {
        "first_name": one_line(first_name),
        "last_name": one_line(last_name),
        "email": rules.normal_email(email),
        "phone": rules.normal_phone(phone),
        "address": one_line(address),
    }
    if phone.strip() and not given["phone"]:
        raise Refused(_("This is not a telephone number."))
    if given["email"] and not is_email(given["email"]):
        raise Refused(_("This is not an e-mail address."), code="email")
    if not any(given.values()):
        raise Refused(_("Give at least a name, a telephone number or an e-mail address."))
    linking = Linking.CONTACT_DETAILS if given["email"] or given["phone"] else Linking.MANUAL
    person = _known_person(authority, given)
    if person is None:
        person = Person.objects.create(authority=authority, created_at=now, **given)
        journal.record(None, "contacts.person_added", person, authority_id=authority.pk)
    else:
        _fill_gaps(person, given)
    return person, str(linking)


@transaction.atomic
def change_reach(person: Person, *, phone: str, address: str) -> set[str]:
    """Keep where somebody is reached from now on; returns the names of what changed."""
    number = rules.normal_phone(phone)
    if phone.strip() and not number:
        raise Refused(_("This is no telephone number."), code="bad_number")
    given = {"phone": number, "address": one_line(address)[:240]}
    changed = {name for name, value in given.items() if value != getattr(person, name)}
    for name in changed:
        setattr(person, name, given[name])
    if changed:
        person.save(update_fields=sorted(changed))
        journal.record(
            journal.PERSON,
            "contacts.reach_changed",
            person,
            authority_id=person.authority_id,
            what=sorted(changed),
        )
    return changed


@transaction.atomic
def link_person(contact: Contact, *, person: Person, linking: str) -> Contact:
    """Say who it was, when that was learnt by surer means than the agent's word."""
    if person.authority_id != contact.authority_id:
        raise ValueError("a person of another authority")
    contact.person, contact.linking = person, linking
    contact.save(update_fields=["person", "linking"])
    return contact


def _known_person(authority: Authority, given: dict[str, str]) -> Person | None:
    for detail in ("email", "phone"):
        if not given[detail]:
            continue
        held = Person.objects.filter(authority=authority, **{detail: given[detail]})
        people = {person.pk: person for person in held.order_by("pk")[:MANY_PEOPLE]}
        chosen = rules.choose_person(
            [rules.Known(p.pk, p.first_name, p.last_name) for p in people.values()],
            first_name=given["first_name"],
            last_name=given["last_name"],
        )
        if chosen:
            return people[chosen.pk]
    return None


def _fill_gaps(person: Person, given: dict[str, str]) -> None:
    gaps = [name for name, value in given.items() if value and not getattr(person, name)]
    for name in gaps:
        setattr(person, name, given[name])
    if gaps:
        person.save(update_fields=gaps)


def _keep_sheets(contact: Contact, sheets: Iterable[Sheet]) -> None:
    held = set(contact.sheets_used.values_list("version_id", flat=True))
    versions: list[int] = []
    for sheet in sheets:
        if sheet.authority_id not in (None, contact.authority_id):
            raise Refused(_("This sheet belongs to another authority."))
        if sheet.current_id and sheet.current_id not in {*held, *versions}:
            versions.append(sheet.current_id)
    ContactSheet.objects.bulk_create(
        ContactSheet(contact=contact, version_id=version) for version in versions
    )


def _linking(person: Person | None, linking: str) -> str:
    if person is None:
        return str(Linking.NONE)
    return linking if linking != Linking.NONE else str(Linking.MANUAL)


def _check_tenant(authority: Authority, topic: Topic, *others: Any) -> None:
    for thing in (topic, *others):
        owner = thing.site if isinstance(thing, Desk) else thing
        if owner is not None and owner.authority_id != authority.pk:
            raise Refused(_("This belongs to another authority."), code="foreign")


def _check_words(*, channel: str, outcome: str, needs: Iterable[str], avoidable_cause: str) -> None:
    if channel not in Channel.values:
        raise Refused(_("Choose the channel of the exchange."))
    if outcome not in Outcome.values:
        raise Refused(_("Choose how the exchange ended."))
    if set(needs) - set(Need.values):
        raise Refused(_("This need is not on the list."))
    if avoidable_cause and avoidable_cause not in AvoidableCause.values:
        raise Refused(_("This cause is not on the list."))


def _check_times(started_at: datetime, ended_at: datetime, now: datetime) -> None:
    if not rules.times_make_sense(started_at=started_at, ended_at=ended_at, now=now):
        raise Refused(_("An exchange ends after it began, and not in the future."))


def _is_beyond_level(topic: Topic, outcome: str, agent: Agent | None, now: datetime) -> bool:
    if outcome != Outcome.RESOLVED or topic.level < rules.LEVEL_REFERENT or agent is None:
        return False
    return rules.is_beyond_level(
        outcome=outcome,
        level=topic.level,
        owning_service_id=topic.service_id,
        actor=rules.Actor(roles_of(agent, now), agent.service_id),
    )


def roles_of(agent: Agent, now: datetime) -> frozenset[str]:
    """The roles that the agent holds at that moment."""
    return frozenset(grant.role for grant in agent.grants.all() if grant.is_current(now))


def _check_may_correct(contact: Contact, agent: Agent, reason: str) -> None:
    if contact.authority_id != agent.authority_id:
        raise Refused(_("This belongs to another authority."), code="foreign")
    if contact.agent_id != agent.pk and not agent.may("contacts.correct"):
        raise Refused(_("The colleague who wrote it down, or the head of reception, corrects it."))
    if contact.undone_at is not None:
        raise Refused(_("This contact was taken back: there is nothing to correct."))
    if not reason.strip():
        raise Refused(_("Say why it is corrected: the reason stays with the contact."))


def _check_corrected(contact: Contact, agent: Agent, now: datetime) -> None:
    _check_tenant(contact.authority, contact.topic, contact.person)
    _check_words(
        channel=contact.channel,
        outcome=contact.outcome,
        needs=contact.needs,
        avoidable_cause=contact.avoidable_cause,
    )
    if not agent.may("contacts.correct"):
        check_level(contact.topic, contact.outcome, agent, now=now)
    contact.beyond_level = _is_beyond_level(contact.topic, contact.outcome, contact.agent, now)


def _plain(value: Any) -> Any:
    return getattr(value, "pk", value)
