"""What people asked the assistant in the last weeks, through the same actions as the page."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from parvis.accounts.models import Agent
from parvis.assistant import actions
from parvis.assistant.actions import contacts
from parvis.assistant.models import Conversation, Turn
from parvis.demo.seeds import rng
from parvis.organisations.models import Authority, Topic

DAYS: Final = 24  # of the last weeks, in which each talk happened once
SINCE: Final = 95  # days: each happened once before, so that calls before and after may be compared
# What one person asks, one message after another.
TALKS: Final[tuple[tuple[str, ...], ...]] = (
    ("Combien coûte un passeport ?", "et pour mon fils ?", "quels papiers ?"),
    ("A QUELLE HEURE OUVREZ-VOUS ?", "êtes-vous ouverts samedi ?"),
    ("cmt refaire ma carte d’identité perdue", "combien de temps ?"),
    ("Quels papiers pour inscrire ma fille à l’école ? Et combien coûte la cantine ?",),
    ("How do I renew my passport?", "how much is it?"),
    ("encombrants", "où aller ?"),
    ("Je déménage, que dois-je faire pour la carte électorale ?",),
    ("Déclarer une naissance", "quels papiers ?"),
    ("Où en est mon dossier ?",),
    ("Combien de chats puis-je garder dans un appartement ?",),
    ("Mon numéro est le 06 12 34 56 78, rappelez-moi pour la salle des fêtes",),
    ("On se marie en juin, quels papiers ?", "c’est gratuit ?"),
    ("Peut-on se baigner dans l’Orvanne ?",),
    ("où se trouve la mairie ?", "votre numéro de téléphone"),
    ("abri de jardin, il faut une autorisation ?", "combien de temps ?"),
    ("bonjour", "je veux parler à quelqu’un"),
)
SECOND_LANGUAGE = 4  # of the list above


def create(town: Authority, *, seed: int, now: datetime) -> int:
    """Some conversations of every week, opinions and verdicts among them."""
    chance = rng(seed, "assistant")
    actions.set_up(
        _administrator(town),
        is_on=True,
        origins=["https://www.sainte-orvanne.example"],
    )
    topic = Topic.objects.filter(authority=town, slug="carte-identite").first()
    moments = [*_moments(chance, now, SINCE, DAYS), *_moments(chance, now, DAYS, 0)]
    for number, (moment, talk) in enumerate(zip(moments, (*TALKS, *TALKS), strict=True)):
        place = chance.choice(["page", "page", "page", "widget", "kiosk"])
        started = actions.start(
            town,
            now=moment,
            place=place,
            language="en" if number % len(TALKS) == SECOND_LANGUAGE else "fr",
            topic=topic if "identité" in talk[0] else None,
        )
        _talk(started.conversation, talk, chance, now=moment)
        _judge(town, started.conversation, chance, now=now)
    contacts.write_down_quiet(now=now)
    return Turn.objects.filter(conversation__authority=town).count()


def _moments(chance: Random, now: datetime, first: int, last: int) -> list[datetime]:
    """When each of the talks began, between so many days ago and so many."""
    day = 24 * 60
    minutes = [chance.randint(max(90, last * day), first * day) for _one in TALKS]
    return sorted(now - timedelta(minutes=one) for one in minutes)


def _talk(
    conversation: Conversation, talk: Sequence[str], chance: Random, *, now: datetime
) -> None:
    for step, words in enumerate(talk):
        now += timedelta(seconds=chance.randint(20, 90) * bool(step))
        actions.ask(conversation, words, now=now)
    if conversation.outcome and chance.random() < 0.6:
        helped = conversation.outcome == "contained" and chance.random() < 0.85
        called = chance.choice(["yes", "yes", "no", "unsure"])
        later = now + timedelta(seconds=40)
        actions.rate(conversation, now=later, helped=helped, would_have_called=called)


def _judge(town: Authority, conversation: Conversation, chance: Random, *, now: datetime) -> None:
    """A third of them has been looked at."""
    if not conversation.outcome or chance.random() > 0.35:
        return
    right = conversation.outcome == "contained" and chance.random() < 0.9
    actions.judge(
        conversation,
        agent=_reviewer(town),
        verdict="right" if right else "unsure",
        note="" if right else "Aucune fiche pour cette question.",
        now=now - timedelta(hours=1),
    )


def _reviewer(town: Authority) -> Agent:
    rows = Agent.objects.at_work().filter(authority=town, grants__role="KBE").with_rights()
    found: Agent = rows.order_by("username")[0]
    return found


def _administrator(town: Authority) -> Agent:
    rows = Agent.objects.at_work().filter(authority=town, grants__role="ADM").with_rights()
    found: Agent = rows.order_by("username")[0]
    return found
