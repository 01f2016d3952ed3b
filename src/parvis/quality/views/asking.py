"""What the address asks for: days and perimeter, of the reader's own authority or nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.http import Http404

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.quality.forms import PerimeterForm
from parvis.quality.queries import Frame, Perimeter, frame_of
from parvis.quality.rules.periods import presets

NARROWING = ("site", "service", "topic", "channel")


@dataclass(frozen=True)
class Question:
    """A question with the form that asked it."""

    form: PerimeterForm
    perimeter: Perimeter
    frame: Frame
    today: date

    @property
    def query(self) -> str:
        """The question as an address writes it."""
        return self.query_for(self.perimeter.first, self.perimeter.last)

    def query_for(self, first: date, last: date) -> str:
        """The same perimeter about other days."""
        asked: dict[str, Any] = {"first": first.isoformat(), "last": last.isoformat()}
        for name in NARROWING:
            value = getattr(self.perimeter, name)
            if value:
                asked[name] = getattr(value, "pk", value)
        return urlencode(asked)

    def query_without(self, left_out: str) -> str:
        """The question without one of its limits."""
        pairs = parse_qsl(self.query)
        return urlencode([(name, value) for name, value in pairs if name != left_out])

    @property
    def is_narrowed(self) -> bool:
        """Whether less than the whole authority is asked for."""
        return any(getattr(self.perimeter, name) for name in NARROWING)


def question(request: AgentRequest, *, now: datetime) -> Question:
    """Read the question; days that make no sense are told, and four weeks are shown."""
    authority = request.user.authority
    bare = frame_of(Perimeter(authority, now.date(), now.date()))
    today = bare.today(now)
    usual = presets(today)["four_weeks"]
    asked = request.GET.copy()
    asked.setdefault("first", usual.first.isoformat())
    asked.setdefault("last", usual.last.isoformat())
    form = PerimeterForm(authority, asked, auto_id="ask_%s", use_required_attribute=False)
    form.is_valid()
    refuse_foreign(form, NARROWING)
    found = form.cleaned_data
    first, last = found.get("first"), found.get("last")
    if form.errors or first is None or last is None:
        first, last = usual.first, usual.last
    narrowed = {name: found.get(name) or None for name in ("site", "service", "topic")}
    perimeter = Perimeter(authority, first, last, channel=found["channel"], **narrowed)
    return Question(form, perimeter, Frame(perimeter, bare.sites, bare.topics), today)


def refuse_senseless(asked: Question) -> None:
    """A file has no place to say that other days were taken: those that make no sense get none."""
    for sentences in asked.form.errors.values():
        raise Refused(str(sentences[0]))


def refuse_foreign(form: forms.Form, names: tuple[str, ...]) -> None:
    """Whatever belongs to another authority, or to nobody, does not exist."""
    if any(name in form.errors for name in names):
        raise Http404
