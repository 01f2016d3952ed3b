"""How every form of the house is drawn, and the forms of the web room."""

from django import forms
from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ParvisRenderer(TemplatesSetting):
    """Labels, hints, errors and the summary come out right wherever ``{{ form }}`` is written."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"
    formset_template_name = "web/forms/formset.html"


class DisplayPreferences(forms.Form):
    """How the pages look on this device."""

    theme = forms.ChoiceField(
        label=_("Light or dark"),
        choices=[
            ("system", _("As the device decides")),
            ("light", pgettext_lazy("preferences", "Light")),
            ("dark", pgettext_lazy("preferences", "Dark")),
        ],
        widget=forms.RadioSelect,
    )
    contrast = forms.ChoiceField(
        label=_("Contrast"),
        choices=[("system", _("As the device decides")), ("more", _("More contrast"))],
        widget=forms.RadioSelect,
    )
    shortcuts = forms.ChoiceField(
        label=_("One-key shortcuts"),
        choices=[
            ("on", pgettext_lazy("preferences", "On")),
            ("off", pgettext_lazy("preferences", "Off")),
        ],
        widget=forms.RadioSelect,
        help_text=_("They serve agents at their desk. Function keys keep working."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
