"""Sheets with fixed, readable words, written by the room's own actions."""

from datetime import UTC, date, datetime
from typing import Any

from parvis.accounts.models import Agent
from parvis.knowledge import actions
from parvis.knowledge.actions import National, NewSheet
from parvis.knowledge.dila.draft import Draft
from parvis.knowledge.models import Sheet, SheetDraft
from parvis.knowledge.rules import Block
from parvis.knowledge.rules.writing import Writing
from parvis.organisations.models import Authority
from tests.accounts.factories import AgentFactory
from tests.organisations.factories import AuthorityFactory, ServiceFactory

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def block(
    html: str, *, kind: str = "explanation", title: str = "", level: str = "public", until: str = ""
) -> Block:
    made = Block(kind=kind, title=title, level=level, html=html)
    if until:
        made["until"] = until
    return made


BLOCKS = (
    block("<p>Gratuit.</p>", kind="cost"),
    block("<ul><li>Une pièce d’identité</li><li>Un justificatif</li></ul>", kind="documents"),
    block("<p>Le filigrane se vérifie à la lampe.</p>", kind="explanation", level="asked"),
    block("<p>Imprimante sécurisée du guichet deux.</p>", kind="internal", level="internal"),
)


def local_sheet(authority: Authority | None = None, **changes: Any) -> Sheet:
    """A sheet of Sainte-Orvanne about birth certificates."""
    owner = authority or AuthorityFactory.create()
    given: dict[str, Any] = {
        "ref": "SO-012",
        "title": "Copie d’acte de naissance",
        "short_answer": "C’est gratuit. Nous remettons la copie tout de suite.",
        "blocks": BLOCKS,
        "service": ServiceFactory.create(authority=owner),
        "breadcrumb": "État civil",
        "reviewed_on": date(2026, 11, 3),
        "review_due_on": date(2027, 5, 3),
    }
    new = NewSheet(**{**given, **changes})
    return actions.create_local_sheet(owner, new, now=NOON, author="Léna Marzin")


def draft(ref: str = "F1427", **changes: Any) -> Draft:
    given: dict[str, Any] = {
        "ref": ref,
        "title": "Acte de naissance : demande de copie intégrale ou d’extrait",
        "kind": "Fiche d'information",
        "breadcrumb": "Papiers > État civil",
        "short_answer": "La copie intégrale se demande à la commune de naissance.",
        "blocks": (block("<p>La demande est gratuite partout en France.</p>"),),
        "source_url": f"https://www.service-public.gouv.fr/particuliers/vosdroits/{ref}",
        "source_note": "Service-Public.gouv.fr / DILA · Licence Ouverte 2.0",
        "raw": "<Publication/>",
        "dated": date(2026, 1, 5),
        "reviewed_on": date(2026, 1, 5),
    }
    return Draft(**{**given, **changes})


def national_sheet(ref: str = "F1427", **changes: Any) -> Sheet:
    actions.keep_national(
        [National.of(draft(ref, **changes))],
        audience="particuliers",
        now=NOON,
        author="Service-Public / DILA",
    )
    return Sheet.objects.get(authority=None, ref=ref)


def editor(username: str = "lena.marzin", **changes: Any) -> Agent:
    """A colleague with the given roles in another service than the sheets of these tests."""
    given: dict[str, Any] = {
        "roles": ["KBE"],
        "service": ServiceFactory.create(slug="accueil", name="Accueil"),
        "email": f"{username}@sainte-orvanne.example",
        "entry__first_name": username.split(".")[0].title(),
        "entry__last_name": username.split(".")[-1].title(),
    }
    return AgentFactory.create(username=username, **{**given, **changes})


def referent(username: str = "yann.tanguy", **changes: Any) -> Agent:
    """A colleague of the service that answers for the sheets of these tests."""
    return editor(username, **{"roles": ["REF"], "service": ServiceFactory.create(), **changes})


def written(draft: SheetDraft, **changes: Any) -> Writing:
    """The words of a draft with some of them changed; ``text`` is that of the first block."""
    words = Writing(**draft.writing)
    if "text" in changes:
        first, *others = words["blocks"]
        words["blocks"] = [{**first, "text": changes.pop("text")}, *others]
    return Writing(**{**words, **changes})
