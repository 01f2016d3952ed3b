"""A letter to nobody: how a wording looks on paper, with invented people."""

from typing import Any

from parvis.letters import rules
from parvis.letters.queries.wording import letterhead
from parvis.organisations.models import Authority

_FIELDS = {
    "personne": "Madame Odette Garnier",
    "dossier": "K7M-PQ2-4X",
    "objet": "Remplacer six fenêtres sur la rue",
    "demande": "Je voudrais changer six fenêtres.",
    "recu_le": "3 mars 2026",
    "poste_le": "28 février 2026",
    "procedure": "Déclaration de travaux",
    "silence": "Sans réponse de notre part le 3 mai 2026, votre demande est refusée.",
    "echeance": "3 mai 2026",
    "base_legale": "CRPA, art. L231-4",
    "pieces": "- Le plan de la façade\n- Une photographie de la rue",
    "ce_qui_manque": "- Le plan de la façade",
    "limite": "3 avril 2026",
    "service": "Urbanisme",
    "adresse_service": "1, place du Parvis",
    "telephone": "02 61 91 00 42",
    "courriel": "urbanisme@exemple.example",
    "referent": "Nadia Amrani",
    "fonction": "instructrice",
    "suppleant": "Bruno Delcourt",
    "autre_collectivite": "la préfecture",
    "motif_transmission": "cette demande relève de l’État.",
    "articles": "- Code de l’urbanisme, art. R421-17",
    "droit": "Le règlement demande des fenêtres en bois sur cette rue.",
    "faits": "Votre demande porte sur des fenêtres en matière plastique.",
    "explication": "Vos fenêtres doivent être en bois ; le reste nous convient.",
    "voies_de_recours": "Devant le tribunal administratif, dans les deux mois.",
    "recours_jusquau": "3 juillet 2026",
    "demande_le": "10 mai 2026",
    "aujourdhui": "12 mai 2026",
}  # fmt: skip


def sample(authority: Authority, kind: str, subject: str, body: str) -> dict[str, Any]:
    """The paper of a wording with every field filled in."""
    known = {**_FIELDS, "collectivite": authority.name}
    head = letterhead(authority)
    title, text = rules.merged(subject, known), rules.merged(body, known)
    house = {
        "lang": "fr",
        "region": "FR",
        "title": title,
        "subject": title,
        "institution": authority.name,
        "service": known["service"],
        "colour": authority.action_colour,
    }
    if kind == "slip":
        return {**house, **_slip(text, head.foot)}
    return {
        **house,
        "draft": "Aperçu : personnes inventées",
        "reference": "D-2026-00041",
        "page": "page",
        "facts": [
            _fact("Dossier suivi par", [known["referent"], known["fonction"]], strong=True),
            _fact("Pour nous répondre", [known["courriel"], known["telephone"]]),
            _fact("Numéro de votre dossier", [known["dossier"]]),
        ],
        "recipient": [known["personne"], "12, rue des Lilas", "79999 Sainte-Orvanne"],
        "dated": f"{head.place}, le 12 mai 2026",
        "blocks": [_block(block) for block in rules.blocks(text)],
        "capacity": "Pour le maire et par délégation," if kind in rules.SIGNED else "",
        "signer": known["referent"],
        "function": known["fonction"],
        "by_hand": True,
        "enclosures": [],
        "enclosed": "Pièces jointes",
        "foot": [head.foot, f"{known['service']} : {known['telephone']}"],
    }


def _slip(text: str, foot: str) -> dict[str, Any]:
    return {
        "warning": "",
        "code_label": "Votre code",
        "code": _FIELDS["dossier"],
        "facts": [
            {
                **_fact("Suivi par", [_FIELDS["referent"], _FIELDS["service"]], strong=True),
                "items": [],
            }
        ],
        "foot": [text.replace("\n", " "), foot],
        "qr": "",
        "qr_alt": "",
        "qr_words": "",
        "address": "",
    }


def _fact(label: str, lines: list[str], *, strong: bool = False) -> dict[str, Any]:
    return {"label": label, "lines": lines, "strong": strong}


def _block(block: rules.Block) -> dict[str, Any]:
    if block.kind == "heading":
        return {"kind": "heading", "text": block.lines[0]}
    return {
        "kind": block.kind, "items": list(block.lines), "lines": list(block.lines)
    }  # fmt: skip
