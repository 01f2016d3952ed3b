from django.urls import URLPattern, URLResolver, path

from parvis.organisations.http import at_front_door
from parvis.web.views import answers, front, gestures, late, look, ticket, tracking, workstation

app_name = "web"

urlpatterns: list[URLPattern | URLResolver] = [
    *at_front_door("", front.front, name="front"),
    *at_front_door("horaires/", front.hours, name="hours"),
    *at_front_door("suivi/", front.follow, name="follow"),
    *at_front_door("accessibilite/", front.accessibility, name="accessibility"),
    *at_front_door("donnees-personnelles/", front.privacy, name="privacy"),
    *at_front_door("mentions-legales/", front.legal, name="legal"),
    *at_front_door("affichage/", look.display_preferences, name="display-preferences"),
    path("ticket/<str:secret>/", ticket.ticket, name="ticket"),
    path("ticket/<str:secret>/rendre/", ticket.leave, name="ticket-leave"),
    path("agent/poste/", workstation.workstation, name="workstation"),
    path("agent/poste/file/", workstation.line, name="line"),
    path("agent/poste/motifs/", workstation.topics, name="topics"),
    path("agent/poste/documents/<str:ref>/", workstation.documents, name="documents"),
    path("agent/poste/suivant/", gestures.call_next, name="call-next"),
    path("agent/poste/nouveau/", gestures.new_ticket, name="new-ticket"),
    path("agent/poste/annuler/", gestures.undo, name="undo"),
    path("agent/poste/presence/", gestures.presence, name="presence"),
    path("agent/poste/tickets/<int:ticket_id>/talon/", workstation.slip, name="slip"),
    path("agent/poste/tickets/<int:ticket_id>/reprendre/", gestures.resume, name="resume"),
    path("agent/poste/tickets/<int:ticket_id>/parti/", gestures.leave, name="leave"),
    path("agent/poste/tickets/<int:ticket_id>/terminer/", gestures.finish, name="finish"),
    path("agent/poste/tickets/<int:ticket_id>/transferer/", gestures.transfer, name="transfer"),
    path("agent/poste/tickets/<int:ticket_id>/motif/", gestures.change_topic, name="change-topic"),
    path("agent/poste/tickets/<int:ticket_id>/fiche/", gestures.use_sheet, name="use-sheet"),
    path("agent/poste/tickets/<int:ticket_id>/<slug:name>/", gestures.at_desk, name="at-desk"),
    path("agent/retard/<slug:site>/", late.late, name="late"),
    path("agent/retard/<slug:site>/dire/", late.post, name="late-post"),
    path("agent/retard/<int:notice_id>/fin/", late.end, name="late-end"),
    path("habillage/<slug:slug>.css", look.authority_css, name="authority-css"),
    path("agent/aide/composants/", look.gallery, name="gallery"),
    path("suivi/<str:secret>/", tracking.tracking, name="tracking"),
    path("suivi/<str:secret>/message/", tracking.message, name="tracking-message"),
    path("suivi/<str:secret>/merci/", tracking.thanks, name="tracking-thanks"),
    path("suivi/<str:secret>/avis/", tracking.answer, name="tracking-answer"),
    path("suivi/<str:secret>/fiche/", tracking.slip, name="tracking-slip"),
    path("ticket/<str:secret>/avis/", answers.ticket, name="ticket-answer"),
    path("borne/<slug:site>/avis/", answers.kiosk, name="kiosk-answer"),
]
