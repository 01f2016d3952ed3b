from django.apps import AppConfig


class QueueConfig(AppConfig):
    name = "parvis.queue"
    label = "queue"
