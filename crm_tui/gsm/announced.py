"""What a modem has announced, or handed over: where SMS lie that are to be read, and when."""

import re
from math import inf

from crm_tui.gsm.line import Line
from crm_tui.gsm.line_fields import fields
from crm_tui.gsm.memories import Stored
from crm_tui.gsm.ussd import Said, read

# An announced SMS that is not there yet is looked for again after so many seconds, each time.
_AGAIN = (0.3, 0.7, 2.0, 5.0)
# While SMS wait to go out, status reports are read when there are so many – not more than a quarter of
# the memory, unless that is very small – or after so many seconds.
_REPORTS, _FEW_REPORTS, _REPORTS_WAIT = 64, 4, 2.0
_MOST_LATER = 1000
"""Places that are looked at again; whatever stands at others is found by a scan."""
Place = tuple[str, int]
"""A memory, and a slot of it; −1: it is not said which."""


class Announced:
    """What came on a line unasked. `capacity`: slots of the memory for new SMS, 0 if not known."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._reports: dict[Place, float] = {}
        """Where status reports lie that are not read yet, and since when."""
        self._later: dict[Place, tuple[float, int]] = {}
        self._rescan = False
        self.capacity = 0
        self.said: Said | None = None
        """What the network has said last."""

    def rescan(self) -> None:
        """Something may have come that was not announced."""
        self._rescan = True

    def taken(self, found: list[Stored]) -> None:
        """These were listed: they need not be read."""
        for stored in found:
            self._reports.pop((stored.memory, stored.index), None)

    def read(self, place: Place, *, found: bool) -> None:
        """A place was read. Some modems announce an SMS before it can be read: such a place is named a
        few times more."""
        _, tries = self._later.pop(place, (0.0, 0))
        if not found and tries < len(_AGAIN) and len(self._later) < _MOST_LATER:
            self._later[place] = self._line.now + _AGAIN[tries], tries + 1

    def due_in(self) -> float:
        """Seconds until a place is to be read again."""
        return max(0.0, min((due for due, _ in self._later.values()), default=inf) - self._line.now)

    def take(self, *, patient: bool) -> tuple[list[Place], list[Stored]]:
        """Places to read, and SMS that were handed over directly, since the last call. With `patient`
        status reports wait a little until there are some."""
        self._rescan = self._line.was_overrun() or self._rescan
        places: list[Place] = [("", -1)] if self._rescan else []
        self._rescan = False
        direct: list[Stored] = []
        now = self._line.now
        while self._line.unasked:
            said = self._line.unasked.popleft()
            if said.line.startswith(("+CMTI:", "+CDSI:")):
                place = _place(said.line)
                if place[1] >= 0 and said.line.startswith("+CDSI:"):
                    self._reports.setdefault(place, now)
                else:
                    places.append(place)
            elif said.body and said.line.startswith(("+CMT:", "+CDS:")):
                direct.append(Stored("", -1, said.body))
            elif said.line.startswith("+CUSD:"):
                self.said = read(said.line) or self.said
        if not patient or self._enough(now):
            places += self._reports
            self._reports.clear()
        places += [place for place, (due, _) in self._later.items() if due <= now]
        return list(dict.fromkeys(places)), direct

    def _enough(self, now: float) -> bool:
        waiting = self._reports.values()
        most = max(_FEW_REPORTS, min(_REPORTS, self.capacity // 4))
        return len(waiting) >= most or any(now - since >= _REPORTS_WAIT for since in waiting)


def _place(line: str) -> Place:
    parts = fields(line)
    slot = parts[1] if len(parts) > 1 else ""
    return parts[0] if parts else "", int(slot) if re.fullmatch(r"[0-9]{1,5}", slot) else -1
