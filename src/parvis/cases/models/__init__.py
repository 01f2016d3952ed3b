"""The tables of the room."""

from parvis.cases.models.cases import Case, CaseEntry, CaseQuerySet, OfCase

__all__ = ["Case", "CaseEntry", "CaseQuerySet", "OfCase"]
