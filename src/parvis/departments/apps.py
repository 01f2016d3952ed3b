from importlib import import_module

from django.apps import AppConfig


class DepartmentsConfig(AppConfig):
    name = "parvis.departments"
    label = "departments"

    def ready(self) -> None:
        for name in ("handlers", "held", "tasks"):
            import_module(f"parvis.departments.{name}")
