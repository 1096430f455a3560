"""How far something long has come, and whether somebody has called it off."""

import threading

from crm_tui.shop.gate.errors import Cancelled


class Progress:
    """Told by the thread that works, read and called off by another one.

    `share` is from 0 to 1. Once it is `final` it cannot be called off any more.
    """

    def __init__(self) -> None:
        self.share = 0.0
        self.final = False
        self._lock = threading.Lock()
        self._cancelled = False

    def at(self, done: int, total: int) -> None:
        """So much is done. Raises `Cancelled` if somebody called it off."""
        self.share = min(1.0, done / total) if total else 1.0
        if self._cancelled and not self.final:
            raise Cancelled()

    def cancel(self) -> bool:
        """Call it off; whether that was in time."""
        with self._lock:
            if not self.final:
                self._cancelled = True
            return self._cancelled

    def begin_final(self) -> None:
        """From now on it is finished whatever happens. Raises `Cancelled` if it was called off."""
        with self._lock:
            if self._cancelled:
                raise Cancelled()
            self.final = True
