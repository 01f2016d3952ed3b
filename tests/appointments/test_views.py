from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from parvis.accounts.models import Absence
from parvis.appointments import actions, keys, queries, stamps
from parvis.appointments.models import Agenda, Appointment, Block, Offer
from parvis.cases.models import Case
from parvis.contacts.models import Contact
from tests.accounts.factories import ines, marc
from tests.appointments.factories import booked, next_slot, own_agenda, today_at_any_hour
from tests.cases.factories import bruno, nadia, said_why, windows

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered() -> Any:
    return today_at_any_hour(seats=1)


def made(offered: Any, *, soon: bool = False, **values: Any) -> actions.Booked:
    now = timezone.now()
    at = next_slot(offered, now=now)
    if soon:  # the tick that comes next, as a colleague may book it
        at = queries.free_days([offered], now=now, count=1, by_agent=True)[0].slots[0].starts_at
        values = {"agent": ines(), "made": "agent", **values}
    return booked(offered, at, now=now, **values)


def page(client: Client, name: str, *args: Any, query: str = "") -> Any:
    return client.get(reverse(name, args=args) + query)


def text(answer: Any) -> str:
    return answer.content.decode()


@pytest.fixture(autouse=True)
def _in_english(client: Client) -> None:
    client.cookies["django_language"] = "en"


# The public


def test_booking_takes_topic_time_and_name(client: Client, offered: Any):
    site, topic = offered.agenda.site.slug, offered.topic.slug
    listed = text(page(client, "appointments:topics"))
    free = text(page(client, "appointments:slots", site, topic))
    when = stamps.stamp(next_slot(offered))
    address = reverse("appointments:details", args=[site, topic, when])

    answer = client.post(address, {"name": "Jeanne Tessandier", "form_key": "k"})
    again = client.post(address, {"name": "Jeanne Tessandier", "form_key": "k"})

    found = Appointment.objects.get()
    assert f"motif={topic}" in listed
    assert address in free
    assert answer.url == again.url == keys.page_path(found)
    assert found.code[:4] in text(client.get(answer.url))


def test_only_one_place_is_no_question(client: Client, offered: Any):
    answer = page(client, "appointments:topics", query=f"?motif={offered.topic.slug}")

    assert answer.url == reverse(
        "appointments:slots", args=[offered.agenda.site.slug, offered.topic.slug]
    )


def test_a_slot_taken_meanwhile_gives_the_closest_ones_and_keeps_what_was_typed(
    client: Client, offered: Any
):
    taken = made(offered).appointment
    when = stamps.stamp(taken.starts_at)
    address = reverse(
        "appointments:details", args=[offered.agenda.site.slug, offered.topic.slug, when]
    )

    answer = client.post(address, {"name": "Paul Kerbrat", "email": "paul@example.org"})
    near = answer.context["nearest"]
    second = client.post(
        address,
        {"name": "Paul Kerbrat", "email": "paul@example.org", "when": stamps.stamp(near[0])},
    )

    assert answer.status_code == 409
    assert "Paul Kerbrat" in text(answer)
    assert second.status_code == 302
    assert Appointment.objects.get(name="Paul Kerbrat").starts_at == near[0]


JEANNE = {"name": "Jeanne Tessandier", "email": "jeanne@example.org"}


def details_of(offered: Any, at: Any) -> str:
    args = [offered.agenda.site.slug, offered.topic.slug, stamps.stamp(at)]
    return reverse("appointments:details", args=args)


@pytest.mark.parametrize("who", [JEANNE, {"name": "Jeanne Tessandier"}])
def test_back_and_book_again_is_told_of_the_appointment_and_takes_no_second_seat(
    client: Client, who: dict[str, str]
):
    offered = today_at_any_hour(seats=2)
    address = details_of(offered, next_slot(offered))
    client.get(address)  # the form, and with it the mark of the browser
    booking = client.post(address, {**who, "form_key": "k1"})

    shown_again = client.get(address)
    again = client.post(address, {**who, "form_key": "k2"})

    assert Appointment.objects.count() == 1
    assert again.status_code == 409
    assert "You already have this appointment." in text(again)
    assert booking.url in text(again)
    assert booking.url in text(shown_again)


def test_elsewhere_the_link_goes_to_the_address_and_is_not_shown():
    offered = today_at_any_hour(seats=2)
    mine = made(offered)
    address = details_of(offered, mine.appointment.starts_at)
    stranger = Client()
    stranger.cookies["django_language"] = "en"

    shown = stranger.get(address)
    answers = [stranger.post(address, {**JEANNE, "form_key": key}) for key in ("k1", "k2")]

    assert Appointment.objects.count() == 1
    assert all(mine.secret not in text(answer) for answer in [shown, *answers])
    assert all("sending its link again" in text(answer) for answer in answers)
    assert mine.appointment.messages.filter(kind="confirmed").count() == 2


def test_a_namesake_without_an_address_and_the_rest_of_a_family_have_their_own_seats():
    offered = today_at_any_hour(seats=4)
    at = next_slot(offered)
    client, other = Client(), Client()
    for one in (client, other):
        one.get(details_of(offered, at))

    client.post(details_of(offered, at), {"name": "Jeanne Tessandier"})
    client.post(details_of(offered, at), {"name": "Paul Tessandier"})
    other.post(details_of(offered, at), {"name": "Jeanne Tessandier"})

    assert Appointment.objects.count() == 3


def test_who_cancelled_books_the_same_time_again(client: Client):
    offered = today_at_any_hour(seats=1)
    address = details_of(offered, next_slot(offered))
    client.get(address)
    client.post(address, JEANNE)
    actions.cancel(Appointment.objects.get(), now=timezone.now())

    assert client.post(address, JEANNE).status_code == 302


@pytest.mark.parametrize(
    "at", [datetime(2020, 11, 2, 9, tzinfo=UTC), datetime(2099, 1, 1, 9, tzinfo=UTC)]
)
def test_a_time_that_nobody_can_have_is_told_before_anything_is_typed(
    client: Client, offered: Any, at: datetime
):
    answer = client.get(details_of(offered, at))

    assert answer.status_code == 409
    assert "This time cannot be booked." in text(answer)
    assert str(at.year) in text(answer)
    assert 'name="email"' not in text(answer)
    assert details_of(offered, answer.context["nearest"][0]) in text(answer)


def test_an_earlier_time_is_waited_for_between_today_and_the_appointment(
    client: Client, offered: Any
):
    mine = made(offered)
    address = reverse("web:appointment-earlier", args=[mine.secret])
    today = timezone.localdate()
    after = timezone.localdate(mine.appointment.starts_at) + timedelta(days=1)

    answers = [client.post(address, {"earlier_from": day}) for day in ("2020-01-01", after)]
    right = client.post(address, {"earlier_from": today})

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("Choose a day from today on" in text(answer) for answer in answers)
    assert f'min="{today}"' in text(answers[0])
    assert right.status_code == 302


def test_mistakes_are_explained_and_nothing_is_booked(client: Client, offered: Any):
    when = stamps.stamp(next_slot(offered))
    address = reverse(
        "appointments:details", args=[offered.agenda.site.slug, offered.topic.slug, when]
    )

    answer = client.post(address, {"name": "", "phone": "abc", "wants_earlier": "on"})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name", "phone"}
    assert not Appointment.objects.exists()


def test_somebody_who_tries_again_and_again_is_asked_to_wait(client: Client, offered: Any):
    when = stamps.stamp(next_slot(offered))
    address = reverse(
        "appointments:details", args=[offered.agenda.site.slug, offered.topic.slug, when]
    )
    for n in range(8):
        client.post(address, {"name": f"Personne {n}"})

    assert client.post(address, {"name": "Encore"}).status_code == 429


def test_an_agenda_for_colleagues_is_not_shown_to_the_public(client: Client):
    own = own_agenda()
    site, topic = own.agenda.site.slug, own.topic.slug

    assert page(client, "appointments:slots", site, topic).status_code == 404


# Behind the secret link


def test_the_page_of_an_appointment_moves_and_cancels_it(client: Client, offered: Any):
    secret = made(offered).secret
    later = next_slot(offered, now=timezone.now() + timedelta(hours=5))

    moved = client.post(
        reverse("web:appointment-move", args=[secret]), {"when": stamps.stamp(later)}
    )
    cancelled = client.post(reverse("web:appointment-cancel", args=[secret]), {"form_key": "k"})

    found = Appointment.objects.get()
    assert moved.status_code == cancelled.status_code == 302
    assert (found.starts_at, found.state, found.sequence) == (later, "cancelled", 2)
    assert "You cancelled it" in text(page(client, "web:appointment", secret))


def test_a_move_to_a_taken_slot_says_what_is_free_and_changes_nothing(client: Client, offered: Any):
    mine = made(offered)
    other = made(offered, email="paul@example.org").appointment

    answer = client.post(
        reverse("web:appointment-move", args=[mine.secret]),
        {"when": stamps.stamp(other.starts_at)},
    )

    assert answer.status_code == 409
    assert "no longer free" in text(answer)
    mine.appointment.refresh_from_db()
    assert mine.appointment.sequence == 0


def test_unknown_links_are_told_nothing_and_nothing_is_kept_by_browsers(
    client: Client, offered: Any
):
    known = page(client, "web:appointment", made(offered).secret)

    assert page(client, "web:appointment", "x" * 32).status_code == 404
    assert known.headers["Referrer-Policy"] == "no-referrer"
    assert known.headers["Cache-Control"] == "no-store"


def test_a_calendar_file_may_be_taken_along(client: Client, offered: Any):
    answer = page(client, "web:appointment-calendar", made(offered).secret)

    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert b"METHOD:PUBLISH\r\n" in answer.content


def test_an_earlier_slot_is_accepted_once_and_too_late_is_told_kindly(client: Client, offered: Any):
    now = timezone.now()
    at = next_slot(offered, now=now + timedelta(hours=8))
    first = booked(offered, at, now=now)
    later = next_slot(offered, now=now + timedelta(hours=9))
    waiting = booked(offered, later, now=now, email="paul@example.org", wants_earlier=True)
    actions.cancel(first.appointment, now=timezone.now())
    offer = Offer.objects.get()
    address = reverse("web:appointment-offer", args=[waiting.secret, offer.pk])

    shown = client.get(address)
    accepted = client.post(address, {"accept": "1"})
    late = client.post(address, {"accept": "1"})

    waiting.appointment.refresh_from_db()
    assert shown.status_code == 200
    assert accepted.status_code == 302
    assert waiting.appointment.starts_at == offer.starts_at
    assert late.status_code == 409


def test_with_ones_own_referent_it_takes_three_steps(client: Client):
    opened = windows(now=timezone.now())
    today_at_any_hour()
    assert opened.case.referent is not None
    own = own_agenda(agent=opened.case.referent)
    tracking = text(page(client, "web:tracking", opened.secret))
    address = reverse("web:tracking-book", args=[opened.secret])
    when = stamps.stamp(next_slot(own))

    choice = text(client.get(address))
    answer = client.post(address, {"when": when, "form_key": "k"})

    found = Appointment.objects.get()
    assert address in tracking
    assert when in choice
    assert answer.url == keys.page_path(found)
    assert (found.case, found.agenda) == (opened.case, own.agenda)


def test_without_an_agenda_the_tracking_page_offers_no_dead_button(client: Client):
    opened = windows(now=timezone.now())

    assert reverse("web:tracking-book", args=[opened.secret]) not in text(
        page(client, "web:tracking", opened.secret)
    )
    assert page(client, "web:tracking-book", opened.secret).status_code == 404


# The kiosk


def check_in(client: Client, site: str, **data: str) -> Any:
    return client.post(reverse("appointments:check-in", args=[site]), data)


def test_the_code_is_touched_sign_by_sign(client: Client, offered: Any):
    site = offered.agenda.site.slug
    code = made(offered).appointment.code

    typed = page(client, "appointments:check-in", site, query=f"?code={code[:7]}&touch={code[7]}")

    assert typed.context["code"] == code
    assert typed.context["is_whole"]


def test_checking_in_by_code_gives_a_ticket(client: Client, offered: Any):
    appointment = made(offered, soon=True).appointment

    answer = check_in(client, offered.agenda.site.slug, code=appointment.code)

    appointment.refresh_from_db()
    assert appointment.ticket is not None
    assert "/ticket/" in answer.url
    assert appointment.ticket.booked_at == appointment.starts_at


@pytest.mark.parametrize("language", ["fr", "en", "ar", "uk"])
def test_who_comes_on_the_wrong_day_is_told_the_day(client: Client, offered: Any, language: str):
    now = timezone.now()
    later = next_slot(offered, now=now + timedelta(days=3))
    appointment = booked(offered, later, now=now).appointment
    address = reverse("appointments:check-in", args=[offered.agenda.site.slug])

    answer = client.post(f"{address}?langue={language}", {"code": appointment.code})

    with translation.override(language):
        assert queries.day_words(timezone.localdate(later)) in text(answer)
        assert language == "en" or "not today" not in text(answer)


def test_a_visitor_of_the_back_office_is_asked_to_take_a_seat(client: Client):
    site = today_at_any_hour().agenda.site
    appointment = made(_own_all_day(site), soon=True).appointment

    answer = check_in(client, appointment.agenda.site.slug, code=appointment.code)

    assert answer.url.endswith("/recu/")
    assert "comes to fetch you" in text(client.get(answer.url))


def test_name_and_hour_do_when_the_code_is_at_home_and_show_nobody_else(
    client: Client, offered: Any
):
    appointment = made(offered, soon=True).appointment
    hour = timezone.localtime(appointment.starts_at).strftime("%H:%M")
    site = offered.agenda.site.slug

    wrong = check_in(client, site, name="Kerbrat", hour=hour)
    right = check_in(client, site, name="Tessandier", hour=hour)

    assert wrong.status_code == 409
    assert "Tessandier" not in text(wrong)
    assert right.status_code == 302


@pytest.mark.parametrize("data", [{"code": "AAAA-AAAA"}, {}, {"name": "x", "hour": "99"}])
def test_what_is_not_known_is_said_kindly(client: Client, offered: Any, data: dict[str, str]):
    answer = check_in(client, offered.agenda.site.slug, **data)

    assert answer.status_code == 409
    assert answer.context["refusal"]


# Colleagues


def test_the_day_shows_who_comes_and_marks_arrivals(client: Client, offered: Any):
    appointment = made(offered, soon=True).appointment
    client.force_login(ines())

    day = text(page(client, "appointments:agenda"))
    client.post(reverse("appointments:act", args=[appointment.code, "arrive"]))

    appointment.refresh_from_db()
    assert "Jeanne Tessandier" in day
    assert appointment.state == "arrived"


def test_an_arrival_marked_by_mistake_is_taken_back_on_the_page(client: Client, offered: Any):
    appointment = made(offered, soon=True).appointment
    client.force_login(ines())
    act = partial(reverse, "appointments:act")
    client.post(act(args=[appointment.code, "arrive"]))
    offered_then = text(page(client, "appointments:appointment", appointment.code))

    client.post(act(args=[appointment.code, "pas-la"]))

    appointment.refresh_from_db()
    assert "Not here after all" in offered_then
    assert appointment.state == "booked"
    assert "Not here after all" not in text(
        page(client, "appointments:appointment", appointment.code)
    )


def test_your_visitor_is_here(client: Client):
    site = today_at_any_hour().agenda.site
    own = _own_all_day(site)
    appointment = made(own, soon=True).appointment
    actions.arrive(appointment, now=timezone.now(), agent=marc())
    client.force_login(ines())

    assert "Your visitor is here: Jeanne Tessandier" in text(page(client, "appointments:here"))
    assert "Your visitor is here" in text(page(client, "appointments:agenda"))


def test_an_office_appointment_is_received_and_ended_as_a_contact(client: Client):
    site = today_at_any_hour().agenda.site
    appointment = made(_own_all_day(site), soon=True).appointment
    client.force_login(ines())
    for act in ("arrive", "recoit"):
        client.post(reverse("appointments:act", args=[appointment.code, act]))

    client.post(
        reverse("appointments:act", args=[appointment.code, "termine"]), {"outcome": "resolved"}
    )

    appointment.refresh_from_db()
    assert appointment.state == "served"
    assert Contact.objects.get() == appointment.contact


def test_a_colleague_books_for_somebody_about_a_case(client: Client):
    opened = windows(now=timezone.now())
    today_at_any_hour()
    own = own_agenda(agent=opened.case.referent)
    client.force_login(said_why(ines(), opened.case))
    address = reverse("appointments:book") + f"?dossier={opened.case.reference}"
    assert text(client.get(address))

    answer = client.post(
        f"{address}&offre={own.pk}", {"name": "Yann", "when": stamps.stamp(next_slot(own))}
    )

    found = Appointment.objects.get()
    assert answer.status_code == 302
    assert (found.case, found.booked_by) == (Case.objects.get(), ines())


def test_a_cancellation_by_the_house_needs_its_reason(client: Client, offered: Any):
    appointment = made(offered).appointment
    client.force_login(ines())
    address = reverse("appointments:act", args=[appointment.code, "annule"])

    client.post(address, {"reason": ""})
    appointment.refresh_from_db()
    assert appointment.state == "booked"

    client.post(address, {"reason": "Panne"})
    appointment.refresh_from_db()
    assert appointment.state == "cancelled"


def test_a_colleague_moves_an_appointment(client: Client, offered: Any):
    appointment = made(offered).appointment
    later = next_slot(offered, now=timezone.now() + timedelta(hours=3))
    client.force_login(ines())
    address = reverse("appointments:move", args=[appointment.code])

    assert stamps.stamp(later) in text(client.get(address + f"?des={later:%Y-%m-%d}"))
    client.post(address, {"when": stamps.stamp(later)})

    appointment.refresh_from_db()
    assert appointment.starts_at == later


def test_the_head_of_reception_lays_out_an_agenda(client: Client, offered: Any):
    client.force_login(marc())
    agenda = offered.agenda
    data = {
        "name": "Mariages", "site": agenda.site_id, "service": agenda.service_id,
        "horizon_days": 42, "notice_minutes": 60, "buffer_minutes": 5, "live_limit": 2,
        "offer_hours": 4, "is_active": "on",
        **_formset("topics", {"topic": offered.topic_id, "minutes": 30}),
        **_formset(
            "rota",
            {"weekday": 1, "opens": "09:00", "closes": "12:00", "seats": 1,
             "valid_from": "2026-01-01"},
        ),
        **_formset("special"),
    }  # fmt: skip

    answer = client.post(reverse("appointments:add"), data)

    laid = Agenda.objects.get(name="Mariages")
    assert answer.status_code == 302
    assert (laid.rotas.get().weekday, laid.offers_topics.get().minutes) == (1, 30)


def test_hours_between_two_ticks_are_explained(client: Client, offered: Any):
    client.force_login(marc())
    line = {"weekday": 1, "opens": "09:02", "closes": "08:00", "seats": 1}
    data = {**_formset("topics"), **_formset("rota", line), **_formset("special")}

    answer = client.post(reverse("appointments:add"), data)

    assert answer.status_code == 422
    assert "opens" in answer.context["rota"].errors[0]


def test_blocking_time_warns_of_who_is_expected_then(client: Client, offered: Any):
    appointment = made(offered).appointment
    local = timezone.localtime(appointment.starts_at)
    client.force_login(marc())

    answer = client.post(
        reverse("appointments:block", args=[offered.agenda_id]),
        {"day": f"{local:%Y-%m-%d}", "start": f"{local:%H:%M}", "end": "23:55"},
        follow=True,
    )

    block = Block.objects.get()
    assert "still in it" in text(answer)
    client.post(reverse("appointments:unblock", args=[block.pk]))
    assert not Block.objects.exists()


def test_ones_own_calendar_shows_no_names_unless_one_wants_them(client: Client):
    today_at_any_hour()
    own = own_agenda()
    made(own)
    client.force_login(ines())
    address = reverse("appointments:subscription", args=[own.agenda_id])

    bare = client.post(address).context["address"]
    calendar = client.get(bare.partition("8000")[2])
    named = client.post(address, {"with_names": "on"}).context["address"]

    assert b"Tessandier" not in calendar.content
    assert calendar.headers["Content-Type"].startswith("text/calendar")
    assert client.get(bare.partition("8000")[2]).status_code == 404
    assert b"Tessandier" in client.get(named.partition("8000")[2]).content


def test_a_colleague_does_not_keep_the_agenda_of_another(client: Client):
    today_at_any_hour()
    own = own_agenda(agent=marc())
    client.force_login(ines())

    assert page(client, "appointments:subscription", own.agenda_id).status_code == 403


def _formset(prefix: str, *lines: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(lines), f"{prefix}-INITIAL_FORMS": 0}
    for n, line in enumerate(lines):
        data |= {f"{prefix}-{n}-{name}": value for name, value in line.items()}
    return data


def _own_all_day(site: Any) -> Any:
    return own_agenda(site=site, hours=(time(0), time(23, 59)), weekdays=range(7))


def test_who_is_away_is_not_met_and_who_stands_in_is_with_the_reason(client: Client):
    opened = windows(now=timezone.now(), referent=nadia(), deputy=bruno())
    today_at_any_hour()
    own, other = own_agenda(agent=nadia()), own_agenda(agent=bruno(), name="Bruno")
    today = timezone.localdate()
    Absence.objects.create(
        agent=nadia(), deputy=bruno(), first_day=today, last_day=today + timedelta(days=300)
    )
    address = reverse("web:tracking-book", args=[opened.secret])
    when = stamps.stamp(next_slot(other))

    choice = text(client.get(address))
    client.post(address, {"when": when, "form_key": "k"})

    assert queries.free_days([own], now=timezone.now(), by_agent=True) == []
    assert "Nadia Amrani" in choice
    assert "Bruno Delcourt" in choice
    assert when in choice
    assert Appointment.objects.get().agenda == other.agenda
