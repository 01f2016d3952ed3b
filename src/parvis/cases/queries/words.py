"""The sentences of the legal clock: for the service, for the person, for each step."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.cases import rules
from parvis.cases.models import CaseEntry, MissingItem
from parvis.cases.rules import Lack, Meaning, Silence, Standing, Step, Why


def for_service(counted: Silence, items: Iterable[MissingItem], today: date) -> str:
    """One sentence: what silence would mean, and when."""
    accepts = counted.meaning is Meaning.ACCEPTANCE
    if counted.standing is Standing.NO_EFFECT:
        return _("Silence means nothing here; an answer is owed all the same.")
    if counted.standing is Standing.ANSWERED:
        return _("The answer came in time: silence means nothing any more.")
    if counted.falls_on is None:
        return _waits(counted, items)
    values = {"day": _day(counted.falls_on)}
    if counted.has_fallen(today):
        if accepts:
            return _("No answer by %(day)s: by law the request counts as accepted.") % values
        return _("No answer by %(day)s: by law the request counts as refused.") % values
    if accepts:
        return _("Without an answer by %(day)s, the request is accepted.") % values
    return _("Without an answer by %(day)s, the request is refused.") % values


def for_person(counted: Silence, items: Iterable[MissingItem], today: date) -> str:
    """The same in plain words for the person, with what they may do then."""
    accepts = counted.meaning is Meaning.ACCEPTANCE
    if counted.standing is Standing.NO_EFFECT:
        return _("If you hear nothing from us, nothing is decided: you may ask us at any time.")
    if counted.standing is Standing.ANSWERED:
        return _("We have answered you.")
    if counted.falls_on is None:
        return _waits_person(counted, items)
    values = {"day": _day(counted.falls_on)}
    if counted.has_fallen(today):
        if accepts:
            return (
                _("We did not answer by %(day)s: your request counts as accepted. You may ask us "
                  "for a certificate of it.") % values
            )  # fmt: skip
        return (
            _("We did not answer by %(day)s: your request counts as refused. You may ask us for "
              "the reasons, and contest it.") % values
        )  # fmt: skip
    if accepts:
        return (
            _("If you hear nothing from us by %(day)s, your request is accepted. You may then ask "
              "us for a certificate of it.") % values
        )  # fmt: skip
    return (
        _("If you hear nothing from us by %(day)s, your request is refused. You may then ask us "
          "for the reasons, and contest it.") % values
    )  # fmt: skip


def sent_on(rejection_on: date) -> str:
    """The two clocks of a request that is with another authority (L114-3)."""
    return _(
        "Where silence is a refusal, it counts from the day we received the request: %(day)s at "
        "the latest. Where silence is an acceptance, it counts from the day the other authority "
        "receives it."
    ) % {"day": _day(rejection_on)}


def _waits(counted: Silence, items: Iterable[MissingItem]) -> str:
    if counted.standing is Standing.ELSEWHERE:
        return _("The time before an acceptance begins when the competent authority has received "
                 "the request.")  # fmt: skip
    return _("The time before an acceptance begins when these have arrived: %(items)s.") % {
        "items": _awaited(items)
    }


def _waits_person(counted: Silence, items: Iterable[MissingItem]) -> str:
    if counted.standing is Standing.ELSEWHERE:
        return ngettext(
            "If you hear nothing within %(n)d month after the competent authority has received "
            "your request, it is accepted.",
            "If you hear nothing within %(n)d months after the competent authority has "
            "received your request, it is accepted.",
            counted.months,
        ) % {"n": counted.months}
    return ngettext(
        "If you hear nothing from us within %(n)d month after you have sent us this, your "
        "request is accepted: %(items)s.",
        "If you hear nothing from us within %(n)d months after you have sent us this, your "
        "request is accepted: %(items)s.",
        counted.months,
    ) % {"n": counted.months, "items": _awaited(items)}


def _awaited(items: Iterable[MissingItem]) -> str:
    return ", ".join(
        item.words for item in items if item.received_on is None and item.is_indispensable
    )


def afterwards(counted: Silence, today: date, *, given: bool) -> list[str]:
    """What the person may ask for once the day is past, and until when."""
    if counted.falls_on is None or not counted.has_fallen(today):
        return []
    if rules.certificate_may_be_asked(counted, today):
        return [_("The person may ask for a certificate of this acceptance (L232-3).")]
    period = rules.appeal(counted.falls_on, proper_receipt=given)
    if period.ends_on is None:
        contest = _("No receipt was given: no time to contest runs against the person (L112-6).")
    else:
        contest = _("The person may contest it until %(day)s (%(article)s).") % {
            "day": _day(period.ends_on), "article": period.article,
        }  # fmt: skip
    due = rules.motives_due_on(today, refused_on=counted.falls_on, period=period)
    if due is None:
        return [contest]
    reasons = _("Asked today, the reasons are owed by %(day)s (L232-4).") % {"day": _day(due)}
    return [contest, reasons]


_STEPS: dict[Why, Callable[[], str]] = {
    Why.RECEIVED: lambda: _("The request was received."),
    Why.FIRST_RECEIVED: lambda: _("The first authority received it: a refusal counts from there."),
    Why.COMPETENT_RECEIVED: lambda: _(
        "The competent authority received it: an acceptance counts from there."
    ),
    Why.COMPETENT_AWAITED: lambda: _(
        "It is on its way: an acceptance counts from its arrival at the competent authority."
    ),
    Why.ITEM_AWAITED: lambda: _(
        "Asked for, indispensable and still awaited: %(words)s. The time has not begun."
    ),
    Why.ITEM_CAME: lambda: _(
        "Arrived: %(words)s. The time counts from the last indispensable thing."
    ),
    Why.NO_LIMIT_GIVEN: lambda: _(
        "Asked for without a last day: %(words)s. The time goes on."
    ),
    Why.ASKED_TOO_LATE: lambda: _(
        "Asked for once the day was past: %(words)s. It takes nothing back."
    ),
    Why.NOT_INDISPENSABLE: lambda: _("Useful, not indispensable: %(words)s. It stops nothing."),
    Why.ANSWERED: lambda: _("The answer was given in time."),
    Why.ANSWERED_LATE: lambda: _("The answer was given after the day."),
    Why.NO_EFFECT: lambda: _("The procedure gives silence no effect."),
}  # fmt: skip


def step(one: Step, counted: Silence) -> str:
    """One step of the count in words."""
    if one.why is Why.SUSPENDED:
        words = ngettext(
            "Asked for: %(words)s. The time stood still for %(days)d day, until %(until)s.",
            "Asked for: %(words)s. The time stood still for %(days)d days, until %(until)s.",
            one.days,
        )
        until = _day(one.until) if one.until else ""
        return words % {"words": one.words, "days": one.days, "until": until}
    if one.why in {Why.ACCEPTED, Why.REJECTED}:
        return _end(one.why, counted.months)
    return _STEPS[one.why]() % {"words": one.words}


def _end(why: Why, months: int) -> str:
    if why is Why.ACCEPTED:
        words = ngettext(
            "%(n)d month from date to date: without an answer, it is accepted.",
            "%(n)d months from date to date: without an answer, it is accepted.",
            months,
        )
    else:
        words = ngettext(
            "%(n)d month from date to date: without an answer, it is refused.",
            "%(n)d months from date to date: without an answer, it is refused.",
            months,
        )
    return words % {"n": months}


def article(one: Step) -> str:
    """The article behind a step, as it is quoted."""
    return _("CRPA, art. %(number)s") % {"number": one.article} if one.article else ""


_LACKS: dict[Lack, Callable[[], str]] = {
    Lack.RECEIVED_ON: lambda: _("The day on which the request was received is missing."),
    Lack.SERVICE: lambda: _("The name of the service is missing."),
    Lack.ADDRESS: lambda: _("The postal address of the service is missing."),
    Lack.EMAIL: lambda: _("The e-mail address of the service is missing."),
    Lack.PHONE: lambda: _("The telephone number of the service is missing."),
    Lack.SILENCE: lambda: _("The day on which silence counts is not known."),
    Lack.APPEAL: lambda: _("The procedure does not say how a refusal is contested."),
}


def lack(one: Lack) -> str:
    """What is missing in a receipt, in words."""
    return _LACKS[one]()


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def stored_day(text: str) -> str:
    """A day kept in a line of the story, as it is read."""
    return _day(date.fromisoformat(text)) if text else ""


def around(kind: str, data: Mapping[str, Any]) -> str:
    """Cases put together, taken apart, linked; people who come in: else nothing."""
    if kind == CaseEntry.Kind.LINKED:
        return _LINKED[data.get("link", "related")]()
    if kind == CaseEntry.Kind.PEOPLE:
        return _PEOPLE[data.get("what", "party")]()
    if kind == CaseEntry.Kind.MERGED and data.get("is_part"):
        return _("put this request into the request %(other)s, where it goes on:")
    if kind == CaseEntry.Kind.UNMERGED and data.get("is_part"):
        return _("took this request out of the request %(other)s again:")
    return ""


def spoken_for(kind: str, who: str) -> str:
    """Somebody with a mandate wrote in the place of the person."""
    if kind == CaseEntry.Kind.REOPENED:
        return _("%(who)s said for the person that it is not settled:") % {"who": who}
    return _("%(who)s wrote for the person:") % {"who": who}


_LINKED = {
    "related": lambda: _("linked it to the request %(other)s, about the same matter."),
    "follows": lambda: _("linked it to the request %(other)s: one follows the other."),
    "household": lambda: _("linked it to the request %(other)s, of the same household."),
}
_PEOPLE = {
    "party": lambda: _("noted that %(who)s takes part in the request."),
    "left": lambda: _("noted that %(who)s takes part in the request no longer."),
    "mandate": lambda: _("noted that %(who)s acts for the person."),
    "revoked": lambda: _("noted that %(who)s acts for the person no longer."),
}
