from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "parvis.common"
    label = "common"

    def ready(self) -> None:
        from parvis.common import tasks  # noqa: F401  (names its regular jobs)
