"""The gateways that empty the outbox of text messages; no number is ever written to a log.

A message is tried again and again with growing pauses, and given up in the end.
"""

import json
import logging
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from django.conf import settings
from django.db.models import F

from parvis.common.models import OutgoingText

log = logging.getLogger(__name__)

# Before the next try; after the last one, it is given up.
PAUSES: Final = tuple(timedelta(seconds=s) for s in (30, 120, 600, 1800))


class GatewayError(Exception):
    """The message did not go; ``final`` when trying again would not help."""

    def __init__(self, what: str, *, final: bool = False) -> None:
        super().__init__(what)
        self.final = final


def deliver(pk: int, *, now: datetime) -> OutgoingText | None:
    """Hand one message to the gateway, unless another worker does; None when there is no need."""
    row = OutgoingText.objects.filter(pk=pk, state=OutgoingText.State.WAITING).first()
    if row is None or row.next_at > now:
        return None
    if row.not_after is not None and row.not_after < now:
        return _ended(row, OutgoingText.State.GIVEN_UP, now, error="too late")
    # The pause before the next try is taken first: it is also the claim on this one.
    pause = PAUSES[min(row.attempts, len(PAUSES) - 1)]
    claim = OutgoingText.objects.filter(pk=pk, attempts=row.attempts, next_at=row.next_at)
    if not claim.update(attempts=F("attempts") + 1, next_at=now + pause):
        return None
    row.attempts, row.next_at = row.attempts + 1, now + pause
    try:
        gateway()(row.to, row.text)
    except GatewayError as error:
        log.warning("text message %s to %s did not go: %s", row.pk, row.to_masked, error)
        if error.final or row.attempts > len(PAUSES):
            return _ended(row, OutgoingText.State.GIVEN_UP, now, error=str(error))
        row.error = str(error)[:200]
        row.save(update_fields=["error"])
        return row
    return _ended(row, OutgoingText.State.SENT, now)


def _ended(row: OutgoingText, state: str, now: datetime, *, error: str = "") -> OutgoingText:
    """Sent or given up: either way nobody needs the number and the words any more."""
    row.state, row.ended_at, row.error = state, now, error[:200]
    row.to = row.text = ""
    row.save(update_fields=["state", "ended_at", "error", "to", "text"])
    return row


def due(now: datetime) -> list[int]:
    """The messages whose time has come, the oldest first."""
    waiting = OutgoingText.objects.filter(state=OutgoingText.State.WAITING, next_at__lte=now)
    return list(waiting.order_by("id").values_list("pk", flat=True)[:200])


# Gateways -------------------------------------------------------------------------------------

Gateway = Callable[[str, str], None]


def gateway() -> Gateway:
    """The gateway that PARVIS_SMS_BACKEND names."""
    found = GATEWAYS.get(settings.SMS["BACKEND"])
    if found is None:
        raise GatewayError(f"no gateway is called {settings.SMS['BACKEND']!r}")
    return found


def _console(to: str, text: str) -> None:
    print(f"SMS {to[:4]}…{to[-2:]}: {text}", flush=True)


def _file(to: str, text: str) -> None:
    """One JSON object on each line, for a program that sends them."""
    path = Path(settings.SMS["FILE"])
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
    with path.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"to": to, "text": text}, ensure_ascii=False) + "\n")


def _http(to: str, text: str) -> None:
    """Any gateway with one address: its words are templates with {to}, {text}, {from}, {token}."""
    given = settings.SMS
    values = {"to": to, "text": text, "from": given["SENDER"], "token": given["TOKEN"]}
    url = _filled(given["URL"], {name: quote(value, safe="") for name, value in values.items()})
    if not url.startswith(("http://", "https://")):
        raise GatewayError("PARVIS_SMS_URL is no web address")
    request = urllib.request.Request(url, data=_body(given["BODY"], values))  # noqa: S310
    if request.data is not None:
        request.add_header("Content-Type", "application/json")
    if given["TOKEN"] and "{token}" not in given["URL"] + given["BODY"]:
        request.add_header("Authorization", f"Bearer {given['TOKEN']}")
    _open(request, float(given["TIMEOUT"]))


def _open(request: urllib.request.Request, timeout: float) -> None:
    try:
        with _opener.open(request, timeout=timeout) as answer:
            answer.read(1000)
    except urllib.error.HTTPError as error:
        # 408 and 429 ask for patience; any other 4xx would say the same tomorrow.
        final = 400 <= error.code < 500 and error.code not in {408, 429}
        raise GatewayError(f"the gateway answered {error.code}", final=final) from None
    except (OSError, ValueError) as error:  # without its words: they may hold the address
        raise GatewayError(f"the gateway did not answer ({type(error).__name__})") from None


class _NoDetour(urllib.request.HTTPRedirectHandler):
    """A gateway that sends us elsewhere gets neither the number nor the token there."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_PLACES: Final = re.compile(r"\{(to|text|from|token)\}")
_opener = urllib.request.build_opener(_NoDetour)


def _filled(template: str, values: Mapping[str, str]) -> str:
    # All at once: a message with the word {token} in it stays a message.
    return _PLACES.sub(lambda found: values[found[1]], template)


def _body(template: str, values: Mapping[str, str]) -> bytes | None:
    if not template:
        return None
    try:
        filled = _in_json(json.loads(template), values)
    except ValueError:
        raise GatewayError("PARVIS_SMS_BODY is not JSON") from None
    return json.dumps(filled, ensure_ascii=False).encode()


def _in_json(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _filled(value, values)
    if isinstance(value, dict):
        return {key: _in_json(one, values) for key, one in value.items()}
    if isinstance(value, list):
        return [_in_json(one, values) for one in value]
    return value


GATEWAYS: Final[dict[str, Gateway]] = {"console": _console, "file": _file, "http": _http}
