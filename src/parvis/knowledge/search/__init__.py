"""Finding the right sheet: an index beside the database, an honest "we may not know".

``find`` is what pages and the API call; ``rebuild`` is for operators and imports."""

from parvis.knowledge.search.finding import Filters, Found, Hit, find
from parvis.knowledge.search.index import rebuild

__all__ = ["Filters", "Found", "Hit", "find", "rebuild"]
