"""The tables of the room."""

from parvis.cases.models.cases import Case, CaseEntry, CaseQuerySet, OfCase
from parvis.cases.models.clocks import LegalClock, MissingItem
from parvis.cases.models.procedures import Exemption, Procedure, ProcedureTopic, Silence

__all__ = [
    "Case",
    "CaseEntry",
    "CaseQuerySet",
    "Exemption",
    "LegalClock",
    "MissingItem",
    "OfCase",
    "Procedure",
    "ProcedureTopic",
    "Silence",
]
