"""Which sheets are due to be looked at again, by whom."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import F, QuerySet

from parvis.accounts.models import Agent
from parvis.knowledge.models import Sheet, SheetReview
from parvis.knowledge.queries.drafts import roles_with
from parvis.knowledge.rules import reviews

MINE = "mine"
SERVICE = "service"
ALL = "all"
SCOPES = (MINE, SERVICE, ALL)


def in_use(authority_id: int) -> QuerySet[Sheet]:
    """The sheets of a house that people read."""
    return Sheet.objects.filter(
        authority_id=authority_id, state=Sheet.State.PUBLISHED, current__isnull=False
    )


def due_sheets(agent: Agent, scope: str, today: date) -> QuerySet[Sheet]:
    """Late or due within a month: the agent's own, those of the service, or all."""
    sheets = in_use(agent.authority_id).filter(
        review_due_on__lte=today + timedelta(days=reviews.SOON)
    )
    if scope == MINE:
        sheets = sheets.filter(keeper_id=agent.pk)
    elif scope == SERVICE:
        sheets = sheets.filter(service=agent.service, service__isnull=False)
    return _in_order(sheets)


def urgent_sheets(agent: Agent) -> QuerySet[Sheet]:
    """Urgent corrections that nobody has looked at yet and this agent may check."""
    sheets = in_use(agent.authority_id).filter(urgent_check_by__isnull=False)
    if not (agent.may("knowledge.validate") or agent.may("knowledge.write")):
        sheets = sheets.filter(service=agent.service, service__isnull=False)
    return sheets.select_related("service", "current__written_by__entry").order_by(
        "urgent_check_by", "title", "id"
    )


def _in_order(sheets: QuerySet[Sheet]) -> QuerySet[Sheet]:
    return sheets.select_related("service", "keeper__entry").order_by(
        F("review_due_on").asc(nulls_last=True), "title", "id"
    )


def reviews_of(sheet: Sheet) -> QuerySet[SheetReview]:
    """Who looked at a sheet, the last one first."""
    return SheetReview.objects.filter(sheet=sheet, undone_at=None).select_related(
        "agent__entry", "version"
    )


def due_with_keepers(today: date) -> Iterator[tuple[Sheet, list[Agent]]]:
    """Every sheet late or due within a month, with who is written to about it."""
    sheets = Sheet.objects.filter(
        authority__isnull=False,
        state=Sheet.State.PUBLISHED,
        review_due_on__lte=today + timedelta(days=reviews.SOON),
    ).select_related("keeper")
    people = _people()
    for sheet in sheets.order_by("review_due_on", "id"):
        agents = _answerable(sheet, people)
        if agents:
            yield sheet, agents


def _people() -> dict[tuple[str, int], list[Agent]]:
    """Liaisons and referents by service, editors by authority: one query for all sheets."""
    roles = [*roles_with("knowledge.validate_own"), "KBE"]
    agents = Agent.objects.at_work().exclude(email="").filter(grants__role__in=roles)
    found: dict[tuple[str, int], list[Agent]] = {}
    for agent in agents.with_rights().order_by("pk").distinct():
        held = {grant.role for grant in agent.grants.all()}
        for role in held & {"LIA", "REF"}:
            if agent.service_id:
                found.setdefault((role, agent.service_id), []).append(agent)
        if "KBE" in held:
            found.setdefault(("KBE", agent.authority_id), []).append(agent)
    return found


def _answerable(sheet: Sheet, people: dict[tuple[str, int], list[Agent]]) -> list[Agent]:
    """Its keeper; without one the liaison of the service, else a referent, else the editors."""
    keeper = sheet.keeper
    if keeper is not None and keeper.is_active and keeper.email:
        return [keeper]
    service, authority = sheet.service_id or 0, sheet.authority_id or 0
    return (
        people.get(("LIA", service))
        or people.get(("REF", service), [])[:1]
        or people.get(("KBE", authority), [])
    )
