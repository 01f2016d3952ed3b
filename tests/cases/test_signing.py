from datetime import date
from typing import Any

import pytest
from django.utils import translation

from parvis.accounts.models import Agent
from parvis.cases import queries
from parvis.cases.models import Case
from parvis.cases.rules import Signed, Unsigned, unsigned
from tests.cases.factories import bruno, nadia, planning, windows

TODAY = date(2026, 11, 24)
WHOLE = Signed("Sainte-Orvanne", "Urbanisme", "Nadia Amrani", "Instructrice", "u@x.example", "02")


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def withhold(agent: Agent, reason: str = "Threats") -> None:
    entry = agent.entry
    assert entry is not None
    entry.name_policy = "service"
    entry.name_policy_reason = reason
    entry.name_policy_author = "Marc Abgrall"
    entry.name_policy_until = date(2027, 1, 31)
    entry.save()


def a_case() -> Case:
    return Case.objects.get(pk=windows().case.pk)


@pytest.mark.parametrize(
    ("emptied", "lack"),
    [
        ({"institution": " "}, Unsigned.INSTITUTION),
        ({"service": ""}, Unsigned.SERVICE),
        ({"name": "", "function": ""}, Unsigned.HIDDEN),
        ({"name": "", "somebody_follows": False}, Unsigned.CONTACT),
        ({"function": ""}, Unsigned.FUNCTION),
        ({"reply_by": ""}, Unsigned.REPLY),
        ({"phone": ""}, Unsigned.PHONE),
    ],
)
def test_whatever_is_empty_keeps_a_message_from_leaving(emptied: Any, lack: Unsigned):
    assert unsigned(Signed(**{**vars(WHOLE), **emptied})) == [lack]


def test_a_whole_signature_lacks_nothing():
    assert unsigned(WHOLE) == []


@pytest.mark.django_db
def test_a_message_names_institution_service_person_and_way_to_answer():
    signed = queries.signature(a_case(), on=TODAY)

    assert (signed.institution, signed.service) == ("Sainte-Orvanne", "Planning")
    assert (signed.name, signed.function) == ("Nadia Amrani", "Receptionist")
    assert (signed.reply_by, signed.phone) == ("urbanisme@sainte-orvanne.example", "02 61 91 00 42")
    assert (signed.lacking, signed.exception) == ((), "")


@pytest.mark.django_db
def test_a_name_withheld_for_a_reason_gives_way_to_the_service():
    withhold(nadia())

    signed = queries.signature(a_case(), on=TODAY)

    assert (signed.name, signed.function) == ("", "for the service: Planning")
    assert (signed.lacking, signed.exception) == ((), "Threats")


@pytest.mark.django_db
def test_once_the_exception_has_ended_the_name_is_back():
    withhold(nadia())

    assert queries.signature(a_case(), on=date(2027, 2, 1)).name == "Nadia Amrani"


@pytest.mark.django_db
def test_a_name_that_the_authority_withholds_without_a_reason_blocks():
    case = a_case()
    case.authority.name_policy = "service"
    case.authority.save()

    [sentence] = queries.signature(a_case(), on=TODAY).lacking

    assert "withheld without a reason" in sentence


@pytest.mark.django_db
def test_a_case_that_nobody_follows_sends_nothing():
    case = a_case()
    Case.objects.filter(pk=case.pk).update(referent=None, deputy=None)

    [sentence] = queries.signature(Case.objects.get(pk=case.pk), on=TODAY).lacking

    assert "name a referent first" in sentence


@pytest.mark.django_db
def test_the_deputy_signs_when_the_referent_has_left():
    case = a_case()
    Agent.objects.filter(pk=nadia().pk).update(is_active=False)
    withhold(bruno())

    signed = queries.signature(Case.objects.get(pk=case.pk), on=TODAY)

    assert (signed.name, signed.exception, signed.lacking) == ("", "Threats", ())


@pytest.mark.django_db
def test_without_e_mail_the_answer_goes_to_the_postal_address():
    case, office = a_case(), planning()
    office.email = ""
    office.save()

    signed = queries.signature(Case.objects.get(pk=case.pk), on=TODAY)

    assert signed.reply_by == "1, place du Parvis, 79999 Sainte-Orvanne"
