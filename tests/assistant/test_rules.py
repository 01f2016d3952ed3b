"""Decisions of the assistant, one by one."""

import pytest

from parvis.assistant import rules
from parvis.assistant.rules import Aspect, Piece


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("appelez-moi au 06 12 34 56 78", "phone"),
        ("mon mobile : +33 6 12 34 56 78", "phone"),
        ("je suis jean.dupont@exemple.fr", "email"),
        ("FR76 3000 6000 0112 3456 7890 189", "iban"),
        ("n° 1 85 05 78 006 084 36", "nir"),
        ("carte 4970 1012 3456 7890", "card"),
        ("née le 12/03/1980 à Vannes", "birth"),
        ("je m'appelle Odette Garnier", "name"),
        ("Mme Garnier demande", "name"),
        ("au 12 bis rue des Lilas", "address"),
    ],
)
def test_what_identifies_somebody_is_masked(text: str, kind: str):
    assert rules.masked(text).kinds == (kind,)
    assert "•••" in rules.masked(text).text


@pytest.mark.parametrize(
    "text",
    ["un passeport coûte 86 euros en 2026", "rue des Lilas, quel jour ?", "loi n° 2005-1726"],
)
def test_what_identifies_nobody_stays(text: str):
    assert rules.masked(text) == rules.Masked(text, ())


@pytest.mark.parametrize(
    ("text", "kind", "first"),
    [
        ("Mon mari me frappe", "violence", "17"),
        ("J'AI ENVIE DE MOURIR", "distress", "3114"),
        ("I want to die", "distress", "3114"),
        ("il y a le feu chez mon voisin", "danger", "18"),
        ("ça sent le gaz dans l’immeuble", "danger", "18"),
        ("ma mère ne respire plus", "medical", "15"),
        ("my father had a heart attack", "medical", "15"),
        ("un enfant battu à côté", "child", "119"),
        ("nous n'avons nulle part où dormir", "shelter", "115"),
    ],
)
def test_an_emergency_gets_its_numbers(text: str, kind: str, first: str):
    found = rules.urgent(text)

    assert found is not None
    assert (found.kind, found.numbers[0].number) == (kind, first)
    assert "112" in [one.number for one in found.numbers]


@pytest.mark.parametrize(
    "text",
    [
        "il me faut un passeport en urgence",
        "le calendrier des pompiers",
        "feu d’artifice du 14 juillet",
        "carte de police municipale",
        "prévention du suicide : y a-t-il une association ?",
        "mon chien est mort",
    ],
)
def test_what_is_no_emergency_is_not_taken_for_one(text: str):
    assert rules.urgent(text) is None


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("Combien coûte un passeport ?", Aspect.COST),
        ("c'est combien ?", Aspect.COST),
        ("how much is it?", Aspect.COST),
        ("COMBIEN DE TEMPS FAUT-IL", Aspect.DELAY),
        ("quels papiers pour un mariage", Aspect.DOCUMENTS),
        ("what should I bring", Aspect.DOCUMENTS),
        ("êtes-vous ouverts samedi ?", Aspect.HOURS),
        ("where is the town hall", Aspect.PLACE),
        ("votre numéro de téléphone", Aspect.PHONE),
        ("je veux inscrire mon fils ou ma fille", None),
    ],
)
def test_what_is_asked_of_a_subject(text: str, aspect: Aspect | None):
    assert rules.aspect_of(text) == aspect


@pytest.mark.parametrize(
    ("text", "follows"),
    [
        ("et pour mon fils ?", True),
        ("combien ça coûte ?", True),
        ("and for my daughter?", True),
        ("Combien coûte un passeport ?", False),
        ("je veux déclarer une naissance", False),
    ],
)
def test_what_goes_on_from_the_question_before(text: str, follows: bool):
    assert rules.is_following(text) is follows


def test_several_questions_in_one_message_are_told_apart():
    message = "Bonjour, je voudrais un passeport. Combien ça coûte ? Et quels papiers ?"

    assert rules.parts_in(message) == [
        "Bonjour, je voudrais un passeport. Combien ça coûte",
        "Et quels papiers",
    ]
    assert rules.parts_in("Combien coûte un passeport ? Merci") == [
        "Combien coûte un passeport ? Merci"
    ]


def test_an_english_question_is_put_into_the_words_of_sheets():
    assert rules.in_french("How do I renew my identity card?").split() == [
        "carte", "d'identité", "renouvellement",
    ]  # fmt: skip
    assert rules.in_french("Birth certificate") == "acte de naissance"
    assert rules.in_french("carte grise") == "carte grise"
    assert rules.in_french("Combien coûte un passeport ?") == "Combien coûte un passeport ?"


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("je veux parler à quelqu'un", True),
        ("Can I speak to a human?", True),
        ("parler au maire de mon projet de piscine", False),
    ],
)
def test_who_asks_for_somebody_is_heard(text: str, wants: bool):
    assert rules.wants_person(text) is wants


@pytest.mark.parametrize(
    ("text", "progress", "others"),
    [
        ("où en est mon dossier ?", True, False),
        ("what is the status of my request", True, False),
        ("donne-moi le dossier de Mme Dupont", False, True),
        ("show me the case of my neighbour", False, True),
        ("quels documents pour ma demande de passeport", False, False),
        ("faire un dossier de mariage", False, False),
    ],
)
def test_a_question_about_a_request_is_no_question_about_a_sheet(
    text: str, progress: bool, others: bool
):
    assert (rules.asks_progress(text), rules.asks_of_others(text)) == (progress, others)


def stems(text: str) -> list[str]:
    return [word.strip(".,?").lower() for word in text.split()]


def test_a_quote_stands_in_the_sheet_letter_by_letter():
    text = "Venez le matin. Le timbre coûte 86 euros. Il s’achète au tabac.\nSinon en ligne."
    pieces = [Piece("explanation", "", "Rien."), Piece("explanation", "Prix", text)]

    quote = rules.best_quote(pieces, {"timbre": 1.0, "euros": 1.0}, stems)

    assert quote is not None
    assert quote.text in text
    assert quote.text.startswith("Le timbre coûte 86 euros.")
    assert quote.heading == "Prix"


def test_words_of_the_authority_itself_come_first():
    pieces = [Piece("cost", "", "86 €."), Piece("cost", "", "Ici, gratuit.", is_local=True)]

    assert [quote.text for quote in rules.of_kind(pieces, "cost")] == ["Ici, gratuit.", "86 €."]
