"""A small national set that is plainly invented: kites and boats, in the form of the real one.

It is written as XML and goes through the importer, so that the demo town shows what a real edition
becomes: themes, a questionnaire, cases, offices, dated amounts, an old address.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
_DAY = "2026-09-01"
_SITE = "https://www.service-public.gouv.fr/particuliers/vosdroits/"
_INVENTED = "Fiche inventée pour la ville de démonstration : elle ne dit rien du droit réel."
THEME, AIR, KITES, RIVER = "N990100", "N990110", "N990111", "N990112"
NODES = {
    THEME: "Loisirs de plein air (exemple)",
    AIR: "Ciel et eau (exemple)",
    KITES: "Cerf-volant (exemple)",
    RIVER: "Barque et rivière (exemple)",
}


@dataclass(frozen=True)
class Simple:
    """A sheet of a few paragraphs."""

    ref: str
    title: str
    dossier: str
    intro: str
    chapters: Sequence[tuple[str, Sequence[str]]]
    pieces: Sequence[str] = ()
    offices: Sequence[str] = ()
    kind: str = "Fiche d'information"
    see: Sequence[str] = field(default_factory=tuple)


SIMPLE = (
    Simple(
        "F990003",
        "Peut-on faire voler un cerf-volant géant près d’une école ?",
        KITES,
        "Oui, hors des heures de classe et à plus de cinquante mètres de la cour.",
        [("Prévenir l’école", ["Un mot à la direction suffit, la veille au plus tard."])],
        kind="Fiche Question-réponse",
        see=["F990001"],
    ),
    Simple(
        "F990004",
        "Déclarer un épouvantail visible de la route",
        KITES,
        "Un épouvantail de plus de deux mètres se déclare à la mairie une fois par an.",
        [("Quand", ["Avant le 15 mars, ou dans la semaine qui suit sa pose."])],
        pieces=["Croquis de l’épouvantail", "Plan du champ"],
        offices=["mairie"],
    ),
    Simple(
        "F990005",
        "Prime au chapeau de paille",
        KITES,
        "Une aide unique pour qui travaille dehors l’été, versée par la Caf.",
        [
            ("Montant", ["La prime suit le barème des loisirs de plein air."]),
            ("Versement", ["Un mois après la demande."]),
        ],
        pieces=["Facture du chapeau", "Attestation de travail en plein air"],
        offices=["caf"],
    ),
    Simple(
        "F990006",
        "Je fête mes cent ans de barque",
        RIVER,
        "La commune remet une rame d’honneur aux bateliers centenaires.",
        [("Qui prévient qui", ["La famille écrit à la mairie trois mois avant la date."])],
        offices=["mairie"],
        kind="Fiche Comment faire si",
    ),
    Simple(
        "F990007",
        "Faut-il une carte de batelier pour un bateau gonflable ?",
        RIVER,
        "Non, jusqu’à trois personnes à bord et sans moteur.",
        [("Au-delà", ["La carte de batelier est demandée à la personne qui tient la barre."])],
        kind="Fiche Question-réponse",
        see=["F990002"],
    ),
    Simple(
        "F990008",
        "Prêt de jumelles pour observer les oiseaux",
        KITES,
        "Chaque commune volontaire prête des jumelles pour un mois, contre une caution.",
        [("Caution", ["Vingt euros, rendus avec les jumelles."])],
        pieces=["Pièce d’identité", "Chèque de caution"],
        offices=["mairie"],
    ),
    Simple(
        "F990009",
        "Promenade en pédalo : règles de la rivière",
        RIVER,
        "On croise à droite, on laisse passer les canards, on rentre avant la nuit.",
        [("Gilets", ["Un gilet par personne, à sa taille, porté et fermé."])],
    ),
    Simple(
        "F990010",
        "Recensement des girouettes",
        KITES,
        "Tous les dix ans, les girouettes sont comptées ; la réponse est facultative.",
        [("Comment répondre", ["Par le formulaire déposé dans la boîte aux lettres."])],
        offices=["mairie"],
    ),
    Simple(
        "F990011",
        "Attestation de vent",
        KITES,
        "Elle dit quel vent il a fait tel jour à tel endroit, pour une assurance par exemple.",
        [("Délai", ["Huit jours. Elle est gratuite pour les particuliers."])],
        pieces=["Date et lieu exacts", "Motif de la demande"],
        offices=["prefecture"],
    ),
)

_PERMIT = """
<Questionnaire><Description><Paragraphe>Votre cerf-volant</Paragraphe></Description>
 <Question><Titre><Paragraphe>Qui tiendra le cerf-volant ?</Paragraphe></Titre>
  <Choix><Titre><Paragraphe>Une personne majeure</Paragraphe></Titre>
   <SiSelectionne><affecteVrai var="majeur"/></SiSelectionne></Choix>
  <Choix><Titre><Paragraphe>Une personne mineure</Paragraphe></Titre>
   <SiSelectionne><affecteVrai var="mineur"/></SiSelectionne></Choix></Question>
 <Question><Titre><Paragraphe>Où volera-t-il ?</Paragraphe></Titre>
  <Choix><Titre><Paragraphe>Sur une plage ou une place</Paragraphe></Titre>
   <SiSelectionne><affecteVrai var="public"/></SiSelectionne></Choix>
  <Choix><Titre><Paragraphe>Sur un terrain privé</Paragraphe></Titre>
   <SiSelectionne><affecteVrai var="prive"/></SiSelectionne></Choix></Question>
</Questionnaire>
<Texte>
 <Chapitre type="pieces"><Titre><Paragraphe>Pièces à fournir</Paragraphe></Titre>
  <Liste type="puce">
   <Item><Paragraphe>Photo du cerf-volant, avec une personne à côté</Paragraphe></Item>
   <Item><Condition><estVrai var="majeur"/></Condition>
    <Paragraphe>Pièce d’identité de la personne majeure</Paragraphe></Item>
   <Item><Condition><estVrai var="mineur"/></Condition>
    <Paragraphe>Accord écrit d’un parent</Paragraphe></Item>
   <Item><Condition><estVrai var="mineur"/></Condition>
    <Paragraphe>Nom de l’adulte qui accompagne</Paragraphe></Item>
   <Item><Condition><estVrai var="public"/></Condition>
    <Paragraphe>Plan de la plage ou de la place</Paragraphe></Item>
   <Item><Condition><estVrai var="prive"/></Condition>
    <Paragraphe>Accord du propriétaire du terrain</Paragraphe></Item>
  </Liste></Chapitre>
 <Chapitre><Titre><Paragraphe>Coût</Paragraphe></Titre>
  <Paragraphe>Le permis coûte <Valeur>12 €</Valeur> ; il est gratuit sur un terrain
  privé.</Paragraphe></Chapitre>
 <Chapitre><Titre><Paragraphe>Jours de fête</Paragraphe></Titre>
  <Condition><estVrai var="public"/></Condition>
  <Paragraphe>Sur une plage ou une place, le permis ne vaut pas les jours de marché.</Paragraphe>
 </Chapitre>
</Texte>
<OuSAdresser ID="R990101" type="Local personnalisé sur SP"><Condition><estVrai var="public"/>
</Condition><Titre>Mairie</Titre><PivotLocal>mairie</PivotLocal></OuSAdresser>
<OuSAdresser ID="R990102" type="Local"><Titre>Préfecture</Titre>
<PivotLocal>prefecture</PivotLocal></OuSAdresser>
<ServiceEnLigne ID="R990050" URL="https://exemple.fr/cerf-volant" type="Formulaire"
 numerocerfa="99990*01"><Titre>Demande de permis de cerf-volant géant</Titre></ServiceEnLigne>
<Definition ID="R990060"><Titre>Cerf-volant géant</Titre>
<Texte><Paragraphe>Cerf-volant de plus de trois mètres d’envergure.</Paragraphe></Texte>
</Definition>
"""


def _case(title: str, delay: str, pieces: Sequence[str]) -> str:
    return f"""<Situation><Titre>{title}</Titre><Texte>
 <Chapitre type="pieces"><Titre><Paragraphe>Pièces à fournir</Paragraphe></Titre>{_list(pieces)}
 </Chapitre><Chapitre><Titre><Paragraphe>Délai</Paragraphe></Titre>
 <Paragraphe>{delay}</Paragraphe></Chapitre></Texte></Situation>"""


def _card() -> str:
    first = ["Photo d’identité", "Attestation de natation", "Justificatif de domicile"]
    return f"""<Introduction><Texte><Paragraphe>La carte de batelier du dimanche permet de
 conduire une barque de plus de trois personnes, sans la louer.</Paragraphe></Texte></Introduction>
<ListeSituations affichage="onglet">
{_case("Première demande", "Un mois.", first)}
{_case("Renouvellement", "Dix jours.", ["Ancienne carte", "Photo d’identité"])}
{_case("Carte perdue ou mouillée", "Une semaine.", ["Déclaration de perte", "Photo d’identité"])}
</ListeSituations>
<OuSAdresser ID="R990101" type="Local personnalisé sur SP"><Titre>Mairie</Titre>
<PivotLocal>mairie</PivotLocal></OuSAdresser>"""


def _list(items: Sequence[str]) -> str:
    rows = "".join(f"<Item><Paragraphe>{escape(item)}</Paragraphe></Item>" for item in items)
    return f'<Liste type="puce">{rows}</Liste>'


def _publication(ref: str, title: str, kind: str, dossier: str, inner: str) -> str:
    place = NODES[dossier] if dossier else ""
    above = (
        f'<Theme ID="{THEME}"><Titre>{NODES[THEME]}</Titre></Theme>'
        f'<SousThemePere ID="{AIR}">{NODES[AIR]}</SousThemePere>'
        f'<DossierPere ID="{dossier}"><Titre>{place}</Titre>'
        f'<Fiche ID="{ref}">{escape(title)}</Fiche></DossierPere>'
        f'<Avertissement ID="R990001" date="{_DAY}"><Titre>Fiche inventée</Titre>'
        f"<Texte><Paragraphe>{_INVENTED}</Paragraphe></Texte></Avertissement>"
        if dossier
        else ""
    )
    return f"""{_HEAD}<Publication {_DC} ID="{ref}" type={quoteattr(kind)} spUrl="{_SITE}{ref}">
<dc:title>{escape(title)}</dc:title><dc:date>modified {_DAY}</dc:date>
<Audience>Particuliers</Audience>{above}{inner}</Publication>"""


def _simple(sheet: Simple) -> str:
    chapters = "".join(
        f"<Chapitre><Titre><Paragraphe>{escape(heading)}</Paragraphe></Titre>"
        + "".join(f"<Paragraphe>{escape(line)}</Paragraphe>" for line in lines)
        + "</Chapitre>"
        for heading, lines in sheet.chapters
    )
    if sheet.pieces:
        heading = "<Titre><Paragraphe>Pièces à fournir</Paragraphe></Titre>"
        chapters += f'<Chapitre type="pieces">{heading}{_list(sheet.pieces)}</Chapitre>'
    offices = "".join(
        f'<OuSAdresser ID="R99{n:04d}" type="Local"><Titre>{pivot.title()}</Titre>'
        f"<PivotLocal>{pivot}</PivotLocal></OuSAdresser>"
        for n, pivot in enumerate(sheet.offices, start=201)
    )
    see = "".join(f'<FicheConnexe ID="{ref}">{ref}</FicheConnexe>' for ref in sheet.see)
    intro = f"<Texte><Paragraphe>{escape(sheet.intro)}</Paragraphe></Texte>"
    inner = f"<Introduction>{intro}</Introduction><Texte>{chapters}</Texte>{see}{offices}"
    return _publication(sheet.ref, sheet.title, sheet.kind, sheet.dossier, inner)


def _resource(ref: str, kind: str, title: str, inner: str) -> str:
    return f"""{_HEAD}<ServiceComplementaire {_DC} ID="{ref}" type="{kind}" spUrl="{_SITE}{ref}">
<dc:title>{title}</dc:title><dc:date>modified {_DAY}</dc:date>{inner}</ServiceComplementaire>"""


def _branch(kind: str, ref: str, title: str, inner: str = "") -> str:
    day = f'dateDeModification="{_DAY}T00:00:00"'
    opening = f'<ItemArbo type={quoteattr(kind)} ID="{ref}" fichier="true" {day}>'
    return f"{opening}<Titre>{escape(title)}</Titre>{inner}</ItemArbo>"


def _tree(titles: dict[str, tuple[str, str]]) -> str:
    dossiers = "".join(
        _branch("Dossier", dossier, NODES[dossier], "".join(
            _branch("Fiche d'information", ref, title)
            for ref, (title, place) in titles.items() if place == dossier
        ))
        for dossier in (KITES, RIVER)
    )  # fmt: skip
    inner = _branch("Theme", THEME, NODES[THEME], _branch("Sous-theme", AIR, NODES[AIR], dossiers))
    day = f"<dc:date>modified {_DAY}</dc:date>"
    return f"{_HEAD}<Arborescence {_DC}>{day}{inner}</Arborescence>"


def files() -> dict[str, str]:
    """The whole edition, by the names of its files."""
    permit, card = "Permis de cerf-volant géant", "Carte de batelier du dimanche"
    conditional = "Fiche d'information conditionnée"
    text = "<Texte><Paragraphe>{}</Paragraphe></Texte>"
    titles = {one.ref: (one.title, one.dossier) for one in SIMPLE}
    titles |= {"F990001": (permit, KITES), "F990002": (card, RIVER)}
    amounts = """<ValeurRfrHisto ID="V990070" titre="Prime au chapeau de paille">
<Periode dateDebut="2024-01-01" dateFin="2025-12-31"><ValeurRfr valeur="18" unite="€"/></Periode>
<Periode dateDebut="2026-01-01"><ValeurRfr valeur="20" unite="€"/></Periode></ValeurRfrHisto>"""
    online = '<LienWeb URL="https://exemple.fr/cerf-volant"/>'
    redirection = f"""{_HEAD}<Redirections {_DC}><dc:date>modified {_DAY}</dc:date>
<Redirection from="F990090" to="F990001" date="2025-06-01" type="Fiche" audience="Particuliers"/>
</Redirections>"""
    made = {f"{one.ref}.xml": _simple(one) for one in SIMPLE}
    made |= {
        "F990001.xml": _publication("F990001", permit, conditional, KITES, _PERMIT),
        "F990002.xml": _publication("F990002", card, "Fiche d'information", RIVER, _card()),
        "R990050.xml": _resource("R990050", "Formulaire", f"Demande : {permit}", online),
        "R990060.xml": _resource(
            "R990060", "Définition de glossaire", "Cerf-volant géant",
            text.format("Cerf-volant de plus de trois mètres d’envergure."),
        ),
        "R990061.xml": _resource(
            "R990061", "Sigle", "CBD", text.format("Carte de batelier du dimanche")
        ),
        "R990070.xml": _resource("R990070", "Valeur", "Prime au chapeau de paille", amounts),
        "R990080.xml": _resource("R990080", "Téléservice", "Attestation de vent", online),
        "arborescence.xml": _tree(titles),
        "redirections.xml": redirection,
    }  # fmt: skip
    return made


def write(folder: Path) -> Path:
    """The edition as a folder of files."""
    for name, content in files().items():
        spaced = (
            content.replace(" :", "\u00a0:").replace(" ;", "\u202f;").replace(" ?<", "\u202f?<")
        )
        (folder / name).write_text(spaced, encoding="utf-8")
    return folder
