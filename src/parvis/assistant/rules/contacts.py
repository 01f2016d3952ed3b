"""What one conversation is to the log of contacts: how it ended, and when it is over."""

from datetime import timedelta

QUIET = timedelta(minutes=30)  # without a word: whoever asked has gone


def ending(outcome: str, *, helped: bool | None, has_case: bool) -> str:
    """The outcome of the exchange, in the words of the log.

    An answer that did not help settled nothing, whatever the assistant believes of it.
    """
    if has_case:
        return "case_opened"
    if outcome == "handed_over":
        return "passed_on"
    return "resolved" if outcome == "contained" and helped is not False else "abandoned"
