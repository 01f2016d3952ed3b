"""Small tags and filters of the look: icons, keys, the rail, tables, times, interval bars."""

import re
from datetime import date, datetime

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm
from django.template import Context
from django.template.defaultfilters import floatformat
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from parvis.common import languages
from parvis.web import rules

register = template.Library()

_BEFORE, _AFTER = re.compile(r" ([:;!?»])"), re.compile(r"« ")
UNDO = "undo:"
MOMENTS = {"day": "MONTH_DAY_FORMAT", "date": "DATE_FORMAT", "clock": "TIME_FORMAT"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A Bootstrap icon; always beside a word, so hidden from screen readers."""
    return format_html('<i class="bi bi-{}" aria-hidden="true"></i>', name)


@register.simple_tag
def key(name: str) -> SafeString:
    """The cap of a key, shown on the button that it presses."""
    return format_html('<kbd class="pv-key">{}</kbd>', name.upper())


@register.filter
def language_name_local(code: str) -> str:
    """The name of a language in itself: Français, English."""
    return str(get_language_info(code)["name_local"]).capitalize()


register.filter(languages.language_name)


@register.filter
def telephone_address(number: str) -> str:
    """The address of a link to a telephone number."""
    return rules.telephone_address(number)


@register.filter(is_safe=True)
def typeset(words: str) -> str:
    """French words of others with their no-break spaces, so that no line begins with a colon."""
    return _AFTER.sub("«\u00a0", _BEFORE.sub("\u00a0\\1", words))


@register.filter
def initials(name: str) -> str:
    """Two letters for the arch of a named contact: Nadia Amrani gives NA."""
    words = [word for word in name.replace("-", " ").split() if word[0].isupper()]
    return (words[0][0] + words[-1][0] if len(words) > 1 else name[:2]).upper()


@register.simple_tag
def when(moment: date | datetime, form: str = "moment") -> SafeString:
    """A time element: form moment (day and hour), day, date (with the year) or clock."""
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    if form != "moment":
        words = date_format(moment, MOMENTS[form])
    elif isinstance(moment, datetime):
        words = f"{date_format(moment, 'MONTH_DAY_FORMAT')}, {date_format(moment, 'TIME_FORMAT')}"
    else:
        words = date_format(moment, "MONTH_DAY_FORMAT")
    # HTML takes no more than three digits of a second.
    machine = moment.isoformat("T", "seconds") if isinstance(moment, datetime) else str(moment)
    return format_html('<time datetime="{}">{}</time>', machine, words)


@register.simple_tag
def undo_address(message: Message) -> str:
    """The address that undoes what a message tells; empty when nothing can be undone."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""


@register.simple_tag
def interval_bar(
    value: float, low: float, high: float, goal: float | None, floor: float, ceiling: float
) -> rules.IntervalBar:
    """The geometry that components/_interval.html draws."""
    return rules.interval_bar(value, low, high, goal, (floor, ceiling))


@register.simple_tag
def with_unit(value: float, unit: str) -> str:
    """A figure and its unit: 85 % in French, 85% in English, 10 min in both."""
    gap = "" if unit == "%" and (get_language() or "fr").startswith("en") else "\xa0"
    return f"{floatformat(value, -1)}{gap}{unit}"


@register.simple_block_tag(takes_context=True)
def rail(context: Context, content: str) -> str:
    """The rail of work spaces; its content is the key of the current one, else the address says."""
    chosen = content.strip()
    items = context.get("rail_items") or []
    if chosen:
        items = [{**item, "current": item["key"] == chosen} for item in items]
    return render_to_string("web/components/_rail.html", {"items": items})


@register.simple_block_tag
def table(content: str, caption: str, *, stacked: bool = False, visible: bool = False) -> str:
    """A table that may scroll sideways by keyboard; stacked makes cards of its rows on a phone."""
    arguments = {"rows": content, "caption": caption, "stacked": stacked, "visible": visible}
    return render_to_string("web/components/_table.html", arguments)


@register.simple_block_tag
def details(content: str, summary: str, *, open: bool = False) -> str:
    """A disclosure that needs no script."""
    arguments = {"body": content, "summary": summary, "open": open}
    return render_to_string("web/components/_details.html", arguments)


@register.simple_tag
def moment_or_words(at: date | str) -> SafeString:
    """A moment as a time element; words such as "to come" in the same place."""
    return format_html('<span class="pv-at">{}</span>', at) if isinstance(at, str) else when(at)


@register.filter
def needs_required_notice(form: BaseForm) -> bool:
    """Whether a form is long enough to say that its fields are required unless stated."""
    # A choice that is made already, and a box to tick, ask for nothing.
    shown = [
        field
        for field in form.visible_fields()
        if field.widget_type != "checkbox"
        and not (field.initial and field.widget_type in {"radioselect", "select"})
    ]
    return len(shown) > 1 and any(field.field.required for field in shown)


@register.filter
def keeps_everything(form: BaseForm) -> bool:
    """Whether the form comes back as it was sent: browsers never give back passwords and files."""
    types = {getattr(field.field.widget, "input_type", "") for field in form}
    return not types & {"password", "file"}


@register.filter
def problems(form: BaseForm) -> list[dict[str, str]]:
    """The errors of a form as its summary shows them: words, and the field to go to."""
    found = [{"text": str(error), "target": ""} for error in form.non_field_errors()]
    for field in form.visible_fields():
        # Radio buttons and tick boxes have one id each: the link goes to the first of them.
        target = f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label
        label = str(field.label).rstrip(" ?:\xa0\u202f")
        found += [{"text": str(e), "target": target, "label": label} for e in field.errors]
    return found
