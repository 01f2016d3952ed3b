"""Who gets which answer at the addresses of the legal register."""

from typing import Any

from parvis.law import actions
from tests.accounts.factories import ines
from tests.law.factories import NOON, article_99, civil_code, editor
from tests.support.routes import Route, only

READERS = only("REC", "ADV", "REF", "LIA", "MGR", "QUA", "KBE", "DIR", "AUD", "FED")
EDITORS = only("KBE")
PROPOSE = only("REF", "LIA", "MGR", "KBE", "DIR")
WRITERS = only("REF", "LIA", "MGR", "KBE")


def a_house() -> dict[str, Any]:
    ines()
    return {}


def of_house() -> dict[str, Any]:
    return {"slug": ines().authority.slug}


def a_text() -> dict[str, Any]:
    return {"text_id": civil_code().pk}


def an_article() -> dict[str, Any]:
    return {"article_id": article_99().pk}


def a_reading() -> dict[str, Any]:
    agent = editor()
    row = actions.interpret(article_99(agent), words="Sans frais.", agent=agent, now=NOON)
    return {"interpretation_id": row.pk}


READING = {"words": "Sans frais."}
ROUTES = [
    Route("law:public", "public", ours=a_house),
    Route("law:public-of", "public", ours=of_house),
    Route("law:register", READERS),
    Route("law:add", WRITERS),
    Route("law:text", READERS, ours=a_text),
    Route("law:article", READERS, ours=an_article),
    Route("law:edit", EDITORS, ours=a_text),
    Route("law:add-article", EDITORS, ours=a_text),
    Route("law:change", EDITORS, ours=an_article),
    Route("law:confirm", EDITORS, {"post": 302}, an_article),
    Route("law:repeal", EDITORS, {"post": 422}, an_article),
    Route("law:interpret", PROPOSE, {"post": 302}, an_article, READING),
    Route("law:decide", only("KBE", "DIR"), {"post": 302}, a_reading, {"status": "accepted"}),
]
