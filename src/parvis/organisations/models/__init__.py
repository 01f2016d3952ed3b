"""Where things happen, what people come for, and who is in the staff directory."""

from parvis.organisations.models.directory import DirectoryEntry
from parvis.organisations.models.hours import (
    Closure,
    HoursChannel,
    HoursException,
    OpeningHours,
    Season,
)
from parvis.organisations.models.places import (
    Authority,
    EarlierWaitTarget,
    LegalEntity,
    NamePolicy,
    Service,
    Site,
    Territory,
)
from parvis.organisations.models.topics import Desk, Topic, TopicFamily
from parvis.organisations.models.words import in_reader_language

__all__ = [
    "Authority",
    "Closure",
    "Desk",
    "DirectoryEntry",
    "EarlierWaitTarget",
    "HoursChannel",
    "HoursException",
    "LegalEntity",
    "NamePolicy",
    "OpeningHours",
    "Season",
    "Service",
    "Site",
    "Territory",
    "Topic",
    "TopicFamily",
    "in_reader_language",
]
