"""A modem that does not stop: octets, lines, results, news without end."""

import contextlib
import itertools
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from serial import rfc2217

from crm_tui.clock import SimulatedClock
from crm_tui.gsm import ports
from crm_tui.gsm.errors import Interrupted, LineLost, NoAnswer, Refused, SendInDoubt
from crm_tui.gsm.line import Line

_MANY = 200_000
"""More octets than anything in memory may hold."""

ENDLESS = {
    "octets": b"\xff" * 4096,
    "lines": b"noise\r\n" * 500,
    "short lines": b"a\r" * 2000,
    "results": b"OK\r\n" * 1000,
    "refusals": b"ERROR\r\n" * 500,
    "news": b'+CMTI: "SM",7\r\n' * 200,
    "SMS": b"+CMT: ,24\r\n00112233\r\n" * 200,
    "references": b"+CMGS: 7\r\n" * 400,
    "listings": b'+CMGL: 1,0,,23\r\n0011\r\n' * 200,
    "texts of the network": b'+CUSD: 0,"' + b"x" * 4000,
    "prompts": b"\r\n> " * 1000,
    "its own words": b"AT+CMGR=1\r\n" * 400,
}  # fmt: skip


class Talker:
    """A port on which the other side never stops: `each` again with every read, a millisecond apart."""

    def __init__(self, clock: SimulatedClock, each: bytes, seconds: float = 0.001) -> None:
        self._clock, self._each, self._seconds = clock, each, seconds
        self.said = 0
        self.stop: threading.Event | None = None

    @property
    def in_waiting(self) -> int:
        return len(self._each)

    def read(self, size: int = 1, /) -> bytes:
        self._clock.wait(self._seconds)
        self.said += min(size, len(self._each))
        if self.stop is not None and self.said > _MANY:
            self.stop.set()
        return self._each[:size]

    def write(self, data: bytes, /) -> int:
        return len(data)

    def close(self) -> None:
        pass


def talking(
    each: bytes, stop: threading.Event | None = None
) -> tuple[Line, Talker, SimulatedClock]:
    clock = SimulatedClock(datetime(2026, 1, 1, tzinfo=UTC))
    port = Talker(clock, each)
    port.stop = stop
    return Line(port, "port", clock, stop), port, clock


def doings(line: Line) -> Iterator[None]:
    """What a worker does with a line, over and over."""
    for turn in itertools.count():
        with contextlib.suppress(LineLost, NoAnswer, Refused, SendInDoubt):
            match turn % 5:
                case 0:
                    line.listen(1)
                case 1:
                    line.command("AT+CMGR=1", expects="+CMGR:", body=True, own=True)
                case 2:
                    line.command("AT+CMGL=4", expects="+CMGL:", body=True, timeout=30)
                case 3:
                    line.submit(3, "00AA", lambda: True, 60)
                case _:
                    line.command("ATI")
        yield


@pytest.mark.parametrize("kind", ENDLESS)
def test_each_thing_ends(kind: str) -> None:
    """Whatever never stops, each thing that is done with the line comes to its end by its deadline,
    what is kept of it is bounded, and no more is taken in a second than a modem can say."""
    line, port, clock = talking(ENDLESS[kind])
    began = clock.monotonic()
    for _ in itertools.islice(doings(line), 10):
        assert len(line.unasked) <= 1000
        assert sum(len(said.line) + len(said.body) for said in line.unasked) <= 5_000_000
        assert len(line._ear._bytes) <= 10_000
        assert len(line._step.references) <= 100
    took = clock.monotonic() - began
    assert took < 1000
    assert port.said < 300_000 * (took + 1)


@pytest.mark.parametrize("kind", ENDLESS)
def test_it_can_be_stopped(kind: str) -> None:
    """Whatever never stops, whoever says stop is heard within what one read brings."""
    stop = threading.Event()
    line, port, _ = talking(ENDLESS[kind], stop)
    with pytest.raises(Interrupted):
        for _ in doings(line):
            pass
    assert port.said < _MANY + 3 * 4096


class _Server:
    """A serial server of RFC 2217 on a socket: it agrees to everything, says `each` without end, and
    keeps what it hears."""

    baudrate, bytesize, parity, stopbits = 115200, 8, "N", 1
    rts = dtr = cts = dsr = cd = True
    ri = rtscts = xonxoff = break_condition = False

    def __init__(self, each: bytes) -> None:
        self._each, self.heard = each, b""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = f"rfc2217://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def reset_input_buffer(self) -> None:
        pass

    reset_output_buffer = reset_input_buffer

    def _serve(self) -> None:
        other, _ = self._socket.accept()
        line: Any = SimpleNamespace(write=other.sendall)
        this: Any = self
        agreeing = rfc2217.PortManager(this, line)
        with other, contextlib.suppress(OSError):
            while data := other.recv(1024):
                self.heard += b"".join(agreeing.filter(data))
                if b"AT" in self.heard:
                    other.sendall(self._each)

    def close(self) -> None:
        self._socket.close()


@pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning")
def test_a_serial_server_is_a_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """rfc2217:// leads to a modem, and one that does not stop there fills no memory."""
    monkeypatch.setattr(ports, "_MOST_UNREAD", 1000)
    server = _Server(b"\r\nOK\r\n" * 5000)
    port: Any = ports.open_port(server.port)
    try:
        port.write(b"AT\r")
        assert port.read(6) == b"\r\nOK\r\n"
        time.sleep(0.1)
        assert 0 < port.in_waiting <= 1000
        assert server.heard == b"AT\r"
    finally:
        port.close()
        server.close()
