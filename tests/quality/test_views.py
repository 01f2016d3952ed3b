import csv
import io
import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.cases.models import Case, CaseEntry
from parvis.common.models import JournalEntry
from parvis.knowledge.models import Sheet
from parvis.organisations.actions import keep_site
from parvis.organisations.models import Topic
from parvis.quality.models import Goal
from parvis.queue.models import DeskSession
from tests.accounts.factories import AgentFactory, ines, marc, rozenn
from tests.contacts.factories import PersonFactory
from tests.organisations.factories import (
    DeskFactory,
    ServiceFactory,
    SiteFactory,
    TopicFactory,
)
from tests.quality.factories import GoalFactory, answered, at, exchange, served, told_ticket
from tests.support.html import assert_valid_html

pytestmark = pytest.mark.django_db

MARCH = "first=2026-03-01&last=2026-03-31"
PAGES = (
    "quality:today",
    "quality:indicators",
    "quality:months",
    "quality:rows",
    "quality:goals",
    "quality:week",
    "quality:replay",
)

FIGURES = ("quality:indicators", "quality:months", "quality:week", "quality:services")


@pytest.fixture(autouse=True)
def _spring(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 1 April 2026, 9:00 at Sainte-Orvanne, and nothing is remembered."""
    cache.clear()
    monkeypatch.setattr(timezone, "now", lambda: at(1, 9, month=4))


@pytest.fixture
def head(client: Client) -> Client:
    client.force_login(marc())
    client.cookies["django_language"] = "en"
    return client


def text(response: Any) -> str:
    plain = unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return " ".join(plain.replace("\xa0", " ").split())


def march(count: int = 6, day: int = 31) -> None:
    for place in range(count):
        served(at(day, 9, place), 5)
        answered(exchange(at(day, 9, place)), 5)


def a_case(number: int, **kwargs: Any) -> Case:
    topic: Topic = TopicFactory.create()
    values = {
        "authority": topic.authority,
        "reference": f"A7K2M{number:03}X",
        "topic": topic,
        "service": topic.service,
        "channel": "web",
        "title": f"Six windows {number}",
        "description": "…",
        "opened_at": at(1),
        "received_on": date(2026, 3, 1),
        "last_activity_at": at(2),
        "secret_hash": f"case{number:060}",
    }
    return Case.objects.create(**{**values, **kwargs})


def test_the_day_tells_the_three_figures_with_interval_and_verdict(head: Client):
    GoalFactory.create(code="WAIT-TARGET", value=0.5)
    march(30)

    page = text(head.get(reverse("quality:today")))

    assert "Wednesday 1 April 2026" in page
    assert "Yesterday: 30 people received at the desk." in page
    assert "Attended within 10 min 100.0 %" in page
    assert "between 88.6 and 100.0" in page
    assert "30 of 30 visits that day. One person in two waited at most 5 min." in page
    assert "Kept" in page
    assert "Not enough contacts yet" in page


def test_on_a_monday_the_last_day_with_visitors_is_shown(head: Client):
    march(day=27)

    page = text(head.get(reverse("quality:today")))

    assert "Friday 27 March: 6 people received at the desk." in page
    assert "How long did people wait?" in page


def test_waits_are_drawn_by_the_hour_and_told_in_a_table(head: Client):
    for place in range(6):
        served(at(31, 11, place), 12)
    served(at(31, 14), 3)

    response = head.get(reverse("quality:today"))

    page = text(response)
    assert "11 o'clock: one in two 12 min, nine in ten 12 min." in page
    assert "11h 6 12 min 12 min" in page
    assert "14h fewer than 5" in page
    assert 'class="g-late"' in response.content.decode()


def test_red_items_say_what_must_be_mended_and_where(head: Client):
    follower = marc()
    service = follower.service
    a_case(1, service=service)
    a_case(2, service=service, referent=follower, due_on=date(2026, 3, 30))
    unread = a_case(3, referent=follower, unread_by_service=True)
    CaseEntry.objects.create(case=unread, at=at(25), kind="message_in", text="Allô ?")
    Sheet.objects.create(
        authority=follower.authority, ref="SO-1", title="Acte", review_due_on=date(2026, 3, 1)
    )

    response = head.get(reverse("quality:today"))

    page, html = text(response), response.content.decode()
    for words in (
        "1 Request that nobody follows",
        "1 Answer overdue",
        "1 Message unread for more than two working days",
        "1 Sheet to check again",
    ):
        assert words in page
    assert f"{reverse('cases:portfolio')}?whose=service&amp;view=due" in html
    assert reverse("cases:case", args=["A7K2M002X"]) in html
    assert reverse("knowledge:agent-search") in html


@pytest.mark.parametrize(("written", "is_red"), [(at(27, 23), True), (at(30, 1), False)])
def test_a_message_turns_red_after_two_working_days(head: Client, written: Any, is_red: bool):
    unread = a_case(3, referent=marc(), unread_by_service=True)
    CaseEntry.objects.create(case=unread, at=written, kind="message_in", text="Allô ?")

    # From Friday 27, Monday and Tuesday were the two days to read it in; it is Wednesday.
    assert ("Message unread" in text(head.get(reverse("quality:today")))) is is_red


def test_nothing_late_is_said_kindly(head: Client):
    assert "Nothing is late" in text(head.get(reverse("quality:today")))


def test_what_a_sensitive_service_has_late_is_its_own_to_see(head: Client):
    social = ServiceFactory.create(slug="ccas", name="Aide sociale", is_sensitive=True)
    a_case(1, service=social, title="Something private")

    page = text(head.get(reverse("quality:today")))

    assert "Request that nobody follows" not in page
    assert "Aide sociale" not in page
    assert "Something private" not in page


def test_the_halls_are_shown_as_they_are(head: Client):
    told_ticket([], joined=at(1, 8, 40, month=4))
    told_ticket([], joined=at(1, 8, 58, month=4))
    agent, other = ines(), AgentFactory.create(username="marc.b", entry=None)
    for number, (who, status) in enumerate([(agent, "open"), (other, "pause")]):
        desk = DeskFactory.create(name=f"Guichet {number}")
        DeskSession.objects.create(desk=desk, agent=who, status=status, opened_at=at(1, month=4))

    page = text(head.get(reverse("quality:today")))

    assert "Town hall 2 20 min beyond the goal 1 and 1 on a break" in page


def test_a_past_day_shows_no_present(head: Client):
    march(day=20)

    page = text(head.get(reverse("quality:today") + "?day=2026-03-20"))

    assert "Friday 20 March 2026" in page
    assert "The halls now" not in page
    assert "Choose a day that is over." in text(
        head.get(reverse("quality:today") + "?day=2026-04-01")
    )


@pytest.mark.parametrize("name", ["quality:indicators", "quality:months", "quality:rows"])
@pytest.mark.parametrize("what", ["site", "service", "topic"])
def test_what_belongs_to_another_authority_is_not_found(head: Client, name: str, what: str):
    foreign = rozenn().authority
    made = {
        "site": lambda: SiteFactory.create(authority=foreign),
        "service": lambda: ServiceFactory.create(authority=foreign),
        "topic": lambda: TopicFactory.create(authority=foreign),
    }[what]()

    assert head.get(f"{reverse(name)}?{what}={made.pk}").status_code == 404
    assert head.get(f"{reverse('quality:export')}?{what}={made.pk}").status_code == 404
    assert head.get(f"{reverse(name)}?{what}=nonsense").status_code == 404


def test_a_foreign_site_has_no_day(head: Client):
    foreign = SiteFactory.create(authority=rozenn().authority)

    assert head.get(f"{reverse('quality:today')}?site={foreign.pk}").status_code == 404


@pytest.mark.parametrize("name", [*PAGES, "quality:export"])
def test_reception_agents_do_not_steer_by_figures(client: Client, name: str):
    client.force_login(ines())

    assert client.get(reverse(name)).status_code == 403


def test_an_indicator_is_shown_with_all_that_is_needed_to_believe_it(head: Client):
    march(30)
    GoalFactory.create(code="CSAT", value=0.95)

    page = text(head.get(f"{reverse('quality:indicators')}?{MARCH}"))

    assert "From Sunday 1 March 2026 to Tuesday 31 March 2026 · the whole house" in page
    assert "Satisfaction Definition 1 and what was left out" in page
    assert "88.6% to 100.0% 30 of 30 Too early to conclude at least 95%" in page
    assert "30 not linked to a person" in page


def test_too_few_show_nothing(head: Client):
    march(4)

    page = text(head.get(f"{reverse('quality:indicators')}?{MARCH}"))

    assert "fewer than 5: hidden" in page
    assert "100.0%" not in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("first=2026-03-31&last=2026-03-01", "The period ends before it begins."),
        ("first=2020-01-01&last=2026-03-01", "Choose a year at most."),
    ],
)
def test_days_that_make_no_sense_are_told_and_four_weeks_are_shown(
    head: Client, query: str, words: str
):
    page = text(head.get(f"{reverse('quality:indicators')}?{query}"))

    assert words in page
    assert "From Wednesday 4 March 2026 to Tuesday 31 March 2026" in page


def test_rows_lie_two_clicks_behind_and_name_nobody(head: Client):
    person = PersonFactory.create(last_name="Kerdraon")
    for day in (2, 5):
        exchange(at(day), person=person, linking="details")

    first = unescape(head.get(f"{reverse('quality:indicators')}?{MARCH}").content.decode())
    address = reverse("quality:rows") + f"?{MARCH}&rows=contacts"
    assert f'href="{address}"' in first
    page = text(head.get(address))

    assert "first contact, came back" in page
    assert "repeat of an earlier contact" in page
    assert "Kerdraon" not in page


def test_tickets_tell_each_wait_of_a_transfer(head: Client):
    topic = TopicFactory.create()
    told_ticket(
        [
            ("called", 3), ("started", 3),
            ("transferred", 8, {"topic": topic.pk, "before": {"topic_id": topic.pk}}),
            ("called", 15), ("started", 15), ("finished", 20),
        ],
        joined=at(3), topic=topic,
    )  # fmt: skip

    page = text(head.get(f"{reverse('quality:rows')}?{MARCH}&rows=tickets"))

    assert "3 min, then 7 min 5 min, then 5 min received" in page


@pytest.mark.parametrize("role", ["DIR", "ELU"])
def test_whoever_reads_figures_only_is_led_to_no_row(client: Client, role: str):
    march(6)
    client.force_login(AgentFactory.create(username="figures", entry=None, roles=[role]))

    day = client.get(reverse("quality:today"), {"day": "2026-03-31"})
    pages = [client.get(f"{reverse(name)}?{MARCH}&cell=1-18") for name in FIGURES]

    for page in (day, *pages):
        assert page.status_code == 200
        assert reverse("quality:rows") not in page.content.decode()
        assert reverse("quality:replay") not in page.content.decode()
    for what in ("tickets", "contacts", "questions", "cases", "transmissions"):
        assert client.get(reverse("quality:rows"), {"rows": what}).status_code == 403
    assert client.get(reverse("quality:replay")).status_code == 403


def social() -> Topic:
    service = ServiceFactory.create(slug="ccas", name="Aide sociale", is_sensitive=True)
    topic: Topic = TopicFactory.create(slug="rsa", name="RSA", name_en="", service=service)
    return topic


def test_tickets_of_a_sensitive_service_count_and_are_not_listed(head: Client):
    march(6)
    rsa = social()
    served(at(31, 10), 5, topic=rsa)
    sent_on = served(at(31, 11), 5)
    sent_on.legs.create(position=1, topic=rsa, waiting_since=at(31, 11))

    page = head.get(f"{reverse('quality:rows')}?{MARCH}&rows=tickets")
    file = head.get(f"{reverse('quality:export')}?{MARCH}&rows=tickets").content.decode()

    said = "2 rows of sensitive services count in the figures and are not listed"
    assert len(page.context["table"].rows) == 6
    assert said in text(page)
    assert said in file.splitlines()[-1]
    assert sent_on.code not in text(page)
    assert "RSA" not in text(page).partition("All topics")[0]
    assert "8 of 8" in text(head.get(f"{reverse('quality:indicators')}?{MARCH}"))


def test_contacts_and_their_export_say_how_many_are_not_listed(head: Client):
    exchange(at(3))
    exchange(at(4), topic=social())

    page = text(head.get(f"{reverse('quality:rows')}?{MARCH}&rows=contacts"))
    file = head.get(f"{reverse('quality:export')}?{MARCH}&rows=contacts").content.decode()

    said = "1 row of a sensitive service counts in the figures and is not listed"
    assert said in page
    assert said in file.splitlines()[-1]


def test_the_service_itself_reads_its_tickets(client: Client):
    rsa = social()
    served(at(31, 10), 5, topic=rsa)
    own = AgentFactory.create(username="own", entry=None, roles=["MGR"], service=rsa.service)
    client.force_login(own)

    page = client.get(f"{reverse('quality:rows')}?{MARCH}&rows=tickets")

    assert len(page.context["table"].rows) == 1
    assert page.context["unlisted"] == ""


def test_the_hall_played_again_counts_a_sensitive_ticket_and_does_not_name_it(head: Client):
    monday_mornings()
    served(at(30, 9, 34), 18, topic=social())

    page = head.get(reverse("quality:replay"), {"day": "2026-03-30", "at": "09:40"})

    assert "7 people wait." in text(page)
    assert len(page.context["waiting"]) == 6
    assert "RSA" not in text(page)
    assert "1 row of a sensitive service counts" in text(page)


def test_rows_go_on_by_key(head: Client):
    for place in range(53):
        exchange(at(3, 8, place))

    first = head.get(f"{reverse('quality:rows')}?{MARCH}&rows=contacts")
    assert len(first.context["table"].rows) == 50
    second = head.get(reverse("quality:rows") + first.context["older_url"])

    assert len(second.context["table"].rows) == 3
    assert second.context["older_url"] == ""


def sheet_of(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def test_figures_are_exported_with_definition_and_numbers(head: Client):
    march(30)

    response = head.get(f"{reverse('quality:export')}?{MARCH}")

    assert 'filename="measures-20260301-20260331.csv"' in response["Content-Disposition"]
    rows = {row["Code"]: row for row in sheet_of(response)}
    assert rows["CSAT"]["Numerator"] == rows["CSAT"]["Denominator"] == "30"
    assert rows["CSAT"]["Definition"].startswith("Answers of 4 or 5")
    assert JournalEntry.objects.get(verb="quality.exported").data["what"] == "measures"


def test_a_french_spreadsheet_gets_commas_sensible_digits_and_french_units(head: Client):
    head.cookies["django_language"] = "fr"
    march(6)
    answered(exchange(at(30, 9)), 2)

    rows = {row["Code"]: row for row in sheet_of(head.get(f"{reverse('quality:export')}?{MARCH}"))}

    assert (rows["CSAT"]["Valeur"], rows["CSAT"]["Unité"]) == ("0,8571", "part de 1")
    assert (rows["WAIT-P50"]["Valeur"], rows["WAIT-P50"]["Unité"]) == ("300", "secondes")


@pytest.mark.parametrize("name", ["quality:export", "quality:sheets-export"])
def test_no_file_is_made_of_a_period_that_ends_before_it_begins(head: Client, name: str):
    response = head.get(f"{reverse(name)}?first=2026-03-31&last=2026-03-01")

    assert response.status_code == 409
    assert "The period ends before it begins." in text(response)
    assert not JournalEntry.objects.filter(verb="quality.exported").exists()


def test_where_sites_aim_at_different_waits_no_single_one_is_told(head: Client):
    march(6)
    address = f"{reverse('quality:indicators')}?{MARCH}"
    assert "Wait aimed at 10 min" in text(head.get(address))

    other = SiteFactory.create(slug="annexe", wait_target_minutes=5)
    served(at(30, 9), 5, site=other)
    assert "Wait aimed at" not in text(head.get(address))


def test_an_export_hides_below_five_too(head: Client):
    march(4)

    rows = {row["Code"]: row for row in sheet_of(head.get(f"{reverse('quality:export')}?{MARCH}"))}

    assert rows["CSAT"]["Value"] == rows["CSAT"]["Numerator"] == ""
    assert rows["CSAT"]["Denominator"] == "<5"


@pytest.mark.parametrize("what", ["tickets", "contacts"])
def test_no_cell_of_an_export_is_a_formula(head: Client, what: str):
    topic = TopicFactory.create(slug="piege", name='=HYPERLINK("http://bad")', name_en="")
    site = SiteFactory.create(slug="piege", name="@SUM(A1)", name_en="")
    served(at(3), 5, topic=topic, site=site)
    exchange(at(3), topic=topic, site=site)

    (row,) = sheet_of(head.get(f"{reverse('quality:export')}?{MARCH}&rows={what}"))

    assert row["Topic"] == '\'=HYPERLINK("http://bad")'
    assert row["Site"] == "'@SUM(A1)"


def test_an_export_of_rows_holds_them_all(head: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("parvis.quality.queries.rows.CHUNK", 4)
    monkeypatch.setattr("parvis.quality.queries.rows.PAGE", 2)
    for place in range(10):
        served(at(3, 9, place), 5)

    rows = sheet_of(head.get(f"{reverse('quality:export')}?{MARCH}&rows=tickets"))

    assert len({row["Ticket"] for row in rows}) == 10
    assert {row["Wait (s)"] for row in rows} == {"300"}


def test_unknown_rows_are_not_found(head: Client):
    assert head.get(reverse("quality:rows") + "?rows=people").status_code == 404
    assert head.get(reverse("quality:export") + "?rows=people").status_code == 404


def test_twelve_months_are_drawn_and_told(head: Client):
    march(6)

    page = text(head.get(reverse("quality:months")))

    assert "Satisfaction, month by month March 2026: 100.0%" in page
    assert "April 2025 – – nothing to count" in page


def test_goals_are_kept_and_remembered(head: Client):
    response = head.post(reverse("quality:goals"), {"CSAT": "92.5", "WAIT-TARGET": "85"})

    assert response.status_code == 302
    assert {goal.code: goal.value for goal in Goal.objects.all()} == {
        "CSAT": 0.925,
        "WAIT-TARGET": 0.85,
    }
    assert "at least 92.5%" in text(head.get(reverse("quality:goals")))


def test_a_goal_beyond_all_is_refused_in_the_form(head: Client):
    response = head.post(reverse("quality:goals"), {"CSAT": "120"})

    assert response.status_code == 200
    assert not Goal.objects.exists()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_the_same_whatever_it_shows(
    head: Client, name: str, django_assert_max_num_queries: Any
):
    march(30)
    for number in range(6):
        a_case(number)
        SiteFactory.create(slug=f"annexe-{number}")

    with django_assert_max_num_queries(45) as few:
        head.get(reverse(name))
    for number in range(6, 30):
        a_case(number)
        served(at(30, 9, number), 5)
        SiteFactory.create(slug=f"annexe-{number}")
    cache.clear()
    with django_assert_max_num_queries(len(few.captured_queries)):
        head.get(reverse(name))


def test_the_pages_are_valid_html(head: Client):
    pages = {f"empty {name}": head.get(reverse(name)).content.decode() for name in PAGES}
    GoalFactory.create()
    march(30)
    a_case(1)
    for name in PAGES:
        pages[f"full {name}"] = head.get(reverse(name)).content.decode()

    assert_valid_html(pages)


def test_yesterday_is_the_local_one(head: Client, monkeypatch: pytest.MonkeyPatch):
    SiteFactory.create()
    march(6)
    monkeypatch.setattr(timezone, "now", lambda: at(1, 0, 30, month=4))

    assert "Yesterday: 6 people" in text(head.get(reverse("quality:today")))


def monday_mornings() -> None:
    """Two Mondays with six people each from half past nine on; the second one was slow."""
    for day, wait in ((23, 3), (30, 18)):
        for place in range(6):
            moment = at(day, 9, 30 + place)
            ticket = served(moment, wait)
            type(ticket).objects.filter(pk=ticket.pk).update(
                called_at=ticket.issued_at + timedelta(minutes=wait)
            )


def test_the_usual_week_shows_when_it_is_slow_and_leads_to_the_days(head: Client) -> None:
    monday_mornings()
    page = head.get(reverse("quality:week") + f"?{MARCH}&cell=0-19")
    assert "Monday 09:30: 18\xa0min" in unescape(page.content.decode())
    said = text(page)
    assert "Monday, people who came from 09:30 on" in said
    assert "Monday 30 March 2026 6 18 min" in said
    assert "day=2026-03-30&at=09%3A30" in unescape(page.content.decode())


@pytest.mark.parametrize("cell", ["9-9", "0-48", "x", "-", "0-", "٣-1", "0-19-2", "1" * 300])
def test_a_cell_that_does_not_exist_is_none(head: Client, cell: str) -> None:
    assert "people who came from" not in text(head.get(reverse("quality:week"), {"cell": cell}))


def test_people_who_come_and_who_give_up_have_their_maps(head: Client) -> None:
    monday_mornings()
    address = reverse("quality:week") + f"?{MARCH}"
    assert "6.0" in text(head.get(address + "&show=people"))
    assert "0%" in text(head.get(address + "&show=gone"))
    assert head.get(address + "&show=nonsense").status_code == 404


def test_the_hall_comes_back_as_it_was_at_a_time(head: Client) -> None:
    monday_mornings()
    said = text(head.get(reverse("quality:replay"), {"day": "2026-03-30", "at": "09:40"}))
    assert "6 people wait. 0 are received" in said
    assert "called at 09:48 after 18 min" in said
    assert "In this half-hour 6 people came." in said


def test_without_a_time_the_fullest_moment_is_shown(head: Client) -> None:
    monday_mornings()
    assert "At 09:35 (when most people waited)" in text(
        head.get(reverse("quality:replay"), {"day": "2026-03-30"})
    )


def test_a_day_without_anybody_says_so(head: Client) -> None:
    SiteFactory.create()
    assert "Nobody came" in text(head.get(reverse("quality:replay"), {"day": "2026-03-29"}))


@pytest.mark.parametrize("at_", ["25:00", "nine", "", "09:40:99", "٠٩:٤٠"])
def test_a_time_that_makes_no_sense_is_told_or_left_out(head: Client, at_: str) -> None:
    monday_mornings()
    page = head.get(reverse("quality:replay"), {"day": "2026-03-30", "at": at_})
    assert page.status_code == 200


@pytest.mark.parametrize("name", ["quality:week", "quality:replay"])
def test_a_hall_page_costs_the_same_whatever_the_crowd(
    head: Client, name: str, django_assert_max_num_queries: Any
) -> None:
    monday_mornings()
    for place in range(20):
        served(at(30, 10, place), 4)
    with django_assert_max_num_queries(16):
        head.get(reverse(name) + f"?{MARCH}&day=2026-03-30&cell=0-19")


def test_a_share_is_rounded_not_cut_off(head: Client):
    march(5)
    for place in range(3):
        answered(exchange(at(30, 9, place)), 2)
    for place in range(8):
        answered(exchange(at(30, 10, place)), 4)

    page = text(head.get(f"{reverse('quality:indicators')}?{MARCH}"))

    # 13 of 16 are 81.25 %, and halves go up.
    assert "81.3%" in page


def test_the_day_that_is_shown_stands_in_its_field(head: Client):
    answer = head.get(reverse("quality:today"))

    assert f'value="{answer.context["day"].isoformat()}"' in answer.content.decode()


def test_the_chart_of_a_past_day_is_drawn_with_the_goal_of_that_day(head: Client):
    site = SiteFactory.create(wait_target_minutes=10)
    served(at(3), 4, site=site)
    site.wait_target_minutes = 5
    keep_site(site, actor=None, now=at(20))

    before = head.get(reverse("quality:today") + "?day=2026-03-03")
    after = head.get(reverse("quality:today") + "?day=2026-03-20")

    assert (before.context["goal_minutes"], after.context["goal_minutes"]) == (10, 5)
