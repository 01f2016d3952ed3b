from importlib import import_module

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "parvis.contacts"
    label = "contacts"

    def ready(self) -> None:
        import_module("parvis.contacts.held")  # what it keeps about people
