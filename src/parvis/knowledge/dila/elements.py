"""Names and words of XML elements."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

# Their words are read where they stand.
INLINE = {
    "MiseEnEvidence": "strong",
    "Exposant": "sup",
    "Indice": "sub",
    "Expression": "em",
    "Citation": "em",
}
PLAIN_INLINE = {"LienIntra", "Valeur", "ValeurRfr", "TitreAlternatif", "Langue"}
INLINE_NAMES = {*INLINE, *PLAIN_INLINE, "LienInterne", "LienExterne"}

# Every attribute of the schemas 3.0 to 3.5; new ones may come at any time and are only told.
ATTRIBUTES = {
    "ID", "LienDam", "LienDamVersion", "LienID", "LienPublication", "URL", "URLcerfaGuide",
    "affichage", "audience", "autrenumero", "commentaireLien", "corpus", "date", "dateAgenda",
    "dateDeModification", "dateDebut", "dateDerniereModificationImportante", "dateFin",
    "dateMaj", "embarqueHauteur", "embarqueHauteurMobile", "fichier", "focus", "format",
    "fournisseur", "from", "fusionHorizontale", "fusionVerticale", "groupe", "headerID",
    "important", "indisponible", "langue", "largeur", "linearisation", "modalite",
    "nomTelechargement", "numerocerfa", "numerote", "origineSelf", "pictogramme", "poids",
    "positionIllustration", "principal", "profilsPro", "questionnaireUrl", "redimensionnable",
    "refHeaderID", "selfEmbarque", "selfPrincipal", "spUrl", "statut", "sve", "titre", "to",
    "toUrl", "type", "unite", "valeur", "var",
}  # fmt: skip
# Of XML itself, with a namespace: where the schema lies, the language.
FOREIGN = "{"


def local_name(element: Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rsplit("}", 1)[-1]


def plain(element: Element) -> str:
    """The words of an element, on one line."""
    return " ".join("".join(_runs(element)).split())


def _runs(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield from _runs(child)
        # Marks inside a line touch their neighbours; paragraphs and titles do not.
        yield "" if local_name(child) in INLINE_NAMES else " "
        yield child.tail or ""


def plain_of(element: Element, name: str) -> str:
    """The words of the first child of that name; empty when there is none."""
    found = element.find(name)
    return plain(found) if found is not None else ""


def unknown_attributes(root: Element) -> set[str]:
    """The attributes that no schema we know has, written with an @."""
    found = {name for element in root.iter() for name in element.attrib}
    return {f"@{name}" for name in found - ATTRIBUTES if not name.startswith(FOREIGN)}
