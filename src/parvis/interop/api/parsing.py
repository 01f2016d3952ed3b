"""What the body of a call may be: JSON in UTF-8, with text that can be stored."""

import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

# A body may come without saying what it is, as many tools send it; what it is, it must be.
_KINDS = {"application/json", "application/x-www-form-urlencoded", ""}
_CHARSETS = {"", "utf-8", "utf8"}


class OtherKind(Exception):
    """The body says that it is something else than JSON in UTF-8."""


class NoText(Exception):
    """The body has half of a character, which no database and no answer can hold."""


class BodyParser(Parser):
    """Reads the bodies of the API, once its sender is known."""

    def parse_body(self, request: HttpRequest) -> Any:
        kind, charset = request.content_type, (request.content_params or {}).get("charset", "")
        if kind not in _KINDS or charset.lower() not in _CHARSETS:
            raise OtherKind
        try:
            body = request.body.decode()
        except UnicodeDecodeError:
            raise OtherKind from None
        found = json.loads(body)
        if "\\ud" in body.lower():  # only an escape brings in a half: look closer
            try:
                json.dumps(found, ensure_ascii=False).encode()
            except UnicodeEncodeError:
                raise NoText from None
        return found
