"""Speaking to somebody: what the person reads in every state, and what the agent reads."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.assistant import stream
from parvis.assistant.actions import handing, say, start
from parvis.assistant.models import Conversation, Duty, Handover, Setup
from parvis.assistant.queries import changes
from parvis.cases.models import Case
from tests.accounts.factories import ines, rozenn
from tests.organisations.factories import AuthorityFactory, TopicFactory

pytestmark = pytest.mark.django_db


class Person:
    """Somebody with the address of their conversation."""

    def __init__(self, client: Client) -> None:
        made = start(AuthorityFactory.create(), now=timezone.now())
        self.client, self.secret, self.row = client, made.secret, made.conversation
        say(self.row, author="person", kind="question", text="Le passeport ?", now=timezone.now())

    def address(self, name: str = "person") -> str:
        return reverse(f"web:conversation-{name}", args=[self.secret])

    def reads(self) -> str:
        return self.client.get(self.address()).content.decode()

    def waits(self) -> Handover:
        now = timezone.now()
        return handing.put_in_line(self.row, asked_at=now, now=now)

    def state(self) -> str:
        return Conversation.objects.get(pk=self.row.pk).state


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """The house is open, whatever the hour of the test."""
    later = timezone.now() + timedelta(hours=3)
    monkeypatch.setattr("parvis.assistant.queries.house.closes_at", lambda *_: later)


@pytest.fixture
def person() -> Person:
    TopicFactory.create()
    return Person(Client())


@pytest.fixture
def agent(client: Client) -> Client:
    client.force_login(ines())
    return client


def take(agent: Client) -> str:
    answer = agent.post(reverse("assistant:take"))
    return str(answer.headers["Location"])


def test_with_nobody_there_the_other_ways_are_offered(person: Person):
    shown = person.reads()

    assert person.address("ask") not in shown
    assert person.address("message") in shown
    assert person.address("call") in shown
    assert "02 61 91 00 10" in shown


def test_with_somebody_on_duty_the_line_is_offered(person: Person):
    now = timezone.now()
    Duty.objects.create(agent=ines(), authority=ines().authority, since=now, seen_at=now)

    assert person.address("ask") in person.reads()
    person.client.post(person.address("ask"))
    person.client.post(person.address("ask"))

    assert Handover.objects.count() == 1
    assert person.state() == "waiting"
    assert person.client.get(reverse("web:conversation", args=[person.secret])).status_code == 302


def test_two_people_talk(person: Person, agent: Client):
    person.waits()

    page = take(agent)
    assert "Le passeport ?" in agent.get(page).content.decode()
    person.client.post(person.address("write"), {"text": "Mon numéro : 06 12 34 56 78"})
    assert "06 12 34 56 78" in agent.get(page).content.decode()
    agent.post(f"{page}ecrire/", {"text": "Bonjour, je regarde."})

    shown = person.reads()
    assert "Bonjour, je regarde." in shown
    assert str(ines().entry.first_name) in shown


def test_typing_is_seen_on_the_other_side(person: Person, agent: Client):
    person.waits()
    page = take(agent)
    before = changes.version("conversation", person.row.pk, timezone.now())

    person.client.post(person.address("sign"))

    assert "data-parvis-types" in agent.get(page).content.decode()
    assert changes.version("conversation", person.row.pk, timezone.now()) != before


def test_the_end_is_written_down_and_other_ways_stay(person: Person, agent: Client):
    person.waits()
    page = take(agent)

    agent.post(f"{page}terminer/", {"topic": TopicFactory.create().pk, "outcome": "resolved"})

    assert person.state() == "ended"
    assert person.address("message") in person.reads()


def test_a_message_shows_the_page_of_the_request(person: Person):
    person.waits()
    said = {"topic": TopicFactory.create().pk, "text": "À rappeler", "last_name": "Le Goff"}

    answer = person.client.post(person.address("message"), {**said, "form_key": "k1"})
    again = person.client.post(person.address("message"), {**said, "form_key": "k1"})

    assert answer.headers["Location"].startswith("/suivi/")
    assert again.headers["Location"] == person.address()
    assert Case.objects.get().reference in person.reads()
    assert person.client.post(person.address("request")).headers["Location"].startswith("/suivi/")


def test_an_agent_makes_a_case(person: Person, agent: Client):
    person.waits()
    page = take(agent)

    agent.post(f"{page}demande/", {"topic": TopicFactory.create().pk, "text": "Un acte"})

    assert Case.objects.get().reference in person.reads()


def test_nobody_writes_where_nobody_reads(person: Person):
    answer = person.client.post(person.address("write"), {"text": "Il y a quelqu’un ?"})

    assert answer.status_code == 422
    assert "Il y a quelqu’un ?" in answer.content.decode()


def test_a_conversation_is_for_agents_of_its_authority_once_handed_over(person: Person, client):
    page = reverse("assistant:conversation", args=[person.row.pk])
    client.force_login(ines())
    assert client.get(page).status_code == 404  # nobody asked for a person
    person.waits()
    assert client.get(page).status_code == 200
    client.force_login(rozenn())

    assert client.get(page).status_code == 404
    assert "Le passeport" not in client.get(reverse("assistant:conversations")).content.decode()


def test_the_switch_says_who_is_on_duty(agent: Client):
    agent.post(reverse("assistant:duty"), {"on": "yes"})
    assert Duty.objects.get().agent == ines()

    agent.post(reverse("assistant:duty"), {"on": "no"})
    assert not Duty.objects.exists()


def test_a_stream_opens_with_the_token_of_a_page_only():
    assert stream._meant(stream.address("line", 3)) == changes.Watched("line", 3)
    assert stream._meant("/events/assistant/line.3") is None


def test_two_people_talk_in_a_frame(agent: Client):
    TopicFactory.create()
    Setup.objects.create(authority=AuthorityFactory.create(), origins=["https://ville.example"])
    person = Person(Client())
    look = "?theme=sombre&coins=droits&couleur=aa3300&langue=en"

    def inside(name: str = "person") -> str:
        return reverse(f"web:conversation-frame-{name}", args=[person.secret]) + look

    Duty.objects.create(
        agent=ines(), authority=ines().authority, since=timezone.now(), seen_at=timezone.now()
    )
    asked = person.client.post(inside("ask"))
    assert asked.headers["Location"] == inside()
    take(agent)
    person.client.post(inside("write"), {"text": "Voici ma question."})

    answer = person.client.get(inside())
    shown = answer.content.decode()
    assert (
        "frame-ancestors 'self' https://ville.example" in answer.headers["Content-Security-Policy"]
    )
    assert "Voici ma question." in shown
    assert "answers you" in shown
    assert 'data-bs-theme="dark"' in shown
    assert "pv-corners-square" in shown
    assert "/habillage/cadre/aa3300.css" in shown
    assert reverse("web:conversation-leave", args=[person.secret]) not in shown


def test_a_message_in_a_frame_keeps_its_receipt_there(person: Person):
    Setup.objects.create(authority=person.row.authority, origins=["https://ville.example"])
    address = reverse("web:conversation-frame-message", args=[person.secret])
    topic = TopicFactory.create()

    answer = person.client.post(
        address, {"topic": topic.pk, "text": "Il manque une page.", "last_name": "Le Goff",
                  "email": "a@exemple.fr"}, follow=True,
    )  # fmt: skip

    assert answer.redirect_chain[0][0].endswith("/parler/")
    assert Case.objects.get().reference in answer.content.decode()
    assert 'target="_blank"' in answer.content.decode()


@pytest.mark.parametrize("name", ["message", "call"])
def test_topics_are_chosen_by_family_in_the_order_of_the_readers_language(
    person: Person, name: str
):
    family = TopicFactory.create().family
    for french, english in [("Zinguerie", "Aerials"), ("Abattage", "Felling"), ("École", "School")]:
        TopicFactory.create(family=family, slug=english, name=french, name_en=english)

    french = person.client.get(person.address(name)).content.decode()
    person.client.cookies["django_language"] = "en"
    english = person.client.get(person.address(name)).content.decode()

    assert f'<optgroup label="{family.label}">' in french
    assert french.index("Abattage") < french.index("École") < french.index("Zinguerie")
    assert english.index("Aerials") < english.index("Felling") < english.index("School")
    assert '<option value="" selected>Choose…</option>' in english
    assert "---------" not in english
