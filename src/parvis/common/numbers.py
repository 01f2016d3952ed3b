"""Numbers as people read them: rounded as at school, in the reader's language."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format


def rounded(value: float, digits: int = 0) -> Decimal:
    """A number with so many digits after the point, halves away from zero; never minus zero."""
    # Through the shortest writing of the number: 0.285 is meant, not the nearest binary one.
    found = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return found or abs(found)


def written(value: float, digits: int = 0) -> str:
    """The same as the reader's language writes it; Django's number_format alone cuts digits off."""
    return str(number_format(rounded(value, digits), digits, use_l10n=True, force_grouping=True))
