"""What comes from a modem, line by line, and which of it nobody asked for.

Final results are matched whole: the line "OKE mas" of an SMS ends nothing. What comes unasked is
kept in `Hearing.unasked`, wherever it comes.
"""

import logging
import os
import re
import select
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from serial import SerialException

from crm_tui.clock import Clock
from crm_tui.gsm import error_codes, ussd
from crm_tui.gsm.errors import Interrupted, LineLost, Refused

log = logging.getLogger(__name__)

_LONGEST_WAIT = 0.25
"""Seconds until it is seen, at the latest, that the worker is to stop."""
_AT_ONCE = 4096
"""Octets that are read at once."""
_LONGEST_LINE = 4096
"""Octets without an end that are no line: the longest is a PDU, or a list of what a modem can do."""
_MOST_UNASKED = 1000
"""News that are kept: behind so many the oldest go, and the SIM is to be looked at (`overrun`)."""
_MOST_WAITING = 1 << 18
"""Octets that may have been said between two commands."""
_A_SECOND, _LINES_A_SECOND = 1 << 18, 5000
"""Octets and lines that are taken in a second: five times what the fastest line carries. Whoever says
more waits, so that the program beside it does not."""
FINAL = re.compile(
    r"(?P<ok>OK)|\+(?P<kind>CM[SE]) ERROR: *(?P<code>.*)"
    r"|(?P<error>ERROR|ERROR\+.*|COMMAND NOT SUPPORT.*|TOO MANY PARAMETERS)"
)
_LINE_END = re.compile(rb"[\r\n]")
HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_UNASKED = re.compile(
    r"\+(CMTI|CDSI|CMT|CDS|CBM|CBMI|CREG|CGREG|CEREG|CUSD|CLIP|CRING|CIEV|CTZV|CTZE|CTZDST|CPIN"
    r"|CFUN|PSUTTZ|ZUSIMR|ZUSIMRP|ZEND|CCWA|CGEV|CSSI|CSSU|STIN): ?.*"
    r"|\^.*|\*PSUTTZ.*|RING|NO CARRIER|BUSY|Call Ready|SMS Ready|RDY|NORMAL POWER DOWN|DST: .*"
    r"|PB DONE|SMS DONE|\*ATREADY.*|\+PBREADY|MODEM:STARTUP",
    re.DOTALL,
)
# Said by a modem that has begun anew, or whose SIM or network has changed: look how it stands.
_CHANGED = re.compile(
    r"RDY|SMS Ready|Call Ready|PB DONE|SMS DONE|NORMAL POWER DOWN|\^BOOT.*|\^SYSSTART.*|\*ATREADY.*"
    r"|\+PBREADY|MODEM:STARTUP|\+CFUN: ?.*|\+CPIN: ?.*|\^SIMST.*|\+CREG: ?\d"
)
# Of these, what nobody says but a modem that begins: whatever was being done, it is not any more.
_BEGINS = re.compile(r"RDY|NORMAL POWER DOWN|\^SYSSTART.*|\*ATREADY.*|MODEM:STARTUP")
# What ends a text of the network whose end was lost: none of it may swallow an answer.
_NO_TEXT = re.compile(
    rf"{FINAL.pattern}|{_UNASKED.pattern}|\+[A-Z]+: ?.*|[0-9A-F]{{20,}}", re.DOTALL
)
_NEWS = re.compile(r"\+(CMTI|CDSI|CMT|CDS|CUSD):")
"""What says of SMS, or is the network's own word."""
_WITH_BODY = re.compile(r"\+(CMT|CDS|CBM): ?.*")


class Port(Protocol):
    """What is used of a pyserial port."""

    @property
    def in_waiting(self) -> int: ...
    def read(self, size: int = 1, /) -> bytes: ...
    def write(self, data: bytes, /) -> int | None: ...
    def close(self) -> None: ...


class Stop(Protocol):
    """Whether to break off; a `threading.Event` is one."""

    def is_set(self) -> bool: ...


@dataclass(frozen=True)
class Said:
    """A line of a modem, with the PDU that belongs to it."""

    line: str
    body: str = ""


class Hearing:
    """A port, cut into lines. `stop` breaks off any waiting with `Interrupted`.

    `changed`: the modem has said that it may not stand as it did; `begun`: that it begins anew.
    """

    def __init__(self, port: Port, name: str, clock: Clock, stop: Stop | None = None) -> None:
        self._port = port
        self._file = _file_of(port)
        self.name = name
        self._clock = clock
        self._stop = stop
        self._bytes = bytearray()
        self._header: str | None = None
        self._quoted: str | None = None
        self._since, self._octets, self._lines = clock.monotonic(), 0, 0
        self.unasked: deque[Said] = deque()
        self.overrun = False
        """Whether some of them had to go."""
        self.changed = False
        self.begun = False

    def close(self) -> None:
        try:
            self._port.close()
        except OSError:
            log.debug("closing %s failed", self.name, exc_info=True)

    def write(self, data: bytes) -> None:
        try:
            self._port.write(data)
        except (SerialException, OSError) as trouble:
            raise LineLost(port=self.name) from trouble

    def _read(self, deadline: float) -> bytes:
        """What has come, waiting for it a moment at most."""
        if self._too_fast():
            return b""
        try:
            if self._file is not None:
                # Longer than reading itself would wait: a worker at rest is woken less often.
                seconds = min(_LONGEST_WAIT, deadline - self._clock.monotonic())
                ready, _, _ = select.select([self._file], [], [], max(0.0, seconds))
                if not ready:
                    return b""
            octets = self._port.read(min(self._port.in_waiting, _AT_ONCE) or 1)
        except (SerialException, OSError, ValueError) as trouble:
            raise LineLost(port=self.name) from trouble
        self._octets += len(octets)
        return octets

    def _too_fast(self) -> bool:
        """Whether more was said in this second than a modem can say; then a part of it is waited."""
        if self._octets <= _A_SECOND and self._lines <= _LINES_A_SECOND:
            return False
        left = self._since + 1.0 - self._clock.monotonic()
        if left > 0:
            self._clock.wait(min(left, _LONGEST_WAIT))
            return True
        self._since, self._octets, self._lines = self._clock.monotonic(), 0, 0
        return False

    def next_line(self, deadline: float, *, prompt: bool = False) -> str | None:
        """The next line that is not blank, or None at the deadline; with `prompt` also ">"."""
        while True:
            found = self._cut_line()
            if found:
                return found
            if prompt and self.drop_prompt():
                return ">"
            self._break_off()
            if self._clock.monotonic() >= deadline:
                return None
            self._bytes += self._read(deadline)
            if len(self._bytes) > _LONGEST_LINE + _AT_ONCE:
                # All lines were taken off: what is left never ends.
                self.forget()

    def _break_off(self) -> None:
        if self._stop is not None and self._stop.is_set():
            raise Interrupted()

    def said_before(self) -> Iterator[str]:
        """The lines that have been said by now; whatever they end, it is nothing yet to come.

        Raises `LineLost` if there is no end to them.
        """
        said = 0
        try:
            while count := self._port.in_waiting:
                self._break_off()
                if self._too_fast():
                    continue
                octets = self._port.read(min(count, _AT_ONCE))
                self._octets += len(octets)
                said += len(octets)
                if said > _MOST_WAITING:
                    self.forget()
                    raise LineLost(port=self.name)
                self._bytes += octets
        except (SerialException, OSError) as trouble:
            raise LineLost(port=self.name) from trouble
        while line := self._cut_line():
            yield line

    def drop_prompt(self) -> bool:
        """Take off a prompt, which has no line end; whether there was one."""
        if not self._bytes.lstrip().startswith(b">"):
            return False
        del self._bytes[: self._bytes.index(b">") + 1]
        return True

    def forget(self) -> None:
        """Begin a new line with what comes next."""
        self._bytes.clear()
        self._quoted = None

    @property
    def awaits_body(self) -> bool:
        """Whether the next hexadecimal line belongs to news."""
        return self._header is not None

    def keep_unasked(self, line: str) -> bool:
        """Whether `line` is one that modems say unasked; then it is kept."""
        if self._header is not None and HEX.fullmatch(line):
            self._keep(Said(self._header, line))
            self._header = None
            return True
        if _WITH_BODY.fullmatch(line):
            self._header = line
            return True
        if _UNASKED.fullmatch(line):
            self._keep(Said(line))
            self.changed = self.changed or _CHANGED.fullmatch(line) is not None
            self.begun = self.begun or _BEGINS.fullmatch(line) is not None
            return True
        return False

    def _keep(self, said: Said) -> None:
        if len(self.unasked) >= _MOST_UNASKED:
            if not (said.body or _NEWS.match(said.line)):
                # What it says of the modem was taken already.
                return
            gone = self.unasked.popleft()
            self.overrun = self.overrun or bool(gone.body or _NEWS.match(gone.line))
        self.unasked.append(said)

    def _cut_line(self) -> str:
        while self._bytes:
            end = _LINE_END.search(self._bytes)
            if end is None:
                break
            at = end.start()
            # Latin-1 gives every octet a character: a line that is not text harms nothing.
            line = self._bytes[:at].decode("latin-1").strip(" \x00")
            del self._bytes[: at + 1]
            line = self._joined(line) if line else ""
            if line:
                self._lines += 1
                return line[:_LONGEST_LINE]
        return ""

    def _joined(self, line: str) -> str:
        """The line; "" while it is one of a text of the network that takes several."""
        if self._quoted is not None:
            whole = f"{self._quoted}\n{line}"
            if _NO_TEXT.fullmatch(line) or len(whole) > ussd.MOST_OCTETS:
                # Its end was lost: what is there is kept, and what comes is itself again.
                self._keep(Said(self._quoted))
                self._quoted = None
                return line
            line, self._quoted = whole, None
        if ussd.BEGINS.fullmatch(line) and not ussd.CLOSED.fullmatch(line):
            self._quoted = line
            return ""
        return line


def _file_of(port: Port) -> int | None:
    """The file that the system can wait for, where there is one."""
    if os.name != "posix":
        return None
    try:
        found = getattr(port, "fileno", lambda: None)()
    except (OSError, SerialException):
        # Simulated lines, and those to another computer.
        return None
    return found if isinstance(found, int) else None


def refusal(final: re.Match[str], heard: Sequence[Said] = ()) -> Refused:
    """What a final result of `FINAL` other than OK means; `heard` are the lines before it."""
    if not final["kind"]:
        return Refused("ERROR", heard=heard)
    return Refused(final["kind"], error_codes.number(final["kind"], final["code"]), heard)
