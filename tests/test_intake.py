"""SMS are taken in beside the line: stored before they are deleted, whatever is done meanwhile."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui import sqlite
from crm_tui.clock import SimulatedClock
from crm_tui.gsm import pdu
from crm_tui.gsm.line import Line
from crm_tui.gsm.memories import Memories
from crm_tui.gsm.text import segments
from crm_tui.shop.answers import handling, understanding
from crm_tui.shop.messages import outbox
from crm_tui.store import DiskFull
from tests.shop import ANI, Shop, statuses

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PDUS = [pdu.deliver(f"+6281100000{n:03}", segments("HARGA AB-1")[0], NOW) for n in range(40)]


class Card:
    """A modem with SMS of equal length in its slots, that loses lines of its first listing."""

    def __init__(self, slots: dict[int, str], lost: set[int]) -> None:
        self.clock = SimulatedClock(NOW)
        self.slots, self.lost = dict(slots), lost
        self.stored: set[str] = set()
        self._said = b""

    @property
    def in_waiting(self) -> int:
        return len(self._said)

    def read(self, size: int = 1, /) -> bytes:
        self.clock.wait(0.0 if self._said else 0.1)
        said, self._said = self._said, b""
        return said

    def close(self) -> None: ...

    def write(self, data: bytes, /) -> int:
        command = data.decode().strip()
        lines: list[str] = []
        if command == "AT+CMGL=4":
            for slot, held in sorted(self.slots.items()):
                lines += [f"+CMGL: {slot},1,,{pdu.tpdu_length(held)}", held]
            lines = [line for at, line in enumerate(lines) if at not in self.lost]
        elif (found := re.fullmatch(r"AT\+CMGR=(\d+)", command)) and int(found[1]) in self.slots:
            held = self.slots[int(found[1])]
            lines = [f"+CMGR: 1,,{pdu.tpdu_length(held)}", held]
        elif found := re.fullmatch(r"AT\+CMGD=(\d+)", command):
            assert self.slots.pop(int(found[1])) in self.stored, "deleted, and never stored"
        elif command == "AT+CPMS=?":
            lines = ['+CPMS: ("SM"),("SM"),("SM")']
        elif command.startswith("AT+CPMS="):
            lines = ["+CPMS: 0,40,0,40,0,40"]
        elif command == "AT+CMEE?":
            lines = ["+CMEE: 1"]
        self._said += "".join(f"\r\n{line}\r\n" for line in [*lines, "OK"]).encode()
        return len(data)


@given(
    st.sets(st.integers(1, 12), min_size=1).map(sorted),
    st.integers(0, 24),
    st.integers(1, 5),
    st.sets(st.integers(0, 24), max_size=2),
)
def test_listing_that_lost_lines(slots: list[int], at: int, count: int, more: set[int]) -> None:
    """Whatever lines of a listing are lost, only what was stored is deleted, and all is stored."""
    card = Card({slot: PDUS[slot] for slot in slots}, {*range(at, at + count), *more})
    memories = Memories(Line(card, "card", card.clock))
    memories.choose()
    for _ in range(30):
        found = memories.scan()
        card.stored |= {sms.pdu for sms in found}
        for sms in found:
            memories.delete(sms)
        card.lost = set()
    assert not card.slots


def commands_of(shop: Shop) -> list[str]:
    """What the worker writes from now on, but for PDUs."""
    heard: list[str] = []
    obey = shop.modem.obey

    def listens(line: str) -> None:
        heard.append(line)
        obey(line)

    shop.modem.obey = listens  # type: ignore[method-assign]
    return heard


def test_several_are_read_and_then_deleted(shop: Shop) -> None:
    """While one SMS is read the one before it is stored, and each is deleted once it is stored."""
    stored: list[tuple[str, Any]] = []

    def come() -> None:
        for number in range(4):
            shop.says(f"+62811000{number:05}", "HARGA AB-1")

    delete = shop.modem.card.delete

    def watched(memory: str, index: int) -> None:
        slot = shop.modem.card.slots[memory][index]
        stored.append((slot.pdu, shop.one("SELECT count(*) FROM pdus WHERE pdu = ?", slot.pdu)))
        delete(memory, index)

    shop.modem.card.delete = watched  # type: ignore[method-assign]
    shop.after(5, come)
    heard = commands_of(shop)
    shop.run(12)
    taken = [line[2:] for line in heard if line.startswith(("AT+CMGR", "AT+CMGD"))]
    # The first is dealt with by itself: what is to be sent has its turn behind it.
    assert taken[2:8] == ["+CMGR=2", "+CMGR=3", "+CMGD=2", "+CMGR=4", "+CMGD=3", "+CMGD=4"]
    assert len(stored) == 8
    assert all(there for _, there in stored)
    assert len(shop.modem.sent) == 4


def test_reports_are_listed_together(shop: Shop) -> None:
    """Status reports that come while SMS go out are read together, and all of them count."""
    shop.modem.card.capacities["SM"] = 200
    for number in range(40):
        outbox.send(shop.ctx, f"+62811000{number:05}", "Pesanan Anda siap")
    heard = commands_of(shop)
    shop.run(30)
    assert shop.one("SELECT count(*) FROM messages WHERE status = 'delivered'") == 40
    assert sum(line.startswith("AT+CMGR") for line in heard) < 25
    assert not shop.modem.card.used("SM")


def test_failure_while_the_network_takes_one(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails while an SMS is going out leaves no doubt of that SMS, and is done again."""
    handle: Callable[..., None] = handling.handle
    busy: list[int] = []

    def failing(*args: Any) -> None:
        if not busy and shop.one("SELECT count(*) FROM segments WHERE status = 'sending'"):
            busy.append(1)
            raise DiskFull(path=shop.folder)
        handle(*args)

    monkeypatch.setattr(handling, "handle", failing)
    shop.modem.faults.no_reports = True
    for number in range(12):
        shop.says(f"+62811000{number:05}", "HARGA AB-1")
    shop.run(60)
    assert busy
    assert len(shop.modem.sent) == 12
    assert shop.rows("SELECT DISTINCT status FROM segments") == [{"status": "sent"}]


def test_a_store_that_cannot_be_read_for_a_moment(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An SMS that is being read while the disk fails is no SMS for people: it waits, and is answered
    when the store can be used again."""
    foresee = understanding.foresee
    failed: list[Exception] = []

    def fails(*args: Any) -> None:
        if not failed:
            trouble = sqlite.OperationalError("disk I/O error")
            trouble.sqlite_errorcode = sqlite.SQLITE_IOERR
            failed.append(trouble)
            raise trouble
        foresee(*args)

    monkeypatch.setattr(understanding, "foresee", fails)
    assert "Rp85.000" in shop.ask(ANI, "HARGA PQ-R", 10)
    assert failed
    assert statuses(shop, "in") == ["answered"]
