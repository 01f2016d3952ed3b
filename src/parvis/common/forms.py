"""Forms whose choices end at the wall between authorities."""

from datetime import date
from functools import partial
from typing import Any, Final, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from parvis.common.access import Actor, ScopedQuerySet

M = TypeVar("M", bound=models.Model)

# A year typed with two digits, or one that says "for ever", is a slip.
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
NO_SLUG: Final = _("Only letters without accents, digits and hyphens, as in “mairie-nord”.")


def meant_day(day: date, first_year: int = FIRST_YEAR) -> None:
    """Validator of a day that somebody types: its year is one that can be meant."""
    if not first_year <= day.year <= LAST_YEAR:
        raise forms.ValidationError(
            _("Look at the year again: it is between %(first)s and %(last)s."),
            # As words: a year has no separator of thousands.
            params={"first": str(first_year), "last": str(LAST_YEAR)},
        )


class DayField(forms.DateField):
    """A day that can be meant, chosen in the browser's own calendar."""

    # Whatever the language, a date field of the browser shows and sends year, month and day.
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, *, first_year: int = FIRST_YEAR, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(partial(meant_day, first_year=first_year))


class Kind:
    """Base of ``Meta`` classes: days that can be meant, the sentences of constraints in words."""

    @staticmethod
    def formfield_callback(column: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
        if type(column) is models.DateField:
            kwargs.setdefault("form_class", DayField)
        if isinstance(column, models.SlugField):
            kwargs.setdefault("error_messages", {"invalid": NO_SLUG})
        return column.formfield(**kwargs)

    error_messages = {
        NON_FIELD_ERRORS: {"unique_together": _("There is already one with this name.")}
    }


def limit_choices(form: forms.BaseForm, actor: Actor) -> None:
    """Offer and accept only rows of the actor's authority that are in use, or chosen already."""
    instance = getattr(form, "instance", None)
    for name, field in form.fields.items():
        if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
            continue
        rows = field.queryset.all()
        if isinstance(rows, ScopedQuerySet):
            rows = rows.visible_to(actor)
        if "is_active" in {column.name for column in rows.model._meta.fields}:
            rows = rows.filter(Q(is_active=True) | Q(pk=getattr(instance, f"{name}_id", None)))
        field.queryset = rows


class ActorForm(forms.Form):
    """A form filled in by somebody of one authority."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(*args, **kwargs)
        limit_choices(self, actor)


class ActorModelForm(forms.ModelForm[M]):
    """Reads a row from what was typed; writing it is the action's work."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(*args, **kwargs)
        if "authority" in {field.name for field in self._meta.model._meta.fields}:
            self.instance.authority_id = actor.authority_id  # type: ignore[attr-defined]
        limit_choices(self, actor)

    def _get_validation_exclusions(self) -> set[str]:
        # The authority is not typed, but "one of that name" can only be checked together with it.
        return super()._get_validation_exclusions() - {"authority"}  # type: ignore[misc, no-any-return]


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty one that was sent has mistakes, one not sent has none."""
    return request.POST if request.method == "POST" else None
