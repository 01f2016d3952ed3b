"""The demo town behind a real server, and whoever signs in to it without a browser."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.load.house import House, free_port
from tests.support import prepared

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SCALE = "0.02"
WITH_FACTORS = "odile.ancelin"
# The adviser is Marc, whom the demo shows at desk 1 with a visitor.
AT_DESK = "ADV"
VERIFY = "/agent/compte/securite/verifier/"


class Installation(House):
    """A house that knows its own address, for the codes that telephones read."""

    port: int = 0

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "PARVIS_BASE_URL": f"http://127.0.0.1:{self.port}"}


@dataclass
class Town:
    """The running demo: its address, its facts (see furnish.py), its people."""

    base: str
    facts: dict[str, Any]
    house: House | None = None
    _signed_in: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    # Making a client reads every certificate of the machine: this one asks for everything, each
    # time by a new connection, as the server may have died in between.
    client: httpx.Client = field(
        default_factory=lambda: httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))
    )

    def address(self, name: str) -> str:
        return self.base + str(self.facts["addresses"][name])

    def username(self, role: str) -> str:
        return next(str(one["username"]) for one in self.facts["accounts"] if one["role"] == role)

    def cookies(self, role: str) -> list[dict[str, str]]:
        """What the browser of somebody with this role holds, signed in once for all tests."""
        if not role:
            return []
        if role not in self._signed_in:
            self._signed_in[role] = self._become(role)
        return self._signed_in[role]

    def _become(self, role: str) -> list[dict[str, str]]:
        """By role, or by what somebody did last: see ``SITUATIONS`` in pages.py."""
        proof = {VERIFY: {"password": str(self.facts["password"])}}
        if role == "PROVEN":
            return self.sign_in("lena.marzin", then=proof)
        if role == "LOCKED":
            return self.sign_in("bruno.delcourt", then={"/agent/verrou/": {}})
        if role == "HALF":
            return self.sign_in(WITH_FACTORS)
        if role == "FACTORS":
            code = {"code": self.facts["recovery_code"]}
            return self.sign_in(WITH_FACTORS, then={"/connexion/code/": code, **proof})
        desk = str(self.facts["desk_of_marc"]) if role == AT_DESK else ""
        return self.sign_in(self.username(role), desk=desk)

    def sign_in(
        self, username: str, *, desk: str = "", then: Mapping[str, Mapping[str, str]] | None = None
    ) -> list[dict[str, str]]:
        forms = {"/connexion/": {"username": username, "password": self.facts["password"]}}
        if desk:
            forms["/agent/guichet/"] = {"desk": desk}
        with httpx.Client(base_url=self.base) as client:
            for address, form in {**forms, **(then or {})}.items():
                self._post(client, address, form)
            found = client.cookies.get("parvis")
        assert found, f"{username} could not sign in"
        return [{"name": "parvis", "value": found, "url": self.base}]

    def _post(self, client: httpx.Client, address: str, form: Mapping[str, str]) -> None:
        found = TOKEN.search(client.get(address, follow_redirects=True).text)
        assert found is not None, address
        answer = client.post(address, data={**form, "csrfmiddlewaretoken": found[1]})
        assert answer.status_code == 302, f"{address}: {answer.status_code}"

    def api(self, address: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What a program does with the key of the town: no journey, only its preparation."""
        headers = {"Authorization": f"Bearer {self.facts['token']}"}
        answer = self.client.post(f"{self.base}/api/v1/{address}", json=body or {}, headers=headers)
        assert answer.is_success, answer.text
        told: dict[str, Any] = answer.json() if answer.content else {}
        return told


@contextmanager
def running(home: Path) -> Iterator[Town]:
    """The demo, made in a folder of its own and served until the end."""
    house = Installation(home)
    house.port = free_port()
    prepared.furnish(home)
    try:
        house.run("-m", "parvis", "demo", "--scale", SCALE, "--no-serve", "--port", str(house.port))
        facts = json.loads(house.run("-m", "tests.e2e.furnish"))
        town = Town(house.start(house.port), facts, house)
        with town.client:
            yield town
    finally:
        house.stop()
