from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "parvis.common"
    label = "common"

    def ready(self) -> None:
        from parvis.common import french, held, tasks  # noqa: F401  (tasks names its regular jobs)

        french.install()
