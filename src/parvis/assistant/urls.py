from django.urls import URLPattern, path

from parvis.assistant.views import conversations, figures, model, review, settings, threshold

app_name = "assistant"

urlpatterns: list[URLPattern] = [
    path("agent/conversations/", conversations.waiting, name="conversations"),
    path("agent/conversations/service/", conversations.duty, name="duty"),
    path("agent/conversations/suivante/", conversations.take, name="take"),
    path("agent/conversations/<int:pk>/", conversations.one, name="conversation"),
    path("agent/conversations/<int:pk>/ecrire/", conversations.write, name="write"),
    path("agent/conversations/<int:pk>/signe/", conversations.sign, name="sign"),
    path("agent/conversations/<int:pk>/rendre/", conversations.hand_back, name="hand-back"),
    path("agent/conversations/<int:pk>/terminer/", conversations.end, name="end"),
    path("agent/conversations/<int:pk>/demande/", conversations.make_case, name="make-case"),
    path("agent/assistant/", review.conversations, name="review"),
    path("agent/assistant/chiffres/", figures.figures, name="figures"),
    path("agent/assistant/chiffres.csv", figures.figures_csv, name="figures-csv"),
    path("agent/assistant/<int:pk>/", review.conversation, name="review-one"),
    path("agent/assistant/<int:pk>/question/", review.keep_question, name="keep-question"),
    path("agent/reglages/assistant/", settings.settings, name="settings"),
    path("agent/reglages/assistant/modele/", model.model, name="model"),
    path("agent/reglages/assistant/modele/essai/", model.try_out, name="model-try"),
    path("agent/reglages/assistant/seuil/", threshold.threshold, name="threshold"),
    path("agent/reglages/assistant/seuil/mesurer/", threshold.measure, name="measure"),
]
