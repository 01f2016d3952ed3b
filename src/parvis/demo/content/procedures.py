"""The shape of the demo town's procedures."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.demo.content.schema import Text


@dataclass(frozen=True)
class ProcedureWords:
    """One procedure: never checked, so that every page says "to be confirmed"."""

    name: Text
    topics: tuple[str, ...]
    silence: str
    months: int
    legal_reference: str
    appeal: str = ""
    receipt_exemption: str = ""
    exemption_reason: str = ""
    purpose: str = ""


@dataclass(frozen=True)
class Procedures:
    """The file `procedures.json`."""

    procedures: tuple[ProcedureWords, ...]
