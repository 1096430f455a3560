"""Where a modem keeps SMS: choosing a memory, reading and emptying its slots (27.005 § 3.2, § 3.4).

A slot is emptied only behind a reading of it whose answer was surely its own, and which gave what
was stored; between the two the line stays in step. A listing, in which lines may have been lost, only
says where to read – but for an SMS behind which the next slot follows: had lines been lost between the
two, that slot would be missing.
"""

import itertools
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from crm_tui.gsm.errors import NoAnswer, Refused
from crm_tui.gsm.line import Line, Said, fields, nothing, nothing_with
from crm_tui.gsm.slot_lines import as_text, blank, news, ours, unread, whole

log = logging.getLogger(__name__)

_DELETE_SECONDS = 20.0
# Where a deletion was not answered, none is tried for so many seconds: one answer may have been lost,
# but a modem that never answers would keep all else waiting.
_HUNG = (10.0, 30.0, 90.0, 300.0)
_KNOWN = ("SM", "ME", "SR")
_AT_A_TIME = 5.0
"""Seconds for which slots are read one by one; then the rest of the worker has its turn."""


@dataclass(frozen=True)
class Stored:
    """An SMS or status report in a memory of the modem; `index` −1: it was handed over directly.
    `unread`: whether the modem said that nobody had read it before; it is so once at most."""

    memory: str
    index: int
    pdu: str
    unread: bool | None = field(default=None, compare=False)

    @property
    def place(self) -> str:
        """Where it lies, "" if it was handed over."""
        return f"{self.memory} {self.index}" if self.index >= 0 else ""


class Memories:
    """The memories of one modem, by their names in `names`, the one for new SMS first.

    `readable`: whether the last `scan` was let look into any of them. `roomless`: none had a slot when
    they were chosen, as the modem said; a card that was just put in says so for a while.
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._memory = ""
        self._arguments = 1
        self._lists = True
        self._listed = False
        self._fixed = False
        self._shows = False
        self._unsure = False
        """Whether the last reading that gave nothing does not mean that nothing lies there."""
        self._seen: dict[tuple[str, int], tuple[Stored, int]] = {}
        """What was read, by memory and slot, and `Line.breaks` then."""
        self._emptied: dict[tuple[str, int], str] = {}
        """What was taken off each slot, by the modem's word."""
        self._others: set[tuple[str, int]] = set()
        """Where SMS lie that a telephone wrote or sent."""
        self._goes_on: tuple[str, range] | None = None
        """Where a scan goes on that reads slots one by one: a memory, and what is left of it."""
        self.deletes_again = 0.0
        """The moment before which no deletion is tried, because one was not answered; 0.0: none was."""
        self._hangs = 0
        self._slots: dict[str, int] = {}
        """How many each memory has, as far as the modem says."""
        self.names: list[str] = []
        self.readable = True
        self.roomless = False

    @property
    def on(self) -> str:
        """The name of the memory that is on, as far as we know."""
        return self._memory

    @property
    def walking(self) -> bool:
        """Whether the last `scan` did not come to the end of the slots, and the next one goes on."""
        return self._goes_on is not None

    @property
    def left(self) -> int:
        """How many slots of the memory for new SMS hold what a telephone wrote or sent, which stays."""
        return sum(memory == self.names[0] for memory, _ in self._others)

    # ── choosing ──────────────────────────────────────────────────────────────────────────────

    def choose(self) -> None:
        """Find out which memories there are, and turn to the first."""
        self._fixed = False
        self._seen.clear()
        self._goes_on = None
        offered = self._offered()
        tried = [name for name in _KNOWN if name in offered] or list(_KNOWN[:2])
        # Three arguments also say where new SMS are put: not where none can be.
        self._slots.clear()
        taken = (name for name in tried if self._select(name, (3, 2, 1)))
        first = next((name for name in taken if self._slots.get(name, 1)), None)
        self.roomless = first is None and bool(self._slots)
        if self.roomless:
            first = next((name for name in tried if self._select(name, (3, 2, 1))), None)
        if first is None:
            log.info("the modem does not let us choose a memory: the one that is on is read")
            self._fixed = True
            self._memory = next(iter(self._state()), "")
            self.names = [self._memory]
        elif offered:
            self.names = [first, *(name for name in tried if name != first)]
        else:
            # It does not say what there is: what it turns to is there.
            self.names = [first, *(name for name in tried if name != first and self._select(name))]
            self._select(first)

    def _offered(self) -> list[str]:
        """The memories that can be read, as the modem names them; none if it does not."""
        for _ in range(2):
            try:
                answer = self._line.command("AT+CPMS=?", expects="+CPMS:", own=True)
            except (Refused, NoAnswer) as trouble:
                log.info("AT+CPMS=?: %s", trouble)
                answer = []
            first = re.search(r"\(([^)]*)\)", answer[0].line) if answer else None
            if first:
                return re.findall(r"[A-Z]{2}", first[1])
        return []

    def _state(self) -> list[str]:
        """The name of the memory that is on, how many of its slots are used, and how many there are;
        [] if the modem does not tell."""
        try:
            answer = self._line.command("AT+CPMS?", expects="+CPMS:", own=True)
        except Refused as refusal:
            log.info("AT+CPMS?: %s", refusal)
            return []
        return next((fields(said.line)[:3] for said in answer), [])

    def _select(self, memory: str, counts: tuple[int, ...] = ()) -> bool:
        """Turn to a memory, with as many arguments as the modem has shown to like."""
        for count in counts or (self._arguments, 1, 2, 3):
            chosen = "AT+CPMS=" + ",".join([f'"{memory}"'] * count)
            try:
                answer = self._line.command(chosen, expects="+CPMS:", own=True)
            except Refused as refusal:
                log.info("memory %s: %s", memory, refusal)
                continue
            self._memory = memory
            numbers = [each for said in answer for each in fields(said.line) if each.isdecimal()]
            if len(numbers) > 1:
                self._slots[memory] = int(numbers[1])
            if counts:
                # One is enough to read from it, and does not move where new SMS go.
                self._arguments = 1 if count == 3 else count
            return True
        return False

    # ── reading ───────────────────────────────────────────────────────────────────────────────

    def read(
        self,
        memory: str,
        index: int,
        early: Callable[[Stored], object] = nothing_with,
        meanwhile: Callable[[], object] = nothing,
    ) -> Stored | None:
        """The SMS at a place, or None if there is none.

        `early` gets it, if it is whole, before the modem has said its OK. `meanwhile` is work that is
        done while the modem answers, if it is asked at all.

        One whose octets are not as many as were announced was damaged on the line: it is read
        again, and only taken as it is when two readings agree.
        """
        before = None
        empty = False
        for _ in range(4):
            found = self._read_once(memory, index, early, meanwhile, own=True)
            meanwhile = nothing
            if found:
                line, body = found
                if whole(line, body) or body == before:
                    stored = Stored(self._memory, index, body, unread(line, 0))
                    self._seen[self._memory, index] = stored, self._line.breaks
                    return stored
                before = body
            elif not self._unsure and (empty or self._line.in_step):
                return None
            # What ended this answer without naming it may have been another's final result.
            empty = not found
        return None

    def _read_once(
        self,
        memory: str,
        index: int,
        early: Callable[[Stored], object] = nothing_with,
        meanwhile: Callable[[], object] = nothing,
        *,
        own: bool,
    ) -> tuple[str, str] | None:
        def hand_on(said: Said) -> None:
            if not whole(said.line, said.body) or as_text(said.line):
                return
            if not (blank(said.body) or ours(said.line, 0)):
                early(Stored(self._memory, index, said.body, unread(said.line, 0)))

        self._unsure = False
        self._seen.pop((memory, index), None)
        if not self._line.in_step:
            # What is read out of step may be emptied at once, and not behind another reading.
            self._seen.clear()
        if memory and memory != self._memory and not self._fixed and not self._select(memory):
            return None
        self._seen.pop((self._memory, index), None)
        # What is announced by now is what this reading gives: to read it again would find nothing.
        self._line.take_back(*news(memory, index))
        try:
            answer = self._line.command(
                f"AT+CMGR={index}", expects="+CMGR:", body=True, own=own, early=hand_on, timeout=10.0,
                meanwhile=meanwhile,
            )  # fmt: skip
        except Refused as refusal:
            log.info("slot %s %s: %s", memory, index, refusal)
            # A card that is busy says nothing of what lies there.
            self._unsure = refusal.of_the_sim or bool(refusal.heard)
            self._shows = self._shows or refusal.of_a_slot
            return None
        self._shows = True
        self._others.discard((self._memory, index))
        for said in answer:
            if as_text(said.line):
                self._line.suspects()
            elif ours(said.line, 0):
                self._others.add((self._memory, index))
            elif said.body and not blank(said.body):
                return said.line, said.body
            elif not said.body:
                # Its octets were lost, unless none were announced.
                self._unsure = fields(said.line)[-1:] != ["0"]
        return None

    def scan(self) -> list[Stored]:
        """Everything that has come, in every memory. Where slots are read one by one it is what stands
        in some of them, and the next calls give the rest (`walking`)."""
        stored: list[Stored] = []
        names = self.names
        if self._goes_on is None:
            self._shows = False
        else:
            names = names[names.index(self._goes_on[0]) :]
        for memory in names:
            if memory != self._memory and not self._select(memory):
                continue
            stored += self._list() if self._lists else self._read_slots(memory)
            if self.walking:
                break
        else:
            self.readable = self._shows
        if self._memory != self.names[0]:
            self._select(self.names[0])
        return stored

    def listing(self, memory: str) -> list[Stored] | None:
        """All that lies in a memory, in one answer; None where it is not on, or is not listed."""
        if memory != self._memory or not (self._lists and self._listed):
            return None
        return self._list()

    def _list(self) -> list[Stored]:
        self._listed = False
        try:
            answer = self._line.command(
                "AT+CMGL=4", expects="+CMGL:", body=True, own=True, timeout=20.0
            )
        except NoAnswer:
            # Some modems hang here for good; slot by slot they answer.
            log.warning("the modem does not list its SMS; slots are read one by one")
            self._lists = False
            self._line.wake()
            return self._read_slots(self._memory)
        except Refused as refusal:
            log.info("listing: %s; slots are read one by one", refusal)
            return self._read_slots(self._memory)
        self._shows = self._listed = True
        slots: list[Stored | None] = []
        breaks = self._line.breaks
        self._others = {other for other in self._others if other[0] != self._memory}
        for said in answer:
            place = re.match(r"\+CMGL: *(\d+)", said.line)
            if as_text(said.line):
                self._line.suspects()
                continue
            if place is None:
                continue
            index = int(place[1])
            if ours(said.line, 1):
                self._others.add((self._memory, index))
                continue
            if said.body and whole(said.line, said.body):
                if not blank(said.body):
                    slots.append(Stored(self._memory, index, said.body, unread(said.line, 1)))
            else:
                slots.append(self.read(self._memory, index))
        listed = [stored for stored in slots if stored]
        # What lies in a slot is what was announced of it.
        self._line.take_back(*(line for each in listed for line in news(each.memory, each.index)))
        self._believe(listed, breaks)
        return listed

    def _believe(self, listed: list[Stored], breaks: int) -> None:
        """Take for read what has the place of no other SMS, whatever lines of the listing were lost;
        `breaks`: as they were behind it."""
        if not self._line.in_step or self._line.breaks != breaks:
            return
        for stored, behind in itertools.pairwise(listed):
            if behind.index == stored.index + 1:
                self._seen[stored.memory, stored.index] = stored, breaks

    def _read_slots(self, memory: str) -> list[Stored]:
        """What lies in the slots from that on at which the last call ended, as many as there is time
        for: hundreds of them keep a slow modem busy for longer than anything may wait."""
        if self._goes_on:
            slots = self._goes_on[1]
        else:
            *_, slots_here = self._state() or ["0"]
            capacity = int(slots_here) if slots_here.isdecimal() else 0
            # They begin at 0 on some modems, at 1 on others.
            slots = range(min(capacity or 50, 255) + 1)
        self._goes_on = None
        until = self._line.now + _AT_A_TIME
        found: list[Stored | None] = []
        for index in slots:
            if index > slots.start and self._line.now >= until:
                self._goes_on = memory, range(index, slots.stop)
                break
            # Most are empty, and an empty one does not say whose answer it is: each is looked into
            # once, and read only where there is something.
            if self._read_once(memory, index, own=False):
                found.append(self.read(memory, index))
        return [stored for stored in found if stored]

    # ── emptying ──────────────────────────────────────────────────────────────────────────────

    def delete(
        self,
        stored: Stored,
        meanwhile: Callable[[], object] = nothing,
        *,
        prove: bool = False,
        marked: bool = False,
    ) -> bool:
        """Take an SMS off its memory; whether it is off it.

        Worn cards say OK and keep it. So the slot is looked into once more to `prove` it, or where the
        same octets were taken off it before; if SMS that were read are `marked`, one of the same octets
        that is unread is another one.
        """
        if stored.index < 0:
            meanwhile()
            return True
        if not self._is_there(stored):
            meanwhile()
            return stored.memory == self._memory and not self._unsure
        self._seen.pop((stored.memory, stored.index), None)
        if self._line.now < self.deletes_again:
            meanwhile()
            return False
        try:
            self._line.command(
                f"AT+CMGD={stored.index}", timeout=_DELETE_SECONDS, meanwhile=meanwhile
            )
        except (Refused, NoAnswer) as trouble:
            self.deletes_again = 0.0
            if isinstance(trouble, NoAnswer):
                pause = _HUNG[min(self._hangs, len(_HUNG) - 1)]
                self.deletes_again = self._line.now + pause
                self._hangs += 1
            log.warning("slot %s %s cannot be emptied: %s", stored.memory, stored.index, trouble)
            # It may be empty all the same; a second reading would take the next one for it.
            return isinstance(trouble, Refused) and not self._stays(stored, marked=marked)
        self.deletes_again, self._hangs = 0.0, 0
        place = stored.memory, stored.index
        prove = prove or self._emptied.get(place) == stored.pdu
        self._emptied[place] = stored.pdu
        return not (prove and self._stays(stored, marked=marked))

    def _stays(self, stored: Stored, *, marked: bool) -> bool:
        """Whether it still lies where it was taken off; it does if the card does not say."""
        found = self.read(stored.memory, stored.index)
        if found is None:
            return self._unsure
        if found == stored and not (marked and found.unread):
            log.warning("the modem says that it emptied %s, and did not", stored.place)
            return True
        self._announce(stored)
        return False

    def _announce(self, stored: Stored) -> None:
        """Another one lies there, which nobody has stored: it is read in its turn."""
        self._line.unasked.append(Said(f'+CMTI: "{stored.memory}",{stored.index}'))

    def _is_there(self, stored: Stored) -> bool:
        """Whether this very SMS was read since the line is in step, or is still at its place."""
        seen = self._seen.get((stored.memory, stored.index))
        if seen == (stored, self._line.breaks) and stored.memory == self._memory:
            return True
        found = self.read(stored.memory, stored.index)
        if found is not None and found != stored:
            self._announce(stored)
        return found == stored
