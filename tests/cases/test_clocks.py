"""The clock of a case through its life: begun, stopped, sent on, answered, told in time."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from parvis.cases import actions, queries
from parvis.cases.actions import Wanted
from parvis.cases.models import Case, CaseEntry, LegalClock
from parvis.cases.queries import Desk, View, Whose
from parvis.common.errors import Refused
from parvis.common.models import JournalEntry
from parvis.mail.models import OutgoingMail
from tests.accounts.factories import ines
from tests.cases.factories import APPEAL, NOON, nadia, procedure, windows
from tests.contacts.factories import PersonFactory

pytestmark = pytest.mark.django_db
TODAY = NOON.date()  # 24 November 2026
TWO_MONTHS = date(2027, 1, 24)


@pytest.fixture
def mail_text() -> Any:
    return lambda: OutgoingMail.objects.latest("pk").text


def clock_of(case: Case) -> LegalClock:
    return LegalClock.objects.select_related("procedure", "case").get(case=case)


def ask(case: Case, *, now: datetime = NOON, days: int = 15, **kwargs: Any) -> Any:
    wanted = kwargs.pop("wanted", [Wanted("Le plan des façades")])
    until = now.date() + timedelta(days=days)
    return actions.ask_for_items(case, agent=nadia(), now=now, wanted=wanted, until=until, **kwargs)


def test_a_case_without_procedure_has_no_clock():
    case = windows().case

    assert queries.legal_clock(case) is None
    assert queries.told(case, TODAY) is None


def test_a_case_takes_the_terms_of_its_procedure_and_keeps_them():
    rule = procedure()
    case = windows().case
    rule.months, rule.silence = 4, "rejection"
    rule.save()

    legal = clock_of(case)
    assert (legal.silence, legal.months, legal.falls_on) == ("acceptance", 2, TWO_MONTHS)
    page = queries.clock_now(Case.objects.get(pk=case.pk), [], TODAY)
    assert page is not None
    assert page.has_changed


def test_a_procedure_out_of_use_begins_no_clock():
    procedure(is_active=False)

    assert not LegalClock.objects.filter(case=windows().case).exists()


def test_a_letter_counts_from_its_arrival_not_from_its_postmark():
    procedure(silence="rejection")
    case = windows(posted_on=date(2026, 2, 28), received_on=date(2026, 3, 3)).case

    assert clock_of(case).falls_on == date(2026, 5, 3)


def test_what_another_authority_sent_on_has_its_two_dates():
    procedure(silence="rejection")
    opened = windows(first_received_on=date(2026, 11, 2))

    assert clock_of(opened.case).falls_on == date(2027, 1, 2)
    with pytest.raises(Refused):
        windows(first_received_on=TODAY + timedelta(days=1))


def test_acceptance_waits_for_what_is_indispensable():
    procedure()
    case = windows().case

    [item] = ask(case)
    assert clock_of(case).falls_on is None
    assert case.state == Case.State.AWAITING_PERSON
    actions.item_came(item, agent=nadia(), now=NOON + timedelta(days=10))

    case.refresh_from_db()
    assert clock_of(case).falls_on == date(2027, 2, 4)
    assert case.state == Case.State.OPEN


def test_refusal_stands_still_until_the_thing_arrives_or_the_last_day():
    procedure(silence="rejection")
    case = windows().case

    [item] = ask(case)
    assert clock_of(case).falls_on == TWO_MONTHS + timedelta(days=15)
    actions.item_came(item, agent=nadia(), now=NOON + timedelta(days=4))

    assert clock_of(case).falls_on == TWO_MONTHS + timedelta(days=4)


def test_what_is_only_useful_stops_nothing_and_needs_no_last_day():
    procedure()
    case = windows().case

    actions.ask_for_items(
        case, agent=nadia(), now=NOON, wanted=[Wanted("Une photo", is_indispensable=False)]
    )

    assert clock_of(case).falls_on == TWO_MONTHS


def test_two_rounds_and_the_second_still_open():
    procedure()
    case = windows().case
    [first] = ask(case)
    actions.item_came(first, agent=nadia(), now=NOON + timedelta(days=3))
    ask(case, now=NOON + timedelta(days=5), wanted=[Wanted("Une photo")])

    assert clock_of(case).falls_on is None
    awaited = queries.awaited(Case.objects.get(pk=case.pk))
    assert awaited.from_person == "Une photo"


@pytest.mark.parametrize(
    ("wanted", "until"),
    [
        ([Wanted("  ")], TODAY + timedelta(days=5)),
        ([Wanted("Le plan")], None),
        ([Wanted("Le plan")], TODAY),
        ([Wanted("Un plan")] * 21, TODAY + timedelta(days=5)),
    ],
)
def test_what_cannot_be_asked(wanted: list[Wanted], until: date | None):
    case = windows().case

    with pytest.raises(Refused):
        actions.ask_for_items(case, agent=nadia(), now=NOON, wanted=wanted, until=until)


def test_a_thing_arrives_once():
    [item] = ask(windows().case)
    actions.item_came(item, agent=nadia(), now=NOON)

    with pytest.raises(Refused):
        actions.item_came(item, agent=nadia(), now=NOON)


def test_sent_to_another_authority_the_person_reads_both_clocks():
    procedure()
    case = windows().case

    actions.forward(case, agent=nadia(), now=NOON, authority_name="Orvanne", reason="Leur rôle.")

    assert clock_of(case).falls_on is None  # an acceptance counts from their reception
    line = queries.timeline(case, for_person=True, on=TODAY)[-1]
    assert "24 janvier 2027" in line.more
    assert "Orvanne" in line.more
    actions.reopen(case, agent=nadia(), now=NOON, text="C’est bien à nous.")
    assert clock_of(case).falls_on == TWO_MONTHS


def test_an_answer_ends_the_clock_and_reopening_does_not_begin_it_again():
    procedure()
    case = windows().case

    actions.close(case, agent=nadia(), now=NOON, text="Accordé.")
    actions.reopen(case, now=NOON + timedelta(days=1), text="Pas réglé.")

    legal = clock_of(case)
    assert (legal.decided_on, legal.falls_on) == (TODAY, None)


def test_a_web_request_owes_two_electronic_receipts():
    procedure()
    legal = clock_of(windows(channel="web").case)

    assert legal.registration_due_on == date(2026, 11, 25)
    assert legal.receipt_due_on == date(2026, 12, 1)
    assert clock_of(windows().case).receipt_due_on is None


def test_the_receipt_leaves_by_mail_with_what_the_law_asks_for(mail_text: Any):
    procedure(silence="rejection")
    person = PersonFactory.create(email="odette@example.org")

    legal = clock_of(windows(person=person).case)

    assert legal.receipt_way == "mail"
    text = mail_text()
    for said in ("24 janvier 2027", APPEAL, "à confirmer"):
        assert said in text


def test_an_incomplete_receipt_does_not_leave_and_says_what_is_missing(mail_text: Any):
    rule = procedure(silence="rejection", appeal="")
    case = windows(person=PersonFactory.create(email="odette@example.org")).case

    legal = clock_of(case)
    assert legal.receipt_sent_at is None
    assert "enregistre votre demande" in mail_text()
    [lack] = queries.lacking(case, legal)
    assert lack.url == f"/agent/reglages/demarches/{rule.pk}/"
    with pytest.raises(Refused, match="contest"):
        actions.give_receipt(case, agent=nadia(), now=NOON)


def test_a_receipt_on_paper_is_given_once():
    procedure()
    case = windows().case

    actions.give_receipt(case, agent=nadia(), now=NOON)

    assert clock_of(case).receipt_way == "paper"
    for again in (actions.give_receipt, actions.mail_receipt):
        with pytest.raises(Refused):
            again(case, agent=nadia(), now=NOON)


def test_without_an_address_no_receipt_leaves_by_mail():
    procedure()
    case = windows(person=PersonFactory.create(email="")).case

    with pytest.raises(Refused):
        actions.mail_receipt(case, agent=nadia(), now=NOON)


def test_an_exempted_request_is_owed_no_receipt():
    procedure(receipt_exemption="abusive", exemption_reason="Cent lettres par semaine.")
    person = PersonFactory.create(email="odette@example.org")
    case = windows(person=person, channel="web").case

    legal = clock_of(case)
    assert (legal.receipt_sent_at, legal.receipt_due_on) == (None, None)
    assert not case.entries.filter(kind=CaseEntry.Kind.RECEIPT).exists()


def test_a_simple_request_is_confirmed_without_promising_a_receipt(mail_text: Any):
    procedure(receipt_exemption="simple", exemption_reason="Sur simple demande.")
    case = windows(person=PersonFactory.create(email="odette@example.org")).case

    assert "complet suivra" not in mail_text()
    assert clock_of(case).receipt_sent_at is None


def test_an_exemption_without_a_reason_is_no_exemption():
    with pytest.raises(IntegrityError), transaction.atomic():
        procedure(receipt_exemption="fast")


def test_a_topic_follows_one_procedure():
    procedure()

    with pytest.raises(IntegrityError), transaction.atomic():
        procedure(name="Une autre")


def test_whoever_follows_is_told_once_before_the_day():
    procedure()
    case = windows(received_on=TODAY).case
    near = NOON + timedelta(days=50)

    assert actions.remind(now=NOON) == 0
    assert [actions.remind(now=near), actions.remind(now=near)] == [1, 0]

    [line] = case.entries.filter(kind=CaseEntry.Kind.CLOCK)
    assert line.is_internal
    shown = queries.timeline(case, for_person=False, on=TODAY)[-1]
    assert "24 janvier 2027" in shown.text
    assert shown.internal == "rappel pour le service"
    assert JournalEntry.objects.filter(verb="cases.silence_near").count() == 1


def test_a_day_that_moved_is_told_again():
    procedure(silence="rejection")
    case = windows(received_on=TODAY).case
    near = NOON + timedelta(days=50)
    actions.remind(now=near)
    ask(case, now=near, days=1)

    assert actions.remind(now=near) == 1


def test_a_closed_case_is_not_told_of():
    procedure()
    case = windows().case
    actions.close(case, agent=nadia(), now=NOON, text="Accordé.")

    assert actions.remind(now=NOON + timedelta(days=50)) == 0


def test_cases_from_before_get_their_clock_when_asked_for():
    case = windows(received_on=TODAY - timedelta(days=10)).case
    rule = procedure()

    assert [actions.start_clocks(rule, agent=nadia(), now=NOON) for _twice in range(2)] == [1, 0]
    assert clock_of(case).falls_on == date(2027, 1, 14)


def test_the_shelf_of_silence_is_sorted_by_its_day(django_assert_max_num_queries: Any):
    procedure()
    late = windows(received_on=TODAY - timedelta(days=70), title="Passée").case
    near = windows(received_on=TODAY - timedelta(days=55), title="Proche").case
    windows(received_on=TODAY, title="Lointaine")

    agent = nadia()
    with django_assert_max_num_queries(3):  # the roles of the agent are the third
        page = queries.portfolio(Desk(agent, View.SILENCE, Whose.SERVICE, NOON, TODAY))
    assert [case.pk for case in page.cases] == [late.pk, near.pk]
    totals = queries.shelf_totals(Desk(nadia(), View.SILENCE, Whose.SERVICE, NOON, TODAY))
    assert totals.by_view[View.SILENCE] == 2


def test_the_shelf_of_silence_has_pages(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("parvis.cases.queries.shelves.PAGE", 2)
    procedure()
    made = [windows(received_on=TODAY - timedelta(days=60 - n // 2)).case.pk for n in range(5)]

    seen, after = [], ""
    for _page in range(3):
        page = queries.portfolio(
            Desk(nadia(), View.SILENCE, Whose.SERVICE, NOON, TODAY), after=after
        )
        seen += [case.pk for case in page.cases]
        after = page.next
    assert seen == made
    assert after == ""


def test_once_the_day_is_past_the_page_says_what_may_be_asked_for():
    procedure(silence="rejection")
    case = windows(received_on=TODAY - timedelta(days=70)).case

    page = queries.clock_now(case, [], TODAY)
    assert page is not None
    assert page.has_fallen
    assert any("L112-6" in words for words in page.afterwards)  # no receipt was given
    assert any("L232-4" in words for words in page.afterwards)


def test_a_request_that_is_elsewhere_tells_its_two_clocks_everywhere():
    procedure(silence="rejection")
    case = windows().case
    actions.forward(case, agent=nadia(), now=NOON, authority_name="Orvanne", reason="Leur rôle.")

    told, page = queries.told(case, TODAY), queries.clock_now(case, [], TODAY)
    assert told is not None
    assert page is not None
    assert told.sentence == page.sentence
    assert "l’autre collectivité" in told.sentence
    assert told.appeal == ""


def test_only_the_service_asks_for_what_is_missing():
    case = windows().case

    with pytest.raises(Refused):
        actions.ask_for_items(
            case, agent=ines(), now=NOON, wanted=[Wanted("Le plan", is_indispensable=False)]
        )
