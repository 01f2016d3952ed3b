"""Several topics, skills, people kept for somebody, and everything out of order."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from parvis.accounts.models import Skill
from parvis.common.errors import Refused
from parvis.contacts.models import Contact
from parvis.queue import actions, queries
from parvis.queue.models import HallRules, Leg, Ticket
from tests.accounts.factories import ines, marc, rozenn
from tests.organisations.factories import TopicFactory
from tests.queue.factories import MORNING, TicketFactory, at, canteen, desk_of, town_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Any:
    return town_hall()


@pytest.fixture
def desk(site: Any) -> Any:
    return desk_of(site)


@pytest.fixture
def topic(desk: Any) -> Any:
    return desk.topics.get()


@pytest.fixture
def school(site: Any) -> Any:
    return canteen(site)


@pytest.fixture
def other(site: Any, school: Any) -> Any:
    return desk_of(site, "Guichet 2", [school])


def issue(site: Any, topic: Any, minutes: float = 0, **kwargs: Any) -> Ticket:
    return actions.issue_ticket(site, topic, now=at(minutes), source="kiosk", **kwargs).ticket


def kinds(ticket: Ticket) -> list[str]:
    return list(ticket.events.order_by("id").values_list("kind", flat=True))


def legs(ticket: Ticket) -> list[tuple[str, str, str]]:
    found = queries.legs_of(ticket)
    return [
        (leg.topic.slug, "planned" if leg.is_planned else leg.ended_by or "now", leg.outcome)
        for leg in found
    ]


def skill(agent: Any, topic: Any, level: int = 2) -> Skill:
    return Skill.objects.create(
        agent=agent, family=topic.family, level=level, validated_on=MORNING.date()
    )


# Several topics in one visit


def test_a_visit_for_one_topic_has_one_leg_from_arrival_to_contact(site, desk, topic):
    agent = ines()
    ticket = issue(site, topic)
    actions.call_next(desk, agent=agent, now=at(4))
    actions.start(ticket, agent=agent, now=at(5))

    finished = actions.finish(ticket, agent=agent, now=at(9), outcome="resolved")

    leg = Leg.objects.get()
    assert (leg.waiting_since, leg.called_at, leg.started_at, leg.ended_at) == (
        at(0), at(4), at(5), at(9)
    )  # fmt: skip
    assert (leg.desk, leg.agent, leg.contact, leg.outcome) == (
        desk, agent, finished.contact, "resolved"
    )  # fmt: skip
    assert finished.ticket.state == "done"


def test_after_the_first_topic_the_person_waits_for_the_next_with_their_rank(
    site, desk, topic, school, other
):
    ticket = issue(site, topic, topics=[school])
    actions.call_next(desk, agent=ines(), now=at(4))

    finished = actions.finish(ticket, agent=ines(), now=at(9), outcome="resolved")

    assert (finished.ticket.state, finished.ticket.topic) == ("waiting", school)
    assert (finished.ticket.rank_at, finished.ticket.desk) == (at(0), None)
    assert legs(ticket) == [("acte-naissance", "finished", "resolved"), ("cantine", "now", "")]
    assert finished.contact.topic == topic
    assert kinds(ticket) == ["issued", "called", "leg_finished"]


def test_each_topic_of_a_visit_has_its_own_contact(site, desk, topic, school, other):
    ticket = issue(site, topic, topics=[school])
    actions.call_next(desk, agent=ines(), now=at(4))
    actions.finish(ticket, agent=ines(), now=at(9), outcome="resolved")
    actions.call_next(other, agent=marc(), now=at(15))

    actions.finish(ticket, agent=marc(), now=at(20), outcome="case_opened")

    first, second = Contact.objects.order_by("id")
    assert [(c.topic, c.started_at, c.ended_at) for c in (first, second)] == [
        (topic, at(4), at(9)),
        (school, at(15), at(20)),
    ]
    ticket.refresh_from_db()
    assert (ticket.state, ticket.contact) == ("done", second)


def test_the_same_desk_goes_on_with_the_next_topic_at_once(site, desk, topic, school):
    desk.topics.add(school)
    ticket = issue(site, topic, topics=[school])
    waiting = issue(site, topic)
    actions.call_next(desk, agent=ines(), now=at(4))

    actions.finish(ticket, agent=ines(), now=at(9), outcome="resolved", go_on=True)

    ticket.refresh_from_db()
    waiting.refresh_from_db()
    assert (ticket.state, ticket.desk, ticket.topic) == ("serving", desk, school)
    assert (ticket.started_at, ticket.last_call_at) == (at(9), at(4))
    assert waiting.state == "waiting"
    assert kinds(ticket)[-3:] == ["leg_finished", "called", "started"]


def test_finish_and_call_next_keeps_who_stays_for_the_next_topic(site, desk, topic, school):
    desk.topics.add(school)
    issue(site, topic, topics=[school])
    issue(site, topic, -1, priority="card")
    first = actions.call_next(desk, agent=ines(), now=at(4)).ticket
    actions.finish(first, agent=ines(), now=at(5), outcome="resolved")
    mine = actions.call_next(desk, agent=ines(), now=at(6)).ticket

    called = actions.finish_and_call_next(desk, agent=ines(), now=at(9), outcome="resolved")

    assert called.ticket == mine
    assert (called.ticket.state, called.why.because) == ("called", "same_visit")


def test_going_on_is_taken_back_in_one_go(site, desk, topic, school):
    desk.topics.add(school)
    ticket = issue(site, topic, topics=[school])
    agent = ines()
    actions.call_next(desk, agent=agent, now=at(4))
    before = (Ticket.objects.values().get(), list(Leg.objects.order_by("id").values()))
    actions.finish(ticket, agent=agent, now=at(9), outcome="resolved", go_on=True)

    actions.undo_last(desk, agent=agent, now=at(9, 5))

    assert (Ticket.objects.values().get(), list(Leg.objects.order_by("id").values())) == before
    assert Contact.objects.get().undone_at is not None


def test_a_topic_is_added_at_the_desk_and_dropped_again(site, desk, topic, school, other):
    agent = ines()
    ticket = issue(site, topic)
    actions.call_next(desk, agent=agent, now=at(1))
    leg = actions.add_leg(ticket, school, agent=agent, now=at(2))

    with pytest.raises(Refused):
        actions.add_leg(ticket, school, agent=agent, now=at(2))
    actions.drop_leg(leg, agent=agent, now=at(3))

    assert legs(ticket)[1:] == [("cantine", "leg_dropped", "")]
    assert actions.finish(ticket, agent=agent, now=at(4), outcome="resolved").ticket.state == "done"


def test_adding_a_topic_is_taken_back(site, desk, topic, school, other):
    agent = ines()
    ticket = issue(site, topic)
    actions.call_next(desk, agent=agent, now=at(1))
    actions.add_leg(ticket, school, agent=agent, now=at(2))

    actions.undo_last(desk, agent=agent, now=at(2, 5))

    assert legs(ticket) == [("acte-naissance", "now", "")]


def test_a_transfer_to_another_topic_ends_a_leg_and_begins_another(
    site, desk, topic, school, other
):
    agent = ines()
    ticket = issue(site, topic)
    actions.call_next(desk, agent=agent, now=at(1))

    actions.transfer(ticket, agent=agent, now=at(6), topic=school)

    assert legs(ticket) == [
        ("acte-naissance", "transferred", "passed_on"),
        ("cantine", "now", ""),
    ]
    actions.undo_last(desk, agent=agent, now=at(6, 5))
    assert legs(ticket) == [("acte-naissance", "now", "")]


def test_who_leaves_leaves_all_their_topics(site, desk, topic, school, other):
    ticket = issue(site, topic, topics=[school])

    actions.leave(ticket, now=at(5))

    assert [how for _slug, how, _outcome in legs(ticket)] == ["left", "left"]


@pytest.mark.parametrize("twice", [True, False])
def test_a_visit_does_not_name_a_topic_twice_nor_without_end(site, desk, topic, twice):
    more = [TopicFactory(authority=site.authority, slug=f"t{n}", name=f"T{n}") for n in range(7)]
    desk.topics.add(*more)

    with pytest.raises(Refused):
        issue(site, topic, topics=[topic] if twice else more)


# Skills


def test_a_topic_that_needs_a_skill_is_called_by_who_is_able(site, desk, topic):
    topic.needs_skill = True
    topic.save()
    issue(site, topic)
    learner, able = ines(), marc()
    skill(learner, topic, level=1)
    skill(able, topic)

    assert actions.call_next(desk, agent=learner, now=at(1)) is None
    assert actions.call_next(desk, agent=able, now=at(1)) is not None


def test_a_skill_in_another_family_is_of_no_use(site, desk, topic, school):
    topic.needs_skill = True
    topic.save()
    issue(site, topic)
    skill(ines(), school)

    assert actions.call_next(desk, agent=ines(), now=at(1)) is None


def test_the_wait_counts_only_on_who_is_able(site, desk, topic):
    topic.needs_skill = True
    topic.save()
    actions.sit_down(desk, agent=ines(), now=at(0))
    assert queries.expected_wait(site, topic, at(1)) is None

    skill(ines(), topic)

    assert queries.expected_wait(site, topic, at(1)) is not None


def test_nobody_is_chosen_or_sent_to_who_is_not_able(site, desk, topic):
    topic.needs_skill = True
    topic.save()
    ticket = issue(site, topic)
    actions.sit_down(desk, agent=ines(), now=at(0))

    with pytest.raises(Refused, match="Inès"):
        actions.call_ticket(ticket, desk=desk, agent=ines(), now=at(1), reason="pressé")
    with pytest.raises(Refused, match="Inès"):
        actions.transfer(ticket, agent=marc(), now=at(1), agent_to=ines())


# Appointments


def test_an_appointment_is_called_at_its_hour_before_who_came_within_the_limit(site, desk, topic):
    early = issue(site, topic, 30)
    booked = issue(site, topic, 20, booked_at=at(60))
    late = issue(site, topic, 45)

    called = [
        actions.call_next(desk_of(site, f"G{n}", [topic]), agent=ines(), now=at(61))
        for n in range(3)
    ]

    assert [one.ticket for one in called] == [early, booked, late]
    assert called[1].reason == "rendez-vous à 10\u00a0h\u00a000"


def test_who_comes_too_late_to_an_appointment_waits_as_everybody(site, desk, topic):
    HallRules.objects.create(site=site, late_minutes=10)

    ticket = issue(site, topic, 75, booked_at=at(60))

    assert ticket.rank_at == at(75)


# Set aside and back


def test_who_was_set_aside_comes_back_to_the_same_agent(site, desk, topic):
    agent = ines()
    second = desk_of(site, "Guichet 2", [topic])
    actions.sit_down(desk, agent=agent, now=at(0))
    ticket = issue(site, topic)
    actions.call_next(desk, agent=agent, now=at(1))
    actions.hold(ticket, agent=agent, now=at(2))

    back = actions.come_back(ticket, now=at(8))

    assert (back.state, back.reserved_agent, back.rank_at) == ("waiting", agent, at(0))
    assert actions.call_next(second, agent=marc(), now=at(9)) is None
    called = actions.call_next(desk, agent=agent, now=at(9))
    assert called.reason == "de retour auprès de vous, arrivée à 9\u00a0h\u00a000"
    assert called.why.because == "returned"


def test_who_wishes_for_anyone_is_called_by_anyone(site, desk, topic):
    second = desk_of(site, "Guichet 2", [topic])
    ticket = issue(site, topic)
    actions.call_next(desk, agent=ines(), now=at(1))
    actions.hold(ticket, agent=ines(), now=at(2), wish="anyone")
    actions.come_back(ticket, now=at(8))

    assert actions.call_next(second, agent=marc(), now=at(9)).ticket == ticket


def test_who_left_takes_up_the_place_again_for_a_while(site, desk, topic, school, other):
    ticket = issue(site, topic, topics=[school])
    actions.leave(ticket, now=at(5))
    before = legs(ticket)

    back = actions.come_back(ticket, now=at(20))

    assert (back.state, back.rank_at, back.ended_at) == ("waiting", at(0), None)
    assert [how for _slug, how, _outcome in legs(ticket)] == ["now", "planned"]
    actions.leave(ticket, now=at(21))
    assert legs(ticket) == before
    with pytest.raises(Refused):
        actions.come_back(ticket, now=at(21 + 31))


def test_who_missed_the_call_is_called_again(site, desk, topic):
    ticket = issue(site, topic)
    actions.call_next(desk, agent=ines(), now=at(1))
    actions.mark_no_show(ticket, agent=ines(), now=at(2))

    actions.come_back(ticket, now=at(3))

    assert actions.call_next(desk, agent=ines(), now=at(4)).ticket == ticket


def test_two_people_are_let_past_and_not_more(site, desk, topic, school, other):
    me = issue(site, topic, 0)
    issue(site, school, 1)
    people = [issue(site, topic, minute) for minute in (2, 3, 4)]

    actions.let_pass(me, now=at(5))

    order = [place.ticket for place in queries.line_of_desk(desk, at(5)) if place.is_for_here]
    assert order == [people[0], people[1], me, people[2]]


def test_nobody_lets_past_without_end_nor_nobody(site, desk, topic):
    me = issue(site, topic, 0)
    with pytest.raises(Refused, match="derrière"):
        actions.let_pass(me, now=at(1))
    for minute in range(1, 9):
        issue(site, topic, minute)
    actions.let_pass(me, now=at(9))
    actions.let_pass(me, now=at(9))

    with pytest.raises(Refused, match="2"):
        actions.let_pass(me, now=at(9))


# Nobody waits for who is not there


def kept(site: Any, desk: Any, topic: Any) -> tuple[Any, Ticket]:
    """Somebody whom only Marc calls, who receives at a desk."""
    session = actions.sit_down(desk, agent=marc(), now=at(0))
    ticket = issue(site, topic)
    actions.transfer(ticket, agent=ines(), now=at(1), agent_to=marc())
    return session, ticket


def test_who_is_sent_to_a_colleague_is_called_by_them_and_told_by_whom(site, desk, topic):
    second = desk_of(site, "Guichet 2", [topic])
    _session, ticket = kept(site, desk, topic)

    assert actions.call_next(second, agent=ines(), now=at(2)) is None
    called = actions.call_next(desk, agent=marc(), now=at(2))

    assert called.ticket == ticket
    assert called.reason.startswith("de la part de Inès Rollin")


def test_nobody_is_sent_to_a_colleague_who_does_not_receive(site, desk, topic):
    with pytest.raises(Refused, match="Marc"):
        actions.transfer(issue(site, topic), agent=ines(), now=at(1), agent_to=marc())


@pytest.mark.parametrize("gone", ["stand_up", "pause", "moved"])
def test_nobody_waits_for_a_colleague_who_is_gone(site, desk, topic, gone):
    second = desk_of(site, "Guichet 2", [topic])
    session, ticket = kept(site, desk, topic)
    if gone == "stand_up":
        actions.stand_up(session, agent=marc(), now=at(3))
    elif gone == "pause":
        actions.pause(session, agent=marc(), now=at(3))
        assert actions.call_next(second, agent=ines(), now=at(4)) is None
    else:
        elsewhere = town_hall(slug="annexe")
        actions.sit_down(desk_of(elsewhere, "Guichet 9", [topic]), agent=marc(), now=at(3))

    assert actions.call_next(second, agent=ines(), now=at(15)).ticket == ticket
    assert "released" in kinds(ticket)


def test_nobody_waits_for_a_desk_that_closed(site, desk, topic):
    second = desk_of(site, "Guichet 2", [topic])
    session = actions.sit_down(desk, agent=marc(), now=at(0))
    ticket = issue(site, topic)
    actions.transfer(ticket, agent=ines(), now=at(1), desk=desk)
    actions.stand_up(session, agent=marc(), now=at(2))

    assert actions.call_next(second, agent=ines(), now=at(3)).ticket == ticket


def test_a_desk_without_signs_of_life_keeps_nobody(site, desk, topic):
    ticket = issue(site, topic)
    actions.transfer(ticket, agent=ines(), now=at(1), desk=desk)

    assert actions.release_stranded(site, now=at(5)) == 0
    assert actions.release_stranded(site, now=at(12)) == 1


def test_moving_to_another_desk_keeps_those_who_wait_for_me(site, desk, topic):
    second = desk_of(site, "Guichet 2", [topic])
    _session, ticket = kept(site, desk, topic)

    actions.sit_down(second, agent=marc(), now=at(3))

    assert actions.call_next(second, agent=marc(), now=at(4)).ticket == ticket


def test_an_early_appointment_with_somebody_is_kept_until_its_hour(site, desk, topic):
    ticket = issue(site, topic, 0, booked_at=at(40), reserved_agent=marc())

    assert actions.release_stranded(site, now=at(45)) == 0
    assert actions.release_stranded(site, now=at(51)) == 1
    assert "released" in kinds(ticket)


# Out of order


def test_somebody_is_chosen_for_a_reason_that_stays_written(site, desk, topic):
    issue(site, topic, 0)
    chosen = issue(site, topic, 5)

    called = actions.call_ticket(chosen, desk=desk, agent=ines(), now=at(6), reason="enfant malade")

    assert called.ticket == chosen
    assert "enfant malade" in called.reason
    event = chosen.events.get(kind="called")
    assert (event.data["because"], event.data["reason"]) == ("chosen", "enfant malade")


def test_nobody_is_chosen_without_a_reason(site, desk, topic):
    with pytest.raises(Refused):
        actions.call_ticket(issue(site, topic), desk=desk, agent=ines(), now=at(1), reason=" ")


def test_somebody_without_a_ticket_is_received_at_once(site, desk, topic):
    issued = actions.receive(site, topic, desk=desk, agent=ines(), now=at(3))

    ticket = Ticket.objects.get()
    assert issued.ticket == ticket
    assert (ticket.state, ticket.desk, ticket.started_at) == ("serving", desk, at(3))
    assert queries.display_snapshot(site, at(3))["calls"] == []
    assert kinds(ticket) == ["issued", "called", "started"]


def test_past_others_one_is_received_at_once_for_a_reason_only(site, desk, topic):
    issue(site, topic)

    with pytest.raises(Refused):
        actions.receive(site, topic, desk=desk, agent=ines(), now=at(3))
    actions.receive(site, topic, desk=desk, agent=ines(), now=at(3), reason="juste un tampon")

    assert Ticket.objects.filter(state="serving").count() == 1


def test_receiving_at_once_is_taken_back_as_if_it_never_was(site, desk, topic):
    ticket = actions.receive(site, topic, desk=desk, agent=ines(), now=at(3)).ticket

    actions.undo_last(desk, agent=ines(), now=at(3, 5))

    ticket.refresh_from_db()
    assert ticket.state == "left"
    assert kinds(ticket)[-1] == "voided"
    assert queries.present_ticket(desk.pk) is None


def test_a_busy_desk_receives_nobody_else(site, desk, topic):
    actions.receive(site, topic, desk=desk, agent=ines(), now=at(3))
    waiting = issue(site, topic)

    with pytest.raises(Refused):
        actions.receive(site, topic, desk=desk, agent=ines(), now=at(4), reason="x")
    with pytest.raises(Refused):
        actions.call_ticket(waiting, desk=desk, agent=ines(), now=at(4), reason="x")


# Who it is


def test_the_person_may_say_who_they_are(site, desk, topic):
    agent = ines()
    ticket = issue(site, topic)
    actions.call_next(desk, agent=agent, now=at(1))

    named = actions.identify(
        ticket, agent=agent, now=at(2), last_name="Le Goff", phone="0298000000"
    )
    contact = actions.finish(named, agent=agent, now=at(3), outcome="resolved").contact

    assert (named.person.last_name, contact.person) == ("Le Goff", named.person)
    assert contact.linking == "details"


def test_saying_who_it_is_can_be_taken_back(site, desk, topic):
    agent = ines()
    ticket = issue(site, topic)
    actions.call_next(desk, agent=agent, now=at(1))
    actions.identify(ticket, agent=agent, now=at(2), last_name="Le Goff")

    undone = actions.undo_last(desk, agent=agent, now=at(2, 5))

    assert undone.person is None


@pytest.mark.parametrize(
    "verb",
    [
        lambda t, d, a: actions.call_ticket(t, desk=d, agent=a, now=at(1), reason="x"),
        lambda t, d, a: actions.transfer(t, agent=a, now=at(1), agent_to=a),
    ],
)
def test_another_authority_does_nothing_here(site, desk, topic, verb):
    ticket = issue(site, topic)
    foreign = rozenn()
    there = desk_of(town_hall(slug="ailleurs"), "Guichet 1", [topic])
    actions_there = there

    with pytest.raises(Refused):
        verb(ticket, actions_there, foreign)


def test_paper_slips_keep_their_number_and_their_hour(site, desk, topic):
    ticket = issue(site, topic, 30, slip=actions.Slip(57, at(2)))

    assert (ticket.code, ticket.issued_at, ticket.rank_at) == ("P\u00a057", at(2), at(2))
    assert ticket.entered_at == at(30)
    assert issue(site, topic, 31).number == 1


def test_what_was_announced_is_kept(site, desk, topic):
    actions.sit_down(desk, agent=ines(), now=at(0))
    TicketFactory(site=site, topic=topic)

    ticket = issue(site, topic)

    assert ticket.announced_high is not None
    assert ticket.announced_low <= ticket.announced_high


def test_a_call_takes_the_same_statements_with_skills(site, desk, topic, django_assert_num_queries):
    topic.needs_skill = True
    topic.save()
    agent = ines()
    skill(agent, topic)
    issue(site, topic)

    # The claim, the event and the version (one on PostgreSQL).
    with django_assert_num_queries(2 if connection.vendor == "postgresql" else 3):
        actions.call_next(desk, agent=agent, now=at(1))


def test_the_limit_of_coming_back_is_that_of_the_hall(site, desk, topic):
    HallRules.objects.create(site=site, back_minutes=5)
    ticket = issue(site, topic)
    actions.leave(ticket, now=at(1))

    with pytest.raises(Refused, match="5"):
        actions.come_back(ticket, now=at(1) + timedelta(minutes=6))
