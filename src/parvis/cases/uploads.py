"""Documents that come with a form: looked at by content, and kept when the form is refused."""

from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.cases.actions import Document
from parvis.cases.models import Case
from parvis.common import files
from parvis.common.errors import Refused

AT_ONCE = files.AT_ONCE
KEPT_FOR = files.UNNAMED_FOR  # then the sweep removes what no case names
NAME = "documents"
_SALT = "parvis.uploads"


@dataclass(frozen=True)
class Held:
    """A document of a refused form: in the store already, named by a signed token."""

    token: str
    name: str
    size: int


@dataclass
class Received:
    """What came with one form: documents that will do, and a sentence for each that will not."""

    documents: list[Document] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def received(request: HttpRequest, case: Case) -> Received:
    """The documents of this form, with those that an earlier refusal kept."""
    found = Received()
    for token in request.POST.getlist("held")[:AT_ONCE]:
        document = _held(token, case)
        if document is not None:
            found.documents.append(document)
    for upload in request.FILES.getlist(NAME):
        _take(found, upload)
    if len(found.documents) > AT_ONCE:
        del found.documents[AT_ONCE:]
        words = ngettext("%(n)d document at once is the most.", "%(n)d documents at once are the "
                         "most: send the others afterwards.", AT_ONCE)  # fmt: skip
        found.problems.append(words % {"n": AT_ONCE})
    return found


def _take(found: Received, upload: Any) -> None:
    size = upload.size or 0
    too_many = len(found.documents) >= AT_ONCE
    data = b"" if size > files.LARGEST or too_many else b"".join(upload.chunks())
    if too_many or files.kind_of(data):
        # One too many is not read: it is counted, and the form comes back.
        found.documents.append(
            Document(name=str(upload.name or ""), data=data, kind=str(upload.content_type or ""))
        )
        return
    words = {
        "name": files.told_name(str(upload.name or "")),
        "size": files.LARGEST // (1024 * 1024),
    }
    found.problems.append(_why_not(size) % words)


def _why_not(size: int) -> str:
    if size > files.LARGEST:
        return _("“%(name)s” is too large: %(size)d MB at most.")
    if not size:
        return _("“%(name)s” is empty.")
    return _("“%(name)s” is neither a PDF, a photo nor a document of an office program.")


def hold(received: Received, case: Case) -> list[Held]:
    """Keep what will do for the next try of a refused form."""
    kept = []
    for one in received.documents:
        try:
            digest, size, kind = files.keep([one.data])
        except Refused:
            continue
        name = files.safe_name(one.name, kind)
        token = signing.dumps([case.pk, digest, name], salt=_SALT)
        kept.append(Held(token, name, size))
    return kept


def _held(token: str, case: Case) -> Document | None:
    try:
        given: Any = signing.loads(token, salt=_SALT, max_age=KEPT_FOR)
        pk, digest, name = given
        data = files.path_of(digest).read_bytes() if pk == case.pk else b""
    except (signing.BadSignature, ValueError, OSError):
        return None
    return Document(name=name, data=data) if data else None
