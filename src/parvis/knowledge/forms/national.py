"""What an editor types: the places behind offices, and the source of an import."""

import secrets
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from parvis.common.errors import Refused
from parvis.common.forms import ActorModelForm, Kind
from parvis.knowledge.dila import sources
from parvis.knowledge.models import FeedSchedule, ImportRun, LocalPlace

LARGEST = 200 * 1024 * 1024
AUDIENCES = (
    ("particuliers", _("individuals")),
    ("professionnels", _("businesses")),
    ("associations", _("associations")),
)


class PlaceForm(ActorModelForm[LocalPlace]):
    """A site or a service of one's own, or a place described in words."""

    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    class Meta(Kind):
        model = LocalPlace
        fields = ["pivot", "site", "service", "name", "address", "phone", "hours", "website"]
        help_texts = {
            "pivot": _("As the sheets name it: mairie, prefecture, caf, cpam…"),
            "site": _("Its own opening hours are shown."),
            "name": _("Only if it is no site of yours, or to say it more exactly."),
            "hours": _("Only for a place whose hours are not kept here."),
        }
        widgets = {
            "address": forms.Textarea(attrs={"rows": 2}),
            "hours": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pivot"].widget.attrs["autocapitalize"] = "none"

    def clean_pivot(self) -> str:
        return str(self.cleaned_data["pivot"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not (given.get("site") or given.get("service") or given.get("name")):
            raise forms.ValidationError(_("Choose a site or a service, or write a name."))
        return given


class ScheduleForm(ActorModelForm[FeedSchedule]):
    """When the jobs fetch the set by themselves."""

    address = forms.URLField(
        label=_("Feed address"),
        required=False,
        assume_scheme="https",
        max_length=500,
        help_text=_("Empty: the configured address."),
    )
    hour = forms.IntegerField(
        label=_("From this hour"),
        min_value=0,
        max_value=23,
        initial=4,
        help_text=_("At night: 4 is four in the morning."),
    )

    class Meta(Kind):
        model = FeedSchedule
        fields = ["is_on", "hour", "address"]


class ImportForm(forms.Form):
    """An archive that is sent, or the configured address."""

    origin = forms.ChoiceField(
        label=_("Where the edition comes from"),
        choices=[
            (ImportRun.Origin.FEED, _("the configured feed address")),
            (ImportRun.Origin.UPLOAD, _("an archive from this computer")),
        ],
        widget=forms.RadioSelect,
        initial=ImportRun.Origin.FEED,
    )
    archive = forms.FileField(
        label=_("Archive (zip)"),
        required=False,
        help_text=_("Only for an archive from this computer."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
    )
    audience = forms.ChoiceField(label=_("Audience"), choices=AUDIENCES)
    is_atomic = forms.BooleanField(
        label=_("All or nothing"),
        required=False,
        help_text=_("One broken file, and nothing is taken."),
    )
    stored_at = ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        is_feed = given.get("origin") == ImportRun.Origin.FEED
        if is_feed and given.get("audience") != AUDIENCES[0][0]:
            sentence = _("The feed holds the sheets for individuals: send the archive of others.")
            self.add_error("audience", sentence)
        if given.get("origin") == ImportRun.Origin.UPLOAD and not self.errors:
            archive = given.get("archive")
            if not archive:
                self.add_error("archive", _("Choose the archive."))
            else:
                self._store(archive)
        return given

    def _store(self, archive: "UploadedFile[bytes]") -> None:
        """Put the archive aside and look at its table of contents; a dangerous one is refused."""
        if (archive.size or 0) > LARGEST:
            limit = {"limit": LARGEST >> 20}
            self.add_error(
                "archive",
                forms.ValidationError(_("The archive is larger than %(limit)d MB."), params=limit),
            )
            return
        folder = Path(settings.SHEETS_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"sent-{secrets.token_hex(8)}.zip"
        with path.open("wb") as file:
            for chunk in archive.chunks():
                file.write(chunk)
        try:
            sources.listed(path)
        except Refused as refusal:
            path.unlink(missing_ok=True)
            self.add_error("archive", refusal.message)
            return
        self.stored_at = str(path)
