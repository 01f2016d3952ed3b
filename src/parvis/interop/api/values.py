"""What senders may give for a single value: ids, words, moments and days."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Final, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from parvis.common.emails import LONGEST_EMAIL, is_email
from parvis.common.forms import meant_day

S = TypeVar("S", date, datetime)

# RFC 3339, section 5.6: seconds and zone are never left out; a blank may stand for the T.
_MOMENT: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _id(value: Any) -> Any:
    # Ids are strings; a number is taken for its digits, anything else for a mistake.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _no_nul(value: Any) -> Any:
    # PostgreSQL refuses NUL in text while SQLite stores it: refuse it for both, in words.
    if isinstance(value, str) and "\0" in value:
        raise _wrong(_("This must not contain NUL characters."))
    return value


def _email(text: str) -> str:
    if text and not is_email(text):
        raise _wrong(_("This is not an e-mail address."))
    return text


def _moment(value: Any) -> Any:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise _wrong(_("Write a time with its zone, as in 2026-11-02T09:30:00+01:00."))
    return value


def _day(value: Any) -> Any:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise _wrong(_("Write a day as year, month and day, as in 2026-11-02."))
    return value


def _meant(value: S) -> S:
    try:
        meant_day(value)
    except ValidationError as error:
        raise _wrong(error.messages[0]) from None
    return value


def _wrong(says: str) -> PydanticCustomError:
    # Braces in the sentence itself would be taken for places to fill in.
    return PydanticCustomError("said", "{says}", {"says": says})


Id = Annotated[str, BeforeValidator(_id)]
Text = Annotated[str, BeforeValidator(_no_nul), StringConstraints(strip_whitespace=True)]
ShortText = Annotated[Text, Field(max_length=200)]
LongText = Annotated[Text, Field(min_length=1, max_length=20_000)]
Email = Annotated[Text, Field(max_length=LONGEST_EMAIL), AfterValidator(_email)]
# Numbers would be taken for seconds since 1970, and a day of the year 1 would overflow a zone.
Moment = Annotated[AwareDatetime, BeforeValidator(_moment), AfterValidator(_meant)]
Day = Annotated[date, BeforeValidator(_day), AfterValidator(_meant)]


class Misfit(Exception):
    """Two values that are well written and cannot be meant together, or name nothing: 422."""

    def __init__(self, field: str, says: str) -> None:
        super().__init__(says)
        self.field = field
        self.says = says
