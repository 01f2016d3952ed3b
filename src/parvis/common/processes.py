"""Child processes that do not outlive their parent, also when it is killed outright."""

import ctypes
import os
import signal
import sys
import threading
import time

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
