"""The look: colours of an authority, forms, preferences, errors, the gallery."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django import forms
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from parvis.web import rules
from parvis.web.context import page
from parvis.web.gallery import ExampleForm
from parvis.web.templatetags.parvis_look import typeset
from parvis.web.views import errors
from tests.accounts.factories import AgentFactory
from tests.organisations.factories import AuthorityFactory

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def draw(template: str, **context: Any) -> str:
    return Template(template).render(Context(context))


def test_black_on_white_is_the_widest_contrast():
    assert rules.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert rules.contrast("#777777", "#777777") == 1


@given(COLOURS, COLOURS)
def test_whatever_an_authority_chooses_its_links_and_buttons_can_be_read(action: str, deep: str):
    light, dark = rules.light_shades(action, deep), rules.dark_shades(action, deep)

    for ground in (*rules.LIGHT_GROUNDS, light.action_soft, light.on_action):
        assert rules.contrast(light.action, ground) >= rules.WORDS
        assert rules.contrast(light.action_strong, ground) >= rules.WORDS
    for ground in (*rules.DARK_GROUNDS, dark.action_soft, dark.on_action):
        assert rules.contrast(dark.action, ground) >= rules.WORDS
        assert rules.contrast(dark.action_strong, ground) >= rules.WORDS
    assert rules.contrast(light.deep, rules.ON_DEEP) >= 7
    assert rules.contrast(dark.deep, rules.ON_DEEP) >= 7


def test_a_legible_colour_is_left_as_the_authority_chose_it():
    assert rules.light_shades("#8a1538", "#3c0a1c").action == "#8a1538"


def test_no_word_of_the_goal_leaves_the_drawing():
    bar = rules.interval_bar(99, 98, 100, 99, (50, 100))

    assert (bar.low, bar.width, bar.point) == (288, 12, 294)
    assert (bar.label_anchor, bar.label_at) == ("end", 300)


def test_the_digits_of_a_number_make_its_address():
    assert rules.telephone_address("02 61 91 00 10") == "tel:0261910010"
    assert rules.telephone_address("") == ""


@pytest.mark.django_db
def test_an_authority_has_a_stylesheet_of_its_colours_that_may_be_cached(client: Client):
    AuthorityFactory.create(slug="rive", name="Rive", action_colour="#ffcc00")

    response = client.get(reverse("web:authority-css", args=["rive"]))

    sheet = response.content.decode()
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "max-age=3600" in response.headers["Cache-Control"]
    assert "--pv-action: var(--light, #" in sheet
    assert "#ffcc00" not in sheet  # yellow on white would not be read


@pytest.mark.django_db
def test_the_colours_of_the_house_need_no_other_stylesheet(client: Client):
    AuthorityFactory.create()

    assert client.get(reverse("web:authority-css", args=["orvanne"])).content == b""


def test_a_colour_cannot_smuggle_anything_into_the_stylesheet():
    assert rules.stylesheet("red;}*{x:y}", "#0a3a43") == ""
    assert rules.stylesheet("#0b5c6b\n", "#000000") == ""


def test_every_error_is_linked_to_its_field_and_read_with_it():
    html = str(ExampleForm({"phone": "02"}))

    targets = re.findall(r'href="#([^"]+)"', html)
    assert "id_phone" in targets
    assert "id_channel_0" in targets  # the first of the radio buttons
    assert [name for name in targets if f'id="{name}"' not in html] == []
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in html
    assert 'id="id_phone_error"' in html
    assert 'aria-invalid="true"' in html


def test_everything_that_a_field_points_to_is_on_the_page():
    for form in (ExampleForm(), ExampleForm({})):
        html = str(form)
        wanted = " ".join(re.findall(r'aria-describedby="([^"]+)"', html)).split()
        labels = re.findall(r'<label[^>]* for="([^"]+)"', html)

        assert [name for name in wanted + labels if f'id="{name}"' not in html] == []


def test_a_form_says_what_is_optional_and_nothing_about_the_rest():
    with override("en"):
        html = str(ExampleForm())

    assert html.count("(optional)") == 3
    assert "All fields are required unless stated." in html
    assert "placeholder" not in html


def test_what_was_typed_is_kept_and_escaped():
    html = str(ExampleForm({"name": "<script>", "phone": "02"}))

    assert 'value="02"' in html
    assert "<script>" not in html


def test_hidden_fields_and_errors_of_the_whole_form_are_drawn():
    class Secret(forms.Form):
        key = forms.CharField(widget=forms.HiddenInput)

        def clean(self) -> None:
            raise forms.ValidationError("Le guichet est fermé.")

    html = str(Secret({"key": "a"}))

    assert '<input type="hidden" name="key" value="a"' in html
    assert "Le guichet est fermé." in html


@pytest.mark.parametrize(("language", "words"), [("fr", "85\xa0%"), ("en", "85%")])
def test_a_unit_stands_as_its_language_wants(language: str, words: str):
    with override(language):
        assert draw('{% with_unit 85 "%" %}') == words


def test_the_drawing_keeps_points_in_its_numbers_whatever_the_language():
    context = {"value": 90.3, "low": 86.8, "high": 93.0, "goal": 85, "unit": "%"}
    with override("fr"):
        svg = render_to_string(
            "web/components/_interval.html", {**context, "floor": 50, "ceiling": 100}
        )

    range_ = ElementTree.fromstring(svg.strip()).find("rect[@class='g-range']")  # noqa: S314
    assert range_ is not None
    assert range_.attrib["x"] == "220.8"
    assert "90,3" in svg


def test_a_message_with_an_address_offers_the_way_back():
    undoable = Message(25, "E 40 : noté.", extra_tags="undo:/agent/annuler/7/")

    assert draw("{% undo_address message %}", message=undoable) == "/agent/annuler/7/"
    assert draw("{% undo_address message %}", message=Message(25, "Noté.")) == ""


def test_a_name_stands_in_its_arch_by_two_letters():
    assert draw("{{ name|initials }}", name="Nadia Amrani") == "NA"
    assert draw("{{ name|initials }}", name="Jean-Yves le Goff") == "JG"


@pytest.mark.django_db
def test_choices_of_display_are_kept_on_the_device(client: Client):
    AuthorityFactory.create()
    address = reverse("web:display-preferences")
    wanted = {"theme": "dark", "contrast": "more", "shortcuts": "off", "language": "en"}

    response = client.post(address, wanted, follow=True)

    html = response.content.decode()
    assert response.redirect_chain == [(address, 302)]
    assert '<html lang="en" dir="ltr" data-bs-theme="dark" data-contrast="more"' in html
    assert 'data-parvis-shortcuts="off"' in html
    assert "Your choices are kept on this device." in html


@pytest.mark.django_db
def test_a_cookie_of_our_name_with_foreign_words_changes_nothing(client: Client):
    AuthorityFactory.create()
    client.cookies["parvis_theme"] = '"><script>'

    html = client.get(reverse("web:display-preferences")).content.decode()

    assert "data-bs-theme" not in html
    assert "><script>" not in html


@pytest.mark.django_db
def test_a_page_belongs_to_the_authority_of_its_host_name():
    AuthorityFactory.create()
    AuthorityFactory.create(slug="rive", name="Rive", hostname="rive.example", phone="")
    with override_settings(ALLOWED_HOSTS=["*"]):
        there = page(RequestFactory().get("/", headers={"host": "rive.example:8000"}))
        elsewhere = page(RequestFactory().get("/", headers={"host": "127.0.0.1"}))

        assert there["page_authority"].slug == "rive"
        assert there["human_exit"]["phone_href"] == ""
        assert elsewhere["page_authority"].slug == "orvanne"
        assert elsewhere["human_exit"]["phone_href"] == "tel:0261910010"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_gallery_shows_every_component(client: Client, language: str):
    client.force_login(AgentFactory.create())
    client.cookies["django_language"] = language

    html = client.get(reverse("web:gallery")).content.decode()

    shown = set(re.findall(r'class="(pv-[a-z-]+)', html))
    assert {"pv-head", "pv-tabs", "pv-toast", "pv-empty", "pv-form", "pv-awaited"} <= shown
    assert {"pv-trace", "pv-metrics", "pv-filters", "pv-scroll", "pv-pages", "pv-facts"} <= shown
    assert " style=" not in html
    assert not re.search(r"\son[a-z]+=", html)


@pytest.mark.django_db
def test_the_rail_shows_the_current_space_and_only_what_the_role_opens(client: Client):
    client.force_login(AgentFactory.create(roles=["MOD"]))

    html = client.get(reverse("web:gallery")).content.decode()

    rail = html.split('<nav class="pv-rail"')[1].split("</nav>")[0]
    assert rail.count("<a ") == 1
    assert 'class="pv-last" aria-current="page"' in rail


@pytest.mark.django_db
def test_a_missing_page_says_what_to_do_and_keeps_the_human_exit(client: Client):
    AuthorityFactory.create()

    response = client.get("/nulle-part/")

    assert response.status_code == 404
    assert "02 61 91 00 10" in response.content.decode()


@pytest.mark.parametrize("name", ["400", "500", "503"])
def test_the_last_resorts_need_neither_request_nor_database(name: str):
    html = render_to_string(f"web/{name}.html")

    assert 'lang="fr"' in html
    assert 'lang="en"' in html
    assert "Parler à quelqu’un" in html


@pytest.mark.django_db
def test_the_other_refusals_keep_their_status():
    AuthorityFactory.create()
    request: HttpRequest = RequestFactory().get("/", headers={"host": "localhost"})

    assert errors.forbidden(request, PermissionError()).status_code == 403
    assert errors.csrf_failure(request).status_code == 403
    assert errors.bad_request(request, ValueError()).status_code == 400
    assert errors.server_error(request).status_code == 500


def test_a_colon_never_begins_a_line():
    assert (
        typeset("Acte : copie « ou » extrait ?")
        == "Acte\u00a0: copie «\u00a0ou\u00a0» extrait\u00a0?"
    )
    assert typeset("12:30") == "12:30"
