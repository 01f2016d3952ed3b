"""A request whose sender is an agent of ours."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from parvis.accounts.models import Agent


class AgentRequest(HttpRequest):
    """What a view above ``accounts`` receives once ``requires`` let the sender in."""

    user: Agent
    htmx: HtmxDetails
