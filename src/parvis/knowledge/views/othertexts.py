"""What stands beside a public sheet: its text in plain language, its translations, its files."""

from dataclasses import dataclass, field
from datetime import date

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.knowledge import queries
from parvis.knowledge.models import Attachment, Sheet, SheetText, SheetVersion
from parvis.knowledge.queries import OtherText
from parvis.knowledge.views.texts import language_name


@dataclass(frozen=True)
class Link:
    """The way to one wording of the sheet."""

    text: str
    query: str  # "" for the sheet itself
    language: str
    is_current: bool
    is_older: bool = False


@dataclass(frozen=True)
class Beside:
    """The wordings that a reader may choose from, the chosen one, and the files."""

    links: list[Link] = field(default_factory=list)
    chosen: OtherText | None = None
    version: SheetVersion | None = None  # of the chosen wording; None for the sheet itself
    files: list[Attachment] = field(default_factory=list)

    @property
    def mine(self) -> Link | None:
        """The wording in the reader's own language, other than the sheet's own."""
        language = get_language()
        return next((one for one in self.links if one.query and one.language == language), None)

    @property
    def query(self) -> str:
        """What the address of the chosen wording ends in."""
        return next((link.query for link in self.links if link.is_current), "")

    @property
    def mark(self) -> str:
        """Changes with anything of this that a reader sees."""
        text = self.chosen.text if self.chosen else None
        shown = text and (text.pk, text.revision, text.signed_on)
        return repr((shown, self.links, [file.pk for file in self.files]))


def beside(request: HttpRequest, sheet: Sheet, today: date) -> Beside:
    """Everything that may be read or taken beside this sheet today."""
    if sheet.authority_id is None:
        return Beside()
    texts = queries.shown_texts(sheet)
    chosen = _chosen(request, texts)
    files = list(queries.public_attachments(sheet, today))
    links = _links(sheet, texts, chosen) if texts else []
    return Beside(links, chosen, queries.as_version(chosen.text) if chosen else None, files)


def _chosen(request: HttpRequest, texts: list[OtherText]) -> OtherText | None:
    kind, language = request.GET.get("texte", ""), request.GET.get("langue", "")
    for one in texts:
        is_simple = one.text.kind == SheetText.Kind.SIMPLE
        if (is_simple and kind == "simple") or (not is_simple and one.text.language == language):
            return one
    return None


def _links(sheet: Sheet, texts: list[OtherText], chosen: OtherText | None) -> list[Link]:
    language = sheet.current.language if sheet.current else "fr"
    links = [Link(language_name(language).capitalize(), "", language, chosen is None)]
    for one in texts:
        is_simple = one.text.kind == SheetText.Kind.SIMPLE
        name = _("Easy to read") if is_simple else language_name(one.text.language).capitalize()
        query = "?texte=simple" if is_simple else f"?langue={one.text.language}"
        shown_in = "" if is_simple else one.text.language
        links.append(Link(name, query, shown_in, one is chosen, one.is_older))
    return links
