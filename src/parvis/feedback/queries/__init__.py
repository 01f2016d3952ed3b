"""Reading what people said back."""

from parvis.feedback.queries.answers import (
    TeamThanks,
    Wall,
    response_to,
    team_thanks,
    teams,
    thanks_of,
    unseen_thanks,
    years_thanked,
)
from parvis.feedback.queries.complaints import (
    about_case,
    complaints,
    for_person,
    incidents,
)

__all__ = [
    "TeamThanks",
    "Wall",
    "about_case",
    "complaints",
    "for_person",
    "incidents",
    "response_to",
    "team_thanks",
    "teams",
    "thanks_of",
    "unseen_thanks",
    "years_thanked",
]
