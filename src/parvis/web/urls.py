from django.urls import URLPattern, URLResolver, path

from parvis.web.views import look

app_name = "web"

urlpatterns: list[URLPattern | URLResolver] = [
    path("habillage/<slug:slug>.css", look.authority_css, name="authority-css"),
    path("affichage/", look.display_preferences, name="display-preferences"),
    path("agent/aide/composants/", look.gallery, name="gallery"),
]
