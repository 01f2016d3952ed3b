"""What is typed into a letter, a decision, and its sending."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from parvis.cases.models import Case
from parvis.common.access import Actor
from parvis.common.forms import DayField, Kind
from parvis.law import queries as law
from parvis.law.models import Article
from parvis.letters import queries
from parvis.letters.models import Decision, Delegation, Letter, OutgoingPost

QUOTED_AT_MOST = 4


class LetterForm(forms.ModelForm[Letter]):
    """The words of a draft."""

    revision = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Letter
        fields = ("recipient", "address", "subject", "body", "enclosures", "delegation")
        widgets = {
            "address": forms.Textarea(attrs={"rows": 3}),
            "body": forms.Textarea(attrs={"rows": 16, "spellcheck": "true"}),
            "enclosures": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "body": _("An empty line begins a paragraph; “## ” a heading, “- ” an item of a list."),
            "enclosures": _("One document to a line."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["delegation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = queries.delegations(self.instance.case, on=timezone.localdate())
        field.empty_label = gettext("whoever follows the case")
        field.help_text = _("A decision needs somebody with a delegation of signature.")
        self.fields["revision"].initial = self.instance.changed_at.isoformat()


class SendForm(forms.Form):
    """How a letter leaves."""

    way = forms.ChoiceField(
        label=_("How"), choices=OutgoingPost.Way.choices, widget=forms.RadioSelect
    )
    posted_on = DayField(label=_("On"))
    registered_number = forms.CharField(
        label=_("Number of the registered letter"), max_length=40, required=False
    )


class RefusalForm(forms.ModelForm[Decision]):
    """A refusal: law, facts, plain words, ways to contest it, who signs."""

    class Meta(Kind):
        model = Decision
        fields = ("law", "facts", "plain", "appeal", "delegation", "decided_on")
        widgets = {
            "law": forms.Textarea(attrs={"rows": 4}),
            "facts": forms.Textarea(attrs={"rows": 4}),
            "plain": forms.Textarea(attrs={"rows": 3}),
            "appeal": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "law": _("What the rule asks for, and why it is not met."),
            "facts": _("What is so in this case: dates, documents, measures."),
            "plain": _("As you would say it at the desk."),
            "appeal": _("Before whom, how, and until when."),
        }

    def __init__(self, *args: Any, case: Case, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.actor = case, actor
        signs = self.fields["delegation"]
        assert isinstance(signs, forms.ModelChoiceField)  # noqa: S101
        signs.queryset = queries.delegations(case, on=timezone.localdate())
        for place in range(1, QUOTED_AT_MOST + 1):
            self.fields[f"article_{place}"] = forms.CharField(
                label=_("Article") if place == 1 else _("Another article"),
                max_length=120,
                required=place == 1,
                help_text=_("Type a number or a word, then choose.") if place == 1 else "",
                widget=forms.TextInput(attrs={"list": "articles", "autocomplete": "off"}),
            )
        names = [f"article_{place}" for place in range(1, QUOTED_AT_MOST + 1)]
        self.order_fields([*names, *self.Meta.fields])
        self.known = {str(one): one for one in law.find_articles(actor, "", limit=1000)}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.articles: list[Article] = []
        for name in [name for name in self.fields if name.startswith("article_")]:
            typed = str(given.get(name) or "").partition(" — ")[0].strip()
            if typed and typed in self.known:
                self.articles.append(self.known[typed])
            elif typed:
                self.add_error(
                    name, ValidationError(gettext("No article in force is called like this."))
                )
        return given


class AskForm(forms.Form):
    """How somebody asked for a certificate or for reasons."""

    channel = forms.ChoiceField(
        label=pgettext_lazy("request", "How it was asked"),
        choices=(
            ("post", _("by letter")),
            ("desk", _("at the desk")),
            ("email", _("by e-mail")),
        ),
    )


class DelegationForm(forms.ModelForm[Delegation]):
    """Who may sign, by which act, from when until when."""

    class Meta(Kind):
        model = Delegation
        fields = ("entry", "capacity", "act", "service", "valid_from", "valid_through")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("entry", "service"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
            rows: Any = field.queryset
            field.queryset = rows.visible_to(actor).filter(is_active=True)
        self.fields["service"].empty_label = gettext("every service")  # type: ignore[attr-defined]


class WordingForm(forms.Form):
    """The wording of a kind of letter."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        required=False,
        help_text=_("Only for another wording beside the usual one."),
    )
    subject = forms.CharField(label=_("Subject"), max_length=160)
    body = forms.CharField(
        label=_("Text"), max_length=8000, widget=forms.Textarea(attrs={"rows": 18})
    )
    what_changed = forms.CharField(label=_("What you changed"), max_length=200, required=False)


class LetterheadForm(forms.Form):
    """What every letter carries."""

    place = forms.CharField(
        label=_("Place before the date"),
        max_length=80,
        help_text=_("As in “Sainte-Orvanne, on …”."),
    )
    foot = forms.CharField(
        label=_("Line at the foot"),
        max_length=160,
        required=False,
        help_text=_("Opening hours or address, in one line; the service is named by itself."),
    )
