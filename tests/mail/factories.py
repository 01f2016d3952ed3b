"""The mail of Sainte-Orvanne: two addresses, Odette's windows, and messages as they come."""

from typing import Any

from parvis.accounts.models import Agent
from parvis.cases.actions import Opened
from parvis.cases.models import Case
from parvis.mail import actions
from parvis.mail.models import Mailbox, OutgoingMail, ReceivedMail
from parvis.mail.reading import runner
from parvis.organisations.models import Service
from tests.accounts.factories import AgentFactory, ines
from tests.cases.factories import NOON, nadia, windows
from tests.contacts.factories import PersonFactory
from tests.organisations.factories import AuthorityFactory, ServiceFactory

ADDRESS = "accueil@sainte-orvanne.example"
ODETTE = "odette@example.org"


def reception() -> Service:
    service = ServiceFactory.create()
    if not service.phone:
        service.phone = "02 61 91 00 00"
        service.save(update_fields=["phone"])
    return service


def box(**values: Any) -> Mailbox:
    """The address of the reception, which Inès answers for."""
    known = Mailbox.objects.filter(address=values.get("address", ADDRESS)).first()
    if known is not None:
        return known
    given: dict[str, Any] = {"address": ADDRESS, "service": reception(), "keeper": ines(), **values}
    authority = given.pop("authority", None) or AuthorityFactory.create()
    return Mailbox.objects.create(authority=authority, **given)


def odettes_windows(**values: Any) -> Opened:
    """Odette's case, by e-mail: its receipt has left."""
    person = PersonFactory.create(first_name="Odette", last_name="Vasseur", email=ODETTE)
    return windows(**{"person": person, **values})


def first_mail(case: Case) -> OutgoingMail:
    return OutgoingMail.objects.filter(case=case).earliest("pk")


def raw(
    subject: str = "Bonjour",
    text: str = "Bonjour,\n\nà quelle heure ouvrez-vous ?\n",
    *,
    sender: str = "Jeanne Lebreton <jeanne@example.org>",
    to: str = ADDRESS,
    message_id: str = "<1@example.org>",
    **fields: str,
) -> bytes:
    head = {
        "From": sender, "To": to, "Subject": subject, "Message-ID": message_id,
        "Date": "Tue, 24 Nov 2026 10:00:00 +0100", "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }  # fmt: skip
    lines = [f"{name}: {value}" for name, value in head.items() if value]
    return ("\n".join(lines) + "\n\n" + text).encode()


def came(content: bytes | None = None, *, now: Any = NOON, **values: Any) -> ReceivedMail:
    """A message that was kept and read."""
    given = {"way": "lmtp", "envelope_from": "jeanne@example.org", "now": now, **values}
    kept = actions.keep(content if content is not None else raw(), **given)
    actions.read_one(kept.mail.pk, now=now, reader=lambda path: runner.read_here(path.read_bytes()))
    return ReceivedMail.objects.get(pk=kept.mail.pk)


def waiting(**values: Any) -> ReceivedMail:
    """A first message, to be sorted."""
    box()
    return came(raw(**values))


def apart() -> ReceivedMail:
    """A message that names Odette's case, from somebody unknown to it."""
    box()
    case = odettes_windows().case
    owed = first_mail(case)
    return came(raw(In_Reply_To=owed.message_id, sender="inconnu@example.net"))


def sorter(**values: Any) -> Agent:
    """Inès, who sorts; her function stands in the directory."""
    return AgentFactory.create(**values) if values else ines()


__all__ = ["NOON", "nadia"]
