"""Where sheets come from: a folder, an archive or one file, listed in a stable order."""

import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from parvis.common.errors import Refused
from parvis.knowledge.dila.draft import Broken
from parvis.knowledge.dila.xml import MAX_BYTES

MAX_FILES = 20_000
MAX_RATIO = 100
MAX_TOTAL = 2 * 1024**3
# Small files of repeated tags compress very well without meaning any harm.
HARMLESS = 1024 * 1024
LINES = {".jsonl", ".ndjson"}
# RuntimeError is how zipfile says "encrypted".
DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, OSError, EOFError, ValueError,
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """One thing to read: a file, or one line of a file of lines."""

    name: str
    read: Callable[[], bytes]
    line: int | None = None
    mark: str = ""  # changes with the bytes, as far as can be told without reading them

    @property
    def place(self) -> str:
        return self.name if self.line is None else f"{self.name}:{self.line}"

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()

    @property
    def is_line(self) -> bool:
        return self.line is not None

    @property
    def base_name(self) -> str:
        return PurePosixPath(self.name).name


def listed(path: Path) -> list[Source]:
    """Everything under the path, by name; refused when the path or the archive cannot be used."""
    path = path.resolve()  # the path itself may be a link; what lies in the folder may not
    if path.is_dir():
        return [s for file in _files(path) for s in _sources(file, _name(file, path))]
    if not path.is_file():
        raise Refused(_("There is nothing at “%s”.") % path)
    if zipfile.is_zipfile(path):
        return list(_archived(path))
    if path.suffix.lower() == ".zip":
        raise Refused(_("“%s” is not an archive that can be read.") % path.name)
    return list(_sources(path, path.name))


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):  # links to folders are not followed
        folders.sort()
        yield from (Path(place) / name for name in sorted(names))


def _name(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()


def _sources(file: Path, name: str) -> Iterator[Source]:
    if file.suffix.lower() in LINES:
        yield from _lines(name, lambda: _content(file, MAX_TOTAL))
    else:
        yield Source(name, lambda: _content(file, MAX_BYTES), mark=_mark(file))


def _mark(file: Path) -> str:
    try:
        told = file.lstat()
    except OSError:
        return ""
    return f"{told.st_size}-{told.st_mtime_ns}"


def _content(file: Path, limit: int) -> bytes:
    try:
        # A link would lead out of what was given; a pipe or a device never ends.
        if not stat.S_ISREG(file.lstat().st_mode):
            raise Broken(_("Not a file of its own but a link or a device: not followed."))
        if file.stat().st_size > limit:
            raise Broken(_("The file is larger than %(limit)d MB.") % {"limit": limit >> 20})
        return file.read_bytes()
    except OSError as error:
        raise Broken(_("The file cannot be read: %s.") % error.strerror) from None


def _lines(name: str, read: Callable[[], bytes]) -> Iterator[Source]:
    try:
        rows = read().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except Broken as broken:
        yield Source(name, _raises(broken), line=0)
        return
    for number, row in enumerate(rows, start=1):
        if row.strip():
            mark = str(zlib.crc32(row))
            yield Source(name, _gives(row.strip()), line=number, mark=mark)


def _gives(content: bytes) -> Callable[[], bytes]:
    return lambda: content


def _raises(broken: Broken) -> Callable[[], bytes]:
    def read() -> bytes:
        raise broken

    return read


def _archived(path: Path) -> Iterator[Source]:
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGED as error:
        raise Refused(_("“%s” is not an archive that can be read.") % path.name) from error
    members = sorted(
        (m for m in archive.infolist() if not m.is_dir()), key=lambda member: member.filename
    )
    _refuse_dangerous(members)
    for member in members:
        if PurePosixPath(member.filename).suffix.lower() in LINES:
            yield from _lines(member.filename, _member(archive, member, MAX_TOTAL))
        else:
            mark = f"{member.file_size}-{member.CRC}"
            yield Source(member.filename, _member(archive, member, MAX_BYTES), mark=mark)


def _refuse_dangerous(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_FILES:
        raise Refused(_("The archive holds more than %d files.") % MAX_FILES)
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
            raise Refused(_("The archive holds a file that points outside of it: “%s”.") % name)
        if stat.S_ISLNK(member.external_attr >> 16):
            raise Refused(_("The archive holds a link instead of a file: “%s”.") % name)
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > HARMLESS and ratio > MAX_RATIO:
            raise Refused(_("“%s” would grow more than a hundredfold: refused.") % name)
    if sum(member.file_size for member in members) > MAX_TOTAL:
        raise Refused(_("The archive would unpack to more than %d GB.") % (MAX_TOTAL >> 30))


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> Callable[[], bytes]:
    def read() -> bytes:
        # The size that an archive declares may be a lie: count while unpacking.
        try:
            with archive.open(member) as file:
                content = file.read(limit + 1)
        except DAMAGED as error:
            raise Broken(_("The archive is damaged here: %s.") % error) from None
        if len(content) > limit:
            raise Broken(_("The file is larger than %(limit)d MB.") % {"limit": limit >> 20})
        return content

    return read
