"""One resource (R file) as a draft: what a sheet points to."""

import re
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from parvis.knowledge.dila.draft import Broken, Origin, ResourceDraft
from parvis.knowledge.dila.elements import local_name, plain, plain_of, unknown_attributes
from parvis.knowledge.dila.html import Writer
from parvis.knowledge.dila.publication import DC, address_of, attribution, day_of, decoded

REF = re.compile(r"^R\d{1,8}$")
KINDS = (
    ("word", re.compile(r"glossaire|définition", re.I)),
    ("acronym", re.compile(r"sigle|acronyme", re.I)),
    ("value", re.compile(r"^valeur", re.I)),
    ("simulator", re.compile(r"simulateur", re.I)),
    ("letter", re.compile(r"modèle de document|lettretype", re.I)),
    ("form", re.compile(r"formulaire", re.I)),
    ("service", re.compile(r"téléservice|service en ligne|^sel|outilrecherche", re.I)),
    ("centre", re.compile(r"centre de contact", re.I)),
    ("office", re.compile(r"local|national|support|correspondant", re.I)),
)
FACTS = {
    "Cout": "cost", "NbEtapes": "steps", "Connexion": "sign_in", "Langue": "language",
    "Calendrier": "calendar", "Public": "audience", "NumeroCerfa": "number",
    "AutreNumero": "other_number", "PivotLocal": "pivot",
}  # fmt: skip
PROSE = ("Avertissement", "Introduction", "Texte", "CommentFaireSelf", "SuiviSelf")


def read(root: Element, content: bytes, name: str, *, audience: str) -> ResourceDraft:
    """What the file of a resource tells; Broken when it has no name or number."""
    ref = root.get("ID", "")
    if not REF.match(ref):
        raise Broken(_("The resource has no usable identifier (“%s”).") % ref[:40])
    title = plain_of(root, f"{DC}title") or ref
    writer = Writer()
    dated = day_of(plain_of(root, f"{DC}date"))
    html = "".join(writer.block(e) for part in PROSE for e in root.findall(part))
    return ResourceDraft(
        ref=ref,
        kind=kind_of(root.get("type", "")),
        national_type=root.get("type", "")[:60],
        title=title[:300],
        html=html,
        address=_address(root),
        facts=_facts(root),
        history=tuple(values(root)),
        is_available=root.get("indisponible") != "true",
        origin=Origin(
            address_of(root, ref, audience), attribution(name, dated), dated, decoded(content)
        ),
        unknown=tuple(sorted({*writer.unknown, *unknown_attributes(root)})),
    )


def kind_of(national_type: str) -> str:
    """Our kind of resource for the many types of the national set."""
    return next((kind for kind, words in KINDS if words.search(national_type)), "other")


def _address(root: Element) -> str:
    """Where it is: its own link; only addresses of the web."""
    for name in ("LienWeb", "LienCerfaGuide"):
        for link in root.findall(name):
            if (address := web(link.get("URL", ""))) and len(address) <= 600:
                return address
    return ""


def web(address: str) -> str:
    """The address if it is one of the web, else nothing."""
    return address if address.startswith(("https://", "http://")) else ""


def _facts(root: Element) -> dict[str, Any]:
    found: dict[str, Any] = {
        key: words for name, key in FACTS.items() if (words := plain_of(root, name))
    }
    if root.find("FranceConnect") is not None and plain_of(root, "FranceConnect") == "true":
        found["france_connect"] = True
    notices = [
        {"title": plain(n) or "Notice", "address": web(n.get("URL", ""))}
        for n in root.findall("NoticeLiee")
    ]
    others = [
        {"title": plain_of(one, "Titre"), "words": _besides_title(one)}
        for one in root.findall("CaracteristiqueLibre")
    ]
    linked = [*root.findall("FicheLiee"), *root.findall("ServiceEnLigneAlternatif")]
    named = [
        {"ref": one.get("ID", ""), "title": plain_of(one, "Titre") or plain(one)}
        for one in linked
        if one.get("ID")
    ]
    for key, value in (("notices", notices), ("others", others), ("linked", named)):
        if value:
            found[key] = value
    return found


def _besides_title(element: Element) -> str:
    return " ".join(plain(child) for child in element if local_name(child) != "Titre")


def values(root: Element) -> list[dict[str, str]]:
    """The amounts of a reference value with their dates, the newest first."""
    found = []
    for element in root.iter("Periode"):
        amount = element.find("ValeurRfr")
        if amount is not None:
            since, until = _day(element.get("dateDebut", "")), _day(element.get("dateFin", ""))
            found.append({"value": _amount(amount), "since": since, "until": until})
    if found:
        return sorted(found, key=lambda entry: entry["since"], reverse=True)
    alone = root.find("ValeurRfr") if local_name(root) != "ValeurRfr" else root
    return [{"value": _amount(alone), "since": "", "until": ""}] if alone is not None else []


def _amount(element: Element) -> str:
    return " ".join(p for p in (element.get("valeur", ""), element.get("unite", "")) if p)


def _day(words: str) -> str:
    try:
        return date.fromisoformat(words[:10]).isoformat()
    except ValueError:
        return ""
