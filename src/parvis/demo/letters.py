"""The mail room of the town: what came these days, what left, who signs, one refusal."""

import json
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from parvis.accounts.models import Agent
from parvis.cases import actions as cases
from parvis.cases.models import Case
from parvis.common import clock
from parvis.contacts import actions as contacts
from parvis.contacts.models import Person
from parvis.demo import content as packaged
from parvis.demo import seeds
from parvis.demo.content.loader import Content
from parvis.demo.references import References
from parvis.demo.town import next_working_day
from parvis.law.models import Article
from parvis.letters import actions, queries
from parvis.letters.models import Delegation, IncomingPost
from parvis.organisations.models import Authority, DirectoryEntry, Topic

_DAYS = 6  # working days of post
_PER_DAY = (4, 9)
_OPENED = 0.35  # of the letters of the days before
_MORNING = time(8, 40)
_RUNNING = ("open", "awaiting")
Words = dict[str, Any]


@cache
def _words() -> Words:
    text = files(packaged).joinpath("letters.json").read_text(encoding="utf-8")
    found: Words = json.loads(text)
    return found


def create(content: Content, *, seed: int, now: datetime) -> int:
    """Set up the paper of the town, register a week of post, send the letters of its stories."""
    room = _Room(content, seed, now)
    room.set_up()
    day = room.today - timedelta(days=_DAYS + 3)
    while (day := next_working_day(day + timedelta(days=1))) < room.today:
        room.register(day)
    room.answer_windows()
    room.ask_for_motives()
    room.refuse_fence()
    room.register(room.today)
    return IncomingPost.objects.filter(authority=room.town).count()


def today(content: Content, *, seed: int, now: datetime) -> None:
    """The post of this morning, in a town made earlier."""
    room = _Room(content, seed, now)
    if not IncomingPost.objects.filter(authority=room.town, received_on=room.today).exists():
        room.register(room.today)


class _Room:
    """Whoever opens the envelopes, and those who answer them."""

    def __init__(self, content: Content, seed: int, now: datetime) -> None:
        self.town = Authority.objects.get(slug=content.town.slug)
        self.seed, self.now = seed, now
        self.zone = ZoneInfo("Europe/Paris")
        self.today = clock.local_day(now, self.zone)
        self.topics = {
            topic.slug: topic
            for topic in Topic.objects.filter(authority=self.town).select_related(
                "authority", "service", "family"
            )
        }

    def agent(self, username: str) -> Agent:
        found: Agent = Agent.objects.with_rights().get(username=username)
        return found

    def set_up(self) -> None:
        """Letterhead and delegations, as the head of reception writes them down."""
        head = Agent.objects.filter(authority=self.town, grants__role="MGR").order_by("pk")[0]
        actions.keep_letterhead(agent=head, **_words()["head"])
        for one in _words()["signs"]:
            entry = self._head_of(one["service"])
            actions.keep_delegation(
                Delegation(
                    entry=entry,
                    service=entry.service,
                    capacity=_words()["capacity"],
                    act=one["act"],
                    valid_from=date(self.today.year - 1, 1, 5),
                ),
                agent=head,
            )

    def _head_of(self, service: str) -> DirectoryEntry:
        rows = DirectoryEntry.objects.filter(
            authority=self.town, service__slug=service, is_active=True
        ).select_related("service")
        heads = rows.filter(function__iregex="^(chef|cheffe|direct|respons)")
        found = heads.order_by("pk").first() or rows.order_by("pk")[0]
        return found

    def register(self, day: date) -> None:
        """The letters of one morning; some open a case, most wait for their service."""
        chance = seeds.rng(self.seed, "post", day.isoformat())
        opener = self.agent("ines.rollin")
        begun = clock.local_day(self.now, self.zone) == day
        for place in range(chance.randint(*_PER_DAY)):
            words = chance.choice(_words()["incoming"])
            at = clock.instant_of(day, _MORNING, self.zone) + timedelta(minutes=3 * place)
            tracked = f"1A {chance.randint(100, 999)} {chance.randint(100, 999)} 4417 2"
            actions.register_letter(
                actions.Came(
                    sender=self._somebody(chance),
                    address=f"{chance.choice(_words()['street'])}, {_words()['town']}",
                    subject=words["subject"],
                    topic=self.topics[words["topic"]],
                    received_on=day,
                    posted_on=day - timedelta(days=chance.randint(1, 4)),
                    registered_number=tracked if words.get("registered") else "",
                ),
                agent=opener,
                now=min(at, self.now) if begun else at,
                opens=not begun and chance.random() < _OPENED,
            )

    def _somebody(self, chance: Any) -> str:
        person = Person.objects.filter(authority=self.town).exclude(last_name="").order_by("pk")
        found = list(person.values_list("first_name", "last_name")[:200])
        return " ".join(chance.choice(found)) if found else "Yann Piquemalle"

    def answer_windows(self) -> None:
        """Nadia posts what is missing in writing, and begins another letter."""
        case, nadia = self._case("Remplacer six fenêtres, 14"), self.agent("nadia.amrani")
        if case is None:
            return
        _live_at(case.person, "14, rue des Lavandières, 79999 Sainte-Orvanne")
        wording = queries.wording(case.authority_id, "items")
        assert wording is not None  # noqa: S101
        posted = next_working_day(case.received_on, 8)
        letter = actions.begin_letter(case, wording, agent=nadia, now=self.now)
        actions.send_letter(
            letter, actions.Leaving("post", min(posted, self.today)), agent=nadia, now=self.now
        )
        free = queries.wording(case.authority_id, "free")
        assert free is not None  # noqa: S101
        actions.begin_letter(case, free, agent=nadia, now=self.now)

    def ask_for_motives(self) -> None:
        """Somebody whose request silence has refused asks why."""
        received = next_working_day(self.today - timedelta(days=45))
        person, _linking = contacts.identify_person(
            self.town, now=self.now, first_name="Maud", last_name="Cariou", phone="0639980151"
        )
        _live_at(person, "4, impasse du Four, 79999 Sainte-Orvanne")
        opened = cases.open_case(
            topic=self.topics["acces-documents"],
            channel="post",
            description=_words()["document"],
            title=_words()["document_title"],
            now=clock.instant_of(received, _MORNING, self.zone),
            person=person,
            received_on=received,
        )
        self._name(opened.case, "document")
        case = Case.objects.select_related("authority", "service").get(pk=opened.case.pk)
        actions.ask_for_right(case, "motives", channel="web", now=self.now)

    def refuse_fence(self) -> None:
        """A refusal with its law, its facts and the ways to contest it, and its letter."""
        words, bruno = _words()["refusal"], self.agent("bruno.delcourt")
        received = next_working_day(self.today - timedelta(days=24))
        person, _linking = contacts.identify_person(
            self.town, now=self.now, first_name="Paul", last_name="Kervadec", phone="0639980133"
        )
        _live_at(person, "7, rue des Tanneurs, 79999 Sainte-Orvanne")
        opened = cases.open_case(
            topic=self.topics["cloture-mur"],
            channel="post",
            description=words["asks"],
            title=words["title"],
            now=clock.instant_of(received, _MORNING, self.zone),
            agent=bruno,
            person=person,
            received_on=received,
            posted_on=received - timedelta(days=2),
            referent=bruno,
            deputy=self.agent("nadia.amrani"),
        )
        self._name(opened.case, "fence")
        self._refuse(Case.objects.get(pk=opened.case.pk), words, bruno)

    def _name(self, case: Case, purpose: str) -> None:
        reference = References(Case, "reference").draw(seeds.rng(self.seed, "reference", purpose))
        Case.objects.filter(pk=case.pk).update(reference=reference)

    def _refuse(self, case: Case, words: Words, bruno: Agent) -> None:
        articles = Article.objects.filter(
            text__authority=self.town, repealed_on=None, current__isnull=False
        ).select_related("text", "current")
        ours = articles.filter(text__service=case.service).order_by("pk")
        signs = queries.delegations(case, on=self.today).get()
        decision = actions.refuse_request(
            case,
            actions.Reasons(
                articles=list(ours[:2] or articles.order_by("pk")[:1]),
                **{name: words[name] for name in ("law", "facts", "plain", "appeal")},
            ),
            agent=bruno,
            now=self.now,
            delegation=signs,
            decided_on=self.today,
        )
        wording = queries.wording(case.authority_id, "refusal")
        assert wording is not None  # noqa: S101
        letter = actions.begin_letter(case, wording, agent=bruno, now=self.now, decision=decision)
        leaving = actions.Leaving("registered", self.today, "1A 204 118 4417 2")
        actions.send_letter(letter, leaving, agent=bruno, now=self.now)

    def _case(self, title: str) -> Case | None:
        rows = Case.objects.filter(authority=self.town, title__startswith=title, state__in=_RUNNING)
        return rows.select_related("authority", "service", "person").order_by("-pk").first()


def _live_at(person: Person | None, address: str) -> None:
    if person is not None:
        Person.objects.filter(pk=person.pk).update(address=address)
        person.address = address
