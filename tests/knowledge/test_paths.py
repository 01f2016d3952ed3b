from parvis.knowledge import markup
from parvis.knowledge.dila import publication
from parvis.knowledge.rules import decide, documents_in, shown
from parvis.knowledge.rules.paths import MOST_QUESTIONS, Decision, evaluate
from tests.knowledge import editions, samples


def sheet(inner: str):
    xml = samples.publication(inner).encode()
    return publication.read(xml, "F900001.xml", audience="particuliers")


def words(draft, answers: dict[str, str], kind: str = "") -> str:
    decision = decide(draft.path, answers)
    kept = [b["html"] for b in draft.blocks if kind in {"", b["kind"]}]
    return markup.words("\n".join(shown(html, decision) for html in kept))


def asked(draft, answers: dict[str, str]) -> str:
    following = decide(draft.path, answers).following
    return following.question["title"] if following else ""


def test_conditions_are_true_false_or_open():
    known = {"a": True, "b": False}

    assert evaluate(["true", "a"], known) is True
    assert evaluate(["true", "x"], known) is None
    assert evaluate(["false", "b"], known) is True
    assert evaluate(["false", "x"], known) is None
    assert evaluate(["unset", "x"], known) is True
    assert evaluate(["unset", "a"], known) is False
    assert evaluate(["and", ["true", "a"], ["true", "x"]], known) is None
    assert evaluate(["and", ["true", "b"], ["true", "x"]], known) is False
    assert evaluate(["or", ["true", "a"], ["true", "x"]], known) is True
    assert evaluate(["or", ["true", "b"], ["true", "x"]], known) is None
    assert evaluate(["not", ["true", "x"]], known) is None
    assert evaluate(["not", ["true", "b"]], known) is True
    assert evaluate([], known) is True
    assert evaluate(["perhaps", "a"], known) is None


def test_without_an_answer_everything_can_be_read():
    draft = sheet(editions.QUESTIONS)

    text = words(draft, {})

    assert "Carte de l'adulte" in text
    assert "Livret de l'enfant" in text
    assert "Sur la route." in text
    assert "Répondez aux questions." in text


def test_only_the_documents_of_the_case_are_left():
    draft = sheet(editions.QUESTIONS)

    assert words(draft, {"q1": "1"}, "documents").split("\n") == [
        "Facture du vélo",
        "Carte de l'adulte",
    ]
    assert words(draft, {"q1": "2", "q2": "1"}, "documents").split("\n") == [
        "Facture du vélo",
        "Livret de l'enfant",
        "Accord des deux parents",
    ]
    assert words(draft, {"q1": "2", "q2": "2"}, "documents").split("\n") == [
        "Facture du vélo",
        "Livret de l'enfant",
        "Accord du parent",
    ]


def test_a_question_that_no_longer_matters_is_not_put():
    draft = sheet(editions.QUESTIONS)

    assert asked(draft, {}) == "Qui demande la vignette ?"
    assert asked(draft, {"q1": "1"}) == ""
    assert asked(draft, {"q1": "2"}) == "L'enfant a-t-il deux parents ?"
    assert asked(draft, {"q1": "2", "q2": "1"}) == ""


def test_the_same_question_twice_in_a_sheet_is_asked_once_and_answers_both():
    draft = sheet(editions.QUESTIONS)

    assert len(draft.path["questions"]) == 2
    assert "Sur la route." in words(draft, {"q1": "1"})
    assert "Sur la route." not in words(draft, {"q1": "2", "q2": "1"})
    assert "Sur la route." in words(draft, {"q1": "2", "q2": "2"})


def test_i_do_not_know_leaves_everything_and_is_not_asked_again():
    draft = sheet(editions.QUESTIONS)

    decision = decide(draft.path, {"q1": "0"})

    assert decision.answered[0].choice is None
    assert "Carte de l'adulte" in words(draft, {"q1": "0"})
    assert "Livret de l'enfant" in words(draft, {"q1": "0"})
    assert asked(draft, {"q1": "0", "q2": "0"}) == ""


def test_answers_that_make_no_sense_are_not_answers():
    draft = sheet(editions.QUESTIONS)

    for nonsense in ("9", "-1", "x", "", "1 or 1", "٣", "99999999"):
        decision = decide(draft.path, {"q1": nonsense, "q77": "1"})
        assert decision.answered == ()
        assert decision.hidden == frozenset()
    # An answer to a question that was not put counts for nothing.
    assert decide(draft.path, {"q1": "1", "q2": "1"}).answered[-1].key == "q1"


def test_cases_that_the_text_distinguishes_several_times_are_asked_once():
    draft = sheet(editions.CASES)

    questions = draft.path["questions"]

    assert [[c["title"] for c in q["choices"]] for q in questions] == [
        ["Vélo neuf", "Vélo d'occasion"],
        ["Vous dépendez de la Caf", "Vous dépendez de la MSA"],
    ]
    text = words(draft, {"q1": "2", "q2": "1"})
    assert "La Caf paie moitié." in text
    assert "La MSA" not in text
    assert "La Caf paie.\n" not in text
    assert "Petite." in text  # a detail of one chapter is opened there, not asked beforehand
    assert "Grande." in text


def test_documents_inside_a_situation_are_found_for_the_list():
    draft = sheet(editions.CASES)
    decision = decide(draft.path, {"q1": "2"})

    lists = [
        markup.words(found)
        for block in draft.blocks
        for found in documents_in(shown(block["html"], decision))
    ]

    assert lists == ["Pièces\nCertificat de vente"]


def test_the_chosen_case_stands_open():
    draft = sheet(editions.CASES)
    html = "".join(
        shown(b["html"], decide(draft.path, {"q1": "1", "q2": "1"})) for b in draft.blocks
    )

    assert '<details open=""><summary>Vous dépendez de la Caf</summary>' in html
    assert "data-case" not in html


def test_what_is_left_out_leaves_no_broken_html():
    html = (
        '<ul><li data-case="c1">a<br>b <strong>c</strong></li><li>d &amp; e &#39;f&#39;</li></ul>'
        '<p data-pivot="mairie">Mairie</p>'
    )

    left = shown(html, Decision(hidden=frozenset({"c1"})), place=lambda pivot: f" [{pivot}]")

    assert left == "<ul><li>d &amp; e &#39;f&#39;</li></ul><p>Mairie [mairie]</p>"


def test_an_open_part_says_for_whom_it_is():
    draft = sheet(editions.QUESTIONS)
    decision = decide(draft.path, {})
    html = "".join(shown(b["html"], decision, only_for="Pour :") for b in draft.blocks)

    assert "Livret de l&#x27;enfant <span" in html
    assert "(Pour : Un enfant)</span></li>" in html
    assert '<div><p class="pv-small pv-quiet">Pour : Un adulte</p>' in html


def test_a_path_is_never_longer_than_a_few_questions():
    chapters = "".join(
        f"<Chapitre><Titre>C{n}</Titre><BlocCas affichage='onglet'>"
        f"<Cas><Titre>A{n}</Titre><Paragraphe>a</Paragraphe></Cas>"
        f"<Cas><Titre>B{n}</Titre><Paragraphe>b</Paragraphe></Cas></BlocCas></Chapitre>"
        for n in range(12)
    )
    draft = sheet(f"<Texte>{chapters}</Texte>")
    answers = {f"q{n}": "1" for n in range(1, 13)}

    decision = decide(draft.path, answers)

    assert len(draft.path["questions"]) == 12
    assert len(decision.answered) == MOST_QUESTIONS
    assert decision.following is None


def test_branches_lead_to_other_sheets():
    draft = sheet(
        "<Problematiques><Problematique><TitreChoix><Paragraphe>Perdu</Paragraphe></TitreChoix>"
        "<Titre><Paragraphe>Où ?</Paragraphe></Titre>"
        "<Branche><Titre><Paragraphe>En France</Paragraphe></Titre>"
        '<LienInterne LienPublication="F900002" type="Fiche">Lire</LienInterne></Branche>'
        "<Branche><Titre><Paragraphe>Ailleurs</Paragraphe></Titre>"
        '<LienInterne LienPublication="F900003" type="Fiche">Lire</LienInterne></Branche>'
        "</Problematique><Problematique><TitreChoix><Paragraphe>Volé</Paragraphe></TitreChoix>"
        "</Problematique></Problematiques><Texte><Paragraphe>Mots.</Paragraphe></Texte>"
    )

    assert [c["title"] for c in draft.path["questions"][0]["choices"]] == ["Perdu", "Volé"]
    assert asked(draft, {"q1": "1"}) == "Où ?"
    assert decide(draft.path, {"q1": "1", "q2": "2"}).goes == "F900003"
    assert asked(draft, {"q1": "2"}) == ""


def test_real_sheets_ask_a_few_questions_and_leave_less_to_read(material):
    for name in ("F2883.v3.3", "F303.v3.3", "F2918.v3.4"):
        content = (material / "xml" / f"{name}.xml").read_bytes()
        draft = publication.read(content, f"{name}.xml", audience="particuliers")
        decision = decide(draft.path, {})
        whole = len(words(draft, {}))
        answers = {}
        while decision.following:
            answers[decision.following.key] = "1"
            decision = decide(draft.path, answers)
        assert 1 <= len(answers) <= MOST_QUESTIONS
        assert 200 < len(words(draft, answers)) < whole
