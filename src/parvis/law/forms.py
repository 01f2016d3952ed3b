"""What is typed into the legal register."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.common.forms import ActorForm, ActorModelForm, DayField, Kind
from parvis.law.models import LegalText
from parvis.organisations.models import Service

FIRST_YEAR = 1500  # some articles are older than the Republic


class TextForm(ActorModelForm[LegalText]):
    """A text: how it is called and where it stands."""

    url = forms.URLField(
        label=_("Address of the source"), max_length=300, required=False, assume_scheme="https"
    )

    class Meta(Kind):
        model = LegalText
        fields = ["kind", "short_name", "title", "url", "service", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.actor.may("law.write"):
            # Whoever writes for one service enters the texts of that service.
            service = cast("forms.ModelChoiceField[Service]", self.fields["service"])
            own = getattr(self.actor, "service_id", None) or 0
            service.required = True
            service.queryset = Service.objects.visible_to(self.actor).filter(pk=own)


class WordingForm(forms.Form):
    """How an article reads, and since when."""

    wording = forms.CharField(
        label=_("What it says"), max_length=20000, widget=forms.Textarea(attrs={"rows": 6})
    )
    in_force_on = DayField(label=_("In force since"), first_year=FIRST_YEAR)


class ArticleForm(WordingForm):
    """A new article of a text."""

    number = forms.CharField(
        label=_("Number"), max_length=40, help_text=_("As it is quoted, without “article”: L2223-3")
    )
    subject = forms.CharField(label=_("What it is about, in a few words"), max_length=200)
    field_order = ("number", "subject", "wording", "in_force_on")


class ChangeForm(WordingForm):
    """A new wording of an article."""

    what_changed = forms.CharField(label=_("What changed, for colleagues"), max_length=300)
    field_order = ("what_changed", "wording", "in_force_on")


class RepealForm(forms.Form):
    """The day since when an article no longer applies."""

    on = DayField(label=_("No longer in force since"), first_year=FIRST_YEAR)


class InterpretationForm(ActorForm):
    """How the house should read an article."""

    words = forms.CharField(
        label=_("How should we read it?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    is_public = forms.BooleanField(
        label=_("The public may read it once it is accepted"), required=False
    )
