"""One DILA publication (schemas 3.0 to 3.5) as a draft: nothing is refused for being new."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from html import escape
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from parvis.knowledge import markup, rules
from parvis.knowledge.dila.conditions import tree_of
from parvis.knowledge.dila.draft import LICENCE, OWNER, Broken, Draft, Explained
from parvis.knowledge.dila.elements import local_name, plain, plain_of, unknown_attributes
from parvis.knowledge.dila.html import Writer, html_list, wrapped
from parvis.knowledge.dila.xml import parse
from parvis.knowledge.rules import Block

DC = "{http://purl.org/dc/elements/1.1/}"
ADDRESS = "https://www.service-public.gouv.fr/{audience}/vosdroits/{ref}"
# Where the whole edition can be fetched: the licence wants the full address on every sheet.
_FEED = "https://lecomarquage.service-public.gouv.fr/vdd/3.5/{}/zip/vosdroits-latest.zip"
DOWNLOAD = {
    "particuliers": _FEED.format("part"),
    "professionnels": _FEED.format("pro"),
    "associations": _FEED.format("asso"),
}
REF = re.compile(r"^F\d{1,8}$")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
SHORT = 400
NODE_KINDS = {"Theme", "Thème", "Sous-theme", "Sous-thème", "Dossier", "Sous-dossier"}

# What our page shows otherwise, or what only steers other software; kept in the raw file.
NOT_SHOWN = {
    "SurTitre", "Audience", "Canal", "Cible", "FilDAriane", "Theme", "SousThemePere",
    "DossierPere", "SousDossierPere", "RechercheGuideePere", "Questionnaire", "Problematiques",
    "RechercheGuidee", "Partenaire", "FAQ", "Illustration", "illustration", "Precedent",
    "Suivant", "Image", "ImageIllustration", "VideoIllustration", "FichePrecedente",
    "FicheSuivante",
}  # fmt: skip
LISTS = {
    "ServiceEnLigne": ("online", "Services en ligne et formulaires"),
    "OuSAdresser": ("where", "Où s’adresser"),
    "QuiPeutMAider": ("where", "Qui peut m’aider"),
    "Reference": ("legal", "Textes de loi et références"),
    "PourEnSavoirPlus": ("more", "Pour en savoir plus"),
    "LienExterneCommente": ("more", "Pour en savoir plus"),
}
RELATED = {"VoirAussi", "FicheConnexe", "QuestionReponse", "CommentFaireSi"}
GLOSSARY = {"Definition", "Abreviation"}
KINDS = (
    ("documents", re.compile(r"pi[eè]ces|documents? (?:à|nécessaires)|justificatifs?\b", re.I)),
    ("cost", re.compile(r"co[uû]t\b|prix|tarif|combien", re.I)),
    ("delay", re.compile(r"d[ée]lai|durée", re.I)),
    ("where", re.compile(r"où s.adresser|à qui s.adresser", re.I)),
    ("steps", re.compile(r"^(?:démarche|étapes?)\b", re.I)),
)


def read(content: bytes, name: str, *, audience: str) -> Draft:
    """The sheet in this file; Explained when it is rightly none, Broken when it cannot be read."""
    root = parse(content)
    if local_name(root) != "Publication":
        raise Explained(_("Not a sheet: the file holds “%s”.") % local_name(root))
    return sheet(root, content, name, audience=audience)


def sheet(root: Element, content: bytes, name: str, *, audience: str) -> Draft:
    """The same from a file that was parsed already."""
    ref = root.get("ID", "")
    title = plain_of(root, f"{DC}title")
    _refuse_other_publications(root, ref)
    if not title:
        raise Broken(_("The sheet has no title."))
    writer = Writer()
    short_answer = _short_answer(root)
    for group in ("Questionnaire", "Problematiques"):
        for asked in root.findall(group):
            writer.cases.questionnaire(asked)
    blocks = tuple(b for b in _blocks(root, writer) if not _repeats(b, short_answer))
    changed = day_of(plain_of(root, f"{DC}date"))
    return Draft(
        ref=ref,
        title=title,
        kind=root.get("type", "")[:60],
        breadcrumb=_breadcrumb(root),
        short_answer=short_answer,
        blocks=blocks,
        path=writer.cases.path(),
        source_url=address_of(root, ref, audience),
        source_note=attribution(name, changed),
        source_file=name[-120:],
        download_url=DOWNLOAD.get(audience, ""),
        raw=decoded(content),
        dated=changed,
        reviewed_on=changed,
        important_change_on=day_of(root.get("dateDerniereModificationImportante", "")),
        unknown=tuple(sorted({*writer.unknown, *unknown_attributes(root)})),
    )


def _refuse_other_publications(root: Element, ref: str) -> None:
    kind = root.get("type", "")
    if ref.startswith("N") or kind in NODE_KINDS:
        raise Explained(_("Not a sheet: a node of the theme tree."))
    if "redirig" in kind.lower():
        raise Explained(_("Not a sheet any more: it redirects to another one."))
    if not REF.match(ref):
        raise Broken(_("The publication has no usable identifier (“%s”).") % ref[:40])


def address_of(root: Element, ref: str, audience: str) -> str:
    """Where the national site shows it."""
    given = root.get("spUrl", "")
    return given if given.startswith("https://") else ADDRESS.format(audience=audience, ref=ref)


def attribution(name: str, changed: date | None) -> str:
    """Source, licence, file and its date in one line, as the licence demands."""
    parts = [OWNER, LICENCE, name[-100:], changed.isoformat() if changed else ""]
    return " · ".join(part for part in parts if part)


def decoded(content: bytes) -> str:
    """The file as text, in the encoding that it declares."""
    declared = re.search(rb"encoding=[\"']([A-Za-z0-9._-]+)", content[:200])
    return content.decode(declared[1].decode() if declared else "utf-8", errors="replace")


def day_of(words: str) -> date | None:
    """The first date in these words, if there is one."""
    found = DATE.search(words)
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None


def _breadcrumb(root: Element) -> str:
    places = []
    for name in ("Theme", "SousThemePere", "DossierPere", "SousDossierPere"):
        found = root.find(name)
        if found is not None:
            words = plain_of(found, "Titre") or " ".join((found.text or "").split())
            if words and words not in places:
                places.append(words)
    return " > ".join(places)[:400]


def _short_answer(root: Element) -> str:
    """The first sentences of the introduction, else the description."""
    introduction = root.find("Introduction")
    first = introduction.find(".//Paragraphe") if introduction is not None else None
    return shortened(plain(first) if first is not None else plain_of(root, f"{DC}description"))


def shortened(words: str, limit: int = SHORT) -> str:
    """Whole sentences up to the limit; one long sentence stays whole up to twice of it."""
    if len(words) <= limit:
        return words
    end = max(words.rfind(mark, 0, limit) for mark in (". ", "! ", "? "))
    if end > 60:
        return words[: end + 1]
    return words if len(words) <= 2 * limit else f"{words[:limit].rsplit(' ', 1)[0]}…"


def _blocks(root: Element, writer: Writer) -> Iterator[Block]:
    """What the public reads, in the order of the file, lists of the same kind together."""
    gathered: dict[tuple[str, str], list[str]] = {}
    for child in root:
        name = local_name(child)
        if str(child.tag).startswith(DC) or name in NOT_SHOWN:
            continue
        if name in LISTS:
            gathered.setdefault(LISTS[name], []).append(writer.link_in(child, "li"))
        elif name in RELATED:
            gathered.setdefault(("related", "Voir aussi"), []).extend(_related(child, writer))
        elif name in GLOSSARY:
            meaning = f"<strong>{escape(writer.title(child))}</strong> : "
            meaning += escape(plain_of(child, "Texte"))
            gathered.setdefault(("glossary", "Les mots de cette fiche"), []).append(meaning)
        else:
            yield from _prose(child, name, writer)
    for (kind, title), entries in gathered.items():
        html = html_list(dict.fromkeys(entries))
        if html:
            yield _block(kind, title, html)


def _related(element: Element, writer: Writer) -> Iterator[str]:
    inner = [e for name in ("Dossier", "Fiche") for e in element.iter(name)]
    for sheet in inner or ([element] if element.get("ID") else []):
        link = writer.sheet_link(sheet)
        if (condition := sheet.find("Condition")) is not None:
            with writer.cases.under(tree_of(condition)) as case:
                link = f'<li data-case="{case}">{link}</li>' if link else ""
        yield link


def _repeats(block: Block, short_answer: str) -> bool:
    """An introduction that the short answer says already in full."""
    return not block["title"] and " ".join(markup.words(block["html"]).split()) == short_answer


def _prose(element: Element, name: str, writer: Writer) -> Iterator[Block]:
    if name == "Avertissement":
        title = writer.title(element) or "À noter"
        yield from _filled("warning", title, writer.blocks(element))
    elif name == "Texte":
        yield from _chapters(element, writer)
    elif name == "ListeSituations":
        for title, html in writer.situations(element):
            yield from _filled("situation", title, html)
    elif name in {"Introduction", "Conclusion"}:
        yield from _filled("explanation", "", writer.block(element))
    else:
        yield from _filled("explanation", writer.title(element), writer.block(element))


def _chapters(text: Element, writer: Writer) -> Iterator[Block]:
    """Loose contents first, then one block for each chapter."""
    loose = writer.blocks(_without_chapters(text))
    yield from _filled("explanation", "", loose)
    for chapter in text:
        if local_name(chapter) == "Chapitre":
            yield from _chapter(chapter, writer)


def _chapter(chapter: Element, writer: Writer) -> Iterator[Block]:
    title = writer.title(chapter)
    kind = _kind(chapter, title)
    writer.cases.about = title
    condition = chapter.find("Condition")
    with ExitStack() as around:
        if kind == "documents":
            around.enter_context(writer.cases.documents())
        case = (
            around.enter_context(writer.cases.under(tree_of(condition)))
            if condition is not None
            else ""
        )
        html = writer.blocks(chapter)
    yield from _filled(kind, title, wrapped(html, case) if case else html)


def _without_chapters(text: Element) -> Element:
    rest = Element("Texte")
    rest.text = text.text
    rest.extend(child for child in text if local_name(child) != "Chapitre")
    return rest


def _kind(chapter: Element, title: str) -> str:
    if chapter.get("type") == "pieces":
        return "documents"
    if chapter.get("numerote") == "true":
        return "steps"
    return next((kind for kind, words in KINDS if words.search(title)), "explanation")


def _filled(kind: str, title: str, html: str) -> Iterator[Block]:
    if html:
        yield _block(kind, title, html)


def _block(kind: str, title: str, html: str) -> Block:
    return Block(kind=kind, title=title, level=rules.PUBLIC, html=html)
