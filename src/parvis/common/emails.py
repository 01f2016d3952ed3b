"""What an e-mail address is: one rule for forms, actions and the API."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST_EMAIL = 254


def is_email(text: str) -> bool:
    """Is this an e-mail address, by the same rule as in every form?"""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST_EMAIL
