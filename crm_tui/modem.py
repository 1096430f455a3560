"""A GSM modem as the worker sees it: what has come, what can be sent, how it is doing.

Everything here is the conversation of 3GPP TS 27.005 in PDU mode, as modems really hold it.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crm_tui.clock import Clock
from crm_tui.gsm import pdu as pdus
from crm_tui.gsm import ussd
from crm_tui.gsm.announced import Announced
from crm_tui.gsm.errors import (
    ModemProblem,
    NoAnswer,
    PinNeeded,
    PinRefused,
    PukNeeded,
    Refused,
    SimBusy,
    SimMissing,
)
from crm_tui.gsm.line import Line, Stop, fields, nothing, nothing_with
from crm_tui.gsm.memories import Memories, Stored
from crm_tui.gsm.network import Network
from crm_tui.gsm.ports import connect
from crm_tui.gsm.standing import Heard, Standing, told_time
from crm_tui.gsm.step import SILENCE

log = logging.getLogger(__name__)

# The answer to a message can take a minute.
_SEND_SECONDS = 65.0
# Most modems take a question to the network at once; some say OK only with its answer.
_QUESTION_SECONDS = 12.0
# So many announced SMS are listed: that takes half as many commands. Longer lists take too long.
_LISTED, _LONGEST_LIST = 8, 200
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
class Health:
    """How the modem is doing. `signal` is 0 to 31 (× 2 − 113 dBm), None if unknown."""

    signal: int | None = None
    operator: str = ""
    network: Network = Network.UNKNOWN
    used: int = 0
    capacity: int = 0

    @property
    def registered(self) -> bool:
        return self.network in (Network.HOME, Network.ROAMING)

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
        stop: Stop | None = None,
        rescue: Callable[[list[Stored]], object] = nothing_with,
    ) -> None:
        """Open it; should that fail, `rescue` gets what was handed over directly meanwhile."""
        self.port = port
        self._clock = clock
        self._pin = pin or NoPin()
        self._line: Line = connect(
            port, clock, stop, lambda left: rescue(Announced(left).take(patient=False)[1])
        )
        self.memories = Memories(self._line)
        self._standing = Standing(self._line)
        self._announced = Announced(self._line)
        self.notifies = False
        self._told_time = False
        self.network = Network.UNKNOWN
        self.restarts = 0
        self._learnt: Heard = {}
        self._learnt_at = float("-inf")
        try:
            # What a slow modem still owes to those who woke it must not answer for the SIM.
            self._line.find_step()
            self._set_up()
        except BaseException:
            rescue(self.arrivals()[1])
            self._line.close()
            raise

    def close(self) -> None:
        self._line.close()

    # ── setting up ────────────────────────────────────────────────────────────────────────────

    @property
    def brisk(self) -> bool:
        """Whether it answers within a second: then several SMS are read before the first is deleted."""
        return self._line.brisk

    @property
    def cost(self) -> tuple[int, float]:
        """What the last look at how it stands cost on the line: octets, seconds."""
        return self._standing.octets, self._standing.seconds

    def _set_up(self) -> None:
        for command in ("ATE0", "AT+CMEE=1"):
            self._try(command)
        self._unlock(self._pin)
        self._line.command("AT+CMGF=0")
        # It tells when its network changes, where it can.
        self._try("AT+CREG=1")
        self.memories.choose()
        self.notifies = False
        self._ask_for_notifications()
        heard = self._standing.learn()
        self._learnt, self._learnt_at = heard, self._clock.monotonic()
        self._announced.capacity = _storage(heard.get("+CPMS:", ""))[1]
        self.network = self._standing.network(heard)

    def attend(self) -> None:
        """Look after a modem that may have begun anew; then all that has come is to be scanned."""
        if self._line.suspect:
            self._look()

    def suspects(self) -> None:
        """Something has shown that it may not stand as it did: it is looked at soon."""
        self._line.suspects()

    def _sure(self) -> None:
        """Before something that a modem in another state would do wrongly."""
        if self._line.suspect or self._line.silence > SILENCE:
            self._look()

    def _look(self, *more: str) -> Heard:
        """Ask how it stands; one that has begun anew is set up anew."""
        heard = self._standing.look(*more)
        self._announced.capacity = _storage(heard.get("+CPMS:", ""))[1]
        other = self._standing.differs(heard, self.memories.on)
        if not other:
            self.network = self._standing.network(heard)
            self._standing.settle(heard)
            return heard
        log.warning("the modem at %s has begun anew (%s): it is set up", self.port, other)
        self.restarts += 1
        # What came meanwhile was not announced.
        self._announced.rescan()
        self._set_up()
        return heard

    def _try(self, command: str) -> bool:
        try:
            self._line.command(command)
        except Refused as refusal:
            log.info("%s: %s", command, refusal)
            return False
        return True

    def _unlock(self, pin: Pin) -> None:
        answer: ModemProblem | None = None
        for _ in range(10):
            state = self._sim_state()
            if state in ("READY", "SIM PIN2", "SIM PUK2"):
                # The second PIN is for other things than SMS.
                pin.accepted()
                return
            if "PUK" in state:
                raise PukNeeded()
            if state == "SIM PIN" and isinstance(answer, Refused):
                # What was refused may have been another command: now the SIM itself has said so.
                raise PinRefused() from answer
            if state == "SIM PIN" and answer is None:
                secret = pin.take()
                if secret is None:
                    raise PinNeeded()
                answer = SimBusy()
                try:
                    self._line.command(f'AT+CPIN="{secret}"', own=True, timeout=20.0)
                except Refused as refusal:
                    answer = refusal
            else:
                self._clock.wait(0.5)
        raise SimBusy()

    def _sim_state(self) -> str:
        try:
            # Some modems end this answer without an OK; the line itself is enough.
            answer = self._line.command(
                "AT+CPIN?", expects="+CPIN:", own=True, lenient=True, timeout=3.0
            )
        except Refused as refusal:
            if refusal.kind == "CME" and refusal.code in (10, 13, 15):
                raise SimMissing() from refusal
            # A modem without this command has no lock to ask about.
            return _CME_STATES.get(refusal.code, "READY") if refusal.kind == "CME" else "READY"
        if not answer:
            return "READY"
        state = (fields(answer[-1].line) or ["READY"])[0].upper()
        if state in ("NOT INSERTED", "ABSENT", "REMOVED"):
            raise SimMissing()
        return state

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
            self._line.listen(min(seconds, self._announced.due_in()))

    def arrivals(self, *, patient: bool = False) -> tuple[list[tuple[str, int]], list[Stored]]:
        """What was announced since the last call: places to read, and SMS handed over directly.

        A place with index −1 says only that something has come: scan. A `patient` caller has something
        to send: status reports wait for them until there are some, or the first has waited for 2 s.
        """
        return self._announced.take(patient=patient)

    def read(
        self,
        memory: str,
        index: int,
        early: Callable[[Stored], object] = nothing_with,
        meanwhile: Callable[[], object] = nothing,
    ) -> Stored | None:
        """The SMS at an announced place, or None if there is none; `early` and `meanwhile` as
        `Memories.read` has them.

        A place at which there is nothing yet is named by `arrivals` a few times more.
        """
        if self._line.suspect:
            self._look()
        silent = self._line.silence > SILENCE
        found = self.memories.read(memory, index, early, meanwhile)
        if silent and found is None:
            # A PDU would have proved that it stands as it should.
            self._line.suspects()
        self._announced.read((memory, index), found=found is not None)
        return found

    def scan(self) -> list[Stored]:
        """What has come, in every memory, or a part of it (`Memories.scan`)."""
        self._sure()
        found = self.memories.scan()
        self._announced.taken(found)
        return found

    def listing(self, places: list[tuple[str, int]]) -> list[Stored]:
        """What lies in the memory of so many announced places, if to read them one by one would take
        longer; else nothing."""
        memories = {memory for memory, _ in places}
        if not _LISTED <= len(places) <= _LONGEST_LIST or len(memories) > 1:
            return []
        self._sure()
        found = self.memories.listing(memories.pop()) or []
        self._announced.taken(found)
        return found

    def delete(
        self, stored: Stored, meanwhile: Callable[[], object] = nothing, **proof: bool
    ) -> bool:
        """Take an SMS off its memory; whether it is off it. `proof` as `Memories.delete` has it."""
        if self._line.suspect:
            self._look()
        return self.memories.delete(stored, meanwhile, **proof)

    # ── sending ───────────────────────────────────────────────────────────────────────────────

    def send(
        self, pdu: str, claim: Callable[[], bool], meanwhile: Callable[[], object] = nothing
    ) -> int | None:
        """Send a PDU; the network's reference, or None if `claim` said no (see `Line.submit`)."""
        self._sure()
        return self._line.submit(pdus.tpdu_length(pdu), pdu, claim, _SEND_SECONDS, meanwhile)

    # ── questions to the network ──────────────────────────────────────────────────────────────

    def ask_network(self, code: str) -> None:
        """Ask the network for `code` (*888#); its answer comes later, in `network_said`.

        The line is held for 12 s at most. Raises `Refused`.
        """
        self._announced.said = None
        for question in ussd.questions(code):
            try:
                self._line.command(question, timeout=_QUESTION_SECONDS)
            except NoAnswer:
                # One that answers when the network does: the line is found again by what is next.
                return
            except Refused as refusal:
                if refusal.of_the_sim or refusal.of_the_network:
                    raise
                refused = refusal
            else:
                return
        raise refused

    def network_said(self) -> ussd.Said | None:
        """What the network has said unasked, or to a question, since the last call."""
        said, self._announced.said = self._announced.said, None
        return said

    def end_question(self) -> None:
        """Close a question that the network still waits for an answer to."""
        self._try(ussd.CANCEL)

    # ── health ────────────────────────────────────────────────────────────────────────────────

    def health(self) -> Health:
        """Signal, operator, registration and storage, as far as the modem tells."""
        more = ("+CSQ", "+COPS?")
        if self._line.suspect or self._clock.monotonic() - self._learnt_at > SILENCE:
            heard = self._look(*more)
        else:
            # It was just asked all else; but once.
            self._learnt_at = float("-inf")
            heard = self._learnt | self._standing.ask(*more)
        used, capacity = _storage(heard.get("+CPMS:", ""))
        operator = fields(heard.get("+COPS:", ""))
        return Health(
            _signal(heard.get("+CSQ:", "")), operator[2] if len(operator) > 2 else "",
            self.network, used, capacity,
        )  # fmt: skip

    def network_time(self) -> datetime | None:
        """What time the network says it is, or the modem thinks; None if it does not tell."""
        if not self._told_time:
            # From the next registration on it goes by the network.
            self._told_time = True
            self._try("AT+CTZU=1")
        try:
            heard = self._line.command("AT+CCLK?", expects="+CCLK:")
        except Refused:
            return None
        return next(filter(None, (told_time(said.line) for said in heard)), None)


def _signal(line: str) -> int | None:
    strength = (fields(line) or [""])[0]
    return int(strength) if strength.isdecimal() and int(strength) <= 31 else None


def _storage(line: str) -> tuple[int, int]:
    parts = fields(line)
    if len(parts) >= 3 and parts[1].isdecimal() and parts[2].isdecimal():
        return int(parts[1]), int(parts[2])
    return 0, 0


def _numbers(text: str) -> set[int]:
    """The numbers of "0-2,5" and the like."""
    found: set[int] = set()
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", text):
        found.update(range(int(first), int(last or first) + 1))
    return found


__all__ = ["Health", "Modem", "ModemProblem", "Network", "NoPin", "Pin", "Stored"]
