"""The tree of themes, and what else tells of many sheets at once: redirections, dates, lists."""

import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from parvis.knowledge.dila.draft import (
    Branch,
    Broken,
    DatesDraft,
    Explained,
    ListDraft,
    Moved,
    NodeDraft,
    Origin,
    RedirectionsDraft,
    ResourceDraft,
    TreeDraft,
)
from parvis.knowledge.dila.elements import local_name, plain_of, unknown_attributes
from parvis.knowledge.dila.html import Writer
from parvis.knowledge.dila.publication import DC, address_of, attribution, day_of, decoded
from parvis.knowledge.dila.resources import kind_of, values

NODE = re.compile(r"^N\d{1,8}(-\d{1,4})?$")
SHEET = re.compile(r"^F\d{1,8}$")
KINDS = (
    ("sub_theme", re.compile(r"sous-th", re.I)),
    ("theme", re.compile(r"th[eè]me|accueil", re.I)),
    ("sub_dossier", re.compile(r"sous-dossier", re.I)),
    ("dossier", re.compile(r"dossier", re.I)),
)
CHILDREN = {"SousTheme": "sub_theme", "Dossier": "dossier", "SousDossier": "sub_dossier"}


def node(root: Element, content: bytes, name: str, *, audience: str) -> NodeDraft:
    """A theme, sub-theme or dossier from its own file."""
    ref, kind = root.get("ID", ""), kind_of_node(root.get("type", ""))
    title = plain_of(root, f"{DC}title")
    if not NODE.match(ref):
        raise Broken(_("The publication has no usable identifier (“%s”).") % ref[:40])
    if not title:
        raise Broken(_("The node has no title."))
    writer = Writer()
    introduction = root.find("Introduction")
    dated = day_of(plain_of(root, f"{DC}date"))
    return NodeDraft(
        ref=ref,
        kind=kind,
        title=title[:300],
        introduction=writer.blocks(introduction) if introduction is not None else "",
        branch=_children(root, ref, kind, title),
        origin=Origin(
            address_of(root, ref, audience), attribution(name, dated), dated, decoded(content)
        ),
        unknown=tuple(sorted({*writer.unknown, *unknown_attributes(root)})),
    )


def kind_of_node(national_type: str) -> str:
    """Our kind of node for the types of the national set."""
    return next((kind for kind, words in KINDS if words.search(national_type)), "dossier")


def _children(element: Element, ref: str, kind: str, title: str) -> Branch:
    branches = tuple(
        _children(child, child.get("ID", ""), CHILDREN[local_name(child)], _title(child))
        for child in element
        if local_name(child) in CHILDREN and NODE.match(child.get("ID", ""))
    )
    sheets = tuple(
        (child.get("ID", ""), _title(child))
        for child in element
        if local_name(child) == "Fiche" and SHEET.match(child.get("ID", ""))
    )
    return Branch(ref, kind, title[:300], branches, sheets)


def _title(element: Element) -> str:
    return (plain_of(element, "Titre") or " ".join((element.text or "").split()))[:300]


def arborescence(root: Element) -> TreeDraft:
    """The complete tree of an edition, sheets included."""
    branches = tuple(_items(root, "ItemArbo"))
    refs = frozenset(
        item.get("ID", "") for item in root.iter("ItemArbo") if SHEET.match(item.get("ID", ""))
    )
    dated = day_of(plain_of(root, f"{DC}date"))
    return TreeDraft(branches, refs, dated, is_complete=True, unknown=_unknown(root))


def menu(root: Element) -> TreeDraft:
    """The upper part of the tree: themes, sub-themes and dossiers."""
    branches = tuple(_items(root, "ItemMenu"))
    dated = day_of(plain_of(root, f"{DC}date"))
    return TreeDraft(branches, frozenset(), dated, is_complete=False, unknown=_unknown(root))


def _items(element: Element, name: str) -> Iterator[Branch]:
    for item in element.findall(name):
        ref = item.get("ID", "")
        if NODE.match(ref):
            sheets = tuple(
                (child.get("ID", ""), _title(child))
                for child in item.findall(name)
                if SHEET.match(child.get("ID", ""))
            )
            kind = kind_of_node(item.get("type", ""))
            yield Branch(ref, kind, _title(item), tuple(_items(item, name)), sheets)


def redirections(root: Element) -> RedirectionsDraft:
    """Which address became which."""
    moves = []
    for element in root:
        since = day_of(element.get("date", ""))
        from_ref = element.get("from", "")[:40]
        if local_name(element) == "Redirection":
            moves.append(Moved(from_ref, element.get("to", "")[:40], "", since))
        elif local_name(element) == "RedirectionExterne":
            moves.append(Moved(from_ref, "", element.get("toUrl", ""), since))
    return RedirectionsDraft(tuple(moves), _unknown(root))


def redirected(root: Element) -> RedirectionsDraft:
    """A sheet that is only a sign to another one."""
    ref = root.get("ID", "")
    for link in root.iter("LienInterne"):
        to = link.get("LienPublication", "")
        if to and to != ref:
            since = day_of(plain_of(root, f"{DC}date"))
            return RedirectionsDraft((Moved(ref[:40], to[:40], "", since),), _unknown(root))
    raise Explained(_("Not a sheet any more: it redirects to another one."))


def dates(root: Element) -> DatesDraft:
    """When each sheet last changed in what matters."""
    found = {
        item.get("ID", ""): day
        for item in root.iter("Item")
        if (day := day_of(item.get("dateDerniereModificationImportante", "")))
    }
    return DatesDraft(found, _unknown(root))


def online(root: Element) -> ListDraft:
    """The list of online services, forms and letters."""
    return _listed(root, "Ressource", lambda e: kind_of(e.get("type", "")))


def glossary(root: Element) -> ListDraft:
    """The list of the words of the glossary."""
    return _listed(root, "Definition", lambda e: "word")


def centres(root: Element) -> ListDraft:
    """The list of the contact centres."""
    return _listed(root, "Contact", lambda e: "centre")


def offices(root: Element) -> ListDraft:
    """The list of the kinds of office, with the name of each pivot."""
    return _listed(root, "OuSAdresser", lambda e: "office")


def amounts(root: Element) -> ListDraft:
    """The list of the reference amounts with their history."""
    found = [
        ResourceDraft(
            ref=element.get("ID", "")[:40],
            kind="value",
            national_type="Valeur",
            title=_value_title(element)[:300],
            history=tuple(values(element)),
        )
        for element in root
        if local_name(element) in {"ValeurRfr", "ValeurRfrHisto"} and element.get("ID")
    ]
    return ListDraft(tuple(found), _unknown(root))


def _value_title(element: Element) -> str:
    inner = [element, *element.iter("ValeurRfr")]
    return next((e.get("titre", "") for e in inner if e.get("titre")), element.get("ID", ""))


def _listed(root: Element, name: str, kind: Callable[[Element], str]) -> ListDraft:
    found = []
    for element in root.iter(name):
        ref, title = element.get("ID", ""), _title(element)
        if re.match(r"^R\d{1,8}$", ref) and title:
            pivot = plain_of(element, "PivotLocal")
            facts = {"pivot": pivot} if pivot else {}
            given = element.get("type", "")[:60]
            found.append(ResourceDraft(ref, kind(element), given, title, facts=facts))
    return ListDraft(tuple(found), _unknown(root))


def _unknown(root: Element) -> tuple[str, ...]:
    return tuple(sorted(unknown_attributes(root)))
