"""The tables of the know-how, by noun."""

from parvis.knowledge.models.citations import (
    Citation,
)
from parvis.knowledge.models.national import (
    ImportRun,
    LocalPlace,
    Node,
    Placement,
    Redirection,
    Resource,
)
from parvis.knowledge.models.sheets import CollectionVersion, Sheet, SheetVersion

__all__ = [
    "Citation",
    "CollectionVersion",
    "ImportRun",
    "LocalPlace",
    "Node",
    "Placement",
    "Redirection",
    "Resource",
    "Sheet",
    "SheetVersion",
]
