from django.urls import path

from parvis.assistant.views import review, settings

app_name = "assistant"

urlpatterns = [
    path("agent/assistant/", review.conversations, name="conversations"),
    path("agent/assistant/<int:pk>/", review.conversation, name="conversation"),
    path("agent/reglages/assistant/", settings.settings, name="settings"),
]
