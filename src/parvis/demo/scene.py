"""The hall of the town as it is right now: some served, two set aside, six waiting."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final

from parvis.accounts.models import Agent
from parvis.common import clock
from parvis.contacts.models import Person
from parvis.demo import arrivals, seeds
from parvis.demo.hall import Leg, Post, Story, Visit, play
from parvis.demo.stories import Storyteller, seal
from parvis.demo.tickets import Registrar, Roster
from parvis.demo.town import Colleague, Place
from parvis.organisations.models import Desk
from parvis.queue import actions as queue
from parvis.queue.models import Ticket
from parvis.queue.rules.rolls import Line

WINDOW: Final = timedelta(minutes=135)
_QUIET: Final = 25  # minutes before now at which the earlier visitors are all served
_FAR: Final = 100 * 86_400.0
_TRIES: Final = 8

# Line: series of its tickets so far, their topics, minutes each, and the desks of this morning.
_EARLIER: Final = (
    ("A", 62, ("horaires-services", "encombrants", "payer-facture", "caf", "joindre-un-agent"),
     2.6, ("1", "2")),
    ("E", 38, ("acte-naissance", "acte-mariage", "livret-famille", "reconnaissance-enfant"),
     5.0, ("3", "4", "5")),
    ("F", 16, ("cantine-inscription", "centre-loisirs", "periscolaire"), 7.0, ("6", "7")),
    ("T", 11, ("retrait-titre", "titre-documents"), 6.0, ("8",)),
)  # fmt: skip
_SET_ASIDE: Final = ("A", 58)  # went to fetch a copy


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody who took a ticket so many minutes ago."""

    minutes: float
    topic: str
    priority: str = ""
    source: str = "kiosk"
    known: str = ""  # the name of somebody the house knows
    name: str = ""
    needs: tuple[str, ...] = ()
    also: tuple[str, ...] = ()  # further topics, in order


# E 41 to E 45 and A 64, in the order in which they came.
WAITING: Final = (
    Coming(13, "acte-naissance", known="Tessandier", name="Mme Tessandier", source="agent"),
    Coming(10, "livret-famille", also=("cantine-inscription",)),
    Coming(8, "recensement-citoyen"),
    Coming(6, "reconnaissance-enfant", priority="child", needs=("seat",)),
    Coming(4, "declaration-deces", also=("concession-achat",)),
    Coming(3, "dossier-mariage"),
)
SHOWN: Final = 1  # whose ticket page the demo shows: E 42
# Who is at a desk: minutes since they came, topic, desk, colleague, minutes since the call.
_AT_DESKS: Final = (
    (23, "periscolaire", 7, "tiago.esteves", 20),
    (22, "livret-famille", 5, "fatou.cissokho", 17),
    (19, "dossier-mariage", 4, "oksana.kovalenko", 14),
    (14, "cantine-inscription", 6, "amina.haddouche", 12),
    (15, "encombrants", 1, "marc.clavreul", 13.5),
)
# Two topics at one desk: the first one is done, the second goes on at once.
_ALSO: Final = {5: ("acte-mariage",)}
_GOES_ON: Final = (5, "fatou.cissokho", 7)
_WISHES: Final = (7, "tiago.esteves", 11)  # to be called back at the same desk, with a form
# Numbers of the paper roll, written down: minutes ago they came, were called and left; the topic.
_PAPER: Final = (
    (1, 118, 112, 108, "horaires-services"),
    (2, 115, 107, 101, "encombrants"),
)
_PAPER_DESK: Final = (2, "marc.clavreul")
_SLOW: Final = "acte-naissance"
_LATE_FOR: Final = timedelta(hours=2)
# What colleagues must know today, and what they say: minutes ago, who, to whom.
_NOTES: Final = (
    (24.5, "Marché déplacé place des Tilleuls jusqu’à jeudi : entrée par la rue du Four."),
    (24, "Imprimante des titres en panne au guichet 3 : utiliser celle du guichet 2."),
)
_TALK: Final = (
    (18.2, "fatou.cissokho", "Qui a le tampon des copies conformes ?", ""),
    (17.6, "oksana.kovalenko", "Au guichet 4, je te l’apporte.", "fatou.cissokho"),
    (6.3, "amina.haddouche", "Une dame attend un interprète en ukrainien : Oksana, tu viens ?", ""),
)
_JUST_DONE: Final = (12, "retrait-titre", 8, "thierry.massicot", 8, 2)


class Scene:
    """Sets the scene; everything in it happens since the hall opened, however late that was."""

    def __init__(self, place: Place, teller: Storyteller, since: datetime, now: datetime) -> None:
        self.place = place
        self.teller = teller
        self.now = now
        self.day = clock.local_day(now, place.zone)
        room = max(now - since - timedelta(seconds=30), timedelta(seconds=1))
        self.pace = min(1.0, room / WINDOW)

    def at(self, minutes_ago: float) -> datetime:
        """So many minutes ago; closer together when the hall opened only just."""
        moment = self.now - timedelta(minutes=minutes_ago) * self.pace
        return moment.replace(microsecond=0)

    def earlier(self, registrar: Registrar) -> None:
        """Everybody who was served before: rows of the same kind as the history."""
        chance = seeds.rng(self.teller.seed, "scene", self.day)
        posts, stories = self._played(chance)
        roster = Roster(self.place, self._agents(posts))
        registrar.write(chance, roster, self.day, stories, cut=int(self.now.timestamp()))
        for post in posts:
            start, end = post.hours[0]
            registrar.open_desk(roster, post.desk, self._squeezed(start), self._squeezed(end))

    def _agents(self, posts: list[Post]) -> dict[str, Colleague]:
        return {post.desk: self.place.staff[int(post.desk)][0] for post in posts}

    def _played(self, chance: Random) -> tuple[list[Post], list[Story]]:
        """Play until everybody but one is served in time: faster, if it must be."""
        start = int((self.now - WINDOW).timestamp())
        end = int(self.now.timestamp()) - _QUIET * 60
        haste = 1.0
        for _try in range(_TRIES):
            posts = [
                Post(desk, series, [(start, end)])
                for series, *_rest, desks in _EARLIER
                for desk in desks
            ]
            stories = play(list(self._visits(chance, start, end, haste)), posts, chance)
            open_end = [s for s in stories if s.steps[-1].at > end and not s.visit.hold]
            if not open_end:
                break
            haste *= 0.8
        return posts, [self._squeeze(story) for story in stories]

    def _visits(self, chance: Random, start: int, end: int, haste: float) -> Iterator[Visit]:
        for series, total, topics, minutes, _desks in _EARLIER:
            last = end - int((minutes + 4) * 60)
            moments = sorted(chance.randint(start, last) for _one in range(total))
            for number, at in enumerate(moments, start=1):
                service = arrivals.lognormal(chance, minutes * 60 * haste, 0.5)
                service = min(service, minutes * 120)
                visit = Visit(at, Leg(chance.choice(topics), series, service))
                if (series, number) == _SET_ASIDE:
                    visit.hold = _FAR
                yield visit

    def _squeezed(self, at: int) -> int:
        now = int(self.now.timestamp())
        return now - int((now - at) * self.pace) if at <= now else at

    def _squeeze(self, story: Story) -> Story:
        story.visit.at = self._squeezed(story.visit.at)
        story.steps = [replace(step, at=self._squeezed(step.at)) for step in story.steps]
        return story

    def now_on(self) -> str:
        """What happens at this moment, by the actions themselves; gives back E 42's secret."""
        secrets: list[str] = []
        script: list[tuple[float, Callable[[], None]]] = []
        for minutes, topic, desk, username, called in _AT_DESKS:
            script += self._at_desk(minutes, topic, desk, username, called)
        minutes, topic, desk, username, called, done = _JUST_DONE
        script += self._at_desk(minutes, topic, desk, username, called)
        script.append((done, lambda: self._finish(desk, username, done)))
        script.append((_GOES_ON[2], self._go_on))
        script.append((_WISHES[2], self._set_aside))
        script.append((_QUIET - 0.5, self._paper))
        for coming in WAITING:
            script.append((coming.minutes, partial(self._show, secrets, coming)))
        script += [(minutes, partial(self._note, minutes, text)) for minutes, text in _NOTES]
        script += [(line[0], partial(self._say, *line)) for line in _TALK]
        for _minutes, act in sorted(script, key=lambda line: -line[0]):
            act()
        self._late()
        return secrets[SHOWN]

    def _late(self) -> None:
        """Why civil registry is slow today, and somebody who wants to be told in time."""
        topic = self.teller.topic(_SLOW)
        queue.post_notice(
            self._desk(1).site,
            agent=self.teller.agent("marc.clavreul"),
            now=self.at(9),
            topic=topic,
            reason="absent",
            until=self.now + _LATE_FOR,
        )
        last = Ticket.objects.filter(site_id=self.place.id, state="waiting").order_by("-rank_at")
        # An address that nobody has (RFC 2606): the demo writes to nobody.
        address = "personne@exemple.invalid"
        queue.ask_alert(last[0], channel="email", address=address, now=self.at(2))

    def _note(self, minutes: float, text: str) -> None:
        agent = self.teller.agent(_AT_DESKS[-1][3])
        queue.write_note(self._desk(1).site, text, agent=agent, now=self.at(minutes))

    def _say(self, minutes: float, username: str, text: str, to: str) -> None:
        listener = self.teller.agent(to) if to else None
        agent = self.teller.agent(username)
        queue.say(self._desk(1).site, text, agent=agent, now=self.at(minutes), to=listener)

    def _show(self, secrets: list[str], coming: Coming) -> None:
        secrets.append(self._take(coming))

    def _at_desk(
        self, minutes: float, topic: str, number: int, username: str, called: float
    ) -> list[tuple[float, Callable[[], None]]]:
        coming = Coming(minutes, topic, also=_ALSO.get(number, ()))
        agent, desk = self.teller.agent(username), self._desk(number)
        return [
            (_QUIET - 1, lambda: self._sit(desk, agent)),
            (minutes, lambda: _ignore(self._take(coming))),
            (called, lambda: self._call(desk, agent, called)),
        ]

    def _sit(self, desk: Desk, agent: Agent) -> None:
        queue.sit_down(desk, agent=agent, now=self.at(_QUIET - 1))

    def _take(self, coming: Coming) -> str:
        person = None
        if coming.known:
            found = Person.objects.filter(authority_id=self.place.authority.id)
            person = found.filter(last_name=coming.known).order_by("pk").last()
        issued = queue.issue_ticket(
            self._desk(1).site,
            self.teller.topic(coming.topic),
            now=self.at(coming.minutes),
            source=coming.source,
            actor=self.teller.agent("marc.clavreul") if coming.source == "agent" else None,
            priority=coming.priority,
            name=coming.name,
            person=person,
            needs=coming.needs,
            topics=[self.teller.topic(slug) for slug in coming.also],
        )
        return seal(issued.ticket.pk, self.teller.seed, self.day, issued.ticket.code)

    def _call(self, desk: Desk, agent: Agent, called: float) -> None:
        found = queue.call_next(desk, agent=agent, now=self.at(called))
        if found is not None:
            queue.start(found.ticket, agent=agent, now=self.at(called - 0.4))

    def _go_on(self) -> None:
        number, username, minutes = _GOES_ON
        self._finish(number, username, minutes, outcome="passed_on")
        self._call(self._desk(number), self.teller.agent(username), minutes - 0.1)

    def _set_aside(self) -> None:
        number, username, minutes = _WISHES
        ticket = Ticket.objects.get(desk=self._desk(number), state="serving")
        queue.hold(ticket, agent=self.teller.agent(username), now=self.at(minutes), wish="desk")

    def _paper(self) -> None:
        """What was received on paper while the network was away this morning."""
        number, username = _PAPER_DESK
        desk, agent = self._desk(number), self.teller.agent(username)
        lines = [
            queue.PaperTicket(
                Line(n, n, self.at(came), self.at(called), self.at(ended), "resolved"),
                self.teller.topic(topic),
            )
            for n, came, called, ended, topic in _PAPER
        ]
        sheet = queue.Sheet(desk.site, self.day, agent, desk)
        for ticket in queue.enter_paper(sheet, lines, by=agent, now=self.at(_QUIET - 0.5)):
            seal(ticket.pk, self.teller.seed, self.day, ticket.code)

    def _finish(self, number: int, username: str, done: float, outcome: str = "resolved") -> None:
        ticket = Ticket.objects.get(desk=self._desk(number), state="serving")
        agent = self.teller.agent(username)
        queue.finish(ticket, agent=agent, now=self.at(done), outcome=outcome)

    def _desk(self, number: int) -> Desk:
        return Desk.objects.select_related("site__authority").get(pk=self.place.desks[number])


def _ignore(_value: object) -> None:
    """A step of the script gives nothing back."""
