"""References and codes of the demo town: drawn from the seed, and no two alike.

A town of a year has some 25,000 cases. There are 894 million references, and still two of so many
are alike in three towns out of ten: what the house looks after for real, a loader has to as well.
"""

from random import Random

from django.db.models import Model

from parvis.common import codes


class References:
    """Draws what stands in one column of a table, past what stands there already."""

    def __init__(self, model: type[Model], column: str) -> None:
        self.given = set(model._base_manager.values_list(column, flat=True))

    def draw(self, chance: Random) -> str:
        """One with its check sign that nobody has yet."""
        drawn = codes.new_reference(chance.getrandbits)
        while drawn in self.given:
            drawn = codes.new_reference(chance.getrandbits)
        self.given.add(drawn)
        return drawn
