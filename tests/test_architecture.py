"""The plan of the house, where import-linter cannot see it."""

import ast
from pathlib import Path

from django.apps import apps

import parvis

SOURCE = Path(parvis.__file__).parent
FLOORS = [
    {"common"},
    {"organisations"},
    {"accounts"},
    {"law"},
    {"knowledge"},
    {"contacts"},
    {"queue", "cases", "departments"},
    {"appointments", "assistant", "feedback", "letters", "mail"},
    {"quality", "privacy"},
    {"interop", "web"},
    {"demo"},
]
FLOOR = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}
FURNITURE = {
    "__init__.py", "admin.py", "actions.py", "apps.py", "events.py", "forms.py", "handlers.py",
    "models.py", "queries.py", "rules.py", "tasks.py", "urls.py", "views.py",
}  # fmt: skip


def test_every_relation_points_down_or_stays_in_its_room():
    upward = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in FLOOR
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model is not None
        and field.related_model._meta.app_label in FLOOR
        and field.related_model._meta.app_label != model._meta.app_label
        and FLOOR[field.related_model._meta.app_label] >= FLOOR[model._meta.app_label]
    ]  # fmt: skip

    assert upward == []


def test_no_function_hides_an_import_of_the_house():
    hidden = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in SOURCE.rglob("*.py")
        if path.name != "apps.py" and "migrations" not in path.parts
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("parvis")
    ]

    assert hidden == []


def test_every_room_says_what_it_is_for_and_what_not():
    for room in FLOOR:
        words = ast.get_docstring(ast.parse((SOURCE / room / "__init__.py").read_text()))
        assert words is not None, room
        assert "\n\n" in words, room


def test_models_write_nothing_on_their_own():
    overridden = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in FLOOR and {"save", "delete"} & set(vars(model))
    ]

    assert overridden == []
