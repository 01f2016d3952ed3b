"""``python -m tests.e2e.furnish``: what the browser needs beside the demo, told as JSON.

Halls that are nobody else's, so that no journey waits in another one's line; tickets and cases in
every state; and the address of every page of the tables of routes.
"""

import json
import os
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
django.setup()

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes  # noqa: E402
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from parvis.accounts.models import Agent, RoleGrant  # noqa: E402
from parvis.cases import actions as cases  # noqa: E402
from parvis.cases.models import Case  # noqa: E402
from parvis.common import codes  # noqa: E402
from parvis.contacts.models import Contact  # noqa: E402
from parvis.demo import report  # noqa: E402
from parvis.knowledge.models import Sheet  # noqa: E402
from parvis.organisations.models import (  # noqa: E402
    Authority,
    Desk,
    DirectoryEntry,
    Site,
    Topic,
)
from parvis.organisations.screens import SCREENS  # noqa: E402
from parvis.queue import actions as queue  # noqa: E402
from parvis.queue.models import DeskSession, Printer, Screen, Ticket  # noqa: E402
from tests.e2e import (  # noqa: E402
    furnish_appointments,
    furnish_assistant,
    furnish_clocks,
    furnish_departments,
    furnish_knowledge,
    furnish_letters,
    furnish_mail,
    furnish_national,
    furnish_page,
    furnish_privacy,
    furnish_referent,
    furnish_sharing,
    furnish_sheets,
    furnish_silo,
)
from tests.e2e.pages import EXTRA, PAGES  # noqa: E402
from tests.e2e.town import WITH_FACTORS  # noqa: E402

HALLS, NEW = 72, 60
TOWN = "sainte-orvanne"
FIRST_LEVEL = ("acte-naissance", "livret-famille", "cantine-inscription")
SECOND_LEVEL = "declaration-prealable"
# Whoever has a part in the scene of the demo keeps to it.
# A case may be one too many for its referent: how many the town has depends on the hour.
BECAUSE = "Elle connaît la rue."
BUSY = {"ines.rollin"}

now = timezone.now().replace(microsecond=0)


def main() -> dict[str, Any]:
    shown = report.read()
    town = Authority.objects.get(slug=TOWN)
    Authority.objects.filter(pk=town.pk).update(directory_is_public=True)
    halls, agents = make_halls(town), free_agents(town)
    code = second_factors()
    states = {**tickets(halls.pop(), agents.pop()), **followed(town)}
    expected = furnish_appointments.furnish(town, halls.pop(), agents.pop(), now=now)
    states |= expected.pop("addresses") | furnish_sheets.addresses(town, now=now)
    states |= furnish_departments.addresses(town) | furnish_mail.addresses(town)
    states |= furnish_letters.addresses(town)
    states |= furnish_clocks.addresses(town, now=now)
    states |= furnish_referent.addresses(town, now=now)
    states |= furnish_page.addresses(town, now=now)
    states |= furnish_silo.addresses(town, states, now=now)
    return {
        "password": shown["authorities"][0]["accounts"][0]["password"],
        "token": shown["authorities"][0]["api_token"],
        "accounts": shown["authorities"][0]["accounts"],
        "desk_of_marc": Desk.objects.get(site__slug="mairie", name="Guichet 1").pk,
        "halls": halls,
        "agents": agents,
        "recovery_code": code,
        "expected": expected,
        "addresses": {**addresses(town, shown["shown"]), **states},
    }


def make_halls(town: Authority) -> list[dict[str, Any]]:
    """Small halls with two desks; nobody declared their hours: they are never closed."""
    topics = list(Topic.objects.filter(authority=town, slug__in=[*FIRST_LEVEL, SECOND_LEVEL]))
    made = []
    for number in range(1, HALLS + 1):
        site = Site.objects.create(
            authority=town, slug=f"salle-{number}", name=f"Salle {number}", name_en=f"Room {number}"
        )
        desks = [
            Desk.objects.create(site=site, name=f"Guichet {n}", name_en=f"Desk {n}", position=n)
            for n in (1, 2)
        ]
        for desk in desks:
            desk.topics.add(*topics)
        made.append(
            {
                "site": site.slug,
                "site_id": str(site.pk),
                "name": site.name,
                "desks": [str(desk.pk) for desk in desks],
                "topics": {topic.slug: str(topic.pk) for topic in topics},
            }
        )
    return made


def free_agents(town: Authority) -> list[str]:
    """Colleagues of the reception who sit nowhere in the scene of the demo."""
    agents = Agent.objects.filter(authority=town, grants__role="REC", is_active=True)
    sits = DeskSession.objects.filter(closed_at=None).values("agent")
    free = agents.exclude(username__in=BUSY).exclude(pk__in=sits).order_by("username")
    return [agent.username for agent in free] + [newcomer(town, number) for number in range(NEW)]


def newcomer(town: Authority, number: int) -> str:
    """A colleague made for the journeys, who signs in like everybody else."""
    model = Agent.objects.get(username="ines.rollin")
    entry = DirectoryEntry.objects.create(
        authority=town,
        service=model.service,
        first_name="Camille",
        last_name=f"Nouveau {number}",
        function="Chargée d’accueil",
    )
    agent = Agent.objects.create(
        authority=town,
        username=f"camille.{number}",
        password=model.password,
        service=model.service,
        entry=entry,
    )
    RoleGrant.objects.create(agent=agent, role="REC")
    return agent.username


def tickets(hall: dict[str, Any], username: str) -> dict[str, str]:
    """The page of a ticket in every state in which somebody may find it."""
    agent = Agent.objects.with_rights().get(username=username)
    topic = Topic.objects.get(pk=hall["topics"][FIRST_LEVEL[0]])
    site = Site.objects.select_related("authority").get(slug=hall["site"])
    desk = Desk.objects.select_related("site__authority").get(pk=hall["desks"][0])
    queue.sit_down(desk, agent=agent, now=now - timedelta(minutes=60))
    clock = iter(now - timedelta(minutes=minute) for minute in range(55, 0, -1))

    def taken() -> queue.Issued:
        return queue.issue_ticket(site, topic, now=next(clock), source="agent", actor=agent)

    def act(*moves: Callable[..., Any]) -> str:
        issued = taken()
        queue.call_next(desk, agent=agent, now=next(clock))
        for move in moves:
            move(issued.ticket, agent=agent, now=next(clock))
        return reverse("web:ticket", args=[issued.secret])

    def left() -> str:
        issued = taken()
        queue.leave(issued.ticket, now=next(clock))
        return reverse("web:ticket", args=[issued.secret])

    def done(ticket: Any, **who: Any) -> None:
        queue.finish(ticket, outcome="resolved", **who)

    return {
        "ticket-held": act(queue.start, queue.hold),
        "ticket-absent": act(queue.mark_no_show),
        "ticket-done": act(queue.start, done),
        "ticket-left": left(),
        "ticket-called": act(),
        "ticket-waiting": reverse("web:ticket", args=[taken().secret]),
        "display-busy": reverse("queue:display", args=[hall["site"]]),
    }


def followed(town: Authority) -> dict[str, str]:
    """A case that awaits an answer of the person, and one that is closed."""
    topic = Topic.objects.select_related("authority", "service").get(
        authority=town, slug=SECOND_LEVEL
    )
    nadia = Agent.objects.with_rights().get(username="nadia.amrani")

    def opened() -> cases.Opened:
        return cases.open_case(
            topic=topic, channel="desk", description="Trois fenêtres.", now=now, agent=nadia,
            referent=nadia, because=BECAUSE,
        )  # fmt: skip

    waiting, closed = opened(), opened()
    cases.write_to_person(
        waiting.case, agent=nadia, now=now, text="Il manque le plan.", awaited="Le plan"
    )
    cases.close(closed.case, agent=nadia, now=now, text="C’est accordé.")
    return {
        "tracking-awaiting": reverse("web:tracking", args=[waiting.secret]),
        "tracking-closed": reverse("web:tracking", args=[closed.secret]),
        "case-closed": reverse("cases:case", args=[closed.case.reference]),
    }


def second_factors() -> str:
    """Odile has an application and recovery codes; gives one of these."""
    odile = Agent.objects.get(username=WITH_FACTORS)
    TOTP.activate(odile, generate_totp_secret())
    return str(RecoveryCodes.activate(odile).get_unused_codes()[0])


def addresses(town: Authority, shown: dict[str, str]) -> dict[str, str]:
    """Page -> address, filled with rows of the demo."""
    given = arguments(town, shown)
    found = {
        # The tables ask for the hall of the tests; here it is that of the demo.
        page.name: reverse(page.route, kwargs=given.get(page.route, {}))
        + page.query.replace("site=orvanne-mairie", "site=mairie")
        for page in PAGES
    }
    sheet = given["knowledge:sheet"]["ref"]
    poster = given["queue:join"]["secret"]
    found |= {
        page.name: page.address.replace("<sheet>", sheet).replace("<poster>", poster)
        for page in EXTRA
        if page.address
    }
    return found


def arguments(town: Authority, shown: dict[str, str]) -> dict[str, dict[str, Any]]:
    site, slug = {"site": "mairie"}, {"slug": TOWN}
    doors = {page.route: slug for page in PAGES if page.route.endswith("-of")}
    ticket, tracking = ({"secret": _secret(shown[key])} for key in ("ticket_url", "tracking_url"))
    known = Case.objects.get(secret_hash=codes.hash_secret(tracking["secret"]))
    case = {"reference": known.reference}
    sheet = {"ref": _sheet(town).ref}
    contact = Contact.objects.filter(authority=town).order_by("-pk").first()
    colleague = Agent.objects.get(username="ines.rollin")
    given = {
        **doors,
        "queue:display": site,
        "queue:kiosk": site,
        "queue:kiosk-topic": {**site, "topic": "acte-naissance"},
        "queue:kiosk-family": {**site, "family": _family(town)},
        "queue:kiosk-ticket": {**site, **ticket},
        **machines(),
        "knowledge:sheet": sheet,
        "knowledge:documents": sheet,
        "knowledge:agent-sheet": sheet,
        "web:documents": sheet,
        "web:hall": site,
        "web:ticket": ticket,
        "web:ticket-pass": ticket,
        "web:ticket-alert": ticket,
        "web:waits": site,
        "web:late": site,
        "web:ticket-answer": {"secret": _answered(town)},
        "web:tracking": tracking,
        "web:tracking-slip": tracking,
        "web:kiosk-answer": site,
        "knowledge:sheet-of": {**slug, **sheet},
        "knowledge:documents-of": {**slug, **sheet},
        "cases:case": case,
        "cases:slip": case,
        "contacts:contact": {"pk": contact.pk if contact else 0},
        "accounts:agent": {"pk": colleague.pk},
        "web:tracking-book": tracking,
        **furnish_appointments.arguments(town),
        **furnish_assistant.arguments(town, now=now),
        **furnish_clocks.arguments(town),
        **furnish_page.arguments(town, now=now),
        **furnish_national.arguments(town, now=now),
        **furnish_sheets.arguments(town, now=now),
        **furnish_sharing.arguments(town),
        **furnish_departments.arguments(town, now=now),
        **furnish_knowledge.arguments(town, now=now),
        **furnish_letters.arguments(town),
        **furnish_privacy.arguments(town),
        **furnish_silo.arguments(town),
        **furnish_mail.arguments(town),
        **_settings(),
    }
    references = {one["reference"] for one in given.values() if "reference" in one}
    furnish_silo.open_to(town, sorted(references), now=now)
    return given


def machines() -> dict[str, dict[str, Any]]:
    """The machines of the town hall, one printer of them dead, and somebody who came back."""
    site = Site.objects.select_related("authority").get(slug="mairie")
    manager = Agent.objects.filter(authority=site.authority, grants__role="MGR").first()
    assert manager is not None
    printer = Printer(site=site, name="Borne du hall", host="192.0.2.1")
    queue.keep_printer(printer, agent=manager)
    Printer.objects.filter(pk=printer.pk).update(failing_since=now, error="no route to host")
    Screen.objects.filter(site=site, slug="principal").update(
        last_seen_at=now - timedelta(hours=2), voiceless=["uk"]
    )
    waiting = Ticket.objects.filter(site=site, state="waiting").latest("pk")
    screen = Screen.objects.get(site=site, slug="etat-civil")
    return {
        "queue:kiosk-back": {"site": site.slug},
        "queue:kiosk-returned": {"site": site.slug, "ticket": waiting.pk},
        "queue:display-of": {"site": site.slug, "screen": screen.slug},
        "queue:join": {"secret": queue.renew_poster(site, agent=manager, now=now).secret},
        "queue:screen-change": {"pk": screen.pk},
        "queue:printer-change": {"pk": printer.pk},
    }


def _settings() -> dict[str, dict[str, Any]]:
    admin = Agent.objects.with_rights().get(username="antoine.salvignac")
    rows: Iterable[tuple[str, Any]] = ((one.key, one.rows(admin).first()) for one in SCREENS)
    return {f"organisations:{key}-change": {"pk": row.pk} for key, row in rows if row}


def _secret(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def _sheet(town: Authority) -> Sheet:
    """One with a list of documents."""
    sheets = Sheet.objects.filter(authority=town).select_related("current").order_by("ref")
    return next(one for one in sheets if one.current and "documents" in str(one.current.blocks))


def _family(town: Authority) -> str:
    return str(Topic.objects.get(authority=town, slug="livret-famille").family.slug)


def _answered(town: Authority) -> str:
    """The secret of a ticket whose visit has just ended."""
    site = Site.objects.select_related("authority").get(slug="salle-1")
    desk = Desk.objects.select_related("site__authority").filter(site=site).latest("position")
    topic = Topic.objects.get(authority=town, slug=FIRST_LEVEL[0])
    agent = Agent.objects.with_rights().get(username="ines.rollin")
    queue.sit_down(desk, agent=agent, now=now - timedelta(minutes=9))
    issued = queue.issue_ticket(
        site, topic, now=now - timedelta(minutes=8), source="agent", actor=agent
    )
    queue.call_next(desk, agent=agent, now=now - timedelta(minutes=7))
    queue.start(issued.ticket, agent=agent, now=now - timedelta(minutes=6))
    queue.finish(issued.ticket, agent=agent, now=now - timedelta(minutes=1), outcome="resolved")
    return issued.secret


if __name__ == "__main__":
    print(json.dumps(main()))
