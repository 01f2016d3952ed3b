"""Nodes, resources, redirections, dates and lists of an edition, from file to table."""

from datetime import date

import pytest

from parvis.knowledge import actions, queries
from parvis.knowledge.dila import importing
from parvis.knowledge.dila.importing import Import
from parvis.knowledge.dila.report import Report, Result
from parvis.knowledge.models import Node, Redirection, Resource, Sheet
from tests.knowledge import editions, samples
from tests.knowledge.factories import NOON, local_sheet, national_sheet
from tests.organisations.factories import AuthorityFactory

pytestmark = pytest.mark.django_db


def take(path, **options) -> Report:
    return Import(audience="particuliers", now=NOON).run(path, **options)


def tree(nodes=None) -> list[str]:
    lines = []
    for node in queries.themes() if nodes is None else nodes:
        refs = " ".join(node.placements.values_list("ref", flat=True))
        lines.append(f"{node.kind}:{node.title} {refs}".strip())
        lines += [f"  {line}" for line in tree(node.children.all())]
    return lines


def test_a_whole_edition_is_taken_and_a_second_time_changes_nothing(tmp_path):
    first = take(editions.write(tmp_path / "in"))
    second = take(tmp_path / "in")

    assert first.counts == {Result.NEW: 13, Result.CHANGED: 3, Result.EXPLAINED: 1}
    assert first.unknown == {"@futur": 4}
    assert second.counts == {Result.UNCHANGED: 16, Result.EXPLAINED: 1}
    assert not second.has_changes


def test_the_tree_has_the_order_of_the_arborescence_and_the_names_of_the_files(tmp_path):
    take(editions.write(tmp_path / "in"))

    assert tree() == [
        "theme:Se déplacer",
        "  sub_theme:Vélo",
        "    dossier:Vignette du vélo F910002 F910001",
        "theme:Loisirs",
    ]
    assert queries.node("N100").introduction == "<p>Tout pour rouler.</p>"
    assert [node.title for node in queries.node_of("F910001").above] == [
        "Se déplacer",
        "Vélo",
        "Vignette du vélo",
    ]


def test_without_an_arborescence_the_nodes_tell_the_tree(tmp_path):
    changes = {"arborescence.xml": None, "menu.xml": None}
    take(editions.write(tmp_path / "in", **changes))
    again = take(tmp_path / "in")

    assert tree() == [
        "theme:Se déplacer",
        "  sub_theme:Vélo",
        "    dossier:Vignette du vélo F910002",
        "      sub_dossier:Demander F910001",
    ]
    assert not again.has_changes


def test_the_menu_alone_gives_the_order_of_the_themes(tmp_path):
    take(editions.write(tmp_path / "in", **{"arborescence.xml": None}))
    again = take(tmp_path / "in")

    assert tree()[0] == "theme:Loisirs"
    assert not again.has_changes


def test_a_node_that_leaves_the_tree_goes(tmp_path):
    take(editions.write(tmp_path / "in"))
    smaller = editions.ARBORESCENCE.replace("Loisirs", "Jeux").replace("N200", "N201")
    take(editions.write(tmp_path / "in", **{"arborescence.xml": smaller}))

    assert tree()[-1] == "theme:Jeux"
    assert not Node.objects.filter(ref="N200").exists()


def test_a_form_tells_its_number_its_notice_and_its_cost(tmp_path):
    take(editions.write(tmp_path / "in"))

    form = queries.resource("R50")

    assert (form.kind, form.title) == ("form", "Demande de vignette vélo")
    assert form.address == "https://exemple.fr/vignette.pdf"
    assert form.facts["number"] == "99001*02"
    assert form.facts["cost"] == "Gratuit"
    assert form.facts["notices"] == [
        {"title": "Notice de la vignette", "address": "https://exemple.fr/notice.pdf"}
    ]
    assert form.facts["others"] == [{"title": "Durée", "words": "Dix minutes"}]
    assert form.facts["linked"] == [{"ref": "F910001", "title": "Vignette vélo"}]
    assert form.html == "<p>À remplir au stylo noir.</p>"
    for duty in ("Service-Public.gouv.fr / DILA", "Licence Ouverte 2.0", "R50.xml", "2026-03-02"):
        assert duty in form.source_note


def test_words_amounts_and_services_are_told_apart(tmp_path):
    take(editions.write(tmp_path / "in"))

    kinds = dict(Resource.objects.values_list("ref", "kind"))
    assert kinds["R60"] == "word"
    assert kinds["R61"] == "acronym"
    assert kinds["R70"] == kinds["R71"] == "value"
    assert kinds["R80"] == "service"
    assert kinds["R55"] == "simulator"
    assert kinds["R3"] == "office"
    assert queries.resource("R70").history == [
        {"value": "120 €", "since": "2026-01-01", "until": ""},
        {"value": "100 €", "since": "2024-01-01", "until": "2025-12-31"},
    ]
    assert not queries.resource("R80").is_available
    assert queries.pivot_names() == {"caf": "Caisse d'allocations familiales"}
    assert [word.ref for word in queries.glossary()] == ["R61", "R60"]


def test_an_older_file_never_replaces_a_newer_resource(tmp_path):
    take(editions.write(tmp_path / "in"))
    old = editions.resource("R60", "Définition de glossaire", "Vieux", modified="2020-01-01")

    report = take(editions.write(tmp_path / "in", **{"R60.xml": old}))

    assert report.counts[Result.OLDER] == 1
    assert queries.resource("R60").title == "Vélo"


def test_dates_of_important_changes_are_written_on_the_sheets(tmp_path):
    take(editions.write(tmp_path / "in"))

    assert Sheet.objects.get(ref="F910001").important_change_on == date(2026, 2, 14)


def test_redirections_are_followed_to_their_end_and_circles_end(tmp_path):
    take(editions.write(tmp_path / "in"))
    own = AuthorityFactory.create()

    def end(ref):
        return queries.successor(ref, authority_id=own.pk)

    assert end("F900090").ref == "F910001"
    assert end("F900095").url == "https://exemple.fr/ailleurs"
    assert end("F900098") is None
    assert end("F900097") is None
    assert end("F900094") is None
    assert end("F910001") is None
    assert Redirection.objects.count() == 5


def test_an_endless_chain_ends():
    for n in range(40):
        Redirection.objects.create(from_ref=f"F{n + 1}", to_ref=f"F{n + 2}")

    assert queries.successor("F1", authority_id=0) is None


def test_an_authority_may_redirect_its_own_number_elsewhere():
    sheet = local_sheet()
    Redirection.objects.create(authority=sheet.authority, from_ref="SO-001", to_ref=sheet.ref)

    assert queries.successor("SO-001", authority_id=sheet.authority_id).ref == sheet.ref
    assert queries.successor("SO-001", authority_id=0) is None


def test_a_redirected_sheet_that_is_only_a_sign_is_a_redirection(tmp_path):
    sign = samples.publication(
        '<Texte><Paragraphe><LienInterne LienPublication="F910001" type="Fiche">Lire'
        "</LienInterne></Paragraphe></Texte>",
        ref="F900080",
        kind="Fiche redirigée",
    )
    report = take(editions.write(tmp_path / "in", **{"F900080.xml": sign}))

    assert report.is_complete
    assert queries.successor("F900080", authority_id=0).ref == "F910001"
    assert not Sheet.objects.filter(ref="F900080").exists()


def test_a_sheet_that_an_edition_no_longer_has_is_withdrawn_and_comes_back(tmp_path):
    national_sheet("F77")
    report = take(editions.write(tmp_path / "in"))

    assert [f.name for f in report.files if f.result is Result.WITHDRAWN] == ["F77"]
    assert Sheet.objects.get(ref="F77").state == Sheet.State.ARCHIVED
    assert queries.withdrawn_sheet("F77").title
    assert not take(tmp_path / "in").has_changes

    national_sheet("F77")
    assert Sheet.objects.get(ref="F77").state == Sheet.State.PUBLISHED


def test_without_the_whole_tree_nothing_is_withdrawn(tmp_path):
    national_sheet("F77")

    take(editions.write(tmp_path / "in", **{"arborescence.xml": None}))

    assert Sheet.objects.get(ref="F77").state == Sheet.State.PUBLISHED


def test_an_edition_that_lacks_most_sheets_withdraws_none(tmp_path, monkeypatch):
    monkeypatch.setattr(actions.tree, "FEW", 2)
    for n in range(6):
        national_sheet(f"F70{n}")

    report = take(editions.write(tmp_path / "in"))

    assert report.counts[Result.WITHDRAWN] == 0
    assert "F700" not in {f.name for f in report.files}
    assert any(f.name == importing.TREE and f.reason for f in report.files)
    assert Sheet.objects.filter(state=Sheet.State.ARCHIVED).count() == 0


def test_all_or_nothing_holds_for_every_kind_of_file(tmp_path):
    editions.write(tmp_path / "in", **{"R60.xml": "<broken"})

    report = take(tmp_path / "in", atomic=True)

    assert report.counts[Result.UNDONE] == 15
    assert not any(model.objects.exists() for model in (Node, Resource, Redirection, Sheet))
    editions.write(tmp_path / "in", **{"R60.xml": editions.WORD})
    assert take(tmp_path / "in", atomic=True).is_complete
    assert tree()[0] == "theme:Se déplacer"


def test_hostile_words_of_a_resource_are_harmless(tmp_path):
    hostile = editions.resource(
        "R60",
        "Définition de glossaire",
        "Mot &lt;script&gt;",
        '<Texte><Paragraphe>&lt;script&gt;x&lt;/script&gt; <LienExterne URL="javascript:a()">ici'
        '</LienExterne></Paragraphe></Texte><LienWeb URL="javascript:alert(1)"/>',
    )
    take(editions.write(tmp_path / "in", **{"R60.xml": hostile}))

    word = queries.resource("R60")
    assert "javascript:" not in word.html + word.address
    assert "<script" not in word.html
