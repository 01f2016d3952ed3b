from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "parvis.common"
    label = "common"
