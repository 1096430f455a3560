"""The serial side of a simulated modem: octets in, octets out, each in its time.

What waits for the line has a moment at which it is wholly said: with a `baud` rate each octet takes
10 bits, in both directions. A slow modem (`Faults.slow`) does one thing after the other, and what
is written meanwhile waits in its buffer.
"""

import re
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from crm_tui.clock import Clock
from crm_tui.simulator.faults import Faults

SERVICE_CENTRE = "+6281100000"
_CR, _BACKSPACE, _CTRL_Z, _ESC = b"\r", b"\b", b"\x1a", b"\x1b"
_UNHEARD = b"\n\x1b"
_ENDS_COMMAND = re.compile(rb"[\r\x08]")
_ENDS_BODY = re.compile(rb"[\x1a\x1b]")
_LINE = re.compile(rb"[^\r\n]+")
_FINAL = re.compile(rb"OK|ERROR|\+CM[SE] ERROR: .*")


@dataclass
class _Due:
    at: float
    octets: bytes


@dataclass
class Settings:
    """What the commands of the other side have set."""

    echo: bool = True
    in_words: bool = False
    verbose_errors: int = 0
    charset: str = "GSM"
    cnmi: list[int] = field(default_factory=lambda: [0, 0, 0, 0, 0])
    memories: list[str] = field(default_factory=lambda: ["SM", "SM", "SM"])
    centre: str = SERVICE_CENTRE
    registration_news: int = 0
    unlocked: bool = False
    wrong_pins: int = 0
    text_mode: bool = False
    question_open: bool = False
    """The network waits for an answer to its menu."""


class Wire(ABC):
    """One end of the line. Safe to use from several threads."""

    def __init__(self, clock: Clock, baud: int | None) -> None:
        self.clock = clock
        self.faults = Faults()
        self.settings = Settings()
        self.plugged = True
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self._baud = baud
        self._heard_until = 0.0
        self._said_until = 0.0
        self._busy_until = 0.0
        self._heard = bytearray()
        self._at_work: str | None = None
        self._line = bytearray()
        self._body: bytearray | None = None
        self._announced = 0
        self._booted_at = 0.0
        self.first_heard: float | None = None
        """When (monotonic) the other side first wrote something."""
        self._out: deque[_Due] = deque()
        self._answer: bytearray | None = None

    @abstractmethod
    def obey(self, line: str) -> None:
        """One command line, without its end; the answer goes to `say`."""

    @abstractmethod
    def submitted(self, body: str, announced: int) -> None:
        """The PDU that followed the prompt of +CMGS, and the length that the command announced."""

    # ── hearing ───────────────────────────────────────────────────────────────────────────────

    def feed(self, octets: bytes, speed: int = 0) -> None:
        """Octets that the other side wrote, at a `speed` (baud; 0: as fast as we like)."""
        if self.faults.speed and speed and speed != self.faults.speed:
            # Other octets than were meant, none of them the end of a line.
            octets = bytes(each | 0x80 for each in octets)
        with self.changed:
            if self.first_heard is None:
                self.first_heard = self.clock.monotonic()
            if self.clock.monotonic() < self._booted_at:
                return
            self._go_on()
            self._heard_until = max(self._heard_until, self.clock.monotonic())
            if self._baud:
                self._heard_until += 10 * len(octets) / self._baud
            self._heard += octets
            self._go_on()
            self.changed.notify_all()

    def _go_on(self) -> None:
        """Do what was heard, as far as there is time for it."""
        now = self.clock.monotonic()
        while self._at_work is not None or self._heard:
            if self._at_work is not None:
                if self._busy_until > now:
                    return
                whole, self._at_work = self._at_work, None
                self._do(whole)
            elif self._hear():
                self._busy_until = max(self._busy_until, self._heard_until, now) + self.faults.slow
                if not self.faults.slow:
                    # Else a paced line would keep each command waiting, not only its answer.
                    self._busy_until = now

    def _hear(self) -> bool:
        """Take in what was heard, up to the end of a command or of a PDU; whether that is there: then
        it is to be done."""
        ends = _ENDS_COMMAND if self._body is None else _ENDS_BODY
        end = ends.search(self._heard)
        at = len(self._heard) if end is None else end.start()
        piece, octet = bytes(self._heard[:at]), self._heard[at : at + 1]
        del self._heard[: at + 1]
        if self._body is not None:
            self._body += piece
            if octet == _CTRL_Z:
                self._at_work = self._body.decode("latin-1")
            elif octet == _ESC:
                self._body = None
                self.say("OK")
            return self._at_work is not None
        self._line += piece.translate(None, _UNHEARD)
        if octet == _CR:
            self._at_work = self._line.decode("latin-1")
            self._line.clear()
        elif octet == _BACKSPACE:
            del self._line[-1:]
        return self._at_work is not None

    def _do(self, whole: str) -> None:
        if self._body is None:
            with self._tricked(whole) as heard:
                if heard:
                    self.obey(whole)
            return
        self._body = None
        with self._tricked(whole) as heard:
            if self.settings.echo:
                self.say_raw(whole.encode("latin-1") + b"\x1a")
            if heard:
                self.submitted(whole.strip(), self._announced)

    @contextmanager
    def _tricked(self, heard: str) -> Iterator[bool]:
        """Hold back what is said within, and say it as the next trick has it."""
        begins = bool(heard.strip()) and heard.startswith(self.faults.tricked)
        if not self.faults.tricks or not begins:
            yield True
            return
        trick, _, rest = self.faults.tricks.pop(0).partition(" ")
        self._answer = bytearray()
        try:
            yield trick != "deaf"
        finally:
            answer, self._answer = bytes(self._answer), None
            self._say_tricked(trick, rest, answer)

    def _say_tricked(self, trick: str, rest: str, answer: bytes) -> None:
        lines = list(_LINE.finditer(answer))
        seconds, _, stray = rest.partition(" ")
        if trick == "mute":
            return
        if trick == "less" and lines:
            gone = lines[int(rest) % len(lines)]
            answer = answer[: gone.start()] + answer[gone.end() :]
        if trick == "ends" and lines:
            answer = answer[: lines[-1].start()] + rest.encode("latin-1") + b"\r\n"
        if trick == "instead":
            answer = f"\r\n{rest}\r\n".encode("latin-1")
        if trick == "before":
            self.say(rest)
        self._say(answer, float(seconds) if trick == "late" else 0.0)
        if trick == "double" and lines and _FINAL.fullmatch(lines[-1][0]):
            stray = lines[-1][0].decode("latin-1")
        if trick in ("double", "after") and stray:
            self._say(f"\r\n{stray}\r\n".encode("latin-1"), float(seconds))

    # ── saying ────────────────────────────────────────────────────────────────────────────────

    def prompt(self, announced: int) -> None:
        """Ask for the PDU of +CMGS."""
        self._announced = announced
        self._body = bytearray()
        if self.faults.lost_prompts:
            self.faults.lost_prompts -= 1
        else:
            self.say_raw(b"\r\n>" if self.faults.bare_prompt else b"\r\n> ")

    def say(self, line: str) -> None:
        """One line of an answer, or of news."""
        figure = {"OK": b"0\r", "ERROR": b"4\r"}.get(line)
        if figure and self.faults.curt and not self.settings.in_words:
            self.say_raw(figure)
            return
        self.say_raw(b"\r\n" + line.encode("latin-1") + b"\r\n")

    def say_raw(self, octets: bytes) -> None:
        if self._answer is not None:
            self._answer += octets
        else:
            self._say(octets, 0.0)

    def _say(self, octets: bytes, seconds: float) -> None:
        if self.faults.silent or not self.plugged or not octets:
            return
        with self.changed:
            ready = max(self._heard_until, self.clock.monotonic()) + self.faults.latency + seconds
            start = max(self._said_until, ready)
            self._said_until = start + (10 * len(octets) / self._baud if self._baud else 0.0)
            self._out.append(_Due(self._said_until, octets))
            self.changed.notify_all()

    def take(self) -> bytes:
        """What the modem has wholly said by now."""
        with self.lock:
            self._go_on()
            self.deliver_due()
            now = self.clock.monotonic()
            said = bytearray()
            while self._out and self._out[0].at <= now:
                said += self._out.popleft().octets
            return bytes(said)

    def ready(self) -> int:
        """How many octets `take` would give now."""
        with self.lock:
            self._go_on()
            now = self.clock.monotonic()
            return sum(len(due.octets) for due in self._out if due.at <= now)

    def next_moment(self) -> float | None:
        """When (monotonic) something will next be there to `take`, if anything."""
        with self.lock:
            moments = [due.at for due in list(self._out)[:1]] + self.brought_at()
            if self._at_work is not None:
                moments.append(self._busy_until)
            return min(moments) if moments else None

    def unplug(self) -> None:
        """The cable is out, or the power is gone: what was being said or heard is lost."""
        with self.changed:
            self.plugged = False
            self._lose_power()
            self.changed.notify_all()

    def reboot(self, words: Iterable[str] = (), seconds: float = 4.0) -> None:
        """It begins anew by itself, the port stays: what was being said, heard or set is lost, it is
        deaf for so long, and then says these words, if any."""
        with self.changed:
            self._lose_power()
            self._booted_at = self.clock.monotonic() + seconds
            for word in words:
                self._say(f"\r\n{word}\r\n".encode("latin-1"), seconds)
            self.changed.notify_all()

    def _lose_power(self) -> None:
        self._out.clear()
        self._heard.clear()
        self._at_work = None
        self._line.clear()
        self._body = None
        self._busy_until = self._said_until = 0.0
        before = self.settings
        # What the card keeps stays; what the modem was told is as its profile has it.
        self.settings = Settings(
            centre=before.centre, wrong_pins=before.wrong_pins, text_mode=self.faults.text_profile
        )

    def replug(self) -> None:
        with self.changed:
            self.plugged = True
            self.changed.notify_all()

    # ── the network ───────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def deliver_due(self) -> None:
        """Bring what the network holds, as far as there is a modem with room for it."""

    @abstractmethod
    def brought_at(self) -> list[float]:
        """When the network will bring something."""
