from django.urls import path, register_converter
from django.urls.converters import StringConverter

from parvis.cases.views import (
    access,
    around,
    asked,
    files,
    handovers,
    pages,
    portfolio,
    procedures,
    reading,
    receiving,
    steps,
    team,
    together,
)
from parvis.cases.views.acting import ACTS


class AnswerConverter(StringConverter):
    """One of the answers to a handover."""

    regex = "|".join(handovers.ANSWERS)


class ActConverter(StringConverter):
    """One of the acts of the composer."""

    regex = "|".join(ACTS)


register_converter(ActConverter, "act")
register_converter(AnswerConverter, "answer")
app_name = "cases"

urlpatterns = [
    path("agent/dossiers/", portfolio.portfolio, name="portfolio"),
    path("agent/dossiers/ensemble/", together.together, name="together"),
    path("agent/dossiers/equipe/", team.team, name="team"),
    path("agent/dossiers/equipe/plafond/", team.cap, name="cap"),
    path("agent/dossiers/passations/", handovers.handovers, name="handovers"),
    path("agent/dossiers/passations/accepter/", handovers.accept_many, name="accept-many"),
    path(
        "agent/dossiers/passations/<int:pk>/<answer:answer>/",
        handovers.answer,
        name="handover-answer",
    ),
    path("agent/dossiers/nouveau/", pages.open_case, name="open"),
    path("agent/dossiers/rappels/", asked.calls, name="calls"),
    path("agent/dossiers/retrouver/", asked.identify, name="identify"),
    path("agent/dossiers/retrouver/code/", asked.speak_code, name="speak-code"),
    path("agent/dossiers/lectures/", access.log, name="access"),
    path("agent/dossiers/lectures/export/", access.export, name="access-export"),
    path("agent/dossiers/<str:reference>/", pages.case, name="case"),
    path("agent/dossiers/<str:reference>/bulletin/", pages.slip, name="slip"),
    path("agent/dossiers/<str:reference>/motif/", reading.why, name="why"),
    path("agent/dossiers/<str:reference>/danger/", reading.danger, name="danger"),
    path("agent/dossiers/<str:reference>/lien/", pages.renew_link, name="renew-link"),
    path("agent/dossiers/<str:reference>/lien/fermer/", asked.shut_link, name="shut-link"),
    path("agent/dossiers/<str:reference>/rappel/", asked.promise_call, name="promise-call"),
    path("agent/dossiers/<str:reference>/rappel/<int:pk>/", asked.call, name="call"),
    path(
        "agent/dossiers/<str:reference>/pieces/<int:pk>/refuser/",
        asked.refuse_item,
        name="item-refuse",
    ),
    path("agent/dossiers/<str:reference>/accuse/", receiving.receipt, name="receipt"),
    path("agent/dossiers/<str:reference>/pieces/<int:pk>/", receiving.item_came, name="item-came"),
    path("agent/dossiers/<str:reference>/documents/<int:pk>/", files.document, name="file"),
    path("agent/dossiers/<str:reference>/etapes/", steps.do_step, name="do-step"),
    path("agent/dossiers/<str:reference>/etapes/<int:pk>/", steps.undo_step, name="undo-step"),
    path("agent/dossiers/<str:reference>/autour/", around.show, name="around"),
    path("agent/dossiers/<str:reference>/autour/lier/", around.join, name="join"),
    path("agent/dossiers/<str:reference>/autour/fusions/<int:pk>/", around.apart, name="apart"),
    path("agent/dossiers/<str:reference>/autour/liens/<int:pk>/", around.unlink, name="unlink"),
    path("agent/dossiers/<str:reference>/autour/personnes/", around.party, name="party"),
    path(
        "agent/dossiers/<str:reference>/autour/personnes/<int:pk>/",
        around.party_end,
        name="party-end",
    ),
    path("agent/dossiers/<str:reference>/autour/mandats/", around.mandate, name="mandate"),
    path(
        "agent/dossiers/<str:reference>/autour/mandats/<int:pk>/",
        around.mandate_end,
        name="mandate-end",
    ),
    path("agent/reglages/demarches/", procedures.listing, name="procedures"),
    path("agent/reglages/demarches/nouvelle/", procedures.procedure, name="procedure-new"),
    path("agent/reglages/demarches/<int:pk>/", procedures.procedure, name="procedure"),
    path(
        "agent/reglages/demarches/<int:pk>/horloges/", procedures.start_clocks, name="start-clocks"
    ),
    path("agent/dossiers/<str:reference>/<act:act>/", pages.act, name="act"),
]
