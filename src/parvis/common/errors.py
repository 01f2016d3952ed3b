"""The two ways in which a use case ends without its effect."""


class Refused(Exception):
    """A lawful "no": the message is a sentence for the person at the screen, shown as it is."""

    def __init__(self, message: str, *, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Busy(Refused):
    """Too many tries for now: come back after ``retry_after`` seconds."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message, code="busy")
        self.retry_after = retry_after
