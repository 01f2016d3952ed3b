"""How often what lay ready at the desk was of use: by month, never by colleague."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from parvis.assistant.models import Suggestion
from parvis.assistant.queries.reviewing import bounds
from parvis.assistant.rules import suggesting as rules
from parvis.common.access import Actor


@dataclass(frozen=True)
class Figures:
    """Of the visits of a month for which sheets lay ready; a share of fewer than five is none."""

    visits: int
    first: rules.Share | None  # the first one was taken
    three: rules.Share | None  # one of the three was
    useful: int  # by deed or by word
    not_useful: int


def figures_of(actor: Actor, first: date) -> Figures:
    """One month of visits: one query."""
    start, end = bounds(first)
    rows = Suggestion.objects.visible_to(actor).filter(
        place=Suggestion.Place.VISIT, at__gte=start, at__lt=end
    )
    found = rows.order_by().aggregate(
        visits=_visits(),
        first=_visits(Q(position=1)),
        three=_visits(Q(position__lte=rules.MOST)),
        useful=_visits(Q(helpful=True)),
        not_useful=_visits(Q(helpful=False)),
    )
    n = found["visits"]
    return Figures(
        n,
        rules.share(found["first"], n),
        rules.share(found["three"], n),
        found["useful"],
        found["not_useful"],
    )


def _visits(which: Q | None = None) -> Count:
    return Count("occasion", filter=which, distinct=True)
