from django.urls import URLPattern, URLResolver, path

from parvis.appointments.views import agendas, agent, booking, kiosk, public
from parvis.organisations.http import at_front_door

app_name = "appointments"

urlpatterns: list[URLPattern | URLResolver] = [
    *at_front_door("rendez-vous/", public.topics, name="topics"),
    path("rendez-vous/a/<slug:site>/<slug:topic>/", public.slots, name="slots"),
    path("rendez-vous/a/<slug:site>/<slug:topic>/<str:when>/", public.details, name="details"),
    path("borne/<slug:site>/rendez-vous/", kiosk.check_in, name="check-in"),
    path("borne/<slug:site>/rendez-vous/recu/", kiosk.received, name="received"),
    path("borne/<slug:site>/rendez-vous/<str:secret>/", kiosk.received, name="received-late"),
    path("agenda/<str:secret>.ics", agendas.feed, name="feed"),
    path("agent/rendez-vous/", agent.agenda, name="agenda"),
    path("agent/rendez-vous/ici/", agent.here, name="here"),
    path("agent/rendez-vous/prendre/", booking.book, name="book"),
    path("agent/rendez-vous/agendas/", agendas.agendas, name="agendas"),
    path("agent/rendez-vous/agendas/nouveau/", agendas.add, name="add"),
    path("agent/rendez-vous/agendas/<int:agenda_id>/", agendas.edit, name="edit"),
    path("agent/rendez-vous/agendas/<int:agenda_id>/bloquer/", agendas.block, name="block"),
    path(
        "agent/rendez-vous/agendas/<int:agenda_id>/abonnement/",
        agendas.subscription,
        name="subscription",
    ),
    path("agent/rendez-vous/bloque/<int:block_id>/rendre/", agendas.unblock, name="unblock"),
    path("agent/rendez-vous/<str:code>/", agent.appointment, name="appointment"),
    path("agent/rendez-vous/<str:code>/deplacer/", agent.move, name="move"),
    path("agent/rendez-vous/<str:code>/talon/", agent.slip, name="slip"),
    path("agent/rendez-vous/<str:code>/<slug:act>/", agent.act, name="act"),
]
