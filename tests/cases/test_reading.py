"""No silo, and no curiosity: who reads a case, who has to say why, and who is told of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.cases import actions, queries, rules
from parvis.cases.models import Case, CaseRead
from parvis.common.errors import Refused
from tests.accounts.factories import AgentFactory, ines, marc, rozenn
from tests.cases.factories import NOON, bruno, nadia, note, said_why, windows, works

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def signed_in(agent: Any) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(agent)
    return client


@pytest.fixture
def case() -> Case:
    return windows(now=timezone.now()).case


def page_of(case: Case) -> str:
    return reverse("cases:case", args=[case.reference])


def why_of(case: Case) -> str:
    return reverse("cases:why", args=[case.reference])


def test_a_colleague_of_the_service_reads_without_a_question(case: Case):
    words = signed_in(bruno()).get(page_of(case)).content.decode()

    assert "six fenêtres sur la rue" in words
    assert CaseRead.objects.get(agent=bruno()).is_outside is False


def test_a_colleague_of_another_service_says_why_first(case: Case):
    client = signed_in(ines())

    before = client.get(page_of(case)).content.decode()
    answer = client.post(why_of(case), {"reason": "here", "words": ""}, follow=True)

    assert "Why do you open this case?" in before
    for hidden in ("fenêtres", "Odette"):
        assert hidden not in before
    assert "six fenêtres sur la rue" in answer.content.decode()


def test_the_question_leads_back_to_the_page_that_was_asked_for(case: Case):
    client = signed_in(ines())
    wanted = page_of(case) + "?act=note"

    asked = client.get(wanted)
    answer = client.post(why_of(case), {"reason": "letter", "next": asked.context["next"]})

    assert answer.headers["Location"] == wanted


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 422),
        ({"reason": "nosy"}, 422),
        ({"reason": "safety", "words": "a" * 30}, 422),
        ({"reason": "other", "words": "x"}, 422),
        ({"reason": "other", "words": "the mayor asked for the file"}, 302),
    ],
)
def test_a_reason_is_one_of_the_list_or_said_in_words(
    case: Case, given: dict[str, str], status: int
):
    answer = signed_in(ines()).post(why_of(case), given)

    assert answer.status_code == status
    assert CaseRead.objects.filter(is_outside=True).count() == (status == 302)


def test_another_authority_is_not_even_asked(case: Case):
    assert signed_in(rozenn()).post(why_of(case), {"reason": "here"}).status_code == 404


def test_acting_from_outside_without_a_reason_asks_and_keeps_what_was_typed(case: Case):
    address = reverse("cases:act", args=[case.reference, "note"])

    answer = signed_in(ines()).post(address, {"text": "They called again", "reason": ""})

    assert answer.status_code == 409
    assert "They called again" in answer.content.decode()
    assert not case.entries.filter(kind="note").exists()


def test_every_entitled_colleague_acts_once_the_reason_is_said(case: Case):
    client = signed_in(said_why(ines(), case))

    answer = client.post(
        reverse("cases:act", args=[case.reference, "note"]), {"text": "Called", "reason": ""}
    )

    assert answer.status_code == 302
    assert case.entries.filter(kind="note", agent=ines()).exists()


@pytest.mark.parametrize(
    ("ago", "acting", "holds"),
    [
        (timedelta(minutes=59), False, True),
        (HOUR, False, False),
        (HOUR, True, True),
        (8 * HOUR, True, False),
    ],
)
def test_a_reason_holds_for_the_visit_and_a_little_longer_for_writing(
    ago: timedelta, acting: bool, holds: bool
):
    assert rules.reason_holds(NOON - ago, NOON, acting=acting) is holds


def test_each_reason_after_its_hour_is_a_reading_of_its_own(case: Case):
    early = timezone.now() - 2 * HOUR
    said_why(ines(), case, now=early)

    assert queries.needs_reason(case, ines(), timezone.now())
    said_why(ines(), case)
    assert len(queries.outside_readings(case)) == 2


def test_whoever_wrote_the_request_down_reads_it_without_a_question():
    nadia()
    agent = ines()
    opened = windows(agent=agent, now=timezone.now())

    assert not queries.needs_reason(opened.case, agent, timezone.now())
    assert queries.needs_reason(opened.case, agent, timezone.now() + HOUR)
    assert queries.told_readings(opened.case) == []


def test_readings_within_the_service_are_kept_once_a_day(case: Case):
    for _n in range(3):
        actions.record_reading(case, agent=bruno(), now=timezone.now())

    assert CaseRead.objects.filter(agent=bruno()).count() == 1


def test_readings_stand_on_the_page_of_the_case_for_all_who_read_it(case: Case):
    said_why(ines(), case)

    for reader in (nadia(), bruno(), said_why(marc(), case)):
        words = signed_in(reader).get(page_of(case)).content.decode()
        assert "Inès Rollin" in words
        assert "the person is here or on the telephone" in words


def test_the_person_reads_who_read_and_what_for(client: Client):
    opened = windows(now=timezone.now())
    actions.say_why(
        opened.case, agent=ines(), now=timezone.now(), reason="other", words="the key was lost"
    )
    client.cookies["django_language"] = "en"

    words = client.get(reverse("web:tracking", args=[opened.secret])).content.decode()

    assert f"Read by {ines().service.label}" in " ".join(words.split())
    assert "the key was lost" in words
    assert "Inès Rollin" not in words


def test_nobody_changes_or_deletes_a_reading(case: Case):
    said_why(ines(), case)

    for change in (
        lambda: CaseRead.objects.update(reason="check"),
        lambda: CaseRead.objects.all()._raw_delete(CaseRead.objects.db),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    "values",
    [
        {"is_outside": True, "reason": ""},
        {"is_outside": False, "reason": "here"},
        {"is_outside": True, "reason": "other", "words": ""},
    ],
)
def test_the_database_refuses_a_reading_without_its_reason(case: Case, values: dict[str, Any]):
    row = CaseRead(
        authority=case.authority, case=case, agent=ines(), at=NOON, day=NOON.date(), **values
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_lists_and_the_box_of_the_desk_say_where_a_case_is_and_no_more(case: Case):
    client = signed_in(ines())

    listed = client.get("/agent/dossiers/", {"q": "Kerdraon"}).content.decode()
    found = client.get("/agent/dossiers/", {"q": case.reference}).content.decode()

    for words in (listed, found):
        assert case.reference in words.replace("-", "")
        assert "fenêtres" not in words


def test_booking_about_a_case_asks_why_first(case: Case):
    address = reverse("appointments:book") + f"?dossier={case.reference}"

    answer = signed_in(ines()).get(address)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(page_of(case))


def test_a_colleague_takes_over_within_the_service_with_its_trace(case: Case):
    said = note("Nadia is ill", timezone.localdate() + timedelta(days=9))
    actions.hand_over(case, agent=bruno(), now=timezone.now(), referent=bruno(), note=said)

    assert case.referent == bruno()
    assert case.entries.filter(kind="handed_over", agent=bruno()).exists()


def test_a_reason_does_not_open_a_sealed_case(case: Case):
    case.service.is_sensitive = True
    case.service.save(update_fields=["is_sensitive"])

    assert signed_in(ines()).post(why_of(case), {"reason": "here"}).status_code == 404
    with pytest.raises(Refused):
        actions.say_why(case, agent=ines(), now=NOON, reason="here")


# Hidden notes cannot exist


def test_every_line_is_read_by_every_colleague_of_the_service(case: Case):
    for n, (agent, reason) in enumerate([(nadia(), ""), (nadia(), "a third party"), (bruno(), "")]):
        actions.add_note(
            case,
            agent=agent,
            now=timezone.now(),
            text=f"note {n}",
            reason=reason,
            shared=not reason,
        )
    newcomer = AgentFactory.create(username="new", roles=["REF"], service=case.service)

    for reader in (nadia(), bruno(), newcomer):
        words = signed_in(reader).get(page_of(case)).content.decode()
        assert all(f"note {n}" in words for n in range(3))


def test_no_column_could_hide_a_line_from_a_colleague():
    known = {
        "id", "case", "at", "kind", "agent", "service", "text", "is_internal", "internal_reason",
        "data", "files",
    }  # fmt: skip
    entry = Case._meta.get_field("entries").related_model
    columns = {field.name for field in entry._meta.get_fields()}

    assert columns <= known, "who may read a line is decided for the case, never line by line"


def test_no_form_of_the_case_offers_a_note_for_oneself(case: Case):
    page = signed_in(nadia()).get(page_of(case) + "?act=note")

    assert set(page.context["act_form"].fields) == {"text", "reason"}


def test_the_timeline_is_the_same_for_whoever_of_the_house_reads_it(case: Case):
    actions.add_note(case, agent=nadia(), now=NOON, text="x", reason="third party")

    lines = queries.timeline(case, for_person=False, on=NOON.date())
    assert len(lines) == case.entries.count()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_costs_the_same_whoever_read_it(rows: int, django_assert_max_num_queries: Any):
    case = windows(now=timezone.now(), topic=works()).case
    for n in range(rows):
        said_why(AgentFactory.create(username=f"a{n}", entry__last_name=f"N{n}"), case)
    client = signed_in(bruno())
    client.get(page_of(case))

    with django_assert_max_num_queries(33):
        client.get(page_of(case))
