"""Who may do what: one table, from the roles of the house to the capabilities that views ask for.

Source: the table of roles and permissions agreed with the authorities. A capability is named
``room.verb``; what it is limited to (own site, own service) is decided by the fetch.
"""

from collections.abc import Iterable

_RECEPTION = {
    "queue.work",
    "queue.read",
    "contacts.log",
    "contacts.read",
    "cases.open",
    "cases.read",
    "cases.act",
    "knowledge.read",
    "directory.read",
    "own.read",
}
_REFERENT = {
    "queue.read",
    "contacts.log",
    "contacts.read",
    "cases.open",
    "cases.read",
    "cases.act",
    "cases.assign",
    "knowledge.read",
    "directory.read",
    "own.read",
}

CAPABILITIES: dict[str, frozenset[str]] = {
    "REC": frozenset(_RECEPTION),
    "ADV": frozenset(_RECEPTION | {"cases.assign"}),
    "REF": frozenset(_REFERENT),
    "LIA": frozenset(_REFERENT),
    "MGR": frozenset(
        _RECEPTION
        | _REFERENT
        | {"queue.manage", "contacts.correct", "quality.read", "quality.export", "staff.manage"}
    ),
    "QUA": frozenset(
        {"queue.read", "contacts.read", "quality.read", "quality.export", "quality.manage"}
        | {"knowledge.read", "directory.read", "own.read"}
    ),
    "KBE": frozenset({"knowledge.read", "knowledge.write", "directory.read", "own.read"}),
    "HR": frozenset({"directory.read", "own.read"}),
    "DIR": frozenset({"knowledge.read", "quality.read", "directory.read", "own.read"}),
    "ELU": frozenset({"quality.read", "own.read"}),
    "AUD": frozenset({"knowledge.read", "quality.read", "own.read"}),
    "MOD": frozenset({"own.read"}),
    "FED": frozenset({"knowledge.read", "directory.read", "own.read"}),
    "ADM": frozenset({"settings.manage", "staff.manage", "knowledge.import", "own.read"}),
    "DPO": frozenset({"journal.read", "own.read"}),
}


def capabilities_of(roles: Iterable[str]) -> frozenset[str]:
    """All that somebody holding these roles may do."""
    return frozenset().union(*(CAPABILITIES.get(role, frozenset()) for role in roles))
