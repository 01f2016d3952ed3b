"""Habits of the house that no other tool looks after."""

import ast
import fnmatch
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils.module_loading import import_string
from django.utils.translation import override
from scripts import messages, reference

import parvis
from parvis import settings as house
from tests.test_architecture import FLOOR

SOURCE = Path(parvis.__file__).parent
TESTS = Path(__file__).parent
LONGEST_FUNCTION = 45
LONGEST_MODULE = 400
ROOMS = sorted(FLOOR)
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
MODULES = [p for p in sorted(SOURCE.rglob("*.py")) if "migrations" not in p.parts]
# What holds decisions, changes or reads is tested under its own name.
TESTED = ("rules", "actions", "queries", "views")
# Tests that look at the house as a whole, not at one room.
NOT_ROOMS = {"e2e", "load", "support", "tooling"}
# Test modules named after what they look at, which is no module of the room.
WITHOUT_MODULE = {
    "common/test_cli.py": "the command line, which stands above the rooms",
    "interop/test_walk.py": "every call of the API, role by role",
    "demo/test_command.py": "the command, from the outside",
    "queue/test_machine.py": "every order of gestures that a machine thinks of",
    "queue/test_plans.py": "the plans of the queries of the line",
    "queue/test_races.py": "two desks at the same moment",
}


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def template_name(path: Path) -> str:
    return str(path).rpartition("/templates/")[2]


# The tests mirror the rooms


def pieces(room: str) -> set[str]:
    """The names of modules and packages of a room."""
    found = {p.stem for p in (SOURCE / room).rglob("*.py")} - {"__init__"}
    return found | {p.name for p in (SOURCE / room).rglob("*") if p.is_dir()}


def has(room: str, piece: str) -> bool:
    return (SOURCE / room / f"{piece}.py").exists() or (SOURCE / room / piece).is_dir()


def is_tested(room: str, piece: str) -> bool:
    """Is there a test named after the module, or after one inside it when it is a package?"""
    inside = {path.stem for path in (SOURCE / room / piece).glob("*.py")} - {"__init__"}
    return any(list((TESTS / room).glob(f"test_{name}*.py")) for name in {piece, *inside})


def test_every_folder_of_tests_is_a_room():
    folders = {path.name for path in TESTS.iterdir() if (path / "__init__.py").exists()}

    assert folders - NOT_ROOMS - set(ROOMS) == set()


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_room_decides_changes_and_reads_is_tested_under_its_name(room: str):
    missing = [piece for piece in TESTED if has(room, piece) and not is_tested(room, piece)]

    assert missing == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_test_module_is_named_after_what_it_tests(room: str):
    known = pieces(room)
    strangers = []
    for path in sorted((TESTS / room).glob("test_*.py")):
        words = path.stem.removeprefix("test_").split("_")
        starts = {"_".join(words[:n]) for n in range(1, len(words) + 1)}
        if not starts & known and f"{room}/{path.name}" not in WITHOUT_MODULE:
            strangers.append(path.name)

    assert strangers == []


# Templates


def used_templates() -> set[str]:
    """Every name of a template that stands in the code or in another template."""
    found = set()
    for path in [*MODULES, *TEMPLATES]:
        for said in re.findall(r"""["']([\w./{}-]+\.(?:html|txt|svg))["']""", text(path)):
            found |= matching(re.sub(r"{.*?}", "*", said))
    return found


def matching(pattern: str) -> set[str]:
    """The templates of this name; a star stands for what an f-string puts in."""
    return set(fnmatch.filter(map(template_name, TEMPLATES), pattern))


def is_of_a_library(path: Path) -> bool:
    # The sign-in library asks for its pages by names of its own.
    return template_name(path).split("/")[0] in {"account", "mfa"}


def test_no_template_is_left_over():
    used = used_templates()
    left = [name(p) for p in TEMPLATES if template_name(p) not in used and not is_of_a_library(p)]

    assert left == []


INLINE = {
    "a script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.I),
    "a style sheet": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"\sstyle=", re.I),
    "an event attribute": re.compile(r"\son[a-z]+=", re.I),
    "a script address": re.compile(r"javascript:", re.I),
}


def test_no_template_carries_inline_script_or_style():
    found = [
        f"{name(path)}: {what}"
        for path in TEMPLATES
        for what, pattern in INLINE.items()
        if pattern.search(re.sub(r"{#.*?#}", "", text(path)))
    ]

    assert found == []


def test_no_page_asks_another_house_for_anything():
    asks = re.compile(r"""(?:\bsrc|srcset|data|poster|action|hx-\w+)=["'](?:https?:)?//""")
    links = re.compile(r"""<link\b[^>]*href=["'](?:https?:)?//""")
    found = [
        name(path) for path in TEMPLATES if asks.search(text(path)) or links.search(text(path))
    ]
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    allowed = {word for words in policy.values() for word in words}

    assert found == []
    assert policy["default-src"] == ["'self'"]
    assert allowed == {"'self'", "'none'", "data:"}


def test_every_answer_carries_the_content_security_policy(client: Client):
    header = client.get("/health/live").headers["Content-Security-Policy"]

    assert "default-src 'self'" in header
    assert "unsafe" not in header


def test_an_answer_to_a_program_loads_nothing_and_is_framed_nowhere(client: Client):
    header = client.get("/api/v1/openapi.json").headers["Content-Security-Policy"]

    assert header == "default-src 'none'; frame-ancestors 'none'"


def test_passwords_are_argon2id_and_second_factors_are_there():
    # The tests hash faster: what counts are the settings of the house.
    first = import_string(house.PASSWORD_HASHERS[0])()
    hashed = first.encode("a good long password", first.salt())

    assert hashed.startswith("argon2$argon2id$")
    assert {"totp", "webauthn"} <= set(settings.MFA_SUPPORTED_TYPES)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["common_journalentry", "queue_ticketevent", "cases_caseentry"])
def test_what_happened_cannot_be_changed(table: str):
    triggers = {"sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'"}
    sql = triggers.get(connection.vendor, "SELECT tgname FROM pg_trigger")
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = {row[0] for row in cursor.fetchall()}

    assert {f"{table}_update", f"{table}_delete"} <= found


# Addresses


def test_every_named_address_exists():
    # {% url … as x %} and the rail leave out silently what does not exist.
    known = {label for label, _address, _view in reference.addresses()}
    spaces = "|".join({label.partition(":")[0] for label in known if ":" in label})
    in_code = re.compile(rf"""["'](({spaces}):[a-z-]+)["']""")
    lost = {
        f"{name(path)}: {label}"
        for path in [*MODULES, *TEMPLATES]
        for label in [
            *re.findall(r"""{%\s*url\s+["']([^"']+)["']""", text(path)),
            *(found[0] for found in in_code.findall(text(path))),
        ]
        if label not in known and not label.endswith(":")  # a name made of two parts
    }

    assert lost == set()


# Views

# Views of libraries: they guard themselves, and the table of routes tries them all the same.
LIBRARY_VIEWS = {
    "account_reauthenticate", "mfa_activate_totp", "mfa_add_webauthn", "mfa_authenticate",
    "mfa_deactivate_totp", "mfa_download_recovery_codes", "mfa_edit_webauthn",
    "mfa_generate_recovery_codes", "mfa_index", "mfa_list_webauthn", "mfa_login_webauthn",
    "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn",
    "mfa_view_recovery_codes", "set_language",
}  # fmt: skip


def test_every_view_says_who_may_enter():
    silent = {
        label for label, _address, view in reference.addresses() if not hasattr(view, "access")
    }

    assert silent == LIBRARY_VIEWS


def test_every_form_of_a_view_that_acts_once_carries_its_key():
    without = []
    for path in MODULES:
        functions = {f.name: f for f in ast.walk(ast.parse(text(path))) if is_function(f)}
        for function in functions.values():
            shown = set(templates_of(function, functions))
            if acts_once(function) and shown and not any(map(has_form_key, shown)):
                without.append(f"{name(path)}: {function.name} shows {sorted(shown)}")

    assert without == []


def is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def acts_once(function: ast.FunctionDef) -> bool:
    names = {getattr(d, "id", getattr(d, "attr", "")) for d in function.decorator_list}
    return "once" in names


def templates_of(function: ast.FunctionDef, functions: dict[str, ast.FunctionDef]) -> Iterator[str]:
    """The templates named in a function, or in the functions of its module that it calls."""
    seen, ahead = {function.name}, [function]
    while ahead:
        for node in ast.walk(ahead.pop()):
            if isinstance(node, ast.Constant) and str(node.value).endswith(".html"):
                yield from matching(str(node.value))
            if isinstance(node, ast.JoinedStr):
                parts = [p.value if isinstance(p, ast.Constant) else "*" for p in node.values]
                pattern = "".join(map(str, parts))
                yield from matching(pattern) if pattern.endswith(".html") else ()
            called = getattr(node, "id", "") if isinstance(node, ast.Name) else ""
            if called in functions and called not in seen:
                seen.add(called)
                ahead.append(functions[called])


@cache
def has_form_key(template: str) -> bool:
    """Does the template carry the key, itself or by what it includes?"""
    found = [path for path in TEMPLATES if template_name(path) == template]
    words = "".join(map(text, found))
    included = re.findall(r"""{%\s*(?:include|extends)\s+["']([^"']+)["']""", words)
    return "{% form_key %}" in words or any(has_form_key(inner) for inner in included)


# Words


def test_every_sentence_is_translated_and_set_as_french_is():
    assert messages.check(messages._rooms()) == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_names_of_models_are_words_in_the_middle_of_a_sentence(language: str):
    with override(language):
        shouting = [
            f"{model._meta.label}: {label}"
            for model in apps.get_models()
            if model._meta.app_label in FLOOR
            for label in (str(model._meta.verbose_name), str(model._meta.verbose_name_plural))
            if label[0].isupper() and not label.split()[0].isupper()
        ]

    assert shouting == []


# Size and honesty of the code


def test_no_failure_is_swallowed():
    silent = [
        f"{name(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(text(path)))
        if isinstance(node, ast.ExceptHandler) and catches_all(node) and says_nothing(node)
    ]

    assert silent == []


def catches_all(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or getattr(handler.type, "id", "") in {"Exception", "BaseException"}


def says_nothing(handler: ast.ExceptHandler) -> bool:
    return all(isinstance(step, ast.Pass | ast.Continue) for step in handler.body)


def test_functions_are_short():
    long = [
        f"{name(path)}: {node.name} has {length} lines"
        for path in MODULES
        for node in ast.walk(ast.parse(text(path)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]

    assert long == []


def test_modules_are_short():
    lengths = {name(path): len(text(path).splitlines()) for path in MODULES}

    assert {path: n for path, n in lengths.items() if n > LONGEST_MODULE} == {}
