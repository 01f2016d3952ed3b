from typing import Any

from django.utils import timezone

from parvis.letters.models import IncomingPost
from tests.cases.factories import works
from tests.interop.conftest import Api
from tests.letters.factories import a_case, sent


def test_a_letter_is_registered_once_and_found(api: Api):
    today = timezone.localdate().isoformat()
    body = {"sender": "Paul Roy", "topic": str(works().pk), "received_on": today}

    first = api.post("post/incoming", body, key="k-1")
    again = api.post("post/incoming", body, key="k-1")

    assert first.status_code == 201
    assert first.json() == again.json()
    assert IncomingPost.objects.count() == 1
    found = api.get("post/incoming?q=Roy").json()["post"]
    assert [row["number"] for row in found] == [first.json()["number"]]


def test_a_letter_with_days_that_cannot_be_is_refused(api: Api):
    body = {"sender": "P", "topic": str(works().pk), "received_on": "2099-01-01"}

    assert api.post("post/incoming", body).status_code == 409


def test_the_letters_of_a_case_and_their_pdf(api: Api, settings: Any, tmp_path: Any):
    settings.FILES = tmp_path
    case = a_case()
    letter = sent(case)

    unexplained = api.get(f"cases/{case.reference}/letters").status_code
    api.get(f"cases/{case.reference}?reason=here")
    [told] = api.get(f"cases/{case.reference}/letters").json()["letters"]
    made = api.get(f"letters/{letter.pk}/pdf")

    assert unexplained == 409
    assert (told["number"], told["state"]) == ("D-2026-00001", "sent")
    assert made.content.startswith(b"%PDF")
