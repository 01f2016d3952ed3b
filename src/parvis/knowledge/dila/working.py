"""An import from its beginning to its end: fetched if it must be, seen on screen, put away."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import OperationalError
from django.utils.translation import gettext_lazy as _

from parvis.common.errors import Refused
from parvis.knowledge import actions
from parvis.knowledge.dila import feed, sources
from parvis.knowledge.dila.importing import STORAGE, Import, fingerprint
from parvis.knowledge.dila.report import Report
from parvis.knowledge.models import ImportRun

FETCHING = _("Fetching the edition")
READING = _("Reading sheets")
Clock = Callable[[], datetime]
Progress = Callable[[object, int, int], None]


def from_terminal(
    source: str, *, audience: str, is_atomic: bool, clock: Clock, progress: Progress
) -> Report:
    """Import from a path or an address; what was killed on its way goes on where it was."""
    is_feed = feed.is_address(source)
    place = _fetched(source, progress) if is_feed else nullcontext(Path(source))
    with place as path:
        found = sources.listed(path)
        run = (
            None
            if is_feed
            else actions.interrupted(
                fingerprint=fingerprint(found), audience=audience, is_atomic=is_atomic
            )
        )
        run = run or actions.ask_import(
            origin=ImportRun.Origin.FEED if is_feed else ImportRun.Origin.PATH,
            source=source,
            audience=audience,
            is_atomic=is_atomic,
            now=clock(),
        )
        return _import(run, path, clock, lambda done, total: progress(READING, done, total))


def in_background(run_id: int, *, clock: Clock) -> Report | None:
    """Do an import that was asked for on screen; None when it is done or somebody else's."""
    run = actions.claim(run_id, now=clock())
    if run is None:
        return None
    stored_at = run.stored_at
    try:
        if run.origin == ImportRun.Origin.FEED and not Path(stored_at or "-").is_file():
            path = feed.download(run.source, settings.SHEETS_FOLDER, limits=_limits())
            stored_at = str(path)
            actions.stored(run, stored_at, now=clock())
        return _import(run, Path(stored_at), clock, lambda done, total: None)
    except Refused as refusal:
        _refuse(run, refusal, clock())
        return None
    except OperationalError:
        raise  # the database is gone for now: taken up again later
    except Exception:
        # Without this it would be taken up again and again.
        words = _("A fault of ours stopped this import; the log of the jobs tells more.")
        state = ImportRun.State.REFUSED
        actions.end_import(run, now=clock(), state=state, words=str(words))
        raise
    finally:
        # What is still under way (the machine stopped, the disk is full) is taken up again.
        if not ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.RUNNING).exists():
            put_away(stored_at)


def _import(
    run: ImportRun, path: Path, clock: Clock, progress: Callable[[int, int], None]
) -> Report:
    importing = Import(audience=run.audience, now=clock(), progress=progress, clock=clock)
    try:
        return importing.run(path, atomic=run.is_atomic, log=run)
    except Refused as refusal:
        _refuse(run, refusal, clock())
        raise


def _refuse(run: ImportRun, refusal: Refused, now: datetime) -> None:
    if refusal.code != STORAGE:
        state = ImportRun.State.REFUSED
        actions.end_import(run, now=now, state=state, words=refusal.message)


def _fetched(address: str, progress: Progress) -> AbstractContextManager[Path]:
    return feed.fetched(
        address,
        settings.SHEETS_FOLDER,
        limits=_limits(),
        progress=lambda done, total: progress(FETCHING, done, total),
    )


def _limits() -> feed.Limits:
    return feed.Limits(may_be_private=settings.SHEETS_FEED_PRIVATE)


def put_away(stored_at: str) -> None:
    """Remove the bytes of an import; only what lies in the folder of imports."""
    path = Path(stored_at or "-")
    if path.parent == Path(settings.SHEETS_FOLDER):
        path.unlink(missing_ok=True)
