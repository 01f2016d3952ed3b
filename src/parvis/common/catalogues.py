"""Message catalogues: compiled in pure Python, so that no machine needs GNU gettext."""

from pathlib import Path

import polib


def compile_all(package: Path) -> list[Path]:
    """Compile each room's catalogue that is newer than what was compiled; returns those made."""
    made = []
    for source in sorted(package.glob("*/locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_suffix(".draft")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
        made.append(target)
    return made
