"""Reads that only pages need: what a desk and a front page show."""

from parvis.web.queries.asked import often_asked, often_asked_here
from parvis.web.queries.assistant import Ways, waiting_online, ways_to_person
from parvis.web.queries.meetings import reach_of
from parvis.web.queries.places import Notice, PlaceNow, human_exit, notices, places_now, weeks
from parvis.web.queries.sheets import OpenSheet, Shelf, ShownBlock, documents, open_sheet, shelf
from parvis.web.queries.topics import Suggestion, by_letters, suggestions
from parvis.web.queries.workstation import (
    Line,
    OwnDay,
    Seat,
    Visit,
    line_at,
    own_day,
    seat_of,
    visit_at,
)

__all__ = [
    "Line",
    "Notice",
    "OpenSheet",
    "OwnDay",
    "PlaceNow",
    "Seat",
    "Shelf",
    "ShownBlock",
    "Suggestion",
    "Visit",
    "Ways",
    "by_letters",
    "documents",
    "human_exit",
    "line_at",
    "notices",
    "often_asked",
    "often_asked_here",
    "open_sheet",
    "own_day",
    "places_now",
    "reach_of",
    "seat_of",
    "shelf",
    "suggestions",
    "visit_at",
    "waiting_online",
    "ways_to_person",
    "weeks",
]
