from django.urls import URLPattern, URLResolver, path

from parvis.departments.views import questions, rounds, times

app_name = "departments"

urlpatterns: list[URLPattern | URLResolver] = [
    path("agent/questions/", questions.questions, name="questions"),
    path("agent/questions/nouvelle/", questions.new, name="ask"),
    path("agent/questions/delais/", times.times, name="times"),
    path("agent/questions/delais/maison/", times.of_house, name="time-of-house"),
    path("agent/questions/delais/<int:service_id>/", times.of_service, name="time-of-service"),
    path("agent/questions/<int:pk>/", questions.question, name="question"),
    path("agent/questions/<int:pk>/prendre/", questions.take, name="take"),
    path("agent/questions/<int:pk>/repondre/", questions.answer, name="answer"),
    path("agent/questions/<int:pk>/passer/", questions.pass_on, name="pass-on"),
    path("agent/questions/<int:pk>/retirer/", questions.withdraw, name="withdraw"),
    path("agent/questions/<int:pk>/fermer/", questions.close, name="close"),
    path("agent/questions/<int:pk>/lue/", questions.shown, name="shown"),
    path("agent/questions/<int:pk>/fiche/", questions.draft, name="draft"),
    path("agent/questions/<int:pk>/reprendre/", questions.reuse, name="reuse"),
    path("agent/tournees/", rounds.rounds, name="rounds"),
    path("agent/tournees/nouvelle/", rounds.plan, name="plan"),
    path("agent/tournees/<int:pk>/", rounds.one, name="round"),
    path("agent/tournees/<int:pk>/tournee.ics", rounds.ics_file, name="round-ics"),
    path("agent/tournees/<int:pk>/compte-rendu/", rounds.close, name="round-close"),
    path("agent/tournees/<int:pk>/reporter/", rounds.put_off, name="round-put-off"),
    path("agent/tournees/<int:pk>/sujet/", rounds.topic, name="round-topic"),
    path("agent/tournees/<int:pk>/fiche/", rounds.draft, name="round-draft"),
]
