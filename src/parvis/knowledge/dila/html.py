"""The DILA's elements as the little HTML of a sheet; unknown ones keep their words."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import Any
from xml.etree.ElementTree import Element

from parvis.knowledge.dila.conditions import Cases, situation_names, tree_of
from parvis.knowledge.dila.elements import INLINE, PLAIN_INLINE, local_name, plain, plain_of

NOTES = {
    "Attention": "Attention",
    "ASavoir": "À savoir",
    "ANoter": "À noter",
    "Rappel": "Rappel",
    "Exemple": "Exemple",
    "Consigne": "Consigne",
    "Avertissement": "Avertissement",
}
# Sheets, nodes of the tree, resources: each has a page here.
PUBLICATION = re.compile(r"^[FNR]\d{1,8}$")
THROUGH = {
    "Texte", "Introduction", "Conclusion", "FragmentConditionne", "Aide", "ContenuIllustre",
    "Contenu", "ListeOuSAdresser", "Groupe", "Resume", "Cellule", "IntroductionSimple",
    "CommentFaireSelf", "SuiviSelf", "Etapes", "Documents", "ModeEmploi", "Suivi", "Delai",
    "Recours", "PartieLibre", "Description", "Commentaire",
}  # fmt: skip
LINKS = {
    "ServiceEnLigne", "PourEnSavoirPlus", "Reference", "OuSAdresser", "QuiPeutMAider", "Lien",
    "LienExterneCommente", "Video", "Partenaire", "LienWeb", "ServiceComplementaire",
    "ServiceEnLigneAnnexe", "ServiceEnLigneAlternatif", "LienRessource",
}  # fmt: skip
# Kept in the raw file: decision trees, display hints, and what our own page already says.
SILENT = {
    "Condition", "Colonne", "Affichage", "Titre", "TitreAlternatif", "TitreRiche", "Credits",
    "Source", "PivotLocal", "RessourceWeb", "NoticeLiee", "Questionnaire", "Problematiques",
    "RechercheGuidee", "ImageIllustration", "Connexion", "AttributionMinisterielle",
}  # fmt: skip


class Writer:
    """Writes elements down as HTML and remembers the names it did not know."""

    def __init__(self) -> None:
        self.unknown: Counter[str] = Counter()
        self.cases = Cases()
        self._blocks: dict[str, Callable[[Element, int], str]] = {
            "Paragraphe": lambda e, _level: self._paragraph(e),
            "Liste": self._list,
            "Tableau": self._table,
            "BlocCas": self._cases,
            "Chapitre": self._chapter,
            "SousChapitre": self._chapter,
            "Situation": self._chapter,
            "ListeSituations": self._situations,
            "TitreFlottant": lambda e, level: _heading(self.inline(e), level),
            "Complement": self._complement,
            "Definition": self._definition,
            "Abreviation": self._definition,
            "Image": self._picture,
            "VoirAussi": lambda e, _level: self.sheet_links(e),
            **dict.fromkeys(NOTES, self._note),
            **dict.fromkeys(THROUGH, self.blocks),
            **dict.fromkeys(LINKS, lambda e, _level: self.link_in(e, "p")),
        }

    def blocks(self, parent: Element, level: int = 3) -> str:
        """Everything inside an element, with headings from this level on."""
        return escape_text(parent.text) + "".join(self.block(child, level) for child in parent)

    def block(self, element: Element, level: int = 3) -> str:
        """One element and the loose text behind it."""
        name = local_name(element)
        if name in SILENT:
            return escape_text(element.tail)
        condition = element.find("Condition")
        if condition is None or name in LINKS:
            return self._written(name, element, level) + escape_text(element.tail)
        with self.cases.under(tree_of(condition)) as case:
            inside = self._written(name, element, level)
        return wrapped(inside, case) + escape_text(element.tail)

    def _written(self, name: str, element: Element, level: int) -> str:
        write = self._blocks.get(name)
        if write is None:
            self.unknown[name] += 1
            return self._paragraph(element)
        return write(element, level)

    def inline(self, element: Element) -> str:
        """The words of an element with the marks that may stand inside a line."""
        parts = [escape(element.text or "")]
        for child in element:
            parts += [self._inline_one(child), escape(child.tail or "")]
        return "".join(parts).strip()

    def title(self, element: Element) -> str:
        """The plain title of a chapter, case, link or table; empty when it has none."""
        for name in ("Titre", "TitreRiche"):
            found = element.find(name)
            if found is not None:
                return plain(found)
        return ""

    def link(self, element: Element) -> str:
        """A service, an office, a text of law or another site as one line with its link."""
        title = self.title(element) or plain(element)
        address = element.get("URL") or _inner_address(element)
        line = _anchor(address, title)
        if form := element.get("numerocerfa"):
            line += f" (formulaire {escape(form)})"
        for notice in element.findall("NoticeLiee"):
            line += ", " + _anchor(notice.get("URL", ""), plain(notice) or "Notice")
        complement = element.find("Complement")
        if complement is not None and plain(complement):
            line += f" : {self.inline(complement)}"
        return line

    def link_in(self, element: Element, tag: str) -> str:
        """The same in its own item or paragraph, marked with its condition and its office."""
        pivot = plain_of(element, "PivotLocal")
        self.cases.pivot(pivot)
        marks = f' data-pivot="{escape(pivot)}"' if pivot else ""
        condition = element.find("Condition")
        if condition is not None:
            with self.cases.under(tree_of(condition)) as case:
                marks += f' data-case="{case}"'
        return f"<{tag}{marks}>{self.link(element)}</{tag}>"

    def sheet_links(self, element: Element) -> str:
        """The other sheets that an element names, as a list."""
        return html_list(self.sheet_link(sheet) for sheet in element.iter("Fiche"))

    def sheet_link(self, sheet: Element) -> str:
        """One other sheet or file of sheets; empty when it has no title or no usable number."""
        title = plain_of(sheet, "Titre") or " ".join((sheet.text or "").split())
        ref = sheet.get("ID", "")
        return _to_publication(ref, escape(title)) if PUBLICATION.match(ref) else ""

    def _inline_one(self, element: Element) -> str:
        name = local_name(element)
        words = self.inline(element)
        if name in INLINE:
            return f"<{INLINE[name]}>{words}</{INLINE[name]}>" if words else ""
        if name == "LienInterne":
            return _to_publication(element.get("LienPublication", ""), words)
        if name == "LienExterne":
            return f'<a href="{escape(element.get("URL", ""))}">{words}</a>'
        if name not in PLAIN_INLINE | {"Paragraphe", "Titre", "Texte"}:
            self.unknown[name] += 1
        return f"{words} " if name == "Paragraphe" else words

    def _paragraph(self, element: Element) -> str:
        words = self.inline(element)
        return f"<p>{words}</p>" if words else ""

    def _list(self, element: Element, level: int) -> str:
        entries = [self._list_item(item, level) for item in element if local_name(item) == "Item"]
        return html_list(entries, ordered=element.get("type") == "numero")

    def _list_item(self, item: Element, level: int) -> str:
        condition = item.find("Condition")
        if condition is None:
            return self._item(item, level)
        with self.cases.under(tree_of(condition)) as case:
            inside = self._item(item, level)
        return f'<li data-case="{case}">{inside}</li>' if inside else ""

    def _item(self, item: Element, level: int) -> str:
        inside = [child for child in item if local_name(child) != "Condition"]
        if len(inside) == 1 and local_name(inside[0]) == "Paragraphe":
            return escape_text(item.text) + self.inline(inside[0])
        return self.blocks(item, level)

    def _table(self, element: Element, _level: int) -> str:
        columns = [c.get("type") == "header" for c in element if local_name(c) == "Colonne"]
        head: list[str] = []
        body: list[str] = []
        for row in element:
            if local_name(row) in {"Rangée", "Rangee"}:
                is_head = row.get("type") == "header"
                (head if is_head else body).append(self._row(row, columns, is_head=is_head))
        caption = f"<caption>{escape(title)}</caption>" if (title := self.title(element)) else ""
        top = f"<thead>{''.join(head)}</thead>" if head else ""
        return f"<table>{caption}{top}<tbody>{''.join(body)}</tbody></table>"

    def _row(self, row: Element, columns: list[bool], *, is_head: bool) -> str:
        cells = []
        for place, cell in enumerate(c for c in row if local_name(c) == "Cellule"):
            is_row_head = place < len(columns) and columns[place]
            tag = ' scope="col"' if is_head else ' scope="row"'
            name = "th" if is_head or is_row_head else "td"
            opening = name + (tag if name == "th" else "") + _spans(cell)
            cells.append(f"<{opening}>{self._cell(cell)}</{name}>")
        return f"<tr>{''.join(cells)}</tr>"

    def _cell(self, cell: Element) -> str:
        if len(cell) == 1 and local_name(cell[0]) == "Paragraphe":
            return escape_text(cell.text) + self.inline(cell[0])
        return self.blocks(cell)

    def _cases(self, element: Element, level: int) -> str:
        kind = "ways" if element.get("type") == "modalite" else "cases"
        is_tabs = element.get("affichage") == "onglet"
        return "".join(self._each(element, level, kind=kind, is_tabs=is_tabs))

    def _situations(self, element: Element, level: int) -> str:
        return "".join(self._each(element, level, kind="situations", is_tabs=True))

    def situations(self, element: Element) -> Iterator[tuple[str, str]]:
        """The title of each situation and what it says."""
        names = situation_names(element)
        with self.cases.block(names, kind="situations", is_tabs=True) as variables:
            unused = iter(variables)
            for child in element:
                if local_name(child) != "Situation":
                    yield self.title(child), self.block(child)
                    continue
                with self.cases.under(_case_tree(child, next(unused))) as case:
                    inside = self.blocks(child)
                yield self.title(child), wrapped(inside, case)

    def _each(self, element: Element, level: int, *, kind: str, is_tabs: bool) -> Iterator[str]:
        names = situation_names(element)
        with self.cases.block(names, kind=kind, is_tabs=is_tabs) as variables:
            unused = iter(variables)
            for child in element:
                if local_name(child) not in {"Cas", "Situation"}:
                    yield self.block(child, level)
                    continue
                with self.cases.under(_case_tree(child, next(unused))) as case:
                    inside = self.blocks(child, level)
                title = escape(self.title(child) or "Autre cas")
                if inside:
                    mark = f'<details data-case="{case}">'
                    yield f"{mark}<summary>{title}</summary>{inside}</details>"

    def _chapter(self, element: Element, level: int) -> str:
        title = self.title(element)
        self.cases.about = title or self.cases.about
        heading = _heading(escape(title), level)
        if element.get("type") != "pieces":
            return heading + self.blocks(element, level + 1)
        with self.cases.documents():
            inside = self.blocks(element, level + 1)
        return f'<div data-part="documents">{heading}{inside}</div>' if inside else ""

    def _note(self, element: Element, level: int) -> str:
        name = local_name(element)
        title = self.title(element) or NOTES[name]
        kind = "pv-note pv-note-attention" if name == "Attention" else "pv-note"
        head = f"<p><strong>{escape(title)}</strong></p>"
        return f'<div class="{kind}">{head}{self.blocks(element, level)}</div>'

    def _complement(self, element: Element, level: int) -> str:
        title, inside = self.title(element), self.blocks(element, level)
        if not title:
            return f"<p>{inside}</p>" if inside and "<" not in inside else inside
        return f"<details><summary>{escape(title)}</summary>{inside}</details>"

    def _definition(self, element: Element, level: int) -> str:
        head = f"<p><strong>{escape(self.title(element))}</strong></p>"
        return head + self.blocks(element, level)

    def _picture(self, element: Element, level: int) -> str:
        # The pictures are not in the feed's files: their description is the only thing to show.
        told = element.find("Description")
        if told is None:
            told = element.find("TexteDeRemplacement")
        if told is None:
            return ""
        name = self.title(element) or plain_of(element, "Legende") or "Image"
        inside = self.blocks(told, level) if len(told) else self._paragraph(told)
        return f"<details><summary>{escape(name)} (description)</summary>{inside}</details>"


def html_list(entries: Iterable[str], *, ordered: bool = False) -> str:
    """Non-empty entries, bare or as items, as a list; nothing when there are none."""
    kept = [e if e.startswith("<li") else f"<li>{e}</li>" for e in entries if e]
    tag = "ol" if ordered else "ul"
    return f"<{tag}>{''.join(kept)}</{tag}>" if kept else ""


def wrapped(html: str, case: str) -> str:
    """A part that stands under a condition; nothing when it is empty."""
    return f'<div data-case="{case}">{html}</div>' if html else ""


def _case_tree(element: Element, variable: str) -> list[Any]:
    """A case is chosen by its name, and stands under its own condition if it has one."""
    chosen = ["true", variable]
    condition = element.find("Condition")
    return chosen if condition is None else ["and", chosen, tree_of(condition)]


def escape_text(text: str | None) -> str:
    """Loose text between elements, as a paragraph of its own."""
    words = " ".join((text or "").split())
    return f"<p>{escape(words)}</p>" if words else ""


def _heading(words: str, level: int) -> str:
    shown = min(level, 6)
    return f"<h{shown}>{words}</h{shown}>" if words else ""


def _anchor(address: str, title: str) -> str:
    if not address:
        return escape(title)
    return f'<a href="{escape(address)}">{escape(title)}</a>'


def _inner_address(element: Element) -> str:
    for name in ("RessourceWeb", "LienExterne", "Source"):
        found = element.find(name)
        if found is not None and found.get("URL"):
            return found.get("URL", "")
    return ""


def _to_publication(ref: str, words: str) -> str:
    is_known = PUBLICATION.match(ref)
    return f'<a href="/fiches/{ref}/">{words}</a>' if is_known and words else words


def _spans(cell: Element) -> str:
    spans = ""
    for name, attribute in (("fusionHorizontale", "colspan"), ("fusionVerticale", "rowspan")):
        value = cell.get(name, "")
        if value.isdigit() and 1 < int(value) <= 50:
            spans += f' {attribute}="{value}"'
    return spans
