"""Reasons, merges, links and mandates over HTTP."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.cases.models import Case, CaseRead
from tests.cases.factories import windows
from tests.contacts.factories import PersonFactory
from tests.interop.conftest import token_of

pytestmark = pytest.mark.django_db


class Api:
    def __init__(self) -> None:
        token = token_of("orvanne", "Sainte-Orvanne", role="ADV")
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def get(self, path: str, **headers: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=headers)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self.client.post(f"/api/v1/{path}", body, content_type="application/json")


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def case() -> Case:
    return windows(now=timezone.now(), person=PersonFactory.create()).case


def test_without_a_reason_the_answer_says_who_follows_and_no_more(api: Api, case: Case):
    answer = api.get(f"cases/{case.reference}").json()

    assert answer["needs_reason"] is True
    assert answer["referent"]["name"] == "Nadia Amrani"
    assert (answer["title"], answer["description"], answer["entries"]) == ("", "", [])
    assert not CaseRead.objects.filter(is_outside=True).exists()


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("?reason=check", {}),
        ("?reason=other&words=asked by the judge", {}),
        ("", {"Parvis-Reason": "letter; the one of Monday"}),
    ],
)
def test_with_a_reason_the_case_is_read_and_the_reading_kept(
    api: Api, case: Case, query: str, headers: dict[str, str]
):
    answer = api.get(f"cases/{case.reference}{query}", **headers).json()

    assert answer["needs_reason"] is False
    assert answer["entries"]
    assert answer["readings"][0]["reason"]
    assert CaseRead.objects.filter(is_outside=True).count() == 1


def test_a_reason_that_is_none_is_refused(api: Api, case: Case):
    assert api.get(f"cases/{case.reference}?reason=nosy").status_code == 409


def test_what_lies_around_asks_for_the_reason_too(api: Api, case: Case):
    assert api.get(f"cases/{case.reference}/around").status_code == 409
    api.get(f"cases/{case.reference}?reason=check")
    assert api.get(f"cases/{case.reference}/around").status_code == 200


def test_merge_separate_and_link(api: Api, case: Case):
    other = windows(now=timezone.now(), person=case.person).case
    api.get(f"cases/{case.reference}?reason=check")
    path = f"cases/{case.reference}"

    merged = api.post(f"{path}/merge", {"other": other.reference, "reason": "twice"}).json()
    through = api.get(f"cases/{other.reference}").json()
    apart = api.post(f"{path}/separate", {"merged": other.reference, "reason": "two"}).json()
    linked = api.post(f"{path}/links", {"other": other.reference, "kind": "follows"}).json()

    assert len(merged["parts"]) == 1
    assert through["reference"].replace("-", "") == case.reference
    assert apart["parts"] == []
    assert len(linked["links"]) == 1


def test_mandates_and_people(api: Api, case: Case):
    api.get(f"cases/{case.reference}?reason=here")
    path = f"cases/{case.reference}"
    holder = {"first_name": "Yann", "last_name": "Le Gall", "email": "yann@aide.example"}

    made = api.post(
        f"{path}/mandates",
        {"holder": holder, "kind": "helper", "proof": "signed", "first_day": "2026-01-01",
         "mail_to": "holder"},
    )  # fmt: skip
    people = api.post(
        f"{path}/people", {"person": {"last_name": "Kerdraon", "first_name": "Yves"}}
    ).json()
    ended = api.post(f"{path}/mandates/{made.json()['id']}/revoke", {"reason": "over"}).json()

    assert made.status_code == 201
    assert people["parties"] == [{"name": "Yves Kerdraon", "part": "applicant"}]
    assert [one["name"] for one in people["recipients"]] == ["Yann Le Gall"]
    assert [one["holds"] for one in ended["mandates"]] == [False]
