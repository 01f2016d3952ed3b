"""Three houses, two of them in a group, with an editor each."""

from dataclasses import dataclass

from parvis.accounts.models import Agent
from parvis.knowledge import actions
from parvis.knowledge.actions import LocalWords
from parvis.knowledge.models import Group, Overlay, Share, Sheet
from parvis.organisations.models import Authority
from tests.accounts.factories import AgentFactory
from tests.knowledge.factories import BLOCKS, NOON, block, editor, local_sheet
from tests.organisations.factories import AuthorityFactory, ServiceFactory


@dataclass
class Federation:
    """Sainte-Orvanne coordinates; Trémalon is in; Côte Brévale is not."""

    group: Group
    owner: Agent
    neighbour: Agent
    stranger: Agent
    sheet: Sheet


def editor_of(slug: str, name: str, username: str) -> Agent:
    """The sheet editor of another house."""
    house = AuthorityFactory.create(slug=slug, name=name, hostname="")
    service = ServiceFactory.create(authority=house, slug="accueil", name="Accueil")
    return AgentFactory.create(
        username=username,
        authority=house,
        service=service,
        entry=None,
        roles=["KBE"],
        email=f"{username}@{slug}.example",
    )


def federation(**changes) -> Federation:
    owner = editor()
    neighbour = editor_of("tremalon", "Trémalon", "olivier.penhouet")
    stranger = editor_of("cote-brevale", "Côte Brévale", "hugo.tanguide")
    group = actions.found_group(owner, name="Réseau", purpose="", now=NOON)
    join(group, neighbour, by=owner)
    return Federation(group, owner, neighbour, stranger, local_sheet(owner.authority, **changes))


def join(group: Group, agent: Agent, *, by: Agent) -> None:
    asked = actions.invite(group, agent.authority, agent=by, now=NOON)
    actions.answer_invitation(asked, agent=agent, now=NOON, accept=True)


def shared(made: Federation) -> Share:
    return actions.share_sheets([made.sheet], made.group, agent=made.owner, now=NOON)[0]


def adopted(made: Federation) -> Share:
    share = shared(made)
    now(made.sheet)
    actions.adopt(made.sheet, seen=made.sheet.current, agent=made.neighbour, now=NOON)
    return share


def now(sheet: Sheet) -> Sheet:
    sheet.refresh_from_db()
    return sheet


def laid(made: Federation, text: str = "Au guichet bleu.", **changes) -> Overlay:
    given = {"position": 1, "act": "after", "kind": "where", "text": text, "level": "public"}
    words = LocalWords(**{**given, **changes})
    seen = now(made.sheet).current
    return actions.lay(made.sheet, words, seen=seen, agent=made.neighbour, now=NOON)


def rewritten(made: Federation, cost: str) -> None:
    """A new version of the shared sheet."""
    blocks = [block(f"<p>{cost}</p>", kind="cost"), *BLOCKS[1:]]
    actions.publish_version(
        now(made.sheet), now=NOON, author="Léna", title=made.sheet.title,
        short_answer="C’est autrement.", blocks=blocks,
    )  # fmt: skip


def house(agent: Agent) -> Authority:
    return agent.authority
