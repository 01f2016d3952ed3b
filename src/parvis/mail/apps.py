from importlib import import_module

from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "parvis.mail"
    label = "mail"

    def ready(self) -> None:
        for name in ("handlers", "held", "tasks", "checks"):
            import_module(f"parvis.mail.{name}")
