"""A sealed case is known by its service and its telephone number, and by nothing else."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from parvis.cases import actions, queries
from parvis.cases.models import Case, CaseRead
from parvis.common.models import JournalEntry
from parvis.contacts.models import Contact
from parvis.interop.api import api as ninja
from tests.accounts.factories import AgentFactory, ines, marc
from tests.cases.factories import nadia, planning, said_why, windows
from tests.contacts.factories import PersonFactory
from tests.interop.conftest import token_of
from tests.organisations.factories import AuthorityFactory, ServiceFactory
from tests.support import canaries
from tests.support.canaries import Aviary, Page
from tests.test_permissions import ROUTES

pytestmark = pytest.mark.django_db
OUTSIDERS = ["REC", "ADV", "MGR", "REF", "LIA", "QUA", "KBE", "DIR", "ELU", "ADM", "FED", "HR"]
DANGER = {"words": "He said that he would come back tonight with a knife."}


@pytest.fixture
def aviary() -> Aviary:
    cache.clear()
    return Aviary(AuthorityFactory.create(), AuthorityFactory.create(slug="x", name="X"))


@pytest.fixture
def case(aviary: Aviary) -> Case:
    """A sealed case of which every word is a canary, late and unread so that lists want it."""
    person = PersonFactory.create(
        first_name=aviary.word("first name"),
        last_name=aviary.word("name"),
        email="zqxvoisinmail@example.org",
        address=aviary.word("address"),
    )
    now = timezone.now()
    opened = windows(
        title=aviary.word("title"), description=aviary.word("request"), person=person, now=now
    )
    actions.add_note(
        opened.case, agent=nadia(), now=now, text=aviary.word("note"), reason=aviary.word("why")
    )
    actions.write_as_person(opened.case, now=now, text=aviary.word("message"))
    Contact.objects.update(note=aviary.word("contact, note"))
    yesterday = timezone.localdate() - timedelta(days=1)
    Case.objects.update(due_on=yesterday, last_activity_at=now - timedelta(days=30))
    service = planning()
    service.is_sensitive = True
    service.save(update_fields=["is_sensitive"])
    opened.case.refresh_from_db()
    return opened.case


def outsider(*roles: str) -> Any:
    elsewhere = ServiceFactory.create(slug="culture", name="Culture")
    return AgentFactory.create(
        username="dehors", service=elsewhere, roles=list(roles), entry__last_name="Dehors"
    )


def signed_in(agent: Any) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(agent)
    return client


def agent_pages(client: Client, aviary: Aviary, case: Case) -> Iterator[Page]:
    """Every page of agents that needs no argument, searches, and the case by all its addresses."""
    plain = [route for route in ROUTES if route.access != "public" and "get" in route.methods]
    for route in plain:
        if route.ours.__name__ == "nothing":
            yield canaries.get(client, reverse(route.name) + route.query)
    words = [*aviary.neighbours(), case.reference, "zqxvoisinmail@example.org", "fiche"]
    for word in words:
        for address in ("/agent/dossiers/", "/agent/poste/", "/agent/fiches/", "/agent/contacts/"):
            yield canaries.get(client, f"{address}?q={word}")
    for what in ("tickets", "contacts", "questions", "cases", "transmissions"):
        for name in ("quality:rows", "quality:export"):
            yield canaries.get(client, f"{reverse(name)}?rows={what}")
    contact = Contact.objects.get()
    yield canaries.get(client, reverse("contacts:contact", args=[contact.pk]))
    yield canaries.get(client, reverse("cases:open") + f"?contact={contact.pk}")
    yield canaries.get(client, reverse("appointments:book") + f"?dossier={case.reference}")
    for end in ("", "?act=note", "bulletin/"):
        yield canaries.get(client, reverse("cases:case", args=[case.reference]) + end)
    for end in ("motif/", "lien/", "accuse/", "note/", "danger/"):
        response = client.post(reverse("cases:case", args=[case.reference]) + end, {"text": "x"})
        yield Page(end, response.status_code, response.content, str(dict(response.headers)))


def test_no_page_of_agents_shows_outsiders_more_than_the_stub(aviary: Aviary, case: Case):
    pages = list(agent_pages(signed_in(outsider(*OUTSIDERS)), aviary, case))

    assert canaries.leaks(pages, aviary) == []
    assert sum(page.status == 200 for page in pages) > len(pages) / 2
    # Its code stands only where somebody typed it.
    code = case.reference
    asked = [page for page in pages if code not in page.where and page.where.startswith("/")]
    words = [page.where for page in asked if written(page) & {code, f"{code[:4]}-{code[4:]}"}]
    assert words == []


def written(page: Page) -> set[str]:
    return set(re.findall(r"[A-Z0-9-]{8,9}", page.body.decode("utf-8", "replace")))


def test_nothing_is_counted_for_outsiders(case: Case):
    words = signed_in(outsider("MGR")).get(reverse("quality:today")).content.decode()

    assert planning().label not in words


def test_the_officer_reads_who_read_and_no_word_of_the_case(aviary: Aviary, case: Case):
    actions.record_reading(case, agent=nadia(), now=timezone.now())
    client = signed_in(outsider("DPO"))

    pages = [
        canaries.get(client, reverse("cases:access") + "?everybody=on"),
        canaries.get(client, reverse("cases:access-export") + "?everybody=on"),
    ]

    assert canaries.leaks(pages, aviary) == []
    assert all(b"Nadia" in page.body for page in pages)


@pytest.mark.parametrize("role", ["MGR", "REF"])
def test_no_program_reads_a_sealed_case(aviary: Aviary, case: Case, role: str):
    client = Client(headers={"Authorization": f"Bearer {token_of('orvanne', 'S', role=role)}"})
    calls = [p for p, m in ninja.get_openapi_schema()["paths"].items() if "get" in m]

    pages = [
        canaries.get(client, "/".join(case.reference if "{ref" in part else "1" if "{" in part
                                      else part for part in path.split("/")))
        for path in calls
    ]  # fmt: skip

    assert canaries.leaks(pages, aviary) == []
    [answer] = [page for page in pages if page.where.endswith(f"cases/{case.reference}")]
    assert answer.status in (403, 404)


def test_its_own_service_reads_and_acts(case: Case):
    words = signed_in(nadia()).get(reverse("cases:case", args=[case.reference])).content.decode()

    assert "zqxcanari" in words


def test_the_log_of_contacts_keeps_those_of_a_sensitive_service_for_itself(case: Case):
    contact = Contact.objects.get()
    assert contact.agent == nadia()

    assert Contact.objects.visible_to(nadia()).filter(pk=contact.pk).exists()
    for other in (ines(), marc(), outsider("QUA")):
        assert not Contact.objects.visible_to(other).filter(pk=contact.pk).exists()


# When somebody is in danger


def test_the_head_of_reception_breaks_the_seal_and_the_officer_is_told(case: Case):
    officer = AgentFactory.create(
        username="dpo", roles=["DPO"], email="dpo@orvanne.example", entry__last_name="Officer"
    )
    head = outsider("MGR")
    before = DBTaskResult.objects.count()

    address = reverse("cases:danger", args=[case.reference])
    answer = signed_in(head).post(address, DANGER, follow=True)

    words = answer.content.decode()
    assert "zqxcanari" in words
    assert "somebody is in danger" in words
    assert 'name="text"' not in words, "to read, never to act"
    assert CaseRead.objects.get(reason="safety").words == DANGER["words"]
    assert JournalEntry.objects.filter(verb="cases.seal_broken").exists()
    mails = [row.args_kwargs["args"] for row in DBTaskResult.objects.order_by("enqueued_at")]
    assert {args[0] for args in mails[before:]} == {officer.email, planning().email}
    assert "zqxcanari" not in str(mails[before:])


def test_the_seal_closes_again_by_itself(case: Case):
    head, now = outsider("MGR"), timezone.now()
    actions.break_seal(case, agent=head, now=now - timedelta(minutes=31), **DANGER)

    assert queries.opened_in_danger(head, case.reference, now) is None
    page = signed_in(head).get(reverse("cases:case", args=[case.reference])).content.decode()
    assert "zqxcanari" not in page


def test_a_broken_seal_lets_nobody_act(case: Case):
    head = outsider("MGR")
    actions.break_seal(case, agent=head, now=timezone.now(), **DANGER)

    address = reverse("cases:act", args=[case.reference, "note"])
    assert signed_in(head).post(address, {"text": "x", "reason": ""}).status_code == 404


def test_a_seal_is_not_broken_without_words_nor_by_others(case: Case):
    address = reverse("cases:danger", args=[case.reference])

    assert signed_in(outsider("MGR")).post(address, {"words": "please"}).status_code == 422
    assert signed_in(ines()).post(address, DANGER).status_code == 403
    assert not CaseRead.objects.filter(reason="safety").exists()


# The log of readings


@pytest.mark.parametrize("rows", [1, 40])
def test_the_log_costs_the_same_whatever_its_length(rows: int, django_assert_max_num_queries: Any):
    reader = ines()
    for _n in range(rows):
        said_why(reader, windows(now=timezone.now()).case)
    client = signed_in(outsider("DPO"))
    client.get(reverse("cases:access"))

    with django_assert_max_num_queries(10):
        client.get(reverse("cases:access"))


def test_the_log_is_narrowed_by_day_reader_service_reason_and_code():
    first, second = windows(now=timezone.now()).case, windows(now=timezone.now()).case
    said_why(ines(), first)
    actions.say_why(second, agent=marc(), now=timezone.now(), reason="check")
    client = signed_in(outsider("DPO"))
    address = reverse("cases:access")

    def found(**given: Any) -> int:
        return len(client.get(address, given).context["lines"])

    assert found() == 2
    assert found(reader=ines().pk) == 1
    assert found(reason="check") == 1
    assert found(reference=first.reference) == 1
    assert found(service=planning().pk) == 2
    assert found(last="2000-01-01") == 0
    assert found(first="rubbish") == 2


def test_the_log_goes_on_by_keyset():
    reader, case = ines(), windows(now=timezone.now()).case
    for n in range(60):
        said_why(reader, case, now=timezone.now() - timedelta(hours=2 * n))
    client = signed_in(outsider("DPO"))

    page = client.get(reverse("cases:access"))
    older = client.get(reverse("cases:access") + page.context["older_url"])

    assert (len(page.context["lines"]), len(older.context["lines"])) == (50, 10)


def test_taking_the_log_away_leaves_a_line_and_tells_no_title():
    said_why(ines(), windows(now=timezone.now()).case)

    answer = signed_in(outsider("DPO")).get(reverse("cases:access-export"))

    assert JournalEntry.objects.filter(verb="cases.log_exported").count() == 1
    assert "Inès Rollin" in answer.content.decode()
    assert "fenêtres" not in answer.content.decode()
