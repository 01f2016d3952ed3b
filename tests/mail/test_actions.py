from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as post

from parvis.cases import actions as cases
from parvis.cases.models import Case
from parvis.common.errors import Refused
from parvis.contacts.models import Contact, Person
from parvis.mail import actions, posting, rules
from parvis.mail.models import DeadAddress, OutgoingMail, ReceivedMail
from parvis.mail.reading.runner import Result
from tests.accounts.factories import ines
from tests.cases.factories import colleague, works
from tests.contacts.factories import PersonFactory
from tests.mail.corpus import World
from tests.mail.corpus.machines import report
from tests.mail.factories import (
    ADDRESS,
    NOON,
    ODETTE,
    apart,
    box,
    came,
    first_mail,
    nadia,
    odettes_windows,
    raw,
    waiting,
)
from tests.organisations.factories import AuthorityFactory, ServiceFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Any, settings: Any) -> None:
    settings.FILES = tmp_path


def sent(now: Any = None) -> list[Any]:
    """What leaves when the job runs."""
    before = len(post.outbox)
    for owed in OutgoingMail.objects.filter(state="waiting").order_by("pk"):
        posting.deliver(owed.pk, now=now or owed.next_at)
    return post.outbox[before:]


def kept(content: bytes | None = None, **values: Any) -> Any:
    given = {"way": "pipe", "now": NOON, "envelope_to": ADDRESS, **values}
    return actions.keep(content if content is not None else raw(), **given)


# Kept


def test_the_same_message_by_two_ways_is_one_message():
    box()
    first = kept()
    second = kept(b"Received: by another server\n" + raw().replace(b"\n", b"\r\n"), way="imap")

    assert first.is_new
    assert not second.is_new
    assert second.mail == first.mail


def test_two_messages_without_an_identifier_are_two():
    box()
    kept(raw(message_id=""))

    assert kept(raw(message_id="", subject="Autre")).is_new
    assert not kept(raw(message_id="")).is_new


def test_an_empty_message_is_told_so_at_once():
    box()

    with pytest.raises(Refused):
        kept(b"\r\n \r\n")


def test_a_message_whose_reading_dies_is_kept_apart_in_words():
    box()
    mail = kept().mail

    actions.read_one(mail.pk, now=NOON, reader=lambda path: Result(unreadable="time"))

    mail.refresh_from_db()
    assert (mail.state, mail.reason) == ("quarantined", "time")


def test_what_a_killed_job_left_unread_is_read_by_the_next_one():
    box()
    mail = kept().mail
    ReceivedMail.objects.filter(pk=mail.pk).update(attempts=1)

    def reader(path: Any) -> Result:
        return Result(unreadable="crash")

    assert actions.read_due(now=NOON + timedelta(hours=1), reader=reader) == 1
    assert not actions.read_one(mail.pk, now=NOON, reader=reader)


def test_a_message_whose_bytes_are_gone_says_so():
    box()
    mail = kept().mail
    ReceivedMail.objects.filter(pk=mail.pk).update(digest="0" * 64)

    actions.read_one(mail.pk, now=NOON)

    mail.refresh_from_db()
    assert mail.reason == "lost"


# With its case


def test_an_answer_joins_the_story_of_its_case_and_it_is_our_turn():
    box()
    case = odettes_windows().case
    Case.objects.filter(pk=case.pk).update(state="awaiting", unread_by_service=False)

    mail = came(raw(sender=ODETTE, text="Voici.\n", In_Reply_To=first_mail(case).message_id))

    case.refresh_from_db()
    assert (mail.state, mail.case) == ("threaded", case)
    assert mail.entry is not None
    assert mail.entry.text == "Voici."
    assert mail.entry.data["channel"] == "email"
    assert (case.state, case.unread_by_service) == ("open", True)


def test_a_document_of_a_message_lies_with_the_case():
    box()
    case = odettes_windows().case
    content = (
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\nVoici.\n--b\n'
        'Content-Type: text/html; name="plan.pdf"\n\n%PDF-1.7 x\n--b\n'
        'Content-Type: text/html; name="page.html"\n\n<script>\n--b--\n'
    )
    head = raw(sender=ODETTE, In_Reply_To=first_mail(case).message_id, Content_Type="").split(
        b"\n\n"
    )

    mail = came(head[0] + b"\n" + content.encode())

    assert [one.name for one in case.files.all()] == ["plan.pdf"]
    assert mail.files.count() == 2


def test_a_stranger_is_let_through_by_one_key_and_may_then_write():
    mail = apart()
    case = mail.claimed
    assert case is not None

    actions.release(mail, agent=nadia(), now=NOON)

    again = came(
        raw(sender="inconnu@example.net", message_id="<2@x>", to=first_mail(case).reply_to)
    )
    assert again.state == "threaded"


# Sorted by hand


def test_a_message_becomes_a_case_and_its_receipt_answers_it():
    mail = waiting(subject="Six fenêtres")
    nadia()

    case = actions.open_case_from(mail, topic=works(), agent=ines(), now=NOON)

    mail.refresh_from_db()
    [receipt] = [one for one in sent() if "enregistrée" in one.subject]
    assert (mail.state, case.channel, case.title) == ("opened", "email", "Six fenêtres")
    assert case.person is not None
    assert case.person.email == "jeanne@example.org"
    assert receipt.extra_headers["In-Reply-To"] == "<1@example.org>"
    assert "/suivi/" in receipt.body


def test_the_link_in_a_receipt_opens_the_page_and_lies_nowhere():
    mail = waiting()
    nadia()
    case = actions.open_case_from(mail, topic=works(), agent=ines(), now=NOON)

    receipt = next(one for one in sent() if "/suivi/" in one.body)

    case.refresh_from_db()
    secret = receipt.body.split("/suivi/")[1].split("/")[0]
    rows = str(list(OutgoingMail.objects.values()))
    assert secret not in rows
    assert case.secret_hash != secret


def test_an_answer_at_once_is_signed_and_written_down():
    mail = waiting()
    agent = ines()
    agent.entry.function = "Chargée d’accueil"
    agent.entry.save()
    topic = TopicFactory.create()

    actions.answer(mail, topic=topic, text="À 9 heures.", agent=agent, now=NOON)

    letter = next(one for one in sent() if one.subject == "Re: Bonjour")
    assert "À 9 heures." in letter.body
    assert "Inès" in letter.body
    assert letter.extra_headers["In-Reply-To"] == "<1@example.org>"
    assert "Auto-Submitted" not in letter.extra_headers
    assert Contact.objects.get().channel == "email"


def test_setting_aside_needs_a_reason_and_can_be_taken_back():
    mail = waiting()
    with pytest.raises(Refused):
        actions.set_aside(mail, words="  ", agent=ines(), now=NOON)

    actions.set_aside(mail, words="Publicité.", agent=ines(), now=NOON)
    mail = actions.take_up(mail, agent=ines(), now=NOON)

    assert (mail.state, mail.words) == ("waiting", "")


def test_two_colleagues_do_not_sort_the_same_message():
    mail = waiting()
    actions.set_aside(mail, words="Publicité.", agent=ines(), now=NOON)

    with pytest.raises(Refused, match=r"(?i)colleague|collègue"):
        actions.set_aside(mail, words="Autre.", agent=ines(), now=NOON)


# Owed


def test_an_agents_message_leaves_under_the_name_of_who_follows():
    box()
    case = odettes_windows().case
    sent()

    cases.write_to_person(case, agent=nadia(), now=NOON, text="Il manque un plan.")

    [letter] = sent()
    assert "Il manque un plan." in letter.body
    assert "Nadia Amrani, Instructrice" in letter.body
    assert letter.extra_headers["From"].startswith('"Nadia Amrani, Urbanisme')
    assert letter.extra_headers["References"] == first_mail(case).message_id
    owed = OutgoingMail.objects.latest("pk")
    assert owed.text == ""
    assert posting.envelope_of(owed).startswith("accueil+b-")


def test_a_new_referent_is_told_once_however_often_it_changes():
    box()
    case = odettes_windows().case
    sent()

    actions.owe_referent(case, now=NOON)
    actions.owe_referent(case, now=NOON)

    [letter] = sent()
    assert "Nadia Amrani" in letter.body
    assert letter.extra_headers["Auto-Submitted"]


def test_nothing_leaves_without_a_name_and_it_leaves_once_there_is_one():
    box()
    case = odettes_windows().case
    sent()
    referent = case.referent
    Case.objects.filter(pk=case.pk).update(referent=None, deputy=None)
    actions.owe_referent(Case.objects.get(pk=case.pk), now=NOON)
    assert sent() == []
    assert OutgoingMail.objects.latest("pk").state == "held"

    Case.objects.filter(pk=case.pk).update(referent=referent)
    actions.release_held(now=NOON)

    assert len(sent()) == 1


def test_words_for_a_sensitive_service_stay_on_the_page():
    box()
    case = odettes_windows().case
    sent()
    case.service.is_sensitive = True
    case.service.save()

    cases.write_to_person(case, agent=nadia(), now=NOON, text="Votre aide sociale.")

    [letter] = sent()
    assert "aide sociale" not in letter.body
    assert case.title not in letter.subject


def test_a_person_without_an_address_is_owed_nothing_by_mail():
    box()
    case = odettes_windows(person=PersonFactory.create(email="")).case

    assert actions.owe_referent(case, now=NOON) is None
    with pytest.raises(Refused):
        actions.owe_link(case, agent=nadia(), now=NOON)


# One receipt, no loop


def test_a_sender_hears_once_a_day_that_it_arrived():
    waiting()
    came(raw(message_id="<2@x>", subject="Encore"))
    came(raw(message_id="<3@x>", subject="Demain"), now=NOON + timedelta(days=2))

    arrivals = OutgoingMail.objects.filter(kind=rules.ARRIVAL)
    assert arrivals.count() == 2
    assert "Auto-Submitted" in sent()[0].extra_headers


@pytest.mark.parametrize("is_honest", [True, False])
def test_two_houses_writing_to_each_other_stop_after_one_exchange(is_honest: bool):
    box()
    theirs = AuthorityFactory.create(slug="tremalon", name="Trémalon", phone="02 00 00 00 00")
    service = ServiceFactory.create(
        authority=theirs, slug="mairie", name="Mairie", phone="02 11 11 11 11"
    )
    there = "mairie@tremalon.example"
    keeper = colleague("yves.tanguy", "Yves", "Tanguy", authority=theirs, service=service)
    box(address=there, authority=theirs, service=service, keeper=keeper)
    case = odettes_windows(person=PersonFactory.create(email=there)).case

    exchanged = 0
    for _round in range(10):
        letters = sent()
        exchanged += len(letters)
        for letter in letters:
            message = letter.message()
            if not is_honest:  # a relay that loses every mark of a machine
                for name in ("Auto-Submitted", "X-Auto-Response-Suppress"):
                    del message[name]
            came(message.as_bytes(), envelope_from="x@y.example", envelope_to=letter.to[0])

    assert case.referent is not None
    assert exchanged <= 3 if is_honest else exchanged <= 4
    assert not OutgoingMail.objects.filter(state="waiting").exists()


# What comes back


def world(case: Case) -> World:
    owed = first_mail(case)
    return World(owed.reply_to, owed.message_id, "", "", "", "", case.reference)


def test_an_unknown_address_is_dead_and_the_service_sees_it():
    box()
    case = odettes_windows().case
    Case.objects.filter(pk=case.pk).update(unread_by_service=False)

    mail = came(report(world(case)), envelope_from="")

    case.refresh_from_db()
    assert (mail.state, mail.case) == ("bounce", case)
    assert first_mail(case).state == "bounced"
    assert DeadAddress.objects.get().address == ODETTE
    assert case.unread_by_service
    assert actions.owe_referent(case, now=NOON) is None


def test_a_full_mailbox_is_not_a_dead_one():
    box()
    case = odettes_windows().case

    came(report(world(case), status="5.2.2"), envelope_from="")

    assert not DeadAddress.objects.exists()
    assert first_mail(case).state == "bounced"


def test_a_report_about_somebody_behind_an_alias_kills_no_address():
    box()
    case = odettes_windows().case

    came(report(world(case), recipient="chef@example.net"), envelope_from="")

    assert not DeadAddress.objects.exists()


def test_whoever_writes_from_a_dead_address_lives():
    box()
    case = odettes_windows().case
    came(report(world(case)), envelope_from="")

    came(raw(sender=ODETTE, message_id="<9@x>", In_Reply_To=first_mail(case).message_id))

    assert not DeadAddress.objects.exists()


def test_what_was_given_up_is_tried_again_on_demand():
    box()
    case = odettes_windows().case
    owed = first_mail(case)
    OutgoingMail.objects.filter(pk=owed.pk).update(state="given_up", ended_at=NOON)
    owed.refresh_from_db()

    actions.send_again(owed, agent=nadia(), now=NOON)

    assert len(sent()) == 1
    owed.refresh_from_db()
    with pytest.raises(Refused):
        actions.send_again(owed, agent=nadia(), now=NOON)


# Addresses


@pytest.mark.parametrize(
    "address",
    ["no-reply@x.example", "ne-pas-repondre@x.example", "a+b@x.example", "a" * 31 + "@x.fr"],
)
def test_an_address_that_cannot_be_answered_is_not_kept(address: str):
    given = box()

    with pytest.raises(Refused):
        actions.keep_box(
            given.authority, agent=None, address=address, service=given.service, keeper=None
        )


def test_people_are_known_by_their_address():
    waiting()
    nadia()
    mail = ReceivedMail.objects.get()

    actions.open_case_from(mail, topic=works(), agent=ines(), now=NOON)

    assert Person.objects.get(email="jeanne@example.org").last_name == "Jeanne Lebreton"


def test_who_acts_for_the_person_reads_and_may_write():
    box()
    case = odettes_windows().case
    sent()
    holder = PersonFactory.create(
        last_name="Vasseur", first_name="Hervé", email="herve@example.net"
    )
    case.mandates.create(
        holder=holder, kind="family", may_write=True, mail_to="both", first_day=NOON.date()
        - timedelta(days=300), proof="signed", seen_by=nadia(), seen_at=NOON,
    )  # fmt: skip

    cases.write_to_person(case, agent=nadia(), now=NOON, text="Il manque un plan.")

    assert {letter.to[0] for letter in sent()} == {ODETTE, "herve@example.net"}
    mail = came(raw(sender="herve@example.net", to=first_mail(case).reply_to))
    assert mail.state == "threaded"
