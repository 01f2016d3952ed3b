"""How often somebody may try to get in; counted in the database, before any hashing.

A stranger is counted by account and address, by account, and by address. Somebody at a browser
where this agent has signed in before has a limit of their own, so that tries from elsewhere never
lock an agent out of their own desk.
"""

import hashlib
import secrets
import unicodedata
from datetime import datetime

from django.core import signing
from django.http import HttpRequest, HttpResponse

from parvis.common import throttle
from parvis.common.http import client_address
from parvis.common.throttle import Limit

_QUARTER = 900.0
# A full bucket plus what leaks within a quarter of an hour: ten tries per account at most.
STRANGER = Limit("sign-in-pair", burst=5, seconds=_QUARTER)
ACCOUNT = Limit("sign-in-account", burst=8, seconds=_QUARTER / 2)
KNOWN_BROWSER = Limit("sign-in-browser", burst=8, seconds=_QUARTER / 2)
# A whole hall signs in behind one address at opening time.
ADDRESS = Limit("sign-in-address", burst=60, seconds=15)
SECOND_FACTOR = Limit("second-factor", burst=8, seconds=_QUARTER / 2)
# Longer than a code is valid.
USED_CODE = Limit("second-factor-used", burst=1, seconds=120)
UNLOCK = Limit("unlock", burst=5, seconds=120)

COOKIE = "parvis_browser"
COOKIE_AGE = 180 * 24 * 3600
_SALT = "parvis.accounts.browser"
_MOST_AGENTS = 40  # of one shared computer


def normalised(username: str) -> str:
    """One spelling for all ways to write the same user name."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def mark(*parts: str) -> str:
    """A short name for a bucket: neither user names nor addresses are kept in clear."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def count_try(request: HttpRequest | None, username: str, *, now: datetime) -> None:
    """Count one try to sign in as this user name; Busy when one of its limits is reached."""
    name = normalised(username)
    address = client_address(request) if request is not None else ""
    throttle.take(ADDRESS, mark(address), now=now)
    browser = _browser_of(request, name)
    if browser:
        throttle.take(KNOWN_BROWSER, mark(name, browser), now=now)
        return
    throttle.take(STRANGER, mark(name, address), now=now)
    throttle.take(ACCOUNT, mark(name), now=now)


def forgive(request: HttpRequest | None, username: str) -> None:
    """After a success: nothing is held against this sender; others' tries stay counted."""
    name = normalised(username)
    address = client_address(request) if request is not None else ""
    browser = _browser_of(request, name)
    throttle.give_back(ADDRESS, mark(address))
    if browser:
        throttle.forget(KNOWN_BROWSER, mark(name, browser))
        return
    throttle.forget(STRANGER, mark(name, address))
    throttle.give_back(ACCOUNT, mark(name))


def remember_browser(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Note in a signed cookie that this agent signed in at this browser."""
    known = _read(request)
    agents = [name for name in known["agents"] if name != mark(normalised(username))]
    value = {"browser": known["browser"], "agents": [*agents, mark(normalised(username))]}
    value["agents"] = value["agents"][-_MOST_AGENTS:]
    response.set_cookie(
        COOKIE,
        signing.dumps(value, salt=_SALT, compress=True),
        max_age=COOKIE_AGE,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _browser_of(request: HttpRequest | None, name: str) -> str:
    """The mark of the browser if this agent signed in there before, else nothing."""
    if request is None or COOKIE not in request.COOKIES:
        return ""
    known = _read(request)
    return str(known["browser"]) if mark(name) in known["agents"] else ""


def _read(request: HttpRequest) -> dict[str, list[str] | str]:
    try:
        known = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=COOKIE_AGE)
        return {"browser": str(known["browser"]), "agents": [str(a) for a in known["agents"]]}
    except (signing.BadSignature, KeyError, TypeError):
        return {"browser": secrets.token_urlsafe(12), "agents": []}
