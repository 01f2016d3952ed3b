"""The procedures of the town, and the legal clocks of the cases that run."""

from datetime import datetime

from parvis.accounts.models import Agent
from parvis.cases import actions
from parvis.cases.models import Procedure
from parvis.demo.content.loader import Content
from parvis.organisations.models import Authority, Topic


def create(content: Content) -> None:
    """Write the procedures as the head of reception did, none of them checked yet."""
    town = Authority.objects.get(slug=content.town.slug)
    head = _head(town)
    topics = {topic.slug: topic for topic in Topic.objects.filter(authority=town)}
    for words in content.procedures.procedures:
        actions.keep_procedure(
            Procedure(
                authority=town,
                name=words.name.fr,
                name_en=words.name.en,
                silence=words.silence,
                months=words.months,
                legal_reference=words.legal_reference,
                appeal=words.appeal,
                receipt_exemption=words.receipt_exemption,
                exemption_reason=words.exemption_reason,
                purpose=words.purpose,
            ),
            actor=head,
            topics=[topics[slug] for slug in words.topics],
        )


def settle(content: Content, *, now: datetime) -> None:
    """Give their clock to the cases of the history, and tell who follows one that is near."""
    town = Authority.objects.get(slug=content.town.slug)
    head = _head(town)
    for procedure in Procedure.objects.filter(authority=town).order_by("pk"):
        actions.start_clocks(procedure, agent=head, now=now)
    actions.remind(now=now)


def _head(town: Authority) -> Agent:
    head: Agent = Agent.objects.filter(authority=town, grants__role="MGR").order_by("pk")[0]
    return head
