from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.accounts.models import Absence
from parvis.cases import actions, queries
from parvis.cases.models import Case, CaseRead, Handover, LoadCap
from parvis.common.models import IdempotencyKey, JournalEntry
from parvis.contacts.models import Contact
from tests.accounts.factories import ines, marc, rozenn
from tests.cases.factories import bruno, nadia, note, planning, said_why, windows, works
from tests.contacts.factories import with_person
from tests.organisations.factories import ServiceFactory

pytestmark = pytest.mark.django_db
PORTFOLIO = "/agent/dossiers/"
NOTE = {"why": "Holidays", "promised": "Nothing", "next_step": "Read", "by_when": "2099-01-01"}


def signed_in(agent: Any) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(agent)
    return client


@pytest.fixture
def case() -> Case:
    return windows(now=timezone.now()).case


def of(case: Case) -> str:
    return reverse("cases:case", args=[case.reference])


def act(case: Case, name: str) -> str:
    return reverse("cases:act", args=[case.reference, name])


def test_the_address_is_the_agreed_one(case: Case):
    assert reverse("cases:portfolio") == PORTFOLIO
    assert of(case) == f"/agent/dossiers/{case.reference}/"


def test_the_page_shows_words_story_and_who_follows(case: Case):
    words = signed_in(nadia()).get(of(case)).content.decode()

    for expected in ("six fenêtres sur la rue", "Nadia Amrani", "Bruno Delcourt", "Odette"):
        assert expected in words


def test_a_reading_from_outside_is_kept_and_shown_to_the_service(case: Case):
    signed_in(said_why(ines(), case)).get(of(case))

    assert CaseRead.objects.get(is_outside=True).agent == ines()
    assert "Inès Rollin" in signed_in(nadia()).get(of(case)).content.decode()


def test_another_authority_finds_nothing(case: Case):
    assert signed_in(rozenn()).get(of(case)).status_code == 404
    assert signed_in(rozenn()).post(act(case, "note"), {"text": "x"}).status_code == 404


def test_a_sensitive_case_says_whom_to_ask_and_nothing_else(case: Case):
    service = planning()
    service.is_sensitive = True
    service.save(update_fields=["is_sensitive"])

    answer = signed_in(ines()).get(of(case))

    words = answer.content.decode()
    assert "02 61 91 00 42" in words
    for hidden in ("Odette", "fenêtres", "Nadia"):
        assert hidden not in words
    assert signed_in(ines()).post(act(case, "note"), {"text": "x"}).status_code == 404
    assert signed_in(ines()).get(PORTFOLIO, {"q": case.reference}).context["stub"] is not None


def test_each_tab_of_the_composer_does_what_it_says(case: Case):
    client = signed_in(nadia())
    acts: dict[str, dict[str, Any]] = {
        "message": {"text": "The plan?", "awaited": "The plan"},
        "note": {"text": "Third party", "reason": "privacy"},
        "suite": {"text": "Decision", "due_on": "2099-01-01"},
        "echange": {"channel": "phone", "chasing": "on"},
        "passation": {"referent": bruno().pk, **NOTE},
        "reponse": {"text": "You may begin."},
        "reouverture": {"text": "One window is missing."},
    }

    statuses = {name: client.post(act(case, name), data).status_code for name, data in acts.items()}

    assert set(statuses.values()) == {302}
    case.refresh_from_db()
    assert (case.state, case.referent, case.reopened_count) == ("open", nadia(), 1)
    assert Contact.objects.get(avoidable_cause="chasing").linking == "case"


def test_passing_on_to_a_service_or_an_authority(case: Case):
    client = signed_in(nadia())
    civil = ServiceFactory.create()

    client.post(act(case, "service"), {"service": civil.pk, **NOTE})
    case.refresh_from_db()
    assert case.service == civil

    mine = windows(now=timezone.now()).case
    client.post(
        act(mine, "collectivite"), {"authority_name": "Orvanne et Plateaux", "reason": "Water"}
    )
    mine.refresh_from_db()
    assert mine.state == "forwarded"


def test_reception_writes_notes_but_does_not_close(case: Case):
    client = signed_in(said_why(ines(), case))

    page = client.get(of(case) + "?act=reponse")
    answer = client.post(act(case, "reponse"), {"text": "Done"})

    assert page.context["act"] == "message"
    assert answer.status_code == 409
    assert "Done" in answer.content.decode()
    assert answer.context["act_form"]["text"].value() is None
    case.refresh_from_db()
    assert case.state == "open"


def test_a_message_to_a_case_closed_meanwhile_never_becomes_a_note(case: Case):
    client = signed_in(nadia())
    actions.close(case, agent=nadia(), now=timezone.now(), text="Settled.")

    answer = client.post(act(case, "message"), {"text": "One more thing for you"})

    assert answer.status_code == 409
    assert answer.context["act"] == "reouverture"
    assert "typed under “Write”" in answer.content.decode()
    assert "One more thing for you" in answer.content.decode()


def test_once_reopened_the_message_is_there_to_be_sent(case: Case):
    client = signed_in(nadia())
    actions.close(case, agent=nadia(), now=timezone.now(), text="Settled.")
    client.post(act(case, "message"), {"text": "One more thing for you"})

    page = client.post(act(case, "reouverture"), {"text": "Forgotten"}, follow=True)
    words = page.context["act_form"]["text"].value()
    client.post(act(case, "message"), {"text": words})

    assert (page.context["act"], words) == ("message", "One more thing for you")
    assert client.get(of(case) + "?act=message").context["act_form"]["text"].value() is None


def test_the_panels_beside_a_case_leave_the_title_of_the_page_alone(case: Case):
    page = signed_in(nadia()).get(of(case)).content.decode()

    fetched = [part.split(">")[0] for part in page.split('data-hx-trigger="load"')[1:]]
    assert fetched
    assert all("ignoreTitle:true" in part for part in fetched)


def test_what_came_meanwhile_is_read_before_closing(case: Case):
    client = signed_in(nadia())
    seen = client.get(of(case)).context["seen"]
    actions.write_as_person(case, now=timezone.now(), text="Wait, I forgot something")

    answer = client.post(act(case, "reponse"), {"text": "My long answer", "seen": seen})

    words = answer.content.decode()
    assert answer.status_code == 409
    assert "I forgot something" in words
    assert "My long answer" in words


def test_a_double_click_writes_one_note(case: Case):
    client = signed_in(nadia())
    data = {"text": "Once", "reason": "privacy", "form_key": "k" * 20}

    client.post(act(case, "note"), data)
    client.post(act(case, "note"), data)

    assert case.entries.filter(kind="note").count() == 1


def test_opening_after_an_exchange_prints_the_slip_with_the_link(client: Client):
    nadia(), bruno()
    contact = with_person(topic=works(), outcome="case_opened", note="windows")
    client = signed_in(ines())
    address = reverse("cases:open") + f"?contact={contact.pk}"

    page = client.get(address)
    answer = client.post(
        address, {"topic": contact.topic_id, "description": "Six windows", "form_key": "k" * 20}
    )
    slip = client.get(answer.headers["Location"])

    case = Case.objects.get()
    assert "windows" in page.content.decode()
    assert (case.contact, case.person, case.channel) == (contact, contact.person, "desk")
    assert "/suivi/" in slip.content.decode()
    assert "<svg" in slip.content.decode()


def test_the_secret_of_a_new_case_is_in_no_stored_answer():
    nadia()
    client = signed_in(ines())
    data = {"topic": works().pk, "description": "Fence", "channel": "phone", "form_key": "k" * 20}

    answer = client.post(reverse("cases:open"), data)
    slip = client.get(answer.headers["Location"]).context["address"]

    secret = slip.rstrip("/").rsplit("/", 1)[1]
    rows = [str(row) for model in (IdempotencyKey, JournalEntry) for row in model.objects.values()]
    assert queries.by_secret(secret, timezone.now()) == Case.objects.get()
    assert not any(secret in row for row in rows)


def test_the_slip_forgets_the_link_and_can_make_a_new_one(case: Case):
    client = signed_in(said_why(ines(), case))
    slip = reverse("cases:slip", args=[case.reference])

    before = client.get(slip).context["address"]
    client.post(reverse("cases:renew-link", args=[case.reference]))
    after = client.get(slip).context["address"]

    assert before == ""
    assert "/suivi/" in after


def test_a_foreign_contact_opens_nothing(client: Client):
    contact = with_person()
    answer = signed_in(rozenn()).get(reverse("cases:open") + f"?contact={contact.pk}")

    assert answer.status_code == 404


def test_wrong_details_keep_what_was_typed():
    nadia()
    data = {"topic": works().pk, "description": "Fence", "channel": "phone", "phone": "none"}

    answer = signed_in(ines()).post(reverse("cases:open"), data)

    assert answer.status_code == 409
    assert "Fence" in answer.content.decode()
    assert Case.objects.count() == 0


def test_the_portfolio_has_shelves_of_ones_own_and_of_the_service(case: Case):
    windows(now=timezone.now(), referent=bruno(), deputy=nadia())

    mine = signed_in(nadia()).get(PORTFOLIO)
    everything = signed_in(nadia()).get(PORTFOLIO, {"whose": "service", "view": "open"})
    nonsense = signed_in(nadia()).get(PORTFOLIO, {"view": "x", "after": "rubbish"})

    assert len(mine.context["cases"]) == 1
    assert len(everything.context["cases"]) == 2
    assert nonsense.status_code == 200


def test_no_number_about_a_named_colleague_stands_on_the_portfolio(case: Case):
    totals = signed_in(nadia()).get(PORTFOLIO, {"whose": "service"}).context["totals"]

    assert set(totals.__dict__) == {"by_view", "standing_in", "without_referent", "offered"}


def test_sleeping_and_overdue_are_said_in_words(case: Case):
    Case.objects.update(
        last_activity_at=timezone.now() - timedelta(days=20), due_on=date(2020, 1, 1)
    )

    words = signed_in(nadia()).get(PORTFOLIO, {"view": "sleeping"}).content.decode()

    assert "Overdue" in words
    assert "Sleeping" in words


@pytest.mark.parametrize("rows", [1, 30])
def test_the_portfolio_costs_the_same_whatever_its_length(
    rows: int, django_assert_max_num_queries: Any
):
    for _n in range(rows):
        windows(now=timezone.now())
    client = signed_in(nadia())

    with django_assert_max_num_queries(12):
        client.get(PORTFOLIO)


@pytest.mark.parametrize("lines", [1, 30])
def test_the_case_costs_the_same_whatever_its_story(
    case: Case, lines: int, django_assert_max_num_queries: Any
):
    for n in range(lines):
        actions.write_to_person(case, agent=nadia(), now=timezone.now(), text=f"n {n}")
    client = signed_in(bruno())
    client.get(of(case))

    with django_assert_max_num_queries(31):
        client.get(of(case))


def test_reception_prints_the_slip_of_a_sensitive_case_and_reads_no_more():
    nadia()
    topic = works()
    topic.service.is_sensitive = True
    topic.service.save(update_fields=["is_sensitive"])
    client = signed_in(ines())
    data = {"topic": topic.pk, "description": "Fence", "channel": "phone"}

    answer = client.post(reverse("cases:open"), data)
    slip = client.get(answer.headers["Location"])
    page = client.get(of(Case.objects.get())).content.decode()

    assert slip.status_code == 200
    assert "/suivi/" in slip.content.decode()
    assert "Nadia" not in page


def offered(case: Case, **kwargs: Any) -> Handover:
    said = note(by_when=timezone.localdate() + timedelta(days=9))
    values = {"agent": nadia(), "referent": bruno(), "note": said, "now": timezone.now()}
    return actions.hand_over(case, **{**values, **kwargs})


def test_what_is_offered_waits_with_its_note_and_is_accepted(case: Case):
    offer = offered(case)
    client = signed_in(bruno())

    portfolio = client.get(PORTFOLIO).content.decode()
    words = client.get(reverse("cases:handovers")).content.decode()
    client.post(reverse("cases:handover-answer", args=[offer.pk, "accepter"]))

    case.refresh_from_db()
    assert "waits for your answer" in portfolio
    assert "Relire le plan des façades" in words
    assert case.referent == bruno()


def test_somebody_else_cannot_accept_and_a_return_says_why(case: Case):
    offer = offered(case)
    address = reverse("cases:handover-answer", args=[offer.pk, "accepter"])

    signed_in(nadia()).post(address)
    signed_in(bruno()).post(
        reverse("cases:handover-answer", args=[offer.pk, "rendre"]), {"reason": "Away on Monday"}
    )

    case.refresh_from_db()
    assert case.referent == nadia()
    assert "Away on Monday" in signed_in(nadia()).get(of(case)).content.decode()


def test_several_cases_are_handed_over_with_one_note_or_their_own(case: Case):
    other = windows(now=timezone.now()).case
    chosen = f"?c={case.reference}&c={other.reference}&act=passation"
    address = reverse("cases:together") + chosen
    client = signed_in(nadia())

    page = client.get(address).content.decode()
    client.post(address, {"referent": bruno().pk, **NOTE, f"promised_{other.pk}": "A call"})

    assert "2 cases" in page
    notes = Handover.objects.order_by("case_id").values_list("promised", flat=True)
    assert list(notes) == ["Nothing", "A call"]
    client = signed_in(bruno())
    client.post(reverse("cases:accept-many"), {"h": [o.pk for o in Handover.objects.all()]})
    assert set(Case.objects.values_list("referent", flat=True)) == {bruno().pk}


def test_a_case_of_another_service_is_not_among_the_chosen(case: Case):
    address = reverse("cases:together") + f"?c={case.reference}&act=passation"

    answer = signed_in(ines(roles=["REF"])).get(address)

    assert answer.status_code == 302


def test_the_next_case_of_the_shelf_is_one_key_away(case: Case):
    later = windows(now=timezone.now() + timedelta(minutes=1)).case
    shelf = "?whose=own&view=open&"
    client = signed_in(nadia())

    first = client.get(of(case) + shelf)
    last = client.get(of(later) + shelf)

    assert (first.context["beside"].before, first.context["beside"].after) == ("", later.reference)
    assert last.context["beside"].before == case.reference
    assert last.context["beside"].after == case.reference  # round to the first
    answer = client.post(act(case, "note") + shelf, {"text": "Seen", "reason": ""})
    assert answer.headers["Location"].endswith("?whose=own&view=open")


def test_the_cases_of_who_is_away_stand_with_who_stands_in(case: Case):
    today = timezone.localdate()
    Absence.objects.create(agent=nadia(), deputy=None, first_day=today, last_day=today)

    portfolio = signed_in(bruno()).get(PORTFOLIO, {"whose": "standing-in"})

    assert [row["case"] for row in portfolio.context["cases"]] == [case]
    assert portfolio.context["totals"].standing_in == 1
    assert signed_in(nadia()).get(PORTFOLIO).context["totals"].standing_in == 0
    team = signed_in(bruno()).get(reverse("cases:team")).content.decode()
    assert case.title in team


def test_the_team_is_in_the_order_of_the_alphabet_whatever_the_load(case: Case):
    names = [
        one.agent.display_name
        for one in signed_in(nadia()).get(reverse("cases:team")).context["team"].colleagues
    ]

    assert names == sorted(names, key=lambda name: name.split()[-1])
    page = signed_in(nadia()).get(reverse("cases:team"), {"sort": "running"})
    assert [one.agent.display_name for one in page.context["team"].colleagues] == names


def test_the_head_of_reception_says_how_many_are_enough(case: Case):
    client, address = signed_in(marc()), reverse("cases:cap")
    data = {"service": planning().pk, "agent": nadia().pk}

    client.post(address, {**data, "most": "40"})
    client.post(address, {**data, "most": "many"})

    assert LoadCap.objects.get().most == 40
    assert signed_in(nadia()).post(address, {**data, "most": "1"}).status_code == 403
    client.post(address, {**data, "most": ""})
    assert not LoadCap.objects.exists()


def test_a_refusal_is_not_given_as_a_plain_answer(client: Client):
    case = windows().case
    client.force_login(nadia())
    address = reverse("cases:act", args=[case.reference, "reponse"])

    answer = client.post(address, {"outcome": "refuses", "text": "Non."})

    case.refresh_from_db()
    assert (answer.status_code, case.state) == (422, "open")
    assert "Non." in answer.content.decode()
