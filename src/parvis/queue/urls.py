from django.urls import URLPattern, URLResolver, path

from parvis.queue.views import join, kiosk, kiosk_ticket, machines, paper, screen

app_name = "queue"

urlpatterns: list[URLPattern | URLResolver] = [
    path("ecran/<slug:site>/", screen.display, name="display"),
    path("ecran/<slug:site>/<slug:screen>/", screen.display, name="display-of"),
    path("ecran/<slug:site>/<slug:screen>/etat/", screen.report, name="display-report"),
    path("borne/<slug:site>/", kiosk.welcome, name="kiosk"),
    path("borne/<slug:site>/motif/<slug:topic>/", kiosk.topic, name="kiosk-topic"),
    path("borne/<slug:site>/famille/<slug:family>/", kiosk.family, name="kiosk-family"),
    path("borne/<slug:site>/ticket/", kiosk.take, name="kiosk-take"),
    path("borne/<slug:site>/ticket/<str:secret>/", kiosk_ticket.ticket, name="kiosk-ticket"),
    path("borne/<slug:site>/retour/", kiosk_ticket.back, name="kiosk-back"),
    path("borne/<slug:site>/retour/reprendre/", kiosk_ticket.come_back, name="kiosk-come-back"),
    path("borne/<slug:site>/retour/<int:ticket>/", kiosk_ticket.returned, name="kiosk-returned"),
    path("entrer/<str:secret>/", join.join, name="join"),
    path("entrer/<str:secret>/ticket/", join.take, name="join-take"),
    path("agent/salle/machines/", machines.machines, name="machines"),
    path("agent/salle/afficheurs/nouveau/", machines.screen, name="screen-new"),
    path("agent/salle/afficheurs/<int:pk>/", machines.screen, name="screen-change"),
    path("agent/salle/afficheurs/<int:pk>/usage/", machines.screen_use, name="screen-use"),
    path("agent/salle/imprimantes/nouvelle/", machines.printer, name="printer-new"),
    path("agent/salle/imprimantes/<int:pk>/", machines.printer, name="printer-change"),
    path("agent/salle/imprimantes/<int:pk>/essai/", machines.printer_test, name="printer-test"),
    path(
        "agent/salle/imprimantes/<int:pk>/retirer/", machines.printer_retire, name="printer-retire"
    ),
    path("agent/salle/affiche/", machines.poster, name="poster"),
    path("agent/salle/affiche/imprimer/", machines.poster_print, name="poster-print"),
    path("agent/salle/regles/", machines.rules, name="hall-rules"),
    path("agent/salle/papier/", paper.paper, name="paper"),
    path("agent/salle/papier/rouleau/", paper.roll, name="paper-roll"),
]
