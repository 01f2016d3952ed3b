from django.utils import timezone

from parvis.departments.models import Question
from tests.departments.factories import TEXT, answered, asked, civil_status, everybody
from tests.interop.conftest import Api, token_of
from tests.knowledge.factories import local_sheet


def test_a_question_is_asked_looked_up_and_answered(api: Api):
    everybody()
    sheet = local_sheet()

    made = api.post("questions", {"text": TEXT, "sheet": sheet.ref, "visitor_present": True})

    assert made.status_code == 201
    told = made.json()
    assert told["state"] == "asked"
    assert told["service"] == str(civil_status().pk)
    assert [one["id"] for one in api.get("questions").json()["questions"]] == [told["id"]]
    body = {"text": "Oui.", "level": "asked", "sheets": [sheet.ref]}
    done = api.post(f"questions/{told['id']}/answer", body).json()
    assert (done["state"], done["level"], done["sheets"]) == ("answered", "asked", [sheet.ref])
    assert api.get("questions").json()["questions"] == []
    assert len(api.get("questions?state=answered").json()["questions"]) == 1
    trail = api.get(f"questions/{told['id']}").json()["trail"]
    assert [row["verb"] for row in trail] == ["asked", "turned", "answered"]
    assert api.post(f"questions/{told['id']}/answer", body).status_code == 409


def test_the_same_key_asks_once(api: Api):
    everybody()
    body = {"text": TEXT, "service": str(civil_status().pk)}

    first = api.post("questions", body, key="k-1")
    again = api.post("questions", body, key="k-1")

    assert first.json() == again.json()
    assert Question.objects.count() == 1


def test_without_a_service_it_is_refused_in_words(api: Api):
    answer = api.post("questions", {"text": TEXT})

    assert answer.status_code == 422
    assert "service" in answer.json()["detail"]


def test_a_question_of_another_house_is_not_found(foreign_api: Api):
    everybody()
    question = asked(now=timezone.now())

    assert foreign_api.get(f"questions/{question.pk}").status_code == 404
    body = {"text": "Oui.", "level": "public"}
    assert foreign_api.post(f"questions/{question.pk}/answer", body).status_code == 404
    known = foreign_api.get("questions/known?q=livret%20de%20famille%20photo")
    assert known.json() == {"results": []}


def test_what_was_answered_before_is_known(api: Api):
    everybody()
    first = answered(now=timezone.now())

    found = api.get("questions/known?q=livret%20de%20famille%20photo").json()["results"]

    assert [one["answer"] for one in found] == [first.answer]


def test_a_desk_does_not_read_what_others_asked(api: Api):
    everybody()
    question = asked(now=timezone.now())
    desk = Api(token_of("orvanne", "Sainte-Orvanne", role="REC"))

    assert desk.get(f"questions/{question.pk}").status_code == 404
    assert api.get(f"questions/{question.pk}").status_code == 200


def test_taken_back(api: Api):
    everybody()
    question = asked(now=timezone.now())

    assert api.post(f"questions/{question.pk}/withdraw").json()["state"] == "withdrawn"


def test_a_list_takes_as_many_queries_as_one(api: Api, django_assert_max_num_queries):
    everybody()
    for n in range(5):
        asked(f"Et la pièce numéro {n} ?", now=timezone.now())

    with django_assert_max_num_queries(6):
        assert len(api.get("questions").json()["questions"]) == 5
