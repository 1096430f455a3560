"""A simulated modem, and the network behind it.

It keeps to 3GPP TS 27.005 and 27.007, so that programs which know nothing of it work with it, and
it misbehaves on request (`faults`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from crm_tui.clock import Clock
from crm_tui.gsm import pdu as pdus
from crm_tui.gsm.errors import PduProblem
from crm_tui.gsm.fields import Concatenation
from crm_tui.gsm.pdu import UserData
from crm_tui.gsm.text import join, segments
from crm_tui.simulator.card import Card
from crm_tui.simulator.wire import SERVICE_CENTRE, Wire

WIB = timezone(timedelta(hours=7))


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


class Engine(Wire):
    """The SIM and the network of a simulated modem. Safe to use from several threads."""

    def __init__(
        self,
        clock: Clock,
        *,
        card: Card | None = None,
        baud: int | None = None,
        pin: str = "1234",
    ) -> None:
        super().__init__(clock, baud)
        self.card = card or Card()
        self.pin = pin
        self.sent: list[Sent] = []
        self.texts: list[tuple[str, str]] = []
        """What went out in text mode: to whom, and what."""
        self._registration = self.registration
        self._air: list[tuple[float, str, str]] = []
        self._news: list[tuple[float, bytes]] = []
        self._reference = 0
        self._injected = 0

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
        named: bool = False,
    ) -> list[str]:
        """Somebody sends `text`; the PDUs that the network brings. `named`: the sender is a name.

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
                    sender,
                    parts[position - 1],
                    at,
                    joined=joined,
                    service_centre=SERVICE_CENTRE,
                    named=named,
                )
                self.inject_pdu(pdu, memory)
                brought.append(pdu)
            return brought

    def inject_pdu(self, pdu: str, memory: str = "SM") -> None:
        """The network brings a PDU as it is."""
        with self.changed:
            self._air.append((self.clock.monotonic(), pdu, memory))
            self.deliver_due()
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

    def say_later(self, seconds: float, octets: bytes) -> None:
        """News in so many seconds; what is said before is not held up by it."""
        with self.changed:
            self._news.append((self.clock.monotonic() + seconds, octets))
            self.changed.notify_all()

    def brought_at(self) -> list[float]:
        if not (self.plugged and self.faults.registered):
            return []
        return [at for at, *_ in self._air] + [at for at, _ in self._news]

    @property
    def registration(self) -> int:
        """What +CREG tells of the network (27.007 § 7.2)."""
        return self.faults.creg if self.faults.creg >= 0 else int(self.faults.registered)

    def deliver_due(self) -> None:
        if self.plugged and self._registration != self.registration:
            self._registration = self.registration
            if self.settings.registration_news:
                self.say(f"+CREG: {self.registration}")
        if not self.plugged or not self.faults.registered:
            return
        now = self.clock.monotonic()
        for due_at, octets in [each for each in self._news if each[0] <= now]:
            self._news.remove((due_at, octets))
            self.say_raw(octets)
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
