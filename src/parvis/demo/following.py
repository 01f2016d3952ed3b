"""Who follows the cases of the town today: somebody away, an offer that waits, a departure."""

from datetime import datetime, timedelta

from django.db.models import Count

from parvis.accounts import actions as accounts
from parvis.accounts import queries as people
from parvis.accounts.models import Agent
from parvis.cases import actions
from parvis.cases.models import Case
from parvis.cases.rules import RUNNING
from parvis.knowledge import queries as knowledge
from parvis.organisations.models import Authority, DirectoryEntry, Service

AWAY, STANDS_IN = "emilie.bessonnat", "sylvie.gaillardet"
GIVER, RECEIVER = "bruno.delcourt", "nadia.amrani"
LEFT = ("Agathe", "Rouvier", "agathe.rouvier")
PLANNING = "urbanisme"
ROOM = 12  # cases more than the busiest of the planning office has: then it is enough
TAKEN = 3  # cases that Agathe had
_SHUT = "!whoever-left-never-signs-in"
WINDOWS = "Remplacer six fenêtres, 14"


def create(town: Authority, *, now: datetime) -> None:
    """Somebody is on leave, somebody left yesterday, a case is offered, a protocol is followed."""
    today(town, now=now)
    head = _agent(town, grants__role="MGR")
    office = Service.objects.get(authority=town, slug=PLANNING)
    actions.set_cap(office, actor=head, most=_busiest(office) + ROOM)
    _departure(town, office, now)
    _offer(town, now)
    _protocol(town, now)


def today(town: Authority, *, now: datetime) -> None:
    """Whoever is away in this town still is, on whatever day it is opened."""
    away, deputy = _agent(town, username=AWAY), _agent(town, username=STANDS_IN)
    day = now.date()
    if people.absence_of(away, on=day) is None:
        accounts.say_absence(
            away,
            actor=away,
            now=now,
            first_day=day - timedelta(days=3),
            last_day=day + timedelta(days=9),
            deputy=deputy,
        )


def _agent(town: Authority, **wanted: str) -> Agent:
    found: Agent = (
        Agent.objects.with_rights()
        .filter(authority=town, is_robot=False, **wanted)
        .order_by("pk")[0]
    )
    return found


def _running(town: Authority, referent: Agent, before: datetime) -> list[Case]:
    rows = Case.objects.filter(
        authority=town,
        referent=referent,
        state__in=RUNNING,
        last_activity_at__lt=before,
        person__isnull=False,
    ).exclude(title__startswith=WINDOWS)
    whole = rows.select_related("service", "topic", "person", "referent", "deputy", "authority")
    return list(whole.order_by("-last_activity_at", "pk")[:TAKEN])


def _busiest(office: Service) -> int:
    followed = Case.objects.filter(service=office, state__in=RUNNING, referent__isnull=False)
    loads = followed.values("referent").annotate(cases=Count("pk")).order_by("-cases")
    return int(loads[0]["cases"]) if loads else 0


def _departure(town: Authority, office: Service, now: datetime) -> None:
    first, last, username = LEFT
    entry = DirectoryEntry.objects.create(
        authority=town,
        service=office,
        first_name=first,
        last_name=last,
        function="Instructrice",
        function_en="Case officer",
    )
    admin, giver = _agent(town, grants__role="ADM"), _agent(town, username=GIVER)
    accounts.create_agent(
        town, actor=admin, username=username, roles={"REF": None}, entry=entry, service=office
    )
    came = now - timedelta(days=4)
    Agent.objects.filter(username=username).update(created_at=came)
    agathe = _agent(town, username=username)
    for case in _running(town, giver, came):
        offered = actions.hand_over(
            case,
            agent=giver,
            now=came,
            referent=agathe,
            note=actions.Note(
                "Agathe Rouvier rejoint le service et suit votre secteur.",
                "Une réponse sous un mois",
                "Vérifier les pièces reçues",
                (now + timedelta(days=12)).date(),
            ),
            because="Arrivée dans le service, accompagnée par Bruno",
        )
        actions.accept_handover(offered, agent=agathe, now=came)
    accounts.deactivate(agathe, actor=admin, now=now - timedelta(days=1))
    Agent.objects.filter(pk=agathe.pk).update(password=_SHUT)  # the same twice, and as shut


def _offer(town: Authority, now: datetime) -> None:
    giver, receiver = _agent(town, username=GIVER), _agent(town, username=RECEIVER)
    for case in _running(town, giver, now - timedelta(days=1))[:1]:
        actions.hand_over(
            case,
            agent=giver,
            now=now - timedelta(hours=2),
            referent=receiver,
            note=actions.Note(
                "Nadia Amrani connaît déjà cette parcelle.",
                "Un appel avant la fin du mois",
                "Relire l’avis de l’architecte-conseil",
                (now + timedelta(days=9)).date(),
            ),
        )


def _protocol(town: Authority, now: datetime) -> None:
    nadia = _agent(town, username=RECEIVER)
    cases = Case.objects.filter(authority=town, title__startswith=WINDOWS, state__in=RUNNING)
    case = cases.order_by("-pk").first()
    if case is None:
        return
    for sheet in knowledge.live_protocols(nadia, [case.topic_id])[:1]:
        at = now - timedelta(days=2)
        actions.do_step(case, sheet, step=1, agent=nadia, now=at)
        words = "La personne était au guichet : dit de vive voix."
        actions.do_step(case, sheet, step=2, agent=nadia, now=at, cause="person", words=words)
