"""The pages of the assistant: without script, behind a secret, in a frame only where named."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from parvis.assistant import actions
from parvis.assistant.models import Conversation, Setup, Turn
from parvis.web.rules import contrast
from tests.assistant.factories import NOON, started
from tests.organisations.factories import AuthorityFactory, TopicFactory

pytestmark = pytest.mark.django_db


def page(client: Client, secret: str) -> str:
    return client.get(reverse("web:conversation", args=[secret])).content.decode()


def test_a_question_opens_a_conversation_at_a_secret_address(client: Client):
    AuthorityFactory.create()

    answer = client.post("/assistant/", {"question": "Combien coûte un passeport ?"}, follow=True)

    assert answer.redirect_chain[0][0].startswith("/assistant/")
    assert "Combien coûte un passeport ?" in answer.content.decode()
    assert "Réponse automatique" in answer.content.decode()
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert Conversation.objects.get().place == "page"


def test_every_automatic_turn_has_the_way_to_a_person(client: Client):
    made = started()
    for text in ("bonjour", "zzyzx", "mon mari me frappe", "horaires"):
        actions.ask(made.conversation, text, now=NOON)

    shown = page(client, made.secret)

    automatic = Turn.objects.exclude(author="person").count()
    assert shown.count("Réponse automatique") == automatic
    assert shown.count(reverse("web:conversation-person", args=[made.secret])) >= automatic


def test_what_was_taken_out_is_said(client: Client):
    made = started()
    client.post(f"/assistant/{made.secret}/", {"question": "je suis jean@exemple.fr"})

    shown = page(client, made.secret)

    assert "une adresse électronique" in shown
    assert "jean@exemple.fr" not in shown


def test_a_message_is_shown_as_it_was_typed_and_never_as_code(client: Client):
    made = started()
    client.post(f"/assistant/{made.secret}/", {"question": "<script>alert(1)</script>"})

    assert "<script>alert" not in page(client, made.secret)


def test_the_same_form_asks_once(client: Client):
    made = started()
    for _time in range(2):
        client.post(f"/assistant/{made.secret}/", {"question": "bonjour", "form_key": "k"})

    assert Turn.objects.filter(author="person").count() == 1


def test_an_opinion_is_asked_after_an_answer_and_kept(client: Client):
    made = started()
    client.post(f"/assistant/{made.secret}/", {"question": "zzyzx"})
    assert "Cela vous a-t-il aidé" in page(client, made.secret)

    client.post(f"/assistant/{made.secret}/", {"helped": "yes", "called": "yes"})

    made.conversation.refresh_from_db()
    assert (made.conversation.helped, made.conversation.would_have_called) == (True, "yes")
    assert "Merci." in page(client, made.secret)


def test_an_empty_question_is_refused_in_words(client: Client):
    made = started()

    answer = client.post(f"/assistant/{made.secret}/", {"question": " "})

    assert answer.status_code == 422
    assert "Écrivez votre question." in answer.content.decode()


def test_a_secret_that_does_not_fit_opens_nothing(client: Client):
    AuthorityFactory.create()

    assert client.get("/assistant/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/").status_code == 404


def test_a_link_of_a_topic_keeps_the_topic(client: Client):
    topic = TopicFactory.create()
    assert topic.name in client.get(f"/assistant/?motif={topic.slug}").content.decode()

    client.post("/assistant/", {"question": "bonjour", "motif": topic.slug})

    made = Conversation.objects.get()
    assert (made.topic, made.place) == (topic, "link")


def test_a_frame_opens_only_within_the_sites_that_were_named(client: Client):
    authority = AuthorityFactory.create()
    assert client.get("/assistant/cadre/").status_code == 404
    Setup.objects.create(authority=authority, origins=["https://ville.example"])

    answer = client.get("/assistant/cadre/")
    inside = client.post("/assistant/cadre/", {"question": "bonjour"}, follow=True)

    for one in (answer, inside):
        policy = one.headers["Content-Security-Policy"]
        assert "frame-ancestors 'self' https://ville.example" in policy
        assert "X-Frame-Options" not in one.headers
    assert Conversation.objects.get().place == "widget"


def test_the_page_itself_is_in_no_frame(client: Client):
    Setup.objects.create(authority=AuthorityFactory.create(), origins=["https://ville.example"])

    answer = client.get("/assistant/")

    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_an_assistant_that_is_off_leaves_the_ways_to_people(client: Client):
    Setup.objects.create(authority=AuthorityFactory.create(), is_on=False)

    shown = client.get("/assistant/")

    assert "02 61 91 00 10" in shown.content.decode()
    assert "<textarea" not in shown.content.decode()
    assert client.post("/assistant/", {"question": "bonjour"}).status_code == 404


def test_the_page_of_people_has_telephone_and_request(client: Client):
    made = started()

    shown = client.get(reverse("web:conversation-person", args=[made.secret])).content.decode()

    assert "02 61 91 00 10" in shown
    assert reverse("web:follow") in shown


def test_the_colour_of_a_frame_is_made_legible(client: Client):
    pale = client.get("/habillage/cadre/ffee99.css").content.decode()

    light, dark = re.findall(r"--pv-action: var\(--light, (#\w+)\) var\(--dark, (#\w+)\)", pale)[0]
    assert contrast(light, "#ffffff") >= 4.5
    assert contrast(dark, "#15191c") >= 4.5
    assert client.get("/habillage/cadre/url-x.css").status_code == 404


def test_a_look_that_makes_no_sense_is_left_out(client: Client):
    Setup.objects.create(authority=AuthorityFactory.create(), origins=["https://ville.example"])

    answer = client.post(
        "/assistant/cadre/?theme=neon&couleur=javascript&coins=droits&langue=xx",
        {"question": "bonjour"},
    )

    assert answer.headers["Location"].endswith("/?coins=droits")


def test_somebody_is_asked_for_without_a_question_first(client: Client):
    AuthorityFactory.create()
    assert "02 61 91 00 10" in client.get("/parler/").content.decode()

    refused = client.post("/parler/", {"way": "chat"})
    message = client.post("/parler/", {"way": "message"})

    assert refused.status_code == 422  # nobody is there
    assert message.headers["Location"].endswith("/parler/message/")
    assert Conversation.objects.count() == 1


def test_every_page_in_english_leads_to_every_way(client: Client):
    AuthorityFactory.create()
    client.cookies["django_language"] = "en"

    for address in ("/", "/assistant/", "/fiches/", "/accessibilite/", "/nulle-part/"):
        shown = client.get(address).content.decode()
        assert "Every way, and how long each takes" in shown
        assert 'href="/parler/"' in shown
