from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.cases.models import Case, CaseRead
from parvis.letters import actions
from parvis.letters.models import IncomingPost, Letter
from tests.accounts.factories import ines, marc
from tests.cases.factories import nadia, said_why, works
from tests.letters.factories import (
    a_case,
    a_letter,
    article_99,
    claire,
    registered,
    with_clock,
)
from tests.support import pdfua

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.FILES = tmp_path


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def at_work(client: Client, agent: Any) -> Client:
    client.force_login(agent)
    return client


def today() -> str:
    return timezone.localdate().isoformat()


def test_a_letter_is_written_seen_and_sent_from_the_case(english: Client):
    case = a_case(now=timezone.now())
    page = at_work(english, nadia())
    begun = page.post(reverse("letters:begin", args=[case.reference]), {"wording": "free"})
    letter = Letter.objects.get()

    page.post(
        reverse("letters:send", args=[letter.pk]),
        {"way": "registered", "posted_on": today(), "registered_number": "1A 2"},
    )
    made = page.get(reverse("letters:pdf", args=[letter.pk]))

    assert begun.url == reverse("letters:letter", args=[letter.pk])
    assert "1A 2" in pdfua.text(made.content)
    assert b"1A 2" in page.get(reverse("letters:outgoing")).content


def test_what_is_missing_is_said_and_nothing_leaves(english: Client):
    letter = a_letter(a_case(now=timezone.now()), now=timezone.now())
    Letter.objects.filter(pk=letter.pk).update(recipient="", body="{echeance}")
    page = at_work(english, nadia())

    shown = page.get(reverse("letters:letter", args=[letter.pk])).content.decode()
    answer = page.post(
        reverse("letters:send", args=[letter.pk]), {"way": "post", "posted_on": today()}
    )

    assert "the name of the person is missing" in shown
    assert (answer.status_code, "{echeance}" in answer.content.decode()) == (409, True)
    assert Letter.objects.get().state == "draft"


def test_two_colleagues_do_not_write_over_each_other(english: Client):
    letter = a_letter(a_case(now=timezone.now()), now=timezone.now())
    words = {"subject": "S", "body": "B", "recipient": "R", "address": "A", "revision": "before"}

    answer = at_work(english, nadia()).post(reverse("letters:letter", args=[letter.pk]), words)

    assert answer.status_code == 409
    assert "B" in answer.content.decode()


def test_a_refusal_is_refused_without_its_article(english: Client):
    case = a_case(now=timezone.now())
    given = {
        "law": "a", "facts": "b", "plain": "c", "appeal": "d", "delegation": claire().pk,
        "decided_on": today(),
    }  # fmt: skip
    page = at_work(english, nadia())
    address = reverse("letters:refusal", args=[case.reference])

    without = page.post(address, {**given, "article_1": "Code inconnu, art. 1"})
    with_it = page.post(address, {**given, "article_1": str(article_99())})

    assert (without.status_code, with_it.status_code) == (422, 302)
    letter = Letter.objects.get()
    assert "Code civil, art. 99" in letter.body
    assert letter.delegation is not None


def test_forty_letters_a_morning_keep_topic_and_day(client: Client):
    topic = works()
    page = at_work(client, ines())
    typed = {"sender": "Paul Roy", "topic": topic.pk, "received_on": today()}

    answer = page.post(reverse("letters:incoming"), typed)
    next_one = page.get(answer.url).content.decode()

    assert IncomingPost.objects.get().label.startswith("A-")
    assert f'<option value="{topic.pk}" selected' in next_one
    assert "autofocus" in next_one


def test_a_scan_comes_back_to_be_saved_and_never_to_run(client: Client):
    page = at_work(client, ines())
    scan = SimpleUploadedFile("x.html", b"%PDF-1.4 <script>", "text/html")
    typed = {"sender": "P", "topic": works().pk, "received_on": today(), "scan": scan}
    page.post(reverse("letters:incoming"), typed)

    got = page.get(reverse("letters:scan", args=[IncomingPost.objects.get().pk]))

    assert got.headers["Content-Type"] == "application/pdf"
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"


def test_post_is_found_by_number_sender_and_day(client: Client):
    now = timezone.now()
    row = registered(now=now, received_on=timezone.localdate(now), sender="Paul Roy")
    registered(now=now, received_on=timezone.localdate(now), sender="Anne Le Gall")
    page = at_work(client, ines())

    def found(**wanted: str) -> set[str]:
        answer = page.get(reverse("letters:incoming"), wanted)
        return {one.sender for one in answer.context["rows"]}

    assert found(q=row.label) == {"Paul Roy"}
    assert found(q="gall") == {"Anne Le Gall"}
    assert found(last=(timezone.localdate() - timedelta(days=1)).isoformat()) == set()
    assert found(unattached="on") == {"Paul Roy", "Anne Le Gall"}


def test_the_register_leaves_as_a_table_without_formulas(client: Client):
    now = timezone.now()
    registered(now=now, received_on=timezone.localdate(now), sender="=1+1")

    table = at_work(client, ines()).get(reverse("letters:incoming-table")).content.decode()

    assert "'=1+1" in table


@pytest.mark.parametrize("letters", [1, 12])
def test_the_register_costs_the_same_whatever_its_length(
    letters: int, client: Client, django_assert_max_num_queries: Any
):
    now = timezone.now()
    for _letter in range(letters):
        registered(now=now, received_on=timezone.localdate(now))
    page = at_work(client, ines())

    with django_assert_max_num_queries(16):
        page.get(reverse("letters:incoming"))


def test_a_wording_is_seen_on_paper_before_it_is_kept(english: Client):
    page = at_work(english, marc())
    words = {"subject": "Bonjour {personne}", "body": "{silence}", "preview": "1"}

    made = page.post(reverse("letters:template", args=["free"]), words)

    assert pdfua.faults(made.content) == []
    assert "Odette Garnier" in pdfua.text(made.content)
    assert b"as delivered" in page.get(reverse("letters:templates")).content


def test_a_slip_that_would_be_incomplete_says_so(english: Client):
    case = with_clock(now=timezone.now())
    case.clock.appeal = ""
    case.clock.save()
    page = at_work(english, nadia())

    shown = page.get(reverse("cases:slip", args=[case.reference])).content.decode()
    made = page.get(reverse("letters:slip", args=[case.reference])).content

    assert "would be an incomplete receipt" in shown
    assert "If you hear nothing" not in shown
    assert "pas encore l’accusé" in pdfua.text(made)


def test_a_late_receipt_is_seen_on_the_portfolio_as_on_the_case(english: Client):
    case = with_clock(now=timezone.now())
    case.clock.receipt_due_on = timezone.localdate() - timedelta(days=1)
    case.clock.save()
    Case.objects.filter(pk=case.pk).update(state="open")
    page = at_work(english, nadia())

    assert b"Receipt late" in page.get(reverse("cases:portfolio")).content
    assert b"Receipt late" in page.get(reverse("cases:case", args=[case.reference])).content


def test_what_a_person_asks_for_stands_above_the_letters_of_the_case(english: Client):
    now = timezone.now()
    case = with_clock(silence="acceptance", now=now - timedelta(days=100))
    actions.ask_for_right(case, "certificate", channel="web", now=now)

    shown = at_work(english, nadia()).get(reverse("letters:of-case", args=[case.reference]))

    owed = english.get(reverse("letters:owed")).content.decode()
    assert "asks for the certificate" in shown.content.decode()
    assert ("Certificate of acceptance" in owed, "promised by the house" in owed) == (True, True)


def test_whoever_comes_from_another_service_says_why_first(english: Client):
    letter = a_letter(a_case(now=timezone.now()), now=timezone.now())
    page = at_work(english, ines())

    asked = page.get(reverse("letters:letter", args=[letter.pk]))
    said_why(ines(), letter.case)
    statuses = [
        page.get(reverse(name, args=[letter.pk])).status_code
        for name in ("letters:letter", "letters:pdf", "letters:letter")
    ]

    assert asked.headers["Location"].startswith(reverse("cases:case", args=[letter.case.reference]))
    assert statuses == [200, 200, 200]
    assert CaseRead.objects.filter(is_outside=True).count() == 1
