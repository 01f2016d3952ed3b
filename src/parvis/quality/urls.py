from django.urls import URLPattern, URLResolver, path

from parvis.quality.views import goals, indicators, replay, sheets, today, week

app_name = "quality"

urlpatterns: list[URLPattern | URLResolver] = [
    path("agent/jour/", today.show, name="today"),
    path("agent/indicateurs/", indicators.show, name="indicators"),
    path("agent/indicateurs/mois/", indicators.months, name="months"),
    path("agent/jour/salle/", replay.show, name="replay"),
    path("agent/indicateurs/semaine/", week.show, name="week"),
    path("agent/indicateurs/services/", indicators.services, name="services"),
    path("agent/indicateurs/lignes/", indicators.behind, name="rows"),
    path("agent/indicateurs/fiches/", sheets.show, name="sheets"),
    path("agent/indicateurs/fiches/manque/", sheets.behind, name="sheets-behind"),
    path("agent/indicateurs/fiches/export/", sheets.export, name="sheets-export"),
    path("agent/indicateurs/export/", indicators.export, name="export"),
    path("agent/reglages/objectifs/", goals.edit, name="goals"),
]
