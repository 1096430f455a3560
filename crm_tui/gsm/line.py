"""The conversation with a modem over a serial line (3GPP TS 27.007, 27.005).

Whatever a modem says is one of: part of the answer that we wait for, its final result, the echo of
our own words, or something nobody asked for. Whose answer it is, `step` makes sure of wherever that
matters.
"""

import contextlib
import logging
from collections import deque
from collections.abc import Callable

from crm_tui.clock import Clock
from crm_tui.gsm.errors import Interrupted, LineLost, NoAnswer, Refused, SendInDoubt
from crm_tui.gsm.hearing import FINAL, HEX, Hearing, Port, Said, Stop, refusal
from crm_tui.gsm.line_fields import fields
from crm_tui.gsm.slot_lines import whole
from crm_tui.gsm.step import ESC, OTHERS, REFERENCE, USUAL_WAITS, Step

log = logging.getLogger(__name__)

CTRL_Z = b"\x1a"
_TRIES = 3
_BRISK = 1.0
_MOST_LINES = 5000
"""Lines of an answer: a full SIM's list takes a tenth of it."""


def nothing_with(said: object) -> None:
    """What is done with a line when there is nothing to do."""


def nothing() -> None:
    """What is done meanwhile when there is nothing to do."""


def _with_body(said: Said, line: str) -> Said:
    """A line of an answer with what comes behind it: its octets, the rest of them, or, where a line of
    others stood between the two, these alone."""
    return Said(said.line, line if whole(said.line, line) else said.body + line)


def _goes_on(said: Said, line: str) -> bool:
    """Whether a line of octets belongs to the one before it: it is the first, or makes it whole."""
    if not said.body:
        return True
    fits = whole(said.line, said.body + line) or whole(said.line, line)
    return fits and not whole(said.line, said.body)


class Line:
    """Commands out, answers in. One thread owns it.

    `meanwhile` is work (a commit to the disk) done after a command was written, while the modem
    thinks; `stop` breaks off any waiting with `Interrupted`.
    """

    def __init__(self, port: Port, name: str, clock: Clock, stop: Stop | None = None) -> None:
        self._ear = Hearing(port, name, clock, stop)
        self._clock = clock
        self._step = Step(self._ear, clock)
        self._echoed = False
        self._echo = True

    @property
    def unasked(self) -> deque[Said]:
        """What came without being asked for, oldest first."""
        return self._ear.unasked

    def was_overrun(self) -> bool:
        """Whether some of that had to go since the last call: it was more than is kept."""
        overrun, self._ear.overrun = self._ear.overrun, False
        return overrun

    @property
    def in_step(self) -> bool:
        """Whether the last answers were surely those of their own commands."""
        return self._step.in_step and not self._step.asleep

    @property
    def breaks(self) -> int:
        """Another number as soon as what was heard before may be true no more: the step was lost, or
        the modem silent for so long that it may have begun anew."""
        return self._step.breaks + self._step.asleep

    @property
    def brisk(self) -> bool:
        """Whether it answers within a second."""
        return self._step.slowest < _BRISK

    @property
    def suspect(self) -> bool:
        """Whether the modem may not stand any more as it was set up."""
        return self._step.suspect or self._ear.changed

    @property
    def silence(self) -> float:
        """For how long (seconds) the modem has answered nothing."""
        return self._clock.monotonic() - self._step.heard_at

    @property
    def now(self) -> float:
        """Monotonic seconds."""
        return self._clock.monotonic()

    def suspects(self) -> None:
        """Something was heard that a modem does not say as it was set up."""
        self._step.suspect = True

    def lose_step(self) -> None:
        """An answer was not whole: something may still be owed."""
        self._step.in_step = False

    def settled(self, usual: dict[str, str]) -> None:
        """The modem stands as it was set up; `usual`: its answers, by how they begin."""
        self._step.usual = usual
        self._step.suspect = self._ear.changed = self._ear.begun = False
        self._echo = self._echoed

    def take_back(self, *news: str) -> None:
        """Forget news that are out of date."""
        old = set(news)
        kept = [said for said in self.unasked if said.line not in old]
        if len(kept) < len(self.unasked):
            self.unasked.clear()
            self.unasked.extend(kept)

    def close(self) -> None:
        self._ear.close()

    def command(
        self,
        text: str,
        *,
        expects: str | tuple[str, ...] | None = None,
        body: bool = False,
        own: bool = False,
        lenient: bool = False,
        early: Callable[[Said], object] = nothing_with,
        timeout: float = 5.0,
        meanwhile: Callable[[], object] = nothing,
    ) -> list[Said]:
        """Write a command; its answer's lines, without the final OK.

        `expects` is what the lines of the answer begin with, or several such (None: anything);
        with `body` a line of hexadecimal belongs to the one before; a `lenient` answer may end
        without its OK.
        `early` gets each line with its body as soon as it is there. With `own`, lines that are
        heard are surely the answer to this command, none is perhaps not.
        Raises `Refused` or `NoAnswer`.
        """
        self._step.begin(own=own)
        self._ear.write(text.encode("ascii") + b"\r")
        began = self._clock.monotonic()
        meanwhile()
        answer: list[Said] = []
        self._echoed = False
        deadline = self._clock.monotonic() + max(timeout, 2 * self._step.slowest)
        while True:
            line = self._ear.next_line(deadline)
            if line is None or len(answer) > _MOST_LINES:
                self._step.asleep = True
                if lenient and answer:
                    return answer
                raise NoAnswer(port=self._ear.name)
            final = FINAL.fullmatch(line)
            if final:
                self._step.answered(
                    self._clock.monotonic() - began, named=expects is None or bool(answer)
                )
                if final["ok"]:
                    return answer
                raise refusal(final, answer)
            if line == text:
                # One that has begun anew says again what it hears.
                self._echoed = True
                self._step.suspect = self._step.suspect or not self._echo
                continue
            if expects is not None and line.startswith(expects):
                answer.append(Said(line))
            elif self._ear.awaits_body and self._ear.keep_unasked(line):
                # The second line of news is no body of ours, though it looks like one.
                continue
            elif body and answer and HEX.fullmatch(line) and _goes_on(answer[-1], line):
                answer[-1] = _with_body(answer[-1], line)
                early(answer[-1])
            elif expects is None and not OTHERS.fullmatch(line):
                if not self._ear.keep_unasked(line):
                    answer.append(Said(line))
            elif not self._step.set_aside(line):
                log.debug("noise on %s: %r", self._ear.name, line)

    def submit(
        self,
        length: int,
        pdu: str,
        claim: Callable[[], bool],
        timeout: float,
        meanwhile: Callable[[], object] = nothing,
    ) -> int | None:
        """Hand an SMS to the modem (AT+CMGS); the reference that the network gave it.

        `claim` runs before the PDU is written and while the modem makes its prompt: only if it
        returns True the PDU is written; else the command is called off and None returned. `meanwhile`,
        which raises nothing, is done once while the network takes the SMS. Raises `Refused`, or
        `NoAnswer` and `LineLost` while surely nothing went out, or `SendInDoubt`.
        """
        command = f"AT+CMGS={length}"
        wanted: bool | None = None
        for again in range(_TRIES - 1, -1, -1):
            self._step.begin(own=True)
            self._ear.write(command.encode("ascii") + b"\r")
            if wanted is None:
                wanted = claim()
            try:
                prompted = self._prompted(command)
            except Refused as refused:
                # Perhaps another's: then the modem stands in its prompt, and is to be woken.
                self._step.asleep = True
                if again and not refused.of_the_sim:
                    continue
                raise
            if not prompted:
                self._step.asleep = True
                raise NoAnswer(port=self._ear.name)
            if not wanted:
                self._ear.write(ESC)
                self._called_off()
                return None
            try:
                self._ear.write(pdu.encode("ascii") + CTRL_Z)
                deadline = self._clock.monotonic() + timeout
                meanwhile()
                meanwhile = nothing
                return self._submitted(pdu, max(deadline, self._clock.monotonic() + 1.0), timeout)
            except Refused as refused:
                # The modem found the PDU damaged: another try may come through.
                if not (again and refused.damaged):
                    raise
            except (NoAnswer, LineLost, Interrupted) as trouble:
                self._step.asleep = True
                raise SendInDoubt() from trouble
        raise AssertionError

    def _called_off(self) -> None:
        """Hear out the final result of a command that ESC broke off."""
        deadline = self._clock.monotonic() + 3.0
        while (line := self._ear.next_line(deadline)) is not None:
            if FINAL.fullmatch(line):
                return
            self._step.set_aside(line)
        self._step.asleep = True

    def _prompted(self, command: str) -> bool:
        deadline = self._clock.monotonic() + 10.0
        while True:
            line = self._ear.next_line(deadline, prompt=True)
            if line is None:
                return False
            if line == ">":
                return True
            final = FINAL.fullmatch(line)
            if final and not final["ok"]:
                raise refusal(final)
            if line != command:
                self._step.set_aside(line)
            if self._ear.begun:
                return False

    def _submitted(self, pdu: str, deadline: float, timeout: float) -> int:
        reference: int | None = None
        while True:
            line = self._ear.next_line(deadline)
            if line is None:
                if reference is not None:
                    self._step.asleep = True
                    return reference
                raise NoAnswer(port=self._ear.name)
            given = REFERENCE.fullmatch(line)
            if given:
                reference = int(given[1]) & 0xFF
                # The reference is the network's yes; an OK that is lost after it changes nothing.
                deadline = min(deadline, self._clock.monotonic() + 2.0)
                continue
            final = FINAL.fullmatch(line)
            if final and reference is not None:
                self._step.in_step = self._step.in_step and bool(final["ok"])
                return reference
            if final and not final["ok"]:
                return self._refused(refusal(final), timeout)
            if line.rstrip("\x1a") != pdu:
                self._step.set_aside(line)
            if self._ear.begun:
                # It begins anew, and has forgotten what it was doing: nothing more will be said.
                raise NoAnswer(port=self._ear.name)

    def _refused(self, refused: Refused, timeout: float) -> int:
        """A final result that calls the SMS refused: believed if no reference comes behind it.

        Raises `Refused`, or `SendInDoubt` where the network may have the SMS all the same.
        """
        self._step.references.clear()
        # Silent for longer than any sending takes: then nothing more will be said about it.
        with contextlib.suppress(NoAnswer):
            self._step.find(timeout)
        if self._step.references:
            return self._step.references[-1]
        if refused.doubtful:
            raise SendInDoubt() from refused
        raise refused

    def listen(self, seconds: float) -> None:
        """Take in what comes unasked, for at most `seconds`, or until something has come."""
        deadline = self._clock.monotonic() + seconds
        before = len(self.unasked)
        while len(self.unasked) == before:
            line = self._ear.next_line(deadline)
            if line is None:
                return
            self._step.hear_between(line)

    def wake(self, waits: tuple[float, ...] = USUAL_WAITS) -> None:
        """Bring the modem to where it listens, with so many seconds a try. Raises `NoAnswer`."""
        self._step.wake(waits)

    def find_step(self) -> None:
        """Hear out all that is owed. Raises `NoAnswer`."""
        self._step.find()


__all__ = ["Line", "Port", "Said", "Stop", "fields", "nothing", "nothing_with"]
