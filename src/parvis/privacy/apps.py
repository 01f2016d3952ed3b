from importlib import import_module

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "parvis.privacy"
    label = "privacy"

    def ready(self) -> None:
        import_module("parvis.privacy.held")  # what it keeps about people
        import_module("parvis.privacy.tasks")  # names its regular jobs
