from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from parvis.cases import actions, queries
from parvis.cases.models import Case
from parvis.organisations.models import Topic
from tests.accounts.factories import AgentFactory
from tests.interop.conftest import Api


@pytest.fixture
def case(topic: Topic, settings: Any, tmp_path: Path) -> Case:
    settings.FILES = tmp_path
    AgentFactory.create(username="lena.marzin", roles=["REF"], service=topic.service)
    return actions.open_case(
        topic=topic, channel="desk", description="Une copie.", now=timezone.now()
    ).case


def say_why(api: Api, case: Case) -> None:
    assert api.get(f"cases/{case.reference}?reason=here").status_code == 200


def test_from_another_service_a_reason_comes_first(api: Api, case: Case):
    for answer in (
        api.get(f"cases/{case.reference}/documents"),
        api.post(f"cases/{case.reference}/complaints", {"words": "Nobody called."}),
    ):
        assert answer.status_code == 409


def test_documents_are_listed_and_saved(api: Api, case: Case):
    plan = b"%PDF-1.7 a plan"
    actions.attach(case, name="plan.pdf", kind="", data=plan, now=timezone.now())

    say_why(api, case)
    [told] = api.get(f"cases/{case.reference}/documents").json()["documents"]
    answer = api.get(f"cases/{case.reference}/documents/{told['id']}")

    assert (told["name"], told["from_person"]) == ("plan.pdf", True)
    assert answer.content == plan
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_call_is_promised_once(api: Api, case: Case):
    say_why(api, case)
    moment = queries.moments_to_call(case, timezone.now())[-1]
    body = {"day": str(moment.day), "part": moment.part, "phone": "06 12 34 56 78"}

    first, second = (api.post(f"cases/{case.reference}/calls", body) for _n in range(2))

    assert (first.status_code, second.status_code) == (201, 409)
    assert first.json()["state"] == "promised"


def test_a_complaint_is_passed_on_with_its_days(api: Api, case: Case):
    say_why(api, case)
    answer = api.post(f"cases/{case.reference}/complaints", {"words": "Nobody called."})

    assert answer.status_code == 201
    assert answer.json()["due_on"] > answer.json()["take_by"]


def test_another_authority_finds_nothing(foreign_api: Api, case: Case):
    for path in ("documents", "documents/1"):
        assert foreign_api.get(f"cases/{case.reference}/{path}").status_code == 404
