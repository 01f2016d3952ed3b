from importlib import import_module

from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "parvis.letters"
    label = "letters"

    def ready(self) -> None:
        import_module("parvis.letters.held")  # what it keeps about people
        import_module("parvis.letters.tasks")
