"""Two cases put together and taken apart: nothing is lost, nothing is left behind."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.cases import actions, queries, rules
from parvis.cases.actions import Wanted
from parvis.cases.models import Case, CaseEntry, CaseMerge, LegalClock, MissingItem
from parvis.cases.rules import Filed, Likeness, MergeProblem
from parvis.common.errors import Refused
from tests.accounts.factories import ines
from tests.cases.factories import NOON, bruno, nadia, procedure, windows
from tests.contacts.factories import PersonFactory
from tests.organisations.factories import ServiceFactory

LATER = NOON + timedelta(hours=1)
WHY = "the same windows, asked twice"
HER = frozenset({"id:1"})


def one(pk: int = 1, **kwargs: Any) -> Filed:
    values = {
        "authority": 1, "service": 1, "topic": 1, "family": 1, "people": HER,
        "received_on": date(2026, 11, 24), **kwargs,
    }  # fmt: skip
    return Filed(pk, **values)


# The rules


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (one(2), Likeness.TOPIC),
        (one(2, topic=2), Likeness.FAMILY),
        (one(2, topic=2, family=2), None),
        (one(2, received_on=date(2026, 12, 24)), Likeness.TOPIC),
        (one(2, received_on=date(2026, 12, 25)), None),
        (one(2, people=frozenset({"id:2"})), None),
        (one(2, people=frozenset()), None),
        (one(1), None),
    ],
)
def test_likely_the_same_request(other: Filed, expected: Likeness | None):
    assert rules.likeness(one(), other) is expected
    assert rules.likeness(other, one()) is expected


def test_two_cases_without_a_name_are_never_the_same_person():
    nobody = frozenset[str]()
    assert rules.likeness(one(people=nobody), one(2, people=nobody)) is None


def test_the_same_topic_and_the_nearest_day_come_first():
    near, far = date(2026, 11, 25), date(2026, 12, 20)
    others = [one(2, topic=9), one(3, received_on=far), one(4, received_on=near)]

    assert [pk for pk, _alike in rules.likely_duplicates(one(), others)] == [4, 3, 2]


@pytest.mark.parametrize(
    ("merged", "kept", "problem"),
    [
        (one(), one(2), None),
        (one(), one(1), MergeProblem.SAME),
        (one(), one(2, authority=2), MergeProblem.AUTHORITY),
        (one(), one(2, people=frozenset({"id:2"})), MergeProblem.PERSON),
        (one(is_sealed=True), one(2, is_sealed=True), None),
        (one(is_sealed=True), one(2, service=2), MergeProblem.SEAL),
        (one(), one(2, service=2, is_sealed=True), MergeProblem.SEAL),
        (one(), one(2, service=2), None),
        (one(state="forwarded"), one(2), MergeProblem.STATE),
        (one(state="merged"), one(2), MergeProblem.STATE),
        (one(state="closed"), one(2), None),
        (one(), one(2, state="closed"), MergeProblem.KEPT_CLOSED),
    ],
)
def test_what_may_be_put_together(merged: Filed, kept: Filed, problem: MergeProblem | None):
    assert rules.merge_problem(merged, kept) is problem


def test_a_telephone_alone_is_that_of_a_household():
    def keys(pk: int, name: str) -> frozenset[str]:
        return rules.person_keys(pk, name=name, email="", phone="0261910042")

    assert not keys(1, "odette kerdraon") & keys(2, "yves kerdraon")
    assert keys(1, "odette kerdraon") & keys(2, "odette kerdraon")


# Merging


def twins(**kwargs: Any) -> tuple[Case, Case]:
    person = PersonFactory.create()
    first = windows(person=person, **kwargs).case
    return first, windows(person=person, **kwargs).case


def merged(first: Case, second: Case, **kwargs: Any) -> CaseMerge:
    values = {"agent": nadia(), "now": LATER, "reason": WHY, **kwargs}
    return actions.merge(second, into=first, **values)


def rows_of(*cases: Case) -> dict[str, list[dict[str, Any]]]:
    """Everything that belongs to these cases, whichever row they hang on."""
    pks = [case.pk for case in cases]
    return {
        "items": list(MissingItem.objects.filter(case__in=pks).order_by("pk").values()),
        "clocks": list(LegalClock.objects.filter(case__in=pks).order_by("pk").values()),
        "entries": list(
            CaseEntry.objects.filter(case__in=pks)
            .exclude(kind__in=["merged", "unmerged"])
            .order_by("pk")
            .values()
        ),
    }


def state_of(*cases: Case) -> list[dict[str, Any]]:
    rows = Case.objects.filter(pk__in=[case.pk for case in cases]).order_by("pk").values()
    moving = {"last_activity_at", "unread_by_person"}
    return [{name: value for name, value in row.items() if name not in moving} for row in rows]


@pytest.mark.django_db
def test_the_story_is_one_and_every_line_keeps_where_it_came_from():
    first, second = twins()
    actions.write_as_person(second, now=NOON, text="Second time I ask")

    merged(first, second)

    lines = queries.timeline(first, for_person=False, on=NOON.date())
    [said] = [line for line in lines if line.words == "Second time I ask"]
    assert said.origin.replace("-", "") == second.reference
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert CaseEntry.objects.get(text="Second time I ask").case == second


@pytest.mark.django_db
def test_the_old_code_and_the_old_link_lead_to_the_case_that_goes_on():
    person = PersonFactory.create()
    first, second = windows(person=person).case, windows(person=person)
    client = Client()
    client.force_login(nadia())

    merged(first, second.case)

    found = queries.by_secret(second.secret, LATER)
    answer = client.get(reverse("cases:case", args=[second.case.reference]))
    assert found == first
    assert answer.headers["Location"] == reverse("cases:case", args=[first.reference])
    assert client.get(reverse("web:tracking", args=[second.secret])).status_code == 200


@pytest.mark.django_db
def test_the_clock_and_the_missing_items_of_the_merged_case_run_on():
    procedure()
    first, second = twins()
    until = (NOON + timedelta(days=20)).date()
    [item] = actions.ask_for_items(
        second, agent=nadia(), now=NOON, wanted=[Wanted("Le plan")], until=until
    )

    merged(first, second)
    actions.item_came(MissingItem.objects.get(pk=item.pk), agent=nadia(), now=LATER)
    actions.close(first, agent=nadia(), now=LATER, text="You may begin.")

    assert not queries.still_missing(first)
    clocks = LegalClock.objects.filter(case__in=[first, second])
    assert {clock.decided_on for clock in clocks} == {NOON.date()}


@pytest.mark.django_db
def test_a_legal_day_of_the_merged_case_warns_whoever_follows_the_kept_one():
    procedure()
    first, second = twins()
    merged(first, second)
    day = LegalClock.objects.get(case=second).falls_on
    assert day is not None

    actions.remind(now=NOON + (day - NOON.date()) - timedelta(days=3))

    first.refresh_from_db()
    assert first.unread_by_service
    assert CaseEntry.objects.filter(case=second, kind="clock").exists()


@pytest.mark.django_db
def test_a_merged_case_leaves_the_portfolio_and_takes_no_more_acts():
    first, second = twins()
    merged(first, second)

    desk = queries.Desk(nadia(), queries.View.OPEN, queries.Whose.OWN, LATER, LATER.date())
    page = queries.portfolio(desk)
    assert [case.pk for case in page.cases] == [first.pk]
    with pytest.raises(Refused) as refusal:
        actions.write_to_person(second, agent=nadia(), now=LATER, text="Hello")
    assert refusal.value.code in {"merged", "closed"}


@pytest.mark.django_db
def test_undoing_restores_exactly_what_was():
    procedure()
    first, second = twins()
    actions.plan_next_step(
        second, agent=nadia(), now=NOON, text="x", due_on=NOON.date() + timedelta(days=2)
    )
    actions.write_as_person(second, now=NOON, text="?")
    before = (rows_of(first, second), state_of(first, second))

    row = merged(first, second)
    assert Case.objects.get(pk=first.pk).due_on == NOON.date() + timedelta(days=2)
    actions.take_apart(row, agent=bruno(), now=LATER, reason="Two houses after all")

    assert (rows_of(first, second), state_of(first, second)) == before
    assert queries.part_ids(Case.objects.get(pk=first.pk)) == [first.pk]


@pytest.mark.django_db
def test_a_date_said_since_the_merge_is_not_taken_back():
    first, second = twins()
    soon, said = NOON.date() + timedelta(days=2), NOON.date() + timedelta(days=5)
    actions.plan_next_step(second, agent=nadia(), now=NOON, text="x", due_on=soon)
    row = merged(first, second)
    actions.plan_next_step(first, agent=nadia(), now=LATER, text="y", due_on=said)

    actions.take_apart(row, agent=nadia(), now=LATER, reason="Two")

    assert Case.objects.get(pk=first.pk).due_on == said


@pytest.mark.django_db
def test_a_merge_is_undone_once_and_within_its_time():
    first, second = twins()
    row = merged(first, second)

    with pytest.raises(Refused) as late:
        actions.take_apart(row, agent=nadia(), now=LATER + timedelta(days=30), reason="Two")
    actions.take_apart(row, agent=nadia(), now=LATER, reason="Two")
    with pytest.raises(Refused) as twice:
        actions.take_apart(row, agent=nadia(), now=LATER, reason="Two")

    assert (late.value.code, twice.value.code) == ("late", "stale")


@pytest.mark.django_db
def test_two_colleagues_who_merge_both_ways_at_once_make_no_ring():
    first, second = twins()
    seen_by_bruno = Case.objects.get(pk=first.pk), Case.objects.get(pk=second.pk)
    merged(first, second)

    with pytest.raises(Refused):
        actions.merge(seen_by_bruno[0], into=seen_by_bruno[1], agent=bruno(), now=LATER, reason=WHY)
    with pytest.raises(Refused):
        actions.merge(seen_by_bruno[1], into=seen_by_bruno[0], agent=bruno(), now=LATER, reason=WHY)
    assert CaseMerge.objects.count() == 1


@pytest.mark.django_db
def test_a_chain_of_merges_leads_to_its_end_and_comes_apart_in_any_order():
    person = PersonFactory.create()
    a, b, c = (windows(person=person) for _n in range(3))
    lower = merged(b.case, a.case)
    upper = merged(c.case, b.case)

    assert queries.by_secret(a.secret, LATER) == c.case
    assert set(queries.part_ids(Case.objects.get(pk=c.case.pk))) == {
        a.case.pk, b.case.pk, c.case.pk
    }  # fmt: skip
    actions.take_apart(lower, agent=nadia(), now=LATER, reason="Two")
    assert queries.by_secret(a.secret, LATER) == a.case
    assert queries.by_secret(b.secret, LATER) == c.case
    actions.take_apart(upper, agent=nadia(), now=LATER, reason="Two")
    assert queries.by_secret(b.secret, LATER) == b.case


@pytest.mark.django_db
def test_sealed_cases_and_those_of_other_people_stay_apart():
    first, second = twins()
    other = windows(person=PersonFactory.create(email="x@example.org", phone="")).case
    with pytest.raises(Refused) as people:
        merged(first, other)

    social = ServiceFactory.create(slug="ccas", name="CCAS", is_sensitive=True)
    Case.objects.filter(pk=second.pk).update(service=social)
    with pytest.raises(Refused) as seal:
        merged(first, second)

    assert (people.value.code, seal.value.code) == ("person", "seal")


@pytest.mark.django_db
def test_only_the_service_puts_together():
    first, second = twins()

    with pytest.raises(Refused):
        merged(first, second, agent=ines())
    with pytest.raises(Refused):
        merged(first, second, reason="  ")


@pytest.mark.django_db
@settings(max_examples=15, deadline=None)
@given(
    moves=st.lists(
        st.tuples(st.booleans(), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8
    )
)
def test_whatever_is_merged_and_undone_nothing_is_lost(moves: list[tuple[bool, int, int]]):
    person = PersonFactory.create()
    cases = [windows(person=person).case for _n in range(4)]
    before, states = rows_of(*cases), state_of(*cases)
    open_merges: list[CaseMerge] = []
    for joins, left, right in moves:
        try:
            if joins:
                open_merges.append(merged(_fresh(cases[right]), _fresh(cases[left])))
            elif open_merges:
                row = open_merges.pop(left % len(open_merges))
                actions.take_apart(row, agent=nadia(), now=LATER, reason="x")
        except Refused:
            pass
        assert all(_fresh(case).state in ("open", "merged") for case in cases)
        roots = [case for case in map(_fresh, cases) if case.state == "open"]
        assert sorted(pk for root in roots for pk in queries.part_ids(root)) == sorted(
            case.pk for case in cases
        )
    for row in open_merges:
        actions.take_apart(row, agent=nadia(), now=LATER, reason="x")

    assert (rows_of(*cases), state_of(*cases)) == (before, states)
    CaseMerge.objects.all().delete()
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(state="closed", closed_at=NOON)


def _fresh(case: Case) -> Case:
    return Case.objects.select_related("service", "topic", "person").get(pk=case.pk)


# Duplicates and links


@pytest.mark.django_db
def test_likely_duplicates_are_proposed_until_they_are_linked_or_merged():
    first, second = twins()
    windows(person=PersonFactory.create(email="x@example.org", phone=""))

    assert [alike.case for alike in queries.duplicates_of(first, nadia())] == [second]
    row = merged(first, second)
    assert queries.duplicates_of(first, nadia()) == []
    actions.take_apart(row, agent=nadia(), now=LATER, reason="Two")
    actions.link(first, to=second, kind="related", agent=nadia(), now=LATER)
    assert queries.duplicates_of(first, nadia()) == []


@pytest.mark.django_db
def test_a_link_is_read_from_both_sides():
    first, second = twins()

    actions.link(second, to=first, kind="follows", agent=nadia(), now=LATER)

    [seen] = queries.links_of(second, nadia())
    [back] = queries.links_of(first, nadia())
    assert (seen.case, back.case) == (first, second)
    assert seen.how != back.how


@pytest.mark.django_db
def test_a_link_is_made_once_and_ended_once():
    first, second = twins()
    row = actions.link(first, to=second, kind="related", agent=nadia(), now=LATER)

    with pytest.raises(Refused):
        actions.link(second, to=first, kind="related", agent=nadia(), now=LATER)
    actions.unlink(row, agent=nadia(), now=LATER)
    with pytest.raises(Refused):
        actions.unlink(row, agent=nadia(), now=LATER)
    assert queries.links_of(first, nadia()) == []


@pytest.mark.django_db
def test_the_person_does_not_read_the_code_of_somebody_elses_case():
    mine = windows().case
    theirs = windows(person=PersonFactory.create(email="y@example.org", phone="")).case

    actions.link(mine, to=theirs, kind="household", agent=nadia(), now=LATER)

    told = queries.timeline(mine, for_person=True, on=LATER.date())
    known = queries.timeline(mine, for_person=False, on=LATER.date())
    code = theirs.reference[:4]
    assert not any(code in line.text for line in told)
    assert any(code in line.text for line in known)


@pytest.mark.django_db
def test_a_link_to_a_sealed_case_shows_nothing_outside():
    first, second = twins()
    actions.link(first, to=second, kind="related", agent=nadia(), now=LATER)
    social = ServiceFactory.create(slug="ccas", name="CCAS", is_sensitive=True)
    Case.objects.filter(pk=second.pk).update(service=social)

    assert queries.links_of(first, nadia()) == []
    with pytest.raises(Refused):
        actions.link(first, to=_fresh(second), kind="follows", agent=nadia(), now=LATER)


@pytest.mark.django_db
def test_duplicates_of_a_sealed_service_are_not_proposed_elsewhere():
    first, second = twins()
    social = ServiceFactory.create(slug="ccas", name="CCAS", is_sensitive=True)
    Case.objects.filter(pk=second.pk).update(service=social)

    assert queries.duplicates_of(first, nadia()) == []
