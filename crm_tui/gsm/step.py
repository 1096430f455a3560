"""In step with a modem: knowing that the next answer is that of the next command.

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
from collections import deque

from crm_tui.clock import Clock
from crm_tui.gsm.errors import NoAnswer
from crm_tui.gsm.hearing import FINAL, HEX, Hearing

log = logging.getLogger(__name__)

ESC = b"\x1b"
# Questions that change nothing, and whose answers nothing else begins with. Each is asked only
# while nothing that matters is, so one that is answered late is as good a marker.
_MARKERS = (
    ("AT+CMEE?", "+CMEE:"),
    ("AT+CMGF?", "+CMGF:"),
    ("AT+CSQ", "+CSQ:"),
    ("AT+CSCS?", "+CSCS:"),
)
OTHERS = re.compile(r"\+CM(?:GR|GL|GS): ?.*")
REFERENCE = re.compile(r"\+CMGS: *(\d+).*")
USUAL_WAITS = (0.5, 0.5, 1.0, 1.0, 2.0)
_PATIENCE = 3.0
_BREATH = 0.05
# Between ESC and the first AT: a modem that takes longer to leave its prompt hears the second.
_GLIMPSE = 0.01
SILENCE = 3.0
"""A modem needs longer than this (seconds) to begin anew: one that has just answered has not."""


class Step:
    """Whether, and how, the answers that come are those of their own commands.

    A modem that is `asleep` may be in any state, and is to be woken; `slowest` is the longest that
    an answer took lately (seconds). References of SMS that were heard aside are in `references`.
    One that is `suspect` may have begun anew: it was woken, or a marker's answer is not the `usual`
    one (by how it begins). `heard_at` is when it last answered. `breaks` grows whenever what was
    known of the modem may have become untrue: the step was lost, or it was silent for long.
    """

    def __init__(self, ear: Hearing, clock: Clock) -> None:
        self._ear = ear
        self._clock = clock
        self._breath = _BREATH
        self.asleep = False
        self.breaks = 0
        self._in_step = True
        self.slowest = 0.0
        self.references: deque[int] = deque(maxlen=100)
        self.suspect = False
        self.usual: dict[str, str] = {}
        self.heard_at = clock.monotonic()

    @property
    def in_step(self) -> bool:
        """Whether nothing that was ever asked is still to be answered."""
        return self._in_step

    @in_step.setter
    def in_step(self, found: bool) -> None:
        self.breaks += not found
        self._in_step = found

    def answered(self, seconds: float, *, named: bool) -> None:
        """A command came to its end; `named`: not by a final result alone, which may be another's."""
        self.slowest = max(seconds, 0.95 * self.slowest)
        now = self._clock.monotonic()
        self.breaks += now - self.heard_at > SILENCE
        self.heard_at = now
        # A doubt that a marker will settle; what was read before it is as true as it was.
        self._in_step = self._in_step and named

    def begin(self, *, own: bool) -> None:
        """Hear what was said since the last answer; make sure of the step, if it matters."""
        if self.asleep:
            self.wake()
        for line in self._ear.said_before():
            self.hear_between(line)
        self._ear.drop_prompt()
        if own and not self.in_step:
            self.find()

    def hear_between(self, line: str) -> None:
        """A line that comes while nothing is asked: a final result was owed, or is said again."""
        if FINAL.fullmatch(line):
            self.in_step = False
        self.set_aside(line)

    def set_aside(self, line: str) -> bool:
        """Whether a line that answers nothing of ours is news, or belongs to another answer."""
        if self._ear.keep_unasked(line):
            return True
        if not (OTHERS.fullmatch(line) or HEX.fullmatch(line)):
            return False
        self.in_step = False
        given = REFERENCE.fullmatch(line)
        if given:
            self.references.append(int(given[1]) & 0xFF)
        return True

    def wake(self, waits: tuple[float, ...] = USUAL_WAITS) -> None:
        """Bring the modem to where it listens, whatever state it was left in.

        A modem left in the prompt swallows everything until ESC; the first AT after a pause may
        be lost. `waits`: seconds for each try. Raises `NoAnswer`.
        """
        self.in_step = False
        self.asleep = False
        self.suspect = True
        self._ear.write(ESC)
        self._ear.write(b"\r")
        self._hear_out(_GLIMPSE, at_most=0.2)
        began = self._clock.monotonic()
        for tries, wait in enumerate(waits, start=1):
            # Its profile may keep it from saying OK, or in words.
            self._ear.write(b"AT\r" if tries == 1 else b"ATQ0V1\r")
            last = tries == len(waits)
            deadline = self._clock.monotonic() + max(wait, 1.5 * self.slowest if last else 0.0)
            while (line := self._ear.next_line(deadline)) is not None:
                if not FINAL.fullmatch(line):
                    self.set_aside(line)
                    continue
                took = self._clock.monotonic() - began
                self.slowest = max(self.slowest, took)
                # A slow modem still owes the answers to the tries before this one; one that answered
                # the first at once says at once what else it has to say.
                self._hear_out(self.slowest + 0.1 if tries > 1 else min(_BREATH, 4 * took + 0.01))
                return
        self.asleep = True
        raise NoAnswer(port=self._ear.name)

    def find(self, first: float = _PATIENCE) -> None:
        """Hear out all that is owed, up to the answer to a marker. Raises `NoAnswer`.

        `first` is how long (seconds) what is still at work may keep the modem silent.
        """
        if self.asleep:
            self.wake()
        usual = max(_PATIENCE, 2 * self.slowest)
        patience = max(first, usual)
        said_no = 0
        for question, sign in _MARKERS:
            self._ear.write(question.encode("ascii") + b"\r")
            found, finals = self._hear_marker(sign, patience, usual)
            patience = usual
            if found:
                self.breaks += finals > 1
                # Where something was owed, or is said twice, more of it may follow at once.
                if finals > 1 and self._hear_out(self._breath):
                    self._breath = min(2 * self._breath, usual)
                self.in_step = True
                return
            said_no += finals
            self.breaks += 1
        if not said_no:
            self.asleep = True
            raise NoAnswer(port=self._ear.name)
        # A modem that knows none of them has been silent for long: that must do.
        log.info("%s answers no marker", self._ear.name)
        self.in_step = True

    def _hear_marker(self, sign: str, first: float, usual: float) -> tuple[bool, int]:
        """Whether the marker's answer came to its end, and how many final results till then."""
        found, finals = False, 0
        # Whatever is owed comes sooner or later: each line gives the next one its time.
        last = self._clock.monotonic() + first + 20 * usual
        while True:
            patience = usual if finals else first
            deadline = min(last, self._clock.monotonic() + patience)
            line = self._ear.next_line(deadline)
            if line is None:
                return False, finals
            if line.startswith(sign):
                found = True
                if line != self.usual.get(sign, line):
                    self.suspect = True
            elif FINAL.fullmatch(line):
                finals += 1
                if found:
                    return True, finals
            else:
                self.set_aside(line)

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
                self.set_aside(line)
                other = True
