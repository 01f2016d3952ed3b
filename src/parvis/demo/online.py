"""Somebody who waits for a live conversation at this moment, and the agent who takes them."""

from datetime import datetime, timedelta

from parvis.accounts.models import Agent
from parvis.assistant import actions
from parvis.assistant.actions import duty, handing
from parvis.assistant.models import Duty, Handover
from parvis.organisations.models import Authority, Topic

AGENT = "ines.rollin"
_ASKED = timedelta(minutes=4)
_WAITS = timedelta(minutes=2)
_EVENING = timedelta(hours=10)  # the people of the scene stay: no browser gives a sign for them
_SAID = (
    "Ma fille est née à l’étranger : qui peut demander son acte de naissance ?",
    "Je préfère voir cela avec une personne.",
)


def today(slug: str, *, now: datetime) -> Handover:
    """One conversation in the line, and one agent on duty."""
    town = Authority.objects.get(slug=slug)
    topic = Topic.objects.get(authority=town, slug="acte-naissance")
    duty.go_on(Agent.objects.get(authority=town, username=AGENT), now=now - _ASKED)
    Duty.objects.filter(authority=town).update(seen_at=now + _EVENING)
    made = actions.start(town, now=now - _ASKED, topic=topic).conversation
    for text in _SAID:
        actions.say(made, author="person", kind="question", text=text, now=now - _ASKED)
    # Told without looking at the hours: the scene is the same at night.
    waits = handing.put_in_line(made, asked_at=now - _WAITS, now=now - _WAITS)
    Handover.objects.filter(pk=waits.pk).update(last_seen_person=now + _EVENING)
    return waits
