"""Requests that go on: who follows them, what is said, how and when they end."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from parvis.demo.books import Books
from parvis.demo.content.loader import Content
from parvis.demo.content.wording import CaseTemplate, TimelineEntry
from parvis.demo.town import Body, Colleague, TopicInfo, midnight, next_working_day

_SLOW: Final = 0.04  # of the cases: something is awaited for long
_PACE: Final = 0.74  # of the days of a template: how fast this town is
_HANDED_OVER: Final = 0.06
_REOPENED: Final = 0.025
_THANKED: Final = 0.015
_LINK_KEPT: Final = 365 * 86_400
_FIRST_HOUR, _LAST_HOUR = 8 * 3600, 15 * 3600  # UTC: from nine to five and later, all year


@dataclass(frozen=True, slots=True)
class Request:
    """What a case is opened from."""

    topic: TopicInfo
    channel: str
    at: int
    day: date
    contact_id: int
    person_id: int | None
    by_mail: bool  # may a receipt be sent?


@dataclass(slots=True)
class _File:
    """A case while it is being told."""

    key: int
    template: CaseTemplate
    request: Request
    referent: Colleague
    deputy: Colleague | None
    state: str = "open"
    since: int = 0
    last: int = 0
    closed: int | None = None
    reopened: int = 0
    actors: dict[int, int | None] = field(default_factory=dict)  # with their service
    unread_by_service: bool = True
    unread_by_person: bool = False


class Files:
    """The cases of one authority; nothing is known after ``limit``."""

    def __init__(self, body: Body, content: Content, books: Books, limit: int) -> None:
        self.body = body
        self.books = books
        self.limit = limit
        self.thanks = content.cases.thanks
        self.not_solved = content.cases.not_solved
        self.phrases = content.cases.phrases
        self.of_channel: dict[str, list[CaseTemplate]] = {}
        for template in (t for found in body.templates.values() for t in found):
            for channel in template.channels:
                self.of_channel.setdefault(channel, []).append(template)

    def topic_for(self, chance: Random, channel: str) -> TopicInfo | None:
        """What somebody who writes asks to be followed; None when nobody here follows cases."""
        templates = self.of_channel.get(channel) or self.of_channel.get("web")
        if not templates:
            return None
        chosen = chance.choices(templates, [one.weight for one in templates])[0]
        return self.body.topics[chosen.topic]

    def open(self, chance: Random, request: Request, agent: Colleague | None) -> str | None:
        """Open a case and tell its whole story; None when nobody could follow it."""
        templates = self.body.templates.get(request.topic.slug)
        if not templates:
            return None
        template = chance.choices(templates, [one.weight for one in templates])[0]
        team = self.body.followers[request.topic.service_id]
        referent = _referent(chance, team)
        file = _File(
            self.books.cases.new_id(), template, request, referent, self._deputy(referent, team),
            since=request.at, last=request.at,
        )  # fmt: skip
        self._begin(file, agent)
        self._story(chance, file, team)
        self._write(chance, file)
        return "case_opened"

    def _deputy(self, referent: Colleague, team: list[Colleague]) -> Colleague | None:
        chosen = self.body.staff.get(referent.deputy)
        if chosen in team:
            return chosen
        return next((one for one in team if one is not referent), None)

    def _begin(self, file: _File, agent: Colleague | None) -> None:
        at, deputy = file.request.at, file.deputy
        self._line(file, at, "opened", agent, channel=file.request.channel)
        self._line(
            file, at, "assigned", agent,
            service=file.request.topic.service_id,
            referent=file.referent.id,
            deputy=deputy.id if deputy else None,
        )  # fmt: skip
        self._journal(
            file, at, agent, "case_opened",
            service=file.request.topic.service_id, referent=file.referent.id,
        )  # fmt: skip
        if file.request.by_mail:
            self._line(file, at, "receipt", agent, by_mail=True)

    def _story(self, chance: Random, file: _File, team: list[Colleague]) -> None:
        day = file.request.day
        if chance.random() < _HANDED_OVER and len(team) > 1:
            self._hand_over(chance, file, team, next_working_day(day, chance.randint(1, 6)))
        pace = _PACE * 4 if chance.random() < _SLOW else _PACE
        for step in file.template.timeline:
            at = self._moment(chance, file, next_working_day(day, round(step.day * pace)))
            if at is None:
                return
            self._step(chance, file, step, at)
        if file.state != "forwarded":
            self._end(chance, file)

    def _step(self, chance: Random, file: _File, step: TimelineEntry, at: int) -> None:
        text = self._filled(chance.choice(step.text), file, at)
        if step.kind == "message_in":
            file.state = "open"
            file.unread_by_service, file.unread_by_person = True, False
            self._line(file, at, "message_in", None, text)
            self._journal(file, at, "person", "message_received")
            return
        file.unread_by_service = False
        if step.kind == "forwarded":
            self._forward(file, at, text)
        elif step.kind == "message_out":
            extra = {"awaited": step.awaits} if step.awaits else {}
            file.state = "awaiting" if step.awaits else file.state
            file.unread_by_person = True
            self._line(file, at, "message_out", file.referent, text, **extra)
            self._journal(file, at, file.referent, "message_sent")
        else:
            self._line(file, at, "note", file.referent, text, reason=step.reason)
            self._journal(file, at, file.referent, "note_added", internal=bool(step.reason))

    def _forward(self, file: _File, at: int, text: str) -> None:
        file.state, file.unread_by_person = "forwarded", True
        name = "Orvanne et Plateaux"
        self._line(file, at, "forwarded", file.referent, text, authority=name)
        self._journal(file, at, file.referent, "case_forwarded", authority=name)

    def _hand_over(self, chance: Random, file: _File, team: list[Colleague], day: date) -> None:
        at = self._moment(chance, file, day)
        if at is None:
            return
        before = file.referent
        file.referent = chance.choice([one for one in team if one is not before])
        file.deputy, file.since = before, at
        text = self._filled(chance.choice(self.phrases["handover_note"]), file, at)
        self._line(
            file, at, "handed_over", before, text,
            before=before.id, referent=file.referent.id, deputy=before.id,
        )  # fmt: skip
        self._journal(
            file, at, before, "case_handed_over", before=before.id, referent=file.referent.id
        )
        file.unread_by_person = True

    def _end(self, chance: Random, file: _File) -> None:
        day = _day_of(file.last)
        at = self._moment(chance, file, next_working_day(day, chance.randint(1, 5)))
        if at is None:
            return
        self._close(chance, file, at)
        if chance.random() < _THANKED:
            self._thank(chance, file)
        if chance.random() >= _REOPENED:
            return
        back = file.last + chance.randint(86_400, 9 * 86_400)
        if back > self.limit:
            return
        self._reopen(chance, file, back)
        again = self._moment(chance, file, next_working_day(_day_of(back), chance.randint(2, 8)))
        if again is not None:
            self._close(chance, file, again)

    def _close(self, chance: Random, file: _File, at: int) -> None:
        text = self._filled(chance.choice(file.template.closing), file, at)
        file.state, file.closed = "closed", at
        file.unread_by_service, file.unread_by_person = False, chance.random() < 0.3
        self._line(file, at, "closed", file.referent, text)
        self._journal(file, at, file.referent, "case_closed")

    def _reopen(self, chance: Random, file: _File, at: int) -> None:
        file.state, file.closed, file.reopened = "open", None, file.reopened + 1
        file.unread_by_service, file.unread_by_person = True, False
        deputy = file.deputy.id if file.deputy else None
        text = chance.choice(self.not_solved).text
        self._line(file, at, "reopened", None, text, referent=file.referent.id, deputy=deputy)
        self._journal(file, at, "person", "case_reopened")

    def _thank(self, chance: Random, file: _File) -> None:
        at = file.last + chance.randint(3600, 3 * 86_400)
        if at > self.limit:
            return
        family = file.request.topic.family
        words = [one.text for one in self.thanks if not one.families or family in one.families]
        thanks_id = self.books.thanks.add(
            self.body.id, file.key, at, chance.choice(words), chance.random() < 0.5
        )
        self._line(file, at, "thanked", None)
        self.books.journal.add(
            at, self.body.id, "person", "feedback.thanks_given", ("feedback.thanks", thanks_id)
        )
        seen = at + 86_400 if at + 86_400 <= self.limit and chance.random() < 0.9 else None
        everybody = {file.referent.id: file.referent.service_id, **file.actors}
        for agent_id, service_id in everybody.items():
            self.books.recipients.add(thanks_id, agent_id, service_id, seen)

    def _moment(self, chance: Random, file: _File, day: date) -> int | None:
        """Some time in the working hours of that day, after what happened last; None if later."""
        at = midnight(day) + chance.randint(_FIRST_HOUR, _LAST_HOUR)
        at = max(at, file.last + chance.randint(60, 1800))
        return at if at <= self.limit else None

    def _filled(self, text: str, file: _File, at: int) -> str:
        if "{" not in text:
            return text
        later = next_working_day(_day_of(at), 5)
        return text.format(
            code="",
            service=self.body.service_names[file.request.topic.service_id],
            referent=file.referent.name,
            deputy=file.deputy.name if file.deputy else "",
            agent=file.deputy.name if file.deputy else "",
            date=f"{later:%d/%m/%Y}",
        )

    def _line(
        self,
        file: _File,
        at: int,
        kind: str,
        agent: Colleague | None,
        text: str = "",
        reason: str = "",
        **data: Any,
    ) -> None:
        file.last = at
        if agent is not None:
            file.actors[agent.id] = agent.service_id
        self.books.entries.add(
            file.key,
            at,
            kind,
            agent.id if agent else None,
            agent.service_id if agent else None,
            text,
            bool(reason),
            reason,
            json.dumps(data),
        )

    def _journal(
        self, file: _File, at: int, who: Colleague | str | None, verb: str, **data: Any
    ) -> None:
        actor = f"agent:{who.id}" if isinstance(who, Colleague) else who or "system"
        what = ("cases.case", file.key)
        self.books.journal.add(at, self.body.id, actor, f"cases.{verb}", what, **data)

    def _write(self, chance: Random, file: _File) -> None:
        request, template = file.request, file.template
        posted = request.day - timedelta(days=2) if request.channel == "post" else None
        due = request.day + timedelta(days=template.due_days)
        self.books.cases.put(
            file.key,
            self.body.id,
            self.books.references.draw(chance),
            request.topic.id,
            request.topic.service_id,
            file.referent.id,
            file.deputy.id if file.deputy else None,
            file.since,
            request.person_id,
            request.contact_id,
            request.channel,
            template.title.fr,
            chance.choice(template.first_words),
            file.state,
            request.at,
            request.day.isoformat(),
            posted.isoformat() if posted else None,
            due.isoformat() if not file.reopened else None,
            file.closed,
            file.reopened,
            file.last,
            f"{chance.getrandbits(256):064x}",
            file.closed + _LINK_KEPT if file.closed else None,
            file.unread_by_service and file.last > self.limit - 3 * 86_400,
            file.unread_by_person,
        )


def _referent(chance: Random, team: list[Colleague]) -> Colleague:
    """Mostly a referent, sometimes the liaison."""
    referents = [one for one in team if "REF" in one.roles]
    return chance.choice(referents if referents and chance.random() < 0.8 else team)


def _day_of(at: int) -> date:
    return date(1970, 1, 1) + timedelta(days=at // 86_400)
