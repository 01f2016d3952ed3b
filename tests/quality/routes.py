"""Figures are read by those who steer and by those they answer to; taken away by fewer."""

from tests.support.routes import Route, only

READERS = only("MGR", "QUA", "DIR", "ELU", "AUD")
EXPORTERS = STEERING = only("MGR", "QUA")

ROUTES = [
    Route("quality:today", READERS),
    Route("quality:indicators", READERS),
    Route("quality:months", READERS),
    Route("quality:week", READERS),
    Route("quality:replay", READERS),
    Route("quality:rows", READERS, query="?rows=contacts"),
    Route("quality:services", READERS),
    Route("quality:sheets", READERS),
    Route("quality:sheets-behind", READERS),
    Route("quality:sheets-export", EXPORTERS),
    Route("quality:export", EXPORTERS, query="?rows=measures"),
    Route("quality:goals", STEERING, {"get": 200, "post": 302}, data={"CSAT": "90"}),
]
