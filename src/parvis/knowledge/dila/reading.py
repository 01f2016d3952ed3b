"""One XML file as a draft of whatever it holds, by its root."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from parvis.knowledge.dila import publication, resources, tree
from parvis.knowledge.dila.draft import AnyDraft, Explained
from parvis.knowledge.dila.elements import local_name
from parvis.knowledge.dila.xml import parse

INDEXES: dict[str, Callable[[Element], AnyDraft]] = {
    "Arborescence": tree.arborescence,
    "Menu": tree.menu,
    "Redirections": tree.redirections,
    "DatesModImp": tree.dates,
    "RessourcesEnLigne": tree.online,
    "ServicesEnLigne": tree.online,
    "Glossaire": tree.glossary,
    "CentresDeContact": tree.centres,
    "OuSAdresserListe": tree.offices,
    "ListeValeurs": tree.amounts,
}


def read(content: bytes, name: str, *, audience: str) -> AnyDraft:
    """The draft of a file; Explained when nothing of it is kept, Broken when it is unreadable."""
    root = parse(content)
    kind = local_name(root)
    if kind in INDEXES:
        return INDEXES[kind](root)
    if kind == "ServiceComplementaire":
        return resources.read(root, content, name, audience=audience)
    if kind != "Publication":
        raise Explained(_("Nothing to keep: the file holds “%s”.") % kind)
    national_type = root.get("type", "")
    if "redirig" in national_type.lower():
        return tree.redirected(root)
    if root.get("ID", "").startswith("N") or national_type in publication.NODE_KINDS:
        return tree.node(root, content, name, audience=audience)
    return publication.sheet(root, content, name, audience=audience)
