"""Why it was answered or not, in sentences for agents and reviewers."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.assistant.rules.deciding import Decision, Reason
from parvis.assistant.rules.suggesting import Why
from parvis.common.numbers import written


def sentences(decision: Decision) -> list[str]:
    """What was noticed, most telling first."""
    return [sentence(reason) for reason in decision.reasons]


def kept(data: Mapping[str, Any]) -> list[str]:
    """The same from the decision kept with a turn."""
    rows = data.get("decision", {}).get("reasons", [])
    return [sentence(Reason(**row)) for row in rows]


def told(data: Mapping[str, Any], kind: str) -> list[str]:
    """What was done with a question and why, in sentences; nothing when nothing was decided."""
    decision = data.get("decision")
    if not decision:
        return []
    return [_outcome(decision, kind), *kept(data)]


def _outcome(decision: Mapping[str, Any], kind: str) -> str:
    sure, least = decision["probability"], decision["threshold"]
    # So many digits that a certainty just below its threshold does not look like it.
    digits = 2 if round(sure, 2) != round(least, 2) else 3
    numbers = {"sure": written(sure, digits), "least": written(least, digits)}
    if kind == "none":
        return _("Not answered: its certainty, %(sure)s, is far below %(least)s.") % numbers
    if kind == "closest" and sure < least:
        return _("Not answered: its certainty, %(sure)s, is below %(least)s.") % numbers
    if kind == "closest":
        return _("Certain enough (%(sure)s for %(least)s), but no line could be quoted.") % numbers
    if sure < least:
        return _("Answered because an editor set this sheet first for these words.")
    return _("Answered: its certainty, %(sure)s, reaches %(least)s.") % numbers


def sentence(reason: Reason) -> str:
    """One reason in words."""
    of = {"count": reason.count, "total": reason.total}
    match reason.code:
        case "words_found":
            said = ngettext(
                "%(count)d of %(total)d word of the question stands in the best sheet, "
                "or in how people ask for it.",
                "%(count)d of %(total)d words of the question stand in the best sheet, "
                "or in how people ask for it.",
                reason.total,
            )
            return said % of
        case "words_in_title":
            said = ngettext(
                "Its title has %(count)d of them.", "Its title has %(count)d of them.", reason.count
            )
            return said % of
        case "words_of_our_field":
            said = ngettext(
                "%(count)d is a word of our sheets’ titles.",
                "%(count)d are words of our sheets’ titles.",
                reason.count,
            )
            return said % of
        case "unusual_words":
            return _("Its words are rare in our sheets.")
        case "usual_words":
            return _("Its words are common in our sheets.")
        case "long_question":
            return _("It is long: some words are in a sheet by chance.")
        case _:
            return _("No sheet knows any of its words.")


def proposed(why: Why, *, used: int = 0) -> str:
    """Why a sheet lies ready at the desk."""
    match why:
        case Why.PINNED:
            return _("put first by the editors")
        case Why.WORDS:
            return _("fits the words")
        case Why.TOPIC:
            return _("sheet of this topic")
        case Why.USED:
            said = ngettext(
                "helped %(count)d time for this topic lately",
                "helped %(count)d times for this topic lately",
                used,
            )
            return said % {"count": used}
        case _:
            return _("fits the name of the topic")
