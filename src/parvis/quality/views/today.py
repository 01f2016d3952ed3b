from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.accounts.http import AgentRequest
from parvis.common.clock import ONE_DAY
from parvis.common.http import requires
from parvis.common.numbers import written
from parvis.contacts.models import Channel
from parvis.quality import queries, words
from parvis.quality.forms import SiteForm
from parvis.quality.queries import Frame, Perimeter, frame_of, today
from parvis.quality.rules.measures import Measure
from parvis.quality.views.asking import refuse_foreign

HEADLINES = ("WAIT-TARGET", "FCR-N", "CSAT")


@dataclass(frozen=True)
class Tile:
    """One of the three figures of the day, as components/_metric.html takes it."""

    id: str
    title: str
    value: float | None
    unit: str
    low: float | None
    high: float | None
    goal: float | None
    floor: int
    ceiling: int
    verdict: str
    sentence: str
    definition_url: str


@requires("quality.read")
def show(request: AgentRequest) -> HttpResponse:
    now = timezone.now()
    authority = request.user.authority
    bare = frame_of(Perimeter(authority, now.date(), now.date()))
    form = SiteForm(
        authority, bare.today(now), request.GET, auto_id="day_%s", use_required_attribute=False
    )
    form.is_valid()
    refuse_foreign(form, ("site",))
    site, chosen = form.cleaned_data.get("site"), form.cleaned_data.get("day")
    perimeter = Perimeter(authority, now.date(), now.date(), site=site)
    frame = Frame(perimeter, bare.sites, bare.topics)
    day = chosen or today.last_day(frame, now)
    if "day" not in form.errors:  # the field says which day is shown, also when nobody chose one
        form.data = {**request.GET.dict(), "day": day.isoformat()}
    context = {
        "form": form,
        "site": site,
        "now": timezone.localtime(now, frame.zone),
        "today": frame.today(now),
        "day": day,
        "is_yesterday": day == frame.today(now) - ONE_DAY,
        "chosen": chosen,
        "before": _address(day - ONE_DAY, site),
        "after": _address(day + ONE_DAY, site) if _is_past(day, frame, now) else "",
        "channels": _channels(today.channels(frame, day)),
        "tiles": _tiles(frame, day, now),
        "chart": today.hours(frame, day),
        "replay_url": _replay(request, day, site),
        "goal_minutes": frame.goal_minutes(day),
    }
    if chosen is None:
        context["red_items"] = [_red(item) for item in today.red_items(frame, request.user, now)]
        context["halls"] = today.halls(frame, now)
    return render(request, "quality/today.html", context)


def _address(day: date, site: Any) -> str:
    return reverse("quality:today") + _query(day, site)


def _replay(request: AgentRequest, day: date, site: Any) -> str:
    # The hall is played again ticket by ticket: not for those who read figures only.
    may = request.user.may("quality.rows")
    return reverse("quality:replay") + _query(day, site) if may else ""


def _query(day: date, site: Any) -> str:
    narrowed = f"&site={site.pk}" if site else ""
    return f"?day={day.isoformat()}{narrowed}"


def _is_past(day: date, frame: Frame, now: datetime) -> bool:
    return day + ONE_DAY < frame.today(now)


def _channels(counts: dict[str, int]) -> list[str]:
    return [
        _channel(channel, counts[channel]) % {"n": written(counts[channel])}
        for channel in Channel.values
        if counts.get(channel)
    ]


def _channel(channel: str, n: int) -> str:
    told = {
        Channel.DESK: ngettext(
            "%(n)s person received at the desk", "%(n)s people received at the desk", n
        ),
        Channel.PHONE: ngettext("%(n)s call", "%(n)s calls", n),
        Channel.EMAIL: ngettext("%(n)s e-mail", "%(n)s e-mails", n),
        Channel.POST: ngettext("%(n)s letter", "%(n)s letters", n),
        Channel.WEB: ngettext("%(n)s online request", "%(n)s online requests", n),
        Channel.ASSISTANT: ngettext(
            "%(n)s talk with the assistant", "%(n)s talks with the assistant", n
        ),
    }
    return told[Channel(channel)]


def _tiles(frame: Frame, day: date, now: datetime) -> list[Tile]:
    periods = today.periods(frame, day)
    waits = queries.waiting(frame, periods["WAIT-TARGET"], now)
    found = {
        "WAIT-TARGET": waits["WAIT-TARGET"],
        "FCR-N": queries.listened(frame, periods["FCR-N"], now)["FCR-N"],
        "CSAT": queries.listened(frame, periods["CSAT"], now)["CSAT"],
    }
    goals = queries.goals_on(frame.perimeter.authority, day)
    titles = {
        "WAIT-TARGET": _wait_title(frame.goal_minutes(day)),
        "FCR-N": _("Solved at first contact"),
        "CSAT": _("People who are satisfied"),
    }
    sentences = {
        "WAIT-TARGET": _wait_sentence(found["WAIT-TARGET"]),
        "FCR-N": _resolution_sentence(found["FCR-N"]),
        "CSAT": _satisfaction_sentence(found["CSAT"]),
    }
    return [_tile(code, titles[code], found[code], goals, sentences[code]) for code in HEADLINES]


def _tile(code: str, title: str, measure: Measure, goals: dict[str, float], sentence: str) -> Tile:
    shown = words.shown(measure, goals)
    low, high = measure.interval or (None, None)
    ends = [end for end in (low, measure.value, shown.goal) if end is not None]
    return Tile(
        id=f"tile-{code.lower()}",
        title=title,
        value=_percent(measure.value),
        unit="%",
        low=_percent(low),
        high=_percent(high),
        goal=_percent(shown.goal),
        floor=50 if min(ends, default=0) >= 0.5 else 0,
        ceiling=100,
        verdict=shown.verdict,
        sentence=sentence,
        definition_url=f"{reverse('quality:indicators')}#{code}",
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)


def _wait_title(minutes: int | None) -> str:
    if minutes is None:
        return _("Attended within the goal of the site")
    return _("Attended within %(n)s min") % {"n": minutes}


def _wait_sentence(measure: Measure) -> str:
    if measure.hidden:
        return _too_few(measure, _("No ticket was taken that day."))
    counted = words.counted(measure)
    median = measure.detail.get("p50")
    visits = _("%(counted)s visits that day.") % {"counted": counted}
    return visits if median is None else f"{visits} {words.half_waited(median)}"


def _resolution_sentence(measure: Measure) -> str:
    if measure.hidden:
        return _too_few(
            measure, _("Not enough contacts yet: whether people come back is known after 14 days.")
        )
    return _("%(counted)s first contacts, nobody back within 14 days, over 4 weeks.") % {
        "counted": words.counted(measure)
    }


def _satisfaction_sentence(measure: Measure) -> str:
    if measure.hidden:
        return _too_few(measure, _("Not enough answers yet, over 30 days."))
    return _("%(counted)s answers over 30 days, from %(contacts)s contacts.") % {
        "counted": words.counted(measure),
        "contacts": written(measure.detail.get("contacts") or 0),
    }


def _too_few(measure: Measure, nothing: str) -> str:
    if measure.denominator == 0:
        return nothing
    return _("Not enough yet: fewer than 5 are never shown.")


_SHELVES = {"unfollowed": "open", "overdue": "due", "unread": "unread"}


def _red(item: today.RedItem) -> dict[str, Any]:
    said = {
        "unfollowed": ngettext(
            "Request that nobody follows", "Requests that nobody follows", item.count
        ),
        "overdue": ngettext("Answer overdue", "Answers overdue", item.count),
        "unread": ngettext(
            "Message unread for more than two working days",
            "Messages unread for more than two working days",
            item.count,
        ),
        "stale": ngettext("Sheet to check again", "Sheets to check again", item.count),
    }
    return {
        "count": item.count,
        "text": said[item.kind],
        "services": ", ".join(item.services),
        "cases": item.cases,
        "sheets": item.sheets,
        "more": item.count - len(item.cases) - len(item.sheets),
        "url": _place_to_mend(item),
        "kind": item.kind,
    }


def _place_to_mend(item: today.RedItem) -> str:
    """The list that holds it all; a portfolio only shows the reader's own service."""
    if item.sheets:
        return reverse("knowledge:agent-search")
    if item.cases and item.is_own:
        return f"{reverse('cases:portfolio')}?whose=service&view={_SHELVES[item.kind]}"
    return ""
