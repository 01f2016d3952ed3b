"""Documents of a case: kept once under the hash of their content, told in the story."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases.actions import story
from parvis.cases.models import Case, CaseEntry, CaseFile, MissingItem
from parvis.common import files, journal
from parvis.common.errors import Refused

AT_MOST = 200  # documents of one case
OF_THE_PERSON = 60  # of them, sent by the person through the page or by mail


@dataclass(frozen=True)
class Document:
    """Something that comes with a message, as the sender calls it."""

    name: str
    data: bytes
    kind: str = ""


def attach_all(
    case: Case,
    documents: Iterable[Document],
    *,
    now: datetime,
    entry: CaseEntry,
    agent: Agent | None = None,
) -> list[CaseFile]:
    """Keep everything that came with one line, or nothing of it."""
    return [
        attach(
            case,
            name=one.name,
            kind=one.kind,
            data=one.data,
            now=now,
            agent=agent,
            entry=entry,
        )
        for one in documents
    ]


@transaction.atomic
def attach(
    case: Case,
    *,
    name: str,
    kind: str,
    data: bytes,
    now: datetime,
    agent: Agent | None = None,
    entry: CaseEntry | None = None,
    item: MissingItem | None = None,
) -> CaseFile:
    """Keep a document with the case, beside the line that brought it or on a line of its own.

    ``kind`` is what the sender calls it, and counts for nothing: the content says what it is.
    Without an agent it comes from the person. What is no document is Refused.
    """
    _check(case, agent, entry, item)
    digest, size, found = files.keep([data])
    if entry is None:
        story.change(
            case, now=now, unread_by_service=agent is None, unread_by_person=agent is not None
        )
        title = files.safe_name(name, found)
        entry = story.add_line(case, story.Kind.FILE_ADDED, now=now, agent=agent, name=title)
    kept = CaseFile.objects.create(
        case=case,
        entry=entry,
        item=item,
        name=files.safe_name(name, found),
        kind=found,
        size=size,
        digest=digest,
        from_person=agent is None,
        is_internal=entry.is_internal,
        added_at=now,
        agent=agent,
    )
    said = {"said": kind[:100]} if kind and kind != found else {}
    story.note_down(case, agent or journal.PERSON, "file_added", file=kept.pk, kind=found, **said)
    return kept


def _check(
    case: Case, agent: Agent | None, entry: CaseEntry | None, item: MissingItem | None
) -> None:
    if agent is not None:
        story.check_agent(case, agent)
    for part in (entry, item):
        if part is not None and part.case_id != case.pk:
            raise Refused(_("This belongs to another case."), code="foreign")
    if agent is None and entry is not None and entry.is_internal:
        raise Refused(_("Only agents add documents to a line that stays with the service."))
    of_case = CaseFile.objects.filter(case=case)
    too_many = of_case.count() >= AT_MOST
    if agent is None:
        too_many = too_many or of_case.filter(from_person=True).count() >= OF_THE_PERSON
    if too_many:
        raise Refused(
            _("This case holds as many documents as it can: bring the others to the desk."),
            code="too_many",
        )
