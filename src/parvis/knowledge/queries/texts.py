"""The other texts of a sheet and the files beside it, for editors and for readers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet

from parvis.accounts.models import Agent
from parvis.knowledge import rules
from parvis.knowledge.models import (
    Adoption,
    Attachment,
    Share,
    Sheet,
    SheetText,
    SheetVersion,
    TextCopy,
)
from parvis.organisations.models import Authority


@dataclass(frozen=True)
class OtherText:
    """A text beside the sheet, and whether the sheet has changed since."""

    text: SheetText
    is_older: bool


def texts_of(sheet: Sheet) -> list[OtherText]:
    """Every other text of a sheet, shown or not."""
    rows = SheetText.objects.filter(sheet=sheet).select_related("based_on", "author__entry")
    return [OtherText(row, is_older(row, sheet)) for row in rows.order_by("kind", "language")]


def shown_texts(sheet: Sheet) -> list[OtherText]:
    """Those that the public may read."""
    return [one for one in texts_of(sheet) if one.text.is_shown]


@dataclass(frozen=True)
class Named:
    """A sheet under the name that a reader understands, and what leads to those words."""

    sheet: Sheet
    title: str
    language: str
    query: str = ""


def named_for(sheets: Iterable[Sheet], language: str) -> list[Named]:
    """The sheets by their names in the reader's language where a translation is shown."""
    found = list(sheets)
    translated = {
        text.sheet_id: text.title
        for text in SheetText.objects.filter(
            sheet__in=found, kind=SheetText.Kind.TRANSLATION, language=language, is_shown=True
        )
    }
    return [
        Named(one, translated[one.pk], language, f"?langue={language}")
        if one.pk in translated
        else Named(one, one.title, settings.LANGUAGE_CODE)
        for one in found
    ]


def as_version(text: SheetText) -> SheetVersion:
    """Another text in the place of the sheet's own, to be shown as it is."""
    return SheetVersion(
        sheet=text.sheet,
        number=text.based_on.number,
        title=text.title,
        short_answer=text.short_answer,
        blocks=text.blocks,
        language=text.language,
        published_at=text.saved_at,
    )


def is_older(text: SheetText, sheet: Sheet) -> bool:
    """Did the words for the public change since? What only colleagues read does not count."""
    based_on, current = text.based_on, sheet.current
    if current is None or based_on.pk == current.pk:
        return False
    return (based_on.title, based_on.short_answer, _public(based_on.blocks)) != (
        current.title, current.short_answer, _public(current.blocks),
    )  # fmt: skip


def _public(blocks: Iterable[rules.Block]) -> list[tuple[str, str, str]]:
    return [(b["kind"], b["title"], b["html"]) for b in blocks if b["level"] == rules.PUBLIC]


def text_asides(text: SheetText, agent: Agent) -> QuerySet[TextCopy]:
    """Words of this agent for another text that could not be saved and wait for a choice."""
    rows = TextCopy.objects.filter(text=text, agent_id=agent.pk, is_aside=True, settled_at=None)
    return rows.order_by("id")


def text_history(text: SheetText) -> list[TextCopy]:
    """Every saved state of another text, the latest first."""
    rows = TextCopy.objects.filter(text=text, is_aside=False)
    return list(rows.select_related("agent__entry", "based_on").order_by("-revision")[:200])


def text_at(text: SheetText, revision: int) -> TextCopy | None:
    """Another text as it was at one of its revisions."""
    rows = TextCopy.objects.filter(text=text, revision=revision, is_aside=False)
    return rows.select_related("agent__entry").first()


def archived_sheet(authority: Authority, ref: str) -> Sheet | None:
    """A sheet that the public once read here, own or adopted, and that was put away."""
    adopted = Share.objects.filter(
        ended_at=None,
        sheet__adoptions__authority=authority,
        sheet__adoptions__state=Adoption.State.ADOPTED,
    )
    sheets = Sheet.objects.filter(
        Q(authority=authority) | Q(pk__in=adopted.values("sheet")),
        ref=ref,
        is_public=True,
        state=Sheet.State.ARCHIVED,
        current__isnull=False,
    )
    return sheets.select_related("current", "service", "authority").order_by("id").first()


def answers_instead(archived: Sheet, authority: Authority) -> Sheet | None:
    """The sheet at the end of a chain of redirections, if the public may read it."""
    seen = {archived.pk}
    here = archived.moved_to
    while here is not None and here.pk not in seen:
        if Sheet.objects.public(authority.pk).filter(pk=here.pk, current__isnull=False).exists():
            return here
        seen.add(here.pk)
        here = here.moved_to
    return None


def attachments_of(sheet: Sheet) -> QuerySet[Attachment]:
    """The files beside a sheet, for colleagues."""
    return Attachment.objects.filter(sheet=sheet, removed_at=None).order_by("title", "id")


def attachments_for(authority_id: int, sheet: Sheet, today: date) -> QuerySet[Attachment]:
    """The files that colleagues may have: all of an own sheet, else those of everybody."""
    if sheet.authority_id == authority_id:
        return attachments_of(sheet)
    return public_attachments(sheet, today)


def public_attachments(sheet: Sheet, today: date) -> QuerySet[Attachment]:
    """The files that the public may have today."""
    return attachments_of(sheet).filter(
        Q(level=rules.PUBLIC) | Q(level=rules.EMBARGO, until__lte=today)
    )
