"""The download of an edition, against a small server on this machine."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from parvis.common.errors import Refused
from parvis.knowledge.dila import feed
from parvis.knowledge.dila.feed import Limits

HERE = Limits(may_be_private=True)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        match self.path:
            case "/edition.zip":
                self._answer(b"PK" + bytes(100_000))
            case "/moved":
                self._turn("/edition.zip")
            case "/circle":
                self._turn("/circle")
            case "/inside":
                self._turn("http://localhost:1/secret")
            case "/file":
                self._turn("file:///etc/hostname")
            case "/short":
                self._answer(b"PK", length=500)
            case _:
                self.send_error(404)

    def _answer(self, content: bytes, length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(length or len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _turn(self, target: str) -> None:
        self.send_response(302)
        self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    made = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    thread.join()
    made.server_close()


def test_an_edition_is_fetched_also_by_a_redirection_on_the_same_host(server, tmp_path):
    for place in ("/edition.zip", "/moved"):
        path = feed.download(server + place, tmp_path, limits=HERE)

        assert path.read_bytes().startswith(b"PK")
        assert path.stat().st_size == 100_002


def test_the_temporary_file_goes_after_use(server, tmp_path):
    told: list[tuple[int, int]] = []

    with feed.fetched(
        server + "/edition.zip",
        tmp_path,
        limits=HERE,
        progress=lambda done, total: told.append((done, total)),
    ) as path:
        assert path.exists()

    assert not path.exists()
    assert told[-1] == (100_002, 100_002)


@pytest.mark.parametrize("place", ["/circle", "/inside", "/file", "/short", "/nothing"])
def test_what_cannot_be_trusted_is_refused_and_leaves_nothing(server, tmp_path, place):
    with pytest.raises(Refused):
        feed.download(server + place, tmp_path, limits=HERE)
    assert list(tmp_path.iterdir()) == []


def test_too_much_and_too_long_are_refused(server, tmp_path):
    with pytest.raises(Refused):
        feed.download(
            server + "/edition.zip", tmp_path, limits=Limits(bytes=1000, may_be_private=True)
        )
    with pytest.raises(Refused):
        feed.download(
            server + "/edition.zip", tmp_path, limits=Limits(seconds=-1, may_be_private=True)
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/x.zip",
        "http://localhost/x.zip",
        "http://[::1]/x.zip",
        "http://[::ffff:10.0.0.1]/x.zip",
        "http://10.1.2.3/x.zip",
        "http://192.168.1.1/x.zip",
        "http://169.254.169.254/latest/meta-data",
        "http://0.0.0.0/x.zip",
        "http://100.64.0.1/x.zip",
        "http://224.0.0.1/x.zip",
    ],
)
def test_addresses_inside_the_house_are_not_asked(address, tmp_path):
    with pytest.raises(Refused, match=r"privé|private"):
        feed.download(address, tmp_path, limits=Limits())


@pytest.mark.parametrize("address", ["ftp://exemple.fr/x", "file:///etc/hostname", "https://", "x"])
def test_only_addresses_of_the_web_are_fetched(address, tmp_path):
    with pytest.raises(Refused):
        feed.download(address, tmp_path, limits=HERE)


def test_a_name_that_stands_for_a_private_place_too_is_refused(monkeypatch, tmp_path):
    def both(host, port, **_options):
        return [(2, 1, 6, "", ("93.184.216.34", port)), (2, 1, 6, "", ("10.0.0.7", port))]

    monkeypatch.setattr(feed.socket, "getaddrinfo", both)

    with pytest.raises(Refused, match=r"privé|private"):
        feed.download("http://exemple.fr/x.zip", tmp_path, limits=Limits())
