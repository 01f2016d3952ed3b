from importlib import import_module

from django.apps import AppConfig


class AssistantConfig(AppConfig):
    name = "parvis.assistant"
    label = "assistant"

    def ready(self) -> None:
        import_module("parvis.assistant.held")  # what it keeps about people
