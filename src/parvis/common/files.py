"""Files that people hand over: kept under the hash of their content, known by what is in them."""

import hashlib
import io
import os
import secrets
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from parvis.common.errors import Refused

LARGEST = 10 * 1024 * 1024
AT_ONCE = 5
UNNAMED_FOR = timedelta(hours=24)  # what no row names stays so long: a refused form, a crash
PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"  # of scanners only
_OPEN_DOCUMENTS = {
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
}
_OFFICE = {
    "word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
}
SUFFIXES = {
    PDF: ".pdf", PNG: ".png", JPEG: ".jpg", TIFF: ".tif",
    **_OPEN_DOCUMENTS, **dict(_OFFICE.values()),
}  # fmt: skip
ATTACHED = frozenset(SUFFIXES) - {TIFF}  # what is kept where nothing else is said
_FORBIDDEN = {"con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(10))}


def kind_of(content: bytes) -> str:
    """The media type that a content shows by itself; whatever it is called counts for nothing."""
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith((b"II*\x00", b"MM\x00*")):
        return TIFF
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    return ""


def _kind_of_archive(content: bytes) -> str:
    """Documents of office programs are archives; nothing in them is unpacked here."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return ""  # a document with a program inside
            if names[:1] == ["mimetype"] and archive.getinfo("mimetype").file_size < 100:
                declared = archive.read("mimetype").decode("ascii", "replace")
                return declared if declared in _OPEN_DOCUMENTS else ""
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError):
        return ""
    if "[Content_Types].xml" not in names:
        return ""
    return next(
        (kind for folder, (kind, _suffix) in _OFFICE.items()
         if any(name.startswith(folder) for name in names)),
        "",
    )  # fmt: skip


def safe_name(given: str, kind: str) -> str:
    """A name for saving: no path, no trick of direction, the suffix that the content has."""
    kept = _kept(given)
    stem = kept.rpartition(".")[0] if "." in kept else kept
    stem = " ".join(stem.split()).strip(" .-")[:80].rstrip(" .")
    if not stem or stem.lower() in _FORBIDDEN:
        stem = "document"
    return stem + SUFFIXES.get(kind, "")


def told_name(given: str) -> str:
    """A name for a sentence: as safe, with the ending under which the person knows the file."""
    stem, dot, ending = _kept(given).rpartition(".")
    name = f"{stem[:80]}{dot}{ending[:10]}" if stem else ending[:80]
    return " ".join(name.split()).strip(" -") or "document"


def _kept(given: str) -> str:
    base = given.replace("\\", "/").rpartition("/")[2]
    plain = unicodedata.normalize("NFKC", base)
    return "".join(c if c.isalnum() or c in " ._-’'()" else "-" for c in plain)


def keep(chunks: Iterable[bytes], *, kinds: frozenset[str] = ATTACHED) -> tuple[str, int, str]:
    """Store a content once, whoever brings it again; returns its hash, size and media type."""
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > LARGEST:
            words = {"size": LARGEST // (1024 * 1024)}
            raise Refused(_("The file is larger than %(size)d MB.") % words)
    if not content:
        raise Refused(_("The file is empty."))
    kind = kind_of(bytes(content))
    if kind not in kinds:
        if TIFF in kinds:
            raise Refused(_("A scan is a PDF, PNG, JPEG or TIFF file."))
        raise Refused(
            _("Only PDF, PNG, JPEG, OpenDocument and Word or Excel files without macros are kept.")
        )
    return store(bytes(content)), len(content), kind


def store(content: bytes) -> str:
    """Keep a content of any kind under its hash; what is not known is never shown, only saved."""
    digest = hashlib.sha256(content).hexdigest()
    _write(path_of(digest), content)
    return digest


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        path.touch()  # brought again: the sweep gives it its whole time again
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with draft.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.chmod(0o600)
    draft.replace(path)


def path_of(digest: str) -> Path:
    """Where a content lies; a name that is no hash leads nowhere."""
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise ValueError("not a digest")
    return folder() / digest[:2] / digest


def folder() -> Path:
    """The store of this installation."""
    return Path(settings.FILES)


def stored() -> Iterator[Path]:
    """Every content of the store, in a fixed order."""
    yield from sorted(path for path in folder().glob("??/*") if len(path.name) == 64)
