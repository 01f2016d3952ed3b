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
    content_hash,
    is_public,
)

__all__ = [
    "ASKED",
    "EMBARGO",
    "INTERNAL",
    "LEVELS",
    "PUBLIC",
    "STEP",
    "STEP_PARTS",
    "Block",
    "content_hash",
    "is_public",
]
