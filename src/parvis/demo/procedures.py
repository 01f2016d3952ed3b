"""The procedures of the town, and the legal clocks of the cases that run."""

from datetime import datetime

from parvis.accounts.models import Agent
from parvis.cases import actions
from parvis.cases.models import Procedure
from parvis.demo.content.loader import Content
from parvis.organisations.models import Authority, Topic


def create(content: Content, *, now: datetime) -> None:
    """Write the procedures as the head of reception did, none of them checked yet."""
    town = Authority.objects.get(slug=content.town.slug)
    head = Agent.objects.filter(authority=town, grants__role="MGR").order_by("pk")[0]
    topics = {topic.slug: topic for topic in Topic.objects.filter(authority=town)}
    for words in content.procedures.procedures:
        kept = actions.keep_procedure(
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
        actions.start_clocks(kept, agent=head, now=now)


def remind(*, now: datetime) -> None:
    """Tell who follows a case whose day is near, as the job of every ten minutes does."""
    actions.remind(now=now)
