from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.accounts.models import Absence
from parvis.cases.models import Case, Procedure, ProcedureTopic
from parvis.organisations.models import Topic
from tests.accounts.factories import AgentFactory
from tests.cases.factories import facade_protocol
from tests.interop.conftest import Api


@pytest.fixture
def referent(topic: Topic) -> Any:
    return AgentFactory(
        username="lena.marzin",
        roles=["REF"],
        service=topic.service,
        entry__first_name="Léna",
        entry__last_name="Marzin",
    )


@pytest.fixture
def case(api: Api, topic: Topic, referent: Any) -> dict[str, Any]:
    answer = api.post(
        "cases",
        {
            "topic": str(topic.id),
            "channel": "desk",
            "description": "Une copie intégrale de l’acte de naissance de ma mère.",
            "person": {"first_name": "Jeanne", "last_name": "Tessandier"},
        },
    )
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_a_case_has_a_service_a_person_and_a_link(case: dict[str, Any], topic: Topic):
    assert case["service"]["name"] == topic.service.name
    assert case["referent"]["name"] == "Léna Marzin"
    assert case["receipt"]["service"]
    assert len(case["tracking_url"].rstrip("/").rsplit("/", 1)[1]) >= 22
    assert case["silence"] is None


def test_what_silence_means_is_told_with_its_date(api: Api, topic: Topic, referent: Any):
    rule = Procedure.objects.create(
        authority=topic.authority, name="Copie d’acte", silence="rejection", months=1
    )
    ProcedureTopic.objects.create(procedure=rule, topic=topic)

    answer = api.post(
        "cases",
        {
            "topic": str(topic.id),
            "channel": "post",
            "description": "Une copie d’acte.",
            "person": {"last_name": "Tessandier"},
            "received_on": "2026-01-31",
        },
    )

    assert answer.json()["silence"] == {"meaning": "rejection", "date": "2026-02-28"}


def test_the_secret_is_kept_as_a_hash_only(case: dict[str, Any]):
    secret = case["tracking_url"].rstrip("/").rsplit("/", 1)[1]

    stored = Case.objects.values_list("secret_hash", flat=True).get()

    assert secret not in stored
    assert len(stored) == 64


def test_what_a_program_wrote_has_a_name_for_colleagues_and_for_the_person(
    api: Api, case: dict[str, Any], client: Client
):
    api.post(f"cases/{case['reference']}/messages", {"text": "Il manque une pièce."})

    story = api.get(f"cases/{case['reference']}").json()["entries"]
    page = client.get(case["tracking_url"]).content.decode()

    assert {line["author"] for line in story} <= {"test", "Léna Marzin", ""}
    assert "<strong>Sainte-Orvanne</strong>" in page
    assert "api.orvanne." not in page


def test_the_story_of_a_case(api: Api, case: dict[str, Any]):
    path = f"cases/{case['reference']}"
    api.post(f"{path}/messages", {"text": "Il manque une pièce."})
    api.post(f"{path}/notes", {"text": "Vérifier l’identité.", "reason": "contrôle en cours"})
    api.post(f"{path}/close", {"text": "C’est prêt."})
    reopened = api.post(f"{path}/reopen", {"text": "Le nom est faux."})

    story = api.get(path).json()

    assert reopened.json()["state"] == "open"
    assert "Il manque une pièce." in [entry["text"] for entry in story["entries"]]
    note = next(entry for entry in story["entries"] if entry["internal"])
    assert note["internal_reason"] == "contrôle en cours"


def test_a_note_needs_its_reason(api: Api, case: dict[str, Any]):
    answer = api.post(f"cases/{case['reference']}/notes", {"text": "x", "reason": ""})

    assert answer.status_code == 422


def test_a_reference_may_be_typed_as_people_do(api: Api, case: dict[str, Any]):
    typed = case["reference"].lower().replace("-", " ")

    assert api.get(f"cases/{typed}").json()["reference"] == case["reference"]


PARTS = {"promised": "Une réponse", "next_step": "Relire", "by_when": "2099-01-01"}


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("messages", {"text": "x"}),
        ("notes", {"text": "x", "reason": "y"}),
        ("handover", {"referent": "1", "note": "x", **PARTS}),
        ("handover/accept", {}),
        ("handover/return", {"reason": "x"}),
        ("steps", {"protocol": "P-001", "step": 1}),
        ("forward", {"authority": "x", "reason": "y"}),
        ("close", {"text": "x"}),
        ("reopen", {"text": "x"}),
        ("thanks", {}),
    ],
)
def test_a_case_of_another_authority_is_not_found(
    foreign_api: Api, case: dict[str, Any], call: str, body: dict[str, Any]
):
    before = Case.objects.values().get()

    answer = foreign_api.post(f"cases/{case['reference']}/{call}", body)

    assert answer.status_code == 404
    assert foreign_api.get(f"cases/{case['reference']}").status_code == 404
    assert Case.objects.values().get() == before


def test_thanks_reach_those_who_acted(api: Api, case: dict[str, Any], referent: Any):
    path = f"cases/{case['reference']}"
    api.post(f"{path}/messages", {"text": "C’est prêt."})

    answer = api.post(f"{path}/thanks", {"words": "Merci !"})
    assert answer.status_code == 201
    assert answer.json()["words"] == "Merci !"


def colleague_of(case: dict[str, Any]) -> Any:
    found = Case.objects.get(reference=case["reference"].replace("-", ""))
    return AgentFactory.create(
        username="second.referent",
        authority=found.authority,
        service=found.service,
        entry__first_name="Bruno",
        entry__last_name="Delcourt",
        roles=["REF"],
    )


def test_a_handover_waits_for_the_colleague_and_is_then_settled(api: Api, case: dict[str, Any]):
    path, second = f"cases/{case['reference']}", colleague_of(case)
    body = {"referent": str(second.pk), "note": "Holidays", **PARTS}

    offered = api.post(f"{path}/handover", body).json()
    accepted = api.post(f"{path}/handover/accept", {}).json()

    assert offered["referent"]["name"] != "Bruno Delcourt"
    assert (offered["handover"]["to"]["name"], offered["handover"]["next_step"]) == (
        "Bruno Delcourt",
        "Relire",
    )
    assert (accepted["referent"]["name"], accepted["handover"]) == ("Bruno Delcourt", None)


def test_a_handover_without_its_parts_is_refused_and_one_given_back_changes_nothing(
    api: Api, case: dict[str, Any]
):
    path, second = f"cases/{case['reference']}", colleague_of(case)
    body = {"referent": str(second.pk), "note": "Holidays"}

    assert api.post(f"{path}/handover", body).status_code == 422
    api.post(f"{path}/handover", {**body, **PARTS})
    back = api.post(f"{path}/handover/return", {"reason": "Away"}).json()

    assert back["handover"] is None
    assert back["referent"]["name"] != "Bruno Delcourt"
    assert api.post(f"{path}/handover/accept", {}).status_code == 409


def test_the_contact_of_today_is_told_with_who_is_away(api: Api, case: dict[str, Any]):
    found = Case.objects.get(reference=case["reference"].replace("-", ""))
    today = timezone.localdate()
    Absence.objects.create(
        agent=found.referent, deputy=colleague_of(case), first_day=today, last_day=today
    )

    contact = api.get(f"cases/{case['reference']}").json()["contact"]

    assert (contact["name"], contact["stands_in"]) == ("Bruno Delcourt", True)
    assert contact["away_until"] == today.isoformat()


def test_a_step_is_ticked_with_the_version_of_the_sheet(api: Api, case: dict[str, Any]):
    found = Case.objects.get(reference=case["reference"].replace("-", ""))
    facade_protocol(found.topic)
    path = f"cases/{case['reference']}/steps"

    answer = api.post(path, {"protocol": "P-001", "step": 1, "cause": "time"})

    [step] = answer.json()["steps"]
    assert (step["protocol"], step["version"], step["otherwise"]) == ("P-001", 1, "time")
    assert api.post(path, {"protocol": "P-9", "step": 1}).status_code == 404


def test_what_refuses_is_not_closed_without_its_law_and_facts(api: Api, case: dict[str, Any]):
    path = f"cases/{case['reference']}"

    answer = api.post(f"{path}/close", {"text": "Non.", "outcome": "refuses"})

    assert answer.status_code == 409
    assert Case.objects.get().state == "open"
