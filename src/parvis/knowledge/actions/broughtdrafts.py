"""Texts on their way that come with a sheet: never over what somebody writes here."""

from typing import Any

from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.knowledge.actions.house import House, Record, Taken
from parvis.knowledge.models import DraftCopy, Sheet, SheetDraft, SheetVersion
from parvis.knowledge.rules import writing


def take_drafts(
    sheet: Sheet, record: Record, numbers: dict[int, SheetVersion], house: House, taken: Taken
) -> None:
    """Texts on their way come back where nobody writes another one."""
    for given in record["drafts"]:
        held = sheet.drafts.filter(is_urgent=given["is_urgent"], state__in=sorted(writing.OPEN))
        if (there := held.first()) is not None:
            if there.saved_at != given["saved_at"]:
                taken.remarks.append(_("a text of it is being written here: that one stays"))
            continue
        if sheet.drafts.filter(started_at=given["started_at"]).exists():
            continue  # it was published or given up here since
        author = house.signs(given["author"], taken)
        if author is None:
            taken.remarks.append(_("nobody here can answer for a text of it"))
            continue
        row = SheetDraft.objects.create(
            sheet=sheet, **_drafted(sheet, given, numbers, house, author, taken)
        )
        DraftCopy.objects.create(
            draft=row,
            revision=row.revision,
            content=row.writing,
            agent=row.saved_by,
            at=row.saved_at,
        )
        taken.changed()


def _drafted(
    sheet: Sheet,
    given: Record,
    numbers: dict[int, SheetVersion],
    house: House,
    author: Agent,
    taken: Taken,
) -> dict[str, Any]:
    plain = (
        "title", "short_answer", "blocks", "state", "is_urgent", "reason", "returned_words",
        "revision", "started_at", "saved_at", "proposed_at",
    )  # fmt: skip
    about = given["about"]
    service, keeper = (
        house.services.get(about["service"] or ""),
        house.colleague(about["keeper"], taken),
    )
    topics = sorted(house.topics[slug].pk for slug in about["topics"] if slug in house.topics)
    return {
        **{name: given[name] for name in plain},
        "about": {
            **about,
            "asked": sheet.asked if about["asked"] is None else about["asked"],
            "service": service.pk if service else None,
            "keeper": keeper.pk if keeper else None,
            "topics": topics,
        },
        "based_on": numbers.get(given["based_on"] or 0),
        "author": author,
        "reviewer": house.colleague(given["reviewer"], taken),
        "saved_by": house.signs(given["saved_by"], taken) or author,
    }
