"""Sign-in, lock, own account, desk, team and keys, as a browser meets them."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.accounts import actions
from parvis.accounts.models import Agent, ApiToken, DeskChoice
from tests.accounts.factories import PASSWORD, AgentFactory, ines, marc, rozenn
from tests.organisations.factories import AuthorityFactory, DeskFactory, DirectoryEntryFactory

pytestmark = pytest.mark.django_db
PROFILE = "/agent/compte/"


def sign_in(client, username="ines.rollin", password=PASSWORD, **more):
    return client.post(
        reverse("accounts:sign-in"), {"username": username, "password": password, **more}
    )


def admin(**kwargs):
    return AgentFactory.create(username="anne.admin", entry=None, roles=["ADM"], **kwargs)


def test_signing_in_leads_to_the_choice_of_a_desk(client):
    ines()

    answer = sign_in(client)

    assert answer.url == reverse("accounts:choose-desk")
    assert client.get(PROFILE).status_code == 200


def test_signing_in_leads_back_to_where_one_wanted_to_go_but_never_elsewhere(client):
    ines()

    assert sign_in(client, next=PROFILE).url == PROFILE
    client.post(reverse("accounts:sign-out"))
    assert sign_in(client, next="https://evil.example/").url == reverse("accounts:choose-desk")


def test_signing_in_changes_the_session_key(client):
    ines()
    client.get(reverse("accounts:sign-in"))
    client.session.save()
    session = client.session
    session["kept"] = "yes"
    session.save()
    before = session.session_key

    sign_in(client)

    assert client.session.session_key != before


def test_unknown_and_wrong_look_the_same(client):
    ines()

    wrong = sign_in(client, password="faux")
    unknown = sign_in(Client(), username="nobody", password="faux")

    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_too_many_tries_keep_the_name_and_say_when_to_come_back(client):
    ines()
    for _ in range(5):
        sign_in(client, password="faux")

    answer = sign_in(client, password="faux")

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert 'value="ines.rollin"' in answer.content.decode()
    assert "faux" not in answer.content.decode()


def test_sign_in_is_guarded_against_forged_forms():
    ines()
    guarded = Client(enforce_csrf_checks=True)

    assert sign_in(guarded).status_code == 403


def test_an_old_cookie_is_dead_after_signing_out(client):
    ines()
    sign_in(client)
    stolen = client.cookies["parvis"].value

    client.post(reverse("accounts:sign-out"))

    thief = Client()
    thief.cookies["parvis"] = stolen
    assert thief.get(PROFILE).status_code == 302


def test_other_sessions_end_when_the_password_changes(client):
    ines()
    elsewhere = Client()
    sign_in(client)
    sign_in(elsewhere)
    new = "une autre phrase tout aussi longue"

    client.post(reverse("accounts:password"), {"current": PASSWORD, "new": new, "again": new})

    assert client.get(PROFILE).status_code == 200
    assert elsewhere.get(PROFILE).status_code == 302


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"current": "faux"}, "current"),
        ({"new": "court", "again": "court"}, "new"),
        ({"new": "password1234", "again": "password1234"}, "new"),
        ({"again": "autre chose de bien long"}, "again"),
    ],
)
def test_a_weak_or_mistyped_password_is_explained(client, given, field):
    client.force_login(ines())
    new = "une autre phrase tout aussi longue"

    answer = client.post(
        reverse("accounts:password"),
        {"current": PASSWORD, "new": new, "again": new, **given},
    )

    assert field in answer.context["form"].errors


def test_a_deactivated_colleague_is_out_at_the_next_page(client):
    agent = ines()
    sign_in(client)

    actions.deactivate(agent, actor=marc(), now=timezone.now())
    assert client.get(PROFILE).status_code == 302

    actions.reactivate(agent, actor=marc())
    assert client.get(PROFILE).status_code == 302


def test_a_revoked_role_closes_the_page_at_once(client):
    head = marc()
    client.force_login(head)
    assert client.get(reverse("accounts:team")).status_code == 200

    actions.update_agent(head, actor=admin(), now=timezone.now(), roles={"REC": None})

    assert client.get(reverse("accounts:team")).status_code == 403


def test_a_temporary_password_is_changed_before_anything_else(client):
    client.force_login(ines(password_is_temporary=True))

    assert client.get(reverse("accounts:choose-desk")).url == reverse("accounts:password")
    new = "une autre phrase tout aussi longue"
    answer = client.post(
        reverse("accounts:password"), {"current": PASSWORD, "new": new, "again": new}
    )

    assert answer.url == reverse("accounts:choose-desk")
    assert client.get(answer.url).status_code == 200


# The lock


def test_a_locked_screen_hides_every_page_until_the_pin_is_given(client):
    agent = ines()
    actions.save_pin(agent, "480915")
    client.force_login(agent)

    client.post(reverse("accounts:lock"))
    hidden = client.get(PROFILE)
    answer = client.post(
        reverse("accounts:unlock"), {"secret": "480915", "next": hidden.context["next"]}
    )

    assert hidden.status_code == 423
    assert b"ines.rollin" not in hidden.content
    assert answer.url == PROFILE
    assert client.get(PROFILE).status_code == 200


def test_the_password_unlocks_too_and_the_session_key_changes(client):
    client.force_login(ines())
    client.post(reverse("accounts:lock"))
    before = client.session.session_key

    client.post(reverse("accounts:unlock"), {"secret": PASSWORD})

    assert client.get(PROFILE).status_code == 200
    assert client.session.session_key != before


def test_locking_comes_back_to_the_page_one_was_on(client):
    client.force_login(ines())

    answer = client.post(
        reverse("accounts:lock"), headers={"referer": "http://testserver/agent/compte/pin/?a=1"}
    )
    page = client.get(answer.url)

    assert page.context["next"] == "/agent/compte/pin/?a=1"


def test_the_lock_counts_tries(client):
    agent = ines()
    actions.save_pin(agent, "480915")
    client.force_login(agent)
    client.post(reverse("accounts:lock"))

    answers = [client.post(reverse("accounts:unlock"), {"secret": f"11{n}333"}) for n in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert client.get(PROFILE).status_code == 423


def test_a_screen_left_alone_locks_itself_and_the_form_sent_meanwhile_is_kept(client):
    agent = ines()
    with time_machine.travel("2026-11-24T10:00:00Z", tick=False) as clock:
        client.force_login(agent)
        client.get(PROFILE)
        clock.shift(timedelta(minutes=31))
        sent = {"language": "en", "shortcuts": "on"}
        locked = client.post(PROFILE, sent)
        answer = client.post(
            reverse("accounts:unlock"),
            {**dict(locked.context["kept"]), "secret": PASSWORD, "next": PROFILE, "replay": "yes"},
            follow=True,
        )

    assert locked.status_code == 423
    assert dict(locked.context["kept"]) == sent
    assert answer.redirect_chain[0] == (PROFILE, 307)
    agent.refresh_from_db()
    assert agent.language == "en"


def test_secrets_sent_to_a_locked_screen_are_not_kept(client):
    client.force_login(ines())
    client.post(reverse("accounts:lock"))

    answer = client.post(
        reverse("accounts:password"), {"current": PASSWORD, "new": "x", "again": "x"}
    )

    assert answer.status_code == 302
    assert PASSWORD not in client.get(reverse("accounts:lock")).content.decode()


def test_a_forged_form_does_not_wait_behind_the_lock():
    client = Client(enforce_csrf_checks=True)
    client.force_login(ines())
    session = client.session
    session["locked_at"] = timezone.now().timestamp()
    session.save()

    assert client.post(PROFILE, {"language": "en"}).status_code == 403


def test_the_day_ends_after_twelve_hours(client):
    with time_machine.travel("2026-11-24T08:00:00Z", tick=False) as clock:
        ines()
        sign_in(client)
        for _ in range(26):
            clock.shift(timedelta(minutes=28))
            answer = client.get(PROFILE)

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("accounts:sign-in"))


# One's own account


def test_preferences_follow_to_the_cookies_that_pages_read(client):
    client.force_login(ines())

    answer = client.post(PROFILE, {"language": "en"})

    assert answer.cookies["parvis_shortcuts"].value == "off"
    assert answer.cookies["django_language"].value == "en"


def test_a_pin_needs_the_password(client):
    agent = ines()
    client.force_login(agent)

    refused = client.post(reverse("accounts:pin"), {"current": "faux", "pin": "480915"})
    easy = client.post(reverse("accounts:pin"), {"current": PASSWORD, "pin": "123456"})
    client.post(reverse("accounts:pin"), {"current": PASSWORD, "pin": "480915"})

    assert "current" in refused.context["form"].errors
    assert "pin" in easy.context["form"].errors
    agent.refresh_from_db()
    assert agent.unlocks_with("480915")


# The desk


def test_a_desk_is_chosen_and_kept_in_the_session(client):
    agent, desk = ines(), DeskFactory()
    client.force_login(agent)

    client.post(reverse("accounts:choose-desk"), {"desk": desk.pk})

    assert client.session["desk_id"] == desk.pk
    assert DeskChoice.objects.get().agent == agent


def test_a_taken_desk_shows_its_holder_and_is_taken_over_by_a_button(client):
    desk = DeskFactory()
    actions.choose_desk(desk, agent=ines(), now=timezone.now())
    client.force_login(marc())

    page = client.get(reverse("accounts:choose-desk")).content.decode()
    client.post(reverse("accounts:choose-desk"), {"desk": desk.pk})
    assert DeskChoice.objects.get().agent == ines()
    client.post(reverse("accounts:choose-desk"), {"desk": desk.pk, "take_over": "yes"})

    assert "Inès Rollin" in page
    assert DeskChoice.objects.get().agent == marc()


def test_a_desk_of_another_authority_does_not_exist(client):
    desk = DeskFactory()
    client.force_login(rozenn())

    assert client.post(reverse("accounts:choose-desk"), {"desk": desk.pk}).status_code == 404


def test_one_may_work_without_a_desk(client):
    client.force_login(ines())
    client.post(reverse("accounts:choose-desk"), {"desk": DeskFactory().pk})

    client.post(reverse("accounts:choose-desk"), {"desk": ""})

    assert "desk_id" not in client.session
    assert not DeskChoice.objects.exists()


def test_whoever_receives_nobody_goes_straight_to_work(client):
    client.force_login(admin())

    assert client.get(reverse("accounts:choose-desk")).url == reverse("organisations:home")


# The team


def new_agent(**more):
    entry = DirectoryEntryFactory(first_name="Léa", last_name="Blin")
    return {"username": "Lea.Blin", "entry": entry.pk, "roles": ["REC"], **more}


def test_an_account_is_opened_and_its_password_shown_once(client):
    client.force_login(marc())

    answer = client.post(reverse("accounts:agent-new"), new_agent(form_key="k"))
    again = client.post(reverse("accounts:agent-new"), new_agent(form_key="k"))
    first = client.get(answer.url)
    second = client.get(answer.url)

    agent = Agent.objects.get(username="lea.blin")
    assert again.url == answer.url
    assert agent.check_password(first.context["password"])
    assert first.context["password"] in first.content.decode()
    assert first.context["password"] not in second.content.decode()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"username": "INES.ROLLIN"}, "username"),
        ({"username": "léa blin"}, "username"),
        ({"roles": ["ADM"]}, "roles"),
        ({"roles": []}, "roles"),
        ({"entry": ""}, "entry"),
    ],
)
def test_what_is_wrong_with_an_account_is_said_and_kept(client, more, field):
    ines()
    client.force_login(marc())

    answer = client.post(reverse("accounts:agent-new"), new_agent(**more))

    assert field in answer.context["form"].errors
    assert not Agent.objects.filter(username="lea.blin").exists()


def test_the_administrator_gives_an_auditor_an_end(client):
    client.force_login(admin())

    missing = client.post(reverse("accounts:agent-new"), new_agent(roles=["AUD"]))
    client.post(reverse("accounts:agent-new"), new_agent(roles=["AUD"], until="2099-12-31"))

    assert "until" in missing.context["form"].errors
    assert Agent.objects.get(username="lea.blin").grants.get().until.year in (2099, 2100)


def test_an_end_date_that_nobody_can_mean_is_a_sentence_and_what_was_typed_stays(client):
    client.force_login(admin())

    answer = client.post(
        reverse("accounts:agent-new"), new_agent(roles=["AUD"], until="9999-12-31")
    )

    assert "until" in answer.context["form"].errors
    assert "9999-12-31" in answer.content.decode()
    assert not Agent.objects.filter(username="lea.blin").exists()


@pytest.mark.parametrize("field", ["entry", "service", "site"])
def test_rows_of_another_authority_are_no_choice(client, field):
    foreign = rozenn()
    pk = {"entry": foreign.entry_id, "service": foreign.service_id}.get(field)
    if field == "site":
        pk = DeskFactory(site__authority=foreign.authority, site__slug="ailleurs").site_id
    client.force_login(marc())

    answer = client.post(reverse("accounts:agent-new"), new_agent(**{field: pk}))

    assert field in answer.context["form"].errors


def test_roles_are_changed_on_the_page_of_the_colleague(client):
    agent = ines()
    client.force_login(marc())

    client.post(
        reverse("accounts:agent", args=[agent.pk]),
        {"username": agent.username, "entry": agent.entry_id, "roles": ["REF"]},
    )

    assert [grant.role for grant in agent.grants.all()] == ["REF"]


@pytest.mark.parametrize("colleagues", [1, 30])
def test_the_team_costs_the_same_however_large(client, colleagues, django_assert_max_num_queries):
    client.force_login(marc())
    for n in range(colleagues):
        AgentFactory.create(username=f"agent{n}", entry__last_name=f"Rollin {n}")
    client.get(reverse("accounts:team"))

    with django_assert_max_num_queries(9):
        client.get(reverse("accounts:team"))


def test_a_key_is_shown_once_and_revoked(client):
    client.force_login(admin())

    answer = client.post(reverse("accounts:token-new"), {"name": "Borne du hall", "role": "REC"})
    first = client.get(answer.url)
    second = client.get(answer.url)
    client.post(reverse("accounts:token-revoke", args=[ApiToken.objects.get().pk]))

    secret = first.context["shown"]["secret"]
    assert secret in first.content.decode()
    assert secret not in second.content.decode()
    assert ApiToken.objects.get().revoked_at


def test_an_authority_that_asks_for_it_sends_administrators_to_the_second_factor(client):
    authority = AuthorityFactory(slug="stricte", name="Stricte", second_factor_for_admins=True)
    client.force_login(admin(authority=authority))

    answer = client.get(reverse("organisations:home"))

    assert answer.url == reverse("accounts:second-factor-needed")
    assert client.get(answer.url).status_code == 200
