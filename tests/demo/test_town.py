"""One town at a fifth of its days: its rows hold together, and its figures are those intended."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Max, Min, Q

from parvis.accounts.models import Agent, ApiToken, DeskChoice
from parvis.appointments.models import Offer
from parvis.cases.models import Case, CaseEntry
from parvis.common.codes import hash_secret, parse_reference
from parvis.contacts.models import Contact, Correction
from parvis.demo import people, seeds
from parvis.demo.building import Made, Wish, build, refresh
from parvis.feedback.models import Response, Thanks
from parvis.knowledge import queries as know_how
from parvis.knowledge.actions import send_digests, tell_editors
from parvis.knowledge.models import (
    Attachment,
    Group,
    Overlay,
    ProtocolDeviation,
    ProtocolReading,
    Sheet,
    SheetComment,
    SheetDraft,
    SheetText,
)
from parvis.knowledge.queries import divergence
from parvis.knowledge.rules.overlays import SHORT
from parvis.organisations.models import Authority, Desk, DirectoryEntry, HoursException
from parvis.quality.rules import resolution
from parvis.queue import actions as queue
from parvis.queue import queries as hall
from parvis.queue.models import DeskSession, Leg, Ticket, TicketCounter, TicketEvent

NOW = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)  # 10:42 at Sainte-Orvanne, a Tuesday
PARIS = ZoneInfo("Europe/Paris")
TODAY = NOW.date()

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Made]:
    """The whole town, made once for all tests of this file and taken back afterwards.

    Whole, because it is what everybody makes first: a load that only a full year has, or a
    reference that only one of 25,000 cases draws twice, has to show here.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        town = build(Wish(now=NOW, seed=3, scale=1.0), lambda _share: None)
        connection.check_constraints()  # once, here: else PostgreSQL checks it all in every test
        yield town
        transaction.set_rollback(True)


@pytest.fixture
def town(made: Made) -> Authority:
    """Sainte-Orvanne; what a test changes is taken back."""
    return Authority.objects.get(slug="sainte-orvanne")


def test_no_row_names_one_that_does_not_exist(town: Authority) -> None:
    connection.check_constraints()


def test_four_of_six_authorities_have_a_hall_and_a_key(town: Authority) -> None:
    for authority in Authority.objects.filter(sites__desks__isnull=False).distinct():
        assert authority.sites.filter(desks__isnull=False).exists()
        token = ApiToken.objects.get(agent__authority=authority)
        assert token.secret_hash == hash_secret(people.token_of(3, authority.slug))
    assert ApiToken.objects.values("agent__authority").distinct().count() == 4
    assert Authority.objects.count() == 6


def test_every_ticket_has_its_events_from_issue_to_end(town: Authority) -> None:
    kinds: dict[int, list[str]] = defaultdict(list)
    for ticket_id, kind in TicketEvent.objects.order_by("id").values_list("ticket_id", "kind"):
        kinds[ticket_id].append(kind)
    ends = {"done": "finished", "no_show": "no_show", "left": "left", "held": "held"}
    for pk, state in Ticket.objects.values_list("pk", "state"):
        assert kinds[pk][0] == "issued"
        assert state not in ends or kinds[pk][-1] == ends[state]
        assert kinds[pk].count("issued") == 1


def test_events_of_a_ticket_are_written_in_the_order_in_which_they_happened(
    town: Authority,
) -> None:
    last: dict[int, datetime] = {}
    for ticket_id, at in TicketEvent.objects.order_by("id").values_list("ticket_id", "at"):
        assert last.get(ticket_id, at) <= at
        last[ticket_id] = at


def test_whoever_was_called_was_called_to_a_desk_that_serves_the_topic(town: Authority) -> None:
    served = set(Desk.topics.through.objects.values_list("desk_id", "topic_id"))
    calls = TicketEvent.objects.filter(kind="called", ticket__transfers=0)
    for desk_id, agent_id, topic_id in calls.values_list("desk_id", "agent_id", "ticket__topic"):
        assert (desk_id, topic_id) in served
        assert agent_id is not None


def test_numbers_have_no_gap_on_any_day_of_any_site_and_series(town: Authority) -> None:
    by_us = Ticket.objects.exclude(source="paper")  # a paper roll is numbered by its printer
    given = by_us.values("site", "day", "series").annotate(
        n=Count("pk"), first=Min("number"), last=Max("number")
    )
    counters = {(row.site_id, row.day, row.series): row.last for row in TicketCounter.objects.all()}
    for row in given:
        assert row["first"] == 1
        assert row["n"] == row["last"] == counters[row["site"], row["day"], row["series"]]
    assert len(counters) == len(given)


def test_numbers_are_given_on_the_local_day_of_their_ticket(town: Authority) -> None:
    for issued_at, day in Ticket.objects.values_list("issued_at", "day"):
        assert issued_at.astimezone(PARIS).date() == day


def test_every_desk_contact_is_the_end_of_one_topic_and_says_the_same(town: Authority) -> None:
    desk = Contact.objects.filter(channel="desk")
    of_legs = set(Leg.objects.filter(contact__isnull=False).values_list("contact_id", flat=True))
    assert set(desk.filter(ticket=None).values_list("pk", flat=True)) <= of_legs
    assert Ticket.objects.filter(state="done", contact=None).count() == 0
    same = Q(contact__ended_at=F("ended_at"), contact__desk=F("desk"), contact__agent=F("agent"))
    done = Ticket.objects.filter(state="done")
    assert done.filter(same, contact__person=F("person")).count() == (
        done.filter(person__isnull=False).count()
    )
    assert not done.exclude(same).exists()


def test_the_last_event_of_a_ticket_tells_the_outcome_of_its_contact(town: Authority) -> None:
    ended = TicketEvent.objects.filter(kind="finished", ticket__contact__corrections=None)
    ended = ended.exclude(ticket__source="paper")
    for data, outcome in ended.values_list("data", "ticket__contact__outcome"):
        assert data["outcome"] == outcome
        assert data["before"]["state"] == "serving"


def test_reception_settles_only_what_reception_may_settle(town: Authority) -> None:
    beyond = Contact.objects.filter(outcome="resolved", topic__level=2, agent__isnull=False)
    for agent_service, topic_service in beyond.values_list(
        "agent__service_id", "topic__service_id"
    ):
        assert agent_service == topic_service


def test_nobody_sits_at_two_desks_at_once_and_no_desk_has_two_agents(town: Authority) -> None:
    sessions = DeskSession.objects.exclude(closed_at=None).order_by("opened_at")
    for key in ("agent_id", "desk_id"):
        until: dict[int, datetime] = {}
        for session in sessions:
            who = getattr(session, key)
            assert until.get(who, session.opened_at) <= session.opened_at
            until[who] = session.closed_at or session.opened_at


def test_a_desk_where_somebody_receives_is_theirs_for_the_day(town: Authority) -> None:
    receiving = DeskSession.objects.filter(closed_at=None).values_list("desk_id", "agent_id")
    chosen = DeskChoice.objects.values_list("desk_id", "agent_id")

    assert receiving.exists()
    assert set(receiving) == set(chosen)


def test_every_case_has_a_service_and_somebody_of_it_who_follows(town: Authority) -> None:
    # Where a service has nobody who follows cases, it answers for them itself.
    manned = set(Case.objects.exclude(referent=None).values_list("service_id", flat=True))
    pools = set(Case.objects.filter(referent=None).values_list("service_id", flat=True))
    assert not manned & pools
    assert not Case.objects.exclude(referent=None).exclude(referent__service=F("service")).exists()
    assert not Case.objects.exclude(deputy=None).exclude(deputy__service=F("service")).exists()
    assert (
        not Case.objects.exclude(contact__outcome="case_opened")
        .exclude(contact__corrections__isnull=False)
        .exists()
    )
    assert all(parse_reference(ref) for ref in Case.objects.values_list("reference", flat=True))


def test_every_case_is_told_from_its_opening_to_its_state(town: Authority) -> None:
    lines: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for case_id, kind, at in CaseEntry.objects.order_by("id").values_list("case_id", "kind", "at"):
        lines[case_id].append((kind, at))
    for case in Case.objects.all():
        kinds = [kind for kind, _at in lines[case.pk]]
        assert kinds[:2] == (["opened", "assigned"] if case.referent_id else kinds[:2])
        assert kinds[0] == "opened"
        assert [at for _kind, at in lines[case.pk]] == sorted(at for _kind, at in lines[case.pk])
        told = {"closed", "reopened", "forwarded"} | ({"merged"} if case.merged_into_id else set())
        last = [kind for kind in kinds if kind in told]
        ends = {"closed": "closed", "forwarded": "forwarded", "merged": "merged"}
        closed = ends.get(last[-1] if last else "")
        assert case.state == closed or (closed is None and case.state in {"open", "awaiting"})


def test_nothing_is_known_of_the_future(town: Authority) -> None:
    assert not Contact.objects.filter(ended_at__gt=NOW).exists()
    assert not TicketEvent.objects.filter(at__gt=NOW).exists()
    assert not CaseEntry.objects.filter(at__gt=NOW).exists()
    assert not Response.objects.filter(at__gt=NOW).exists()


def test_people_say_it_is_settled_more_often_than_it_is(town: Authority) -> None:
    found = _resolution(town)
    assert found.gap.value is not None
    assert 0.08 <= found.gap.value <= 0.12
    assert found.repeat_rate.value == pytest.approx(0.14, abs=0.03)


def test_declared_outcomes_are_those_of_each_channel(town: Authority) -> None:
    for channel, share in (("desk", 0.72), ("phone", 0.64), ("email", 0.55)):
        contacts = Contact.objects.filter(authority=town, channel=channel)
        resolved = contacts.filter(outcome="resolved").count() / contacts.count()
        assert resolved == pytest.approx(share, abs=0.04)


def test_a_quarter_of_contacts_could_have_been_avoided(town: Authority) -> None:
    contacts = Contact.objects.filter(authority=town)
    avoidable = contacts.exclude(avoidable_cause="").count() / contacts.count()
    assert avoidable == pytest.approx(0.26, abs=0.02)


def test_channels_have_their_shares(town: Authority) -> None:
    counts = Counter(Contact.objects.filter(authority=town).values_list("channel", flat=True))
    total = counts.total()
    assert counts["desk"] / total == pytest.approx(0.43, abs=0.04)
    assert counts["phone"] / total == pytest.approx(0.34, abs=0.04)


def test_people_answer_as_often_as_elsewhere_and_are_mostly_content(town: Authority) -> None:
    desk = Contact.objects.filter(authority=town, channel="desk")
    answered = desk.filter(response__isnull=False).count() / desk.count()
    assert answered == pytest.approx(0.21, abs=0.02)
    given = Response.objects.filter(authority=town, satisfaction__isnull=False)
    content = given.filter(satisfaction__gte=4).count() / given.count()
    assert content == pytest.approx(0.83, abs=0.04)


def test_the_family_desk_hurts_until_a_second_desk_is_opened(town: Authority) -> None:
    relief = TODAY - timedelta(days=365 - 250)
    visits = Ticket.objects.filter(
        site__slug="mairie", series="F", state="done", started_at__isnull=False
    )
    before = _ninetieth(visits.filter(day__lt=relief - timedelta(days=10)))
    after = _ninetieth(visits.filter(day__gt=relief + timedelta(days=10), day__lt=TODAY))
    assert before > 30
    assert after < before / 2


def test_some_contacts_were_corrected_and_keep_the_first_word(town: Authority) -> None:
    for correction in Correction.objects.select_related("contact"):
        assert correction.reason
        assert correction.after["outcome"] == correction.contact.outcome
        assert correction.before != correction.after
    assert Correction.objects.exists()


def test_thanks_reach_somebody(town: Authority) -> None:
    assert Thanks.objects.exists()
    assert not Thanks.objects.filter(recipients=None).exists()


def test_sheets_are_published_with_their_topic_and_embargo(town: Authority) -> None:
    sheets = Sheet.objects.filter(authority=town, state=Sheet.State.PUBLISHED)
    assert sheets.count() >= 500
    assert not sheets.filter(topics=None).exists()
    blocks = [block for sheet in sheets.select_related("current") for block in
              (sheet.current.blocks if sheet.current else [])]  # fmt: skip
    assert {block["level"] for block in blocks} == {"public", "asked", "internal", "embargo"}


def test_six_houses_share_almost_half_of_the_sheets_and_differ_where_they_must(
    town: Authority,
) -> None:
    group = Group.objects.get()
    lines = divergence.lines(group)
    ours = [line for line in lines if line.share.sheet.authority_id == town.pk]
    assert len(ours) == 240
    assert len(divergence.members(group)) == 6
    sums = divergence.sums(lines)
    assert sum(one.adapted for one in sums) >= 10
    assert all(one.undecided for one in sums)
    assert sum(one.ignored for one in sums) == 6
    assert sum(one.behind for one in sums) > 2
    assert Overlay.objects.count() == 13
    assert Overlay.objects.filter(position=SHORT).count() == 1
    assert SheetComment.objects.filter(noted_at=None).count() == 1
    assert Overlay.objects.exclude(version=F("sheet__current")).count() == 3
    assert tell_editors(now=NOW) == 0


def test_no_reminder_waits_to_be_sent_when_the_town_opens(town: Authority) -> None:
    assert Sheet.objects.filter(authority=town, review_due_on__lt=NOW.date()).exists()
    assert send_digests(now=NOW) == 0


def test_protocols_are_inside_kept_read_and_sometimes_left(town: Authority) -> None:
    protocols = Sheet.objects.filter(authority=town, nature=Sheet.Nature.PROTOCOL)
    assert protocols.count() == 24
    assert not protocols.filter(Q(is_public=True) | Q(keeper=None) | Q(topics=None)).exists()
    assert ProtocolReading.objects.filter(version__in=protocols.values("current")).count() > 300

    left = ProtocolDeviation.objects.filter(sheet__in=protocols)
    assert not left.filter(Q(at__gte=NOW) | Q(at__lt=NOW - timedelta(days=62))).exists()
    assert {one.decision for one in left} == {"", "stays", "rule"}


def test_names_are_shown_as_each_colleague_may_be(town: Authority) -> None:
    policies = Counter(DirectoryEntry.objects.values_list("name_policy", flat=True))
    assert policies["first_name"] >= 1
    assert policies["service"] >= 1


def test_all_accounts_open_with_the_password_of_the_demo(town: Authority) -> None:
    ines = Agent.objects.get(username="ines.rollin")
    assert ines.check_password(seeds.password(3))
    assert (
        Agent.objects.filter(is_robot=False, is_active=True).values("password").distinct().count()
        == 1
    )


def test_every_role_with_a_screen_has_an_account_in_the_town(town: Authority) -> None:
    held = set(Agent.objects.filter(authority=town).values_list("grants__role", flat=True))
    assert {"REC", "ADV", "REF", "LIA", "MGR", "QUA", "KBE", "ADM", "DPO", "DIR", "ELU"} <= held


def test_six_people_and_an_appointment_wait_in_the_hall_right_now(town: Authority) -> None:
    everybody = Ticket.objects.filter(site__slug="mairie", state="waiting")
    line = everybody.filter(booked_at=None).order_by("rank_at", "id")
    codes = ["E\u00a043", "E\u00a041", "E\u00a042", "A\u00a064", "E\u00a044", "E\u00a045"]
    assert [ticket.code for ticket in line] == codes
    assert line[0].priority == "child"
    assert everybody.get(source="booked").appointment.state == "arrived"


def test_every_state_of_the_hall_can_be_seen(town: Authority) -> None:
    at_hall = Ticket.objects.filter(site__slug="mairie", day=TODAY)
    held = at_hall.filter(state="held").order_by("issued_at")
    assert [(one.code, one.reserved_desk_id is not None) for one in held] == [
        ("A\u00a058", False),
        ("F\u00a017", True),
    ]
    legs = [
        [leg.ended_at is not None for leg in one.legs.order_by("position")]
        for one in at_hall.filter(state__in=["waiting", "serving"]).order_by("issued_at")
    ]
    assert [True, False] in legs  # one topic done, the other at the desk
    assert [False, False] in legs  # one now, one afterwards
    assert set(at_hall.filter(source="paper").values_list("state", flat=True)) == {"done"}
    assert at_hall.filter(state="waiting", topic__needs_skill=True).count() == 2
    assert Offer.objects.filter(state="open", seats__isnull=False).exists()


def test_ines_finds_her_desk_free_and_calls_the_first(town: Authority) -> None:
    ines = Agent.objects.with_rights().get(username="ines.rollin")
    desk = Desk.objects.get(site__slug="mairie", position=3)
    assert hall.session_at(desk) is None
    queue.sit_down(desk, agent=ines, now=NOW)
    called = queue.call_next(desk, agent=ines, now=NOW)
    assert called is not None
    assert called.ticket.code == "E\u00a043"


def test_the_case_with_nadia_lacks_a_plan_and_asks_something(town: Authority, made: Made) -> None:
    case = Case.objects.get(secret_hash=hash_secret(made.tracking))
    assert case.items.filter(received_on=None).count() == 2
    assert case.state == "open"  # the last word is the person's
    assert str(case.referent) == "Nadia Amrani"
    assert str(case.deputy) == "Bruno Delcourt"
    assert Ticket.objects.get(secret_hash=hash_secret(made.ticket)).code == "E\u00a042"


def test_a_second_run_on_the_same_day_leaves_the_hall_as_it_is(town: Authority) -> None:
    tickets = Ticket.objects.count()
    assert refresh(seed=3, now=NOW + timedelta(minutes=20)) == ""
    assert Ticket.objects.count() == tickets


def test_a_run_on_the_next_day_opens_the_halls_anew(town: Authority) -> None:
    tomorrow = NOW + timedelta(days=1)
    assert refresh(seed=3, now=tomorrow)
    waiting = Ticket.objects.filter(site__slug="mairie", state="waiting")
    assert waiting.filter(booked_at=None).count() == 6
    assert {ticket.day for ticket in waiting} == {tomorrow.date()}
    connection.check_constraints()


@pytest.mark.parametrize("later", [timedelta(hours=13, minutes=50), timedelta(days=5, hours=-9)])
def test_the_hall_can_be_tried_at_night_and_on_sunday(town: Authority, later: timedelta) -> None:
    moment = NOW + later
    refresh(seed=3, now=moment)
    site = Ticket.objects.filter(state="waiting", site__slug="mairie").first()
    assert site is not None
    issued = queue.issue_ticket(site.site, site.topic, now=moment, source="kiosk")
    assert issued.ticket.number > 40
    assert HoursException.objects.filter(reason__startswith="Portes ouvertes").exists()


def _resolution(town: Authority) -> resolution.Resolution:
    rows = [
        resolution.ContactRow(
            at=at,
            person=person,
            family=family,
            declared=outcome == "resolved",
            confirmed=solved,
            resolvable=resolvable,
            window_days=window,
        )
        for at, person, family, outcome, solved, resolvable, window in Contact.objects.filter(
            authority=town
        ).values_list(
            "started_at",
            "person_id",
            "topic__family_id",
            "outcome",
            "response__solved",
            "topic__is_resolvable",
            "topic__fcr_window_days",
        )
    ]
    first = min(row.at for row in rows).date()
    return resolution.resolution(rows, resolution.Period(first, TODAY, TODAY), PARIS)


def _ninetieth(tickets: Any) -> float:
    waits = sorted(
        (started - issued).total_seconds() / 60
        for issued, started in tickets.values_list("issued_at", "started_at")
    )
    return float(waits[int(len(waits) * 0.9)])


def test_sheets_are_being_written_kept_and_read_in_other_words(town: Authority) -> None:
    sheets = Sheet.objects.filter(authority=town)
    states = set(SheetDraft.objects.filter(sheet__authority=town).values_list("state", flat=True))
    older = [one for one in SheetText.objects.select_related("based_on", "sheet__current")
             if know_how.is_older(one, one.sheet)]  # fmt: skip

    assert states == {"writing", "proposed", "returned", "published", "abandoned"}
    assert sheets.filter(versions__number=2).count() >= 10
    assert sheets.filter(urgent_check_by__isnull=False).count() == 1
    assert not sheets.filter(state="published", nature="sheet", keeper=None).exists()
    assert len(older) == 1
    assert SheetText.objects.filter(kind="simple", is_shown=True).count() == 1
    assert Attachment.objects.get().kind == "application/pdf"
