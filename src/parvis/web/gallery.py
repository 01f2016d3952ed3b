"""The examples of the gallery of components: invented people, one form with every kind of field."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from parvis.common.forms import DayField

PARIS = ZoneInfo("Europe/Paris")


class ExampleForm(forms.Form):
    """Every kind of field that the house uses."""

    stays_quiet = True  # an example of a mistake does not take the focus

    name = forms.CharField(label=gettext_lazy("Name and first name"))
    phone = forms.RegexField(
        r"^0[0-9]([ .]?[0-9]{2}){4}$",
        label=gettext_lazy("Telephone"),
        help_text=gettext_lazy("Ten digits, so that we can call you back."),
        error_messages={"invalid": gettext_lazy("Two digits are missing. The rest is kept.")},
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How shall we answer?"),
        choices=[
            ("phone", gettext_lazy("By telephone")),
            ("mail", gettext_lazy("By e-mail")),
            ("post", gettext_lazy("By post")),
        ],
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("What would help you?"),
        choices=[
            ("time", gettext_lazy("More time")),
            ("seat", gettext_lazy("A seat while waiting")),
            ("interpreter", gettext_lazy("An interpreter")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    site = forms.ChoiceField(
        label=gettext_lazy("Place"),
        choices=[("hall", gettext_lazy("Town hall")), ("north", gettext_lazy("North annexe"))],
    )
    day = DayField(
        label=gettext_lazy("Day"),
        required=False,
    )
    words = forms.CharField(
        label=gettext_lazy("Your message"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("With your own words; nobody judges the spelling."),
    )
    document = forms.FileField(
        label=gettext_lazy("A document"),
        required=False,
        help_text=gettext_lazy("PDF or photo, 10 MB at most."),
    )
    agree = forms.BooleanField(label=gettext_lazy("I would like a copy of my message"))


def examples() -> dict[str, Any]:
    """Everything that the gallery shows, in the language of the page."""
    wrong = ExampleForm({"name": "Jeanne Tessandier", "phone": "02 61 91 00", "channel": "phone"})
    return {
        "example_form": ExampleForm(auto_id="fine_%s"),
        "wrong_form": wrong,
        "filter_form": _filters(),
        "trace": _trace(),
        "rows": _rows(),
        "metrics": _metrics(),
        **_of_a_case(),
        **_of_a_sheet(),
        **_of_a_list(),
    }


def _of_a_case() -> dict[str, Any]:
    return {
        "contact_actions": [
            {"text": pgettext("example", "Write"), "url": "#example", "icon": "chat-left-text"},
            {"text": _("Be called back"), "url": "#example", "icon": "telephone-inbound"},
        ],
        "from_you": {
            "what": _("The plan of the façades"),
            "until": _("before Thursday 18 February 2027"),
            "detail": _("A photo of the plan is enough. You may also hand it in at the desk."),
            "url": "#example",
            "action": _("Attach the plan"),
            "icon": "paperclip",
        },
        "from_us": {
            "what": _("The decision of the mayor"),
            "until": _("one month after the plan"),
            "detail": _("Without an answer by then, your works are accepted."),
        },
    }


def _of_a_sheet() -> dict[str, Any]:
    cost, free = pgettext("example", "Cost"), pgettext("example", "Free")
    who, self_ = _("Who comes"), pgettext("example", "Yourself")
    return {
        "facts": [
            {"term": cost, "text": free, "more": _("€25 after a loss or a theft")},
            {"term": pgettext("example", "Delay"), "text": _("About three weeks")},
            {"term": who, "text": self_, "more": _("a child with a parent")},
        ],
        "pairs": [
            {"term": _("Nine in ten wait less than"), "text": _("11.4 min")},
            {"term": _("Leave without being received"), "text": _("2.5%")},
        ],
    }


def _of_a_list() -> dict[str, Any]:
    link = {"url": "#example", "current": False}
    export = {"text": pgettext("example", "Export"), "icon": "download", "kind": "bare"}
    return {
        "tabs": [
            {**link, "text": pgettext("example", "To do"), "current": True, "count": 4},
            {**link, "text": _("Waiting for the person"), "count": 2},
            {**link, "text": pgettext("example", "Closed"), "count": None},
        ],
        "head_actions": [
            {"text": _("New request"), "url": "#example", "icon": "plus-lg", "key": "c"},
            {**export, "url": "#example"},
        ],
    }


def _filters() -> forms.Form:
    class Filters(forms.Form):
        site = forms.ChoiceField(
            label=_("Place"), choices=[("", _("All places")), ("hall", _("Town hall"))]
        )
        since = DayField(label=pgettext("example", "Since"))
        words = forms.CharField(
            label=pgettext("example", "Words"), widget=forms.TextInput(attrs={"type": "search"})
        )

    return Filters(auto_id="filter_%s", use_required_attribute=False)


def _trace() -> list[dict[str, Any]]:
    return [
        {
            "icon": "inbox",
            "at": datetime(2026, 11, 9, 10, 12, tzinfo=PARIS),
            "actor": "Inès Rollin",
            "text": _("received your file at the desk and gave you a receipt."),
        },
        {
            "icon": "arrow-right",
            "at": datetime(2026, 11, 10, 9, 5, tzinfo=PARIS),
            "text": _("Reception passed it to Town planning."),
            "internal": _("shown to agents only: it names another person"),
        },
        {
            "icon": "envelope",
            "at": datetime(2026, 11, 18, 11, 20, tzinfo=PARIS),
            "actor": "Nadia Amrani",
            "text": _("wrote to you: the plan of the façades is missing."),
            "kind": "now",
            "url": "#example",
            "link": _("Read the letter"),
        },
        {
            "icon": "flag",
            "at": pgettext("example", "To come"),
            "text": _("Decision, one month after the plan."),
            "kind": "later",
        },
    ]


def _rows() -> list[dict[str, str]]:
    return [
        {"code": "7KDM-4PWX", "topic": _("Windows and façades"), "who": "Nadia Amrani"},
        {"code": "3RTG-8HNC", "topic": _("Renewal of a grave"), "who": "Karim Belloc"},
        {"code": "9VQA-2LJE", "topic": _("School canteen"), "who": "Laïla Fersen"},
    ]


def _metrics() -> list[dict[str, Any]]:
    few = _("Fewer than five answers: nothing is shown, so that nobody is recognised.")
    return [
        _metric("m-wait", _("Wait of 10 min or less"), (86.8, 90.3, 93.0), 85, "kept")
        | {"sentence": _("318 visits of 352, yesterday.")},
        _metric("m-first", _("Settled at first contact"), (60.9, 63.1, 65.3), 65, "early")
        | {"sentence": _("1,204 requests of 1,907, over four weeks.")},
        _metric("m-satisfied", _("People satisfied"), (77.8, 83.6, 88.1), 90, "missed")
        | {"sentence": _("168 answers of 201, over 30 days.")},
        _metric("m-few", _("People satisfied, North annexe"), (None, None, None), None, "")
        | {"sentence": few},
    ]


def _metric(
    name: str,
    title: str,
    values: tuple[float, float, float] | tuple[None, None, None],
    goal: float | None,
    verdict: str,
) -> dict[str, Any]:
    low, value, high = values
    return {
        "id": name,
        "title": title,
        "value": value,
        "low": low,
        "high": high,
        "goal": goal,
        "verdict": verdict,
        "unit": "%",
        "floor": 50,
        "ceiling": 100,
    }
