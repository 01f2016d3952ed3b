"""The tables of the room."""

from parvis.cases.models.cases import Case, CaseEntry, CaseQuerySet, OfCase
from parvis.cases.models.clocks import LegalClock, MissingItem
from parvis.cases.models.doors import CallBack, KnownDevice, MailedCode, PageKey
from parvis.cases.models.files import CaseFile
from parvis.cases.models.procedures import Exemption, Procedure, ProcedureTopic, Silence

__all__ = [
    "CallBack",
    "Case",
    "CaseEntry",
    "CaseFile",
    "CaseQuerySet",
    "Exemption",
    "KnownDevice",
    "LegalClock",
    "MailedCode",
    "MissingItem",
    "OfCase",
    "PageKey",
    "Procedure",
    "ProcedureTopic",
    "Silence",
]
