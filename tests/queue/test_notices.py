"""“We are late because…”: said at once, to whom it concerns, and kept in the account."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from parvis.common import journal
from parvis.common.errors import Refused
from parvis.queue import actions, queries
from parvis.queue.models import HallNotice
from tests.accounts.factories import ines, marc, rozenn
from tests.queue.factories import at, canteen, desk_of, town_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    hall = town_hall()
    desk_of(hall)
    return hall


def shown(site, minute: float, *topics) -> list[str]:
    return [
        notice.sentence
        for notice in queries.notices_for(site, at(minute), [topic.pk for topic in topics])
    ]


def test_what_is_said_to_everyone_is_on_the_screens(site):
    actions.post_notice(site, "  Un agent   arrive. ", agent=marc(), now=at(0))

    board = queries.display_snapshot(site, at(0))
    assert board["message"] == "Un agent arrive."
    assert board["notices"] == [{"topic": None, "text": "Un agent arrive."}]


def test_what_is_said_to_those_of_one_topic_is_not_for_the_others(site):
    other = canteen(site)
    desk_of(site, "Guichet 2", topics=[other])
    birth = site.desks.first().topics.get()
    actions.post_notice(site, "Patience.", agent=marc(), now=at(0), topic=other)

    assert shown(site, 1, other) == ["Patience."]
    assert shown(site, 1, birth) == []
    board = queries.display_snapshot(site, at(1))
    assert board["message"] == ""
    assert board["notices"] == [{"topic": "Cantine", "text": "Patience."}]


def test_a_ready_made_reason_is_read_in_the_language_of_the_reader(site):
    notice = actions.post_notice(site, agent=marc(), now=at(0), reason="absent")

    with override("en"):
        assert notice.sentence == "We are late: a colleague is missing today."
    with override("fr"):
        assert notice.sentence == "Nous avons du retard\u00a0: il manque un collègue aujourd’hui."


def test_a_message_ends_by_itself(site):
    until = at(30)
    actions.post_notice(site, "Patience.", agent=marc(), now=at(0), until=until)

    assert shown(site, 29)
    assert not shown(site, 30)


def test_a_new_message_takes_the_place_of_the_one_before(site):
    actions.post_notice(site, "Dix minutes.", agent=marc(), now=at(0))
    actions.post_notice(site, "Vingt minutes.", agent=ines(), now=at(5))

    assert shown(site, 6) == ["Vingt minutes."]
    assert [n.text for n in queries.notices_since(site, at(-1))] == [
        "Vingt minutes.",
        "Dix minutes.",
    ]


def test_a_message_is_taken_away_once_and_stays_in_the_account(site):
    notice = actions.post_notice(site, "Patience.", agent=marc(), now=at(0))
    for minute in (3, 4):
        actions.end_notice(notice, agent=ines(), now=at(minute))

    assert not shown(site, 5)
    assert notice.ended_at == at(3)
    assert [line.verb for line in journal.of(site)] == [
        "queue.notice_posted",
        "queue.notice_ended",
    ]


@pytest.mark.parametrize(
    ("text", "more", "says"),
    [
        ("", {}, "Say why"),
        ("a" * 201, {}, "201"),
        ("", {"reason": "weather"}, "not on the list"),
        ("Patience.", {"until": at(-1)}, "between now"),
        ("Patience.", {"until": at(0) + timedelta(days=30)}, "between now"),
    ],
)
def test_what_cannot_be_said_is_refused_in_words(site, text, more, says):
    with override("en"), pytest.raises(Refused, match=says):
        actions.post_notice(site, text, agent=marc(), now=at(0), **more)
    assert not HallNotice.objects.exists()


def test_a_topic_that_nobody_receives_here_is_refused(site):
    with pytest.raises(Refused):
        actions.post_notice(site, "Patience.", agent=marc(), now=at(0), topic=canteen(site))


def test_another_authority_sees_none_of_it(site):
    actions.post_notice(site, "Patience.", agent=marc(), now=at(0))

    assert not HallNotice.objects.visible_to(rozenn()).exists()
