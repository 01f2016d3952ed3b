"""What an administrator types, with kind answers; rows of other authorities are no choice."""

import hashlib
from datetime import date
from itertools import groupby
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.core.validators import DomainNameValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from parvis.common import colour
from parvis.common.forms import ActorModelForm, Kind
from parvis.organisations import queries, rules
from parvis.organisations.actions import same_day
from parvis.organisations.models import (
    Authority,
    Closure,
    Desk,
    DirectoryEntry,
    HoursChannel,
    HoursException,
    LegalEntity,
    Season,
    Service,
    Site,
    Topic,
    TopicFamily,
)

M = TypeVar("M", bound=models.Model)
HIGHEST = 9999  # minutes, days, positions
ZONES = (
    ("Europe/Paris", _("Paris")),
    ("America/Guadeloupe", _("Guadeloupe")),
    ("America/Martinique", _("Martinique")),
    ("America/Cayenne", _("French Guiana")),
    ("Indian/Reunion", _("Réunion")),
    ("Indian/Mayotte", _("Mayotte")),
    ("America/Miquelon", _("Saint-Pierre and Miquelon")),
    ("Pacific/Noumea", _("New Caledonia")),
    ("Pacific/Tahiti", _("Tahiti")),
)
WHITE, ON_DEEP = "#ffffff", "#f4f1ea"
WORDS, DEEP_WORDS = 4.5, 7.0  # WCAG 2.2, 1.4.3; the board is read from afar


is_domain_name = DomainNameValidator(
    message=_("Write the name alone, as in accueil.ville.fr: no http://, no space, no slash.")
)


def a_day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Hours(forms.CharField):
    """Opening hours of one day, as people write them."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return rules.parse_openings(text)
        except rules.NotHours as error:
            raise forms.ValidationError(
                _("“%(part)s” cannot be read. Write hours as 8:30-12:30, 13:30-17:30."),
                params={"part": error.part[:40]},
            ) from error

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else rules.show_openings(value)


class ColourInput(forms.ColorInput):
    """The browser's own choice of colours: always filled, and of one length only."""

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        attrs.pop("maxlength", None)
        return attrs


def _limit(field: forms.IntegerField) -> None:
    """The highest number that can be meant, instead of the highest that the database can hold."""
    highest = [one for one in field.validators if isinstance(one, MaxValueValidator)]
    meant = [one for one in highest if int(one.limit_value) <= HIGHEST]
    others = [one for one in field.validators if one not in highest]
    field.validators = [*others, *(meant or [MaxValueValidator(HIGHEST)])]


class SettingsForm(ActorModelForm[M]):
    """A row of the settings; what a colleague changed since the page was opened is not undone.

    The page carries marks of the values that it was opened with; sent again with the marks of
    now, it is kept knowingly.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.IntegerField):
                _limit(field)

    def opened(self) -> str:
        """The marks of what is kept now, field by field, for the page to carry."""
        return " ".join(self._marks())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.instance.pk and (changed := self._changed_meanwhile()):
            sentence = _(
                "%(who)s changed this since you opened it. Now kept: %(changed)s."
                " Check what you typed, then keep it again."
            )
            who = queries.who_changed(self.instance) or _("A colleague")
            words = {"who": who, "changed": "; ".join(changed)}
            self.add_error(None, forms.ValidationError(sentence, params=words))
        return given

    def _marks(self) -> list[str]:
        shown = (f"{name}={self[name].initial!r}" for name in self.fields)
        return [hashlib.sha256(words.encode()).hexdigest()[:12] for words in shown]

    def _changed_meanwhile(self) -> list[str]:
        opened, now = self.data.get("opened", "").split(), self._marks()
        if len(opened) != len(now):
            return []
        fields = zip(self.fields, opened, now, strict=True)
        return [self._now(self[name]) for name, before, after in fields if before != after]

    def _now(self, field: forms.BoundField) -> str:
        value = field.field.prepare_value(field.initial)
        choices = dict(getattr(field.field, "choices", ()))
        if isinstance(value, list | bool):
            return str(field.label)
        return f"{field.label} “{choices.get(value, value) or ''}”"


class AuthorityForm(SettingsForm[Authority]):
    class Meta(Kind):
        model = Authority
        fields = (
            "name",
            "hostname",
            "territory",
            "address",
            "phone",
            "email",
            "action_colour",
            "deep_colour",
            "name_policy",
            "directory_is_public",
            "second_factor_for_admins",
            "lock_minutes",
        )
        widgets = {
            "action_colour": ColourInput,
            "deep_colour": ColourInput,
        }

    def clean_hostname(self) -> str:
        name = str(self.cleaned_data["hostname"]).strip().lower().rstrip(".")
        if name:
            is_domain_name(name)
        return name

    def clean_action_colour(self) -> str:
        return self._legible("action_colour", WHITE, WORDS)

    def clean_deep_colour(self) -> str:
        return self._legible("deep_colour", ON_DEEP, DEEP_WORDS)

    def _legible(self, name: str, ground: str, least: float) -> str:
        chosen = str(self.cleaned_data[name]).lower()
        if colour.is_colour(chosen) and (found := colour.contrast(chosen, ground)) < least:
            raise forms.ValidationError(
                _(
                    "Light words cannot be read on it (contrast %(found)s, at least %(least)s)."
                    " Try %(near)s."
                ),
                params={
                    "found": f"{found:.1f}",
                    "least": f"{least:g}",
                    "near": colour.nearest_legible(chosen, ground, least),
                },
            )
        return chosen


class LegalEntityForm(SettingsForm[LegalEntity]):
    class Meta(Kind):
        model = LegalEntity
        fields = ("name",)


class ServiceForm(SettingsForm[Service]):
    class Meta(Kind):
        model = Service
        fields = ("name", "name_en", "legal_entity", "phone", "email", "address", "is_sensitive")


class SiteForm(SettingsForm[Site]):
    timezone = forms.ChoiceField(label=_("Time zone"), choices=ZONES, initial="Europe/Paris")

    class Meta(Kind):
        model = Site
        fields = (
            "name",
            "name_en",
            "slug",
            "address",
            "phone",
            "timezone",
            "fairness_minutes",
            "wait_target_minutes",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slug = self.fields["slug"]
        slug.required = False
        if self.instance.pk:  # printed on posters and stored in kiosks: it never changes
            del self.fields["slug"]
        else:
            slug.help_text = _("Part of the address of kiosk and board; cannot be changed later.")
        self.fields["wait_target_minutes"].validators.append(MinValueValidator(1))

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        others = Site.objects.visible_to(self.actor).exclude(pk=self.instance.pk)
        if others.filter(name__iexact=name, is_active=True).exists():
            raise forms.ValidationError(_("There is already one with this name."))
        return name


def _language(info: dict[str, Any]) -> str:
    # English writes the names of languages with a capital, French does not.
    name = str(info["name_translated"])
    return name if (get_language() or "fr").startswith("en") else name.lower()


class NamesForm(SettingsForm[Any]):
    """A row that people read in a hall: its name in the other languages of visitors too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.instance.other_names
        longest = self.instance._meta.get_field("name").max_length
        for code in self._other_languages():
            info = get_language_info(code)
            self.fields[f"name_{code}"] = forms.CharField(
                label=_("Name in %(language)s") % {"language": _language(info)},
                required=False,
                max_length=longest,
                initial=known.get(code, ""),
                widget=forms.TextInput(
                    attrs={"lang": code, "dir": "rtl" if info["bidi"] else "ltr"}
                ),
            )

    @staticmethod
    def _other_languages() -> list[str]:
        # French and English have columns of their own.
        return [code for code in settings.VISITOR_LANGUAGES if code not in {"fr", "en"}]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        names = {code: given.get(f"name_{code}", "") for code in self._other_languages()}
        kept = {code: name for code, name in self.instance.other_names.items() if code not in names}
        self.instance.other_names = kept | {code: name for code, name in names.items() if name}
        return given


class DeskForm(NamesForm):
    class Meta(Kind):
        model = Desk
        fields = ("site", "name", "name_en", "position", "topics")
        widgets = {"topics": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = self.fields["topics"]
        assert isinstance(topics, forms.ModelMultipleChoiceField)  # noqa: S101
        given = Topic.objects.none() if topics.queryset is None else topics.queryset
        rows = given.select_related("family").order_by("family__position", "name")
        topics.choices = [
            (family.label, [(topic.pk, topic.label) for topic in of_family])
            for family, of_family in groupby(rows, key=lambda topic: topic.family)
        ]


class TopicFamilyForm(NamesForm):
    class Meta(Kind):
        model = TopicFamily
        fields = ("name", "name_en", "series", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sentence = _("One or two capital letters, without accent.")
        self.fields["series"].error_messages["invalid"] = sentence


class TopicForm(NamesForm):
    class Meta(Kind):
        model = Topic
        fields = (
            "name",
            "name_en",
            "short_name",
            "short_name_en",
            "family",
            "service",
            "level",
            "fcr_window_days",
            "is_resolvable",
            "on_kiosk",
            "handling_minutes",
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
        widgets = {"valid_from": a_day(), "valid_through": a_day()}

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
        widgets = {"date": a_day()}

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
        widgets = {"first_day": a_day(), "last_day": a_day()}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first_day"), given.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day comes before the first one."))
        return given


class DirectoryEntryForm(SettingsForm[DirectoryEntry]):
    class Meta(Kind):
        model = DirectoryEntry
        fields = (
            "first_name",
            "last_name",
            "function",
            "function_en",
            "service",
            "phone",
            "email",
            "is_listed",
            "is_contact_point",
            "name_policy",
            "name_policy_reason",
            "name_policy_until",
        )
        widgets = {"name_policy_until": a_day()}
        labels = {
            "name_policy": _("Name shown to the public"),
            "name_policy_reason": _("Why it is not the name policy of the authority"),
            "name_policy_until": _("Until this day"),
        }
        help_texts = {
            "name_policy": _(
                "The public has a right to the name, unless safety asks otherwise (CRPA, L111-2)."
            ),
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("name_policy"):
            return given
        if not given.get("name_policy_reason"):
            self.add_error("name_policy_reason", _("Say why: this is an exception to a right."))
        until = given.get("name_policy_until")
        if not until:
            self.add_error("name_policy_until", _("An exception to a right has an end date."))
        elif until < timezone.localdate() and "name_policy_until" in self.changed_data:
            self.add_error("name_policy_until", _("This day is over."))
        return given

    def _post_clean(self) -> None:
        # The signature is added by the action; the constraint is checked here with a stand-in.
        if self.cleaned_data.get("name_policy") and not self.instance.name_policy_author:
            self.instance.name_policy_author = str(self.actor)[:120]
        super()._post_clean()  # type: ignore[misc]
