"""Child processes: started again when they end, and never outliving their parent."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Final

log = logging.getLogger(__name__)
PAUSES: Final = (1.0, 60.0)  # seconds, growing, before a child that ended is started again
STEADY: Final = 60.0  # seconds after which a child is taken to work: the next pause is short again
GOODBYE: Final = 10.0  # seconds a child has to end what it is doing

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Make the system end this process when its parent is gone: no orphan keeps the port."""
    parent = os.getppid()
    if sys.platform == "linux":
        # The signal follows the *thread* that forked us on Linux; the watch below is for the rest.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)


class Kept:
    """A child process that is started again whenever it ends, until it is stopped."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._name, self._command, self._environment = name, command, environment
        self._stopped = threading.Event()
        self._starting = threading.Lock()
        self._child = self._start()
        # The system ends a child with the *thread* that started it: this one stays to the end.
        threading.Thread(target=self._keep, daemon=True).start()

    @property
    def pid(self) -> int:
        """The number of the process of now."""
        return self._child.pid

    def stop(self) -> None:
        """End the child, and start it no more."""
        self._stopped.set()
        with self._starting:
            child = self._child
        child.terminate()
        try:
            child.wait(timeout=GOODBYE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(self._command, env=dict(self._environment))  # noqa: S603

    def _keep(self) -> None:
        least, most = PAUSES
        pause, began = least, time.monotonic()
        while True:
            code = self._child.wait()
            if time.monotonic() - began > STEADY:
                pause = least
            if self._stopped.wait(pause):
                return
            log.error("%s ended (%s): started again after %s s", self._name, code, pause)
            pause, began = min(2 * pause, most), time.monotonic()
            self._start_again()

    def _start_again(self) -> None:
        with self._starting:
            if self._stopped.is_set():
                return
            try:
                self._child = self._start()
            except OSError:  # no memory, no process to be had: the next pause is longer
                log.exception("%s could not be started", self._name)
