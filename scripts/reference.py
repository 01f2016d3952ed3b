"""Writes the generated parts of docs/reference/ from the code, or tells which are out of date.

A page keeps its own words; between ``<!-- generated: NAME -->`` and ``<!-- end -->`` stands what
this script knows. ``python scripts/reference.py`` rewrites, ``--check`` only looks.
"""

# ruff: noqa: E402 - Django must be set up before the house can be read

import argparse
import ast
import importlib
import inspect
import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "parvis"
PAGES = ROOT / "docs" / "reference"
BLOCK = re.compile(r"(<!-- generated: ([a-z-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)

if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
    os.environ.setdefault("PARVIS_SECRET_KEY", "only-for-reading-the-code")

import django
from django.apps import apps
from django.core.management import BaseCommand, get_commands, load_command_class
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override

if not apps.ready:
    django.setup()

from parvis.accounts.models import Role
from parvis.accounts.rules import CAPABILITIES
from parvis.common import events as news
from parvis.interop.api import api
from parvis.quality.definitions import DEFINITIONS


def main(arguments: Sequence[str]) -> int:
    """Rewrites or checks every page; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, name what is old")
    check = parser.parse_args(arguments).check
    old = [path for path in sorted(PAGES.glob("*.md")) if renewed(path) != _text(path)]
    for path in old:
        print(f"{path.relative_to(ROOT)} {'is out of date' if check else 'renewed'}")
        if not check:
            path.write_text(renewed(path), encoding="utf-8")
    return 1 if check and old else 0


def renewed(page: Path) -> str:
    """The text of a page as it should be today."""
    with override("en"):
        return BLOCK.sub(lambda found: found[1] + MAKERS[found[2]]() + found[4], _text(page))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _table(*rows: Sequence[object]) -> str:
    cells = [[_cell(value) for value in row] for row in rows]
    cells.insert(1, ["---"] * len(cells[0]))
    return "".join(f"| {' | '.join(row)} |\n" for row in cells)


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def _code(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


# Commands


def our_commands() -> dict[str, BaseCommand]:
    """The management commands of the house, by name."""
    ours = {name: app for name, app in get_commands().items() if str(app).startswith("parvis.")}
    return {name: load_command_class(str(app), name) for name, app in sorted(ours.items())}


def commands() -> str:
    """Every command of ours, with its arguments."""
    common = {action.dest for action in BaseCommand().create_parser("", "")._actions}
    parts = []
    for name, command in our_commands().items():
        parser = command.create_parser("parvis", name)
        parts.append(f"\n### `parvis {name}`\n\n{_cell(command.help)}\n")
        parts.append(_arguments(parser, common))
        for verb, inner in _verbs(parser):
            parts.append(f"\n`parvis {name} {verb}`\n{_arguments(inner, common)}")
    return "".join(parts) + "\n"


def _verbs(parser: argparse.ArgumentParser) -> list[tuple[str, argparse.ArgumentParser]]:
    found: list[tuple[str, argparse.ArgumentParser]] = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found += action.choices.items()
    return found


def _arguments(parser: argparse.ArgumentParser, common: set[str]) -> str:
    own = [
        action
        for action in parser._actions
        if action.dest not in common and not isinstance(action, argparse._SubParsersAction)
    ]
    if not own:
        return ""
    rows = [(f"`{_spelling(a)}`", _default(a), a.help or "") for a in own]
    return "\n" + _table(("Argument", "Default", "Meaning"), *rows)


def _spelling(action: argparse.Action) -> str:
    if not action.option_strings:
        return action.dest.upper()
    choices = "/".join(map(str, action.choices)) if action.choices else ""
    value = "" if action.nargs == 0 else f" {choices or action.dest.upper()}"
    return action.option_strings[-1] + value


def _default(action: argparse.Action) -> str:
    plain = action.default in (None, False) or not action.option_strings
    return "" if plain else f"`{action.default}`"


# Roles and rights


def roles() -> str:
    """Every role, and what it may do."""
    rows = [
        (f"`{code}`", Role(code).label, _code(sorted(rights)))
        for code, rights in CAPABILITIES.items()
    ]
    return _table(("Code", "Role", "Capabilities"), *rows)


def capabilities() -> str:
    """Every capability, and who holds it."""
    held: dict[str, list[str]] = defaultdict(list)
    for code, rights in CAPABILITIES.items():
        for right in rights:
            held[right].append(code)
    elsewhere = (text for place, text in _constants() if place != "accounts.rules")
    asked = set(elsewhere) & held.keys()
    rows = [
        (f"`{right}`", _code(codes), "yes" if right in asked else "not yet")
        for right, codes in sorted(held.items())
    ]
    return _table(("Capability", "Roles", "Asked for"), *rows)


# Addresses


def addresses(
    patterns: Sequence[URLPattern | URLResolver] | None = None, base: str = "/", space: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """Every page: its name, its address and its view; the API is told apart."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = base + _route(pattern)
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", address, pattern.callback
        elif pattern.namespace != api.urls_namespace:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, address, inner)


def _route(pattern: URLPattern | URLResolver) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern))


def pages() -> str:
    """Every address of the pages, and who may enter."""
    rows = [
        (f"`{address}`", f"`{name}`", _access(view))
        for name, address, view in sorted(addresses(), key=lambda row: row[1])
    ]
    return _table(("Address", "Name", "Who"), *rows)


def _access(view: Any) -> str:
    access = getattr(view, "access", None)
    if access is None:
        return "see above"
    plain = {("public",): "everybody", ("signed-in",): "whoever is signed in"}
    return plain.get(tuple(access)) or " or ".join(f"`{right}`" for right in access)


# Interfaces


def api_calls() -> str:
    """Every call of the REST API."""
    rows = []
    for address, methods in sorted(api.get_openapi_schema()["paths"].items()):
        for method, call in methods.items():
            token = "yes" if call.get("security") else "no"
            says = (call.get("description") or call["summary"]).strip().split("\n\n")[0]
            rows.append((f"`{method.upper()} {address}`", says, token))
    return _table(("Call", "What it does", "Token"), *rows)


def event_handlers() -> str:
    """Every event, where it comes from and who listens."""
    listening = news.handlers()
    emitted = _emitted()
    rows = []
    for event in event_types():
        fields = ", ".join(inspect.signature(event).parameters)
        heard = [_name(handler) for handler in listening.get(event, [])]
        rows.append(
            (f"`{event.__name__}`", inspect.getdoc(event), f"`{fields}`",
             _code(emitted[event.__name__]), _code(heard) or "nobody yet")
        )  # fmt: skip
    return _table(("Event", "What happened", "Carries", "From", "Heard by"), *rows)


def _name(handler: Callable[..., Any]) -> str:
    return f"{handler.__module__.removeprefix('parvis.')}.{handler.__name__}"


def event_types() -> list[type[Any]]:
    """Every event class of the rooms."""
    found = []
    for path in sorted(set(PACKAGE.glob("*/events.py")) - {PACKAGE / "common" / "events.py"}):
        module = importlib.import_module(f"parvis.{path.parent.name}.events")
        found += [
            thing
            for thing in vars(module).values()
            if inspect.isclass(thing) and thing.__module__ == module.__name__
        ]
    return found


def _emitted() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for place, call in _calls("emit"):
        argument = call.args[0]
        if isinstance(argument, ast.Call) and isinstance(argument.func, ast.Name):
            name = argument.func.id
            if place not in found[name]:
                found[name].append(place)
    return found


def _calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call of a function of this name, and the module it stands in."""
    for place, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if called == name:
                    yield place, node


@cache
def _trees() -> tuple[tuple[str, ast.Module], ...]:
    """Every module of the house, by its name without "parvis."."""
    return tuple(
        (".".join(path.relative_to(PACKAGE).with_suffix("").parts), ast.parse(_text(path)))
        for path in sorted(PACKAGE.rglob("*.py"))
    )


# Data


def append_only() -> str:
    """The tables that can only be added to, from the migrations that guard them."""
    rows = []
    for place, call in _calls("append_only"):
        table = _said(call.args[0])
        if table:
            verbs = ast.literal_eval(call.args[1]) if len(call.args) > 1 else ("update", "delete")
            rows.append((f"`{table}`", " and ".join(verbs), place.split(".")[0]))
    return _table(("Table", "Refused by the database", "Room"), *sorted(rows))


def journal() -> str:
    """The verbs that the journal knows."""
    rights = frozenset().union(*CAPABILITIES.values())
    rooms = "|".join(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
    is_verb = re.compile(rf"({rooms})\.[a-z]+(_[a-z]+)*")
    written: dict[str, set[str]] = defaultdict(set)
    for place, verb in _constants("actions", "adapters"):
        if is_verb.fullmatch(verb) and verb not in rights:
            written[verb].add(place)
    for place, call in _calls("note_down"):
        verb = _said(call.args[2]) if len(call.args) > 2 else ""
        if verb:
            written[f"cases.{verb}"].add(place)
    rows = [(f"`{verb}`", _code(sorted(places))) for verb, places in sorted(written.items())]
    return _table(("Verb", "Written by"), *rows)


def _said(node: ast.expr) -> str:
    """The text that stands in the code at this place, if it is one."""
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(ast.literal_eval(node)) if is_text else ""


def _constants(*modules: str) -> Iterator[tuple[str, str]]:
    """Every text in the modules of these names (all when none is given), and where it stands."""
    for place, tree in _trees():
        if not modules or set(place.split(".")) & set(modules):
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield place, node.value


def indicators() -> str:
    """Every indicator with its exact meaning."""
    rows = [
        (f"`{code}`", one.name, one.version, one.unit.value, one.text)
        for code, one in DEFINITIONS.items()
    ]
    return _table(("Code", "Name", "Version", "Unit", "Definition"), *rows)


MAKERS: dict[str, Callable[[], str]] = {
    "commands": commands,
    "roles": roles,
    "capabilities": capabilities,
    "pages": pages,
    "api": api_calls,
    "events": event_handlers,
    "append-only": append_only,
    "journal": journal,
    "indicators": indicators,
}

if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
