from django.urls import URLPattern, URLResolver, path

from parvis.queue.views import kiosk, screen

app_name = "queue"

urlpatterns: list[URLPattern | URLResolver] = [
    path("ecran/<slug:site>/", screen.display, name="display"),
    path("borne/<slug:site>/", kiosk.welcome, name="kiosk"),
    path("borne/<slug:site>/motif/<slug:topic>/", kiosk.topic, name="kiosk-topic"),
    path("borne/<slug:site>/famille/<slug:family>/", kiosk.family, name="kiosk-family"),
    path("borne/<slug:site>/ticket/", kiosk.take, name="kiosk-take"),
    path("borne/<slug:site>/ticket/<str:secret>/", kiosk.ticket, name="kiosk-ticket"),
]
