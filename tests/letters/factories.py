"""Post and letters of Sainte-Orvanne: Nadia writes, Claire signs, Inès opens the envelopes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from parvis.accounts.models import Agent
from parvis.cases import actions as case_actions
from parvis.cases.models import Case
from parvis.law.models import Article
from parvis.letters import actions, queries
from parvis.letters.models import Decision, Delegation, Letter
from tests.accounts.factories import ines
from tests.cases.factories import nadia, procedure, windows, works
from tests.contacts.factories import PersonFactory
from tests.law.factories import article_99
from tests.organisations.factories import AuthorityFactory, DirectoryEntryFactory

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # 12:00 at Sainte-Orvanne
TODAY = date(2026, 11, 24)
ADDRESS = "12, rue des Lilas, 79999 Sainte-Orvanne"


def odette() -> Any:
    return PersonFactory.create(first_name="Odette", last_name="Garnier", address=ADDRESS)


def a_case(**kwargs: Any) -> Case:
    """Odette's windows, read again from the database."""
    opened = windows(person=kwargs.pop("person", None) or odette(), **kwargs)
    return Case.objects.get(pk=opened.case.pk)


def with_clock(*, silence: str = "rejection", now: datetime = NOON, **kwargs: Any) -> Case:
    """The same with a legal clock of two months."""
    procedure(silence=silence, topics=[works()])
    return a_case(now=now, **kwargs)


def claire(*, valid_from: date = date(2026, 1, 1), **kwargs: Any) -> Delegation:
    """She signs for the mayor."""
    entry = DirectoryEntryFactory.create(
        first_name="Claire", last_name="Martin", function="Cheffe du service Urbanisme"
    )
    values = {
        "authority": AuthorityFactory.create(),
        "entry": entry,
        "capacity": "Pour le maire et par délégation,",
        "act": "arrêté n° 2026-12 du 5 janvier 2026",
        "valid_from": valid_from,
        **kwargs,
    }
    return Delegation.objects.create(**values)


def an_article() -> Article:
    return article_99()


def reasons(**kwargs: Any) -> actions.Reasons:
    values: dict[str, Any] = {
        "articles": [an_article()],
        "law": "Le règlement demande du bois sur cette rue.",
        "facts": "Les fenêtres demandées sont en plastique.",
        "plain": "Vos fenêtres doivent être en bois.",
        "appeal": "Devant le tribunal administratif, dans les deux mois.",
        **kwargs,
    }
    return actions.Reasons(**values)


def refused(case: Case, **kwargs: Any) -> Decision:
    values = {"agent": nadia(), "now": NOON, "decided_on": TODAY, **kwargs}
    delegation = values.pop("delegation", None) or claire()
    return actions.refuse_request(case, reasons(), delegation=delegation, **values)


def a_letter(case: Case, kind: str = "free", *, agent: Agent | None = None, **of: Any) -> Letter:
    wording = queries.wording(case.authority_id, kind)
    assert wording is not None
    now = of.pop("now", NOON)
    return actions.begin_letter(case, wording, agent=agent or nadia(), now=now, **of)


def leaving(**kwargs: Any) -> actions.Leaving:
    return actions.Leaving(**{"way": "post", "posted_on": TODAY, **kwargs})


def sent(case: Case, kind: str = "free", **of: Any) -> Letter:
    letter = a_letter(case, kind, **of)
    return actions.send_letter(letter, leaving(), agent=nadia(), now=NOON)


def came(**kwargs: Any) -> actions.Came:
    values: dict[str, Any] = {
        "sender": "Odette Garnier",
        "subject": "Mes fenêtres",
        "topic": works(),
        "received_on": TODAY,
        **kwargs,
    }
    return actions.Came(**values)


def registered(**kwargs: Any) -> Any:
    more = {name: kwargs.pop(name) for name in ("case", "opens") if name in kwargs}
    agent, now = kwargs.pop("agent", None) or ines(), kwargs.pop("now", NOON)
    return actions.register_letter(came(**kwargs), agent=agent, now=now, **more)


def long_ago() -> datetime:
    """Early enough for silence to have spoken since."""
    return timezone.now() - timedelta(days=100)


def give_receipt(case: Case) -> None:
    case_actions.give_receipt(case, agent=nadia(), now=NOON)
