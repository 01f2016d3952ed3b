from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from parvis.accounts import limits
from parvis.accounts.backends import ThrottledPasswords
from parvis.common.errors import Busy
from parvis.common.models import Throttle
from tests.accounts.factories import PASSWORD, ines, marc

pytestmark = pytest.mark.django_db
WRONG = "faux"
START = "2026-11-24T08:20:00Z"


def request(address="192.0.2.1", cookies=None):
    made = RequestFactory().post("/connexion/", REMOTE_ADDR=address)
    made.COOKIES.update(cookies or {})
    return made


def attempt(password=WRONG, *, username="ines.rollin", **kwargs):
    """'in', 'no' or 'busy', as the person at the screen would tell."""
    try:
        agent = authenticate(request(**kwargs), username=username, password=password)
    except Busy:
        return "busy"
    return "in" if agent else "no"


def browser_cookie(agent):
    answer = HttpResponse()
    limits.remember_browser(request(), answer, agent.username)
    return {limits.COOKIE: answer.cookies[limits.COOKIE].value}


@pytest.fixture
def hashed(monkeypatch):
    """Every password that was hashed, to prove that limits come first."""
    seen = []
    encode = MD5PasswordHasher.encode

    def spy(self, password, salt):
        seen.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", spy)
    return seen


def test_the_right_password_lets_in_however_the_name_is_written():
    agent = ines()

    assert authenticate(request(), username=" Ines.ROLLIN ", password=PASSWORD) == agent


@pytest.mark.parametrize("trait", [{"is_active": False}, {"is_robot": True}])
def test_the_deactivated_and_the_robots_are_refused(trait):
    ines(**trait)

    assert attempt(PASSWORD) == "no"


def test_somebody_unknown_costs_a_hash_too(hashed):
    ines()
    del hashed[:]

    attempt(username="nobody")
    attempt()

    assert hashed == ["faux", "faux"]


def test_at_most_ten_tries_per_account_in_a_quarter_of_an_hour_whatever_the_addresses(hashed):
    ines()
    del hashed[:]

    with time_machine.travel(START, tick=False) as clock:
        for second in range(900):
            attempt(address=f"192.0.2.{second % 100}")
            clock.shift(1)

    assert len(hashed) <= 10


def test_unknown_names_are_limited_like_known_ones():
    ines()

    known = [attempt() for _ in range(12)]
    unknown = [attempt(username="nobody", address="192.0.2.2") for _ in range(12)]

    assert known == unknown
    assert known[-1] == "busy"


def test_one_address_cannot_try_one_password_on_every_account():
    answers = [attempt(username=f"agent{n}") for n in range(100)]

    assert answers.count("busy") == 40


def test_somebody_elsewhere_cannot_lock_an_agent_out_of_their_own_desk():
    agent = ines()
    desk = browser_cookie(agent)
    for n in range(100):
        attempt(address=f"198.51.100.{n}")

    assert attempt(PASSWORD, address="192.0.2.1") == "busy"
    assert attempt(PASSWORD, address="192.0.2.1", cookies=desk) == "in"


def test_one_hostile_address_alone_locks_nobody_out():
    ines()
    for _ in range(50):
        attempt(address="198.51.100.7")

    assert attempt(PASSWORD, address="192.0.2.1") == "in"


def test_the_cookie_of_a_colleague_helps_nobody_else():
    ines()
    cookies = browser_cookie(marc())

    answers = [attempt(cookies=cookies) for _ in range(6)]

    assert answers[-1] == "busy"


def test_a_known_browser_is_limited_too(hashed):
    cookies = browser_cookie(ines())
    del hashed[:]

    answers = [attempt(cookies=cookies) for _ in range(30)]

    assert answers.count("busy") == 22


def test_no_lock_out_is_for_ever():
    ines()
    with time_machine.travel(START, tick=False) as clock:
        while attempt() != "busy":
            pass
        clock.shift(timedelta(minutes=16))

        assert attempt(PASSWORD) == "in"


def test_a_success_forgives_one_s_own_mistakes():
    ines()
    for _ in range(4):
        attempt()
    attempt(PASSWORD)

    assert [attempt() for _ in range(3)] == ["no"] * 3


def test_honest_sign_ins_never_add_up_to_a_limit():
    ines()

    assert {attempt(PASSWORD) for _ in range(80)} == {"in"}


def test_a_success_from_elsewhere_does_not_forgive_an_attack():
    ines()
    for n in range(7):
        attempt(address=f"198.51.100.{n}")
    attempt(PASSWORD)

    assert [attempt(address=f"203.0.113.{n}") for n in range(2)] == ["no", "busy"]


def test_a_forged_cookie_is_worth_nothing():
    ines()

    answers = [attempt(cookies={limits.COOKIE: "forged"}) for _ in range(6)]

    assert answers[-1] == "busy"


def test_limits_live_in_the_database_so_that_processes_share_them_and_restarts_keep_them():
    ines()
    while attempt() != "busy":
        pass

    bucket = Throttle.objects.get(subject__startswith=limits.STRANGER.name)

    assert bucket.level == pytest.approx(limits.STRANGER.burst, abs=0.1)
    assert "192.0.2.1" not in bucket.subject
    assert "ines" not in bucket.subject


def test_a_session_fetches_the_agent_and_the_roles_in_two_queries(django_assert_num_queries):
    agent = ines()

    with django_assert_num_queries(2):
        found = ThrottledPasswords().get_user(agent.pk)
        assert found.may("queue.work")
        assert found.authority.name == "Sainte-Orvanne"
        assert str(found) == "Inès Rollin"


def test_a_role_that_ended_gives_nothing_any_more():
    agent = marc()
    agent.grants.update(until=timezone.now() - timedelta(seconds=1))

    assert not agent.may("quality.read")
