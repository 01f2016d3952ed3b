"""What rooms beside this one offer to whoever asks for a person; ``web`` tells it from above."""

from collections.abc import Callable

from parvis.organisations.models import Authority

TakesAppointments = Callable[[Authority], bool]
_asked: list[TakesAppointments] = []


def ask_about_appointments(answer: TakesAppointments) -> None:
    """Name the function that knows whether an authority gives appointments."""
    _asked[:] = [answer]


def takes_appointments(authority: Authority) -> bool:
    """Can an appointment be booked at this authority?"""
    return any(answer(authority) for answer in _asked)
