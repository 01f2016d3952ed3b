"""Signed addresses: what somebody writes to says which case, or which message, it is about."""

import base64
import re
from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from parvis.common import codes

_SALT = "parvis.mail"
_SIGNS: Final = 16  # 80 bits: a guess is hopeless, and the local part stays below 64 signs
_IN_ADDRESS = re.compile(r"\+([rb])-([a-z0-9]{1,20})-([a-z2-7]{16})@", re.I)
_IN_SUBJECT = re.compile(r"\[([A-Z0-9]{8})-([a-z2-7]{16})\]", re.I)


def reply_address(box: str, reference: str) -> str:
    """Where an answer about a case goes: accueil+r-<reference>-<signature>@…"""
    return _with_detail(box, "r", reference.lower())


def return_address(box: str, number: int) -> str:
    """Where reports about one message go (a variable envelope return path)."""
    return _with_detail(box, "b", str(number))


def subject_mark(reference: str) -> str:
    """The same signature for a subject, for mail programs that lose everything else."""
    return f"[{reference}-{_signature('r', reference.lower())}]"


def without_detail(address: str) -> str:
    """The mailbox behind an address with a detail."""
    local, _at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def references_in(addresses: Iterable[str]) -> list[str]:
    """References of cases that signed addresses name; what is not signed by us names nothing."""
    return [text for text in _details("r", addresses) if codes.parse_reference(text)]


def numbers_in(addresses: Iterable[str]) -> list[int]:
    """Messages of ours that signed return paths name."""
    return [int(text) for text in _details("b", addresses) if text.isdigit()]


def reference_in(subject: str) -> str:
    """The reference that a signed mark in a subject names; empty without one."""
    for reference, signature in _IN_SUBJECT.findall(subject):
        if _is_signed("r", reference.lower(), signature.lower()):
            return str(reference.upper())
    return ""


def without_mark(subject: str) -> str:
    """A subject without our marks."""
    return " ".join(_IN_SUBJECT.sub("", subject).split())


def _with_detail(box: str, what: str, name: str) -> str:
    local, _at, domain = box.rpartition("@")
    return f"{local}+{what}-{name}-{_signature(what, name)}@{domain}"


def _details(what: str, addresses: Iterable[str]) -> list[str]:
    found = []
    for address in addresses:
        for kind, name, signature in _IN_ADDRESS.findall(address):
            if kind.lower() == what and _is_signed(what, name.lower(), signature.lower()):
                found.append(name.upper() if what == "r" else name)
    return list(dict.fromkeys(found))


def _signature(what: str, name: str, key: str | None = None) -> str:
    digest = salted_hmac(_SALT, f"{what}:{name}", secret=key, algorithm="sha256").digest()
    return base64.b32encode(digest[:10]).decode().lower()


def _is_signed(what: str, name: str, signature: str) -> bool:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(_signature(what, name, key), signature) for key in keys)
