"""Decisions of the room: what a block is and who may read it."""

from parvis.knowledge.rules.blocks import (
    ASKED,
    EMBARGO,
    INTERNAL,
    LEVELS,
    PUBLIC,
    STEP,
    STEP_PARTS,
    Block,
    Local,
    content_hash,
    is_public,
)
from parvis.knowledge.rules.paths import Decision, Path, Question, decide, documents_in, shown

__all__ = [
    "ASKED",
    "EMBARGO",
    "INTERNAL",
    "LEVELS",
    "PUBLIC",
    "STEP",
    "STEP_PARTS",
    "Block",
    "Decision",
    "Local",
    "Path",
    "Question",
    "content_hash",
    "decide",
    "documents_in",
    "is_public",
    "shown",
]
