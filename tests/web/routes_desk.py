"""The workstation, its gestures, the front door and the page of a ticket."""

from typing import Any

from parvis.assistant.models import Suggestion
from parvis.queue import actions
from parvis.queue.models import Ticket
from tests.knowledge.factories import local_sheet
from tests.knowledge.routes import a_neighbours_sheet
from tests.organisations.factories import AuthorityFactory
from tests.support.routes import Route, only
from tests.web.scenes import hall

FRONT_DOOR = ("front", "hours", "follow", "accessibility", "privacy", "legal")
RECEIVES = only("REC", "ADV", "MGR")
POST = {"post": 302}
POST_ONLY = {"post": 302, "get": 405}


def an_authority() -> dict[str, Any]:
    return {"slug": AuthorityFactory.create().slug}


def town() -> dict[str, Any]:
    AuthorityFactory.create()
    return {}


def a_ticket() -> dict[str, Any]:
    scene = hall()
    known = Ticket.objects.first()
    return {"ticket_id": (known or scene.waits()).pk}


def a_site() -> dict[str, Any]:
    return {"site": hall().site.slug}


def a_notice() -> dict[str, Any]:
    scene = hall()
    notice = actions.post_notice(scene.site, "Patience.", agent=scene.agent, now=scene.now)
    return {"notice_id": notice.pk}


def a_gesture() -> dict[str, Any]:
    return {**a_ticket(), "name": "rappeler"}


def a_leg() -> dict[str, Any]:
    return {**a_ticket(), "leg_id": 1}


def a_hall() -> dict[str, Any]:
    return {"site": hall().site.slug}


def a_note() -> dict[str, Any]:
    scene = hall()
    return {"note_id": actions.write_note(scene.site, "Vu", agent=scene.agent, now=scene.now).pk}


def a_secret() -> dict[str, Any]:
    return {"secret": hall().takes().secret}


def a_sheet() -> dict[str, Any]:
    return {"ref": local_sheet().ref}


def a_suggestion() -> dict[str, Any]:
    scene = hall()
    made = Suggestion.objects.create(
        authority=scene.site.authority, place="visit", occasion="one", at=scene.now
    )
    return {"suggestion_id": made.pk}


ROUTES = [
    *(Route(f"web:{name}", "public", ours=town) for name in FRONT_DOOR),
    *(Route(f"web:{name}-of", "public", ours=an_authority) for name in FRONT_DOOR),
    Route("web:ticket", "public", ours=a_secret),
    Route("web:ticket-leave", "public", POST_ONLY, a_secret),
    Route("web:ticket-back", "public", POST_ONLY, a_secret),
    Route("web:ticket-pass", "public", {"get": 200, "post": 302}, a_secret),
    Route("web:ticket-alert", "public", {"get": 200, "post": 409}, a_secret),
    Route("web:ticket-no-alert", "public", POST_ONLY, a_secret),
    Route("web:ticket-language", "public", POST_ONLY, a_secret, {"language": "en"}),
    Route("web:waits", "public", ours=a_site),
    Route("web:waits-csv", "public", ours=a_site),
    Route("web:estimates", only("MGR", "QUA", "DIR", "ELU", "AUD")),
    Route("web:workstation", RECEIVES),
    # Without a desk there is no line to fetch.
    Route("web:line", RECEIVES, {"get": 404}),
    Route("web:pulse", RECEIVES),
    Route("web:hall", RECEIVES, ours=a_hall),
    Route("web:talk", RECEIVES, ours=a_hall),
    Route("web:say", RECEIVES, POST, a_hall, data={"text": "Bonjour"}),
    Route("web:talk-seen", RECEIVES, POST, a_hall),
    Route("web:note-write", RECEIVES, POST, a_hall, data={"text": "Vu"}),
    Route("web:note-end", RECEIVES, POST, a_note),
    Route("web:log-contact", RECEIVES, POST_ONLY, data={"typed": "acte"}),
    Route("web:not-found", RECEIVES, POST_ONLY, data={"s": "a" * 32}),
    Route("web:send-documents", RECEIVES, POST, a_sheet, data={"to": "a@b.example"}),
    Route("web:send-neighbour", RECEIVES, POST, a_neighbours_sheet, data={"to": "a@b.example"}),
    Route("web:topics", RECEIVES, {"get": 404}),
    Route("web:documents", RECEIVES, ours=a_sheet),
    Route("web:slip", RECEIVES, {"get": 302}, a_ticket),
    Route("web:call-next", RECEIVES, POST_ONLY),
    Route("web:new-ticket", RECEIVES, POST_ONLY),
    Route("web:undo", RECEIVES, POST_ONLY),
    Route("web:presence", RECEIVES, POST_ONLY, data={"presence": "open"}),
    Route("web:late", RECEIVES, ours=a_site),
    Route("web:late-post", RECEIVES, POST, a_site, {"reason": "crowd", "minutes": "60"}),
    Route("web:late-end", RECEIVES, POST, a_notice),
    Route("web:resume", RECEIVES, POST, a_ticket),
    Route("web:leave", RECEIVES, POST, a_ticket),
    Route("web:finish", RECEIVES, POST, a_ticket, data={"outcome": "resolved"}),
    Route("web:transfer", RECEIVES, POST, a_ticket),
    Route("web:change-topic", RECEIVES, POST, a_ticket),
    Route(
        "web:suggestion-opinion",
        RECEIVES,
        {"post": 404},  # what a colleague was shown is theirs to judge
        a_suggestion,
        {"helpful": "yes"},
    ),
    Route("web:use-sheet", RECEIVES, POST, a_ticket, data={"sheet": "SO-012"}),
    Route("web:choose", RECEIVES, POST, a_ticket, data={"reason": "x"}),
    Route("web:come-back", RECEIVES, POST, a_ticket),
    Route("web:add-leg", RECEIVES, POST, a_ticket),
    Route("web:drop-leg", RECEIVES, POST, a_leg),
    Route("web:identify", RECEIVES, POST, a_ticket, data={"last_name": "Le Goff"}),
    Route("web:at-desk", RECEIVES, POST, a_gesture),
]
