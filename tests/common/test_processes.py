"""Servers and jobs as processes: watched, started again, and alone on their port."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from parvis.common import processes
from parvis.common.errors import Refused
from parvis.common.management.commands import serve
from parvis.common.network import place_to_listen


def in_time(found: Callable[[], bool]) -> bool:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if found():
            return True
        time.sleep(0.01)
    return False


def test_a_child_that_is_killed_is_started_again_and_ends_when_told(monkeypatch, caplog):
    monkeypatch.setattr(processes, "PAUSES", (0.01, 0.02))
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    kept = processes.Kept("parvis work", command, os.environ)
    first = kept.pid

    os.kill(first, signal.SIGKILL)

    assert in_time(lambda: kept.pid != first)
    assert "parvis work ended" in caplog.text
    second = kept.pid
    kept.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)
    time.sleep(0.1)
    assert kept.pid == second


@pytest.fixture
def taken() -> Iterator[socket.socket]:
    """A server that would share its port, as ours does among its processes."""
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    server.bind(("127.0.0.1", 0))
    server.listen()
    yield server
    server.close()


def test_no_second_server_shares_the_port_of_the_first(taken):
    port = taken.getsockname()[1]

    with pytest.raises(Refused, match="another server is running there"):
        place_to_listen("127.0.0.1", port)

    taken.close()
    assert place_to_listen("localhost", port) == "127.0.0.1"


@pytest.mark.parametrize(
    ("host", "port"),
    [("127.0.0.1", 99999), ("127.0.0.1", 0), ("nope.invalid", 8000), ("a" * 70 + ".fr", 8000)],
)
def test_an_address_that_cannot_be_had_is_refused_in_words(host, port):
    with pytest.raises(Refused):
        place_to_listen(host, port)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("0.0.0.0", "http://127.0.0.1:8123"),  # noqa: S104
        ("192.0.2.7", "http://192.0.2.7:8123"),
        ("::1", "http://[::1]:8123"),
    ],
)
def test_links_lead_to_the_port_that_is_served(monkeypatch, settings, host, address):
    monkeypatch.setenv("PARVIS_BASE_URL", "to be given back at the end")
    monkeypatch.delenv("PARVIS_BASE_URL")

    serve._know_own_address(host, 8123)

    assert settings.BASE_URL == os.environ["PARVIS_BASE_URL"] == address
