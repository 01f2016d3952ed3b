from django.urls import path

from parvis.contacts import views

app_name = "contacts"

urlpatterns = [
    path("agent/contacts/", views.log, name="log"),
    path("agent/contacts/nouveau/", views.new, name="new"),
    path("agent/contacts/<int:pk>/", views.contact, name="contact"),
    path("agent/contacts/<int:pk>/correction/", views.correct, name="correct"),
    path("agent/contacts/<int:pk>/annulation/", views.undo, name="undo"),
]
