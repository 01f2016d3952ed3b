"""Who may do what with a sheet, and the drafts that wait for somebody."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from parvis.accounts.models import Agent
from parvis.accounts.rules import CAPABILITIES
from parvis.knowledge.models import DraftCopy, Sheet, SheetDraft
from parvis.knowledge.rules import writing

EDITORS = (
    "knowledge.propose", "knowledge.write", "knowledge.write_own", "knowledge.validate",
    "knowledge.validate_own",
)  # fmt: skip
PROTOCOL_EDITORS = ("protocols.write", "protocols.write_own")
VALIDATORS = ("knowledge.validate", "knowledge.validate_own")


@dataclass(frozen=True)
class Rights:
    """What one agent may do with one sheet."""

    propose: bool
    write: bool
    validate: bool
    urgent: bool

    @property
    def keeps(self) -> bool:
        """Answers for it: may say that it is still right."""
        return self.write or self.validate


def rights(agent: Agent, sheet: Sheet) -> Rights:
    """What the roles of an agent allow with a sheet; nothing with one of another house."""
    if sheet.authority_id != agent.authority_id:
        return Rights(False, False, False, False)
    own = is_own(agent, sheet)
    if sheet.nature == Sheet.Nature.PROTOCOL:
        return _protocol_rights(agent, own=own)
    return Rights(
        propose=any(map(agent.may, EDITORS)),
        write=writing.may_write(agent.may, own_service=own),
        validate=writing.may_validate(agent.may, own_service=own),
        urgent=agent.may("knowledge.write"),
    )


def _protocol_rights(agent: Agent, *, own: bool) -> Rights:
    writes = agent.may("protocols.write") or (own and agent.may("protocols.write_own"))
    validates = agent.may("protocols.validate")
    return Rights(propose=writes, write=writes, validate=validates, urgent=False)


def is_own(agent: Agent, sheet: Sheet) -> bool:
    """Does the agent work in the service that answers for the sheet?"""
    return sheet.service_id is not None and sheet.service_id == agent.service_id


def may_edit(agent: Agent, draft: SheetDraft) -> bool:
    """Its author and who may write there; once proposed, who is to read it."""
    held = rights(agent, draft.sheet)
    if draft.state == writing.PROPOSED:
        return held.validate
    return draft.is_open and (held.write or (draft.author_id == agent.pk and held.propose))


def may_publish(agent: Agent, draft: SheetDraft) -> bool:
    """May this agent make it what everybody reads?"""
    if draft.sheet.nature == Sheet.Nature.PROTOCOL:
        return agent.may("protocols.validate")
    return writing.may_publish(
        agent.may,
        own_service=is_own(agent, draft.sheet),
        wrote_it=agent.pk in writers_of(draft),
        is_alone=not validators_of(draft.sheet).exclude(pk=agent.pk).exists(),
    )


def writers_of(draft: SheetDraft) -> list[int]:
    """Everybody who wrote a text, its author first; not who put a comma right while reading it."""
    copies = DraftCopy.objects.filter(draft=draft, is_aside=False).order_by("id")
    if draft.state == writing.PROPOSED:
        copies = copies.filter(at__lte=draft.proposed_at)
    return list(dict.fromkeys([draft.author_id, *copies.values_list("agent_id", flat=True)]))


def validators_of(sheet: Sheet) -> QuerySet[Agent]:
    """The colleagues who may let a text of this sheet through."""
    is_protocol = sheet.nature == Sheet.Nature.PROTOCOL
    everywhere = roles_with("protocols.validate" if is_protocol else "knowledge.validate")
    own = [] if is_protocol else roles_with("knowledge.validate_own")
    colleagues: QuerySet[Agent] = Agent.objects.at_work().filter(authority_id=sheet.authority_id)
    return (
        colleagues.filter(
            Q(grants__role__in=everywhere)
            | Q(grants__role__in=own, service_id=sheet.service_id, service__isnull=False)
        )
        .select_related("entry", "service")
        .order_by("entry__last_name", "username")
        .distinct()
    )


def roles_with(capability: str) -> list[str]:
    """The roles that give a capability."""
    return sorted(role for role, held in CAPABILITIES.items() if capability in held)


def draft_for(agent: Agent, pk: int) -> SheetDraft | None:
    """A draft of the agent's house, with what its pages need."""
    drafts = SheetDraft.objects.visible_to(agent).select_related(
        "sheet__service", "sheet__current", "based_on", "author__entry", "saved_by__entry",
        "reviewer__entry",
    )  # fmt: skip
    return drafts.filter(pk=pk).first()


def own_sheet(agent: Agent, ref: str) -> Sheet | None:
    """A sheet that the agent's house writes itself, whatever its state."""
    sheets = Sheet.objects.visible_to(agent).filter(authority_id=agent.authority_id, ref=ref)
    return sheets.select_related("service", "current", "keeper__entry", "moved_to").first()


def others_writing(draft: SheetDraft, agent: Agent) -> list[str]:
    """The names of colleagues who saved this text too, the last one first."""
    copies = DraftCopy.objects.filter(draft=draft).exclude(agent_id=agent.pk)
    names = [copy.agent.display_name for copy in copies.select_related("agent__entry")[:20]]
    return list(dict.fromkeys(names))


def open_drafts(sheet: Sheet) -> list[SheetDraft]:
    """The texts on their way for one sheet."""
    drafts = SheetDraft.objects.filter(sheet=sheet, state__in=writing.OPEN)
    return list(drafts.select_related("author__entry", "saved_by__entry").order_by("is_urgent"))


def drafts_of(agent: Agent, states: Iterable[str]) -> QuerySet[SheetDraft]:
    """The agent's own drafts in these states, the last one touched first."""
    drafts = SheetDraft.objects.visible_to(agent).filter(author_id=agent.pk, state__in=list(states))
    return drafts.select_related("sheet__service", "author__entry").order_by("-saved_at", "-id")


def proposed_to(agent: Agent) -> QuerySet[SheetDraft]:
    """The texts that wait for this agent's eyes, those addressed by name and the oldest first."""
    drafts = SheetDraft.objects.visible_to(agent).filter(state=writing.PROPOSED)
    drafts = drafts.exclude(author_id=agent.pk)  # those are among the agent's own
    if not agent.may("knowledge.validate"):
        own = Q(sheet__service_id=agent.service_id, sheet__service__isnull=False)
        named = Q(reviewer_id=agent.pk)
        drafts = (
            drafts.filter(own | named) if agent.may("knowledge.validate_own") else drafts.none()
        )
    return drafts.select_related("sheet__service", "author__entry", "reviewer__entry").order_by(
        "proposed_at", "id"
    )


def asides(draft: SheetDraft, agent: Agent) -> QuerySet[DraftCopy]:
    """Texts of this agent that could not be saved and wait for a choice."""
    return DraftCopy.objects.filter(
        draft=draft, agent_id=agent.pk, is_aside=True, settled_at=None
    ).order_by("id")


def copy_at(draft: SheetDraft, revision: int) -> DraftCopy | None:
    """The text of a draft as it was at one of its revisions."""
    return DraftCopy.objects.filter(draft=draft, revision=revision, is_aside=False).first()
