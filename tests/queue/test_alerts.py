"""Told once, when it is nearly one's turn; then the address is gone."""

import pytest
from django.core import mail
from django.utils.translation import override
from django_tasks_db.models import DBTaskResult

from parvis.common.errors import Refused
from parvis.common.models import JournalEntry, OutgoingText
from parvis.queue import actions, queries, tasks
from parvis.queue.models import Alert
from tests.accounts.factories import ines
from tests.queue.factories import at, canteen, desk_of, town_hall

pytestmark = pytest.mark.django_db
ME = "moi@exemple.fr"


@pytest.fixture
def desk():
    site = town_hall()
    here = desk_of(site)
    actions.sit_down(here, agent=ines(), now=at(-1))
    return here


def come(desk, count: int, topic=None):
    topic = topic or desk.topics.get()
    return [
        actions.issue_ticket(desk.site, topic, now=at(n / 10), source="kiosk").ticket
        for n in range(count)
    ]


def ask(ticket, channel: str = "email", address: str = ME, **more) -> Alert:
    return actions.ask_alert(ticket, channel=channel, address=address, now=at(2), **more)


def call(desk, minute: float):
    present = queries.present_ticket(desk.pk)
    if present:
        actions.mark_no_show(present, agent=ines(), now=at(minute))
    return actions.call_next(desk, agent=ines(), now=at(minute))


def told(desk, minute: float = 9) -> list[Alert]:
    alerts = actions.tell_those_near(desk.site, now=at(minute))
    for alert in alerts:
        actions.mail_alert(alert.pk, now=at(minute))
    return alerts


def test_somebody_is_told_when_two_people_are_before_them(desk):
    *_others, mine = come(desk, 4)
    alert = ask(mine)
    assert told(desk) == []

    call(desk, 3)
    assert told(desk) == [alert]

    [message] = mail.outbox
    assert message.to == [ME]
    assert "E 4" in message.subject
    alert.refresh_from_db()
    assert (alert.address, alert.told_at) == ("", at(9))


def test_nobody_is_told_twice_whatever_happens_to_the_ticket(desk):
    *_others, mine = come(desk, 4)
    ask(mine)
    call(desk, 3)
    told(desk)
    for minute in (4, 5, 6):
        called = call(desk, minute)
    assert called.ticket == mine
    other = canteen(desk.site)
    desk_of(desk.site, "Guichet 2", topics=[other])
    actions.transfer(mine, agent=ines(), now=at(7), topic=other)

    assert told(desk, 8) == []
    assert len(mail.outbox) == 1


def test_of_two_workers_one_tells(desk, monkeypatch):
    *_others, mine = come(desk, 4)
    ask(mine)
    call(desk, 3)
    place_in, inside = queries.place_in, []

    def meanwhile(hall, ticket_id):
        if not inside:
            inside.append(True)
            inside.append(actions.tell_those_near(desk.site, now=at(4)))
        return place_in(hall, ticket_id)

    monkeypatch.setattr(queries, "place_in", meanwhile)

    assert actions.tell_those_near(desk.site, now=at(4)) == []
    assert len(inside[1]) == 1


def test_people_for_other_desks_are_not_counted(desk):
    other = canteen(desk.site)
    desk_of(desk.site, "Guichet 2", topics=[other])
    come(desk, 5, topic=other)
    *_mine_before, mine = come(desk, 4)
    alert = ask(mine)

    call(desk, 3)
    assert told(desk) == [alert]


def test_a_text_message_goes_through_the_outbox_and_the_number_with_it(desk):
    *_others, mine = come(desk, 4)
    ask(mine, "sms", "06 12 34 56 78")
    call(desk, 3)
    told(desk)

    row = OutgoingText.objects.get()
    assert (row.to, row.purpose) == ("+33612345678", "queue.near")
    assert "E 4" in row.text
    assert Alert.objects.get().address == ""


def test_it_is_said_in_the_language_of_the_ticket(desk):
    *_others, mine = come(desk, 4)
    type(mine).objects.filter(pk=mine.pk).update(language="en")
    ask(mine)
    call(desk, 3)
    with override("fr"):
        told(desk)

    assert "It is nearly your turn: 2 people are before you." in mail.outbox[0].body


@pytest.mark.parametrize(
    ("channel", "address"),
    [("email", "moi"), ("email", ""), ("sms", "12"), ("pigeon", ME), ("email", "a" * 250 + ME)],
)
def test_an_address_that_is_none_is_refused_in_words(desk, channel, address):
    *_others, mine = come(desk, 4)

    with pytest.raises(Refused):
        ask(mine, channel, address)
    assert not Alert.objects.exists()


def test_who_is_near_already_gives_no_address(desk):
    mine, *_others = come(desk, 4)

    with override("en"), pytest.raises(Refused, match="You are the next"):
        ask(mine)


def test_who_is_gone_gives_no_address(desk):
    *_others, mine = come(desk, 4)
    actions.leave(mine, now=at(1))

    with pytest.raises(Refused):
        ask(mine)


def test_another_address_replaces_the_one_before_and_may_be_taken_back(desk):
    *_others, mine = come(desk, 4)
    ask(mine)
    ask(mine, address="autre@exemple.fr")
    assert Alert.objects.get().address == "autre@exemple.fr"

    actions.drop_alert(mine, channel="email")
    assert not Alert.objects.exists()


def test_addresses_of_no_use_are_forgotten(desk):
    *_others, mine, other = come(desk, 5)
    ask(mine)
    ask(other)
    actions.leave(mine, now=at(3))
    assert actions.forget_addresses(now=at(4)) == 1

    assert actions.forget_addresses(now=at(13 * 60)) == 1
    assert not Alert.objects.exists()


def test_no_address_is_ever_in_the_journal_or_in_a_job(desk):
    *_others, mine = come(desk, 4)
    ask(mine)
    ask(mine, "sms", "06 12 34 56 78")
    call(desk, 3)
    tasks.tell_those_near.func(desk.site_id)
    tasks.look_after_alerts.func()

    kept = [str(row) for row in JournalEntry.objects.values_list("data", flat=True)]
    kept += [str(row) for row in mine.events.values_list("data", flat=True)]
    kept += [str(row) for row in DBTaskResult.objects.values_list("args_kwargs", flat=True)]
    assert not [line for line in kept if ME in line or "61234" in line]


def test_a_mail_server_in_trouble_is_asked_again_until_it_is_of_no_use(desk, monkeypatch):
    *_others, mine = come(desk, 4)
    alert = ask(mine)
    call(desk, 3)
    actions.tell_those_near(desk.site, now=at(4))

    def broken(_mail) -> None:
        raise OSError

    with monkeypatch.context() as trouble:
        trouble.setattr("django.core.mail.EmailMessage.send", broken)
        assert actions.mail_alert(alert.pk, now=at(4)) is True
    assert actions.mail_alert(alert.pk, now=at(30)) is False

    alert.refresh_from_db()
    assert alert.address == ""
    assert mail.outbox == []


def test_a_call_has_a_job_look_only_where_somebody_wants_to_be_told(desk):
    tickets = come(desk, 5)
    call(desk, 3)
    looks = DBTaskResult.objects.filter(task_path__endswith="tell_those_near")
    assert not looks.exists()

    ask(tickets[-1])
    call(desk, 4)
    actions.leave(tickets[3], now=at(5))
    assert looks.count() == 2
