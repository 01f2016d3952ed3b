"""The tables of the room."""

from parvis.cases.models.cases import Case, CaseEntry, CaseQuerySet, OfCase
from parvis.cases.models.clocks import LegalClock, MissingItem
from parvis.cases.models.doors import CallBack, KnownDevice, MailedCode, PageKey
from parvis.cases.models.files import CaseFile
from parvis.cases.models.following import CaseStep, Handover, LoadCap
from parvis.cases.models.procedures import Exemption, Procedure, ProcedureTopic, Silence

__all__ = [
    "CallBack",
    "Case",
    "CaseEntry",
    "CaseFile",
    "CaseQuerySet",
    "CaseStep",
    "Exemption",
    "Handover",
    "KnownDevice",
    "LegalClock",
    "LoadCap",
    "MailedCode",
    "MissingItem",
    "OfCase",
    "PageKey",
    "Procedure",
    "ProcedureTopic",
    "Silence",
]
