from django.urls import URLPattern, URLResolver, path

from parvis.web.views import answers, look, tracking

app_name = "web"

urlpatterns: list[URLPattern | URLResolver] = [
    path("habillage/<slug:slug>.css", look.authority_css, name="authority-css"),
    path("affichage/", look.display_preferences, name="display-preferences"),
    path("agent/aide/composants/", look.gallery, name="gallery"),
    path("suivi/<str:secret>/", tracking.tracking, name="tracking"),
    path("suivi/<str:secret>/message/", tracking.message, name="tracking-message"),
    path("suivi/<str:secret>/merci/", tracking.thanks, name="tracking-thanks"),
    path("suivi/<str:secret>/avis/", tracking.answer, name="tracking-answer"),
    path("suivi/<str:secret>/fiche/", tracking.slip, name="tracking-slip"),
    path("ticket/<str:secret>/avis/", answers.ticket, name="ticket-answer"),
    path("borne/<slug:site>/avis/", answers.kiosk, name="kiosk-answer"),
]
