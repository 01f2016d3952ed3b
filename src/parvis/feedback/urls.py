from django.urls import path

from parvis.feedback import views

app_name = "feedback"

urlpatterns = [
    path("agent/merci/", views.thanks, name="thanks"),
    path("agent/merci/export/", views.export, name="thanks-export"),
]
