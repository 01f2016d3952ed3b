"""What all forms of the settings share: who changed it meanwhile, days, hours of a day."""

import hashlib
from typing import Any, TypeVar

from django import forms
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.common.forms import ActorModelForm
from parvis.organisations import queries, rules

M = TypeVar("M", bound=models.Model)
HIGHEST = 9999  # minutes, days, positions


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
