from django.urls import URLPattern, URLResolver, path

from parvis.knowledge.views import agent, imports, national, places, public
from parvis.organisations.http import at_front_door

app_name = "knowledge"

urlpatterns: list[URLPattern | URLResolver] = [
    *at_front_door("fiches/", public.find, name="search"),
    *at_front_door("fiches/themes/", national.themes, name="themes"),
    *at_front_door("fiches/themes/<slug:ref>/", national.theme, name="theme"),
    *at_front_door("fiches/glossaire/", national.glossary, name="glossary"),
    *at_front_door("fiches/ressources/<slug:ref>/", national.resource, name="resource"),
    *at_front_door("fiches/<slug:ref>/", public.sheet, name="sheet"),
    *at_front_door("fiches/<slug:ref>/documents/", public.documents, name="documents"),
    path("agent/fiches/", agent.find, name="agent-search"),
    path("agent/fiches/imports/", imports.listing, name="imports"),
    path("agent/fiches/imports/<int:pk>/", imports.one, name="import"),
    path("agent/fiches/imports/<int:pk>/arreter/", imports.stop, name="import-stop"),
    path("agent/fiches/imports/<int:pk>/reprendre/", imports.resume, name="import-resume"),
    path("agent/fiches/lieux/", places.listing, name="places"),
    path("agent/fiches/lieux/nouveau/", places.form, name="place-new"),
    path("agent/fiches/lieux/<int:pk>/", places.form, name="place"),
    path("agent/fiches/lieux/<int:pk>/retirer/", places.remove, name="place-remove"),
    path("agent/fiches/<slug:ref>/", agent.sheet, name="agent-sheet"),
]
