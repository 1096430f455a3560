"""A GSM modem as the worker sees it: what has come, what can be sent, how it is doing.

Everything here is the conversation of 3GPP TS 27.005 in PDU mode, as modems really hold it.
"""

import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from crm_tui.clock import Clock
from crm_tui.gsm import pdu as pdus
from crm_tui.gsm.errors import (
    ModemProblem,
    NoAnswer,
    PduProblem,
    PinNeeded,
    PinRefused,
    PukNeeded,
    Refused,
    SimBusy,
    SimMissing,
)
from crm_tui.gsm.line import Line, Said, fields, nothing, nothing_with
from crm_tui.gsm.ports import connect

log = logging.getLogger(__name__)

# The answer to a message can take a minute.
_SEND_SECONDS = 65.0
_DELETE_SECONDS = 20.0
_MEMORIES = ("SM", "ME", "SR")
# 27.007 § 9.2.1: +CME ERROR codes of the SIM, as the state that +CPIN? would name.
_CME_STATES = {11: "SIM PIN", 12: "SIM PUK", 14: "BUSY", 16: "SIM PIN"}


class Pin(Protocol):
    """The SIM's PIN. `take` gives it once; a wrong one is not given again, not after a restart."""

    def take(self) -> str | None: ...
    def accepted(self) -> None: ...


class NoPin:
    """For a SIM that asks for none."""

    def take(self) -> str | None:
        return None

    def accepted(self) -> None:
        pass


@dataclass(frozen=True)
class Stored:
    """An SMS or status report in a memory of the modem; `index` −1: it was handed over directly."""

    memory: str
    index: int
    pdu: str


@dataclass(frozen=True)
class Health:
    """How the modem is doing. `signal` is 0 to 31 (× 2 − 113 dBm), None if unknown."""

    signal: int | None = None
    operator: str = ""
    registered: bool = False
    used: int = 0
    capacity: int = 0

    @property
    def full(self) -> bool:
        return 0 < self.capacity <= self.used


class Modem:
    """An open modem. Every method may raise a `ModemProblem`; after a `LineProblem` open anew."""

    def __init__(
        self,
        port: str,
        clock: Clock,
        *,
        pin: Pin | None = None,
        stop: threading.Event | None = None,
        rescue: Callable[[list[Stored]], object] = nothing_with,
    ) -> None:
        """Open it; should that fail, `rescue` gets what was handed over directly meanwhile."""
        self.port = port
        self._clock = clock
        self._line: Line = connect(port, clock, stop)
        self._memory = ""
        self._arguments = 1
        self._lists = True
        self.memories: list[str] = []
        self.notifies = False
        try:
            self._set_up(pin or NoPin())
        except BaseException:
            rescue(self.arrivals()[1])
            self._line.close()
            raise

    def close(self) -> None:
        self._line.close()

    # ── setting up ────────────────────────────────────────────────────────────────────────────

    def _set_up(self, pin: Pin) -> None:
        for command in ("ATE0", "AT+CMEE=1"):
            self._try(command)
        self._unlock(pin)
        self._line.command("AT+CMGF=0")
        self._choose_memories()
        self._ask_for_notifications()

    def _try(self, command: str) -> bool:
        try:
            self._line.command(command)
        except Refused as refusal:
            log.info("%s: %s", command, refusal)
            return False
        return True

    def _unlock(self, pin: Pin) -> None:
        for _ in range(10):
            state = self._sim_state()
            if state == "READY":
                pin.accepted()
                return
            if state in ("SIM PIN", "SIM PIN2"):
                secret = pin.take()
                if secret is None:
                    raise PinNeeded()
                try:
                    self._line.command(f'AT+CPIN="{secret}"', timeout=20.0)
                except Refused as refusal:
                    raise PinRefused() from refusal
                pin.accepted()
            elif "PUK" in state:
                raise PukNeeded()
            self._clock.wait(0.5)
        raise SimBusy()

    def _sim_state(self) -> str:
        try:
            # Some modems end this answer without an OK; the line itself is enough.
            answer = self._line.command("AT+CPIN?", expects="+CPIN:", lenient=True, timeout=3.0)
        except Refused as refusal:
            if refusal.kind == "CME" and refusal.code in (10, 13, 15):
                raise SimMissing() from refusal
            # A modem without this command has no lock to ask about.
            return _CME_STATES.get(refusal.code, "READY") if refusal.kind == "CME" else "READY"
        if not answer:
            return "READY"
        state = (fields(answer[-1].line) or ["READY"])[0].upper()
        if state == "NOT INSERTED":
            raise SimMissing()
        return state

    def _choose_memories(self) -> None:
        try:
            answer = self._line.command("AT+CPMS=?", expects="+CPMS:")
        except Refused:
            answer = []
        first = re.search(r"\(([^)]*)\)", answer[0].line) if answer else None
        named = re.findall(r"[A-Z]{2}", first[1]) if first else []
        self.memories = [name for name in _MEMORIES if name in named] or ["SM"]
        # Three arguments also say where new SMS are put.
        if not self._select(self.memories[0], (3, 2, 1)):
            log.info("the modem does not let us choose a memory")

    def _select(self, memory: str, counts: tuple[int, ...] = ()) -> bool:
        """Turn to a memory, with as many arguments as the modem has shown to like."""
        for count in counts or (self._arguments, 1, 2, 3):
            try:
                self._line.command("AT+CPMS=" + ",".join([f'"{memory}"'] * count), expects="+CPMS:")
            except Refused as refusal:
                log.info("memory %s: %s", memory, refusal)
                continue
            self._memory = memory
            if counts:
                # One is enough to read from it, and does not move where new SMS go.
                self._arguments = 1 if count == 3 else count
            return True
        return False

    def _ask_for_notifications(self) -> None:
        try:
            answer = self._line.command("AT+CNMI=?", expects="+CNMI:")
        except Refused:
            answer = []
        offered = (
            [_numbers(part) for part in re.findall(r"\(([^)]*)\)", answer[0].line)]
            if answer
            else []
        )
        modes = [mode for mode in (2, 1) if not offered or mode in offered[0]]
        stored_reports = len(offered) < 4 or 2 in offered[3]
        # Stored SMS with a notice, never the SMS itself: what is only on the line is lost when we
        # die. Advertised modes may be refused all the same, hence the list of tries.
        for reports in (2, 1, 0) if stored_reports else (1, 0):
            for mode in modes:
                if self._try(f"AT+CNMI={mode},1,0,{reports},0"):
                    self.notifies = True
                    return
        log.info("the modem does not notify: it is asked now and then")

    # ── taking in ─────────────────────────────────────────────────────────────────────────────

    def listen(self, seconds: float) -> None:
        """Wait for something to be said unasked, at most `seconds`."""
        if not self._line.unasked:
            self._line.listen(seconds)

    def arrivals(self) -> tuple[list[tuple[str, int]], list[Stored]]:
        """What was announced since the last call: places to read, and SMS handed over directly.

        A place with index −1 says only that something has come: scan.
        """
        places: list[tuple[str, int]] = []
        direct: list[Stored] = []
        while self._line.unasked:
            said = self._line.unasked.popleft()
            if said.line.startswith(("+CMTI:", "+CDSI:")):
                place = fields(said.line)
                index = place[1] if len(place) > 1 else ""
                slot = int(index) if re.fullmatch(r"[0-9]{1,5}", index) else -1
                places.append((place[0] if place else "", slot))
            elif said.body and said.line.startswith(("+CMT:", "+CDS:")):
                direct.append(Stored("", -1, said.body))
        return list(dict.fromkeys(places)), direct

    def read(
        self, memory: str, index: int, early: Callable[[Stored], object] = nothing_with
    ) -> Stored | None:
        """The SMS at a place, or None if there is none.

        `early` gets it, if it is whole, before the modem has said its OK.

        One whose octets are not as many as were announced was damaged on the line: it is read
        again, and only taken as it is when two readings agree.
        """
        before = None
        for _ in range(4):
            found = self._read_once(memory, index, early)
            if not found:
                return None
            line, body = found
            if _whole(line, body) or body == before:
                return Stored(self._memory, index, body)
            before = body
        return None

    def _read_once(
        self, memory: str, index: int, early: Callable[[Stored], object]
    ) -> tuple[str, str] | None:
        def told(said: Said) -> None:
            if _whole(said.line, said.body) and not (_blank(said.body) or _ours(said.line, 0)):
                early(Stored(self._memory, index, said.body))

        if memory and memory != self._memory and not self._select(memory):
            return None
        try:
            answer = self._line.command(
                f"AT+CMGR={index}", expects="+CMGR:", body=True, early=told, timeout=10.0
            )
        except Refused as refusal:
            log.info("slot %s %s: %s", memory, index, refusal)
            return None
        for said in answer:
            if said.body and not _blank(said.body) and not _ours(said.line, 0):
                return said.line, said.body
        return None

    def scan(self) -> list[Stored]:
        """Everything that has come, in every memory."""
        found: list[Stored] = []
        for memory in self.memories:
            if memory != self._memory and not self._select(memory):
                continue
            found += self._list() if self._lists else self._read_slots(memory)
        if self._memory != self.memories[0]:
            self._select(self.memories[0])
        return found

    def _list(self) -> list[Stored]:
        try:
            answer = self._line.command("AT+CMGL=4", expects="+CMGL:", body=True, timeout=20.0)
        except NoAnswer:
            # Some modems hang here for good; slot by slot they answer.
            log.warning("the modem does not list its SMS; slots are read one by one")
            self._lists = False
            self._line.wake()
            return self._read_slots(self._memory)
        except Refused as refusal:
            log.info("listing: %s; slots are read one by one", refusal)
            return self._read_slots(self._memory)
        found: list[Stored | None] = []
        for said in answer:
            place = re.match(r"\+CMGL: *(\d+)", said.line)
            if place is None or _ours(said.line, 1):
                continue
            index = int(place[1])
            if said.body and _whole(said.line, said.body):
                blank = _blank(said.body)
                found.append(None if blank else Stored(self._memory, index, said.body))
            else:
                found.append(self.read(self._memory, index))
        return [stored for stored in found if stored]

    def _read_slots(self, memory: str) -> list[Stored]:
        _, capacity = self._storage()
        # Slots begin at 0 on some modems, at 1 on others.
        read = [self.read(memory, index) for index in range(min(capacity or 50, 255) + 1)]
        return [stored for stored in read if stored]

    def delete(self, stored: Stored, meanwhile: Callable[[], object] = nothing) -> bool:
        """Take an SMS off its memory; whether the modem did."""
        if stored.index < 0:
            meanwhile()
            return True
        if stored.memory != self._memory and not self._select(stored.memory):
            meanwhile()
            return False
        try:
            self._line.command(
                f"AT+CMGD={stored.index}", timeout=_DELETE_SECONDS, meanwhile=meanwhile
            )
        except (Refused, NoAnswer) as trouble:
            log.warning("slot %s %s cannot be emptied: %s", stored.memory, stored.index, trouble)
            return False
        return True

    # ── sending ───────────────────────────────────────────────────────────────────────────────

    def send(self, pdu: str, claim: Callable[[], bool]) -> int | None:
        """Send a PDU; the network's reference, or None if `claim` said no (see `Line.submit`)."""
        return self._line.submit(pdus.tpdu_length(pdu), pdu, claim, _SEND_SECONDS)

    # ── health ────────────────────────────────────────────────────────────────────────────────

    def health(self) -> Health:
        """Signal, operator, registration and storage, as far as the modem tells."""
        used, capacity = self._storage()
        return Health(self._signal(), self._operator(), self._registered(), used, capacity)

    def _ask(self, command: str, expects: str) -> list[list[str]]:
        try:
            return [fields(said.line) for said in self._line.command(command, expects=expects)]
        except Refused as refusal:
            log.info("%s: %s", command, refusal)
            return []

    def _signal(self) -> int | None:
        for answer in self._ask("AT+CSQ", "+CSQ:"):
            if answer and answer[0].isdecimal() and int(answer[0]) <= 31:
                return int(answer[0])
        return None

    def _operator(self) -> str:
        for answer in self._ask("AT+COPS?", "+COPS:"):
            if len(answer) >= 3:
                return answer[2]
        return ""

    def _registered(self) -> bool:
        # A line with one field is the modem's own news in the middle of our answer.
        answers = self._ask("AT+CREG?", "+CREG:")
        states = [answer[1] if len(answer) > 1 else answer[0] for answer in answers if answer]
        return any(state in ("1", "5") for state in states)

    def _storage(self) -> tuple[int, int]:
        for answer in self._ask("AT+CPMS?", "+CPMS:"):
            if len(answer) >= 3 and answer[1].isdecimal() and answer[2].isdecimal():
                return int(answer[1]), int(answer[2])
        return 0, 0


def _numbers(text: str) -> set[int]:
    """The numbers of "0-2,5" and the like."""
    found: set[int] = set()
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", text):
        found.update(range(int(first), int(last or first) + 1))
    return found


def _whole(line: str, body: str) -> bool:
    """Whether a PDU has as many octets as its line announced behind the last comma."""
    try:
        return pdus.tpdu_length(body) == int((fields(line) or ["-1"])[-1])
    except (PduProblem, ValueError):
        return False


def _blank(body: str) -> bool:
    return not body.upper().strip("F")


def _ours(line: str, at: int) -> bool:
    """Whether the line's status says: stored by ourselves, sent or not (27.005 § 3.1, <stat>)."""
    parts = fields(line)
    return len(parts) > at and parts[at] in ("2", "3")


__all__ = ["Health", "Modem", "ModemProblem", "NoPin", "Pin", "Stored"]
