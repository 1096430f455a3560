"""The conversation with a modem over a serial line (3GPP TS 27.007, 27.005).

Whatever a modem says is one of: part of the answer that we wait for, its final result, the echo of
our own words, or something nobody asked for.

Final results bear no name. One that is lost, said twice or late would end another command, and from
then on each command would take the answer of the one before. So the line knows whether it is *in
step*, which is: nothing that was ever asked is still to be answered. It is as long as each command
that asks for something gets an answer that names it ("+CMGR:" to AT+CMGR). When one does not, or
something is heard that was not asked for now, the step is found again before anything that matters
(`own`) is written: a marker, a harmless question, is asked, and all that comes before the line that
answers it was owed. A modem answers in order, so behind it nothing is.
"""

import logging
import re
import threading
from collections import deque
from collections.abc import Callable

from crm_tui.clock import Clock
from crm_tui.gsm.errors import Interrupted, LineLost, NoAnswer, Refused, SendInDoubt
from crm_tui.gsm.hearing import FINAL, HEX, Hearing, Port, Said, fields, refusal

log = logging.getLogger(__name__)

ESC, CTRL_Z = b"\x1b", b"\x1a"
# Questions that change nothing, and whose answers nothing else begins with. Each is asked only
# while nothing that matters is, so one that is answered late is as good a marker.
_MARKERS = (
    ("AT+CMEE?", "+CMEE:"),
    ("AT+CMGF?", "+CMGF:"),
    ("AT+CSQ", "+CSQ:"),
    ("AT+CSCS?", "+CSCS:"),
)
_OTHERS = re.compile(r"\+CM(?:GR|GL|GS): ?.*")
_REFERENCE = re.compile(r"\+CMGS: *(\d+).*")
_PATIENCE = 3.0
_BREATH = 0.05
_TRIES = 3


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
        self._ear = Hearing(port, name, clock, stop)
        self._clock = clock
        self._asleep = False
        self._in_step = True
        self._slowest = 0.0
        self._breath = _BREATH
        self._heard_reference: int | None = None

    @property
    def unasked(self) -> deque[Said]:
        """What came without being asked for, oldest first."""
        return self._ear.unasked

    @property
    def in_step(self) -> bool:
        """Whether the last answers were surely those of their own commands."""
        return self._in_step and not self._asleep

    def take_back(self, *news: str) -> None:
        """Forget news that are out of date."""
        if self.unasked:
            for said in [said for said in self.unasked if said.line in news]:
                self.unasked.remove(said)

    def close(self) -> None:
        self._ear.close()

    def command(
        self,
        text: str,
        *,
        expects: str | None = None,
        body: bool = False,
        own: bool = False,
        lenient: bool = False,
        early: Callable[[Said], object] = nothing_with,
        timeout: float = 5.0,
        meanwhile: Callable[[], object] = nothing,
    ) -> list[Said]:
        """Write a command; its answer's lines, without the final OK.

        `expects` is what the lines of the answer begin with (None: anything); with `body` a line
        of hexadecimal belongs to the one before; a `lenient` answer may end without its OK.
        `early` gets each line with its body as soon as it is there. With `own`, lines that are
        heard are surely the answer to this command, none is perhaps not.
        Raises `Refused` or `NoAnswer`.
        """
        self._begin(own=own)
        self._ear.write(text.encode("ascii") + b"\r")
        began = self._clock.monotonic()
        meanwhile()
        answer: list[Said] = []
        deadline = self._clock.monotonic() + max(timeout, 2 * self._slowest)
        while True:
            line = self._ear.next_line(deadline)
            if line is None:
                self._asleep = True
                if lenient and answer:
                    return answer
                raise NoAnswer(port=self._ear.name)
            final = FINAL.fullmatch(line)
            if final:
                self._slowest = max(self._clock.monotonic() - began, 0.95 * self._slowest)
                if expects is not None and not answer:
                    # Perhaps another's end: then ours is still to come.
                    self._in_step = False
                if final["ok"]:
                    return answer
                raise refusal(final)
            if line == text:
                continue
            if expects is not None and line.startswith(expects):
                answer.append(Said(line))
            elif self._ear.awaits_body and self._ear.keep_unasked(line):
                # The second line of news is no body of ours, though it looks like one.
                continue
            elif body and answer and not answer[-1].body and HEX.fullmatch(line):
                answer[-1] = Said(answer[-1].line, line)
                early(answer[-1])
            elif expects is None and not _OTHERS.fullmatch(line):
                if not self._ear.keep_unasked(line):
                    answer.append(Said(line))
            elif not self._set_aside(line):
                log.debug("noise on %s: %r", self._ear.name, line)

    def submit(
        self, length: int, pdu: str, claim: Callable[[], bool], timeout: float
    ) -> int | None:
        """Hand an SMS to the modem (AT+CMGS); the reference that the network gave it.

        `claim` runs before the PDU is written and while the modem makes its prompt: only if it
        returns True the PDU is written; else the command is called off and None returned. Raises
        `Refused`, or `NoAnswer` and `LineLost` while surely nothing went out, or `SendInDoubt`.
        """
        command = f"AT+CMGS={length}"
        self._begin(own=True)
        self._ear.write(command.encode("ascii") + b"\r")
        wanted = claim()
        if not self._prompted(command):
            self._asleep = True
            raise NoAnswer(port=self._ear.name)
        if not wanted:
            self._ear.write(ESC)
            self._called_off()
            return None
        try:
            self._ear.write(pdu.encode("ascii") + CTRL_Z)
            return self._submitted(pdu, timeout)
        except (NoAnswer, LineLost, Interrupted) as trouble:
            self._asleep = True
            raise SendInDoubt() from trouble

    def _called_off(self) -> None:
        """Hear out the final result of a command that ESC broke off."""
        deadline = self._clock.monotonic() + 3.0
        while (line := self._ear.next_line(deadline)) is not None:
            if FINAL.fullmatch(line):
                return
            self._set_aside(line)
        self._asleep = True

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
                self._set_aside(line)

    def _submitted(self, pdu: str, timeout: float) -> int:
        reference: int | None = None
        deadline = self._clock.monotonic() + timeout
        while True:
            line = self._ear.next_line(deadline)
            if line is None:
                if reference is not None:
                    self._asleep = True
                    return reference
                raise NoAnswer(port=self._ear.name)
            given = _REFERENCE.fullmatch(line)
            if given:
                reference = int(given[1]) & 0xFF
                # The reference is the network's yes; an OK that is lost after it changes nothing.
                deadline = min(deadline, self._clock.monotonic() + 2.0)
                continue
            final = FINAL.fullmatch(line)
            if final and final["ok"] and reference is not None:
                return reference
            if final and not final["ok"]:
                raise refusal(final)
            if line.rstrip("\x1a") != pdu:
                self._set_aside(line)

    def listen(self, seconds: float) -> None:
        """Take in what comes unasked, for at most `seconds`, or until something has come."""
        deadline = self._clock.monotonic() + seconds
        before = len(self.unasked)
        while len(self.unasked) == before:
            line = self._ear.next_line(deadline)
            if line is None:
                return
            self._hear_between(line)

    # ── in step ───────────────────────────────────────────────────────────────────────────────

    def _begin(self, *, own: bool) -> None:
        """Hear what was said since the last answer; make sure of the step, if it matters."""
        if self._asleep:
            self.wake()
        for line in self._ear.said_before():
            self._hear_between(line)
        self._ear.drop_prompt()
        if own and not self._in_step:
            self.find_step()

    def _hear_between(self, line: str) -> None:
        """A line that comes while nothing is asked: a final result was owed, or is said again."""
        if FINAL.fullmatch(line):
            self._in_step = False
        self._set_aside(line)

    def _set_aside(self, line: str) -> bool:
        """Whether a line that answers nothing of ours is news, or belongs to another answer."""
        if self._ear.keep_unasked(line):
            return True
        if not (_OTHERS.fullmatch(line) or HEX.fullmatch(line)):
            return False
        self._in_step = False
        given = _REFERENCE.fullmatch(line)
        if given:
            self._heard_reference = int(given[1]) & 0xFF
        return True

    def wake(self) -> None:
        """Bring the modem to where it listens, whatever state it was left in.

        A modem left in the prompt swallows everything until ESC; the first AT after a pause may
        be lost. Raises `NoAnswer`.
        """
        self._in_step = False
        self._ear.write(ESC)
        self._ear.write(b"\r")
        self._hear_out(0.2, at_most=0.2)
        began = self._clock.monotonic()
        for tries, wait in enumerate((0.5, 0.5, 1.0, 1.0, 2.0), start=1):
            # Within, the command must not wake the modem in its turn.
            self._asleep = False
            try:
                self.command("AT", timeout=wait)
            except NoAnswer:
                continue
            except Refused:
                pass
            self._slowest = max(self._slowest, self._clock.monotonic() - began)
            # A slow modem still owes the answers to the tries before this one.
            self._hear_out(self._slowest + 0.1 if tries > 1 else _BREATH)
            return
        self._asleep = True
        raise NoAnswer(port=self._ear.name)

    def find_step(self, patience: float = _PATIENCE) -> None:
        """Hear out all that is owed, up to the answer to a marker. Raises `NoAnswer`."""
        if self._asleep:
            self.wake()
        patience = max(patience, 2 * self._slowest)
        said_no = 0
        for question, sign in _MARKERS:
            self._ear.write(question.encode("ascii") + b"\r")
            found, finals = self._hear_marker(sign, patience)
            if found:
                # Where something was owed, or is said twice, more of it may follow at once.
                if finals > 1 and self._hear_out(self._breath):
                    self._breath = min(2 * self._breath, patience)
                self._in_step = True
                return
            said_no += finals
        if not said_no:
            self._asleep = True
            raise NoAnswer(port=self._ear.name)
        # A modem that knows none of them has been silent for long: that must do.
        log.info("%s answers no marker", self._ear.name)
        self._in_step = True

    def _hear_marker(self, sign: str, patience: float) -> tuple[bool, int]:
        """Whether the marker's answer came to its end, and how many final results till then."""
        found, finals = False, 0
        # Whatever is owed comes sooner or later: each line gives the next one its time.
        last = self._clock.monotonic() + 20 * patience
        while True:
            deadline = min(last, self._clock.monotonic() + patience)
            line = self._ear.next_line(deadline)
            if line is None:
                return False, finals
            if line.startswith(sign):
                found = True
            elif FINAL.fullmatch(line):
                finals += 1
                if found:
                    return True, finals
            else:
                self._set_aside(line)

    def _hear_out(self, seconds: float, *, at_most: float | None = None) -> bool:
        """Listen until nothing has come for so long; whether anything came that was not news."""
        other = False
        last = self._clock.monotonic() + (at_most or 20 * seconds)
        while True:
            deadline = min(last, self._clock.monotonic() + seconds)
            line = self._ear.next_line(deadline)
            if line is None:
                self._ear.forget()
                return other
            if not self._ear.keep_unasked(line):
                self._set_aside(line)
                other = True


__all__ = ["Line", "Port", "Said", "fields", "nothing", "nothing_with"]
