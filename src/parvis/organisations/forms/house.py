"""The authority and what it is made of: services, sites, desks, topics, colleagues."""

from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import DomainNameValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from parvis.common import colour
from parvis.common.forms import Kind
from parvis.organisations.forms.settings import SettingsForm
from parvis.organisations.models import (
    Authority,
    Desk,
    DirectoryEntry,
    LegalEntity,
    Service,
    Site,
    Topic,
    TopicFamily,
)

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
