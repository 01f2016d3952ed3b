from django.apps import AppConfig


class InteropConfig(AppConfig):
    name = "parvis.interop"
    label = "interop"
