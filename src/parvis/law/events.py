"""What the legal register announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ArticleChanged:
    """An article reads otherwise, or is no longer in force: what depends on it is to be checked."""

    article_id: int
    authority_id: int
    label: str
    agent_id: int
    is_repealed: bool
    at: datetime
