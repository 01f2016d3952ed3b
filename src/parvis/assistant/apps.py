from importlib import import_module

from django.apps import AppConfig


class AssistantConfig(AppConfig):
    name = "parvis.assistant"
    label = "assistant"

    def ready(self) -> None:
        for name in ("handlers", "held", "tasks", "checks"):
            import_module(f"parvis.assistant.{name}")
