import importlib
from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth import authenticate

from parvis.accounts import actions, queries
from parvis.accounts.events import AgentDeactivated, DeskChosen, SignedOut
from parvis.accounts.models import Agent, ApiToken, DeskChoice
from parvis.common import events, journal
from parvis.common.errors import Refused
from tests.accounts.factories import AgentFactory, ines, marc
from tests.organisations.factories import (
    AuthorityFactory,
    DeskFactory,
    SiteFactory,
    TopicFamilyFactory,
)

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 24, 8, 20, tzinfo=UTC)


def admin():
    return AgentFactory.create(username="anne.admin", entry=None, roles=["ADM"])


def verbs(row):
    return [entry.verb for entry in journal.of(row)]


@pytest.fixture
def news(monkeypatch):
    """What was announced, without the rooms above."""
    heard = []
    monkeypatch.setattr(events, "_handlers", {})
    for kind in (DeskChosen, SignedOut, AgentDeactivated):
        events._handlers[kind] = [heard.append]
    return heard


def test_a_new_agent_signs_in_with_the_temporary_password():
    made = actions.create_agent(
        AuthorityFactory(), actor=marc(), username="lea.blin", roles={"REC": None}
    )

    assert authenticate(None, username="lea.blin", password=made.password) == made.agent
    assert made.agent.password_is_temporary
    assert made.agent.may("queue.work")
    assert verbs(made.agent) == ["accounts.agent_created"]


def test_the_head_cannot_make_an_administrator():
    with pytest.raises(Refused):
        actions.create_agent(
            AuthorityFactory(), actor=marc(), username="lea.blin", roles={"ADM": None}
        )

    assert not Agent.objects.filter(username="lea.blin").exists()


def test_the_role_of_an_auditor_ends():
    with pytest.raises(Refused):
        actions.create_agent(
            AuthorityFactory(), actor=admin(), username="audit", roles={"AUD": None}
        )


def test_the_head_keeps_a_role_that_only_the_administrator_may_give():
    agent = ines(roles=["REC", "FED"])

    with pytest.raises(Refused):
        actions.update_agent(agent, actor=marc(), now=MORNING, roles={"REC": None})


def test_changed_roles_hold_for_the_next_page():
    agent = ines()

    actions.update_agent(
        agent, actor=admin(), now=MORNING, roles={"KBE": None}, email="i@example.org"
    )

    again = Agent.objects.get(pk=agent.pk)
    assert (again.may("queue.work"), again.may("knowledge.write")) == (False, True)
    assert again.email == "i@example.org"


def test_nobody_saws_off_their_own_branch():
    boss = admin()

    with pytest.raises(Refused):
        actions.update_agent(boss, actor=boss, now=MORNING, roles={"REC": None})
    with pytest.raises(Refused):
        actions.deactivate(boss, actor=boss, now=MORNING)


def test_a_closed_account_has_no_password_no_pin_no_desk(news):
    agent = ines()
    actions.save_pin(agent, "480915")
    actions.choose_desk(DeskFactory(), agent=agent, now=MORNING)

    actions.deactivate(agent, actor=marc(), now=MORNING)

    agent.refresh_from_db()
    assert (agent.is_active, agent.has_usable_password(), agent.pin_hash) == (False, False, "")
    assert not DeskChoice.objects.exists()
    assert news[-1] == AgentDeactivated(agent.pk, MORNING)


def test_an_account_opened_again_gets_a_new_password():
    agent = ines()
    actions.deactivate(agent, actor=marc(), now=MORNING)

    made = actions.reactivate(agent, actor=marc())

    assert authenticate(None, username="ines.rollin", password=made.password) == agent


def test_the_head_cannot_reset_the_password_of_an_administrator():
    with pytest.raises(Refused):
        actions.reset_password(admin(), actor=marc())


def test_a_lost_second_factor_is_removed():
    agent = ines()
    Authenticator.objects.create(user=agent, type="totp", data={"secret": "x"})

    actions.reset_second_factor(agent, actor=marc())

    assert not Authenticator.objects.exists()
    assert verbs(agent) == ["accounts.second_factor_reset"]


def test_a_validated_skill_keeps_its_date_until_the_level_changes():
    agent, family = ines(), TopicFamilyFactory()
    actions.set_skills(agent, {family.pk: 2}, actor=marc(), on=date(2026, 1, 5))
    actions.set_skills(agent, {family.pk: 2}, actor=marc(), on=date(2026, 6, 1))

    assert agent.skills.get().validated_on == date(2026, 1, 5)
    assert list(queries.skilled_agents(family)) == [agent]

    actions.set_skills(agent, {}, actor=marc(), on=date(2026, 6, 1))

    assert not agent.skills.exists()


def test_a_desk_is_one_s_own_for_the_day(news):
    desk, agent = DeskFactory(), ines()
    actions.choose_desk(desk, agent=agent, now=MORNING)

    with pytest.raises(Refused, match="Inès Rollin"):
        actions.choose_desk(desk, agent=marc(), now=MORNING)

    assert DeskChoice.objects.get().agent == agent
    assert news == [DeskChosen(agent.pk, desk.pk, MORNING)]


def test_a_desk_is_taken_over_on_purpose():
    desk = DeskFactory()
    actions.choose_desk(desk, agent=ines(), now=MORNING)

    actions.choose_desk(desk, agent=marc(), now=MORNING, take_over=True)

    assert DeskChoice.objects.get().agent == marc()


def test_a_desk_that_was_never_left_is_free_the_next_day():
    desk = DeskFactory()
    actions.choose_desk(desk, agent=ines(), now=MORNING)

    actions.choose_desk(desk, agent=marc(), now=MORNING + timedelta(days=1))

    assert DeskChoice.objects.get().agent == marc()


def test_changing_desks_frees_the_first_one():
    agent = ines()
    for name in ("Guichet 1", "Guichet 2"):
        actions.choose_desk(DeskFactory(name=name), agent=agent, now=MORNING)

    assert DeskChoice.objects.get().desk.name == "Guichet 2"


def test_who_signs_out_frees_the_desk(news):
    agent = ines()
    actions.choose_desk(DeskFactory(), agent=agent, now=MORNING)

    actions.sign_out(agent=agent, now=MORNING)

    assert not DeskChoice.objects.exists()
    assert news[-1] == SignedOut(agent.pk, MORNING)


def test_a_key_is_kept_as_a_fingerprint_only():
    made = actions.create_token(
        AuthorityFactory(), actor=admin(), now=MORNING, name="Borne", role="REC"
    )

    row = ApiToken.objects.get()
    assert made.secret not in (row.secret_hash, row.name)
    assert len(made.secret) > 30
    assert queries.agent_of_token(made.secret) == made.token.agent
    assert queries.agent_of_token("parvis_wrong") is None


def test_a_revoked_key_opens_nothing():
    boss = admin()
    made = actions.create_token(boss.authority, actor=boss, now=MORNING, name="Borne", role="REC")

    actions.revoke_token(made.token, actor=boss, now=MORNING)

    assert queries.agent_of_token(made.secret) is None


def test_a_program_never_signs_in_and_is_no_colleague():
    made = actions.create_token(AuthorityFactory(), actor=None, now=MORNING, name="x", role="REC")
    robot = made.token.agent

    assert not robot.has_usable_password()
    assert robot not in queries.colleagues_of(robot.authority)


def test_a_program_is_called_as_its_token_is():
    made = actions.create_token(
        AuthorityFactory(), actor=None, now=MORNING, name="Standard", role="REC"
    )

    assert made.token.agent.display_name == "Standard"


def test_tokens_from_before_name_their_programs():
    module = importlib.import_module("parvis.accounts.migrations.0004_names_of_programs")
    robot = actions.create_token(
        AuthorityFactory(), actor=None, now=MORNING, name="Standard", role="REC"
    ).token.agent
    Agent.objects.filter(pk=robot.pk).update(program="")

    module.name_programs(apps, None)
    module.name_programs(apps, None)

    robot.refresh_from_db()
    assert robot.program == "Standard"


def test_a_program_cannot_be_an_auditor():
    with pytest.raises(Refused):
        actions.create_token(AuthorityFactory(), actor=None, now=MORNING, name="x", role="AUD")


@pytest.mark.parametrize("desks", [1, 30])
def test_the_desks_of_the_house_cost_the_same_however_many(desks, django_assert_num_queries):
    site = SiteFactory()
    for n in range(desks):
        desk = DeskFactory(site=site, name=f"Guichet {n}", position=n)
    actions.choose_desk(desk, agent=ines(), now=MORNING)

    with django_assert_num_queries(2):
        [(found, places)] = queries.places_by_site(site.authority, now=MORNING)
        holders = [str(place.holder) for place in places if place.holder]

    assert (found, len(places), holders) == (site, desks, ["Inès Rollin"])
