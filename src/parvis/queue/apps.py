from django.apps import AppConfig


class QueueConfig(AppConfig):
    name = "parvis.queue"
    label = "queue"

    def ready(self) -> None:
        from parvis.queue import handlers, held, tasks  # noqa: F401  (reactions, what is kept, jobs)
