"""Seasons, exceptional days and closures."""

from datetime import date
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from parvis.common.forms import Kind
from parvis.organisations import rules
from parvis.organisations.actions import same_day
from parvis.organisations.forms.settings import Hours, SettingsForm
from parvis.organisations.models import (
    Closure,
    HoursChannel,
    HoursException,
    Season,
)


def _names(seasons: list[Season]) -> dict[str, str]:
    return {"names": ", ".join(season.name for season in seasons)}


class SeasonForm(SettingsForm[Season]):
    """A season and its whole week: one line of hours per day and channel; empty means closed."""

    over = ""  # the seasons that this one is known to lie over, for the page to carry
    _placed = frozenset({"site", "valid_from", "valid_through"})

    class Meta(Kind):
        model = Season
        fields = ("site", "name", "valid_from", "valid_through")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self._known_week()
        for channel in HoursChannel:
            for day, label in WEEKDAYS.items():
                self.fields[f"{channel}-{day}"] = Hours(
                    label=label,
                    required=False,
                    max_length=80,
                    initial=rules.show_openings(known.get((channel.value, day), ())),
                )

    def _known_week(self) -> dict[tuple[str, int], list[rules.Opening]]:
        known: dict[tuple[str, int], list[rules.Opening]] = {}
        for slot in self.instance.slots.all() if self.instance.pk else ():
            opening = rules.Opening(slot.opens, slot.closes)
            known.setdefault((slot.channel, slot.weekday), []).append(opening)
        return known

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("valid_from"), given.get("valid_through")
        if first and last and last < first:
            self.add_error("valid_through", _("The last day comes before the first one."))
        elif first and last:
            self._say_what_it_lies_over(first, last)
        return given

    def _say_what_it_lies_over(self, first: date, last: date) -> None:
        """Summer hours lie over those of the year on purpose: said before, and kept when meant."""
        under = self._others(first, last)
        same_start = [season for season in under if season.valid_from == first]
        if same_start:
            sentence = _("“%(names)s” begins on that day too: let one of them begin another day.")
            self.add_error("valid_from", forms.ValidationError(sentence, params=_names(same_start)))
            return
        self.over = " ".join(str(season.pk) for season in under)
        if under and self.data.get("over") != self.over:
            sentence = _(
                "On some of these days “%(names)s” holds too: the season that begins last counts."
                " If you mean it, keep it again."
            )
            self.add_error(None, forms.ValidationError(sentence, params=_names(under)))

    def _others(self, first: date, last: date) -> list[Season]:
        """The seasons of the site that say other hours of a channel on these days."""
        is_known = self.instance.pk and not self._placed & set(self.changed_data)
        site = self.cleaned_data.get("site")
        if is_known or site is None:
            return []
        said = {
            name.partition("-")[0]
            for name, hours in self.cleaned_data.items()
            if "-" in name and hours
        }
        rows = Season.objects.filter(site=site, valid_from__lte=last, valid_through__gte=first)
        return list(
            rows.filter(slots__channel__in=said)
            .exclude(pk=self.instance.pk)
            .distinct()
            .order_by("pk")
        )

    def season_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self._meta.fields or ()]

    def week_fields(self) -> list[tuple[str, list[forms.BoundField]]]:
        """One row per day: its label, and a field for each channel."""
        return [
            (capfirst(label), [self[f"{channel}-{day}"] for channel in HoursChannel])
            for day, label in WEEKDAYS.items()
        ]

    def week(self) -> dict[tuple[str, int], tuple[rules.Opening, ...]]:
        return {
            (channel.value, day): self.cleaned_data[f"{channel}-{day}"]
            for channel in HoursChannel
            for day in range(7)
        }


class ExceptionForm(SettingsForm[HoursException]):
    """Other hours on one day; all rows of that day and channel are one thing to whoever types."""

    hours = Hours(
        label=_("Hours of that day"),
        required=False,
        max_length=80,
        help_text=_("For instance 9:00-12:00. Leave it empty when the site is closed."),
    )

    class Meta(Kind):
        model = HoursException
        fields = ("site", "date", "channel", "hours", "reason")

    field_order = ("site", "date", "channel", "hours", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            rows = same_day(self.instance).exclude(opens=None).order_by("opens")
            openings = [rules.Opening(r.opens, r.closes) for r in rows if r.opens and r.closes]
            self.fields["hours"].initial = rules.show_openings(openings)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        day = {name: given.get(name) for name in ("site", "channel", "date")}
        moved = not self.instance.pk or not self._said.isdisjoint(self.changed_data)
        if moved and all(day.values()) and HoursException.objects.filter(**day).exists():
            sentence = _("There are exceptional hours for that day already: change those instead.")
            self.add_error("date", sentence)
        return given

    _said = frozenset({"site", "channel", "date"})


class ClosureForm(SettingsForm[Closure]):
    class Meta(Kind):
        model = Closure
        fields = ("site", "first_day", "last_day", "reason")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first_day"), given.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day comes before the first one."))
        return given
