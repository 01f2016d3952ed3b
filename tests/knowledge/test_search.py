import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from parvis.knowledge import actions, search
from parvis.knowledge.models import CollectionVersion, Sheet
from parvis.knowledge.search import index, passages, words
from parvis.knowledge.search.reading import read
from parvis.knowledge.search.spelling import distance
from tests.knowledge.factories import NOON, block, local_sheet, national_sheet
from tests.organisations.factories import AuthorityFactory

pytestmark = pytest.mark.django_db

SHEETS = [
    ("F1", "Acte de naissance : copie ou extrait", "Papiers > État civil",
     "La mairie de naissance délivre la copie. C’est gratuit."),
    ("F2", "Acte de mariage : copie", "Papiers > État civil",
     "La mairie du mariage délivre la copie de l’acte."),
    ("F3", "Carte d’identité perdue", "Papiers > Carte d’identité",
     "La perte se déclare en mairie, puis on demande une nouvelle carte."),
    ("F4", "Déménagement : démarches", "Logement > Déménagement",
     "Prévenez les organismes de votre nouvelle adresse, la banque et l’assurance."),
    ("F5", "Inscription sur les listes électorales", "Citoyenneté > Élections",
     "On s’inscrit en mairie jusqu’au sixième vendredi avant le scrutin."),
    ("F6", "Passeport d’un majeur", "Papiers > Passeport",
     "Le passeport coûte 86 euros et se demande en mairie."),
]  # fmt: skip


@pytest.fixture
def town():
    for ref, title, breadcrumb, text in SHEETS:
        national_sheet(
            ref,
            title=title,
            breadcrumb=breadcrumb,
            short_answer=text,
            blocks=(block(f"<p>{text}</p>"),),
        )
    return AuthorityFactory.create()


def refs(found) -> list[str]:
    return [hit.ref for hit in found.results]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("copie acte naissance", "F1"),
        ("COPIE D’ACTE DE NAISSANCE", "F1"),
        ("acte de naisance", "F1"),
        ("je suis né ici, je voudrais une copie", "F1"),
        ("acte mari", "F2"),
        ("j'ai égaré ma CNI", "F3"),
        ("demenagement", "F4"),
        ("je déménage", "F4"),
        ("s'inscrire pour voter", "F5"),
        ("passport", "F6"),
        ("passeprot", "F6"),
        ("86 euros", "F6"),
    ],
)
def test_the_right_sheet_comes_first(town, question, first):
    assert refs(search.find(question, authority_id=town.pk))[:1] == [first]


@pytest.mark.parametrize(
    "question", ["", " ", "?", "de la", "zxcvbn qwerty", "recette de tarte", "\0", "🙂", "a" * 5000]
)
def test_nonsense_and_other_matters_are_not_answered(town, question):
    assert not search.find(question, authority_id=town.pk).answered


def test_every_letter_typed_narrows_the_results(town):
    typed = "acte naiss"

    found = {
        typed[:end]: refs(search.find(typed[:end], authority_id=town.pk))
        for end in range(2, len(typed) + 1)
    }

    assert set(found["ac"]) >= {"F1", "F2"}
    assert found["acte naiss"][0] == "F1"


def test_words_of_the_question_are_marked_and_everything_else_is_escaped(town):
    local_sheet(
        town,
        title="Acte <b>gras</b> & naissance",
        short_answer="L’acte <script>alert(1)</script> de naissance est remis.",
        blocks=[],
    )

    hit = next(h for h in search.find("acte naissance", authority_id=town.pk).results if h.is_local)

    assert "<mark>Acte</mark> &lt;b&gt;" in hit.title_html
    assert "<script" not in hit.passage_html
    assert "<mark>acte</mark>" in hit.passage_html
    assert "<" not in hit.passage.replace("<script>", "").replace("</script>", "")


def test_a_neighbours_sheets_are_never_found(town):
    neighbour = AuthorityFactory.create(slug="tremalon", name="Trémalon")
    local_sheet(neighbour, ref="TR-1", title="Bac de recyclage canariB")

    for public_only in (True, False):
        ours = search.find("canariB", authority_id=town.pk, public_only=public_only)
        theirs = search.find("canariB", authority_id=neighbour.pk, public_only=public_only)
        assert ours.results == []
        assert refs(theirs) == ["TR-1"]


def test_words_inside_are_found_at_the_desk_and_never_by_the_public(town):
    local_sheet(town, blocks=[block("<p>Code du portail canariC.</p>", level="internal")])
    local_sheet(town, ref="SO-2", title="Fiche canariC entière", is_public=False)

    assert search.find("canariC", authority_id=town.pk).results == []
    desk = search.find("canariC", authority_id=town.pk, public_only=False)
    assert set(refs(desk)) == {"SO-012", "SO-2"}
    assert any("canariC" in hit.passage for hit in desk.results)


def test_what_was_just_taken_away_is_gone_before_the_index_knows(town):
    sheet = local_sheet(town, title="Fiche éphémère")
    assert refs(search.find("éphémère", authority_id=town.pk)) == ["SO-012"]

    Sheet.objects.filter(pk=sheet.pk).update(is_public=False)  # no new collection number

    assert search.find("éphémère", authority_id=town.pk).results == []


def test_an_own_sheet_answers_instead_of_the_national_one_with_its_reference(town):
    local_sheet(town, ref="F1", title="Acte de naissance à Sainte-Orvanne", blocks=[])

    found = search.find("copie acte naissance", authority_id=town.pk)

    assert refs(found).count("F1") == 1
    assert found.results[0].title == "Acte de naissance à Sainte-Orvanne"
    elsewhere = AuthorityFactory.create(slug="tremalon", name="Trémalon")
    assert search.find("copie acte naissance", authority_id=elsewhere.pk).results[0].title == (
        "Acte de naissance : copie ou extrait"
    )


def test_a_new_version_is_found_at_the_next_question(town):
    sheet = local_sheet(town)
    search.find("acte", authority_id=town.pk)

    actions.publish_version(
        sheet, now=NOON, author="x", title="Trottinettes", short_answer="Oui.", blocks=[]
    )

    assert refs(search.find("trottinette", authority_id=town.pk))[:1] == ["SO-012"]


def test_a_deleted_or_damaged_index_is_built_again(town):
    search.find("acte", authority_id=town.pk)
    shutil.rmtree(index.folder())
    assert refs(search.find("acte naissance", authority_id=town.pk))[0] == "F1"

    (index.folder() / "current.json").write_text("{oops", encoding="utf-8")
    assert refs(search.find("acte naissance", authority_id=town.pk))[0] == "F1"


def test_only_the_last_two_generations_stay_on_the_disk(town):
    search.find("acte", authority_id=town.pk)
    for _ in range(3):
        search.rebuild()

    assert len(list(index.folder().glob("g-*"))) == 2


def test_only_changed_sheets_are_taken_in_again(town, monkeypatch):
    sheet = local_sheet(town)
    search.find("acte", authority_id=town.pk)
    written = []
    write = index._write
    monkeypatch.setattr(
        index, "_write", lambda i, gone, changed: written.append(changed) or write(i, gone, changed)
    )
    monkeypatch.setattr(index, "_fill", lambda _place: pytest.fail("all of it was built anew"))

    actions.publish_version(
        sheet, now=NOON, author="x", title="Trottinettes", short_answer="Oui.", blocks=[]
    )

    assert refs(search.find("trottinettes", authority_id=town.pk))[:1] == ["SO-012"]
    assert "SO-012" not in refs(search.find("copie acte naissance", authority_id=town.pk))
    assert written == [[sheet.pk]]


def test_an_archived_sheet_leaves_the_index(town):
    sheet = local_sheet(town, title="Fiche éphémère")
    assert index.current().searcher.num_docs == len(SHEETS) + 1

    Sheet.objects.filter(pk=sheet.pk).update(state=Sheet.State.ARCHIVED)
    actions.collection_changed()

    assert search.find("éphémère", authority_id=town.pk).results == []
    assert index.current().searcher.num_docs == len(SHEETS)


def test_a_number_that_moves_without_a_change_writes_nothing(town, monkeypatch):
    search.find("acte", authority_id=town.pk)
    monkeypatch.setattr(index, "_write", lambda *_args: pytest.fail("nothing had changed"))
    actions.collection_changed()

    assert refs(search.find("acte naissance", authority_id=town.pk))[0] == "F1"


def test_words_of_a_sheet_that_is_not_public_never_mend_a_public_question(town):
    local_sheet(town, ref="SO-2", title="Alambic", short_answer="Secret.", is_public=False)

    index.current()

    assert index.current().speller.frequency("alambic") == 0
    assert search.find("alambik", authority_id=town.pk).results == []
    desk = search.find("alambic", authority_id=town.pk, public_only=False)
    assert refs(desk) == ["SO-2"]


def test_while_another_process_builds_the_old_index_goes_on(town):
    search.find("acte", authority_id=town.pk)
    told = json.loads((index.folder() / "current.json").read_text())
    actions.collection_changed()

    with index._lock(wait=True):
        found = search.find("acte naissance", authority_id=town.pk)

    assert refs(found)[0] == "F1"
    assert json.loads((index.folder() / "current.json").read_text()) == told


def test_a_rebuild_that_fails_leaves_the_old_index_in_use(town, monkeypatch, caplog):
    search.find("acte", authority_id=town.pk)
    actions.collection_changed()

    def full(_ready, *, most=None):
        raise OSError("No space left on device")

    monkeypatch.setattr(index, "_refresh", full)

    assert refs(search.find("acte naissance", authority_id=town.pk))[0] == "F1"
    assert "could not be refreshed" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_many_threads_with_no_index_build_it_once(town, monkeypatch):
    built = []
    fill = index._fill
    monkeypatch.setattr(index, "_fill", lambda place: built.append(place) or fill(place))
    monkeypatch.setattr(index.queries, "collection_number", lambda: 42)
    start = threading.Barrier(4)
    rows = list(index.queries.index_rows())
    monkeypatch.setattr(index.queries, "index_rows", lambda: iter(rows))
    stamps = index.queries.index_stamps()
    monkeypatch.setattr(index.queries, "index_stamps", lambda: stamps)

    def ask(_n: int) -> int:
        start.wait()
        return index.current().number

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(ask, range(4)))

    assert numbers == [42] * 4
    assert len(built) == 1


def test_a_slow_index_is_refreshed_behind_the_back_of_the_reader(town, monkeypatch):
    search.find("acte", authority_id=town.pk)
    monkeypatch.setattr(index, "PATIENCE", -1.0)
    asked = []
    monkeypatch.setattr(index, "_refresh_in_background", lambda: asked.append(True))
    actions.collection_changed()

    assert refs(search.find("acte naissance", authority_id=town.pk))[0] == "F1"
    assert asked == [True]


def test_many_changes_at_once_are_not_waited_for(town, monkeypatch):
    search.find("acte", authority_id=town.pk)
    asked = []
    monkeypatch.setattr(index, "_refresh_in_background", lambda: asked.append(True))
    monkeypatch.setattr(index, "MANY", 0)
    local_sheet(town)

    assert "SO-012" not in refs(search.find("acte naissance", authority_id=town.pk))
    assert asked == [True]


def test_a_search_costs_the_same_whatever_it_finds(town, django_assert_max_num_queries):
    search.find("acte", authority_id=town.pk)

    for question in ("passeport", "mairie copie acte carte"):
        with django_assert_max_num_queries(3):
            search.find(question, authority_id=town.pk)
        with django_assert_max_num_queries(2):  # the texts are kept
            search.find(question, authority_id=town.pk)


def test_the_collection_number_of_another_database_is_never_taken_for_ours():
    steps = set()
    for _ in range(5):
        CollectionVersion.objects.all().delete()
        actions.collection_changed()
        steps.add(CollectionVersion.objects.get().number)

    assert len(steps) == 5


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [("naissance", "naissance", 0), ("naisance", "naissance", 1), ("passeprot", "passeport", 1),
     ("chat", "chien", 3), ("", "abc", 3)],
)  # fmt: skip
def test_distance_counts_letters_changed_added_dropped_and_swapped(one, other, far):
    assert distance(one, other, 3) == far


def test_small_words_are_left_out_unless_there_is_nothing_else():
    assert words.question_stems("Bonjour, comment avoir un acte de naissance svp ?") == [
        "acte",
        "naissanc",
    ]
    assert words.question_stems("où est-ce") == ["ou", "est", "ce"]


def test_a_passage_is_whole_sentences_around_the_words_asked():
    text = "Rien ici. " * 60 + "Le timbre coûte 25 euros. Il se paie en ligne."
    is_marked = passages.marker(["timbr"])

    quote = passages.passage(read(text), {"timbr": 5.0}, is_marked)

    assert quote == "Le timbre coûte 25 euros. Il se paie en ligne."
    assert passages.passage(read(""), {}, is_marked) == ""


def test_one_endless_sentence_is_cut_around_the_words_asked():
    text = "mot " * 300 + "timbre " + "fin " * 300
    is_marked = passages.marker(["timbr"])

    quote = passages.passage(read(text), {"timbr": 5.0}, is_marked)

    assert "timbre" in quote
    assert len(quote) <= passages.LONGEST + 2
    assert quote.startswith("…")
    assert quote.endswith("…")


def test_an_address_is_never_the_answer():
    text = "https://demarches.example/acte-naissance/\nLa copie est gratuite pour la naissance."
    is_marked = passages.marker(["naissanc"])

    assert "://" not in passages.passage(read(text), {"naissanc": 5.0}, is_marked)
