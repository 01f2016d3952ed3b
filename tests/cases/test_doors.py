import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.cases import actions, queries
from parvis.cases.actions import Opened
from parvis.cases.models import KnownDevice, MailedCode, PageKey
from parvis.cases.rules import doors
from parvis.cases.rules.doors import Check, Part, Telling
from parvis.common import journal, outbox
from parvis.common.calendar import WorkingCalendar
from parvis.common.errors import Busy, Refused
from parvis.common.models import Throttle
from tests.accounts.factories import ines, rozenn
from tests.cases.factories import NOON, mandated, nadia, planning, windows
from tests.contacts.factories import PersonFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
SOON = NOON + timedelta(minutes=3)


def odette(**kwargs: Any) -> Any:
    values = {
        "first_name": "Odette",
        "last_name": "Lefèvre-Roux",
        "email": "odette@example.org",
        "phone": "0612345678",
        "address": "14 rue des Lavandières",
    }
    return PersonFactory.create(**{**values, **kwargs})


def case_of(**kwargs: Any) -> Opened:
    return windows(person=odette(**kwargs))


Letters = list[dict[str, str]]


@pytest.fixture(autouse=True)
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    sent: Letters = []
    monkeypatch.setattr(outbox, "send_mail", lambda to, **words: sent.append({"to": to, **words}))
    return sent


def mailed(opened: Opened, letters: Letters, now: datetime = NOON) -> str:
    actions.mail_code(opened.case, now=now)
    [digits] = re.findall(r"^ +(\d{3} \d{3})$", letters[-1]["text"], re.MULTILINE)
    return digits


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("LEFEVRE ROUX", True),
        ("lefèvre-roux", True),
        ("Odette Lefèvre-Roux", True),
        ("Lefevre-Roux Odette", True),
        ("Odette", False),
        ("Lefèvre", False),
        ("", False),
    ],
)
def test_a_name_is_compared_as_it_sounds_and_whole(typed: str, fits: bool):
    assert doors.same_name(typed, first_name="Odette", last_name="Lefèvre-Roux") is fits


def test_nobody_is_called_like_a_person_without_a_name():
    assert not doors.same_name("", first_name="", last_name="")


@pytest.mark.parametrize("typed", ["123456", "123 456", " 123\u00a0456 ", "123-456"])
def test_six_digits_may_be_typed_in_groups(typed: str):
    assert doors.six_digits(typed) == "123456"


@pytest.mark.parametrize("typed", ["12345", "1234567", "12345a", ""])
def test_anything_else_is_no_code(typed: str):
    assert doors.six_digits(typed) == ""


def test_an_address_is_shown_only_to_whoever_knows_it():
    assert doors.masked_mail("odette@example.org") == "o…@e….org"


@pytest.mark.parametrize(
    ("checks", "sensitive", "telling"),
    [
        (set(), False, Telling.NOTHING),
        ({Check.CODE}, False, Telling.NOTHING),
        ({Check.NAME, Check.DETAIL}, False, Telling.NOTHING),
        ({Check.CODE, Check.NAME}, False, Telling.PROGRESS),
        ({Check.CODE, Check.NAME}, True, Telling.NOTHING),
        ({Check.CODE, Check.NAME, Check.DETAIL}, True, Telling.CONTENT),
        ({Check.NAME, Check.IDENTITY}, False, Telling.CONTENT),
        ({Check.CODE, Check.NAME, Check.CALLED_BACK}, False, Telling.CONTENT),
        ({Check.CODE, Check.DETAIL, Check.IDENTITY}, False, Telling.NOTHING),
    ],
)
def test_what_may_be_told_after_which_check(checks: set[Check], sensitive: bool, telling: Telling):
    assert doors.may_be_told(checks, is_sensitive=sensitive) is telling


def test_a_call_is_promised_in_working_time_and_never_within_the_minute():
    friday = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)  # 16:30: half an hour before the end

    found = doors.moments(friday, zone=PARIS, calendar=WorkingCalendar(), days=2)

    assert {one.day for one in found} == {date(2026, 11, 30), date(2026, 12, 1)}
    assert found[0].until == datetime(2026, 11, 30, 11, 0, tzinfo=UTC)
    assert [one.part for one in found[:3]] == list(Part)


def test_in_the_morning_a_call_may_still_be_promised_for_today():
    morning = datetime(2026, 11, 27, 10, 30, tzinfo=UTC)  # 11:30

    found = doors.moments(morning, zone=PARIS, calendar=WorkingCalendar())

    today = [one.part for one in found if one.day == date(2026, 11, 27)]
    assert today == [Part.AFTERNOON, Part.ANY]


def test_code_and_name_open_the_page_for_an_hour():
    case = case_of().case

    secret = actions.open_by_code(
        case.authority_id, reference=case.reference, name="Lefevre Roux", now=NOON
    )

    assert secret
    assert queries.by_secret(secret, NOON) == case
    assert queries.opened_by_code(secret)
    assert queries.by_secret(secret, NOON + timedelta(hours=2)) is None
    assert PageKey.objects.get().secret_hash != secret


def test_wrong_name_unknown_code_foreign_case_and_nobody_named_open_nothing():
    case, nobody = case_of().case, windows(person=PersonFactory.create(last_name="")).case
    tries = [
        (case.authority_id, case.reference, "Martin"),
        (case.authority_id, "2222222P", "Lefevre Roux"),
        (rozenn().authority_id, case.reference, "Lefevre Roux"),
        (nobody.authority_id, nobody.reference, ""),
    ]

    found = [
        actions.open_by_code(authority, reference=reference, name=name, now=NOON)
        for authority, reference, name in tries
    ]

    assert found == [None] * 4


def test_six_digits_go_to_the_address_of_the_person_and_name_whoever_follows(letters: Letters):
    opened = case_of()

    digits = mailed(opened, letters)

    letter = letters[-1]
    assert letter["to"] == "odette@example.org"
    assert letter["reply_to"] == "urbanisme@sainte-orvanne.example"
    for expected in ("Nadia Amrani", "Urbanisme"):
        assert expected in letter["text"]
    assert digits.replace(" ", "") not in MailedCode.objects.get().code_hash


def test_the_device_is_known_for_this_case_alone_and_for_a_while(letters: Letters):
    opened, other = case_of(), windows()
    digits = mailed(opened, letters)

    token = actions.confirm(opened.case, typed=digits, remember=True, now=SOON)

    assert queries.is_known_device(opened.case, token, SOON)
    assert not queries.is_known_device(other.case, token, SOON)
    assert not queries.is_known_device(opened.case, token, SOON + doors.DEVICE_KNOWN)
    assert token not in KnownDevice.objects.get().token_hash


def test_a_device_of_others_is_known_for_an_hour_only(letters: Letters):
    opened = case_of()

    token = actions.confirm(opened.case, typed=mailed(opened, letters), remember=False, now=SOON)

    assert not queries.is_known_device(opened.case, token, SOON + timedelta(hours=1, seconds=1))


def test_a_code_opens_once(letters: Letters):
    opened = case_of()
    digits = mailed(opened, letters)
    actions.confirm(opened.case, typed=digits, remember=False, now=SOON)

    with pytest.raises(Refused):
        actions.confirm(opened.case, typed=digits, remember=False, now=SOON)


def test_a_code_is_short_lived(letters: Letters):
    opened = case_of()
    digits = mailed(opened, letters)

    with pytest.raises(Refused):
        actions.confirm(opened.case, typed=digits, remember=False, now=NOON + doors.CODE_LIVES)


def test_after_five_wrong_tries_the_right_one_is_too_late(letters: Letters):
    opened = case_of()
    digits = mailed(opened, letters)
    wrong = "000 000" if digits != "000 000" else "111 111"
    for _n in range(doors.CODE_TRIES):
        with pytest.raises(Refused):
            actions.confirm(opened.case, typed=wrong, remember=False, now=SOON)

    with pytest.raises(Refused):
        actions.confirm(opened.case, typed=digits, remember=False, now=SOON)


def test_only_the_last_code_opens(letters: Letters):
    opened = case_of()
    first, second = mailed(opened, letters), mailed(opened, letters, SOON)

    if first != second:
        with pytest.raises(Refused):
            actions.confirm(opened.case, typed=first, remember=False, now=SOON)
    assert actions.confirm(opened.case, typed=second, remember=False, now=SOON)


def test_nobody_is_flooded_with_codes():
    opened = case_of()
    for _n in range(3):
        actions.mail_code(opened.case, now=NOON)

    with pytest.raises(Busy):
        actions.mail_code(opened.case, now=NOON)
    assert Throttle.objects.filter(subject__startswith="mailed-code:").exists()


def test_without_an_address_no_code_is_sent():
    with pytest.raises(Refused):
        actions.mail_code(case_of(email="").case, now=NOON)


@pytest.mark.parametrize("act", ["renew_link", "revoke_link"])
def test_a_shut_page_shuts_every_other_door_too(act: str, letters: Letters):
    opened = case_of()
    case = opened.case
    token = actions.confirm(case, typed=mailed(opened, letters), remember=True, now=SOON)
    key = actions.open_by_code(
        case.authority_id, reference=case.reference, name="Lefevre Roux", now=SOON
    )

    getattr(actions, act)(case, now=SOON)

    assert key
    assert queries.by_secret(opened.secret, SOON) is None
    assert queries.by_secret(key, SOON) is None
    assert not queries.is_known_device(case, token, SOON)


def test_an_agent_of_another_authority_shuts_nothing():
    with pytest.raises(Refused):
        actions.revoke_link(case_of().case, agent=rozenn(), now=NOON)


def test_what_opens_nothing_any_more_is_forgotten(letters: Letters):
    opened = case_of()
    mailed(opened, letters)

    assert actions.forget_old_doors(now=NOON + timedelta(days=1)) == 1


def test_the_desk_learns_what_it_may_say_and_not_what_we_hold():
    case = case_of().case
    say = {"reference": case.reference, "name": "Lefèvre Roux"}

    by_name = queries.identified(ines(), **say)
    by_phone = queries.identified(ines(), **say, detail="06 12 34 56 78")
    by_wrong = queries.identified(ines(), **say, detail="06 12 34 56 79")
    foreign = queries.identified(rozenn(), **say, detail="06 12 34 56 78", identity=True)

    assert [one.telling for one in (by_name, by_phone, by_wrong, foreign)] == [
        Telling.PROGRESS, Telling.CONTENT, Telling.PROGRESS, Telling.NOTHING,
    ]  # fmt: skip
    assert foreign.case is foreign.stub is None


def test_of_a_sensitive_service_the_desk_learns_whom_to_ask():
    case, service = case_of().case, planning()
    service.is_sensitive = True
    service.save()

    found = queries.identified(ines(), reference=case.reference, name="x", identity=True)

    assert found.case is None
    assert found.stub


def test_a_check_is_kept_with_what_was_checked():
    case = case_of().case

    actions.note_identity_check(
        case, agent=nadia(), checks=[Check.NAME, Check.CODE], telling=Telling.PROGRESS
    )

    [line] = journal.of(case).filter(verb="cases.identity_checked")
    assert line.data == {"checks": ["code", "name"], "telling": "progress"}


def test_a_new_address_is_kept_and_told_without_its_words():
    case = case_of().case

    actions.change_details(case, now=NOON, phone="07 11 22 33 44", address="2 place du Marché")

    case.person.refresh_from_db()
    assert (case.person.phone, case.person.address) == ("0711223344", "2 place du Marché")
    [line] = queries.timeline(case, for_person=True, on=NOON.date())[-1:]
    assert "Marché" not in f"{line.text} {line.words}"


def test_the_code_of_a_case_that_was_put_into_another_leads_there():
    person = odette()
    kept, doubled = windows(person=person).case, windows(person=person).case
    actions.merge(doubled, into=kept, agent=nadia(), now=NOON, reason="Twice the same")

    secret = actions.open_by_code(
        doubled.authority_id, reference=doubled.reference, name="Lefevre Roux", now=NOON
    )

    assert secret
    assert queries.by_secret(secret, NOON) == kept


def test_whoever_acts_for_the_person_gets_the_digits_themselves(letters: Letters):
    made = mandated(case_of().case)
    case = queries.by_secret(made.secret, NOON)

    assert case
    assert queries.mail_of(case) == made.mandate.holder.email
    assert not queries.opened_by_code(made.secret)


def test_a_check_leads_to_a_page_of_its_own_without_what_was_said(client: Client):
    case = windows(now=timezone.now(), person=PersonFactory.create()).case
    client.cookies["django_language"] = "en"
    client.force_login(nadia())
    address = reverse("cases:identify")
    say = {"reference": case.reference, "name": "Odette Kerdraon", "identity": "on"}

    wrong = client.post(address, {**say, "name": "Somebody Else", "identity": ""})
    right = client.post(address, say)

    assert wrong.status_code == 409
    assert "Somebody Else" in wrong.content.decode()
    assert right.status_code == 302
    assert "Odette" not in right.headers["Location"]
    assert case.reference not in right.headers["Location"]
    words = client.get(right.headers["Location"]).content.decode()
    assert "You may say and show everything" in words
    assert "Odette" not in str(dict(client.session))
    other = Client()
    other.force_login(ines())
    assert "You may say" not in other.get(right.headers["Location"]).content.decode()
