from django.urls import URLPattern, URLResolver, path

from parvis.knowledge.views import agent, public

app_name = "knowledge"

urlpatterns: list[URLPattern | URLResolver] = [
    path("fiches/", public.find, name="search"),
    path("fiches/<slug:ref>/", public.sheet, name="sheet"),
    path("fiches/<slug:ref>/documents/", public.documents, name="documents"),
    path("agent/fiches/", agent.find, name="agent-search"),
    path("agent/fiches/<slug:ref>/", agent.sheet, name="agent-sheet"),
]
