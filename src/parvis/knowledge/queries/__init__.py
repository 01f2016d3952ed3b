"""What others read of the know-how, by noun."""

from parvis.knowledge.queries.sheets import (
    IndexRow,
    collection_number,
    hits,
    index_rows,
    inside_words,
    known_refs,
    own_public_sheets,
    own_sheets,
    public_sheet,
    sheet_for,
    sheets_by_ref,
)

__all__ = [
    "IndexRow",
    "collection_number",
    "hits",
    "index_rows",
    "inside_words",
    "known_refs",
    "own_public_sheets",
    "own_sheets",
    "public_sheet",
    "sheet_for",
    "sheets_by_ref",
]
