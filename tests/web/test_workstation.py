from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from parvis.accounts import actions as accounts
from parvis.accounts.models import Agent
from parvis.contacts.models import Contact
from parvis.organisations.models import Topic
from parvis.queue import actions
from parvis.queue.models import DeskSession, Ticket
from parvis.queue.queries import load_hall
from tests.accounts.factories import marc, rozenn
from tests.contacts.factories import PersonFactory
from tests.knowledge.factories import local_sheet
from tests.organisations.factories import TopicFactory
from tests.queue.factories import canteen, desk_of
from tests.web.scenes import Scene, hall

pytestmark = pytest.mark.django_db
PAGE = "/agent/poste/"


@pytest.fixture
def scene(client: Client) -> Scene:
    cache.clear()
    made = hall()
    made.sign_in(client)
    return made


def send(client: Client, name: str, *args: object, **data: object) -> str:
    """The page after a gesture."""
    response = client.post(reverse(f"web:{name}", args=args), data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_the_line_is_shown_with_the_next_person_first(client: Client, scene: Scene):
    scene.waits(3)
    first = scene.waits(12)

    page = client.get(PAGE).content.decode()

    assert f"Appeler {first.code}" in page


def test_calling_shows_the_visitor_and_why(client: Client, scene: Scene):
    ticket = scene.waits(5, priority="pregnant")

    page = send(client, "call-next")

    ticket.refresh_from_db()
    assert ticket.state == "called"
    assert "grossesse" in page
    assert 'data-parvis-key="s"' in page


def test_nobody_waiting_is_said(client: Client, scene: Scene):
    assert "Personne n’attend ce guichet" in send(client, "call-next")


def test_with_a_visitor_the_key_n_leads_to_the_outcomes(client: Client, scene: Scene):
    scene.waits()
    scene.called()
    scene.waits(2)

    page = client.get(PAGE).content.decode()

    assert 'href="#suite" data-parvis-key="n"' in page
    assert reverse("web:call-next") not in page


@pytest.mark.parametrize(
    ("name", "state"),
    [("rappeler", "called"), ("commencer", "serving"), ("attente", "held"), ("absent", "no_show")],
)
def test_each_gesture_at_the_desk(client: Client, scene: Scene, name: str, state: str):
    scene.waits()
    ticket = scene.called()

    send(client, "at-desk", ticket.pk, name)

    ticket.refresh_from_db()
    assert ticket.state == state


def test_one_key_writes_the_contact_down(client: Client, scene: Scene):
    scene.waits()
    ticket = scene.at_desk()

    page = send(client, "finish", ticket.pk, outcome="resolved")

    contact = Contact.objects.get()
    assert (contact.topic, contact.outcome, contact.agent) == (
        scene.topic, "resolved", scene.agent,
    )  # fmt: skip
    assert "noté" in page
    assert reverse("web:undo") in page


def test_the_last_gesture_is_taken_back(client: Client, scene: Scene):
    scene.waits()
    ticket = scene.at_desk()
    send(client, "finish", ticket.pk, outcome="passed_on")

    send(client, "undo")

    ticket.refresh_from_db()
    assert ticket.state == "serving"
    assert Contact.objects.standing().count() == 0


def test_a_double_click_ends_one_visit(client: Client, scene: Scene):
    scene.waits(12)
    scene.waits(3)
    data = {"form_key": "one-click"}

    client.post(reverse("web:call-next"), data)
    client.post(reverse("web:call-next"), data)

    assert Ticket.objects.filter(state="called").count() == 1
    assert Ticket.objects.filter(state="waiting").count() == 1


def test_a_form_about_a_ticket_that_ended_elsewhere_changes_nothing(client: Client, scene: Scene):
    scene.waits()
    ticket = scene.at_desk()
    actions.finish(ticket, agent=scene.agent, now=scene.now, outcome="resolved")

    page = send(client, "finish", ticket.pk, outcome="passed_on")

    assert "n’est plus à ce guichet" in page
    assert Contact.objects.get().outcome == "resolved"


def test_a_topic_of_level_two_is_not_settled_at_the_desk(client: Client, scene: Scene):
    Topic.objects.filter(pk=scene.topic.pk).update(level=2)
    marc_rules = scene.agent
    marc_rules.service = None
    marc_rules.save(update_fields=["service"])
    scene.waits()
    ticket = scene.at_desk()

    page = send(client, "finish", ticket.pk, outcome="resolved")

    assert "référent" in page
    assert 'value="case_opened"' in page
    assert Contact.objects.count() == 0


def test_a_request_that_goes_on_leads_to_its_case(client: Client, scene: Scene):
    scene.waits()
    ticket = scene.at_desk()

    response = client.post(reverse("web:finish", args=[ticket.pk]), {"outcome": "case_opened"})

    contact = Contact.objects.get()
    assert response.headers["Location"] == f"{reverse('cases:open')}?contact={contact.pk}"


def test_by_htmx_another_page_is_opened_whole(client: Client, scene: Scene):
    scene.waits()
    ticket = scene.at_desk()

    response = client.post(
        reverse("web:finish", args=[ticket.pk]),
        {"outcome": "case_opened"},
        headers={"HX-Request": "true"},
    )

    assert reverse("cases:open") in response.headers["HX-Redirect"]


def test_the_corrected_topic_and_the_sheets_used_are_written_down(client: Client, scene: Scene):
    other = TopicFactory.create(authority=scene.site.authority, slug="livret", name="Livret")
    scene.desk.topics.add(other)
    sheet = local_sheet(scene.site.authority)
    scene.waits()
    ticket = scene.at_desk()

    send(client, "change-topic", ticket.pk, topic=other.pk)
    page = send(client, "use-sheet", ticket.pk, sheet=sheet.ref, next=f"{PAGE}?fiche={sheet.ref}")
    send(client, "finish", ticket.pk, outcome="resolved", avoidable_cause="chasing")

    contact = Contact.objects.get()
    assert 'aria-pressed="true"' in page
    assert contact.topic == other
    assert contact.avoidable_cause == "chasing"
    assert [used.version_id for used in contact.sheets_used.all()] == [sheet.current_id]


def test_a_visitor_is_sent_on_with_a_word(client: Client, scene: Scene):
    other = desk_of(scene.site, "Guichet 2")
    scene.waits()
    ticket = scene.at_desk()

    send(client, "transfer", ticket.pk, desk=other.pk, note="Dossier complet")

    ticket.refresh_from_db()
    assert (ticket.state, ticket.reserved_desk) == ("waiting", other)
    assert ticket.note == "Dossier complet"


def test_a_transfer_to_nowhere_is_refused(client: Client, scene: Scene):
    scene.waits()
    ticket = scene.at_desk()

    send(client, "transfer", ticket.pk)

    ticket.refresh_from_db()
    assert ticket.state == "serving"


def test_somebody_on_hold_is_called_back(client: Client, scene: Scene):
    scene.waits()
    ticket = actions.hold(scene.called(), agent=scene.agent, now=scene.now)

    page = send(client, "resume", ticket.pk)

    ticket.refresh_from_db()
    assert ticket.state == "called"
    assert ticket.code in page


def test_somebody_on_hold_may_have_left(client: Client, scene: Scene):
    scene.waits()
    ticket = actions.hold(scene.called(), agent=scene.agent, now=scene.now)

    send(client, "leave", ticket.pk)

    ticket.refresh_from_db()
    assert ticket.state == "left"


def test_a_name_that_begins_with_the_letters_comes_first(client: Client, scene: Scene):
    online = TopicFactory(
        authority=scene.site.authority,
        slug="espace",
        name="Espace famille en ligne : accès et mot de passe",
        name_en="Family space online: password",
    )
    passport = TopicFactory(
        authority=scene.site.authority,
        slug="passeport",
        name="Passeport : première demande",
        name_en="First passport",
    )
    scene.desk.topics.add(online, passport)
    for _again in range(3):
        scene.waits(topic=online)
        actions.finish(scene.called(), agent=scene.agent, now=scene.now, outcome="resolved")

    page = client.get(reverse("web:topics"), {"typed": "pass"}).content.decode()

    assert page.index("Passeport") < page.index("Espace famille")
    assert "password" not in page


def test_two_letters_give_a_ticket(client: Client, scene: Scene):
    page = send(client, "new-ticket", topic_words="nai")

    ticket = Ticket.objects.get()
    assert (ticket.topic, ticket.source) == (scene.topic, "agent")
    assert reverse("web:slip", args=[ticket.pk]) in page


@pytest.mark.parametrize(("language", "way"), [("ar", "rtl"), ("uk", "ltr"), ("fr", "ltr")])
def test_the_slip_speaks_the_language_of_its_visitor(
    client: Client, scene: Scene, language: str, way: str
):
    send(client, "new-ticket", topic_words="nai")
    Ticket.objects.update(language=language)

    page = client.get(reverse("web:slip", args=[Ticket.objects.get().pk])).content.decode()

    assert f'lang="{language}" dir="{way}"' in page
    assert "Retour au guichet" in page or "Retour au poste" in page  # the agent reads French


def test_the_slip_holds_the_secret_of_the_page(client: Client, scene: Scene):
    send(client, "new-ticket", topic_words="nai")

    page = client.get(reverse("web:slip", args=[Ticket.objects.get().pk]))

    assert b"<svg" in page.content
    assert Ticket.objects.get().code in page.content.decode()


def test_letters_that_mean_several_topics_are_asked_about(client: Client, scene: Scene):
    other = TopicFactory.create(authority=scene.site.authority, slug="a", name="Acte de mariage")
    scene.desk.topics.add(other)

    page = send(client, "new-ticket", topic_words="acte")
    send(client, "new-ticket", topic_words="acte", topic=other.pk)

    assert f'value="{other.pk}"' in page
    assert Ticket.objects.get().topic == other


def test_a_choice_that_does_not_answer_to_the_letters_is_not_taken(client: Client, scene: Scene):
    wrong = canteen(scene.site)
    scene.desk.topics.add(wrong)

    send(client, "new-ticket", topic_words="nai", topic=wrong.pk)

    assert Ticket.objects.get().topic == scene.topic


def test_with_nobody_waiting_the_visitor_is_received_at_once(client: Client, scene: Scene):
    send(client, "new-ticket", topic_words="nai", receive="yes")

    assert Ticket.objects.get().state == "serving"


def test_a_break_and_the_return(client: Client, scene: Scene):
    paused = send(client, "presence", presence="pause")
    back = send(client, "presence", presence="back")

    assert 'data-parvis-key="n"' not in paused
    assert 'data-parvis-key="n"' in back


def test_a_closed_desk_offers_to_open(client: Client):
    scene = hall(is_open=False)
    scene.sign_in(client)

    before = client.get(PAGE).content.decode()
    after = send(client, "presence", presence="open")

    assert 'value="open"' in before
    assert 'data-parvis-key="n"' in after


def test_without_a_desk_the_page_asks_for_one(client: Client):
    scene = hall(is_open=False)
    client.force_login(scene.agent)

    page = client.get(PAGE).content.decode()

    assert reverse("accounts:choose-desk") in page


def test_choosing_a_desk_opens_it(client: Client):
    scene = hall(is_open=False)
    client.force_login(scene.agent)

    client.post(reverse("accounts:choose-desk"), {"desk": scene.desk.pk})

    assert DeskSession.objects.get(closed_at=None).agent == scene.agent


def test_a_desk_taken_over_says_who_receives_there(client: Client, scene: Scene):
    scene.waits()
    ticket = scene.at_desk()
    colleague = marc(authority=scene.site.authority)
    accounts.choose_desk(scene.desk, agent=colleague, now=scene.now, take_over=True)

    page = send(client, "call-next")

    ticket.refresh_from_db()
    assert "Marc Abgrall" in page
    assert ticket.state == "held"


def test_both_are_told_of_the_visitor_of_a_desk_taken_over(client: Client, scene: Scene):
    scene.waits()
    ticket = scene.at_desk()
    colleague = marc(authority=scene.site.authority)
    accounts.choose_desk(scene.desk, agent=colleague, now=scene.now, take_over=True)
    theirs = Client()
    scene.sign_in(theirs, colleague)

    line = client.get(reverse("web:line")).content.decode()
    page = theirs.get(PAGE).content.decode()

    assert f"<strong>{ticket.code}</strong> est en attente" in line
    assert "quand Marc Abgrall a repris le guichet" in line
    assert "Inès Rollin recevait cette personne quand vous avez repris le guichet" in page
    assert "«\u00a0Reprendre\u00a0»" in page


def test_whoever_sets_their_own_visitor_aside_is_told_nothing_of_it(client: Client, scene: Scene):
    scene.waits()
    actions.hold(scene.at_desk(), agent=scene.agent, now=scene.now)

    assert "a repris le guichet" not in client.get(PAGE).content.decode()


def test_the_fragment_of_the_line_is_the_one_of_the_page(client: Client, scene: Scene):
    scene.waits()

    page = client.get(PAGE).content.decode()
    fragment = client.get(reverse("web:line")).content.decode()

    listed = fragment[fragment.index('id="file-liste"') :].rstrip()
    assert listed in page


def test_the_screen_locks_although_the_line_refreshes_itself(client: Client, scene: Scene):
    client.get(PAGE)
    session = client.session
    session["seen_at"] -= 300
    session.save()
    before = client.session["seen_at"]

    client.get(reverse("web:line"), headers={"Parvis-Background": "yes"})
    unseen = client.session["seen_at"]
    client.get(PAGE)

    assert unseen == before
    assert client.session["seen_at"] > before


def test_the_sheets_of_the_topic_are_at_hand(client: Client, scene: Scene):
    sheet = local_sheet(scene.site.authority, topics=[scene.topic])
    scene.waits()
    scene.called()

    page = client.get(PAGE).content.decode()

    assert "Nous remettons la copie tout de suite" in page
    assert reverse("web:documents", args=[sheet.ref]) in page
    assert "Imprimante sécurisée" in page


def test_a_known_person_is_named(client: Client, scene: Scene):
    person = PersonFactory.create(authority=scene.site.authority)
    Ticket.objects.filter(pk=scene.waits().pk).update(person=person)
    scene.called()

    assert "Odette Kerdraon" in client.get(PAGE).content.decode()


def test_another_role_is_told_no(client: Client, scene: Scene):
    agent: Agent = marc(authority=scene.site.authority, roles=["QUA"])
    client.force_login(agent)

    assert client.get(PAGE).status_code == 403


def test_rozenn_does_not_end_a_visit_of_sainte_orvanne(client: Client, scene: Scene):
    scene.waits()
    ticket = scene.at_desk()
    client.force_login(rozenn())

    answer = client.post(reverse("web:finish", args=[ticket.pk]), {"outcome": "resolved"})

    assert answer.status_code == 404


@pytest.mark.parametrize("waiting", [1, 30])
def test_the_page_costs_the_same_whatever_the_line(
    client: Client,
    scene: Scene,
    waiting: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
):
    for minutes in range(waiting + 1):
        scene.waits(minutes + 2)
    scene.called()
    client.get(PAGE)

    with django_assert_max_num_queries(44):
        client.get(PAGE)


@pytest.mark.parametrize("waiting", [1, 30])
def test_the_line_alone_costs_the_same_whatever_its_length(
    client: Client,
    scene: Scene,
    waiting: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
):
    for minutes in range(waiting):
        scene.waits(minutes + 2)

    with django_assert_max_num_queries(16):
        client.get(reverse("web:line"))


@pytest.mark.parametrize(("language", "words"), [("fr", "La file"), ("en", "The line")])
def test_both_languages(client: Client, scene: Scene, language: str, words: str):
    client.cookies["django_language"] = language

    page = client.get(PAGE).content.decode()

    assert words in page
    assert f'lang="{language}"' in page


def test_called_three_times_in_vain_one_key_goes_on(client: Client, scene: Scene):
    scene.waits(20)
    following = scene.waits(3)
    ticket = scene.called()
    for _time in "12":
        send(client, "at-desk", ticket.pk, "rappeler")

    page = client.get(PAGE).content.decode()
    send(client, "at-desk", ticket.pk, "absent", then="next")

    ticket.refresh_from_db()
    following.refresh_from_db()
    assert f"n’est pas venu\u00a0: appeler {following.code}" in page
    assert (ticket.state, following.state) == ("no_show", "called")


def test_n_then_an_outcome_ends_and_calls_at_once(client: Client, scene: Scene):
    scene.waits(20)
    following = scene.waits(3)
    ticket = scene.at_desk()

    send(client, "finish", ticket.pk, outcome="resolved", then="next")

    following.refresh_from_db()
    assert Contact.objects.get().outcome == "resolved"
    assert following.state == "called"


@pytest.mark.parametrize("wanted", ["pause", "back_office"])
def test_nobody_leaves_a_visitor_standing(client: Client, scene: Scene, wanted: str):
    scene.waits()
    ticket = scene.at_desk()

    page = send(client, "presence", presence=wanted)

    assert f"Guichet 1 a encore le ticket {ticket.code}" in page
    assert DeskSession.objects.get().status == "open"


def test_in_the_back_office_nobody_is_called_and_the_desk_does_not_count(
    client: Client, scene: Scene
):
    scene.waits()

    page = send(client, "presence", presence="back_office")

    assert "En arrière-guichet" in page
    assert reverse("web:call-next") not in page
    assert not load_hall(scene.site, scene.now).open_desks
    send(client, "presence", presence="back")
    assert load_hall(scene.site, scene.now).open_desks


def test_the_pulse_tells_who_is_there(client: Client, scene: Scene):
    told = client.get(reverse("web:pulse")).json()

    assert (told["agent"], told["desk"]) == (str(scene.agent.pk), str(scene.desk.pk))
    assert told["token"]


@pytest.fixture
def at_noon() -> Iterator[None]:
    """Whoever came before midnight is of yesterday: the test holds at any hour."""
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    with time_machine.travel(noon):
        yield


@pytest.mark.usefixtures("at_noon")
def test_own_figures_are_ones_own(client: Client, scene: Scene):
    scene.waits()
    ticket = scene.at_desk()
    send(client, "finish", ticket.pk, outcome="resolved")

    assert "Vous avez reçu 1 personne" in client.get(PAGE).content.decode()


def test_a_guess_says_why_it_is_shown(client: Client, scene: Scene):
    page = client.get(reverse("web:topics"), {"topic_words": "naisance"}).content.decode()

    assert scene.topic.label in page
    assert "proche de « naissance »" in page.replace("\u00a0", " ")


def test_a_guess_that_was_ticked_is_a_ticket_one_that_was_not_is_asked(
    client: Client, scene: Scene
):
    page = send(client, "new-ticket", topic_words="naisance")
    assert not Ticket.objects.exists()
    assert f'value="{scene.topic.pk}"' in page

    send(client, "new-ticket", topic_words="naisance", topic=scene.topic.pk)

    assert Ticket.objects.get().topic == scene.topic


def test_a_ticket_given_by_mistake_is_taken_back_and_leaves_no_hole(client: Client, scene: Scene):
    page = send(client, "new-ticket", topic_words=scene.topic.label)
    given = Ticket.objects.get()

    after = send(client, "undo")
    send(client, "new-ticket", topic_words=scene.topic.label)

    given.refresh_from_db()
    assert reverse("web:undo") in page
    assert given.state == "left"
    assert f"le ticket {given.code} ne compte plus" in after
    assert Ticket.objects.latest("pk").number == given.number + 1


def test_a_ticket_called_meanwhile_is_not_taken_back(client: Client, scene: Scene):
    send(client, "new-ticket", topic_words=scene.topic.label)
    colleague, other = marc(authority=scene.site.authority), desk_of(scene.site, "Guichet 2")
    actions.call_next(other, agent=colleague, now=timezone.now())

    send(client, "undo")

    assert Ticket.objects.get().state == "called"


def test_the_key_f9_reports_an_incident(client: Client, scene: Scene):
    assert 'data-parvis-key="f9"' in client.get(PAGE).content.decode()


def test_no_reason_for_going_first_is_chosen_beforehand(client: Client, scene: Scene):
    scene.waits(9)
    second = scene.waits(2)

    page = client.get(PAGE).content.decode()
    refused = send(client, "choose", second.pk, reason="")

    assert '<option value="">Choisir une raison</option>' in page
    assert "pourquoi" in refused
    second.refresh_from_db()
    assert second.state == "waiting"
