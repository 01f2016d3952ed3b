"""Second factors: the library's flows, our pages, our limits."""

import json
import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from parvis.accounts.checks import second_factors_can_be_read
from parvis.common import journal
from tests.accounts.factories import PASSWORD, AgentFactory, ines
from tests.organisations.factories import AuthorityFactory

pytestmark = pytest.mark.django_db
START = "2026-11-24T09:00:00Z"


def prove(client, then="mfa_index"):
    """Give the password once more, as the library asks before any change."""
    address = f"{reverse('account_reauthenticate')}?next={reverse(then)}"
    return client.post(address, {"password": PASSWORD})


@pytest.fixture
def clock():
    cache.clear()
    with time_machine.travel(START, tick=False) as travel:
        yield travel


def now_code(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def set_up(client):
    """Switch on an application for codes; returns its secret."""
    prove(client, "mfa_activate_totp")
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": now_code(secret)})
    return secret


def password_first(client):
    return client.post(
        reverse("accounts:sign-in"), {"username": "ines.rollin", "password": PASSWORD}
    )


def test_changing_the_second_factor_asks_for_the_password_first(client):
    client.force_login(ines())

    answer = client.get(reverse("mfa_activate_totp"))

    assert answer.url.startswith(reverse("account_reauthenticate"))


def test_an_application_is_set_up_and_asked_for_at_the_next_sign_in(client, clock):
    client.force_login(ines())
    secret = set_up(client)
    clock.shift(60)

    elsewhere = Client()
    answer = password_first(elsewhere)
    assert answer.url == reverse("mfa_authenticate")
    assert elsewhere.get("/agent/compte/").status_code == 302
    done = elsewhere.post(reverse("mfa_authenticate"), {"code": now_code(secret)})

    assert done.url == reverse("accounts:choose-desk")
    assert elsewhere.get("/agent/compte/").status_code == 200


def test_a_code_opens_once_only_whichever_process_sees_it(client, clock):
    client.force_login(ines())
    secret = set_up(client)
    clock.shift(60)
    answers = []
    for _ in range(2):
        cache.clear()  # another process has another memory
        elsewhere = Client()
        password_first(elsewhere)
        answers.append(elsewhere.post(reverse("mfa_authenticate"), {"code": now_code(secret)}))

    assert [answer.status_code for answer in answers] == [302, 200]


def test_codes_cannot_be_guessed_whichever_process_counts(client, clock):
    client.force_login(ines())
    secret = set_up(client)
    clock.shift(60)
    elsewhere = Client()
    password_first(elsewhere)
    for n in range(8):
        cache.clear()
        elsewhere.post(reverse("mfa_authenticate"), {"code": f"{n:06}"})
    cache.clear()

    answer = elsewhere.post(reverse("mfa_authenticate"), {"code": now_code(secret)})

    assert answer.status_code == 200
    assert elsewhere.get("/agent/compte/").status_code == 302


def test_secrets_are_kept_encrypted(client, clock):
    client.force_login(ines())

    secret = set_up(client)

    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored


def test_the_journal_knows_of_every_change_of_the_second_factor(
    client, clock, django_capture_on_commit_callbacks
):
    agent = ines()
    client.force_login(agent)
    with django_capture_on_commit_callbacks(execute=True):
        set_up(client)
    client.post(reverse("mfa_deactivate_totp"))

    verbs = [entry.verb for entry in journal.of(agent)]

    assert verbs[0] == "accounts.second_factor_added"
    assert verbs[-1] == "accounts.second_factor_removed"


def test_recovery_codes_open_once_each(client, clock):
    client.force_login(ines())
    set_up(client)
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    answers = []
    for _ in range(2):
        elsewhere = Client()
        password_first(elsewhere)
        answers.append(elsewhere.post(reverse("mfa_authenticate"), {"code": codes[0]}))

    assert len(codes) == 10
    assert [answer.status_code for answer in answers] == [302, 200]


def test_recovery_codes_are_downloaded_and_made_anew(client, clock):
    client.force_login(ines())
    set_up(client)
    before = client.get(reverse("mfa_download_recovery_codes")).content

    client.post(reverse("mfa_generate_recovery_codes"))

    assert client.get(reverse("mfa_download_recovery_codes")).content != before


def test_an_administrator_cannot_remove_the_last_factor_that_is_demanded(client, clock):
    authority = AuthorityFactory(slug="stricte", name="Stricte", second_factor_for_admins=True)
    client.force_login(
        AgentFactory.create(username="anne", authority=authority, entry=None, roles=["ADM"])
    )
    set_up(client)
    assert client.get(reverse("organisations:home")).status_code == 200

    client.post(reverse("mfa_deactivate_totp"))

    assert Authenticator.objects.filter(type="totp").exists()


def test_an_application_is_removed(client, clock):
    client.force_login(ines())
    set_up(client)

    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.exists()


def test_the_page_for_a_new_key_carries_its_options_as_data_and_no_script(client, clock):
    client.force_login(ines())
    prove(client, "mfa_add_webauthn")

    page = client.get(reverse("mfa_add_webauthn")).content.decode()

    data = re.search(r'<script id="passkey-options" type="application/json">(.*?)</script>', page)
    options = json.loads(data[1])["creation_options"]["publicKey"]
    assert {"challenge", "rp", "user"} <= options.keys()
    assert options["user"]["name"] == "ines.rollin"
    scripts = re.findall(r"<script(?![^>]*(?:src=|application/json))", page)
    assert scripts == []


def test_the_way_in_by_passkey_gives_a_challenge_to_a_script_only(client):
    answer = client.get(
        reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"}
    )

    assert answer.json()["request_options"]["publicKey"]["challenge"]
    assert client.get(reverse("mfa_login_webauthn")).url == reverse("account_login")


@pytest.mark.parametrize(
    "nonsense", ['{"id": "x"}', "[]", "not json", '{"id": 1, "rawId": null, "response": []}', ""]
)
def test_a_broken_answer_of_a_key_is_refused_kindly(client, clock, nonsense):
    client.get(reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"})
    signed_in = Client()
    signed_in.force_login(ines())
    prove(signed_in, "mfa_add_webauthn")
    signed_in.get(reverse("mfa_add_webauthn"))

    sign_in = client.post(reverse("mfa_login_webauthn"), {"credential": nonsense})
    new = signed_in.post(reverse("mfa_add_webauthn"), {"name": "Clé", "credential": nonsense})

    assert (sign_in.status_code, new.status_code) == (302, 200)
    assert not Authenticator.objects.exists()


def test_keys_are_listed_renamed_and_removed_by_their_owner_only(client, clock):
    agent = ines()
    key = Authenticator.objects.create(user=agent, type="webauthn", data={"name": "Clé bleue"})
    client.force_login(agent)
    prove(client)

    assert "Clé bleue" in client.get(reverse("mfa_list_webauthn")).content.decode()
    client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "Clé rouge"})
    key.refresh_from_db()
    assert key.data["name"] == "Clé rouge"

    thief = Client()
    thief.force_login(AgentFactory.create(username="thief", entry=None))
    prove(thief)
    assert thief.get(reverse("mfa_edit_webauthn", args=[key.pk])).status_code == 404


def with_another_key(settings):
    settings.SECRET_KEY = "another one"


def test_codes_that_another_key_encrypted_are_answered_with_what_to_do(client, clock, settings):
    client.force_login(ines())
    secret = set_up(client)
    with_another_key(settings)
    clock.shift(60)

    elsewhere = Client(headers={"Accept-Language": "en"})
    password_first(elsewhere)
    answer = elsewhere.post(reverse("mfa_authenticate"), {"code": now_code(secret)})

    assert answer.status_code == 200
    assert "its secret key was changed" in answer.content.decode()
    assert "ask an administrator" in answer.content.decode()


def test_the_former_key_still_opens_when_it_is_named(client, clock, settings):
    client.force_login(ines())
    secret = set_up(client)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    with_another_key(settings)
    clock.shift(60)

    elsewhere = Client()
    password_first(elsewhere)
    answer = elsewhere.post(reverse("mfa_authenticate"), {"code": now_code(secret)})

    assert answer.url == reverse("accounts:choose-desk")


def test_recovery_codes_made_since_the_change_of_key_open(client, clock, settings):
    client.force_login(ines())
    set_up(client)
    with_another_key(settings)
    Authenticator.objects.filter(type="recovery_codes").delete()
    code = RecoveryCodes.activate(ines()).get_unused_codes()[0]

    elsewhere = Client()
    password_first(elsewhere)
    answer = elsewhere.post(reverse("mfa_authenticate"), {"code": code})

    assert answer.url == reverse("accounts:choose-desk")


def test_the_doctor_names_second_factors_that_cannot_be_read(client, clock, settings):
    client.force_login(ines())
    set_up(client)
    before = [one.id for one in second_factors_can_be_read(databases=["default"])]
    with_another_key(settings)

    [said] = second_factors_can_be_read(databases=["default"])

    assert before == []
    assert "another secret key" in said.msg
    assert "PARVIS_SECRET_KEY_FALLBACKS" in said.hint


def test_the_page_of_second_factors_opens_under_another_key(client, clock, settings):
    client.force_login(ines())
    set_up(client)
    with_another_key(settings)
    client.force_login(ines())

    assert client.get(reverse("mfa_index")).status_code == 200


def test_the_last_administrator_is_let_in_again(client, clock, capsys):
    client.force_login(ines())
    set_up(client)

    call_command("rescue", "Ines.Rollin")

    password = capsys.readouterr().out.split()[-1]
    agent = ines()
    assert agent.check_password(password)
    assert agent.password_is_temporary
    assert not Authenticator.objects.filter(user=agent).exists()
