import pytest
from django.urls import reverse

from parvis.law import actions
from parvis.law.models import Article, Interpretation, LegalText
from tests.law.factories import NOON, article_99, editor

pytestmark = pytest.mark.django_db


@pytest.fixture
def solene(client):
    agent = editor()
    client.force_login(agent)
    return agent


def test_an_editor_enters_a_text_and_its_first_article(client, solene):
    client.post(
        reverse("law:add"),
        {"kind": "code", "short_name": "CGCT", "title": "Code général", "is_active": "on"},
    )
    text = LegalText.objects.get(short_name="CGCT")
    client.post(
        reverse("law:add-article", args=[text.pk]),
        {
            "number": "L2223-3",
            "subject": "droit à sépulture",
            "wording": "La sépulture est due.",
            "in_force_on": "2020-01-01",
        },
    )
    article = Article.objects.get(text=text)
    page = client.get(reverse("law:article", args=[article.pk])).content.decode()
    assert "La sépulture est due." in page


def test_what_was_typed_is_kept_when_the_day_is_missing(client, solene):
    article = article_99(solene)
    answer = client.post(
        reverse("law:change", args=[article.pk]),
        {"what_changed": "Gratuité", "wording": "Sans frais.", "in_force_on": ""},
    )
    assert answer.status_code == 422
    assert "Gratuité" in answer.content.decode()
    assert article.versions.count() == 1


def test_a_reading_is_rejected_only_with_a_reason(client, solene):
    row = actions.interpret(article_99(solene), words="Sans frais.", agent=solene, now=NOON)
    decide = reverse("law:decide", args=[row.pk])
    client.post(decide, {"status": "rejected"})
    assert Interpretation.objects.get().status == "debated"
    client.post(decide, {"status": "rejected", "reason": "Le tarif est voté."})
    assert Interpretation.objects.get().status == "rejected"


@pytest.mark.parametrize("count", [1, 12])
def test_a_page_costs_the_same_whatever_it_shows(
    client, solene, django_assert_max_num_queries, count
):
    for number in range(count):
        article = article_99(solene, number=str(number))
        actions.interpret(article, words=f"Lecture {number}.", agent=solene, now=NOON)
    for page, most in [
        (reverse("law:register"), 12),
        (reverse("law:text", args=[article.text_id]), 9),
        (reverse("law:article", args=[article.pk]), 12),
        (reverse("law:public"), 12),
    ]:
        with django_assert_max_num_queries(most):
            assert client.get(page).status_code == 200
