"""What editors type, read kindly: nothing that was written is refused or lost."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from parvis.accounts.models import Agent
from parvis.common.forms import NO_SLUG, ActorForm, DayField
from parvis.common.text import one_line
from parvis.knowledge import rules
from parvis.knowledge.models import Sheet
from parvis.knowledge.presentation import LEVELS
from parvis.knowledge.rules import writing
from parvis.knowledge.rules.writing import Writing
from parvis.organisations.models import Service, Topic

LEVEL_CHOICES = [(level, LEVELS[level][1]) for level in rules.LEVELS]
LONGEST = 20_000  # of one block


class NewSheetForm(ActorForm):
    """What a sheet is called and who answers for it, before the first word."""

    title = forms.CharField(
        label=_("Title"),
        max_length=300,
        help_text=_("As people ask for it: “Copy of a birth certificate”."),
    )
    service = forms.ModelChoiceField(
        label=_("Service that answers for it"), queryset=Service.objects.all()
    )
    ref = forms.SlugField(
        label=_("Reference"),
        max_length=20,
        required=False,
        help_text=_("Left empty, the next free number of your house."),
        error_messages={"invalid": NO_SLUG},
    )


class LinesField(forms.CharField):
    """How people ask for a sheet, one way a line; counted as it is kept."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> str:
        lines = [one_line(line) for line in str(value or "").splitlines()]
        return "\n".join(line for line in lines if line)


class AboutForm(ActorForm):
    """What stands beside the words of a sheet."""

    service = forms.ModelChoiceField(
        label=_("Service that answers for it"), queryset=Service.objects.all(), required=False
    )
    keeper = forms.ModelChoiceField(
        label=_("Who keeps it"),
        queryset=Agent.objects.at_work().select_related("entry"),
        required=False,
        help_text=_("Is written to when a check is near; else the liaison of the service."),
    )
    topics = forms.ModelMultipleChoiceField(
        label=_("Topics that it answers"),
        queryset=Topic.objects.all(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    keywords = forms.CharField(
        label=_("Other words for it"),
        max_length=2000,
        required=False,
        help_text=_("What people say instead, separated by commas; the search uses them."),
    )
    asked = LinesField(
        label=_("How people ask for it"),
        max_length=writing.LONGEST_ASKED,
        required=False,
        help_text=_(
            "One question a line, as it is said at the desk or begins a letter: three or four say"
            " more than one. They help the search and the assistant; readers never see them."
        ),
    )
    breadcrumb = forms.CharField(
        label=_("Family"),
        max_length=400,
        required=False,
        help_text=_("Under which heading it is listed."),
    )
    is_public = forms.BooleanField(label=_("The public may read this sheet"), required=False)
    review_every_days = forms.IntegerField(
        label=_("Days between two checks"), min_value=7, max_value=1100
    )
    source_note = forms.CharField(
        label=_("Source"),
        max_length=300,
        required=False,
        help_text=_("Who says so: a decision, a text, a colleague."),
    )
    source_url = forms.URLField(
        label=_("Address of the source"), max_length=300, required=False, assume_scheme="https"
    )


def read_writing(posted: QueryDict, agent: Agent, known: Writing) -> tuple[Writing, list[str]]:
    """The words of the editor, and what stands beside them that could not be understood."""
    about, unread = _about(posted, agent, known["about"])
    names = [name for name in posted.getlist("block") if _is_name(name)][: writing.MOST_BLOCKS]
    blocks = [writing.read_block(_fields(posted, name), name) for name in dict.fromkeys(names)]
    for block in blocks:
        block["text"] = block["text"][:LONGEST]
    words = Writing(
        title=posted.get("title", ""),
        short_answer=posted.get("short_answer", "")[:LONGEST],
        blocks=blocks,
        about=about,
    )
    return words, unread


def _is_name(name: str) -> bool:
    return name[:1] == "b" and name[1:].isascii() and name[1:].isdigit() and len(name) < 6


def _fields(posted: QueryDict, name: str) -> Mapping[str, str]:
    parts = ("kind", "title", "level", "until", "text", *rules.STEP_PARTS)
    return {part: posted.get(f"{name}-{part}", "") for part in parts}


def _about(
    posted: QueryDict, agent: Agent, known: Mapping[str, object]
) -> tuple[dict[str, object], list[str]]:
    form = AboutForm(posted, actor=agent, prefix="about")
    form.is_valid()
    about: dict[str, object] = dict(known)
    for name in form.fields:
        if name in form.cleaned_data:
            about[name] = _plain(form.cleaned_data[name])
    return about, [str(form.fields[name].label) for name in form.errors if name in form.fields]


def _plain(value: Any) -> object:
    if isinstance(value, Service | Agent):
        return value.pk
    if hasattr(value, "values_list"):
        return sorted(value.values_list("pk", flat=True))
    return value


class ArchiveForm(ActorForm):
    """Where readers of a sheet that is put away are sent."""

    moved_to = forms.CharField(
        label=_("Reference of the sheet that answers instead"),
        max_length=20,
        required=False,
        help_text=_(
            "Quoted addresses lead there. Left empty, the old page says what became of it."
        ),
    )
    note = forms.CharField(label=_("What readers are told"), max_length=300, required=False)

    def clean_moved_to(self) -> Sheet | None:
        ref = self.cleaned_data["moved_to"].strip()
        if not ref:
            return None
        sheets = Sheet.objects.visible_to(self.actor).filter(ref__iexact=ref)
        found = sheets.order_by("authority_id").last() or None
        if found is None:
            raise forms.ValidationError(_("No sheet has this reference."))
        return found


class SignForm(forms.Form):
    """Who read a plain text and understood it."""

    panel = forms.CharField(
        label=_("Readers"),
        max_length=160,
        help_text=_("The group, not the names: “Workshop of the Tilleuls day centre, 5 readers”."),
    )
    signed_on = DayField(label=_("Read on"))


class AttachForm(forms.Form):
    """A file beside a sheet, and who may have it."""

    file = forms.FileField(label=_("File"), max_length=200)
    title = forms.CharField(label=_("What it is"), max_length=200, required=False)
    level = forms.ChoiceField(
        label=_("Who may read it"), choices=LEVEL_CHOICES, initial=rules.INTERNAL
    )
    until = DayField(
        label=_("Public from"),
        required=False,
        help_text=_("Only for “Not yet public”."),
    )
