"""The tables of the room."""

from parvis.cases.models.cases import (
    Case,
    CaseEntry,
    CaseQuerySet,
    OfCase,
    readable_by,
)
from parvis.cases.models.clocks import (
    LegalClock,
    MissingItem,
)
from parvis.cases.models.doors import (
    CallBack,
    KnownDevice,
    MailedCode,
    PageKey,
)
from parvis.cases.models.files import (
    CaseFile,
)
from parvis.cases.models.following import (
    CaseStep,
    Handover,
    LoadCap,
)
from parvis.cases.models.joining import (
    CaseLink,
    CaseMerge,
)
from parvis.cases.models.people import (
    CaseParty,
    Mandate,
)
from parvis.cases.models.procedures import (
    Exemption,
    Procedure,
    ProcedureTopic,
    Silence,
)
from parvis.cases.models.reading import (
    CaseRead,
)

__all__ = [
    "CallBack",
    "Case",
    "CaseEntry",
    "CaseFile",
    "CaseLink",
    "CaseMerge",
    "CaseParty",
    "CaseQuerySet",
    "CaseRead",
    "CaseStep",
    "Exemption",
    "Handover",
    "KnownDevice",
    "LegalClock",
    "LoadCap",
    "MailedCode",
    "Mandate",
    "MissingItem",
    "OfCase",
    "PageKey",
    "Procedure",
    "ProcedureTopic",
    "Silence",
    "readable_by",
]
