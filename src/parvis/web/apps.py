from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "parvis.web"
    label = "web"

    def ready(self) -> None:
        import_module("parvis.web.handlers")
        import_module("parvis.web.tasks")  # names its regular jobs
