"""The tables of the know-how, by noun."""

from parvis.knowledge.models.citations import Citation
from parvis.knowledge.models.finding import (
    Gap,
    Pin,
    QuestionSet,
    SavedQuestion,
    Searched,
    SearchMeasure,
    Street,
    Synonym,
    Vote,
)
from parvis.knowledge.models.national import (
    FeedSchedule,
    ImportRun,
    LocalPlace,
    Node,
    Placement,
    Redirection,
    Resource,
)
from parvis.knowledge.models.overlays import Overlay, OverlayEdit
from parvis.knowledge.models.protocols import (
    ProtocolDeviation,
    ProtocolReading,
)
from parvis.knowledge.models.sharing import (
    Adoption,
    Group,
    Membership,
    Share,
    SharingDigest,
    SheetComment,
    Workgroup,
    WorkgroupMember,
)
from parvis.knowledge.models.sheets import CollectionVersion, Sheet, SheetVersion
from parvis.knowledge.models.writing import (
    Attachment,
    DraftCopy,
    ReviewDigest,
    SheetDraft,
    SheetReview,
    SheetText,
    TextCopy,
)

__all__ = [
    "Adoption",
    "Attachment",
    "Citation",
    "CollectionVersion",
    "DraftCopy",
    "FeedSchedule",
    "Gap",
    "Group",
    "ImportRun",
    "LocalPlace",
    "Membership",
    "Node",
    "Overlay",
    "OverlayEdit",
    "Pin",
    "Placement",
    "ProtocolDeviation",
    "ProtocolReading",
    "QuestionSet",
    "Redirection",
    "Resource",
    "ReviewDigest",
    "SavedQuestion",
    "SearchMeasure",
    "Searched",
    "Share",
    "SharingDigest",
    "Sheet",
    "SheetComment",
    "SheetDraft",
    "SheetReview",
    "SheetText",
    "SheetVersion",
    "Street",
    "Synonym",
    "TextCopy",
    "Vote",
    "Workgroup",
    "WorkgroupMember",
]
