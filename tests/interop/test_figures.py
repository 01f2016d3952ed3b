"""The figures of the assistant, over HTTP."""

from datetime import timedelta

from django.utils import timezone

from parvis.assistant.models import Conversation
from parvis.organisations.models import Authority
from tests.assistant.factories import started
from tests.contacts.factories import ContactFactory
from tests.interop.conftest import Api, token_of


def test_every_figure_comes_with_its_numbers_and_its_method(api: Api):
    started(authority=Authority.objects.get(slug="orvanne"), now=timezone.now())
    Conversation.objects.update(outcome="contained")

    told = api.get("assistant/figures").json()

    assert told["month"] == f"{timezone.localdate():%Y-%m}"
    figures = {one["code"]: one for one in told["figures"]}
    assert (figures["contained"]["numerator"], figures["contained"]["denominator"]) == (1, 1)
    assert figures["contained"]["interval"][1] == 1.0
    assert all(one["method"] for one in [*told["figures"], told["avoided_calls"]])
    assert told["avoided_calls"]["middle"] is None  # nobody told whether they would have called


def test_calls_are_told_by_week_with_what_may_be_concluded(api: Api):
    town = Authority.objects.get(slug="orvanne")
    now = timezone.now()
    started(authority=town, now=now - timedelta(days=15))
    for days in (43, 29):  # the first week that has a call may be half written down: left out
        at = now - timedelta(days=days)
        ContactFactory.create(authority=town, channel="phone", started_at=at, ended_at=at)

    told = api.get("assistant/calls").json()

    assert told["verdict"] == "early"
    assert sum(week["calls"] for week in told["weeks"]) == 1
    assert "Newey" in told["method"]
    assert told["level"] is None


def test_another_authority_and_another_role_learn_nothing(api: Api, foreign_api: Api):
    started(authority=Authority.objects.get(slug="orvanne"), now=timezone.now())

    assert foreign_api.get("assistant/figures").json()["figures"][0]["denominator"] == 0
    advisor = Api(token_of("lavoirs", "Les Lavoirs", role="ADV"))
    assert advisor.get("assistant/figures").status_code == 403
    assert advisor.get("assistant/calls").status_code == 403
