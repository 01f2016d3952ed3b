"""What makes the sheets of the town found: other words, pins, streets, questions, gaps, votes."""

import random
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from parvis.accounts.models import Agent
from parvis.demo.content import national
from parvis.demo.content.loader import Content
from parvis.knowledge import actions
from parvis.knowledge.dila.importing import Import
from parvis.knowledge.models import ImportRun, LocalPlace, Searched, Sheet
from parvis.knowledge.rules.finding import Figures, Lack, Line, Noted
from parvis.knowledge.search.words import question_stems
from parvis.organisations.models import Authority, Service, Site

SYNONYMS = (
    ("poubelle verte", "bac à déchets"),
    ("papier d’identité", "carte d’identité, passeport"),
    ("centre aéré", "centre de loisirs"),
    ("tata", "assistante maternelle"),
    ("gros objets", "encombrants"),
    ("carré bleu", "stationnement résident"),
    ("espace des petits", "crèche, halte-garderie"),
    ("carton d’électeur", "carte électorale"),
)
PINS = (
    ("horaires", "SO-001"),
    ("passeport", "SO-012"),
    ("encombrants", "SO-065"),
    ("cantine", "SO-036"),
)
STREETS = """street;from;to;side;subject;service;site;body;contact
Rue des Tilleuls;1;59;impair;école;famille;;;École des Tilleuls
Rue des Tilleuls;2;60;pair;école;famille;;;École du Moulin
Rue des Tilleuls;;;;collecte des déchets;proprete;;;Mardi et vendredi
Quai de l’Orvanne;;;;collecte des déchets;proprete;;;Lundi et jeudi
Quai de l’Orvanne;;;;bureau de vote;elections;annexe-est;;Bureau 7
Place du Parvis;;;;bureau de vote;elections;mairie;;Bureau 1
Place du Parvis;;;;voirie;voirie;;;
Rue du Moulin;1;99;;école;famille;;;École du Moulin
Rue du Moulin;100;240;;école;famille;;;École de la Source
Route des Plateaux;;;;voirie;;;Orvanne et Plateaux;02 61 91 40 10
Route des Plateaux;;;;eau et assainissement;;;Orvanne et Plateaux;02 61 91 40 12
Chemin de la Source;;;;collecte des déchets;proprete;;;Mercredi
Avenue de la Gare;;;;stationnement;police-municipale;;;Zone B
Quartier des Lavoirs;;;;travaux;urbanisme;urbanisme;;
"""
QUESTIONS = (
    ("à quelle heure ferme la mairie", "SO-001"),
    ("refaire ma carte d’identité", "SO-011"),
    ("mon passeport est périmé", "SO-012"),
    ("j’ai perdu ma carte", "SO-016"),
    ("copie de mon acte de naissance", "SO-021"),
    ("on se marie en juin quels papiers", "SO-028"),
    ("se pacser à la mairie", "SO-029"),
    ("inscrire mon fils en maternelle", "SO-035"),
    ("ma fille ne mangera pas à la cantine demain", "SO-037"),
    ("accueil avant la classe le matin", "SO-038"),
    ("place en crèche pour septembre", "SO-045"),
    ("je n’ai pas reçu ma carte d’électeur", "SO-051"),
    ("voter à la place de mon mari", "SO-052"),
    ("recensement 16 ans", "SO-054"),
    ("construire un abri de jardin", "SO-056"),
    ("hauteur du mur du voisin", "SO-059"),
    ("jour des poubelles", "SO-064"),
    ("enlever un vieux canapé", "SO-065"),
    ("nid de frelons", "SO-075"),
    ("le lampadaire ne marche plus", "SO-070"),
    ("aide pour payer ma facture d’électricité", "SO-083"),
    ("repas à domicile pour ma mère", "SO-086"),
    ("louer une salle pour un anniversaire", "SO-095"),
    ("payer la cantine en plusieurs fois", "SO-105"),
    ("acheter une baguette", ""),
    ("horaires du train pour Paris", ""),
)
GAPS = (
    ("trottinettes en libre-service", 9, "voirie"),
    ("borne de recharge électrique", 7, "voirie"),
    ("composteur collectif", 6, "proprete"),
    ("atelier ordinateur senior", 5, ""),
    ("permis de végétaliser", 4, "urbanisme"),
    ("cours de français gratuits", 4, ""),
    ("radeau de la fête", 3, ""),
)
REASONS = (
    ("SO-065", "On ne sait pas combien d’objets on peut sortir."),
    ("SO-036", "Le tarif pour deux enfants n’est pas dit."),
    ("SO-012", "Il manque le délai en ce moment."),
    ("SO-056", "Je n’ai pas compris quel formulaire prendre."),
    ("SO-098", "Les horaires des vacances ne sont pas à jour."),
)
PLACES = (
    ("mairie", "mairie", "", ""),
    ("prefecture", "", "Préfecture des Plateaux", "02 61 91 50 10"),
    ("caf", "", "Caf des Plateaux, point d’accueil", "02 61 91 50 20"),
    ("ccas", "ccas", "", ""),
)
SETS = {"Questions du guichet": 0.62, "Questions des courriels": 0.51}
MEASURES = 9  # one every second week
VOTES, SEARCHES = 40, 60


def create(content: Content, *, seed: int, now: datetime, since: datetime) -> None:
    """Write everything through the actions that editors use."""
    town = Authority.objects.get(slug=content.town.slug)
    roles = Agent.objects.at_work().filter(authority=town, grants__role="KBE").with_rights()
    editor = roles.order_by("username")[0]
    sheets = {sheet.ref: sheet for sheet in Sheet.objects.filter(authority=town)}
    chance = random.Random(seed)  # noqa: S311 - the same town for the same seed
    for said, written in SYNONYMS:
        actions.keep_synonym(
            editor, said=said, written=written, author=editor.display_name, now=since
        )
    for words, ref in PINS:
        actions.keep_pin(
            editor, words=words, sheet=sheets[ref], author=editor.display_name, now=since
        )
    actions.import_streets(editor, STREETS)
    _places(editor)
    _national(now=since)
    _questions(editor, chance, now=now)
    _searches(town, sheets, chance, now=now)
    _gaps(editor, now=now)
    _votes(town, sheets, chance, now=now)


def _places(editor: Agent) -> None:
    sites = {site.slug: site for site in Site.objects.filter(authority_id=editor.authority_id)}
    for pivot, site, name, phone in PLACES:
        place = LocalPlace(pivot=pivot, site=sites.get(site), name=name, phone=phone)
        actions.keep_place(place, actor=editor)


def _national(*, now: datetime) -> None:
    """The invented edition, taken in as a real one is."""
    with tempfile.TemporaryDirectory(prefix="parvis-demo-") as folder:
        path = national.write(Path(folder))
        run = actions.ask_import(
            origin=ImportRun.Origin.PATH,
            source="exemple-national",
            audience="particuliers",
            now=now,
        )
        Import(audience="particuliers", now=now, clock=lambda: now).run(path, log=run)


def _questions(editor: Agent, chance: random.Random, *, now: datetime) -> None:
    """Saved sets with a curve: the search got better as words and sheets were added."""
    lines = [Line(text, (ref,) if ref else (), "plain") for text, ref in QUESTIONS]
    for name, start in SETS.items():
        kept = actions.keep_questions(editor, name, lines, now=now - timedelta(weeks=2 * MEASURES))
        for step in range(MEASURES):
            share = min(0.95, start + 0.03 * step + chance.uniform(-0.015, 0.015))
            figures = Figures(
                collection=20 + step,
                questions=len(lines),
                hit1=round(share, 3),
                hit3=round(min(0.97, share + 0.16), 3),
                mrr=round(min(0.96, share + 0.09), 3),
                answered=round(min(0.95, share + 0.2), 3),
                wrongly=round(max(0.04, 0.3 - 0.03 * step), 3),
                p95_ms=round(chance.uniform(14, 22), 1),
            )
            at = now - timedelta(weeks=2 * (MEASURES - 1 - step), hours=3)
            actions.note_measure(kept, figures, now=at)


def _searches(
    town: Authority, sheets: dict[str, Sheet], chance: random.Random, *, now: datetime
) -> None:
    """Searches of the last weeks: most led to a sheet, some nowhere."""
    rows = [*_found(sheets, chance), *_in_vain()]
    for number, (words, opened) in enumerate(rows):
        noted = Noted(
            place=chance.choice(Searched.Place.values),
            words=words,
            stems=" ".join(sorted(question_stems(words))),
            found=chance.randint(1, 10) if opened else 0,
            was_answered=opened is not None,
        )
        secret = f"demo{number:028d}"
        day = (now - timedelta(days=chance.randint(0, 60))).date()
        actions.note_search(town.pk, noted, secret=secret, today=day)
        if opened is not None:
            actions.note_opening(town.pk, secret, opened)
    Searched.objects.filter(authority=town).update(secret="")


def _found(sheets: dict[str, Sheet], chance: random.Random) -> Iterator[tuple[str, Sheet]]:
    known = [(text, ref) for text, ref in QUESTIONS if ref]
    for _n in range(SEARCHES):
        text, ref = chance.choice(known)
        yield text, sheets[ref]


def _in_vain() -> Iterator[tuple[str, None]]:
    for words, times, _service in GAPS:
        for _n in range(times):
            yield words, None


def _gaps(editor: Agent, *, now: datetime) -> None:
    """Some gaps have an owner and a day, one of them past; the others wait for a decision."""
    services = {s.slug: s for s in Service.objects.filter(authority_id=editor.authority_id)}
    for place, (words, times, slug) in enumerate(GAPS):
        if not slug:
            continue
        stems = " ".join(sorted(question_stems(words)))
        lack = Lack(stems, words, times, (now - timedelta(days=3)).date())
        due_on = (now + timedelta(days=(-4, 9, 16, 30, 45)[place % 5])).date()
        actions.take_gap(editor, lack, owner=services[slug], due_on=due_on)


def _votes(
    town: Authority, sheets: dict[str, Sheet], chance: random.Random, *, now: datetime
) -> None:
    refs = [ref for ref in sheets if ref.startswith("SO-")]
    given = [(chance.choice(refs), chance.random() < 0.82, "") for _n in range(VOTES)]
    given += [(ref, False, reason) for ref, reason in REASONS]
    for ref, was_useful, reason in given:
        actions.vote(
            town.pk,
            sheets[ref],
            was_useful=was_useful,
            reason=reason,
            place=chance.choice(Searched.Place.values),
            today=(now - timedelta(days=chance.randint(0, 80))).date(),
        )
