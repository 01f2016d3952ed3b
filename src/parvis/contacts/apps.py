from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "parvis.contacts"
    label = "contacts"
