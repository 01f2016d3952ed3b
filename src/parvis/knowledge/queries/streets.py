"""Street to competent body."""

from parvis.common.access import Actor
from parvis.knowledge.models import Street
from parvis.knowledge.rules import streets as rules

AT_MOST = 6


def streets_for(actor: Actor, text: str, *, limit: int = AT_MOST) -> list[Street]:
    """Who answers for an address as it was typed: the lines that hold for its number."""
    wanted = rules.address(text)
    if not wanted.words or len(wanted.words[-1]) < 2:
        return []
    longest = max(wanted.words, key=len)
    rows = Street.objects.visible_to(actor).filter(folded__contains=longest)
    found = [
        row
        for row in rows.select_related("service", "site")[:500]
        if rules.is_named(wanted, row.folded)
        and rules.covers(wanted.number, row.first, row.last, row.side)
    ]
    return found[:limit]
