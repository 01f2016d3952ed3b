"""Figures of the assistant in words: each with its name and the way it is counted."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.assistant.rules.figures import Counts, Share

# Code, name, view of its conversations, how it is counted.
FIGURES = (
    (
        "contained",
        gettext_lazy("Answered, nobody was asked for"),
        "contained",
        gettext_lazy(
            "Conversations with a question that was understood, answered, without a hand-over."
        ),
    ),
    (
        "confirmed",
        gettext_lazy("Of these, “it helped”"),
        "confirmed",
        gettext_lazy("The person said so. Who says nothing is not counted as helped."),
    ),
    (
        "handed_over",
        gettext_lazy("Handed over"),
        "handed_over",
        gettext_lazy("A person was asked for, by whatever way was open."),
    ),
    (
        "reached",
        gettext_lazy("Hand-overs that reached somebody"),
        "handed_over",
        gettext_lazy(
            "Taken by an agent, or written down as a call back, an appointment or a message."
        ),
    ),
    (
        "abandoned",
        gettext_lazy("Left without an answer"),
        "abandoned",
        gettext_lazy("Nothing was answered and nobody was asked for."),
    ),
    (
        "silent",
        gettext_lazy("Left without a word"),
        "silent",
        gettext_lazy("No opinion and no hand-over: helped, or gone; nobody knows which."),
    ),
    (
        "unhelpful",
        gettext_lazy("“It did not help”"),
        "unhelpful",
        gettext_lazy("Of those who said whether it helped."),
    ),
    (
        "wrong",
        gettext_lazy("Wrong answers, of those judged"),
        "judge",
        gettext_lazy("Fifty conversations of the month, drawn by chance, judged by colleagues."),
    ),
)


@dataclass(frozen=True)
class Told:
    """One figure as it may be shown: never without its method."""

    code: str
    name: str
    view: str  # of the page of conversations: the rows behind it
    method: str
    share: Share


def figures(counts: Counts, handed: Share) -> list[Told]:
    """Name, share and method of every figure of a month."""
    shares = {
        "contained": Share(counts.contained, counts.sessions),
        "confirmed": Share(counts.confirmed, counts.contained),
        "handed_over": Share(counts.handed_over, counts.sessions),
        "reached": handed,
        "abandoned": Share(counts.abandoned, counts.sessions),
        "silent": Share(counts.silent, counts.sessions),
        "unhelpful": Share(counts.unhelpful, counts.told_helped),
        "wrong": Share(counts.wrong, counts.right + counts.wrong),
    }
    return [
        Told(code, str(name), view, str(method), shares[code])
        for code, name, view, method in FIGURES
    ]


def method_of_avoided(counts: Counts) -> str:
    """How avoided calls are counted; a number never goes without it."""
    return _(
        "Low counts conversations that were answered without a person, that helped, whose author "
        "would have called, and who met nobody about it within seven days (of %(low)d, this could "
        "be checked for %(checked)d). High counts all those answered without a person. The middle "
        "is high × the share who would have called (n = %(n)d) × (1 − share of repeated contacts)."
    ) % {"low": counts.spared, "checked": counts.to_check, "n": counts.told_called}


def method_of_series() -> str:
    """How calls before and after the opening are compared."""
    return _(
        "Method: telephone contacts written down in whole weeks, without the week of the opening. "
        "Segmented regression with a change of level and of slope; 95 % intervals after Newey and "
        "West, because weeks resemble their neighbours. Other things may have changed at the same "
        "time: a line on the log, hours, staff, an event."
    )
