"""The tables of the room."""

from parvis.letters.models.letters import Decision, Letter, OfCase, RightRequest
from parvis.letters.models.post import IncomingPost, OfService, OutgoingPost, PostNumber
from parvis.letters.models.wording import (
    Delegation,
    Kind,
    Letterhead,
    Template,
    TemplateVersion,
)

__all__ = [
    "Decision",
    "Delegation",
    "IncomingPost",
    "Kind",
    "Letter",
    "Letterhead",
    "OfCase",
    "OfService",
    "OutgoingPost",
    "PostNumber",
    "RightRequest",
    "Template",
    "TemplateVersion",
]
