"""Reads that only pages need: what a desk and a front page show."""

from parvis.web.queries.places import Notice, PlaceNow, human_exit, notices, places_now, weeks
from parvis.web.queries.sheets import OpenSheet, Shelf, documents, open_sheet, shelf
from parvis.web.queries.workstation import Line, Seat, Visit, line_at, seat_of, visit_at

__all__ = [
    "Line",
    "Notice",
    "OpenSheet",
    "PlaceNow",
    "Seat",
    "Shelf",
    "Visit",
    "documents",
    "human_exit",
    "line_at",
    "notices",
    "open_sheet",
    "places_now",
    "seat_of",
    "shelf",
    "visit_at",
    "weeks",
]
