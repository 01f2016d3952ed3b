import pytest

from parvis.knowledge import actions, markup
from parvis.knowledge.dila import lines, publication
from parvis.knowledge.dila.draft import Broken, Explained
from tests.knowledge import samples


def read(xml: str, name: str = "F900001.xml"):
    return publication.read(xml.encode(), name, audience="particuliers")


def kinds(draft) -> list[tuple[str, str]]:
    return [(block["kind"], block["title"]) for block in draft.blocks]


def html(draft, kind: str) -> str:
    return "".join(block["html"] for block in draft.blocks if block["kind"] == kind)


def test_a_sheet_tells_its_name_its_place_and_its_origin():
    draft = read(samples.publication(samples.BODY))

    assert (draft.ref, draft.title) == ("F900001", "Chien perdu : que faire ?")
    assert draft.breadcrumb == "Loisirs > Animaux > Animal de compagnie"
    assert draft.source_url == "https://www.service-public.gouv.fr/particuliers/vosdroits/F900001"
    assert draft.reviewed_on.isoformat() == "2026-03-02"
    for duty in (
        "Service-Public.gouv.fr / DILA",
        "Licence Ouverte 2.0",
        "F900001.xml",
        "2026-03-02",
    ):
        assert duty in draft.source_note
    assert draft.short_answer == "Prévenez la mairie."
    assert draft.unknown == ("@futur",)


def test_every_part_of_a_sheet_becomes_a_block_of_its_kind():
    draft = read(samples.publication(samples.BODY))

    assert kinds(draft) == [
        ("warning", "Loi nouvelle"),
        ("explanation", ""),
        ("explanation", ""),
        ("documents", "Pièces à fournir"),
        ("cost", "Coût"),
        ("situation", "En vacances"),
        ("where", "Où s’adresser"),
        ("legal", "Textes de loi et références"),
        ("online", "Services en ligne et formulaires"),
        ("glossary", "Les mots de cette fiche"),
        ("related", "Voir aussi"),
    ]


def test_tables_with_the_accented_row_keep_heads_and_spans():
    cost = html(read(samples.publication(samples.BODY)), "cost")

    assert "<caption>Frais par jour</caption>" in cost
    assert '<thead><tr><th scope="col">Animal</th>' in cost
    assert '<th scope="row">Chien</th><td colspan="2">25 €</td>' in cost


def test_cases_within_cases_open_without_a_script():
    cost = html(read(samples.publication(samples.BODY)), "cost")

    assert '<details data-case="c1"><summary>Animal tatoué</summary>' in cost
    inner = '<details data-case="c2"><summary>À Paris</summary><p>Au 17<sup>e</sup>.</p></details>'
    assert inner in cost
    assert "<ol><li>Cherchez</li></ol>" in cost
    assert '<div class="pv-note pv-note-attention">' in cost
    assert "<h3>Réductions</h3>" in cost


def test_links_go_to_sheets_and_resources_here():
    draft = read(samples.publication(samples.BODY))

    assert html(draft, "documents").startswith(
        '<ul><li>Carte <a href="/fiches/R12/">Icad</a></li><li><p>Photo</p>'
    )
    assert '<a href="/fiches/F900002/">l&#x27;autre fiche</a>' in html(draft, "situation")
    assert '<a href="/fiches/F900003/">Peut-on adopter un chien ?</a>' in html(draft, "related")
    assert "formulaire 12345*01" in html(draft, "online")
    assert "Lieu où l&#x27;on garde &lt;les&gt; animaux" in html(draft, "glossary")


def test_unknown_elements_are_named_and_their_words_are_kept():
    draft = read(samples.publication(samples.HOSTILE))

    assert draft.unknown == ("@attr", "@futur", "Machin", "Truc")
    assert "Du nouveau en 2027" in markup.words(html(draft, "explanation"))
    assert "<Machin" in draft.raw


def test_hostile_words_of_a_file_are_harmless_in_the_version():
    draft = read(samples.publication(samples.HOSTILE))

    version = actions.wording(draft.title, draft.short_answer, draft.blocks)

    shown = "".join(block["html"] for block in version.blocks)
    assert "javascript:" not in shown
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.parametrize("schema", ["3.0", "3.3", "3.4", "3.5"])
def test_older_and_newer_schemas_are_read_alike(schema):
    newest = kinds(read(samples.publication(samples.BODY)))

    assert kinds(read(samples.publication(samples.BODY, schema=schema))) == newest


def test_bare_text_where_the_schema_wants_elements_is_read():
    inner = "<Introduction>Un mot seul.</Introduction>"
    inner += "<Texte>Encore un.<Chapitre>Sans titre</Chapitre></Texte>"

    draft = read(samples.publication(inner))

    words = markup.words("".join(block["html"] for block in draft.blocks))
    assert words.split("\n") == ["Un mot seul.", "Encore un.", "Sans titre"]
    assert draft.short_answer == "Ce qu'il faut faire."


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (samples.publication(ref="N19806", kind="Theme"), "tree"),
        (samples.publication(kind="Fiche redirigée"), "redirects"),
        ("<ServiceComplementaire ID='R1'/>", "ServiceComplementaire"),
        ("<Arborescence/>", "Arborescence"),
    ],
)
def test_files_that_are_rightly_no_sheets_are_explained(xml, words, settings):
    settings.LANGUAGE_CODE = "en"

    with pytest.raises(Explained):
        read(xml)


@pytest.mark.parametrize(
    ("content", "has_line"),
    [
        (samples.BOMB.encode(), True),
        (samples.OUTSIDE.encode(), True),
        (samples.DEEP.encode(), True),
        (b"", False),
        (b"   \n ", False),
        (samples.publication(samples.BODY).encode()[:900], True),
        (samples.publication(title="Été").encode("latin-1"), True),
        (samples.publication().replace("UTF-8", "x-klingon").encode(), False),
        (samples.publication().encode("utf-16"), True),
        (b"\x89PNG\r\n\x1a\n\0\0", True),
        (samples.publication(title="").encode(), False),
        (samples.publication(ref="../../etc").encode(), False),
    ],
    ids=[
        "bomb", "outside entity", "200,000 deep", "empty", "blank", "cut off", "latin-1 as utf-8",
        "unknown encoding", "utf-16 as utf-8", "picture", "no title", "strange reference",
    ],
)  # fmt: skip
def test_hostile_and_broken_files_are_refused_with_a_reason(content, has_line):
    with pytest.raises(Broken) as refused:
        publication.read(content, "x.xml", audience="particuliers")

    assert refused.value.reason
    assert (refused.value.line is not None) is has_line


def test_a_long_introduction_is_shortened_at_a_sentence():
    first = "La mairie délivre ce document à toute personne qui le demande au guichet, sans frais."
    words = f"{first} {'Ensuite il faut attendre. ' * 30}"

    assert publication.shortened(words).endswith("attendre.")
    assert len(publication.shortened(words)) <= publication.SHORT


def test_a_json_line_becomes_paragraphs_headings_and_lists():
    row = (
        '{"id": "F12", "title": "Titre", "text": "Réponse courte.\\n\\nQuand venir\\nIl faut :\\n'
        'un justificatif,\\net une photo.\\n\\nFin.", "theme": "A", "dossier": "C",'
        ' "source": "DILA service-public.fr, 2020-2021 edition", "url": "javascript:x"}'
    )

    draft = lines.read(row.encode(), 7)

    assert draft.short_answer == "Réponse courte."
    assert draft.blocks[0]["html"] == (
        "<h3>Quand venir</h3><p>Il faut :</p><ul><li>un justificatif,</li>"
        "<li>et une photo.</li></ul><p>Fin.</p>"
    )
    assert draft.breadcrumb == "A > C"
    assert draft.source_url == ""
    assert (draft.reviewed_on, draft.review_due_on.isoformat()) == (None, "2021-12-31")


def test_a_partial_sheet_says_so_to_the_reader_and_not_to_the_search():
    draft = lines.read(b'{"id": "F1", "title": "T", "text": "Cas un.", "partial": true}', 1)

    version = actions.wording(draft.title, draft.short_answer, draft.blocks)

    assert draft.blocks[0]["kind"] == "notice"
    assert "incomplète" in draft.blocks[0]["html"]
    assert version.text == "Cas un."


@pytest.mark.parametrize(
    "row",
    [
        b"{", b"[]", b"null", b'{"id": "F1"}', b'{"id": "F1", "title": "", "text": "x"}',
        b'{"id": "X1", "title": "t", "text": "x"}', b"\xff\xfe", b"[" * 100_000,
        b'{"id": 7, "title": "t", "text": "x"}',
    ],
)  # fmt: skip
def test_a_line_that_tells_no_sheet_is_refused_with_its_number(row):
    with pytest.raises(Broken) as refused:
        lines.read(row, 41)

    assert refused.value.line == 41
