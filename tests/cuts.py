"""A line that is cut: a proxy before PostgreSQL that goes away after so many octets."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Cut:
    """Passes octets on, at most so many up and down (None: all), then cuts both ways at once."""

    def __init__(self, port: int, up: int | None = None, down: int | None = None) -> None:
        self._to = port
        self._left: dict[str, float] = {
            "up": float("inf") if up is None else up,
            "down": float("inf") if down is None else down,
        }
        self.passed = {"up": 0, "down": 0}
        self.cut = False
        self.flowing = threading.Event()
        """Cleared: both ends are there, and nothing comes through."""
        self.flowing.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                self._open += [near, far]
                for name, source, target in (("up", near, far), ("down", far, near)):
                    threading.Thread(
                        target=self._pass, args=(name, source, target), daemon=True
                    ).start()

    def _pass(self, name: str, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while octets := source.recv(65_536):
                some = octets[: int(min(len(octets), self._left[name]))]
                self.flowing.wait()
                self._left[name] -= len(octets)
                self.passed[name] += len(some)
                target.sendall(some)
                if self._left[name] < 0:
                    self.cut = True
                    break
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        for each in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                each.close()


@contextmanager
def cut(port: int, up: int | None = None, down: int | None = None) -> Iterator[Cut]:
    made = Cut(port, up, down)
    try:
        yield made
    finally:
        made.close()
