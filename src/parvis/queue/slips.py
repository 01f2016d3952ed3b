"""A slip as the bytes of an ESC/POS printer, and its way there over the network."""

import importlib
import socket
from collections.abc import Iterable
from typing import Any, Final

from parvis.queue import pictures

CONNECT_WITHIN: Final = 2.0  # seconds; a printer that is there answers within milliseconds
WRITE_WITHIN: Final = 5.0
QR_SIZE: Final = 6  # dots per module: 3 cm on 80 mm paper, read at arm's length
# DLE EOT 4: "is there paper?". Bits 5 and 6 of the answer: the roll has run out.
ASK_PAPER: Final = b"\x10\x04\x04"
PAPER_OUT: Final = 0x60


class NotPrinted(Exception):
    """The printer did not take the slip; the message says why, for whoever keeps it."""


def slip_bytes(*, title: str, lines: Iterable[str], url: str, width: int) -> bytes:
    """The slip: where, the large code, the words, and a QR code when there is an address.

    Words in Arabic or Ukrainian are a picture: few printers have their signs, none joins them.
    """
    # Loaded by the first slip only: it reads a table of printers, and pages never need it.
    printer: Any = importlib.import_module("escpos.printer").Dummy()
    first, *others = list(lines) or [""]
    printer.set(align="center", bold=True)
    if pictures.needs_picture([first]):
        printer.image(pictures.picture_of([first], width), impl="bitImageRaster")
    else:
        printer.text(_wrapped(first, width))
    printer.set(align="center", bold=True, custom_size=True, width=4, height=4)
    printer.text(f"\n{title.replace(chr(0xA0), ' ')}\n\n")
    printer.set(align="center", bold=False, normal_textsize=True)
    if pictures.needs_picture(others):
        printer.image(pictures.picture_of(others, width), impl="bitImageRaster")
    else:
        for line in others:
            printer.text(_wrapped(line, width))
    if url:
        printer.text("\n")
        printer.qr(url, native=True, size=QR_SIZE)
    printer.cut()
    return bytes(printer.output)


def send(data: bytes, *, host: str, port: int) -> None:
    """Hand the bytes to a printer, or say why not; never takes longer than some seconds."""
    try:
        with socket.create_connection((host, port), timeout=CONNECT_WITHIN) as line:
            line.settimeout(WRITE_WITHIN)
            _check_paper(line)
            line.sendall(data)
    except OSError as error:
        raise NotPrinted(str(error.strerror or error)) from error


def _check_paper(line: socket.socket) -> None:
    # Many printers answer, some never do: silence is no reason not to print.
    line.sendall(ASK_PAPER)
    line.settimeout(0.5)
    try:
        answer = line.recv(1)
    except TimeoutError:
        answer = b""
    line.settimeout(WRITE_WITHIN)
    if answer and answer[0] & PAPER_OUT:
        raise NotPrinted("no paper")


def _wrapped(text: str, width: int) -> str:
    """A line of words that the paper holds, broken between words."""
    rows, row = [], ""
    for word in text.replace("\u00a0", " ").replace("\u202f", " ").split():
        if row and len(row) + 1 + len(word) > width:
            rows.append(row)
            row = word
        else:
            row = f"{row} {word}".strip()
    return "\n".join([*rows, row]) + "\n"
