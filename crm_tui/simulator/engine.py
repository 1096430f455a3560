"""A simulated modem: octets in, octets out, and the network behind it.

It keeps to 3GPP TS 27.005 and 27.007, so that programs which know nothing of it work with it, and
it misbehaves on request (`faults`). What waits for the line has a moment at which it is wholly
said: with a `baud` rate each octet takes 10 bits, in both directions.
"""

import threading
from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from crm_tui.clock import Clock
from crm_tui.gsm import pdu as pdus
from crm_tui.gsm.errors import PduProblem
from crm_tui.gsm.fields import Concatenation
from crm_tui.gsm.pdu import UserData
from crm_tui.gsm.text import join, segments
from crm_tui.simulator.card import Card
from crm_tui.simulator.faults import Faults

SERVICE_CENTRE = "+6281100000"
WIB = timezone(timedelta(hours=7))
_CR, _LF, _BACKSPACE, _CTRL_Z, _ESC = 0x0D, 0x0A, 0x08, 0x1A, 0x1B


@dataclass(frozen=True)
class Sent:
    """One segment that went over the air."""

    to: str
    data: UserData
    reference: int
    at: datetime
    report_asked: bool
    pdu: str

    @property
    def text(self) -> str:
        return join([self.data])


@dataclass
class _Due:
    at: float
    octets: bytes


@dataclass
class Settings:
    """What the commands of the other side have set."""

    echo: bool = True
    verbose_errors: int = 0
    charset: str = "GSM"
    cnmi: list[int] = field(default_factory=lambda: [0, 0, 0, 0, 0])
    memories: list[str] = field(default_factory=lambda: ["SM", "SM", "SM"])
    centre: str = SERVICE_CENTRE
    registration_news: int = 0
    unlocked: bool = False
    wrong_pins: int = 0


class Engine(ABC):
    """The line and the network of a simulated modem. Safe to use from several threads."""

    def __init__(
        self,
        clock: Clock,
        *,
        card: Card | None = None,
        baud: int | None = None,
        pin: str = "1234",
    ) -> None:
        self.clock = clock
        self.card = card or Card()
        self.faults = Faults()
        self.settings = Settings()
        self.pin = pin
        self.sent: list[Sent] = []
        self.plugged = True
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self._baud = baud
        self._heard_until = 0.0
        self._said_until = 0.0
        self._line = bytearray()
        self._body: bytearray | None = None
        self._announced = 0
        self._out: deque[_Due] = deque()
        self._air: list[tuple[float, str, str]] = []
        self._reference = 0
        self._injected = 0

    @abstractmethod
    def obey(self, line: str) -> None:
        """One command line, without its end; the answer goes to `say`."""

    @abstractmethod
    def submitted(self, body: str, announced: int) -> None:
        """The PDU that followed the prompt of +CMGS, and the length that the command announced."""

    # ── the line ──────────────────────────────────────────────────────────────────────────────

    def feed(self, octets: bytes) -> None:
        """Octets that the other side wrote."""
        with self.changed:
            now = self.clock.monotonic()
            self._heard_until = max(self._heard_until, now)
            for octet in octets:
                if self._baud:
                    self._heard_until += 10 / self._baud
                if self._body is not None:
                    self._hear_body(octet)
                elif octet == _CR:
                    line = self._line.decode("latin-1")
                    self._line.clear()
                    self.obey(line)
                elif octet == _BACKSPACE:
                    del self._line[-1:]
                elif octet not in (_LF, _ESC):
                    self._line.append(octet)
            self.changed.notify_all()

    def _hear_body(self, octet: int) -> None:
        assert self._body is not None
        if octet == _ESC:
            self._body = None
            self.say("OK")
        elif octet == _CTRL_Z:
            body = self._body.decode("latin-1")
            self._body = None
            if self.settings.echo:
                self.say_raw(body.encode("latin-1") + b"\x1a")
            self.submitted(body.strip(), self._announced)
        else:
            self._body.append(octet)

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
        self.say_raw(b"\r\n" + line.encode("latin-1") + b"\r\n")

    def say_raw(self, octets: bytes) -> None:
        if self.faults.silent or not self.plugged:
            return
        with self.changed:
            ready = max(self._heard_until, self.clock.monotonic()) + self.faults.latency
            start = max(self._said_until, ready)
            self._said_until = start + (10 * len(octets) / self._baud if self._baud else 0.0)
            self._out.append(_Due(self._said_until, octets))
            self.changed.notify_all()

    def take(self) -> bytes:
        """What the modem has wholly said by now."""
        with self.lock:
            self._deliver_due()
            now = self.clock.monotonic()
            said = bytearray()
            while self._out and self._out[0].at <= now:
                said += self._out.popleft().octets
            return bytes(said)

    def ready(self) -> int:
        """How many octets `take` would give now."""
        with self.lock:
            now = self.clock.monotonic()
            return sum(len(due.octets) for due in self._out if due.at <= now)

    def next_moment(self) -> float | None:
        """When (monotonic) something will next be there to `take`, if anything."""
        with self.lock:
            moments = [due.at for due in list(self._out)[:1]]
            if self.plugged and self.faults.registered:
                moments += [at for at, _, _ in self._air]
            return min(moments) if moments else None

    def unplug(self) -> None:
        """The cable is out, or the power is gone: what was being said or heard is lost."""
        with self.changed:
            self.plugged = False
            self._out.clear()
            self._line.clear()
            self._body = None
            centre = self.settings.centre
            self.settings = Settings(centre=centre)
            self.changed.notify_all()

    def replug(self) -> None:
        with self.changed:
            self.plugged = True
            self.changed.notify_all()

    # ── the network ───────────────────────────────────────────────────────────────────────────

    def inject(
        self,
        sender: str,
        text: str,
        *,
        sent_at: datetime | None = None,
        order: list[int] | None = None,
        reference: int | None = None,
        bits: int = 8,
        memory: str = "SM",
    ) -> list[str]:
        """Somebody sends `text`; the PDUs that the network brings.

        `order` names which segments of a long text come, and in which order (from 1); one that is
        not named is lost, one named twice comes twice. The service centre stamps each SMS with a
        second of its own, as it takes them one after the other.
        """
        with self.lock:
            self._injected += 1
            at = sent_at or self.clock.now().astimezone(WIB)
            parts = segments(text, bits)
            number = self._injected & 0xFF if reference is None else reference
            brought = []
            for position in order or range(1, len(parts) + 1):
                joined = (
                    Concatenation(number, len(parts), position, bits) if len(parts) > 1 else None
                )
                pdu = pdus.deliver(
                    sender, parts[position - 1], at, joined=joined, service_centre=SERVICE_CENTRE
                )
                self.inject_pdu(pdu, memory)
                brought.append(pdu)
            return brought

    def inject_pdu(self, pdu: str, memory: str = "SM") -> None:
        """The network brings a PDU as it is."""
        with self.changed:
            self._air.append((self.clock.monotonic(), pdu, memory))
            self._deliver_due()
            self.changed.notify_all()

    def hand_over(self, pdu: str) -> int:
        """Give a PDU to the network; the reference that it gets. Raises `PduProblem`."""
        submit = pdus.decode_submit(pdu)
        with self.changed:
            self._reference = (self._reference + 1) & 0xFF
            now = self.clock.now()
            self.sent.append(
                Sent(submit.recipient, submit.data, self._reference, now, submit.report_asked, pdu)
            )
            if submit.report_asked and not self.faults.no_reports:
                at = now.astimezone(WIB)
                report = pdus.report(
                    submit.recipient,
                    self._reference,
                    at,
                    at + timedelta(seconds=self.faults.report_delay),
                    status=self.faults.report_status,
                    service_centre=SERVICE_CENTRE,
                )
                due = self.clock.monotonic() + self.faults.report_delay
                self._air.append((due, report, "SM"))
            self.changed.notify_all()
            return self._reference

    def _deliver_due(self) -> None:
        """Bring what the network holds, as far as there is a modem with room for it."""
        if not self._air or not self.plugged or not self.faults.registered:
            return
        now = self.clock.monotonic()
        waiting, self._air = self._air, []
        for due, pdu, memory in waiting:
            if due > now or not self._bring(pdu, memory):
                self._air.append((max(due, now + 0.5) if due <= now else due, pdu, memory))

    def _bring(self, pdu: str, memory: str) -> bool:
        try:
            is_report = isinstance(pdus.decode(pdu), pdus.Report)
        except PduProblem:
            is_report = False
        mode, messages, _, reports, _ = self.settings.cnmi
        loud = mode in (1, 2) and not self.faults.deaf_cnmi
        direct = reports == 1 if is_report else messages == 2
        if loud and direct:
            name = "+CDS: " if is_report else "+CMT: ,"
            length = pdus.tpdu_length(pdu)
            self.say_raw(f"\r\n{name}{length}\r\n{pdu}\r\n".encode("ascii"))
            return True
        index = self.card.put(memory, pdu)
        if index is None:
            return False
        if loud and (reports == 2 if is_report else messages == 1):
            self.say(f'+{"CDSI" if is_report else "CMTI"}: "{memory}",{index}')
        return True

    @property
    def waiting(self) -> int:
        """SMS and reports that the network still holds."""
        return len(self._air)

    def messages_sent(self) -> list[dict[str, object]]:
        """What the telephones of those written to show: long texts joined, in order of arrival."""
        with self.lock:
            shown: list[dict[str, object]] = []
            open_parts: dict[
                tuple[str, int, int], tuple[dict[str, object], list[UserData | None]]
            ] = {}
            for sent in self.sent:
                joined = sent.data.header.concatenation
                entry: dict[str, object] = {
                    "to": sent.to,
                    "at": sent.at.isoformat(),
                    "parts": 1,
                    "text": sent.text,
                }
                if joined is None:
                    shown.append(entry)
                    continue
                key = (sent.to, joined.reference, joined.total)
                if key not in open_parts or open_parts[key][1][joined.number - 1] is not None:
                    open_parts[key] = (entry, [None] * joined.total)
                    shown.append(entry)
                entry, parts = open_parts[key]
                parts[joined.number - 1] = sent.data
                entry["parts"] = sum(part is not None for part in parts)
                entry["text"] = join(parts)
            return shown
