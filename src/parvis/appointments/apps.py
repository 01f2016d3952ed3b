from importlib import import_module

from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "parvis.appointments"
    label = "appointments"

    def ready(self) -> None:
        import_module("parvis.appointments.handlers")
        import_module("parvis.appointments.held")  # what it keeps about people
        import_module("parvis.appointments.tasks")  # names its regular jobs
