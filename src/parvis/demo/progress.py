"""A bar for whoever waits at a terminal, from the second second on."""

import sys
import time
from typing import TextIO

_WIDTH = 40
_PATIENCE = 2.0
_EVERY = 0.1


class Bar:
    """Call it with the share that is done; silent where nobody looks."""

    def __init__(self, words: str, stream: TextIO = sys.stderr) -> None:
        self.words = words
        self.stream = stream
        self.shown = False
        self._began = self._last = time.monotonic()

    def __call__(self, share: float) -> None:
        """Draw the bar again."""
        now = time.monotonic()
        if not self.stream.isatty() or now - self._began < _PATIENCE:
            return
        if share < 1 and now - self._last < _EVERY:
            return
        self._last, self.shown = now, True
        full = round(share * _WIDTH)
        bar = "█" * full + "░" * (_WIDTH - full)
        self.stream.write(f"\r{self.words} {bar} {share:4.0%}")
        self.stream.flush()

    def close(self) -> None:
        """Leave the line as it was found."""
        if self.shown:
            self.stream.write("\r" + " " * (len(self.words) + _WIDTH + 8) + "\r")
            self.stream.flush()
