"""Messages of our own making, each with what must become of it.

The people are invented. A world gives what a message can only know from us: the signed address of
Odette's case, the Message-ID of its receipt, the return path of that receipt.
"""

import base64
import quopri
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.header import Header

BOX = "accueil@sainte-orvanne.example"
ODETTE = "odette@example.org"
STRANGER = "Gaspard Pinel <gaspard.pinel@example.net>"


@dataclass(frozen=True)
class World:
    """What the house has sent before."""

    reply_to: str  # of Odette's case
    message_id: str
    mark: str
    return_path: str
    other_reply_to: str  # of another case, of somebody else
    other_id: str
    reference: str


Maker = Callable[[World], bytes]


@dataclass(frozen=True)
class Sample:
    """A message and its verdict."""

    name: str
    make: Maker
    state: str
    reason: str
    case: str = ""  # "windows" when it must lie with Odette's case, or name it
    says: str = ""  # words that must be found in its text
    subject: str | None = None
    files: int | None = None
    html_lacks: Sequence[str] = field(default=())
    history: bool | None = None
    envelope_from: str = "somebody@example.net"
    envelope_to: str | Callable[[World], str] = BOX
    in_child: bool = False  # only a process of its own may touch it


def mail(
    body: bytes | str = "Bonjour, une question.\n",
    *,
    sender: str = STRANGER,
    subject: str = "Une question",
    to: str = BOX,
    kind: str = "text/plain; charset=utf-8",
    end: str = "\r\n",
    **fields: str,
) -> bytes:
    """A message as a mail program writes it; a field that is empty is left out."""
    head = {
        "Received": "from mx.example.net by mx.sainte-orvanne.example; Tue, 24 Nov 2026 10:00:01 +0100",
        "From": sender,
        "To": to,
        "Subject": subject,
        "Date": "Tue, 24 Nov 2026 10:00:00 +0100",
        "Message-ID": "<corpus@example.net>",
        "MIME-Version": "1.0",
        "Content-Type": kind,
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    lines = [f"{name}: {value}" for name, value in head.items() if value]
    content = body.encode() if isinstance(body, str) else body
    return (end.join(lines) + end * 2).encode("utf-8", "surrogateescape") + content.replace(
        b"\n", end.encode()
    )


def parts(
    *inside: tuple[str, bytes], kind: str = "multipart/mixed", boundary: str = "=_b"
) -> dict[str, object]:
    """The body of a message of several parts, and its Content-Type."""
    body = b""
    for head, content in inside:
        body += b"--" + boundary.encode() + b"\n" + head.encode() + b"\n\n" + content + b"\n"
    body += b"--" + boundary.encode() + b"--\n"
    return {"body": body, "kind": f'{kind}; boundary="{boundary}"'}


def attached(
    name: str, content: bytes, kind: str = "application/octet-stream"
) -> tuple[str, bytes]:
    """A part that carries a file."""
    head = (
        f'Content-Type: {kind}; name="{name}"\nContent-Transfer-Encoding: base64\n'
        f'Content-Disposition: attachment; filename="{name}"'
    )
    return head, base64.encodebytes(content)


TEXT = ("Content-Type: text/plain; charset=utf-8", "Voici le document demandé.".encode())


def encoded(words: str, charset: str = "utf-8") -> str:
    """Words as a head carries them."""
    return Header(words, charset).encode()


def quoted(text: str, charset: str) -> bytes:
    return quopri.encodestring(text.encode(charset))
