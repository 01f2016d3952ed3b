"""Several people around a case, and those who act for somebody."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.cases import actions, queries
from parvis.cases.actions import Mandated
from parvis.cases.models import Case, Mandate
from parvis.common.errors import Refused
from tests.accounts.factories import ines
from tests.cases.factories import mandated, nadia, windows
from tests.contacts.factories import PersonFactory
from tests.support.devices import sure

pytestmark = pytest.mark.django_db
TOLD = {"first_name": "Yann", "last_name": "Le Gall", "email": "yann@aide.example"}


def client_of(agent: Any = None) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    if agent is not None:
        client.force_login(agent)
    return client


@pytest.fixture
def case() -> Case:
    return windows(now=timezone.now()).case


def page_of(made: Mandated) -> str:
    return reverse("web:tracking", args=[made.secret])


def by_person(case: Case) -> list[str]:
    return [one.name for one in queries.recipients(case, timezone.localdate())]


def test_a_representative_reads_by_a_link_of_their_own(case: Case):
    made = mandated(case)

    words = client_of().get(page_of(made)).content.decode()

    assert "You read this page as Yann Le Gall, for Odette Kerdraon" in words
    assert 'id="message"' not in words


def test_whoever_may_only_read_writes_nothing(case: Case):
    made = mandated(case)

    answer = client_of().post(
        reverse("web:tracking-message", args=[made.secret]), {"text": "Hello"}
    )

    assert answer.status_code == 403
    assert not case.entries.filter(kind="message_in").exists()


def test_whoever_may_write_is_named_in_the_story(case: Case):
    made = mandated(case, may_write=True)

    client_of().post(reverse("web:tracking-message", args=[made.secret]), {"text": "Hello"})

    [line] = [
        one
        for one in queries.timeline(case, for_person=True, on=timezone.localdate())
        if one.words == "Hello"
    ]
    assert "Yann Le Gall" in line.text


@pytest.mark.parametrize(
    ("first", "last", "opens"), [(0, None, True), (1, None, False), (-9, -1, False), (-9, 0, True)]
)
def test_the_link_opens_while_the_mandate_holds(
    case: Case, first: int, last: int | None, opens: bool
):
    today = timezone.localdate()
    made = mandated(
        case,
        first_day=today + timedelta(days=first),
        last_day=None if last is None else today + timedelta(days=last),
    )

    assert client_of().get(page_of(made)).status_code == (200 if opens else 404)


def test_a_mandate_that_ends_closes_its_link_at_once(case: Case):
    made = mandated(case)

    actions.revoke_mandate(made.mandate, now=timezone.now(), reason="She says so", agent=nadia())

    assert client_of().get(page_of(made)).status_code == 404
    with pytest.raises(Refused):
        actions.revoke_mandate(made.mandate, now=timezone.now(), reason="again", agent=nadia())
    assert Mandate.objects.get().revoked_reason == "She says so"


def test_the_person_reads_who_acts_for_them(case: Case):
    opened = windows(now=timezone.now())
    mandated(opened.case)

    words = client_of().get(reverse("web:tracking", args=[opened.secret])).content.decode()

    assert "Yann Le Gall" in words
    assert reverse("web:tracking-mandates", args=[opened.secret]) in words


@pytest.mark.parametrize(
    ("mail_to", "names"),
    [
        ("person", ["Odette Kerdraon"]),
        ("both", ["Odette Kerdraon", "Yann Le Gall"]),
        ("holder", ["Yann Le Gall"]),
    ],
)
def test_letters_go_to_whom_the_mandate_says(case: Case, mail_to: str, names: list[str]):
    made = mandated(case, mail_to=mail_to)

    assert by_person(case) == names
    actions.revoke_mandate(made.mandate, now=timezone.now(), reason="over")
    assert by_person(case) == ["Odette Kerdraon"]


def test_letters_come_back_to_the_person_when_the_mandate_is_over(case: Case):
    yesterday = timezone.localdate() - timedelta(days=1)
    mandated(case, mail_to="holder", first_day=yesterday, last_day=yesterday)

    assert by_person(case) == ["Odette Kerdraon"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "nobody"},
        {"proof": "hearsay"},
        {"mail_to": "everybody"},
        {"kind": "guardian", "proof": "signed"},
        {"last_day": date(2000, 1, 1)},
    ],
)
def test_a_mandate_says_who_how_far_and_what_was_seen(case: Case, wrong: dict[str, Any]):
    with pytest.raises(Refused):
        mandated(case, **wrong)


def test_nobody_represents_themselves_or_somebody_unknown(case: Case):
    terms = actions.Terms("family", "present", timezone.localdate())
    nameless = windows(now=timezone.now()).case
    nameless.person = None

    for one, holder in ((case, case.person), (nameless, PersonFactory.create())):
        assert holder is not None
        with pytest.raises(Refused):
            actions.give_mandate(one, holder=holder, terms=terms, agent=nadia(), now=timezone.now())


def test_several_people_take_part_once_each(case: Case):
    other = PersonFactory.create(first_name="Yves", email="yves@example.org", phone="")

    row = actions.add_party(case, person=other, part="applicant", agent=nadia(), now=timezone.now())
    with pytest.raises(Refused):
        actions.add_party(case, person=other, part="concerned", agent=nadia(), now=timezone.now())
    assert queries.search(nadia(), "yves@example.org") == [case]
    actions.end_party(row, agent=nadia(), now=timezone.now())
    assert queries.parties_of(case) == []


def test_a_case_is_found_by_the_name_of_whoever_acts(case: Case):
    mandated(case)

    assert queries.search(nadia(), "Le Gall") == [case]


def test_what_is_done_together_is_written_in_the_story(case: Case):
    client = client_of(nadia())
    address = reverse("cases:act", args=[case.reference, "aide"])

    client.post(address, {"text": "Filled in the form on the tax site"})

    [line] = [
        one
        for one in queries.timeline(case, for_person=True, on=timezone.localdate())
        if "form on the tax site" in one.words
    ]
    assert "together with the person" in line.text


# The page around a case


def around(case: Case) -> str:
    return reverse("cases:around", args=[case.reference])


def test_a_mandate_is_written_down_and_its_link_shown_once(case: Case):
    client = client_of(nadia())
    given = {
        **TOLD, "kind": "helper", "mail_to": "both", "proof": "signed",
        "first_day": timezone.localdate().isoformat(),
    }  # fmt: skip

    answer = client.post(reverse("cases:mandate", args=[case.reference]), given, follow=True)
    elsewhere = client_of(ines())

    address = answer.context["new_link"]["address"]
    secret = address.rstrip("/").rsplit("/", 1)[1]
    assert queries.by_secret(secret, timezone.now()) == case
    assert secret not in elsewhere.get(around(case)).content.decode()
    assert secret not in str(list(Mandate.objects.values()))


def test_wrong_details_keep_what_was_typed_and_open_their_form(case: Case):
    client = client_of(nadia())
    given = {**TOLD, "kind": "guardian", "proof": "signed", "mail_to": "person",
             "first_day": "2026-11-24"}  # fmt: skip

    refused = client.post(reverse("cases:mandate", args=[case.reference]), given)
    incomplete = client.post(reverse("cases:party", args=[case.reference]), TOLD)

    assert (refused.status_code, incomplete.status_code) == (409, 422)
    assert "yann@aide.example" in refused.content.decode()
    assert "<details open" in " ".join(incomplete.content.decode().split())


def test_two_cases_are_put_together_and_taken_apart_on_the_page():
    person, now = PersonFactory.create(), timezone.now()
    kept = windows(person=person, now=now).case
    other = windows(person=person, now=now).case
    client = client_of(nadia())

    proposed = client.get(around(kept)).content.decode()
    data = {"reference": other.reference, "how": "merge", "reason": "asked twice"}
    joined = client.post(reverse("cases:join", args=[kept.reference]), data, follow=True)
    [(part, _law)] = joined.context["parts"]
    apart = reverse("cases:apart", args=[kept.reference, part.merge.pk])
    client.post(apart, {"reason": "two houses"})

    assert "Perhaps the same request twice" in proposed
    other.refresh_from_db()
    assert (other.state, other.merged_into) == ("open", None)


@pytest.mark.parametrize(
    "data",
    [
        {"reference": "nothing", "how": "merge", "reason": "x"},
        {"reference": "", "how": "related"},
        {"how": "merge", "reason": ""},
    ],
)
def test_a_code_that_leads_nowhere_is_told_kindly(case: Case, data: dict[str, str]):
    sent = {"reference": case.reference, **data}

    answer = client_of(nadia()).post(reverse("cases:join", args=[case.reference]), sent)

    assert answer.status_code == 422


@pytest.mark.parametrize("rows", [1, 20])
def test_the_page_costs_the_same_however_many_belong_to_it(
    rows: int, django_assert_max_num_queries: Any
):
    case = windows(now=timezone.now()).case
    for n in range(rows):
        other = PersonFactory.create(last_name=f"N{n}", email=f"n{n}@example.org", phone="")
        actions.add_party(case, person=other, part="concerned", agent=nadia(), now=timezone.now())
        theirs = windows(now=timezone.now(), person=other).case
        actions.link(case, to=theirs, kind="household", agent=nadia(), now=timezone.now())
    client = client_of(nadia())
    client.get(around(case))

    with django_assert_max_num_queries(20):
        client.get(around(case))


def test_the_person_ends_a_mandate_once_it_is_sure_that_it_is_them():
    opened = windows(now=timezone.now())
    made, address = mandated(opened.case), reverse("web:tracking-mandates", args=[opened.secret])
    client, data = client_of(), {"mandate": made.mandate.pk, "reason": "I see to it myself"}

    locked = client.post(address, data)
    assert locked.headers["Location"].endswith("/code/?suite=mandats")
    assert client_of().get(page_of(made)).status_code == 200

    sure(client, opened.case)
    assert "End this mandate" in client.get(address).content.decode()
    assert client.post(address, data).headers["Location"] == address

    made.mandate.refresh_from_db()
    assert made.mandate.revoked_reason == "I see to it myself"
    assert client_of().get(page_of(made)).status_code == 404


def test_what_a_court_decided_is_not_ended_on_the_page():
    opened = windows(now=timezone.now())
    made = mandated(opened.case, kind="guardian", proof="court")
    client, address = client_of(), reverse("web:tracking-mandates", args=[opened.secret])
    sure(client, opened.case)

    answer = client.post(address, {"mandate": made.mandate.pk, "reason": "No more"})

    words = answer.content.decode()
    assert answer.status_code == 409
    assert "only the court ends it" in words
    assert "End this mandate" not in words
    assert Mandate.objects.get().revoked_at is None


def test_nobody_ends_a_mandate_of_another_request_or_as_its_holder(case: Case):
    opened = windows(now=timezone.now())
    other, client = mandated(case), client_of()
    sure(client, opened.case)
    sure(client, case)

    for secret in (opened.secret, other.secret):
        address = reverse("web:tracking-mandates", args=[secret])
        assert client.post(address, {"mandate": other.mandate.pk}).status_code == 404
    assert Mandate.objects.get().revoked_at is None
