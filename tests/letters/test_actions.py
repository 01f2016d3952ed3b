from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from parvis.accounts.models import Agent
from parvis.cases import queries as case_queries
from parvis.cases.models import Case
from parvis.common import files
from parvis.common.errors import Refused
from parvis.common.models import JournalEntry
from parvis.letters import actions, pressing, queries
from parvis.letters.models import IncomingPost, Letter, OutgoingPost
from tests.accounts.factories import ines, rozenn
from tests.cases.factories import bruno, nadia
from tests.letters.factories import (
    NOON,
    TODAY,
    a_case,
    a_letter,
    article_99,
    came,
    claire,
    leaving,
    long_ago,
    reasons,
    refused,
    registered,
    sent,
    with_clock,
)

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture(autouse=True)
def _english(settings: Any, tmp_path: Any) -> Any:
    settings.FILES = tmp_path
    with translation.override("en"):
        yield


def send(letter: Letter, **kwargs: Any) -> Letter:
    return actions.send_letter(letter, leaving(**kwargs), agent=nadia(), now=NOON)


def story(case: Case) -> list[str]:
    return [line.text for line in case_queries.timeline(case, for_person=True, on=TODAY)]


# Letters


def test_a_letter_begins_with_all_that_is_known_of_the_case():
    letter = a_letter(a_case())

    assert letter.subject.endswith("Remplacer six fenêtres")
    assert "Nadia Amrani" in letter.body
    assert (letter.recipient, letter.address[:7]) == ("Odette Garnier", "12, rue")


def test_a_letter_that_left_has_number_day_and_place_in_the_story():
    letter = sent(a_case())

    post = letter.post
    assert (post.label, post.posted_on, post.recipient) == ("D-2026-00001", TODAY, "Odette Garnier")
    assert story(letter.case)[-1].startswith(
        "posted a letter on Tuesday 24 November 2026, number D-2026-00001: "
    )


def test_what_left_is_never_touched_again():
    letter = sent(a_case())
    words = actions.Words("S", "B", "R", "A")

    with pytest.raises(Refused, match="has left"):
        actions.change_letter(letter, words, agent=nadia(), now=NOON)
    with pytest.raises(Refused, match="has left"):
        send(letter)


def test_numbers_follow_each_other_and_begin_again_each_year():
    case = a_case()
    labels = [sent(case).post.label for _letter in range(2)]
    later = a_letter(case)
    january = leaving(posted_on=date(2027, 1, 4))

    then = actions.send_letter(later, january, agent=nadia(), now=NOON + timedelta(days=60))

    assert [*labels, then.post.label] == ["D-2026-00001", "D-2026-00002", "D-2027-00001"]


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"way": "registered"}, "number of the registered letter"),
        ({"posted_on": TODAY + timedelta(days=1)}, "in the future"),
        ({"posted_on": TODAY - timedelta(days=9)}, "before the request came"),
        ({"way": "pigeon"}, "how the letter leaves"),
    ],
)
def test_a_letter_leaves_neither_early_nor_unsaid(how: dict[str, Any], sentence: str):
    letter = a_letter(a_case())

    with pytest.raises(Refused, match=sentence):
        send(letter, **how)


def test_a_registered_letter_keeps_its_number_on_paper_and_in_the_register():
    letter = send(a_letter(a_case()), way="registered", registered_number="1A 234 567 8901 2")

    assert letter.post.registered_number == "1A 234 567 8901 2"
    assert ["1A 234 567 8901 2"] in [fact["lines"] for fact in letter.content["facts"]]


def test_a_letter_nobody_signs_does_not_leave():
    case = a_case()
    letter = a_letter(case)
    Case.objects.filter(pk=case.pk).update(referent=None, deputy=None)

    with pytest.raises(Refused, match="name a referent first"):
        send(letter)
    assert OutgoingPost.objects.count() == 0


def test_a_name_withheld_gives_way_to_the_service_and_its_reason_is_kept():
    entry = nadia().entry
    assert entry is not None
    entry.name_policy, entry.name_policy_reason = "service", "Threats"
    entry.name_policy_author, entry.name_policy_until = "Marc", date(2027, 1, 1)
    entry.save()

    letter = sent(a_case())

    assert "Amrani" not in str(letter.content)
    assert letter.content["facts"][0]["lines"] == ["pour le service\u00a0: Urbanisme"]
    [line] = JournalEntry.objects.filter(verb="letters.letter_sent")
    assert line.data["name_withheld"] == "Threats"


def test_what_could_not_be_filled_in_keeps_a_letter_here():
    letter = a_letter(a_case(), "forwarded")

    with pytest.raises(Refused, match="autre_collectivite"):
        send(letter)


def test_a_colleague_of_another_authority_finds_no_letter():
    letter = a_letter(a_case())

    with pytest.raises(Refused):
        actions.drop_letter(letter, agent=rozenn(), now=NOON)


def test_a_receipt_by_letter_is_the_receipt_that_the_law_asks_for():
    case = with_clock()

    sent(case, "receipt")

    legal = case_queries.legal_clock(Case.objects.get(pk=case.pk))
    assert legal is not None
    assert (legal.receipt_sent_at, legal.receipt_way) == (NOON, "paper")


def test_an_incomplete_receipt_does_not_leave_by_letter():
    case = with_clock()
    case.clock.appeal = ""
    case.clock.save()
    letter = a_letter(Case.objects.get(pk=case.pk), "receipt")

    with pytest.raises(Refused, match="how a refusal is contested"):
        send(letter)


def test_the_bytes_of_a_letter_are_the_same_whenever_they_are_made(tmp_path: Any):
    letter = sent(a_case())
    first = pressing.press(letter)
    files.path_of(letter.digest).unlink()

    again = pressing.press(Letter.objects.get(pk=letter.pk))

    assert (first == again, len(letter.digest), letter.size) == (True, 64, len(first))


def test_a_draft_is_made_anew_and_kept_nowhere():
    letter = a_letter(a_case())

    assert pressing.press(letter).startswith(b"%PDF")
    assert (letter.digest, list(files.stored())) == ("", [])


# Wordings


def test_a_wording_changes_for_the_next_letters_only():
    before = a_letter(a_case())

    actions.keep_wording("free", agent=nadia(), now=NOON, subject="Autre", body="{referent} écrit.")

    assert before.subject != "Autre"
    assert a_letter(a_case()).body == "Nadia Amrani écrit."


def test_a_field_that_does_not_exist_is_refused_at_once():
    with pytest.raises(Refused, match=r"\{nom\}"):
        actions.keep_wording("free", agent=nadia(), now=NOON, subject="S", body="{nom}")


def test_each_wording_keeps_those_before_it():
    for body in ("Un", "Deux", "Deux"):
        actions.keep_wording("free", agent=nadia(), now=NOON, subject="S", body=body)

    kept = queries.versions(nadia(), "free", "")
    assert [(one.number, one.body) for one in kept] == [(2, "Deux"), (1, "Un")]


# Decisions


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ({"articles": []}, "without a legal basis"),
        ({"facts": " "}, "the facts"),
        ({"law": ""}, "the reasons in law"),
        ({"plain": ""}, "plain words"),
        ({"appeal": "\n"}, "contested"),
    ],
)
def test_no_refusal_without_law_facts_and_ways_to_contest_it(lacking: Any, sentence: str):
    case, signs = a_case(), claire()

    with pytest.raises(Refused, match=sentence):
        actions.refuse_request(
            case, reasons(**lacking), agent=nadia(), now=NOON, delegation=signs, decided_on=TODAY
        )
    assert case.decisions.count() == 0


def test_an_article_no_longer_in_force_is_no_basis():
    article = article_99()
    article.repealed_on = TODAY

    with pytest.raises(Refused, match="legal basis"):
        actions.refuse_request(
            a_case(), reasons(articles=[article]), agent=nadia(), now=NOON, delegation=claire(),
            decided_on=TODAY,
        )  # fmt: skip


def test_whoever_has_no_delegation_that_day_signs_nothing():
    ended = claire(valid_through=TODAY - timedelta(days=1))

    with pytest.raises(Refused, match="delegation"):
        refused(a_case(), delegation=ended)


def test_a_refusal_letter_closes_the_case_with_the_ways_to_contest_it():
    case = with_clock()

    sent(case, "refusal", decision=refused(case))

    case = Case.objects.get(pk=case.pk)
    assert case.state == Case.State.CLOSED
    closing = case.entries.get(kind="closed").text
    assert "en bois" in closing
    assert "tribunal administratif" in closing
    assert case.clock.decided_on == TODAY


def test_a_refusal_letter_without_its_decision_is_not_even_begun():
    with pytest.raises(Refused, match="begins with its decision"):
        a_letter(a_case(), "refusal")


def test_a_decision_is_taken_back_until_the_person_was_told():
    case = with_clock()
    decision = refused(case)
    sent(case, "refusal", decision=decision)

    with pytest.raises(Refused, match="cannot be taken back"):
        actions.withdraw_decision(decision, agent=nadia(), now=NOON)


# What the law owes on request


def silent(silence: str) -> Case:
    now = long_ago()
    return with_clock(silence=silence, now=now)


def test_a_certificate_may_be_asked_for_once_silence_has_accepted():
    case, now = silent("acceptance"), timezone.now()

    request = actions.ask_for_right(case, "certificate", channel="web", now=now)

    assert request.due_on == timezone.localdate(now) + timedelta(days=15)
    assert not request.is_legal
    assert Case.objects.get(pk=case.pk).unread_by_service


def test_reasons_are_owed_a_month_after_they_are_asked_for():
    case, now = silent("rejection"), timezone.now()

    request = actions.ask_for_right(case, "motives", channel="post", now=now, agent=nadia())

    assert request.is_legal
    assert 28 <= (request.due_on - request.asked_on).days <= 31


@pytest.mark.parametrize(
    ("silence", "kind"), [("acceptance", "motives"), ("rejection", "certificate")]
)
def test_the_other_thing_cannot_be_asked_for(silence: str, kind: str):
    with pytest.raises(Refused, match="cannot be asked"):
        actions.ask_for_right(silent(silence), kind, channel="web", now=timezone.now())


def test_it_is_asked_for_once():
    case, now = silent("acceptance"), timezone.now()
    actions.ask_for_right(case, "certificate", channel="web", now=now)

    with pytest.raises(Refused, match="already"):
        actions.ask_for_right(case, "certificate", channel="web", now=now)


def test_before_silence_speaks_nothing_may_be_asked_for():
    assert queries.open_rights(with_clock(silence="acceptance"), TODAY) == []


def test_the_letter_of_a_certificate_answers_the_request():
    case, now = silent("acceptance"), timezone.now()
    request = actions.ask_for_right(case, "certificate", channel="web", now=now)
    letter = a_letter(case, "certificate", right=request, now=now)
    letter.delegation = claire()
    letter.save()
    today = timezone.localdate(now)

    actions.send_letter(letter, leaving(posted_on=today), agent=nadia(), now=now)

    request.refresh_from_db()
    assert (request.answered_on, request.letter_id) == (today, letter.pk)
    assert "L232-3" in letter.body


def test_reasons_given_open_two_more_months_to_contest():
    case, now = silent("rejection"), timezone.now()
    request = actions.ask_for_right(case, "motives", channel="web", now=now)
    request.answered_on = date(2026, 11, 30)

    assert actions.appeal_after_motives(request) == date(2027, 1, 30)


# The mail room


def test_a_letter_gets_its_number_and_its_three_days():
    row = registered(posted_on=date(2026, 11, 20))

    assert row.label == "A-2026-00001"
    assert (row.posted_on, row.received_on) == (date(2026, 11, 20), TODAY)
    assert row.registered_at == NOON


def test_a_letter_opens_a_case_whose_clock_counts_from_its_reception():
    with_clock()

    row = registered(
        opens=True, posted_on=date(2026, 10, 30), received_on=date(2026, 11, 3), sender="Paul Roy"
    )

    case = Case.objects.get(pk=row.case_id)
    assert (case.channel, case.posted_on) == ("post", date(2026, 10, 30))
    assert case.clock.falls_on == date(2027, 1, 3)


def test_a_letter_about_a_case_is_told_in_its_story_and_is_our_turn():
    case = a_case()

    row = registered(case=case)

    case = Case.objects.get(pk=case.pk)
    assert case.unread_by_service
    assert story(case)[-1] == f"registered a letter, number {row.label}: Mes fenêtres"


def test_a_letter_is_put_with_one_case_only():
    row = registered(case=a_case())

    with pytest.raises(Refused, match="already"):
        actions.attach_letter(row, a_case(), agent=ines(), now=NOON)
    with pytest.raises(Refused, match="already"):
        actions.open_case_of(row, agent=ines(), now=NOON)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"received_on": TODAY + timedelta(days=1)}, "in the future"),
        ({"posted_on": TODAY + timedelta(days=1)}, "postmark"),
        ({"sender": " "}, "who sent"),
    ],
)
def test_days_that_cannot_be_are_refused(days: dict[str, Any], sentence: str):
    with pytest.raises(Refused, match=sentence):
        registered(**days)
    assert IncomingPost.objects.count() == 0


def test_a_topic_of_another_authority_is_none_of_ours():
    with pytest.raises(Refused, match="another authority"):
        actions.register_letter(came(), agent=rozenn(), now=NOON)


def test_a_scan_is_known_by_its_content_and_never_replaced():
    scan = actions.keep_scan([PNG], name="..\\lettre.pdf")
    row = registered(scan=scan)

    assert (row.scan_name, row.scan_kind) == ("lettre.png", "image/png")
    with pytest.raises(Refused, match="already"):
        actions.note_scan(row, scan, agent=ines(), now=NOON)


def test_the_scan_of_a_letter_is_among_the_documents_of_its_case():
    case = a_case()

    registered(case=case, scan=actions.keep_scan([PNG], name="lettre.png"))

    [kept] = case.files.all()
    assert (kept.name, kept.entry.kind) == ("lettre.png", "letter_in")


@pytest.mark.parametrize("content", [b"II*\x00rest", b"%PDF-1.4", b"\xff\xd8\xffrest"])
def test_scanners_bring_pdf_jpeg_png_and_tiff(content: bytes):
    assert actions.keep_scan([content], name="x").size == len(content)


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"<html>", b"MZ"])
def test_nothing_else_is_a_scan(content: bytes):
    with pytest.raises(Refused, match="A scan is"):
        actions.keep_scan([content], name="x.pdf")


def test_a_letter_that_was_not_written_here_is_in_the_same_register():
    sent(a_case())
    left = actions.Left(
        recipient="Préfecture", subject="Bordereau", service=bruno().service, posted_on=TODAY,
        way="post",
    )  # fmt: skip

    assert actions.note_outgoing(left, agent=bruno(), now=NOON).label == "D-2026-00002"


def test_post_of_a_sensitive_service_is_read_there_only():
    row = registered()
    Agent.objects.filter(pk=ines().pk).update(service=None)
    service = row.service
    service.is_sensitive = True
    service.save()

    assert not IncomingPost.objects.visible_to(Agent.objects.get(pk=ines().pk)).exists()
    assert IncomingPost.objects.visible_to(nadia()).exists()
