"""What the machine presses about appointments, and what must hold of them."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from parvis.appointments import actions as appointments
from parvis.appointments.models import AgendaTopic, Appointment, Seat
from tests.queue.declared import Asked, Line
from tests.queue.machine_town import LATE, Town

MINUTE = timedelta(minutes=1)
TICK = 5 * MINUTE
EARLY = 60 * MINUTE  # how long before its hour somebody may check in at the kiosk
GIVEN_UP = 30 * MINUTE  # after its end
FROM = {  # which moves are legal from which states
    "booked": {"booked", "arrived", "missed", "cancelled"},
    "arrived": {"arrived", "served", "missed", "left"},
    "missed": {"missed", "arrived", "served"},
    "left": {"left", "served"},
    "served": {"served"},
    "cancelled": {"cancelled"},
}
BUSY = 429
pick = st.integers(0, 9_999)
AHEAD = st.sampled_from([0, 1, 2, 3, 4, 6, 13])
OFFSET = st.sampled_from([-25, -10, -3, 0, 4, 9, 11, 30])


@dataclass
class Visitor:
    """Somebody with an appointment, as they would tell it."""

    code: str
    offered: AgendaTopic
    starts_at: datetime
    state: str = "booked"


class Expected:
    """Booking, moving, cancelling, coming early, in time and late, or not at all."""

    town: Town
    now: datetime
    line: Line
    asked: Asked | None
    program: Client
    seen: "Counter[str]"

    def expects(self) -> None:
        self.visitors: list[Visitor] = []
        self.kiosk = Client()

    @rule(agenda=pick, ahead=AHEAD)
    def book(self, agenda: int, ahead: int) -> None:
        self._book(agenda, ahead)

    @rule(agenda=pick, ahead=AHEAD, minutes=OFFSET)
    def is_expected(self, agenda: int, ahead: int, minutes: int) -> None:
        """Somebody books, and comes so many minutes after the hour."""
        visitor = self._book(agenda, ahead)
        if visitor is not None:
            self.now = max(self.now, visitor.starts_at + minutes * MINUTE)
            self._arrive(visitor, at_kiosk=False)

    def _book(self, agenda: int, ahead: int) -> Visitor | None:
        offered = self.town.agendas[agenda % len(self.town.agendas)]
        starts_at = self._tick(ahead)
        body = {
            "topic": str(offered.topic_id),
            "agenda": str(offered.agenda_id),
            "starts_at": starts_at.isoformat(),
            "name": "Jeanne Tessandier",
        }
        answer = self.api("appointments", body)
        if answer.status_code != 201:
            is_night = _last_minutes(starts_at, offered)
            assert is_night or self._seats(offered, starts_at), "refused, and there was room"
            return None
        self.visitors.append(Visitor(answer.json()["code"], offered, starts_at))
        return self.visitors[-1]

    @precondition(lambda self: self.visitors)
    @rule(which=pick, at_kiosk=st.booleans())
    def arrive(self, which: int, at_kiosk: bool) -> None:
        self._arrive(self.visitors[which % len(self.visitors)], at_kiosk=at_kiosk)

    @precondition(lambda self: self.visitors)
    @rule(which=pick, ahead=AHEAD)
    def move(self, which: int, ahead: int) -> None:
        visitor = self.visitors[which % len(self.visitors)]
        starts_at = self._tick(ahead)
        body = {"starts_at": starts_at.isoformat()}
        if self.api(f"appointments/{visitor.code}/move", body).status_code == 200:
            assert visitor.state == "booked"
            assert self.now < visitor.starts_at, "moved when its hour had come"
            visitor.starts_at = starts_at

    @precondition(lambda self: self.visitors)
    @rule(which=pick, by=st.sampled_from(["person", "authority"]))
    def cancel(self, which: int, by: str) -> None:
        visitor = self.visitors[which % len(self.visitors)]
        body = {"by": by, "reason": "a strike" if by == "authority" else ""}
        answer = self.api(f"appointments/{visitor.code}/cancel", body)
        assert (answer.status_code == 200) == (visitor.state == "booked")

    @rule()
    def nobody_else_is_expected(self) -> None:
        """The job that ends what the day has ended by itself."""
        due = [v for v in self.visitors if v.state == "booked" and self.now >= _given_up(v)]
        appointments.settle(now=self.now)
        states = dict(Appointment.objects.values_list("code", "state"))
        assert all(states[_plain(visitor.code)] == "missed" for visitor in due)

    def _arrive(self, visitor: Visitor, *, at_kiosk: bool) -> None:
        offered, site = visitor.offered, visitor.offered.agenda.site
        is_early = self.now < visitor.starts_at - EARLY
        self.asked = Asked(
            site.pk,
            offered.topic_id,
            booked_at=visitor.starts_at,
            kept_agent=offered.agenda.agent_id,
        )
        if at_kiosk:
            address = reverse("appointments:check-in", args=[site.slug])
            status = self.kiosk.post(address, {"code": visitor.code}).status_code
            self.follow()
        else:
            status = self.api(f"appointments/{visitor.code}/arrive").status_code
        may = visitor.state in {"booked", "missed"} and not (at_kiosk and is_early)
        assert (status in {200, 302}) == may or status == BUSY, (visitor, status)
        if status in {200, 302}:
            ticket = Appointment.objects.get(code=_plain(visitor.code)).ticket
            assert ticket is not None
            self.counts(site, ticket.code)
            is_late = self.now > visitor.starts_at + LATE
            self.seen["late" if is_late else "early" if is_early else "in time"] += 1

    def _tick(self, ahead: int) -> datetime:
        """The next hour that may be booked, and so many further."""
        past = timedelta(seconds=self.now.timestamp() % TICK.total_seconds())
        return self.now - past + (TICK if past else timedelta()) + ahead * TICK

    def _seats(self, offered: AgendaTopic, starts_at: datetime) -> int:
        """The most people who are expected at once while such an appointment lasts."""
        first = int(starts_at.timestamp()) // 300
        taken = Seat.objects.filter(agenda=offered.agenda_id, tick__in=[first, first + 1])
        return max(Counter(taken.values_list("tick", flat=True)).values(), default=0)

    def the_expected_balance(self) -> None:
        """Legal moves only; no seat twice; nobody who came is lost."""
        if not self.visitors:
            return
        rows = {row.code: row for row in Appointment.objects.select_related("ticket")}
        assert len(rows) == len(self.visitors)
        for visitor in self.visitors:
            row = rows[_plain(visitor.code)]
            assert row.state in FROM[visitor.state], f"{visitor.state} became {row.state}"
            visitor.state = row.state
            assert row.starts_at == visitor.starts_at
            assert (row.state == "served") == bool(row.contact_id), "served without its contact"
            if row.ticket is not None:
                assert row.ticket.booked_at == row.starts_at
                assert row.ticket.state != "done" or row.state == "served", "a visit is lost"
            else:
                assert row.state in {"booked", "missed", "cancelled"}, "came, and has no place"
        seats = Counter(Seat.objects.values_list("appointment__code", flat=True))
        live = {_plain(v.code) for v in self.visitors if v.state != "cancelled"}
        assert seats == dict.fromkeys(live, 2), "seats of whom nobody expects, or none"

    # What the machine has.

    def api(self, path: str, body: Any = None) -> Any:
        raise NotImplementedError

    def follow(self) -> None:
        raise NotImplementedError

    def counts(self, site: Any, code: str) -> None:
        raise NotImplementedError


def _last_minutes(starts_at: datetime, offered: AgendaTopic) -> bool:
    """The rota ends with the local day: nothing lasts beyond it."""
    local = starts_at.astimezone(ZoneInfo(offered.agenda.site.timezone))
    return (local.hour, local.minute) >= (23, 50)


def _given_up(visitor: Visitor) -> datetime:
    return visitor.starts_at + 10 * MINUTE + GIVEN_UP


def _plain(code: str) -> str:
    return "".join(sign for sign in code if sign.isalnum())
