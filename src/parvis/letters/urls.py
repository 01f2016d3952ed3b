from django.urls import URLPattern, URLResolver, path

from parvis.letters.views import cases, letters, post, settings

app_name = "letters"

urlpatterns: list[URLPattern | URLResolver] = [
    path("agent/dossiers/<str:reference>/courriers/", cases.of_case, name="of-case"),
    path("agent/dossiers/<str:reference>/courriers/nouveau/", cases.begin, name="begin"),
    path("agent/dossiers/<str:reference>/refus/", cases.refusal, name="refusal"),
    path("agent/dossiers/<str:reference>/refus/<int:pk>/lettre/", cases.notify, name="notify"),
    path("agent/dossiers/<str:reference>/refus/<int:pk>/retirer/", cases.withdraw, name="withdraw"),
    path("agent/dossiers/<str:reference>/droits/", cases.ask, name="ask"),
    path("agent/dossiers/<str:reference>/droits/<int:pk>/", cases.answer, name="answer"),
    path("agent/dossiers/<str:reference>/bulletin.pdf", cases.slip, name="slip"),
    path("agent/lettres/<int:pk>/", letters.letter, name="letter"),
    path("agent/lettres/<int:pk>/envoyer/", letters.send, name="send"),
    path("agent/lettres/<int:pk>/abandonner/", letters.drop, name="drop"),
    path("agent/lettres/<int:pk>/lettre.pdf", letters.pdf, name="pdf"),
    path("agent/lettres/<int:pk>/lettre.png", letters.picture, name="picture"),
    path("agent/courrier/", post.incoming, name="incoming"),
    path("agent/courrier/arrivee.csv", post.incoming_table, name="incoming-table"),
    path("agent/courrier/jours/", post.days, name="days"),
    path("agent/courrier/dus/", post.owed, name="owed"),
    path("agent/courrier/depart/", post.outgoing, name="outgoing"),
    path("agent/courrier/depart.csv", post.outgoing_table, name="outgoing-table"),
    path("agent/courrier/<int:pk>/", post.one, name="incoming-one"),
    path("agent/courrier/<int:pk>/dossier/", post.attach, name="attach"),
    path("agent/courrier/<int:pk>/ouvrir/", post.open_case, name="open-case"),
    path("agent/courrier/<int:pk>/numerisation/", post.add_scan, name="add-scan"),
    path("agent/courrier/<int:pk>/fichier/", post.scan, name="scan"),
    path("agent/reglages/lettres/", settings.templates, name="templates"),
    path("agent/reglages/lettres/entete/", settings.letterhead, name="letterhead"),
    path("agent/reglages/lettres/signatures/", settings.delegation, name="delegation-new"),
    path("agent/reglages/lettres/signatures/<int:pk>/", settings.delegation, name="delegation"),
    path("agent/reglages/lettres/<slug:kind>/", settings.template, name="template"),
    path("agent/reglages/lettres/<slug:kind>/retirer/", settings.drop, name="drop-template"),
]
