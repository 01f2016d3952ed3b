"""Figures are read by those who steer and those they answer to; rows and exports by fewer."""

from tests.support.routes import Route, only

READERS = only("MGR", "QUA", "DIR", "ELU", "AUD")
LISTERS = EXPORTERS = STEERING = only("MGR", "QUA")

ROUTES = [
    Route("quality:today", READERS),
    Route("quality:indicators", READERS),
    Route("quality:months", READERS),
    Route("quality:week", READERS),
    Route("quality:replay", LISTERS),
    Route("quality:rows", LISTERS, query="?rows=contacts"),
    Route("quality:services", READERS),
    Route("quality:sheets", READERS),
    Route("quality:sheets-behind", READERS),
    Route("quality:sheets-export", EXPORTERS),
    Route("quality:export", EXPORTERS, query="?rows=measures"),
    Route("quality:goals", STEERING, {"get": 200, "post": 302}, data={"CSAT": "90"}),
]
