from django.urls import URLPattern, URLResolver, path

from parvis.knowledge.views import agent, citations, public
from parvis.organisations.http import at_front_door

app_name = "knowledge"

urlpatterns: list[URLPattern | URLResolver] = [
    *at_front_door("fiches/", public.find, name="search"),
    *at_front_door("fiches/<slug:ref>/", public.sheet, name="sheet"),
    *at_front_door("fiches/<slug:ref>/documents/", public.documents, name="documents"),
    path("agent/fiches/loi/", citations.to_check, name="citations"),
    path("agent/fiches/loi/<int:article_id>/", citations.citing, name="citing"),
    path("agent/fiches/loi/tient/<int:citation_id>/", citations.still_holds, name="still-holds"),
    path("agent/fiches/<slug:ref>/loi/", citations.cite, name="cite"),
    path("agent/fiches/<slug:ref>/loi/retire/", citations.uncite, name="uncite"),
    path("agent/fiches/", agent.find, name="agent-search"),
    path("agent/fiches/<slug:ref>/", agent.sheet, name="agent-sheet"),
]
