from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "parvis.quality"
    label = "quality"
