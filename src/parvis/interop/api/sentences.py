"""What is wrong with a field, in the reader's language."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# By the kinds of pydantic, where {…} are the limits that come with the mistake.
_SENTENCES: Final = {
    "missing": gettext_noop("This is missing."),
    "string_type": gettext_noop("This must be text."),
    "string_too_short": gettext_noop("This must not be empty."),
    "string_too_long": gettext_noop("This is too long: at most %(max_length)s."),
    "literal_error": gettext_noop("Choose one of these: %(expected)s."),
    "bool_type": gettext_noop("This must be true or false."),
    "bool_parsing": gettext_noop("This must be true or false."),
    "int_type": gettext_noop("This must be a whole number."),
    "int_parsing": gettext_noop("This must be a whole number."),
    "int_from_float": gettext_noop("This must be a whole number."),
    "float_type": gettext_noop("This must be a number."),
    "float_parsing": gettext_noop("This must be a number."),
    "greater_than_equal": gettext_noop("This must be at least %(ge)s."),
    "less_than_equal": gettext_noop("This must be at most %(le)s."),
    "list_type": gettext_noop("This must be a list."),
    "too_short": gettext_noop("This is too short: at least %(min_length)s."),
    "too_long": gettext_noop("This is too long: at most %(max_length)s."),
    "dict_type": gettext_noop("This must be an object with fields."),
    "model_type": gettext_noop("This must be an object with fields."),
    "model_attributes_type": gettext_noop("This must be an object with fields."),
    "date_from_datetime_parsing": gettext_noop("There is no such day."),
    "datetime_from_date_parsing": gettext_noop("There is no such time."),
    "date_parsing": gettext_noop("There is no such day."),
    "datetime_parsing": gettext_noop("There is no such time."),
}


def sentence(mistake: Mapping[str, Any]) -> str:
    """The sentence for one mistake that pydantic found; its own for a kind that is not listed."""
    known = _SENTENCES.get(mistake["type"])
    if known is None:
        return str(mistake["msg"])
    limits = dict(mistake.get("ctx", {}))
    if "expected" in limits:  # "'', 'desk' or 'phone'": only the names, in any language
        limits["expected"] = ", ".join(filter(None, re.findall(r"'([^']*)'", limits["expected"])))
    return _(known) % limits
