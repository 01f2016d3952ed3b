from importlib import import_module

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "parvis.cases"
    label = "cases"

    def ready(self) -> None:
        import_module("parvis.cases.handlers")
        import_module("parvis.cases.held")  # what it keeps about people
        import_module("parvis.cases.tasks")  # names its regular jobs
