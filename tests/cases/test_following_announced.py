"""What is said before it happens: absences to come, an offer that waits."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.accounts.models import Absence
from parvis.cases import actions, queries
from parvis.cases.models import Case
from tests.cases.factories import NOON, bruno, colleague, nadia, note, windows

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def test_a_coming_absence_is_said_beforehand_with_who_will_be_there():
    third, day = colleague("third", "Zoé", "Ter"), NOON.date()
    case = windows(referent=nadia()).case
    Case.objects.filter(pk=case.pk).update(deputy=None)
    case = Case.objects.get(pk=case.pk)
    absence = Absence.objects.create(
        agent=nadia(), deputy=third, first_day=day + DAY * 3, last_day=day + DAY * 9
    )
    Absence.objects.create(agent=third, first_day=day + DAY * 8, last_day=day + DAY * 20)

    said = queries.announced(case, day)

    assert [(one.first_day, one.last_day, one.away, one.name) for one in said] == [
        (absence.first_day, day + DAY * 7, "Nadia Amrani", "Zoé Ter"),
        (day + DAY * 8, absence.last_day, "Nadia Amrani", ""),
    ]
    assert queries.announced(case, day - DAY * 90) == []
    assert queries.announced(case, absence.first_day) == []


def test_the_page_of_the_person_says_a_coming_absence(english: Client):
    today, opened = timezone.localdate(), windows(now=timezone.now(), referent=nadia())
    Absence.objects.create(
        agent=nadia(), deputy=bruno(), first_day=today + DAY * 3, last_day=today + DAY * 9
    )

    words = english.get(reverse("web:tracking", args=[opened.secret])).content.decode()

    assert "Nadia Amrani will be away from" in words
    assert "Bruno Delcourt stands in." in words


def test_the_tab_says_that_an_offer_waits_and_takes_it_back(english: Client):
    now = timezone.now()
    case = windows(now=now, referent=nadia()).case
    note_then = note(by_when=timezone.localdate() + DAY * 9)
    offered = actions.hand_over(case, agent=nadia(), now=now, referent=bruno(), note=note_then)
    page = reverse("cases:case", args=[case.reference])
    english.force_login(nadia())

    words = english.get(page, {"act": "passation"}).content.decode()

    assert "who has not answered yet" in words
    assert 'name="next_step"' not in words
    english.post(reverse("cases:handover-answer", args=[offered.pk, "reprendre"]))
    assert 'name="next_step"' in english.get(page, {"act": "passation"}).content.decode()


def test_what_was_typed_into_a_second_offer_is_kept_beside_the_first(english: Client):
    now = timezone.now()
    case = windows(now=now, referent=nadia()).case
    by_when = timezone.localdate() + DAY * 9
    actions.hand_over(case, agent=nadia(), now=now, referent=bruno(), note=note(by_when=by_when))
    third = colleague("third", "Zoé", "Ter")
    english.force_login(nadia())

    answer = english.post(
        reverse("cases:act", args=[case.reference, "passation"]),
        {
            "referent": third.pk, "why": "Zoé connaît la rue", "promised": "rien",
            "next_step": "Appeler", "by_when": by_when.isoformat(), "because": "Zoé est là",
        },
    )  # fmt: skip

    assert answer.status_code == 409
    assert "Zoé connaît la rue" in answer.content.decode()
