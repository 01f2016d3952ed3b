"""Every change to what the house knows, by noun: the sheets, the national set."""

from parvis.knowledge.actions.citations import (
    cite,
    still_holds,
    uncite,
)
from parvis.knowledge.actions.national import Kept, National, keep_national
from parvis.knowledge.actions.sheets import (
    NewSheet,
    Wording,
    collection_changed,
    create_local_sheet,
    create_local_sheets,
    publish_version,
    wording,
)

__all__ = [
    "Kept",
    "National",
    "NewSheet",
    "Wording",
    "cite",
    "collection_changed",
    "create_local_sheet",
    "create_local_sheets",
    "keep_national",
    "publish_version",
    "still_holds",
    "uncite",
    "wording",
]
