from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import translation

from parvis.contacts.models import Contact, Correction
from parvis.organisations import actions as organisations
from parvis.organisations.models import Authority, Topic
from parvis.quality import queries
from parvis.quality.queries import Perimeter, legs
from parvis.quality.rules.measures import Measure
from parvis.quality.rules.memory import CODES
from parvis.quality.rules.periods import Days, months_until
from parvis.queue import actions as queue
from parvis.queue.models import Ticket
from tests.accounts.factories import ines, rozenn
from tests.contacts.factories import PersonFactory
from tests.organisations.factories import (
    AuthorityFactory,
    DeskFactory,
    ServiceFactory,
    SiteFactory,
    TopicFactory,
    TopicFamilyFactory,
)
from tests.quality.factories import answered, at, exchange, served, told_ticket

pytestmark = pytest.mark.django_db

APRIL_FIRST = at(1, 9, month=4)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


def march(authority: Authority | None = None, **kwargs: Any) -> Perimeter:
    authority = authority or AuthorityFactory.create()
    return Perimeter(authority, date(2026, 3, 1), date(2026, 3, 31), **kwargs)


def figures(perimeter: Perimeter, now: datetime = APRIL_FIRST) -> dict[str, Measure]:
    return {measure.code: measure for measure in queries.measures(perimeter, now=now)}


def topic_of(family: str, **kwargs: Any) -> Topic:
    return TopicFactory.create(
        slug=f"sujet-{family}",
        name=f"Sujet {family}",
        family=TopicFamilyFactory.create(slug=family, name=family),
        **kwargs,
    )


GOLDEN = [
    ("A", "civil", 1, {}),
    ("A", "civil", 5, {"channel": "phone"}),
    ("B", "civil", 1, {"channel": "phone"}),
    ("C", "social", 2, {"outcome": "passed_on"}),
    ("D", "urban", 3, {"channel": "post"}),
    ("D", "urban", 20, {"channel": "post"}),
    ("E", "civil", 4, {"channel": "assistant", "agent": None}),
    ("E", "civil", 4, {"channel": "phone"}),
    ("F", "family", 6, {}),
    ("F", "social", 8, {}),
    ("", "civil", 7, {}),
    ("G", "civil", 28, {}),
]


def golden() -> None:
    people = {name: PersonFactory.create(last_name=name) for name in "ABCDEFG"}
    for place, (person, family, day, told) in enumerate(GOLDEN):
        known = {"person": people[person], "linking": "details"} if person else {}
        exchange(at(day, 9, place * 10), topic=topic_of(family), **{**told, **known})


def test_the_worked_example_comes_out_of_the_database():
    golden()

    found = figures(march())

    assert (found["FCR-D"].numerator, found["FCR-D"].denominator) == (10, 11)
    assert (found["FCR-N"].numerator, found["FCR-N"].denominator) == (4, 7)
    assert found["FCR-N"].value == pytest.approx(0.571, abs=0.0005)
    assert found["FCR-N"].excluded == {
        "repeat": 2,
        "unlinkable": 1,
        "not_resolvable": 0,
        "censored": 2,
    }
    assert found["FCR-GAP"].value == pytest.approx(10 / 11 - 4 / 7)


def test_a_repeat_is_seen_although_it_lies_outside_what_is_asked_for():
    golden()
    by_desk = figures(march(channel="desk"))["FCR-N"]

    # A, C and F twice are left at the desk (G is too recent): A came back by telephone.
    assert (by_desk.denominator, by_desk.hidden) == (4, True)
    assert by_desk.excluded["censored"] == 1
    assert figures(march(channel="desk"))["FCR-R"].denominator == 4


def test_contacts_taken_back_do_not_count():
    golden()
    Contact.objects.filter(person__last_name="A", channel="phone").update(undone_at=APRIL_FIRST)

    assert figures(march())["FCR-N"].numerator == 5


def test_mere_drop_offs_and_longer_windows_follow_the_topic():
    person = PersonFactory.create()
    permit = topic_of("permis", fcr_window_days=30)
    drop = topic_of("depot", is_resolvable=False)
    exchange(at(1, month=2), topic=permit, person=person, linking="details")
    exchange(at(1), topic=permit, person=person, linking="details")
    exchange(at(2), topic=drop, person=person, linking="details")

    net = figures(march())["FCR-N"]

    assert net.excluded["repeat"] == 1
    assert net.excluded["not_resolvable"] == 1


def test_waits_come_out_of_the_events_of_tickets():
    for minute, wait in enumerate([0, 2, 3, 5, 8, 13, 21]):
        served(at(3, 10, minute), wait)

    found = figures(march())

    assert found["WAIT-P50"].value == pytest.approx(5 * 60)
    assert found["WAIT-P90"].value == pytest.approx(16.2 * 60)
    assert (found["WAIT-TARGET"].numerator, found["WAIT-TARGET"].denominator) == (5, 7)
    assert found["SERVICE-TIME"].value == pytest.approx(8 * 60)


def test_announced_waits_are_held_against_the_real_ones_in_the_perimeter():
    for minute, wait in enumerate([0, 2, 3, 5, 8, 13, 21]):
        made = served(at(3, 10, minute), wait)
        called = at(3, 10, minute) + timedelta(minutes=wait)
        long = {"announced_low": 10, "announced_high": 20}
        short = {"announced_low": 0, "announced_high": 5}
        Ticket.objects.filter(pk=made.pk).update(
            called_at=called, **(long if wait > 5 else short if wait else {})
        )

    found = figures(march())

    assert (found["WAIT-PROMISE"].numerator, found["WAIT-PROMISE"].denominator) == (4, 6)
    assert found["WAIT-PROMISE"].excluded == {"not_announced": 1}
    assert found["WAIT-PROMISE-LONG"].hidden
    assert "WAIT-PROMISE" not in figures(march(channel="phone"))
    assert figures(march(topic=topic_of("taxes")))["WAIT-PROMISE"].denominator == 0


def test_who_gave_up_counts_as_not_received_in_time():
    for minute in range(8):
        served(at(3, 10, minute), 5)
    told_ticket([("left", 3)], joined=at(3))
    told_ticket([("called", 4), ("recalled", 5), ("no_show", 6)], joined=at(3))
    told_ticket([("called", 4), ("no_show", 6)], joined=at(3))

    found = figures(march())

    assert (found["WAIT-TARGET"].numerator, found["WAIT-TARGET"].denominator) == (8, 10)
    assert found["WAIT-TARGET"].excluded["absent_after_one_call"] == 1
    assert (found["ABANDONMENT"].numerator, found["ABANDONMENT"].denominator) == (2, 11)


def test_each_site_is_held_to_its_own_goal():
    annexe = SiteFactory.create(slug="annexe", wait_target_minutes=5)
    for minute in range(5):
        served(at(3, 10, minute), 7)
        served(at(3, 11, minute), 7, site=annexe)

    assert figures(march())["WAIT-TARGET"].numerator == 5


def test_a_goal_that_was_changed_judges_no_day_before():
    site = SiteFactory.create(wait_target_minutes=10)
    for minute in range(5):
        served(at(3, 10, minute), 7, site=site)
        served(at(20, 10, minute), 7, site=site)
    before = figures(march())["WAIT-TARGET"]

    site.wait_target_minutes = 5
    organisations.keep_site(site, actor=None, now=at(20, 8))
    after = figures(march())["WAIT-TARGET"]

    assert (before.numerator, before.denominator) == (10, 10)
    assert (after.numerator, after.denominator) == (5, 10)
    assert after.detail["target"] is None  # two goals held in that month


def test_satisfaction_gives_wilsons_interval():
    for place in range(30):
        answered(exchange(at(3, 9, place)), 5 if place < 27 else 2)
    exchange(at(3, 12))

    content = figures(march())["CSAT"]

    assert (content.numerator, content.denominator) == (27, 30)
    assert content.interval is not None
    assert list(content.interval) == pytest.approx([0.7438, 0.9654], abs=0.0001)
    assert content.detail["contacts"] == 31


def test_fewer_than_five_are_hidden():
    for place in range(4):
        answered(exchange(at(3, 9, place)), 5)
        served(at(3, 9, place), 5)

    for code in ("CSAT", "FCR-D", "WAIT-TARGET", "WAIT-P50"):
        measure = figures(march())[code]
        assert (measure.value, measure.numerator, measure.hidden) == (None, None, True), code
        assert measure.detail == {}


def test_another_authority_never_mixes_in():
    foreign = rozenn().authority
    for place in range(6):
        served(at(3, 9, place), 50, site=SiteFactory.create(authority=foreign))
        answered(exchange(at(3, 9, place), authority=foreign, outcome="passed_on"), 1)
        served(at(3, 9, place), 5)
        answered(exchange(at(3, 9, place)), 5)

    ours, theirs = figures(march()), figures(march(foreign))

    assert ours["WAIT-TARGET"].value == ours["CSAT"].value == ours["FCR-D"].value == 1
    assert theirs["WAIT-TARGET"].value == theirs["CSAT"].value == theirs["FCR-D"].value == 0
    assert ours["CSAT"].denominator == theirs["CSAT"].denominator == 6


def test_a_ticket_belongs_to_the_topic_that_it_was_taken_for():
    civil, taxes = topic_of("civil"), topic_of("taxes", service=ServiceFactory(slug="taxes"))
    for minute in range(5):
        told_ticket(
            [
                ("called", 3), ("started", 3),
                ("transferred", 8, {"topic": taxes.pk, "before": {"topic_id": civil.pk}}),
                ("called", 15), ("started", 15), ("finished", 20),
            ],
            joined=at(3, 10, minute), topic=taxes,
        )  # fmt: skip

    of_civil = figures(march(topic=civil))

    assert of_civil["WAIT-P50"].value == 3 * 60
    assert of_civil["WAIT-TRANSFER"].value == 7 * 60
    assert of_civil["IN-BUILDING"].value == 20 * 60
    assert figures(march(topic=taxes))["WAIT-P50"].denominator == 0
    assert figures(march(service=taxes.service))["WAIT-P50"].denominator == 0
    assert "WAIT-P50" not in figures(march(channel="phone"))


def test_a_night_of_changing_clocks_counts_true_minutes():
    before = datetime(2026, 3, 29, 0, 50, tzinfo=UTC)  # 1:50 by the old time
    for second in range(5):
        served(before + timedelta(seconds=second), 20)  # 3:10 by the new one

    found = figures(march())

    assert found["WAIT-P50"].value == pytest.approx(20 * 60)
    assert found["WAIT-P50"].denominator == 5


def test_days_are_those_of_the_place():
    reunion = AuthorityFactory.create(slug="reunion", name="Saint-Orvan")
    hall = SiteFactory.create(authority=reunion, timezone="Indian/Reunion")
    for second in range(5):
        late = datetime(2026, 3, 31, 21, 0, second, tzinfo=UTC)  # already 1 April there
        served(late, 5, site=hall)
        exchange(late, authority=reunion, site=hall)

    found = figures(march(reunion), now=datetime(2026, 4, 3, tzinfo=UTC))

    assert found["WAIT-P50"].denominator == found["FCR-D"].denominator == 0


def test_the_acts_of_the_hall_become_legs():
    agent = ines()
    topic = TopicFactory.create()
    desk = DeskFactory.create(topics=[topic])
    issued = queue.issue_ticket(desk.site, topic, now=at(3), source="agent", actor=agent).ticket
    queue.sit_down(desk, agent=agent, now=at(3, 10, 1))
    queue.call_next(desk, agent=agent, now=at(3, 10, 4))
    queue.mark_no_show(issued, agent=agent, now=at(3, 10, 5))
    queue.undo_last(desk, agent=agent, now=at(3, 10, 5.1))
    issued.refresh_from_db()
    queue.transfer(issued, agent=agent, now=at(3, 10, 6), topic=topic)
    queue.call_next(desk, agent=agent, now=at(3, 10, 9))
    issued.refresh_from_db()
    queue.finish(issued, agent=agent, now=at(3, 10, 12), outcome="resolved")
    frame = queries.frame_of(march())

    (stay,) = legs.stays(frame, date(2026, 3, 3), date(2026, 3, 3))

    assert [(leg.number, leg.end.value) for leg in stay.legs] == [(1, "served"), (2, "served")]
    assert [leg.started_at for leg in stay.legs] == [at(3, 10, 4), at(3, 10, 9)]
    assert stay.legs[1].ended_at == at(3, 10, 12)


def test_months_read_together_equal_months_read_alone():
    golden()
    for day, wait in ((3, 4), (4, 20), (5, 6), (6, 7), (7, 8)):
        served(at(day), wait)
        served(at(day, month=4), wait + 1)
    now = at(28, month=4)
    frame = queries.frame_of(march())
    months = months_until(date(2026, 4, 27), 3)

    together = queries.by_month(frame, months, now)
    cache.clear()

    for month, found in zip(months, together, strict=True):
        alone = figures(replace(march(), first=month.first, last=month.last), now)
        # What is known of cases is counted for one period at a time.
        for indicator in CODES:
            alone.pop(indicator.code)
        assert found == alone, month


def test_a_remembered_month_notices_what_is_added_to_it(django_assert_max_num_queries: Any):
    golden()
    perimeter = march()
    figures(perimeter)
    # Sites, topics, questions, cases, and what may have been added.
    with django_assert_max_num_queries(12):
        assert figures(perimeter)["FCR-N"].numerator == 4

    person = Contact.objects.get(person__last_name="B").person
    exchange(at(3), topic=topic_of("civil"), person=person, linking="details")

    assert figures(march())["FCR-N"].numerator == 3


@pytest.mark.parametrize("what", ["answer", "correction", "event"])
def test_a_remembered_month_notices_answers_corrections_and_events(what: str):
    for place in range(6):
        answered(exchange(at(3, 9, place)), 5)
        served(at(3, 9, place), 5)
    before = figures(march())

    if what == "answer":
        answered(exchange(at(3, 15)), 1)
    elif what == "correction":
        corrected = Contact.objects.order_by("pk").first()
        assert corrected is not None
        Contact.objects.filter(pk=corrected.pk).update(outcome="passed_on")
        Correction.objects.create(
            contact=corrected, at=APRIL_FIRST, by=ines(), reason="Erreur", before={}, after={}
        )
    else:
        served(at(4), 30)

    assert figures(march()) != before


def test_today_is_always_counted_afresh():
    for place in range(5):
        served(at(31, 9, place), 5)
    noon = at(31, 12)

    assert figures(march(), now=noon)["WAIT-P50"].denominator == 5
    served(at(31, 11), 5)
    assert figures(march(), now=noon)["WAIT-P50"].denominator == 6


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries: Any):
    for place in range(30):
        served(at(3, 9, place), 5)
        answered(exchange(at(3, 9, place)), 5)

    perimeter = march()

    with django_assert_max_num_queries(17):
        queries.measures(perimeter, now=APRIL_FIRST)


def test_a_definition_speaks_the_readers_language():
    with translation.override("fr"):
        assert queries.definition("CSAT").name == "Satisfaction"
        assert queries.definition("FCR-N").text.startswith("Premiers contacts")
    with translation.override("en"):
        assert queries.definition("FCR-N").text.startswith("First contacts")


def test_days_know_what_they_hold():
    assert date(2026, 3, 31) in Days(date(2026, 3, 1), date(2026, 3, 31))
