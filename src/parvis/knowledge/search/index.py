"""The index of one node: built from the database into a new folder, then swapped in.

One process builds at a time (a lock file); the others go on with the index they have. Nothing here
is worth a backup: a folder that is deleted or damaged is built again by the next question.
"""

import fcntl
import json
import logging
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import tantivy
from django.conf import settings
from django.db import connection

from parvis.knowledge import queries
from parvis.knowledge.search.spelling import Speller
from parvis.knowledge.search.words import telling_stems

FORMAT = 1  # another way to analyse or store means another number
TITLE, BODY, INSIDE = "title", "body", "inside"
# Longer than this, a question is answered from the old index while a thread builds the new one.
PATIENCE = 1.0
_MEMORY = 32 * 1024 * 1024

log = logging.getLogger(__name__)
_in_background = threading.Lock()


@dataclass(frozen=True)
class Opened:
    """A generation of the index, open for searching."""

    number: int
    seconds: float
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
    """The index that fits the database, or the last one while another process builds."""
    number = queries.collection_number()
    ready = _ready()
    if ready is not None and ready.number == number:
        return ready
    if ready is not None and ready.seconds > PATIENCE:
        _rebuild_in_background()
        return ready
    return _refreshed(ready)


def rebuild() -> int:
    """Build the index anew and swap it in, waiting for whoever builds already; returns how many."""
    with _lock(wait=True):
        return _build()


def _refreshed(old: Opened | None) -> Opened:
    with _lock(wait=old is None) as is_ours:
        if not is_ours and old is not None:
            return old
        ready = _ready()  # another process may have finished while we waited
        if ready is None or ready.number != queries.collection_number():
            try:
                _build()
            except (OSError, ValueError):
                if ready is None:
                    raise
                log.exception("the search index could not be rebuilt; the old one is used")
                return ready
        made = _ready()
    if made is None:
        raise OSError("the search index vanished while it was built")
    return made


def _rebuild_in_background() -> None:
    if not _in_background.acquire(blocking=False):
        return

    def run() -> None:
        try:
            with _lock(wait=False) as is_ours:
                if is_ours:
                    _build()
        except Exception:
            log.exception("the search index could not be rebuilt")
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
    """Hold the right to build; the system gives it back when a process dies."""
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
    return Opened(number, seconds, index, index.searcher())


def _splitter() -> tantivy.TextAnalyzer:
    # Words were stemmed by us: between them there is only a blank.
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in (TITLE, BODY, INSIDE):
        builder.add_text_field(name, stored=False, tokenizer_name="stems", index_option="position")
    builder.add_unsigned_field("sheet", stored=True, indexed=True)
    builder.add_text_field("ref", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("authority", stored=False, indexed=True)
    builder.add_boolean_field("public", stored=False, indexed=True)
    return builder.build()


def _build() -> int:
    start = time.monotonic()
    number = queries.collection_number()  # read first: what comes later makes us old again
    name = f"g-{number}-{secrets.token_hex(4)}"
    place = folder() / name
    place.mkdir(parents=True)
    try:
        count = _fill(place)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    told = {
        "format": FORMAT,
        "generation": name,
        "number": number,
        "sheets": count,
        "seconds": round(time.monotonic() - start, 3),
    }
    _swap(told)
    return count


def _fill(place: Path) -> int:
    index = tantivy.Index(_schema(), path=str(place))
    index.register_tokenizer("stems", _splitter())
    writer = index.writer(heap_size=_MEMORY, num_threads=1)
    count = 0
    for row in queries.index_rows():
        document = tantivy.Document(
            title=" ".join(telling_stems(row.headline)),
            body=" ".join(telling_stems(row.body)),
            inside=" ".join(telling_stems(row.inside)),
            ref=row.ref,
        )
        document.add_unsigned("sheet", row.sheet_id)
        document.add_unsigned("authority", row.authority_id or 0)
        document.add_boolean("public", row.is_public)
        writer.add_document(document)
        count += 1
    writer.commit()
    writer.wait_merging_threads()
    return count


def _swap(told: dict[str, object]) -> None:
    """Point to the new generation, and drop all but it and the one others may still open."""
    try:
        before = json.loads(_pointer().read_text(encoding="utf-8")).get("generation")
    except (OSError, ValueError, AttributeError):
        before = None
    draft = folder() / f"current-{secrets.token_hex(4)}.draft"
    draft.write_text(json.dumps(told), encoding="utf-8")
    draft.replace(_pointer())
    for place in folder().glob("g-*"):
        if place.name not in {before, told["generation"]}:
            shutil.rmtree(place, ignore_errors=True)
