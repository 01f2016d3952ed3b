"""Every change to what the house knows, by noun: the sheets, the national set."""

from parvis.knowledge.actions.imports import (
    Read,
    Step,
    ask_import,
    begin,
    cancel_import,
    claim,
    end_import,
    interrupted,
    keep_everything,
    note_reading,
    stored,
    take_step,
)
from parvis.knowledge.actions.national import Kept, National, keep_national
from parvis.knowledge.actions.places import keep_place, remove_place
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
    "Read",
    "Step",
    "Wording",
    "ask_import",
    "begin",
    "cancel_import",
    "claim",
    "collection_changed",
    "create_local_sheet",
    "create_local_sheets",
    "end_import",
    "interrupted",
    "keep_dates",
    "keep_everything",
    "keep_list",
    "keep_national",
    "keep_nodes",
    "keep_place",
    "keep_redirections",
    "keep_resources",
    "keep_tree",
    "note_reading",
    "publish_version",
    "remove_place",
    "stored",
    "take_step",
    "withdraw_sheets",
    "wording",
]
