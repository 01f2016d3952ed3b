"""How far the sheets carry the reception: indicators 3.9 of the know-how."""

from typing import Final

from parvis.quality.rules.measures import Indicator, Unit

COVERAGE: Final = Indicator("SHEET-COVERAGE", 1, Unit.SHARE)
USED: Final = Indicator("SHEET-USED", 1, Unit.SHARE)
FRESHNESS: Final = Indicator("SHEET-FRESHNESS", 1, Unit.SHARE)
KEEPER: Final = Indicator("SHEET-KEEPER", 1, Unit.SHARE)
TOPICS: Final = Indicator("SHEET-TOPICS", 1, Unit.SHARE)
ORDER: Final = (COVERAGE, USED, FRESHNESS, KEEPER, TOPICS)
# Few contacts could single somebody out; sheets and topics are nobody.
ABOUT_PEOPLE: Final = frozenset({COVERAGE.code, USED.code})
