"""The index of one node: built from the database, then kept up to date sheet by sheet.

Beside the index lies what each sheet looked like when it was taken in (its stamp). When the number
of the collection moves, the stamps are compared with the database and only what differs is taken
in again; a whole new generation is built when there is none or the way to build it changed. One
process writes at a time (a lock file), the others open what it wrote. Nothing here is worth a
backup: a folder that is deleted or damaged is built again by the next question.
"""

import fcntl
import json
import logging
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import tantivy
from django.conf import settings
from django.db import connection

from parvis.knowledge import queries
from parvis.knowledge.models import Sheet
from parvis.knowledge.search import scoring
from parvis.knowledge.search.asked import asked_for
from parvis.knowledge.search.asking import paired
from parvis.knowledge.search.spelling import Speller
from parvis.knowledge.search.words import names_of, telling_stems

FORMAT = 5  # another way to analyse or store means another number
# If it takes longer than this, questions are answered from the old index while a thread works.
PATIENCE = 1.0
MANY = 150  # so many changed sheets are not waited for
_MEMORY = 32 * 1024 * 1024
_WORDS = (
    scoring.TITLE, scoring.BODY, scoring.KEYWORDS, scoring.ASKED, scoring.INSIDE,
    scoring.INSIDE_TITLE, scoring.TITLE_PAIRS, scoring.BODY_PAIRS, scoring.NAMES,
    scoring.INSIDE_NAMES,
)  # fmt: skip

log = logging.getLogger(__name__)
_in_background = threading.Lock()
Stamps = dict[int, str]


@dataclass(frozen=True)
class Opened:
    """The index at one number of the collection, open for searching."""

    number: int
    seconds: float  # that the last refresh took; none since it was built: 0
    place: str
    index: tantivy.Index
    searcher: tantivy.Searcher

    @property
    def schema(self) -> tantivy.Schema:
        return self.index.schema

    @cached_property
    def speller(self) -> Speller:
        """Corrects words that no public text knows."""
        return Speller(self.searcher)


def current() -> Opened:
    """The index that fits the database, or the last one while somebody works on it."""
    number = queries.collection_number()
    ready = _ready()
    if ready is not None and ready.number == number:
        return ready
    if ready is not None and ready.seconds > PATIENCE:
        _refresh_in_background()
        return ready
    return _refreshed(ready)


def rebuild() -> int:
    """Build the index anew and swap it in, waiting for whoever builds already; returns how many."""
    with _lock(wait=True):
        return _build()


@contextmanager
def as_if(sheet: Sheet) -> Iterator[Opened]:
    """The index as it would be with this sheet in these words, for as long as it is looked at."""
    ready = current()
    with tempfile.TemporaryDirectory(prefix="parvis-index-") as place:
        with _lock(wait=True):  # while nobody writes, its files stand still
            shutil.copytree(ready.place, place, dirs_exist_ok=True)
        index = tantivy.Index.open(place)
        index.register_tokenizer("stems", _splitter())
        _put(index, [sheet.pk], queries.rows_as_if(sheet))
        index.reload()
        yield Opened(ready.number, 0.0, place, index, index.searcher())


def _refreshed(old: Opened | None) -> Opened:
    with _lock(wait=old is None) as is_ours:
        if not is_ours and old is not None:
            return old
        ready = _ready()  # another process may have finished while we waited
        if ready is None or ready.number != queries.collection_number():
            try:
                if not _refresh(ready, most=MANY):
                    _refresh_in_background()
            except (OSError, ValueError):
                if ready is None:
                    raise
                log.exception("the search index could not be refreshed; the old one is used")
                return ready
        made = _ready()
    if made is None:
        raise OSError("the search index vanished while it was built")
    return made


def _refresh_in_background() -> None:
    if not _in_background.acquire(blocking=False):
        return

    def run() -> None:
        try:
            with _lock(wait=True):
                _refresh(_ready())
        except Exception:
            log.exception("the search index could not be refreshed")
        finally:
            connection.close()
            _in_background.release()

    threading.Thread(target=run, name="search-index", daemon=True).start()


def folder() -> Path:
    """Where this node keeps its index."""
    return Path(getattr(settings, "SEARCH_INDEX", settings.VAR / "index"))


def _pointer() -> Path:
    return folder() / "current.json"


@contextmanager
def _lock(*, wait: bool) -> Iterator[bool]:
    """Hold the right to write; the system gives it back when a process dies."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def _ready() -> Opened | None:
    try:
        told = json.loads(_pointer().read_text(encoding="utf-8"))
        if told["format"] != FORMAT:
            return None
        place = folder() / told["generation"]
        return _open(str(place), told["number"], told["seconds"]) if place.is_dir() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


@lru_cache(maxsize=2)
def _open(place: str, number: int, seconds: float) -> Opened:
    index = tantivy.Index.open(place)
    index.register_tokenizer("stems", _splitter())
    return Opened(number, seconds, place, index, index.searcher())


def _splitter() -> tantivy.TextAnalyzer:
    # Words were stemmed by us: between them there is only a blank.
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in _WORDS:
        builder.add_text_field(name, stored=False, tokenizer_name="stems", index_option="freq")
    builder.add_unsigned_field("sheet", stored=True, indexed=True)
    builder.add_text_field("ref", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", stored=False, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("service", stored=False, indexed=True)
    builder.add_unsigned_field("readers", stored=False, indexed=True)
    builder.add_unsigned_field("without", stored=False, indexed=True)
    builder.add_boolean_field("public", stored=False, indexed=True)
    return builder.build()


def _refresh(ready: Opened | None, *, most: int | None = None) -> bool:
    """Take in what changed; False when that is more than somebody should wait for."""
    held = _stamps(Path(ready.place)) if ready is not None else None
    if ready is None or held is None:
        _build()
        return True
    start = time.monotonic()
    number = queries.collection_number()  # read first: what comes later makes us old again
    now = queries.index_stamps()
    gone = [pk for pk in held if pk not in now]
    changed = [pk for pk, stamp in now.items() if held.get(pk) != stamp]
    if most is not None and len(gone) + len(changed) > most:
        return False
    if gone or changed:
        _write(ready.index, gone, changed)
        _keep_stamps(Path(ready.place), now)
    _point(Path(ready.place).name, number, len(now), seconds=time.monotonic() - start)
    return True


def _write(index: tantivy.Index, gone: Collection[int], changed: Collection[int]) -> None:
    _put(index, (*gone, *changed), queries.index_rows(changed))


def _put(index: tantivy.Index, gone: Collection[int], rows: Iterable[queries.IndexRow]) -> None:
    writer = index.writer(heap_size=_MEMORY, num_threads=1)
    for pk in gone:
        writer.delete_documents_by_query(tantivy.Query.term_query(index.schema, "sheet", pk))
    for row in rows:
        writer.add_document(_document(row))
    writer.commit()
    writer.wait_merging_threads()


def _build() -> int:
    number = queries.collection_number()
    stamps = queries.index_stamps()
    name = f"g-{number}-{secrets.token_hex(4)}"
    place = folder() / name
    place.mkdir(parents=True)
    try:
        count = _fill(place)
        _keep_stamps(place, stamps)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    _point(name, number, count, seconds=0.0)
    return count


def _fill(place: Path) -> int:
    index = tantivy.Index(_schema(), path=str(place))
    index.register_tokenizer("stems", _splitter())
    writer = index.writer(heap_size=_MEMORY, num_threads=1)
    count = 0
    for row in queries.index_rows():
        writer.add_document(_document(row))
        count += 1
    writer.commit()
    writer.wait_merging_threads()
    return count


def _document(row: queries.IndexRow) -> tantivy.Document:
    """One wording of a sheet; of one that is not public, no word lies in a field of the public."""
    title, body = telling_stems(row.headline), telling_stems(row.body)
    keywords = telling_stems(row.keywords)
    asked = telling_stems(asked_for(row.ref, row.asked, is_national=row.is_national))
    inside = telling_stems(row.inside)
    names = names_of(row.title, row.keywords)
    words: dict[str, list[str]]
    if row.is_public:
        words = {
            scoring.TITLE: title,
            scoring.BODY: body,
            scoring.KEYWORDS: keywords,
            scoring.ASKED: asked,
            scoring.INSIDE: inside,
            scoring.TITLE_PAIRS: paired(title),
            scoring.BODY_PAIRS: paired(body),
            scoring.NAMES: names,
        }
    else:
        words = {
            scoring.INSIDE_TITLE: [*title, *keywords, *asked],
            scoring.INSIDE: [*body, *inside],
            scoring.INSIDE_NAMES: names,
        }
    texts: dict[str, Any] = {name: " ".join(said) for name, said in words.items()}
    document = tantivy.Document(ref=row.ref, kind=row.kind, **texts)
    document.add_unsigned("sheet", row.sheet_id)
    document.add_unsigned("service", row.service_id)
    for reader in row.readers:
        document.add_unsigned("readers", reader)
    for other in row.without:
        document.add_unsigned("without", other)
    document.add_boolean("public", row.is_public)
    return document


def _stamps(place: Path) -> Stamps | None:
    try:
        told = json.loads((place / "stamps.json").read_text(encoding="utf-8"))
        return {int(pk): str(stamp) for pk, stamp in told.items()}
    except (OSError, ValueError, AttributeError):
        return None


def _keep_stamps(place: Path, stamps: Stamps) -> None:
    _replace(place / "stamps.json", stamps)


def _point(generation: str, number: int, sheets: int, *, seconds: float) -> None:
    """Point to what is valid now, and drop all generations but it and the one before."""
    try:
        before = json.loads(_pointer().read_text(encoding="utf-8")).get("generation")
    except (OSError, ValueError, AttributeError):
        before = None
    told = {
        "format": FORMAT,
        "generation": generation,
        "number": number,
        "sheets": sheets,
        "seconds": round(seconds, 3),
    }
    _replace(_pointer(), told)
    if before != generation:
        for place in folder().glob("g-*"):
            if place.name not in {before, generation}:
                shutil.rmtree(place, ignore_errors=True)


def _replace(path: Path, told: object) -> None:
    draft = path.with_name(f"{path.stem}-{secrets.token_hex(4)}.draft")
    draft.write_text(json.dumps(told), encoding="utf-8")
    draft.replace(path)
