"""The planning office: Nadia follows, Bruno stands in; and a case about six windows."""

from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from parvis.accounts.models import Agent
from parvis.cases import actions
from parvis.cases.actions import Mandated, Note, Opened
from parvis.cases.models import Case, Procedure, ProcedureTopic
from parvis.knowledge.models import Sheet
from parvis.organisations.models import Service, Topic
from tests.accounts.factories import AgentFactory
from tests.contacts.factories import PersonFactory
from tests.knowledge.factories import block, local_sheet
from tests.organisations.factories import AuthorityFactory, ServiceFactory, TopicFactory

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # 12:00 at Sainte-Orvanne


def planning(**kwargs: Any) -> Service:
    return ServiceFactory.create(
        slug="urbanisme",
        name="Urbanisme",
        name_en="Planning",
        phone="02 61 91 00 42",
        email="urbanisme@sainte-orvanne.example",
        address="1, place du Parvis, 79999 Sainte-Orvanne",
        **kwargs,
    )


def works(**kwargs: Any) -> Topic:
    return TopicFactory.create(
        slug="travaux",
        name="Déclaration de travaux",
        name_en="Building works",
        service=planning(),
        level=2,
        **kwargs,
    )


def colleague(username: str, first: str, last: str, **kwargs: Any) -> Agent:
    """A referent of the planning office."""
    values = {"service": planning(), "roles": ["REF"], "authority": AuthorityFactory.create()}
    return AgentFactory.create(
        username=username,
        entry__first_name=first,
        entry__last_name=last,
        entry__function="Instructrice",
        **{**values, **kwargs},
    )


def nadia(**kwargs: Any) -> Agent:
    return colleague("nadia.amrani", "Nadia", "Amrani", **kwargs)


def bruno(**kwargs: Any) -> Agent:
    return colleague("bruno.delcourt", "Bruno", "Delcourt", **kwargs)


def windows(**kwargs: Any) -> Opened:
    """Odette's six windows, followed by Nadia, with Bruno behind."""
    values: dict[str, Any] = {
        "topic": works(),
        "channel": "desk",
        "title": "Remplacer six fenêtres",
        "description": "Je voudrais changer six fenêtres sur la rue.",
        "now": NOON,
        "person": kwargs.pop("person", None) or PersonFactory.create(),
    }
    referent, deputy = nadia(), bruno()
    return actions.open_case(
        **{"referent": referent, "deputy": deputy, "agent": referent, **values, **kwargs}
    )


def said_why(agent: Agent, case: Case, *, now: datetime | None = None) -> Agent:
    """A colleague of another service who has just said why."""
    now = now or timezone.now()
    actions.say_why(case, agent=agent, now=now, reason="here", words="")
    return agent


def mandated(case: Case, **kwargs: Any) -> Mandated:
    """Yann, of an association, acts for the person of the case."""
    values = {
        "kind": "helper", "proof": "signed", "first_day": timezone.localdate(), **kwargs
    }  # fmt: skip
    holder = PersonFactory.create(
        first_name="Yann", last_name="Le Gall", email="yann@aide.example", phone=""
    )
    terms = actions.Terms(**values)
    return actions.give_mandate(case, holder=holder, terms=terms, agent=nadia(), now=timezone.now())


APPEAL = "Devant le tribunal administratif, dans les deux mois."


def procedure(**kwargs: Any) -> Procedure:
    """What building works follow: silence is an acceptance after two months, unless said."""
    topics = kwargs.pop("topics", None) or [works()]
    values = {
        "authority": AuthorityFactory.create(),
        "name": "Déclaration de travaux",
        "name_en": "Building works",
        "silence": "acceptance",
        "months": 2,
        "legal_reference": "CRPA, art. L231-1",
        "appeal": APPEAL,
        **kwargs,
    }
    made = Procedure.objects.create(**values)
    for topic in topics:
        ProcedureTopic.objects.create(procedure=made, topic=topic)
    return made


def note(why: str = "Nadia change de poste.", by_when: date = date(2027, 1, 8)) -> Note:
    """A handover note with its three parts."""
    return Note(why, "Une réponse avant Noël", "Relire le plan des façades", by_when)


def given_to(receiver: Agent, case: Case, *, agent: Agent, now: datetime, why: str = "") -> Case:
    """Offered to a colleague, who accepts at once."""
    said = note(why) if why else note()
    offered = actions.hand_over(case, agent=agent, now=now, referent=receiver, note=said)
    return actions.accept_handover(offered, agent=receiver, now=now)


def facade_protocol(topic: Topic, *titles: str, **changes: Any) -> Sheet:
    """How a declaration of works is received, step by step."""
    blocks = [
        block("<p>Avec le sourire.</p>", kind="step", title=title, level="internal")
        for title in titles or ("Vérifier les pièces", "Prévenir l’architecte-conseil")
    ]
    values = {"ref": "P-001", "title": "Façades", "is_public": False, "topics": [topic], **changes}
    sheet = local_sheet(topic.authority, blocks=blocks, **values)
    Sheet.objects.filter(pk=sheet.pk).update(nature=Sheet.Nature.PROTOCOL)
    sheet.refresh_from_db()
    return sheet
