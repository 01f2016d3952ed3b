"""The catalogues of the rooms: bring them up to date and check them, without GNU gettext.

Every room has its own: ``src/parvis/<room>/locale/fr/LC_MESSAGES/django.po``. French says every
sentence; the languages of visitors say what people read in a hall (``scripts/visitors.py``).
``manage.py compile_catalogues`` makes of them what Django reads.
"""

import argparse
import ast
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

import polib
from django.template.base import Lexer, Token, TokenType
from django.utils.text import smart_split
from django.utils.translation import trim_whitespace

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "parvis"
PLURALS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 ? 4 : 5);",
    "uk": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && "
    "(n%100<10 || n%100>=20) ? 1 : 2);",
}
# What people read in a hall is said in these too: kiosk, screens, ticket, refusals.
VISITORS = ("ar", "uk")
FOR_VISITORS = (
    "queue/templates/queue/kiosk_*.html",
    "queue/templates/queue/join*.html",
    "queue/templates/queue/display.html",
    "queue/templates/queue/_call.html",
    "queue/templates/queue/_earlier.html",
    "queue/templates/queue/_nobody.html",
    "queue/templates/queue/_order_rule.html",
    "queue/templates/queue/_tile.html",
    "queue/templates/queue/_kiosk_*.html",
    "queue/models/tickets.py",
    "queue/queries/told.py",
    "queue/visitors.py",
    "queue/views/kiosk*.py",
    "queue/views/join.py",
    "queue/views/screen.py",
    "queue/actions/joining.py",
    "queue/actions/tickets.py",
    "common/throttle.py",
    "appointments/templates/appointments/kiosk_*.html",
    "appointments/views/kiosk.py",
    "appointments/forms/kiosk.py",
    "appointments/queries/words.py",
    "web/templates/web/base.html",
    "web/templates/web/base_bare.html",
    "web/templates/web/base_public.html",
    "web/templates/web/secret_unknown.html",
    "web/templates/web/429.html",
    "web/templates/web/error.html",
    "feedback/forms/answer.py",
    "feedback/actions/answers.py",
    "web/templates/web/_solved.html",
    "web/templates/web/forms/*.html",
    "web/templates/web/ticket.html",
    "web/templates/web/ticket_answer.html",
    "web/templates/web/ticket_alert.html",
    "web/templates/web/ticket_pass.html",
    "web/views/answers.py",
    "web/views/ticket.py",
    "queue/templates/queue/_late.html",
    "queue/models/reasons.py",
    "queue/actions/alerts.py",
    "common/sms.py",
    "web/templates/web/_ticket*.html",
    "web/templates/web/kiosk_*.html",
    "web/templates/web/_kiosk_*.html",
    "web/views/kiosk_question.py",
    "assistant/queries/answering.py",
    "assistant/queries/opening.py",
    "assistant/actions/asking.py",
    "web/templates/web/components/_brand.html",
    "web/templates/web/components/_human_exit.html",
    "web/templates/web/components/_language.html",
    "web/templates/web/components/_problems.html",
    "web/templates/web/components/_toast.html",
    "web/views/ticket.py",
)
# Where each translating function takes the sentence, its plural and its context.
PLACES: dict[str, tuple[int, int | None, int | None]] = {
    "_": (0, None, None),
    "gettext": (0, None, None),
    "gettext_lazy": (0, None, None),
    "gettext_noop": (0, None, None),
    "ngettext": (0, 1, None),
    "ngettext_lazy": (0, 1, None),
    "pgettext": (1, None, 0),
    "pgettext_lazy": (1, None, 0),
    "npgettext": (1, 2, 0),
    "npgettext_lazy": (1, 2, 0),
}
# _("…") inside a template tag or a variable.
INLINE = re.compile(r"""_\((?P<sentence>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\)""")
LITERAL = re.compile(r"""^(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
PLACEHOLDER = re.compile(r"%\([^)]+\)[a-z]|%[sd]|\{[a-z_A-Z0-9]*\}")
NOT_PROSE = re.compile(r"<[^>]*>|https?://\S+|&[a-z]+;|%\([^)]+\)[sd]|\{[a-zA-Z_0-9]*\}")
APOSTROPHE = (re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])"), "a typewriter apostrophe, not ’")
TYPOGRAPHY = {
    "fr": (
        (re.compile(r"[^\S\u00a0\u202f][:;!?»]"), "an ordinary space before : ; ! ? or »"),
        (re.compile(r"[^\W_][!?;»]|[^\W\d_]:(?=\s|$)"), "no no-break space before : ; ! ? or »"),
        (re.compile(r"«(?![\u00a0\u202f])"), "no no-break space after «"),
        APOSTROPHE,
    ),
    "ar": (
        (re.compile(r"[,;?]"), "a Latin , ; or ? where Arabic writes ، ؛ ؟"),
        (re.compile(r"\s[،؛؟!:.]"), "a space before ، ؛ ؟ ! : or ."),
        (re.compile(r"[\u0660-\u0669]"), "other digits than those of the tickets"),
    ),
    "uk": (
        (re.compile(r"\s[,:;!?.»]"), "a space before , : ; ! ? . or »"),
        (re.compile(r"«\s|[“”]"), "quotation marks other than «…»"),
        (re.compile(r"[ыэъёЫЭЪЁ]"), "a letter that Ukrainian does not have"),
        APOSTROPHE,
    ),
}

Key = tuple[str | None, str]  # context, sentence
Found = tuple[Key, str | None]  # … and its plural


@dataclass
class Sentence:
    """One sentence of the code, and the places that say it."""

    plural: str | None = None
    places: list[str] = field(default_factory=list)


def main(arguments: Sequence[str]) -> int:
    """Runs one command over all rooms; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("update", "check"))
    parser.add_argument("rooms", nargs="*", help="names of rooms; all when left out")
    chosen = parser.parse_args(arguments)
    rooms = [room for room in _rooms() if not chosen.rooms or room.name in chosen.rooms]
    if chosen.command == "check":
        problems = check(rooms)
        print("\n".join(problems) or "Every sentence of the code is translated.")
        return 1 if problems else 0
    for room in rooms:
        update(room)
    return 0


def update(room: Path) -> None:
    """Brings the catalogues of a room in line with its code, keeping the translations."""
    for language in PLURALS:
        said = sentences(room, language)
        path = _catalogue(room, language)
        if not said and not path.exists():
            continue
        old = {_key(entry): entry for entry in _entries(path)}
        catalogue = _empty_catalogue(language)
        for key in sorted(said, key=lambda key: (key[1], key[0] or "")):
            catalogue.append(_entry(key, said[key], old.get(key), language))
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))


def check(rooms: Sequence[Path]) -> list[str]:
    """Returns what is missing, doubtful or badly set in the catalogues of some rooms."""
    problems: list[str] = []
    for room in rooms:
        for language in PLURALS:
            said = sentences(room, language)
            entries = {_key(entry): entry for entry in _entries(_catalogue(room, language))}
            problems += _differences(room, language, said, entries)
            for entry in entries.values():
                name = f"{room.name}/{language}: “{_short(entry.msgid)}”"
                problems += [f"{name}: {fault}" for fault in _faults(entry, language)]
    return [*problems, *_contradictions(_rooms())]


def sentences(room: Path, language: str = "fr") -> dict[Key, Sentence]:
    """Gathers what the code and the templates of a room ask to have said in a language."""
    found: dict[Key, Sentence] = {}
    for path in sorted(room.rglob("*")):
        read = _reader(path)
        if read is None or (language in VISITORS and not _is_for_visitors(path)):
            continue
        place = str(path.relative_to(PACKAGE))
        for key, plural in read(path.read_text(encoding="utf-8")):
            sentence = found.setdefault(key, Sentence())
            sentence.plural = sentence.plural or plural
            if place not in sentence.places:
                sentence.places.append(place)
    return found


def _is_for_visitors(path: Path) -> bool:
    name = str(path.relative_to(PACKAGE))
    return any(fnmatchcase(name, pattern) for pattern in FOR_VISITORS)


def _reader(path: Path) -> Callable[[str], Iterator[Found]] | None:
    if path.suffix == ".py" and "migrations" not in path.parts:
        return _from_python
    return _from_template if "templates" in path.parts and path.is_file() else None


def _from_python(source: str) -> Iterator[Found]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in PLACES:
            continue
        text, plural, context = (
            None if place is None else _constant(node.args, place) for place in PLACES[name]
        )
        if text:
            yield (context, text), plural


def _constant(arguments: Sequence[ast.expr], place: int) -> str | None:
    if place >= len(arguments):
        return None
    argument = arguments[place]
    is_text = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    return str(argument.value) if is_text else None  # type: ignore[attr-defined]


def _from_template(source: str) -> Iterator[Found]:
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        if token.token_type not in (TokenType.BLOCK, TokenType.VAR):
            continue
        for match in INLINE.finditer(token.contents):
            yield (None, _unquoted(match["sentence"])), None
        if token.token_type is TokenType.BLOCK:
            yield from _from_tag(list(smart_split(token.contents)), tokens)


def _from_tag(words: Sequence[str], tokens: Iterator[Token]) -> Iterator[Found]:
    if words[0] == "comment":
        while next(tokens).contents != "endcomment":
            pass
    elif words[0] in ("translate", "trans"):
        literal = LITERAL.match(words[1])
        if literal:
            yield (_context(words), _unquoted(literal[0])), None
    elif words[0] in ("blocktranslate", "blocktrans"):
        singular, plural = _block(tokens, trimmed="trimmed" in words)
        yield (_context(words), singular), plural


def _block(tokens: Iterator[Token], *, trimmed: bool) -> tuple[str, str | None]:
    """Reads up to the end of a block, the way Django writes its sentence."""
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token.token_type is TokenType.TEXT:
            parts[-1].append(token.contents.replace("%", "%%"))
        elif token.token_type is TokenType.VAR:
            parts[-1].append(f"%({token.contents})s")
        elif token.contents.startswith("endblocktrans"):
            break
        elif token.contents.strip() == "plural":
            parts.append([])
    whole = ["".join(part) for part in parts]
    texts = [trim_whitespace(text) if trimmed else text for text in whole]
    return texts[0], texts[1] if len(texts) > 1 else None


def _context(words: Sequence[str]) -> str | None:
    return _unquoted(words[words.index("context") + 1]) if "context" in words[1:-1] else None


def _unquoted(text: str) -> str:
    # Django looks template sentences up with their percent signs doubled.
    bare = text[1:-1].replace(f"\\{text[0]}", text[0]).replace("\\\\", "\\")
    return bare.replace("%", "%%")


def _differences(
    room: Path, language: str, said: dict[Key, Sentence], entries: dict[Key, polib.POEntry]
) -> Iterator[str]:
    for key in said.keys() - entries.keys():
        place = said[key].places[0]
        yield f"{room.name}/{language}: “{_short(key[1])}” ({place}) is not in the catalogue"
    for key in entries.keys() - said.keys():
        yield f"{room.name}/{language}: “{_short(key[1])}” is in no code any more"
    for key in said.keys() & entries.keys():
        if bool(said[key].plural) != bool(entries[key].msgid_plural):
            yield f"{room.name}/{language}: “{_short(key[1])}” differs in its plural"


def _faults(entry: polib.POEntry, language: str) -> Iterator[str]:
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if entry.fuzzy:
        yield "is fuzzy"
    if not texts or not all(texts):
        yield "is not translated"
        return
    if entry.msgid_plural and len(texts) != _forms(language):
        yield f"has {len(texts)} forms of its plural, not {_forms(language)}"
    if not entry.msgid_plural and _placeholders(entry.msgid) != _placeholders(entry.msgstr):
        yield "has other placeholders than its translation"
    if entry.msgid_plural and not all(
        _placeholders(text) <= _placeholders(entry.msgid + entry.msgid_plural) for text in texts
    ):
        yield "has other placeholders than its translation"
    for pattern, fault in TYPOGRAPHY[language]:
        if any(pattern.search(NOT_PROSE.sub("x", text)) for text in texts):
            yield fault


def _contradictions(rooms: Sequence[Path]) -> Iterator[str]:
    """Django knows one translation per sentence for all rooms, so two are a fault."""
    for language in PLURALS:
        first: dict[Key, tuple[str, str]] = {}
        for room in rooms:
            for entry in _entries(_catalogue(room, language)):
                text = entry.msgstr or "|".join(entry.msgstr_plural.values())
                name, known = first.setdefault(_key(entry), (room.name, text))
                if known != text:
                    yield (
                        f"{language}: “{_short(entry.msgid)}” is “{_short(known)}” in {name} "
                        f"and “{_short(text)}” in {room.name}: agree, or give one a context"
                    )


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text.replace("%%", "")))


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else f"{flat[:59]}…"


def _rooms() -> list[Path]:
    return sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))


def _catalogue(room: Path, language: str) -> Path:
    return room / "locale" / language / "LC_MESSAGES" / "django.po"


def _entries(path: Path) -> list[polib.POEntry]:
    if not path.exists():
        return []
    return [entry for entry in polib.pofile(str(path), wrapwidth=98) if not entry.obsolete]


def _key(entry: polib.POEntry) -> Key:
    return entry.msgctxt or None, entry.msgid


def _forms(language: str) -> int:
    return int(PLURALS[language].removeprefix("nplurals=")[0])


def _entry(key: Key, sentence: Sentence, old: polib.POEntry | None, language: str) -> polib.POEntry:
    # Files without line numbers: a line that moves must not change the catalogue.
    places = [(place, "") for place in sentence.places]
    entry = polib.POEntry(msgctxt=key[0], msgid=key[1], occurrences=places)
    if "%(" in key[1]:
        entry.flags.append("python-format")
    if sentence.plural:
        entry.msgid_plural = sentence.plural
        entry.msgstr_plural = dict.fromkeys(range(_forms(language)), "")
    if old is not None:
        entry.tcomment = old.tcomment
        if bool(old.msgid_plural) == bool(sentence.plural):
            entry.msgstr, entry.msgstr_plural = old.msgstr, old.msgstr_plural
            entry.flags += [flag for flag in old.flags if flag == "fuzzy"]
    return entry


def _empty_catalogue(language: str) -> polib.POFile:
    catalogue = polib.POFile(wrapwidth=98)
    catalogue.metadata = {
        "Project-Id-Version": "Parvis",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    return catalogue


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
