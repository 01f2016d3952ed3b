from importlib import import_module

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "parvis.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        import_module("parvis.knowledge.held")  # what it keeps about people
        import_module("parvis.knowledge.tasks")  # names its regular jobs
