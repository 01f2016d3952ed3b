"""Wordings with fields: what is put in, what is missing, and how a text becomes paragraphs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

# Words of the people who write the templates, in their language.
FIELDS: Final = frozenset(
    {
        "personne", "dossier", "objet", "demande", "recu_le", "poste_le", "procedure",
        "silence", "echeance", "base_legale", "pieces", "ce_qui_manque", "limite",
        "collectivite", "service", "adresse_service", "telephone", "courriel",
        "referent", "fonction", "suppleant", "autre_collectivite", "motif_transmission",
        "articles", "droit", "faits", "explication", "voies_de_recours",
        "recours_jusquau", "demande_le", "aujourdhui",
    }
)  # fmt: skip
_FIELD: Final = re.compile(r"\{([a-z_]{1,40})\}")
_ANY: Final = re.compile(r"\{[^{}\n]{0,60}\}")


@dataclass(frozen=True)
class Block:
    """One piece of a letter: a paragraph, a heading or a list."""

    kind: str  # para, heading, list
    lines: tuple[str, ...]


def unknown_fields(text: str) -> list[str]:
    """What stands in braces and is no field, once each."""
    found = [one for one in _ANY.findall(text) if one[1:-1] not in FIELDS]
    return list(dict.fromkeys(found))


def merged(text: str, values: Mapping[str, str]) -> str:
    """The text with every field that has a value; the others stay to be filled in by hand."""

    def value(field: re.Match[str]) -> str:
        return values.get(field[1], "") or field[0]

    return _FIELD.sub(value, text)


def gaps(text: str) -> list[str]:
    """Fields that still stand in a text: it may not leave like this."""
    return list(dict.fromkeys(_ANY.findall(text)))


def blocks(text: str) -> list[Block]:
    """Paragraphs by empty lines; ``## `` begins a heading, ``- `` an item of a list."""
    found: list[Block] = []
    for chunk in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")):
        found += _chunk([line.strip() for line in chunk.split("\n") if line.strip()])
    return found


def address_lines(address: str) -> str:
    """An address written in one line, as it stands on an envelope: the town on its own line."""
    return re.sub(r",?[ \t]+(?=\d{5}\b)", "\n", address.strip())


def _chunk(lines: Iterable[str]) -> list[Block]:
    found: list[Block] = []
    for line in lines:
        kind, words = _line(line)
        if kind != "heading" and found and found[-1].kind == kind:
            found[-1] = Block(kind, (*found[-1].lines, words))
        else:
            found.append(Block(kind, (words,)))
    return found


def _line(line: str) -> tuple[str, str]:
    if line.startswith("## "):
        return "heading", line[3:].strip()
    if line.startswith(("- ", "• ")):
        return "list", line[2:].strip()
    return "para", line
