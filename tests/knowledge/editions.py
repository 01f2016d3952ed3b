"""An edition of the national set made by hand from the official schema, in our own words."""

# ruff: noqa: E501

from pathlib import Path

from tests.knowledge.samples import HEAD, publication

DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'

QUESTIONS = """
<Questionnaire><Description><Paragraphe>Votre vélo</Paragraphe></Description>
 <Question><Titre><Paragraphe>Qui demande la vignette ?</Paragraphe></Titre>
  <Aide><Paragraphe>La personne qui roule.</Paragraphe></Aide>
  <Choix><Titre><Paragraphe>Un adulte</Paragraphe></Titre><SiSelectionne><affecteVrai var="majeur"/></SiSelectionne></Choix>
  <Choix><Titre><Paragraphe>Un enfant</Paragraphe></Titre><SiSelectionne><affecteVrai var="mineur"/></SiSelectionne></Choix></Question>
 <Question><Titre><Paragraphe>L'enfant a-t-il deux parents ?</Paragraphe></Titre>
  <Choix><Titre><Paragraphe>Oui</Paragraphe></Titre><SiSelectionne><affecteVrai var="deux"/></SiSelectionne></Choix>
  <Choix><Titre><Paragraphe>Non</Paragraphe></Titre><SiSelectionne><affecteFaux var="deux"/></SiSelectionne></Choix></Question>
 <Question><Titre><Paragraphe>Qui demande la vignette ?</Paragraphe></Titre>
  <Choix><Titre><Paragraphe>Un adulte</Paragraphe></Titre><SiSelectionne><affecteVrai var="grand"/></SiSelectionne></Choix>
  <Choix><Titre><Paragraphe>Un enfant</Paragraphe></Titre><SiSelectionne><affecteVrai var="petit"/></SiSelectionne></Choix></Question>
</Questionnaire>
<Texte>
 <Chapitre type="pieces"><Titre><Paragraphe>Pièces à fournir</Paragraphe></Titre>
  <Liste type="puce">
   <Item><Paragraphe>Facture du vélo</Paragraphe></Item>
   <Item><Condition><estVrai var="majeur"/></Condition><Paragraphe>Carte de l'adulte</Paragraphe></Item>
   <Item><Condition><estVrai var="mineur"/></Condition><Paragraphe>Livret de l'enfant</Paragraphe></Item>
   <Item><Condition><et><estVrai var="petit"/><estVrai var="deux"/></et></Condition><Paragraphe>Accord des deux parents</Paragraphe></Item>
   <Item><Condition><et><estVrai var="mineur"/><non><estVrai var="deux"/></non></et></Condition><Paragraphe>Accord du parent</Paragraphe></Item>
  </Liste></Chapitre>
 <Chapitre><Titre><Paragraphe>Où rouler</Paragraphe></Titre>
  <Condition><ou><estVrai var="grand"/><estFaux var="deux"/></ou></Condition>
  <Paragraphe>Sur la route.</Paragraphe></Chapitre>
 <Chapitre><Titre><Paragraphe>Avant de répondre</Paragraphe></Titre>
  <Condition><estIndefini var="majeur"/></Condition><Paragraphe>Répondez aux questions.</Paragraphe></Chapitre>
</Texte>
<OuSAdresser ID="R2" type="Local personnalisé sur SP"><Condition><estVrai var="mineur"/></Condition><Titre>Mairie</Titre><PivotLocal>mairie</PivotLocal></OuSAdresser>
<OuSAdresser ID="R3" type="Local"><Titre>Caf</Titre><PivotLocal>caf</PivotLocal></OuSAdresser>
"""

CASES = """
<ListeSituations affichage="onglet">
 <Situation><Titre>Vélo neuf</Titre><Texte>
  <Chapitre><Titre><Paragraphe>Qui paie</Paragraphe></Titre>
   <BlocCas affichage="radio"><Cas><Titre>Vous dépendez de la Caf</Titre><Paragraphe>La Caf paie.</Paragraphe></Cas>
    <Cas><Titre>Vous dépendez de la MSA</Titre><Paragraphe>La MSA paie.</Paragraphe></Cas></BlocCas></Chapitre>
  <Chapitre type="pieces"><Titre><Paragraphe>Pièces</Paragraphe></Titre><Liste type="puce"><Item><Paragraphe>Facture</Paragraphe></Item></Liste></Chapitre></Texte></Situation>
 <Situation><Titre>Vélo d'occasion</Titre><Texte>
  <Chapitre><Titre><Paragraphe>Qui paie</Paragraphe></Titre>
   <BlocCas affichage="radio"><Cas><Titre>vous dépendez de la CAF.</Titre><Paragraphe>La Caf paie moitié.</Paragraphe></Cas>
    <Cas><Titre>Vous dépendez de la MSA</Titre><Paragraphe>La MSA paie moitié.</Paragraphe></Cas></BlocCas></Chapitre>
  <Chapitre type="pieces"><Titre><Paragraphe>Pièces</Paragraphe></Titre><Liste type="puce"><Item><Paragraphe>Certificat de vente</Paragraphe></Item></Liste></Chapitre></Texte></Situation>
</ListeSituations>
<Texte><Chapitre><Titre><Paragraphe>Détail</Paragraphe></Titre>
 <BlocCas affichage="radio"><Cas><Titre>Roue de 20</Titre><Paragraphe>Petite.</Paragraphe></Cas><Cas><Titre>Roue de 28</Titre><Paragraphe>Grande.</Paragraphe></Cas></BlocCas></Chapitre></Texte>
"""


def resource(
    ref: str,
    kind: str,
    title: str,
    inner: str = "",
    *,
    modified: str = "2026-03-02",
    more: str = "",
) -> str:
    return f"""{HEAD}<ServiceComplementaire {DC} ID="{ref}" type="{kind}"{more}
  spUrl="https://www.service-public.gouv.fr/particuliers/vosdroits/{ref}">
<dc:title>{title}</dc:title><dc:date>modified {modified}</dc:date>{inner}</ServiceComplementaire>"""


FORM = resource(
    "R50", "Formulaire", "Demande de vignette vélo",
    """<NumeroCerfa>99001*02</NumeroCerfa><Cout><Paragraphe>Gratuit</Paragraphe></Cout>
    <CaracteristiqueLibre><Titre>Durée</Titre><Paragraphe>Dix minutes</Paragraphe></CaracteristiqueLibre>
    <Texte><Paragraphe>À remplir au stylo noir.</Paragraphe></Texte>
    <LienWeb URL="https://exemple.fr/vignette.pdf" format="application/pdf"/>
    <NoticeLiee ID="R51" type="Notice" URL="https://exemple.fr/notice.pdf"><Titre>Notice de la vignette</Titre></NoticeLiee>
    <FicheLiee ID="F910001" type="Fiche"><Titre>Vignette vélo</Titre></FicheLiee>""",
)  # fmt: skip
WORD = resource(
    "R60", "Définition de glossaire", "Vélo",
    "<Texte><Paragraphe>Engin à deux roues sans moteur.</Paragraphe></Texte>",
)  # fmt: skip
ACRONYM = resource(
    "R61", "Sigle", "VAE", "<Texte><Paragraphe>Vélo à assistance électrique</Paragraphe></Texte>"
)
VALUE = resource(
    "R70", "Valeur", "Aide au vélo",
    """<ValeurRfrHisto ID="V1" titre="Aide au vélo">
    <Periode dateDebut="2024-01-01" dateFin="2025-12-31"><ValeurRfr valeur="100" unite="€"/></Periode>
    <Periode dateDebut="2026-01-01"><ValeurRfr valeur="120" unite="€"/></Periode></ValeurRfrHisto>""",
)  # fmt: skip
SERVICE = resource(
    "R80", "Téléservice", "Demander en ligne", '<LienWeb URL="https://exemple.fr/demande"/>',
    more=' indisponible="true"',
)  # fmt: skip


def node(ref: str, kind: str, title: str, inner: str = "") -> str:
    return publication(inner, ref=ref, kind=kind, title=title)


THEME = node(
    "N100", "Theme", "Se déplacer",
    """<SousTheme ID="N110"><Titre>Vélo</Titre><Dossier ID="N111">Vignette</Dossier></SousTheme>
    <Introduction><Texte><Paragraphe>Tout pour rouler.</Paragraphe></Texte></Introduction>""",
)  # fmt: skip
DOSSIER = node(
    "N111", "Dossier", "Vignette du vélo",
    """<SousDossier ID="N111-1"><Titre>Demander</Titre><Fiche ID="F910001">Vignette</Fiche></SousDossier>
    <Fiche ID="F910002">Qui paie</Fiche>""",
)  # fmt: skip

ARBORESCENCE = f"""{HEAD}<Arborescence {DC}><dc:date>modified 2026-03-05</dc:date>
<ItemArbo type="Theme" ID="N100" fichier="true" dateDeModification="2026-03-01T00:00:00"><Titre>Se déplacer</Titre>
 <ItemArbo type="Sous-theme" ID="N110" fichier="false" dateDeModification="2026-03-01T00:00:00"><Titre>Vélo</Titre>
  <ItemArbo type="Dossier" ID="N111" fichier="true" dateDeModification="2026-03-01T00:00:00"><Titre>Vignette du vélo</Titre>
   <ItemArbo type="Fiche d'information" ID="F910002" fichier="true" dateDeModification="2026-03-01T00:00:00"><Titre>Qui paie</Titre></ItemArbo>
   <ItemArbo type="Fiche d'information" ID="F910001" fichier="true" dateDeModification="2026-03-01T00:00:00"><Titre>La vignette</Titre></ItemArbo>
  </ItemArbo></ItemArbo></ItemArbo>
<ItemArbo type="Theme" ID="N200" fichier="false" dateDeModification="2026-03-01T00:00:00"><Titre>Loisirs</Titre></ItemArbo>
</Arborescence>"""
MENU = f"""{HEAD}<Menu {DC}><dc:date>modified 2026-03-05</dc:date>
<ItemMenu type="Theme" ID="N200"><Titre>Loisirs</Titre></ItemMenu>
<ItemMenu type="Theme" ID="N100"><Titre>Se déplacer</Titre><ItemMenu type="Sous-theme" ID="N110"><Titre>Vélo</Titre></ItemMenu></ItemMenu></Menu>"""
REDIRECTIONS = f"""{HEAD}<Redirections {DC}><dc:date>modified 2026-03-05</dc:date>
<Redirection from="F900090" to="F900091" date="2025-01-01" type="Fiche" audience="Particuliers"/>
<Redirection from="F900091" to="F910001" date="2026-01-01" type="Fiche"/>
<Redirection from="F900098" to="F900099" date="2026-01-01" type="Fiche"/>
<Redirection from="F900099" to="F900098" date="2026-01-01" type="Fiche"/>
<Redirection from="F900097" to="F900097" date="2026-01-01" type="Fiche"/>
<RedirectionExterne from="F900095" toUrl="https://exemple.fr/ailleurs" date="2026-01-01"/>
<RedirectionExterne from="F900094" toUrl="javascript:alert(1)" date="2026-01-01"/>
</Redirections>"""
DATES = f"""{HEAD}<DatesModImp {DC}><dc:date>modified 2026-03-05</dc:date>
<Item ID="F910001" type="Fiche" dateDerniereModificationImportante="2026-02-14T00:00:00"><Titre>La vignette</Titre></Item></DatesModImp>"""
ONLINE = f"""{HEAD}<RessourcesEnLigne {DC}><dc:date>modified 2026-03-05</dc:date>
<Ressource ID="R50" type="Formulaire"><Titre>Autre nom</Titre></Ressource>
<Ressource ID="R55" type="Simulateur"><Titre>Calculer l'aide</Titre></Ressource></RessourcesEnLigne>"""
GLOSSARY = f"""{HEAD}<Glossaire {DC}><dc:date>modified 2026-03-05</dc:date>
<Lettre type="P"><Definition ID="R66"><Audience>Particuliers</Audience><Titre>Pédale</Titre></Definition></Lettre></Glossaire>"""
OFFICES = f"""{HEAD}<OuSAdresserListe {DC}><dc:date>modified 2026-03-05</dc:date><Audience>Particuliers</Audience>
<OuSAdresser ID="R3" type="Local"><Titre>Caisse d'allocations familiales</Titre><PivotLocal>caf</PivotLocal></OuSAdresser></OuSAdresserListe>"""
AMOUNTS = f"""{HEAD}<ListeValeurs {DC}><dc:date>modified 2026-03-05</dc:date>
<ValeurRfr ID="R71" titre="Plafond" valeur="300" unite="€"/></ListeValeurs>"""

FILES = {
    "F910001.xml": publication(QUESTIONS, ref="F910001", title="La vignette du vélo", kind="Fiche d'information conditionnée"),
    "F910002.xml": publication(CASES, ref="F910002", title="Qui paie la vignette"),
    "N100.xml": THEME,
    "N111.xml": DOSSIER,
    "R50.xml": FORM,
    "R60.xml": WORD,
    "R61.xml": ACRONYM,
    "R70.xml": VALUE,
    "R80.xml": SERVICE,
    "arborescence.xml": ARBORESCENCE,
    "menu.xml": MENU,
    "redirections.xml": REDIRECTIONS,
    "idxDateModifImp.xml": DATES,
    "servicesEnLigne.xml": ONLINE,
    "glossaire.xml": GLOSSARY,
    "ouSAdresser.xml": OFFICES,
    "listeValeurs.xml": AMOUNTS,
}  # fmt: skip


def write(folder: Path, **changes: str | None) -> Path:
    """The edition as a folder; a change with None leaves the file out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {**FILES, **changes}.items():
        if content is None:
            (folder / name).unlink(missing_ok=True)
        else:
            (folder / name).write_text(content, encoding="utf-8")
    return folder
