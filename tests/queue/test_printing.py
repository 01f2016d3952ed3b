"""Slips on network printers: real bytes to a real socket, and printers that are dead."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django_tasks_db.models import DBTaskResult

from parvis.queue import actions, pictures, slips
from parvis.queue.actions import printing
from parvis.queue.models import Printer, PrintJob
from tests.accounts.factories import ines
from tests.queue.factories import MORNING, PrinterFactory, at, desk_of, town_hall

pytestmark = pytest.mark.django_db
RASTER = b"\x1dv0"  # a picture, dot by dot
PAPER_OUT = b"\x7e"  # bits 5 and 6: the roll is at its end
WELL = b"\x12"


class FakePrinter:
    """Listens as an ESC/POS printer does, answers about its paper, and keeps what it was sent."""

    def __init__(self, status: bytes) -> None:
        self.status = status
        self.received = b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _address = self.listener.accept()
            except OSError:
                return
            with line:
                self._read(line)

    def _read(self, line: socket.socket) -> None:
        while data := line.recv(4096):
            if data.startswith(slips.ASK_PAPER):
                line.sendall(self.status)
                data = data.removeprefix(slips.ASK_PAPER)
            self.received += data

    def eventually(self, sign: bytes) -> bool:
        end = time.monotonic() + 3
        while sign not in self.received and time.monotonic() < end:
            time.sleep(0.01)
        return sign in self.received


@pytest.fixture
def machine() -> Iterator[FakePrinter]:
    made = FakePrinter(WELL)
    yield made
    made.listener.close()


@pytest.fixture
def printer() -> Any:
    return PrinterFactory(site=town_hall())


def listening(printer: Printer, machine: FakePrinter) -> Printer:
    Printer.objects.filter(pk=printer.pk).update(port=machine.port)
    printer.refresh_from_db()
    return printer


def a_slip(printer: Printer, *, now: Any = MORNING, language: str = "") -> PrintJob:
    desk = printer.site.desks.first() or desk_of(printer.site)
    issued = actions.issue_ticket(
        printer.site, desk.topics.get(), now=now, source="kiosk", language=language
    )
    return actions.print_slip(issued, printer=printer, now=now)


def test_a_slip_reaches_the_printer_with_code_words_and_qr(printer, machine):
    slip = a_slip(listening(printer, machine))
    url = slip.url

    assert actions.deliver(printer.pk, now=at(0.1)) == 1

    assert machine.eventually(b"\x1dV")  # the paper is cut
    assert b"E 1" in machine.received
    assert url.encode() in machine.received
    assert b"\x1d(k" in machine.received  # a QR code of the printer's own drawing


def test_the_address_of_the_ticket_is_gone_once_it_is_on_paper(printer, machine):
    slip = a_slip(listening(printer, machine))
    actions.deliver(printer.pk, now=at(0.1))

    slip.refresh_from_db()
    printer.refresh_from_db()
    assert (slip.state, slip.url) == ("printed", "")
    assert (printer.last_printed_at, printer.failing_since) == (at(0.1), None)


@pytest.mark.parametrize(
    ("language", "word", "as_picture"),
    [("", "numéro", False), ("fr", "numéro", False), ("uk", "номер", True)],
)
def test_a_slip_is_in_the_language_of_its_visitor(printer, language, word, as_picture):
    lines = a_slip(printer, language=language).lines

    data = slips.slip_bytes(title="E 1", lines=lines, url="", width=42)

    assert any(word in line for line in lines)
    assert (RASTER in data) is as_picture
    assert b"E 1" in data  # the number is the printer's own, whatever the language


@pytest.mark.parametrize(("joins", "word"), [(True, "الرقم"), (False, "numéro")])
def test_arabic_is_printed_where_its_letters_can_be_joined(printer, monkeypatch, joins, word):
    monkeypatch.setattr(pictures, "can_join", lambda: joins)

    assert any(word in line for line in a_slip(printer, language="ar").lines)


@pytest.mark.parametrize("text", ["سيُنادى هذا الرقم على الشاشة وبالصوت.", "Номер на екрані."])
@pytest.mark.parametrize("width", [32, 42, 48])
def test_the_picture_of_words_is_black_on_white_and_as_wide_as_the_paper(text, width):
    picture = pictures.picture_of([text, "Mairie, lundi 24"], width)

    black = picture.histogram()[0]
    assert picture.mode == "1"
    assert picture.width == width * pictures.DOTS_A_SIGN
    assert 0.01 < black / (picture.width * picture.height) < 0.3


def test_long_words_of_a_picture_go_on_in_the_next_row():
    short, long = (pictures.picture_of(["Номер " * n], 32) for n in (2, 20))

    assert long.height > 2 * short.height


def test_english_slips_are_english(printer):
    assert any("call this number" in line for line in a_slip(printer, language="en").lines)


def test_a_dead_printer_costs_a_ticket_nothing(printer):
    began = time.monotonic()
    slip = a_slip(printer)

    assert time.monotonic() - began < 1
    assert slip.state == "waiting"
    assert slip.printer.failing_since is None


def test_a_dead_printer_is_tried_again_later_and_later(printer):
    slip = a_slip(printer)
    waits = []
    now = MORNING
    for _try in range(3):
        assert actions.deliver(printer.pk, now=now) == 0
        slip.refresh_from_db()
        waits.append((slip.not_before - now).total_seconds())
        now = slip.not_before

    printer.refresh_from_db()
    assert waits == [2, 5, 10]
    assert printer.failing_since == MORNING
    assert printer.error
    assert DBTaskResult.objects.filter(run_after__isnull=False).count() >= 3


def test_before_its_time_a_slip_is_not_tried_again(printer):
    slip = a_slip(printer)
    actions.deliver(printer.pk, now=MORNING)
    actions.deliver(printer.pk, now=at(0, 1))

    slip.refresh_from_db()
    assert slip.attempts == 1


def test_paper_that_ran_out_after_the_number_was_given(printer):
    machine = FakePrinter(PAPER_OUT)
    slip = a_slip(listening(printer, machine))

    assert actions.deliver(printer.pk, now=MORNING) == 0
    machine.listener.close()

    slip.refresh_from_db()
    printer.refresh_from_db()
    assert (slip.state, printer.error) == ("waiting", "no paper")
    assert machine.received == b""


def test_a_slip_that_nobody_waits_for_any_more_is_given_up(printer, machine):
    slip = a_slip(printer)
    listening(printer, machine)

    actions.deliver(printer.pk, now=MORNING + printing.TOO_OLD + timedelta(seconds=1))

    slip.refresh_from_db()
    assert (slip.state, slip.url) == ("dropped", "")
    assert machine.received == b""


def test_slips_come_out_in_the_order_of_the_tickets(printer, machine):
    listening(printer, machine)
    for minutes in range(3):
        a_slip(printer, now=at(minutes / 10))

    assert actions.deliver(printer.pk, now=at(1)) == 3

    assert machine.eventually(b"E 3")
    assert machine.received.index(b"E 1") < machine.received.index(b"E 2")


def test_two_workers_never_print_the_same_slip(printer, machine):
    slip = a_slip(listening(printer, machine))
    assert printing._claim(slip, MORNING)

    assert actions.deliver(printer.pk, now=MORNING) == 0
    assert machine.received == b""


def test_a_printer_out_of_use_prints_nothing(printer, machine):
    slip = a_slip(listening(printer, machine))
    actions.forget_printer(printer, agent=ines(), now=MORNING)

    slip.refresh_from_db()
    assert (slip.state, slip.url) == ("dropped", "")
    assert actions.deliver(printer.pk, now=MORNING) == 0


def test_a_test_page_shows_the_width_of_the_paper(printer, machine):
    actions.print_test(listening(printer, machine), agent=ines(), now=MORNING)

    actions.deliver(printer.pk, now=MORNING)

    assert machine.eventually(b"-" * 42)


def test_a_printer_that_says_nothing_about_its_paper_prints_all_the_same(printer):
    machine = FakePrinter(b"")
    a_slip(listening(printer, machine))

    assert actions.deliver(printer.pk, now=MORNING) == 1
    assert machine.eventually(b"E 1")
    machine.listener.close()


def test_long_words_are_broken_between_words():
    assert slips._wrapped("un deux trois quatre", 9) == "un deux\ntrois\nquatre\n"


@pytest.fixture(autouse=True)
def _morning() -> Any:
    with time_machine.travel(MORNING, tick=True):
        yield
