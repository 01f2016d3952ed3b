"""Do we answer, show the closest sheets, or say that we do not know?"""

from collections.abc import Mapping
from dataclasses import dataclass

NEAR = 0.06  # below that the best sheet is not even close


@dataclass(frozen=True)
class Decision:
    """What to do with the sheets that were found, and why."""

    kind: str  # answer, closest or none
    probability: float
    threshold: float


def decide(signals: Mapping[str, float], threshold: float) -> Decision:
    """Answer when the search is sure enough for this authority."""
    probability = signals.get("probability", 0.0)
    kind = "answer" if probability >= threshold else "closest" if probability >= NEAR else "none"
    return Decision(kind, probability, threshold)
