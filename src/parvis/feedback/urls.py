from django.urls import path

from parvis.feedback.views import complaints, thanks

app_name = "feedback"

urlpatterns = [
    path("agent/merci/", thanks.thanks, name="thanks"),
    path("agent/merci/export/", thanks.export, name="thanks-export"),
    path("agent/merci/equipes/", thanks.teams, name="teams"),
    path("agent/merci/dossier/<str:reference>/", thanks.pass_on, name="thanks-pass-on"),
    path("agent/reclamations/", complaints.complaints, name="complaints"),
    path("agent/reclamations/<int:pk>/", complaints.complaint, name="complaint"),
    path("agent/reclamations/<int:pk>/prendre/", complaints.take, name="complaint-take"),
    path("agent/reclamations/<int:pk>/repondre/", complaints.answer, name="complaint-answer"),
    path("agent/reclamations/dossier/<str:reference>/", complaints.record, name="complaint-record"),
    path("agent/incidents/", complaints.incidents, name="incidents"),
    path("agent/incidents/signaler/", complaints.report, name="report"),
    path("agent/incidents/signaler/<str:reference>/", complaints.report, name="report-of-case"),
    path("agent/incidents/<int:pk>/", complaints.incident, name="incident"),
]
