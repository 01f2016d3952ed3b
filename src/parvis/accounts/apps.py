from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "parvis.accounts"
    label = "accounts"

    def ready(self) -> None:
        for name in ("checks", "handlers", "held"):
            import_module(f"parvis.accounts.{name}")
