"""How the town shares its cases: who read them, one asked twice, one represented, one household."""

from datetime import datetime, timedelta
from itertools import islice
from random import Random

from parvis.accounts.models import Agent
from parvis.cases import actions
from parvis.cases.models import Case
from parvis.cases.rules import RUNNING
from parvis.contacts import actions as contacts
from parvis.demo import seeds
from parvis.demo.content.loader import Content
from parvis.organisations.models import Authority

_READ = 90  # running cases that somebody has read of late
_ALONE = 0.35  # of them, by their referent only
_OUTSIDE = 14
_WHY = (
    ("here", ""),
    ("here", ""),
    ("letter", ""),
    ("help", ""),
    ("other", "Question de la trésorerie sur un paiement"),
)


def create(content: Content, *, seed: int, now: datetime) -> int:
    """Readings of a month, a request made twice, a representative and a household."""
    town = Authority.objects.get(slug=content.town.slug)
    chance = seeds.rng(seed, "sharing")
    running = _running(town)
    read = _within(running, chance, now) + _from_outside(town, running, chance, now)
    known = [case for case in running if case.person is not None and case.referent is not None]
    _asked_twice(known, now)
    _represented(known, now)
    _household(known, now)
    return read


def _running(town: Authority) -> list[Case]:
    rows = Case.objects.filter(authority=town, state__in=RUNNING, referent__isnull=False)
    with_people = rows.select_related(
        "authority", "service", "topic__authority", "topic__service", "topic__family", "person",
        "referent__entry", "deputy__entry",
    )  # fmt: skip
    return list(with_people.order_by("-last_activity_at", "-pk")[: 2 * _READ])


def _within(running: list[Case], chance: Random, now: datetime) -> int:
    """Those who follow a case read it; in most services somebody else as well."""
    made = 0
    for case in running[:_READ]:
        readers = [case.referent] if chance.random() < _ALONE else [case.referent, case.deputy]
        for reader in readers:
            at = now - timedelta(days=chance.randint(0, 28), hours=chance.randint(0, 6))
            if reader is not None:
                actions.record_reading(case, agent=reader, now=max(at, case.opened_at))
                made += 1
    return made


def _from_outside(town: Authority, running: list[Case], chance: Random, now: datetime) -> int:
    """The desk answers about cases of other services, and says why."""
    desks = Agent.objects.at_work().filter(authority=town, grants__role="REC").order_by("pk")
    agents = list(desks.select_related("entry", "service", "site")[:6])
    wanted = (case for case in running if not case.service.is_sensitive)
    made = 0
    for case in islice(wanted, _OUTSIDE):
        agent = chance.choice(agents)
        if agent.service_id == case.service_id:
            continue
        reason, words = chance.choice(_WHY)
        at = max(now - timedelta(hours=chance.randint(1, 200)), case.opened_at)
        actions.say_why(case, agent=agent, now=at, reason=reason, words=words)
        made += 1
    return made


def _asked_twice(known: list[Case], now: datetime) -> None:
    """One request was made twice and put together; another still waits to be seen."""
    for case, is_merged in zip(_open_ones(known, 0), (True, False), strict=False):
        again = actions.open_case(
            topic=case.topic,
            channel="phone",
            description=f"Rappel de la même demande : {case.title}",
            title=case.title,
            now=now - timedelta(hours=3),
            agent=case.referent,
            person=case.person,
        )
        if is_merged and case.referent is not None and again.case.service_id == case.service_id:
            actions.merge(
                again.case,
                into=case,
                agent=case.referent,
                now=now - timedelta(hours=2),
                reason="La même demande, faite une seconde fois par téléphone",
            )


def _represented(known: list[Case], now: datetime) -> None:
    """An association follows a request for somebody who asked it to."""
    for case in _open_ones(known, 2)[:1]:
        holder, _linking = contacts.identify_person(
            case.authority,
            now=now,
            first_name="Nolwenn",
            last_name="Tanguy",
            email="nolwenn.tanguy@entraide-orvanne.example",
        )
        terms = actions.Terms(
            kind="helper",
            proof="signed",
            first_day=now.date() - timedelta(days=2),
            last_day=now.date() + timedelta(days=180),
            organisation="Entraide d’Orvanne",
            proof_words="Formulaire signé au guichet",
            may_write=True,
            mail_to="both",
        )
        if case.referent is not None:
            actions.give_mandate(case, holder=holder, terms=terms, agent=case.referent, now=now)


def _household(known: list[Case], now: datetime) -> None:
    """Two requests of one service are of the same household."""
    rows = _open_ones(known, 3)
    first = rows[0] if rows else None
    if first is None or first.referent is None:
        return
    for other in rows[1:]:
        if other.service_id == first.service_id and other.person_id != first.person_id:
            actions.link(first, to=other, kind="household", agent=first.referent, now=now)
            return


def _open_ones(known: list[Case], skipped: int) -> list[Case]:
    """Running cases of services that are open to their neighbours, some of them left aside."""
    rows = [case for case in known if case.state == Case.State.OPEN]
    plain = [case for case in rows if not case.service.is_sensitive]
    return plain[skipped:]
