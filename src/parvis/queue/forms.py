"""What a manager of a hall types about its machines and its rules."""

import ipaddress
import re
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from parvis.common.forms import ActorModelForm, Kind
from parvis.organisations.models import Site
from parvis.organisations.queries import topics_of
from parvis.queue import visitors
from parvis.queue.models import HallRules, Printer, Screen

_HOST = re.compile(r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,118}[A-Za-z0-9])?$")


def language_choices() -> list[tuple[str, str]]:
    """The languages of visitors, each by its own name."""
    names = [(code, get_language_info(code)["name_local"]) for code in settings.VISITOR_LANGUAGES]
    return [(code, str(name).capitalize()) for code, name in names]


class Languages(forms.MultipleChoiceField):
    """Some languages of visitors, in the order of the house."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=language_choices, **kwargs)

    def clean(self, value: Any) -> list[str]:
        chosen = super().clean(value)
        return visitors.known(chosen) if chosen else []


class ScreenForm(ActorModelForm[Screen]):
    languages = Languages(
        label=_("Languages of the voice"),
        required=False,
        help_text=_("Each call is said in these, one after the other. None: French only."),
    )

    class Meta(Kind):
        model = Screen
        fields = ("name", "topics", "languages")
        widgets = {"topics": forms.CheckboxSelectMultiple}
        help_texts = {"topics": _("None ticked: the whole hall.")}

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.site = site
        topics = self.fields["topics"]
        assert isinstance(topics, forms.ModelMultipleChoiceField)  # noqa: S101
        topics.queryset = topics_of(site)
        topics.choices = [
            (family.label, [(topic.pk, topic.label) for topic in of_family])
            for family, of_family in groupby(topics_of(site), key=lambda topic: topic.family)
        ]


class PrinterForm(ActorModelForm[Printer]):
    class Meta(Kind):
        model = Printer
        fields = ("name", "host", "port", "width")
        help_texts = {
            "host": _("A name or an IP address of the network of the hall, such as 192.168.1.60."),
            "port": _("9100 on nearly every printer."),
            "width": _("42 or 48 on 80 mm paper, 32 on 58 mm."),
        }

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.site = site
        self.fields["width"] = forms.IntegerField(
            label=_("Characters per line"),
            min_value=20,
            max_value=64,
            initial=42,
            help_text=self.fields["width"].help_text,
        )
        self.fields["port"] = forms.IntegerField(
            label=_("Port"),
            min_value=1,
            max_value=65535,
            initial=9100,
            help_text=self.fields["port"].help_text,
        )

    def clean_host(self) -> str:
        host = str(self.cleaned_data["host"]).strip()
        if not _is_host(host):
            raise forms.ValidationError(_("Write a name or an address, without http:// or port."))
        return host


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(_HOST.match(host))
    return True


class RulesForm(forms.ModelForm[HallRules]):
    languages = Languages(
        label=_("Languages of the kiosk and the screens"),
        help_text=_("Shown on the kiosk in this order."),
    )

    class Meta:
        model = HallRules
        fields = (
            "languages",
            "phone_open",
            "phone_limit",
            "phone_per_day",
            "back_minutes",
            "lets_past",
            "pause_minutes",
            "early_minutes",
            "late_minutes",
        )
        help_texts = {
            "phone_open": _("Unticked: the poster at the door says so, and gives no ticket."),
            "phone_limit": _("Beyond it the telephone says to come in and take a ticket."),
            "phone_per_day": _("Against tickets taken on spec; nobody’s name is asked for."),
            "back_minutes": _("Later than that, the person takes a new ticket."),
            "lets_past": _("From the page of their ticket; 0 takes the button away."),
            "pause_minutes": _(
                "Going to the back office or closing the desk gives them back at once."
            ),
            "early_minutes": _("Earlier than that, the kiosk says from when; agents may check in."),
            "late_minutes": _("Within it the appointment keeps the place of its hour."),
        }
