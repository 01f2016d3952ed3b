"""A network cable between a browser and the server, which a test may pull out."""

import contextlib
import socket
import threading


class Cable:
    """Carries connections from a port of its own to the server's; ``cut`` ends them all."""

    def __init__(self, port: int) -> None:
        self.target = ("127.0.0.1", port)
        self.ends: set[socket.socket] = set()
        self.is_whole = True
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self.is_whole = False
        for end in list(self.ends):
            self._close(end)

    def mend(self) -> None:
        self.is_whole = True

    def close(self) -> None:
        self.cut()
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self.listener.accept()
            except OSError:
                return
            if not self.is_whole:
                near.close()
                continue
            far = socket.create_connection(self.target)
            self.ends |= {near, far}
            if not self.is_whole:  # pulled out while this one was being laid
                self._close(near)
                self._close(far)
                continue
            for ends in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        self._close(source)
        self._close(sink)

    def _close(self, end: socket.socket) -> None:
        self.ends.discard(end)
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
