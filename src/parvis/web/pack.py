"""The pack for a day without network: one file that needs nothing but itself."""

import base64
import hashlib
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from parvis.organisations.models import Authority
from parvis.web.queries import pack as gathering

STYLE: Final = "web/pack.css"


def page(authority: Authority, *, now: datetime, most: int = gathering.MOST_USED) -> str:
    """The whole file, in the language of the house, with its look inside."""
    with translation.override(settings.LANGUAGE_CODE):
        gathered = gathering.pack(authority, now=now, most=most)
        # Our own words, from a file of ours; a file without network cannot fetch them.
        look = mark_safe(f"<style>{style()}</style>")  # noqa: S308
        context = {"pack": gathered, "look": look, "language": settings.LANGUAGE_CODE}
        return render_to_string("web/pack.html", context)


def style() -> str:
    """The look of the file: in it, for it must be found without a network."""
    found = finders.find(STYLE)
    return Path(str(found)).read_text(encoding="utf-8")


def policy() -> str:
    """What a browser may do with the file: draw it, with this look and no other."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; sandbox"


def path_of(authority: Authority) -> Path:
    """Where the file of an authority lies."""
    return Path(settings.VAR) / "packs" / f"{authority.slug}.html"


def write(
    authority: Authority,
    *,
    now: datetime,
    target: Path | None = None,
    most: int = gathering.MOST_USED,
) -> Path:
    """Make the file anew; whoever reads the one before reads it to its end."""
    path = target or path_of(authority)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.write_text(page(authority, now=now, most=most), encoding="utf-8")
    os.chmod(draft, 0o600)
    draft.replace(path)
    return path


def is_of_today(authority: Authority, *, now: datetime) -> bool:
    """Whether the file was made since midnight."""
    path = path_of(authority)
    if not path.exists():
        return False
    made = datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.get_current_timezone())
    return timezone.localdate(made) == timezone.localdate(now)


def text(authority: Authority, *, now: datetime) -> str:
    """The file of today: from the drawer, or made now where no job did it."""
    if not is_of_today(authority, now=now):
        write(authority, now=now)
    return path_of(authority).read_text(encoding="utf-8")
