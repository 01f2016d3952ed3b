"""The reception protocols of a case: which steps were done, by whom, with which version."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from parvis.accounts.models import Agent
from parvis.cases.models import Case, CaseStep
from parvis.cases.queries.joining import part_ids
from parvis.knowledge import queries as knowledge
from parvis.knowledge.models import Sheet, SheetVersion
from parvis.knowledge.queries.protocols import Step


@dataclass(frozen=True)
class StepInCase:
    """One step of the protocol as it is now, and who did it, if anybody."""

    step: Step
    done: CaseStep | None


@dataclass(frozen=True)
class ProtocolInCase:
    """A protocol that fits the topic, followed in one case."""

    sheet: Sheet
    version: SheetVersion
    steps: list[StepInCase]
    earlier: list[CaseStep]  # done with a version that named them otherwise

    @property
    def done(self) -> int:
        """How many of the steps are done."""
        return sum(1 for one in self.steps if one.done)


def protocols_of(case: Case, agent: Agent) -> list[ProtocolInCase]:
    """The protocols in force for the topic of a case, with the steps done in it."""
    if not agent.may("protocols.read"):
        return []
    done = list(_steps(case).select_related("version", "agent__entry", "deviation", "case"))
    done.sort(key=lambda one: one.case_id == case.pk)  # the case's own tick counts before others
    live = knowledge.live_protocols(agent, [case.topic_id])
    return [_followed(sheet, done) for sheet in live if sheet.current is not None]


def _followed(sheet: Sheet, done: Iterable[CaseStep]) -> ProtocolInCase:
    version = sheet.current
    assert version is not None  # noqa: S101 - asked by the caller
    mine = [one for one in done if one.version.sheet_id == sheet.pk]
    exact = {one.step: one for one in mine if one.version_id == version.pk}
    by_title = {one.title: one for one in mine}
    steps = [
        StepInCase(step, exact.get(step.number) or by_title.get(step.title[:200]))
        for step in knowledge.steps_of(version)
    ]
    shown = {one.done.pk for one in steps if one.done}
    return ProtocolInCase(sheet, version, steps, [one for one in mine if one.pk not in shown])


def steps_done(case: Case) -> list[CaseStep]:
    """Every step done in a case and in what was put into it, in the order in which they were."""
    return list(_steps(case).select_related("version__sheet", "agent__entry", "deviation"))


def is_done(case: Case, version: SheetVersion, step: int) -> bool:
    """Was this step of this version done already, here or in what was put into the case?"""
    return _steps(case).filter(version=version, step=step).exists()


def _steps(case: Case) -> QuerySet[CaseStep]:
    rows = CaseStep.objects.filter(case__in=part_ids(case)).order_by("at", "pk")
    return rows.defer("version__raw", "version__text", "version__blocks")
