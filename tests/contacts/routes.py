from typing import Any

from tests.accounts.factories import ines
from tests.contacts.factories import ContactFactory
from tests.organisations.factories import TopicFactory
from tests.support.routes import Route, only

READERS = only("REC", "ADV", "REF", "LIA", "MGR", "QUA")
WRITERS = only("REC", "ADV", "REF", "LIA", "MGR")


def a_contact() -> dict[str, Any]:
    return {"pk": ContactFactory.create(topic=TopicFactory.create(), agent=ines()).pk}


CORRECTION = {
    "topic": "",
    "channel": "phone",
    "outcome": "resolved",
    "avoidable_cause": "",
    "reason": "wrong key",
}

ROUTES = [
    Route("contacts:log", READERS),
    Route("contacts:new", WRITERS, {"post": 422}, data={"typed": "no such topic"}),
    Route("contacts:contact", READERS, ours=a_contact),
    Route("contacts:correct", WRITERS, {"post": 422}, ours=a_contact, data=CORRECTION),
    Route("contacts:undo", WRITERS, {"post": 302}, ours=a_contact),
]
