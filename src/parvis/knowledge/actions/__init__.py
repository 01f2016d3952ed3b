"""Every change to what the house knows, by noun: the sheets, the national set."""

from parvis.knowledge.actions.national import Kept, National, keep_national
from parvis.knowledge.actions.resources import (
    keep_dates,
    keep_list,
    keep_redirections,
    keep_resources,
)
from parvis.knowledge.actions.sheets import (
    NewSheet,
    Wording,
    collection_changed,
    create_local_sheet,
    create_local_sheets,
    publish_version,
    wording,
)
from parvis.knowledge.actions.tree import keep_nodes, keep_tree, withdraw_sheets

__all__ = [
    "Kept",
    "National",
    "NewSheet",
    "Wording",
    "collection_changed",
    "create_local_sheet",
    "create_local_sheets",
    "keep_dates",
    "keep_list",
    "keep_national",
    "keep_nodes",
    "keep_redirections",
    "keep_resources",
    "keep_tree",
    "publish_version",
    "withdraw_sheets",
    "wording",
]
