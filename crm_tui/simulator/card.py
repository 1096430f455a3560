"""The memories of a simulated modem: the SIM card, and the modem's own."""

import json
from dataclasses import dataclass, field
from pathlib import Path

UNREAD, READ = 0, 1


@dataclass
class Slot:
    status: int
    pdu: str


@dataclass
class Card:
    """Slots by memory and index; `file` keeps them when the process ends."""

    capacities: dict[str, int] = field(default_factory=lambda: {"SM": 30, "ME": 100})
    first: int = 1
    file: Path | None = None
    slots: dict[str, dict[int, Slot]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for memory in self.capacities:
            self.slots.setdefault(memory, {})
        if self.file and self.file.exists():
            for memory, index, status, pdu in json.loads(self.file.read_text("utf-8")):
                self.slots[memory][index] = Slot(status, pdu)

    def put(self, memory: str, pdu: str, status: int = UNREAD) -> int | None:
        """The slot that took `pdu`, or None if the memory is full."""
        used = self.slots[memory]
        for index in range(self.first, self.first + self.capacities[memory]):
            if index not in used:
                used[index] = Slot(status, pdu)
                self._keep()
                return index
        return None

    def delete(self, memory: str, index: int) -> None:
        self.slots[memory].pop(index, None)
        self._keep()

    def has(self, memory: str, index: int) -> bool:
        return self.first <= index < self.first + self.capacities[memory]

    def used(self, memory: str) -> int:
        return len(self.slots[memory])

    def _keep(self) -> None:
        if self.file is None:
            return
        rows = [
            [memory, index, slot.status, slot.pdu]
            for memory, slots in self.slots.items()
            for index, slot in slots.items()
        ]
        self.file.write_text(json.dumps(rows), "utf-8")
