from importlib import import_module

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "parvis.feedback"
    label = "feedback"

    def ready(self) -> None:
        import_module("parvis.feedback.held")  # what it keeps about people
