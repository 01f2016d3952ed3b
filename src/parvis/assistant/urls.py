from django.urls import path

from parvis.assistant.views import review, settings

app_name = "assistant"

urlpatterns = [
    path("agent/assistant/", review.conversations, name="review"),
    path("agent/assistant/<int:pk>/", review.conversation, name="review-one"),
    path("agent/reglages/assistant/", settings.settings, name="settings"),
]
