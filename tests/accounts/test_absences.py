from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.accounts import actions, queries
from parvis.accounts.models import Absence, Agent
from parvis.common.errors import Refused
from tests.accounts.factories import ines, marc, rozenn

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 14)


def zoe(**kwargs: Any) -> Agent:
    return ines(username="zoe.ter", entry__first_name="Zoé", entry__last_name="Ter", **kwargs)


def jo(**kwargs: Any) -> Agent:
    return ines(username="jo.quart", entry__first_name="Jo", entry__last_name="Quart", **kwargs)


def say(agent: Agent, deputy: Agent | None = None, **kwargs: Any) -> Absence:
    values: dict[str, Any] = {"actor": agent, "now": NOW, "first_day": FIRST, "last_day": LAST}
    return actions.say_absence(agent, deputy=deputy, **{**values, **kwargs})


def test_an_absence_has_days_and_a_deputy_and_no_reason():
    absence = say(ines(), zoe())

    assert queries.absence_of(ines(), on=FIRST) == absence
    assert queries.absence_of(ines(), on=LAST + timedelta(days=1)) is None
    assert not {"reason", "why", "kind"} & {field.name for field in Absence._meta.get_fields()}


def test_deputies_of_deputies_are_followed():
    say(ines(), zoe())
    say(zoe(), jo())

    assert queries.stands_in([ines().pk, jo().pk], on=FIRST) == {ines().pk: jo().pk}


def test_a_deputy_who_left_stands_in_for_nobody():
    say(ines(), zoe())
    Agent.objects.filter(username="zoe.ter").update(is_active=False)

    assert queries.stands_in([ines().pk], on=FIRST) == {}


def test_a_circle_is_refused():
    say(ines(), zoe())
    say(zoe(), jo())

    with pytest.raises(Refused) as refusal:
        say(jo(), ines())
    assert refusal.value.code == "circle"
    say(jo(), ines(), first_day=LAST + timedelta(days=1), last_day=LAST + timedelta(days=2))


def test_the_database_refuses_a_circle_of_two_and_the_same_days_twice():
    absence = say(ines(), zoe())
    days = {"first_day": LAST, "last_day": LAST}

    for row in ({"agent": zoe(), "deputy": ines(), **days}, {"agent": ines(), **days}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.filter(pk=absence.pk).update(deputy=ines())


@pytest.mark.parametrize(
    "changes",
    [
        {"last_day": FIRST - timedelta(days=1)},
        {"last_day": FIRST + timedelta(days=800)},
        {"first_day": LAST, "last_day": LAST},
    ],
)
def test_days_that_make_no_sense_are_refused(changes: dict[str, Any]):
    say(ines())

    with pytest.raises(Refused):
        say(ines(), **changes)


def test_only_a_colleague_of_the_service_stands_in():
    for other in (ines(), marc(service=None, entry=None), rozenn()):
        with pytest.raises(Refused):
            say(ines(), other)


def test_only_oneself_or_the_head_of_reception_says_it():
    with pytest.raises(Refused):
        say(ines(), actor=zoe())

    assert say(ines(), actor=marc()).agent == ines()


def test_coming_back_early_ends_it_and_what_has_not_begun_is_taken_back():
    absence = say(ines())
    actions.end_absence(absence, actor=ines(), on=FIRST + timedelta(days=3))
    later = say(ines(), first_day=LAST, last_day=LAST)
    actions.end_absence(later, actor=ines(), on=FIRST)

    assert [row.last_day for row in Absence.objects.all()] == [FIRST + timedelta(days=2)]


def page(agent: Agent) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(agent)
    return client


def typed(**kwargs: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=3)
    return {"first_day": day.isoformat(), "last_day": day.isoformat(), **kwargs}


def test_ones_own_absence_is_said_on_a_page_that_colleagues_read():
    address = reverse("accounts:absences")

    answer = page(ines()).post(address, typed(deputy=zoe().pk))

    assert answer.status_code == 302
    words = page(zoe()).get(address).content.decode()
    assert "Inès Rollin" in words
    assert "Zoé Ter stands in" in words


def test_the_head_of_reception_says_it_for_somebody_who_is_ill():
    ines()

    page(marc()).post(reverse("accounts:absences"), typed(agent=ines().pk))

    assert Absence.objects.get().agent == ines()
    assert (
        page(ines()).post(reverse("accounts:absences"), typed(agent=marc().pk)).status_code == 403
    )


def test_a_refusal_keeps_what_was_typed():
    client, address = page(ines()), reverse("accounts:absences")
    client.post(address, typed())

    answer = client.post(address, typed())

    assert answer.status_code == 422
    assert "said already" in answer.content.decode()
