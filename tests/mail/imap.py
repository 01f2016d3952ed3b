"""A small mail server that speaks IMAP (RFC 3501) on this machine, as far as fetching needs it."""

import re
import socketserver
import threading
from typing import Any


class Folder:
    """Messages with their numbers; what a server keeps of a folder."""

    def __init__(self, validity: int = 7) -> None:
        self.validity = validity
        self.messages: dict[int, bytes] = {}
        self.seen: set[int] = set()
        self.cut_after: int | None = None  # the line is cut after so many fetched messages

    def put(self, raw: bytes) -> int:
        uid = max(self.messages, default=0) + 1
        self.messages[uid] = raw
        return uid


class _Talk(socketserver.StreamRequestHandler):
    """One conversation: a line with a tag, then the answers."""

    fetched = 0

    @property
    def folder(self) -> Folder:
        found: Folder = self.server.folder  # type: ignore[attr-defined]
        return found

    def handle(self) -> None:
        self._say("* OK ready")
        verbs = {
            "LOGIN": self._login, "SELECT": self._select, "UID SEARCH": self._search,
            "UID FETCH": self._fetch, "UID STORE": self._store, "LOGOUT": self._logout,
        }  # fmt: skip
        for line in self.rfile:
            tag, _space, rest = line.decode().strip().partition(" ")
            verb = next((one for one in verbs if rest.upper().startswith(one)), "")
            if verb:
                verbs[verb](tag, rest)
            else:
                self._say("* CAPABILITY IMAP4rev1", f"{tag} OK done")
            cut = self.folder.cut_after
            if verb == "LOGOUT" or (cut is not None and self.fetched >= cut):
                return

    def _login(self, tag: str, rest: str) -> None:
        good = '"secret"' in rest
        self._say(f"{tag} {'OK in' if good else 'NO wrong password'}")

    def _select(self, tag: str, rest: str) -> None:
        validity = f"* OK [UIDVALIDITY {self.folder.validity}] ok"
        self._say(f"* {len(self.folder.messages)} EXISTS", validity, f"{tag} OK [READ-WRITE] done")

    def _search(self, tag: str, rest: str) -> None:
        first = int(re.findall(r"(\d+):\*", rest)[0])
        # As the RFC wants it: "*" is always there, also below the first number.
        last = max(self.folder.messages, default=0)
        found = [uid for uid in self.folder.messages if uid >= first or uid == last]
        self._say("* SEARCH " + " ".join(map(str, found)), f"{tag} OK done")

    def _fetch(self, tag: str, rest: str) -> None:
        uid = int(rest.split()[2])
        raw = self.folder.messages.get(uid)
        if raw is not None and "BODY" in rest.upper():
            self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode())
            self.wfile.write(raw + b")\r\n")
            self.fetched += 1
        elif raw is not None:
            self._say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)})")
        self._say(f"{tag} OK done")

    def _store(self, tag: str, rest: str) -> None:
        self.folder.seen.add(int(rest.split()[2]))
        self._say(f"{tag} OK done")

    def _logout(self, tag: str, rest: str) -> None:
        self._say("* BYE", f"{tag} OK done")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class Server:
    """Runs beside a test, at a port of its own."""

    def __init__(self, folder: Folder) -> None:
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk)
        self._server.daemon_threads = True
        self._server.folder = folder  # type: ignore[attr-defined]

    def __enter__(self) -> str:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()
        port = self._server.server_address[1]
        return f"imap://accueil%40sainte-orvanne.example:secret@127.0.0.1:{port}/INBOX"

    def __exit__(self, *args: Any) -> None:
        self._server.shutdown()
        self._server.server_close()
