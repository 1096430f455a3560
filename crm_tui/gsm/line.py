"""The conversation with a modem over a serial line (3GPP TS 27.007, 27.005).

Whatever a modem says is one of: part of the answer that we wait for, its final result, the echo of
our own words, or something nobody asked for. Final results are matched whole: the line "OKE mas"
of an SMS ends nothing. What comes unasked is kept in `Line.unasked`, wherever it comes.
"""

import logging
import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from serial import SerialException

from crm_tui.clock import Clock
from crm_tui.gsm.errors import Interrupted, LineLost, NoAnswer, Refused, SendInDoubt

log = logging.getLogger(__name__)

ESC, CTRL_Z = b"\x1b", b"\x1a"
_FINAL = re.compile(
    r"(?P<ok>OK)|\+(?P<kind>CM[SE]) ERROR: *(?P<code>.*)"
    r"|(?P<error>ERROR|ERROR\+.*|COMMAND NOT SUPPORT.*|TOO MANY PARAMETERS)"
)
_UNASKED = re.compile(
    r"\+(CMTI|CDSI|CMT|CDS|CBM|CBMI|CREG|CGREG|CEREG|CUSD|CLIP|CRING|CIEV|CTZV|CTZE|CTZDST|CPIN"
    r"|CFUN|PSUTTZ|ZUSIMR|ZUSIMRP|ZEND|CCWA|CGEV|CSSI|CSSU|STIN): ?.*"
    r"|\^.*|RING|NO CARRIER|BUSY|Call Ready|SMS Ready|RDY|NORMAL POWER DOWN|DST: .*|PB DONE"
)
_WITH_BODY = re.compile(r"\+(CMT|CDS|CBM): ?.*")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_BREATH = 0.05


class Port(Protocol):
    """What of a pyserial port is used."""

    @property
    def in_waiting(self) -> int: ...
    def read(self, size: int = 1, /) -> bytes: ...
    def write(self, data: bytes, /) -> int | None: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Said:
    """A line of a modem, with the PDU that belongs to it."""

    line: str
    body: str = ""


def nothing_with(said: object) -> None:
    """What is done with a line when there is nothing to do."""


def nothing() -> None:
    """What is done meanwhile when there is nothing to do."""


class Line:
    """Commands out, answers in. One thread owns it.

    `meanwhile` is work (a commit to the disk) done after a command was written, while the modem
    thinks; `stop` breaks off any waiting with `Interrupted`.
    """

    def __init__(
        self, port: Port, name: str, clock: Clock, stop: threading.Event | None = None
    ) -> None:
        self._port = port
        self._name = name
        self._clock = clock
        self._stop = stop
        self._bytes = bytearray()
        self._header: str | None = None
        self._out_of_step = False
        self.unasked: deque[Said] = deque()

    def close(self) -> None:
        try:
            self._port.close()
        except OSError:
            log.debug("closing %s failed", self._name, exc_info=True)

    def command(
        self,
        text: str,
        *,
        expects: str | None = None,
        body: bool = False,
        lenient: bool = False,
        early: Callable[[Said], object] = nothing_with,
        timeout: float = 5.0,
        meanwhile: Callable[[], object] = nothing,
    ) -> list[Said]:
        """Write a command; its answer's lines, without the final OK.

        `expects` is what the lines of the answer begin with (None: anything); with `body` a line
        of hexadecimal belongs to the one before; a `lenient` answer may end without its OK.
        `early` gets each line with its body as soon as it is there.
        Raises `Refused` or `NoAnswer`.
        """
        self._begin()
        self._write(text.encode("ascii") + b"\r")
        meanwhile()
        answer: list[Said] = []
        deadline = self._clock.monotonic() + timeout
        while True:
            line = self._next_line(deadline)
            if line is None:
                self._out_of_step = True
                if lenient and answer:
                    return answer
                raise NoAnswer(port=self._name)
            final = _FINAL.fullmatch(line)
            if final:
                if final["ok"]:
                    return answer
                raise _refusal(final)
            if line == text:
                continue
            if expects is not None and line.startswith(expects):
                answer.append(Said(line))
            elif self._header is not None and self._keep_unasked(line):
                # The second line of news is no body of ours, though it looks like one.
                continue
            elif body and answer and not answer[-1].body and _HEX.fullmatch(line):
                answer[-1] = Said(answer[-1].line, line)
                early(answer[-1])
            elif self._keep_unasked(line):
                continue
            elif expects is None:
                answer.append(Said(line))
            else:
                log.debug("noise on %s: %r", self._name, line)

    def submit(
        self, length: int, pdu: str, claim: Callable[[], bool], timeout: float
    ) -> int | None:
        """Hand an SMS to the modem (AT+CMGS); the reference that the network gave it.

        `claim` runs before the PDU is written and while the modem makes its prompt: only if it
        returns True the PDU is written; else the command is called off and None returned. Raises
        `Refused`, or `NoAnswer` and `LineLost` while surely nothing went out, or `SendInDoubt`.
        """
        command = f"AT+CMGS={length}"
        self._begin()
        self._write(command.encode("ascii") + b"\r")
        wanted = claim()
        if not self._prompted(command):
            self._out_of_step = True
            raise NoAnswer(port=self._name)
        if not wanted:
            self._write(ESC)
            self._called_off()
            return None
        try:
            self._write(pdu.encode("ascii") + CTRL_Z)
            return self._submitted(pdu, timeout)
        except (NoAnswer, LineLost, Interrupted) as trouble:
            self._out_of_step = True
            raise SendInDoubt() from trouble

    def _begin(self) -> None:
        """Make sure that the next final result is that of the next command.

        What was said since the last one is heard first. After an answer that did not end, one of
        them may still be on its way: then the modem is woken anew.
        """
        if self._out_of_step:
            self.wake()
        try:
            while count := self._port.in_waiting:
                self._bytes += self._port.read(count)
        except (SerialException, OSError) as trouble:
            raise LineLost(port=self._name) from trouble
        while line := self._cut_line():
            self._keep_unasked(line)

    def _called_off(self) -> None:
        """Hear out the final result of a command that ESC broke off."""
        deadline = self._clock.monotonic() + 3.0
        while (line := self._next_line(deadline)) is not None:
            if _FINAL.fullmatch(line):
                return
            self._keep_unasked(line)
        self._out_of_step = True

    def _prompted(self, command: str) -> bool:
        deadline = self._clock.monotonic() + 10.0
        while True:
            line = self._next_line(deadline, prompt=True)
            if line is None:
                return False
            if line == ">":
                return True
            final = _FINAL.fullmatch(line)
            if final and not final["ok"]:
                raise _refusal(final)
            if line != command:
                self._keep_unasked(line)

    def _submitted(self, pdu: str, timeout: float) -> int:
        reference: int | None = None
        deadline = self._clock.monotonic() + timeout
        while True:
            line = self._next_line(deadline)
            if line is None:
                if reference is not None:
                    self._out_of_step = True
                    return reference
                raise NoAnswer(port=self._name)
            given = re.fullmatch(r"\+CMGS: *(\d+).*", line)
            if given:
                reference = int(given[1]) & 0xFF
                # The reference is the network's yes; an OK that is lost after it changes nothing.
                deadline = min(deadline, self._clock.monotonic() + 2.0)
                continue
            final = _FINAL.fullmatch(line)
            if final and final["ok"] and reference is not None:
                return reference
            if final and not final["ok"]:
                raise _refusal(final)
            if line.rstrip("\x1a") != pdu:
                self._keep_unasked(line)

    def listen(self, seconds: float) -> None:
        """Take in what comes unasked, for at most `seconds`, or until something has come."""
        deadline = self._clock.monotonic() + seconds
        before = len(self.unasked)
        while len(self.unasked) == before:
            line = self._next_line(deadline)
            if line is None:
                return
            self._keep_unasked(line)

    def wake(self) -> None:
        """Bring the modem to where it listens, whatever state it was left in.

        A modem left in the prompt swallows everything until ESC; the first AT after a pause may
        be lost. Raises `NoAnswer`.
        """
        self._write(ESC)
        self._write(b"\r")
        self._drain(0.2)
        began = self._clock.monotonic()
        for tries, wait in enumerate((0.5, 0.5, 1.0, 1.0, 2.0), start=1):
            # Within, the command must not wake the modem in its turn.
            self._out_of_step = False
            try:
                self.command("AT", timeout=wait)
            except NoAnswer:
                continue
            except Refused:
                pass
            # A slow modem still owes the answers to the tries before this one.
            self._drain(self._clock.monotonic() - began + 0.1 if tries > 1 else 0.05)
            return
        self._out_of_step = True
        raise NoAnswer(port=self._name)

    def _drain(self, seconds: float) -> None:
        deadline = self._clock.monotonic() + seconds
        while (line := self._next_line(deadline)) is not None:
            self._keep_unasked(line)
        self._bytes.clear()

    def _keep_unasked(self, line: str) -> bool:
        """Whether `line` is one that modems say unasked; then it is kept."""
        if self._header is not None and _HEX.fullmatch(line):
            self.unasked.append(Said(self._header, line))
            self._header = None
            return True
        if _WITH_BODY.fullmatch(line):
            self._header = line
            return True
        if _UNASKED.fullmatch(line):
            self.unasked.append(Said(line))
            return True
        return False

    def _write(self, data: bytes) -> None:
        try:
            self._port.write(data)
        except (SerialException, OSError) as trouble:
            raise LineLost(port=self._name) from trouble

    def _next_line(self, deadline: float, *, prompt: bool = False) -> str | None:
        """The next line that is not blank, or None at the deadline; with `prompt` also ">"."""
        while True:
            found = self._cut_line()
            if found:
                return found
            if prompt and self._bytes.lstrip().startswith(b">"):
                del self._bytes[: self._bytes.index(b">") + 1]
                return ">"
            if self._stop is not None and self._stop.is_set():
                raise Interrupted()
            if self._clock.monotonic() >= deadline:
                return None
            try:
                data = self._port.read(self._port.in_waiting or 1)
            except (SerialException, OSError) as trouble:
                raise LineLost(port=self._name) from trouble
            self._bytes += data

    def _cut_line(self) -> str:
        while True:
            ends = [at for at in (self._bytes.find(b"\r"), self._bytes.find(b"\n")) if at >= 0]
            if not ends:
                return ""
            at = min(ends)
            # Latin-1 gives every octet a character: a line that is not text harms nothing.
            line = self._bytes[:at].decode("latin-1").strip(" \x00")
            del self._bytes[: at + 1]
            if line:
                return line


def _refusal(final: re.Match[str]) -> Refused:
    if not final["kind"]:
        return Refused("ERROR")
    code = final["code"].strip()
    return Refused(final["kind"], int(code) if code.isdecimal() else -1)


def fields(line: str) -> list[str]:
    """The comma-separated fields behind the colon of a line, without their quotes."""
    _, _, rest = line.partition(":")
    return [field.strip().strip('"') for field in re.findall(r'"[^"]*"|\([^)]*\)|[^,]+', rest)]
