"""How a modem stands: whether it is still set up as we left it, and whether it has a network.

A modem may begin anew at any time, with a word (RDY, ^SYSSTART) or without one; then it is locked,
in text mode, or says nothing of new SMS. So it is asked, all in one command line where it takes
that: the answers are held against those that it gave when it had just been set up.
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from crm_tui.gsm.errors import NoAnswer, Refused
from crm_tui.gsm.line import Line, Said, fields
from crm_tui.gsm.network import STATES, Network

log = logging.getLogger(__name__)

# In this order: a SIM that is locked or gone refuses what comes behind +CPIN?.
_QUESTIONS = ("+CMEE?", "+CPIN?", "+CMGF?", "+CNMI?", "+CSCS?", "+CSMS?", "+CPMS?", "+CREG?")
_COMPARED = ("+CMEE:", "+CMGF:", "+CNMI:", "+CSCS:", "+CSMS:")
_SECONDS = 10.0
# The zone in quarters of an hour.
_CLOCK = re.compile(r"(\d\d)/(\d\d)/(\d\d), *(\d\d):(\d\d):(\d\d)([+-]\d{1,2})?")
Heard = dict[str, str]
"""Answers by how they begin: {"+CMGF:": "+CMGF: 0"}."""


@dataclass
class Standing:
    """The questions of one modem, and what it answered when it was set up (`usual`).

    `octets` and `seconds`: what the last look cost on the line.
    """

    line: Line
    usual: Heard = field(default_factory=dict)
    octets: int = 0
    seconds: float = 0.0
    _at_once: bool = True
    _unknown: set[str] = field(default_factory=set)

    def learn(self) -> Heard:
        """Look for the first time, right after it was set up."""
        self._at_once, self._unknown = True, set()
        heard = self._one_line(_QUESTIONS)
        if heard is None:
            heard = self._one_by_one(_QUESTIONS)
            self._unknown = {each for each in _QUESTIONS if _sign(each) not in heard}
            # One that it does not know spoils a line that it would take.
            known = [each for each in _QUESTIONS if each not in self._unknown]
            self._at_once = bool(self._unknown) and self._one_line(known) is not None
        self.settle(heard)
        return heard

    def settle(self, heard: Heard) -> None:
        """It stands as it should: from now on it is held against this."""
        self.usual = self.usual | heard
        self.line.settled(self.usual)

    def look(self, *more: str) -> Heard:
        """How it stands now; `more` are questions of the same kind. Raises `LineProblem`."""
        wanted = [each for each in (*_QUESTIONS, *more) if each not in self._unknown]
        heard = self._one_line(wanted) if self._at_once else None
        return self._one_by_one(wanted) if heard is None else heard

    def ask(self, *more: str) -> Heard:
        """What it answers to these questions alone, as far as it does. Raises `LineProblem`."""
        wanted = [each for each in more if each not in self._unknown]
        heard = self._one_line(wanted) if self._at_once and wanted else None
        return self._one_by_one(wanted) if heard is None else heard

    def differs(self, heard: Heard, memory: str) -> list[str]:
        """What is not as it was set up; `memory` is the one that should be on."""
        other = [
            sign
            for sign in _COMPARED
            if sign in heard and heard[sign] != self.usual.get(sign, heard[sign])
        ]
        pin = fields(heard.get("+CPIN:", ""))
        if pin and pin[0].upper() not in ("READY", "SIM PIN2", "SIM PUK2"):
            other.append("+CPIN:")
        on = fields(heard.get("+CPMS:", ""))
        if memory and on and on[0].isalpha() and on[0] != memory:
            other.append("+CPMS:")
        return other

    def network(self, heard: Heard) -> Network:
        """Where it is registered. A modem of 4G may say so in +CEREG alone."""
        found = _state(heard.get("+CREG:", ""))
        if not found.usable and "+CEREG?" not in self._unknown:
            answer = self._one_by_one(("+CEREG?",))
            if not answer:
                self._unknown.add("+CEREG?")
            other = _state(answer.get("+CEREG:", ""))
            if other in (Network.HOME, Network.ROAMING):
                return other
        return found

    def _one_line(self, questions: tuple[str, ...] | list[str]) -> Heard | None:
        """All in one command line; None if it does not answer all of it so."""
        signs = tuple(_sign(each) for each in questions)
        began = self.line.now
        question = "AT" + ";".join(questions)
        try:
            answer = self.line.command(question, expects=signs, own=True, timeout=_SECONDS)
        except Refused as refusal:
            heard = _by_sign(said for said in refusal.heard if isinstance(said, Said))
            # A locked SIM is an answer, too.
            return heard if not _ready(heard) else None
        except NoAnswer:
            if self.usual:
                raise
            log.info("the modem takes no line of several questions")
            return None
        heard = _by_sign(answer)
        if questions[0] in _QUESTIONS:
            self.octets = len(question) + 1 + sum(len(said.line) + 4 for said in answer) + 6
            self.seconds = self.line.now - began
        if len(heard) < len(signs):
            # Something ended this answer before its end, or some of it was lost.
            self.line.lose_step()
            return heard if self.usual else None
        return heard

    def _one_by_one(self, questions: tuple[str, ...] | list[str]) -> Heard:
        heard: Heard = {}
        for each in questions:
            lenient = each == "+CPIN?"
            try:
                answer = self.line.command(
                    "AT" + each, expects=_sign(each), own=True, lenient=lenient, timeout=_SECONDS
                )
            except Refused as refusal:
                log.info("AT%s: %s", each, refusal)
                continue
            heard |= _by_sign(answer)
            if not _ready(heard):
                break
        return heard


def _sign(question: str) -> str:
    return question.rstrip("?") + ":"


def _by_sign(answer: Iterable[Said]) -> Heard:
    heard: Heard = {}
    for said in answer:
        sign = said.line.partition(":")[0] + ":"
        # A line with one field is the modem's own news in the middle of our answer.
        if sign not in ("+CREG:", "+CEREG:") or len(fields(said.line)) > 1:
            heard[sign] = said.line
    return heard


def _ready(heard: Heard) -> bool:
    return (fields(heard.get("+CPIN:", "")) or ["READY"])[0].upper() == "READY"


def _state(line: str) -> Network:
    parts = fields(line)
    return STATES.get(parts[1], Network.UNKNOWN) if len(parts) > 1 else Network.UNKNOWN


def told_time(line: str) -> datetime | None:
    """The moment that an answer to +CCLK? tells (27.007 § 8.15), in UTC; None if it is none."""
    found = _CLOCK.fullmatch(",".join(fields(line)))
    if not found:
        return None
    *parts, zone = found.groups()
    year, month, day, hour, minute, second = map(int, parts)
    offset = timezone(timedelta(minutes=15 * int(zone))) if zone else None
    try:
        at = datetime(2000 + year, month, day, hour, minute, min(second, 59), tzinfo=offset)
    except ValueError:
        return None
    return at.astimezone(UTC)
