"""sim://NAME[?baud=115200&state=FILE&control=SOCKET] as a port of pyserial.

The name of this module, and of its class, are pyserial's rule for handlers of URLs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from serial import PortNotOpenError, SerialBase, SerialException

from crm_tui.clock import SystemClock
from crm_tui.simulator import control, registry
from crm_tui.simulator.commands import SimulatedModem

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer


class Serial(SerialBase):
    """A port whose other end is a simulated modem of this process."""

    _modem: SimulatedModem

    def open(self) -> None:
        url = urlsplit(str(self.port))
        options = {name: values[-1] for name, values in parse_qs(url.query).items()}
        try:
            baud = int(options["baud"]) if "baud" in options else None
        except ValueError:
            raise SerialException(f"not a baud rate: {options['baud']}") from None
        state = Path(options["state"]) if "state" in options else None
        self._modem = registry.modem(url.netloc, baud=baud, state=state)
        if "control" in options:
            control.serve(self._modem, Path(options["control"]))
        if not self._modem.plugged:
            raise FileNotFoundError(2, "the simulated modem is unplugged")
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    @property
    def in_waiting(self) -> int:
        self._check()
        return self._modem.ready()

    def read(self, size: int = 1) -> bytes:
        """What has been said, waiting for it no longer than the timeout; it may exceed `size`."""
        clock = self._modem.clock
        deadline = clock.monotonic() + (self.timeout if self.timeout is not None else 1.0)
        while True:
            self._check()
            said = self._modem.take()
            if said:
                return said
            now = clock.monotonic()
            if now >= deadline:
                return b""
            moment = self._modem.next_moment()
            pause = max(0.0, min(deadline, moment if moment is not None else deadline) - now)
            if isinstance(clock, SystemClock):
                with self._modem.changed:
                    self._modem.changed.wait(pause)
            else:
                clock.wait(pause)

    def write(self, b: Buffer, /) -> int:
        self._check()
        data = bytes(b)
        self._modem.feed(data, int(self.baudrate or 0))
        return len(data)

    def _check(self) -> None:
        if not self.is_open:
            raise PortNotOpenError()
        if not self._modem.plugged:
            raise SerialException("the simulated modem was unplugged")

    def _reconfigure_port(self, *_: Any, **__: Any) -> None:
        """There is nothing to set on a line that is not there."""

    _update_break_state = _update_rts_state = _update_dtr_state = _reconfigure_port
    reset_input_buffer = reset_output_buffer = _reconfigure_port
