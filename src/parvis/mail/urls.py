from django.urls import URLPattern, URLResolver, path

from parvis.mail.views import boxes, cases, inbox

app_name = "mail"

urlpatterns: list[URLPattern | URLResolver] = [
    path("agent/courriels/", inbox.inbox, name="inbox"),
    path("agent/courriels/<int:pk>/", inbox.message, name="message"),
    path("agent/courriels/<int:pk>/rattacher/", inbox.attach, name="attach"),
    path("agent/courriels/<int:pk>/laisser-passer/", inbox.release, name="release"),
    path("agent/courriels/<int:pk>/ouvrir/", inbox.open_case, name="open"),
    path("agent/courriels/<int:pk>/repondre/", inbox.answer, name="answer"),
    path("agent/courriels/<int:pk>/ecarter/", inbox.set_aside, name="set-aside"),
    path("agent/courriels/<int:pk>/reprendre/", inbox.take_up, name="take-up"),
    path("agent/courriels/<int:pk>/original/", inbox.original, name="original"),
    path("agent/courriels/<int:pk>/fichiers/<int:place>/", inbox.file, name="file"),
    path("agent/dossiers/<str:reference>/courriels/", cases.of_case, name="of-case"),
    path("agent/dossiers/<str:reference>/courriels/lien/", cases.send_link, name="send-link"),
    path(
        "agent/dossiers/<str:reference>/courriels/<int:pk>/renvoyer/",
        cases.send_again,
        name="send-again",
    ),
    path("agent/reglages/courriels/", boxes.listing, name="boxes"),
    path("agent/reglages/courriels/nouvelle/", boxes.box, name="box-new"),
    path("agent/reglages/courriels/<int:pk>/", boxes.box, name="box"),
]
