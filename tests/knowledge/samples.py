"""National sheets made by hand: shapes that the official schema allows, and some it does not."""

# ruff: noqa: E501

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def publication(
    inner: str = "",
    *,
    ref: str = "F900001",
    kind: str = "Fiche d'information",
    title: str = "Chien perdu : que faire ?",
    modified: str = "2026-03-02",
    schema: str = "3.5",
) -> str:
    return f"""{HEAD}<Publication xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ID="{ref}" type="{kind}"
  xsi:noNamespaceSchemaLocation="../Schemas/{schema}/Publication.xsd" futur="inconnu"
  spUrl="https://www.service-public.gouv.fr/particuliers/vosdroits/{ref}">
<dc:title>{title}</dc:title><dc:description>Ce qu'il faut faire.</dc:description>
<dc:date>modified {modified}</dc:date>
<SurTitre>Fiche pratique</SurTitre><Audience>Particuliers</Audience>
<Theme ID="N1"><Titre>Loisirs</Titre></Theme><SousThemePere ID="N2">Animaux</SousThemePere>
<DossierPere ID="N3"><Titre>Animal de compagnie</Titre><Fiche ID="{ref}">{title}</Fiche></DossierPere>
{inner}</Publication>"""


BODY = """
<Avertissement ID="R1" date="2026-01-01"><Titre>Loi nouvelle</Titre>
  <Texte><Paragraphe>Un texte est attendu.</Paragraphe></Texte></Avertissement>
<Introduction><Texte><Paragraphe>Prévenez la <MiseEnEvidence>mairie</MiseEnEvidence>.</Paragraphe>
  <Paragraphe>Elle tient la fourrière.</Paragraphe></Texte></Introduction>
<Texte><Paragraphe>Avant tout, cherchez.</Paragraphe>
 <Chapitre type="pieces"><Titre><Paragraphe>Pièces à fournir</Paragraphe></Titre>
  <Liste type="puce"><Item><Paragraphe>Carte <LienInterne LienPublication="R12">Icad</LienInterne></Paragraphe></Item>
   <Item><Paragraphe>Photo</Paragraphe><Paragraphe>récente</Paragraphe></Item></Liste></Chapitre>
 <Chapitre><Titre><Paragraphe>Coût</Paragraphe></Titre>
  <Tableau><Titre>Frais par jour</Titre><Colonne largeur="3" type="header"/><Colonne type="normal"/>
   <Rangée type="header"><Cellule><Paragraphe>Animal</Paragraphe></Cellule><Cellule><Paragraphe>Prix</Paragraphe></Cellule></Rangée>
   <Rangée type="normal"><Cellule><Paragraphe>Chien</Paragraphe></Cellule><Cellule fusionHorizontale="2"><Paragraphe><Valeur>25 €</Valeur></Paragraphe></Cellule></Rangée>
  </Tableau>
  <SousChapitre><Titre><Paragraphe>Réductions</Paragraphe></Titre>
   <Attention><Titre>Attention</Titre><Paragraphe>Un délai de 8 jours.</Paragraphe></Attention>
   <BlocCas affichage="onglet"><Cas><Titre>Animal tatoué</Titre><Paragraphe>Appelez.</Paragraphe>
      <BlocCas affichage="radio"><Cas><Titre>À Paris</Titre><Paragraphe>Au 17<Exposant>e</Exposant>.</Paragraphe></Cas></BlocCas></Cas>
    <Cas><Titre>Sans tatouage</Titre><Condition><estVrai var="v"/></Condition><Liste type="numero"><Item><Paragraphe>Cherchez</Paragraphe></Item></Liste></Cas></BlocCas>
  </SousChapitre></Chapitre></Texte>
<ListeSituations affichage="onglet"><Situation><Titre>En vacances</Titre>
  <Texte><Chapitre><Titre><Paragraphe>Sur place</Paragraphe></Titre><Paragraphe>Voir <LienInterne LienPublication="F900002">l'autre fiche</LienInterne>.</Paragraphe></Chapitre></Texte></Situation></ListeSituations>
<OuSAdresser ID="R2" type="Local personnalisé sur SP"><Titre>Mairie</Titre><PivotLocal>mairie</PivotLocal>
  <RessourceWeb URL="https://exemple.fr/mairies"/><Complement>Pour la fourrière</Complement></OuSAdresser>
<Reference type="Texte de référence" URL="https://www.legifrance.gouv.fr/x" ID="R3"><Titre>Code rural</Titre>
  <Complement>Article L211</Complement></Reference>
<ServiceEnLigne ID="R4" URL="https://exemple.fr/cerfa" numerocerfa="12345*01" type="Formulaire"><Titre>Déclarer</Titre>
  <NoticeLiee ID="R5" URL="https://exemple.fr/notice">Notice du formulaire</NoticeLiee></ServiceEnLigne>
<Definition ID="R6"><Titre>Fourrière</Titre><Texte><Paragraphe>Lieu où l'on garde &lt;les&gt; animaux.</Paragraphe></Texte></Definition>
<QuestionReponse ID="F900003" audience="Particuliers">Peut-on adopter un chien ?</QuestionReponse>
"""

HOSTILE = """<Texte><Paragraphe>Lisez <LienExterne URL="javascript:alert(1)">ceci</LienExterne>
 &lt;script&gt;alert(2)&lt;/script&gt;</Paragraphe>
 <Machin attr="x">Du <Truc>nouveau</Truc> en 2027</Machin></Texte>"""

BOMB = """<?xml version="1.0"?><!DOCTYPE Publication [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<Publication ID="F900001">&c;</Publication>"""

OUTSIDE = """<?xml version="1.0"?><!DOCTYPE Publication [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<Publication ID="F900001">&x;</Publication>"""

DEEP = "<Publication>" + "<a>" * 200_000 + "</a>" * 200_000 + "</Publication>"
