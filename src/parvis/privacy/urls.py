from django.urls import path, register_converter
from django.urls.converters import StringConverter

from parvis.privacy.views import journal, people, slips, terms


class SlipActConverter(StringConverter):
    """What happens to a slip."""

    regex = "|".join(slips.ACTS)


class RequestActConverter(StringConverter):
    """What is done about a request."""

    regex = "|".join(people.ACTS)


register_converter(SlipActConverter, "slipact")
register_converter(RequestActConverter, "requestact")
app_name = "privacy"

urlpatterns = [
    path("agent/donnees/personnes/", people.requests, name="requests"),
    path("agent/donnees/personnes/<int:pk>/", people.person, name="person"),
    path("agent/donnees/demandes/<int:pk>/", people.show, name="request"),
    path("agent/donnees/demandes/<int:pk>/copie/", people.copy, name="copy"),
    path("agent/donnees/demandes/<int:pk>/<requestact:act>/", people.act, name="request-act"),
    path("agent/donnees/gels/", people.hold, name="hold"),
    path("agent/donnees/gels/<int:pk>/lever/", people.lift, name="lift"),
    path("agent/donnees/durees/", terms.listing, name="rules"),
    path("agent/donnees/durees/proposer/", terms.propose, name="propose"),
    path("agent/donnees/durees/<int:pk>/", terms.rule, name="rule"),
    path(
        "agent/donnees/durees/demarche/<int:pk>/",
        terms.rule_of_procedure,
        name="rule-of-procedure",
    ),
    path("agent/donnees/bordereaux/", slips.listing, name="slips"),
    path("agent/donnees/bordereaux/preparer/", slips.prepare, name="prepare"),
    path("agent/donnees/bordereaux/<int:pk>/", slips.slip, name="slip"),
    path("agent/donnees/bordereaux/<int:pk>/versement.zip", slips.transfer, name="transfer"),
    path("agent/donnees/bordereaux/<int:pk>/<slipact:act>/", slips.act, name="slip-act"),
    path("agent/donnees/registre/", terms.register, name="register"),
    path("agent/donnees/registre.json", terms.register_data, name="register-data"),
    path("agent/donnees/journal/", journal.listing, name="journal"),
    path("agent/donnees/journal.csv", journal.export, name="journal-data"),
]
