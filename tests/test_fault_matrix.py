"""Each fault at each moment of an exchange, with each way of reports: nothing lost, nothing twice.

A cell of the matrix is a shop that takes in an order of three parts, answers it, and sends a text of
three parts, while one thing goes wrong at one moment and is put right half a minute later. Then what
went over the air is compared with the store.
"""

import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from crm_tui import sqlite
from crm_tui import store as stores
from crm_tui.gateway import Gateway
from crm_tui.gsm import ports
from crm_tui.shop.messages import outbox
from crm_tui.shop.messages.outbox import AGAIN
from crm_tui.shop.messages.settings import DOUBT_ANSWER, DOUBT_ORDER, PIN
from crm_tui.simulator import registry
from crm_tui.store import Store
from tests.daily import daily
from tests.shop import ANI, BUDI, START, CountingClock, NetworkClock, Shop, calm
from tests.test_in_step import Watched

LONG_IN = "PESAN PQ-R 1" + " " * 150 + "PQ-S 2" + " " * 150 + "AB-1 1"
LONG_OUT = "Barang sudah siap. " * 20
MOMENTS = ("receiving", "emptying", "answering", "sending")
REPORTS = ("none", "in time", "late", "before the OK")
LASTS = 30.0


@dataclass
class Cell:
    """A running cell: its shop, the worker's store, and what puts it right again."""

    watched: Watched
    store: Store
    again: list[Callable[[], object]]
    begun: bool = False
    heard: str = ""
    """The command or PDU at which the fault begins; the modem gets what the fault makes of it."""

    @property
    def modem(self) -> Any:
        return self.watched.shop.modem

    def set(self, **faults: object) -> None:
        for name, value in faults.items():
            before = getattr(self.modem.faults, name)
            setattr(self.modem.faults, name, value)
            self.again.append(partial(setattr, self.modem.faults, name, before))


Fault = Callable[[Cell], object]


def setting(**faults: object) -> Fault:
    return lambda cell: cell.set(**faults)


def trick(*tricks: str) -> Fault:
    return lambda cell: cell.modem.faults.tricks.extend(tricks)


def unplugged(cell: Cell) -> None:
    cell.modem.unplug()
    cell.again.append(cell.modem.replug)


def reboot(*words: str, **faults: object) -> Fault:
    def act(cell: Cell) -> None:
        for name, value in faults.items():
            setattr(cell.modem.faults, name, value)
        cell.modem.reboot(words, 5.0)

    return act


def full(cell: Cell) -> None:
    card = cell.modem.card
    before = card.capacities["SM"]
    card.capacities["SM"] = max(1, card.used("SM"))
    cell.again.append(lambda: card.capacities.__setitem__("SM", before))


def locked(cell: Cell) -> None:
    other = sqlite.connect(cell.store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    cell.again.append(other.close)


def elsewhere(cell: Cell) -> None:
    """The cable goes into another socket, and the port has another name."""
    shop = cell.watched.shop
    cell.modem.unplug()

    def back() -> None:
        registry.forget(shop.name)
        shop.name += "-2"
        registry.register(shop.name, cell.modem)
        cell.modem.replug()

    cell.again.append(back)


def clock(leap: timedelta) -> Fault:
    """The computer's clock is wrong, and set right by hand; the network's is right all the time."""

    def act(cell: Cell) -> None:
        shop = cell.watched.shop
        shop.clock.set(shop.clock.now() + leap)
        cell.again.append(lambda: shop.clock.set(cell.modem.clock.now()))

    return act


def noise(place: int, octet: str) -> Fault:
    """An octet of the PDU at one of seven places, in the answer of a reading or on its way out, is
    another one, or none: what the line does, and no one can tell a digit from a digit."""

    def spoilt(pdu: str) -> str:
        at = (len(pdu) - 1) * place // 6
        return pdu[:at] + octet + pdu[at + 1 :]

    def act(cell: Cell) -> None:
        if not cell.heard.startswith("AT"):
            cell.heard = spoilt(cell.heard)
            return
        modem = cell.modem
        say = modem._say

        def once(octets: bytes, seconds: float) -> None:
            text = octets.decode("latin-1")
            pdu = text.strip()
            if len(pdu) > 40 and not pdu.startswith(("+", "AT")):
                modem._say = say
                octets = text.replace(pdu, spoilt(pdu)).encode("latin-1")
            say(octets, seconds)

        modem._say = once

    return act


def pragma(begin: str, end: str) -> Fault:
    def act(cell: Cell) -> None:
        pages = cell.store.db.execute("PRAGMA page_count").fetchone()[0]
        cell.store.db.execute("PRAGMA " + begin.format(pages=pages))
        cell.again.append(lambda: cell.store.db.execute("PRAGMA " + end))

    return act


FAULTS: dict[str, Fault] = {
    "nothing": lambda cell: None,
    "OK never comes": trick("mute"),
    "OK is lost": trick("less 1"),
    "first line is lost": trick("less 0"),
    "OK after 70 s": trick("late 70"),
    "ERROR for OK": trick("ends ERROR"),
    "command is lost": trick("deaf"),
    "hangs": setting(silent=True),
    "hears nothing": setting(lost_commands=10_000),
    "no prompt": setting(lost_prompts=4),
    "slow": setting(slow=1.5),
    "unplugged": unplugged,
    "reboot": reboot(),
    "reboot, RDY": reboot("RDY", "+CPIN: READY", "SMS Ready"),
    "reboot, ^BOOT": reboot("^BOOT:27710117,0,0,0,6"),
    "reboot, PIN": reboot(sim="PIN"),
    "reboot, text mode": reboot(text_profile=True),
    "SIM full": full,
    "deletion fails": setting(stuck_slots=True),
    "deletion lies": setting(lying_delete=True),
    "deletion hangs": setting(hanging_delete=True),
    "no network": setting(registered=False),
    "network refuses": setting(registered=False, creg=3),
    "card refused": setting(sms_errors=[21] * 50),
    "SIM out": setting(sim="MISSING"),
    "octets before": setting(garbage="fffe00c3280d0a"),
    "news within": setting(noise=["RING", "^RSSI:11", "+CREG: 1", "OKE mas"]),
    "OK before": trick("before OK"),
    "ERROR before": trick("before ERROR"),
    "OK twice": trick("double 0"),
    "OK twice, late": trick("double 2"),
    "ERROR behind": trick("after 1 ERROR"),
    "store locked": locked,
    "disk full": pragma("max_page_count={pages}", "max_page_count=1000000"),
    "unplugged, another name": elsewhere,
    "clock an hour back": clock(timedelta(hours=-1)),
    "clock in 1970": clock(timedelta(days=-20_000)),
    "clock a day ahead": clock(timedelta(days=1)),
    "clock in 2099": clock(timedelta(days=26_000)),
    **{f"octet spoilt, {place + 1} of 7": noise(place, "\xff") for place in range(7)},
    **{f"octet lost, {place + 1} of 7": noise(place, "") for place in range(7)},
    "read-only": pragma("query_only=1", "query_only=0"),
}  # fmt: skip


def arm(cell: Cell, moment: str, fault: Fault) -> None:
    """Let the fault begin as the modem is about to do what belongs to the moment."""
    modem = cell.modem
    do = modem._do
    seen = Counter[str]()

    def watched(whole: str) -> None:
        if modem._body is not None:
            seen["PDU"] += 1
        else:
            seen[whole.partition("=")[0]] += 1
        at = {
            "receiving": ("AT+CMGR", 2),
            "emptying": ("AT+CMGD", 1),
            "answering": ("PDU", 1),
            "sending": ("PDU", 3),
        }[moment]
        if seen[at[0]] == at[1] and not seen["begun"]:
            seen["begun"] = 1
            cell.begun = True
            cell.heard = whole
            fault(cell)
            whole = cell.heard
            cell.watched.shop.after(LASTS, lambda: [each() for each in cell.again])
            if not modem.plugged or modem.clock.monotonic() < modem._booted_at:
                return
        do(whole)

    modem._do = watched


def reports(cell: Cell, how: str) -> None:
    modem = cell.modem
    modem.faults.no_reports = how == "none"
    modem.faults.report_delay = 60.0 if how == "late" else 0.0
    if how == "before the OK":
        give = modem.hand_over

        def early(pdu: str) -> Any:
            reference = give(pdu)
            modem.deliver_due()
            return reference

        modem.hand_over = early


def run(fault: str, moment: str, how: str) -> str:
    """What is wrong at the end of a cell, "" if nothing is."""
    with tempfile.TemporaryDirectory() as folder:
        watched = Watched(Path(folder) / "shop", CountingClock(START))
        shop = watched.shop
        shop.modem.clock = NetworkClock(shop.clock)
        shop.set(PIN, "1234")
        shop.set(DOUBT_ANSWER, 120)
        shop.set(DOUBT_ORDER, 120)
        store = Store(shop.ctx.store.path)
        cell = Cell(watched, store, [])
        reports(cell, how)
        arm(cell, moment, FAULTS[fault])
        shop.after(5, lambda: watched.brought.extend(shop.modem.inject(ANI, LONG_IN)))
        hand: list[int] = []
        shop.after(15, lambda: hand.append(_written(shop)))
        try:
            # A card that is refused is tried again after ten minutes, a deletion too.
            _serve(shop, store, 1500 if fault.startswith(("card", "deletion")) else 420)
            return _wrong(watched, how) if cell.begun else "it never began"
        except Exception as trouble:  # noqa: BLE001
            return f"{type(trouble).__name__}: {trouble}"
        finally:
            watched.close()
            registry.forget(shop.name)


def _serve(shop: Shop, store: Store, seconds: float) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ports, "candidates", lambda: [shop.port])
        worker = Gateway(store, shop.clock, shop.folder, "auto")
        shop.after(seconds, worker.stop.set)
        worker.run()


def _written(shop: Shop) -> int:
    """Written by hand, as soon as the store lets it be."""
    console = shop.console()
    try:
        return outbox.send(console, BUDI, LONG_OUT)
    except stores.StoreProblem:
        shop.after(5, lambda: _written(shop))
        return 0
    finally:
        console.store.close()


def _wrong(watched: Watched, how: str) -> str:
    shop = watched.shop
    try:
        watched.check()
    except AssertionError as wrong:
        return str(wrong).splitlines()[0]
    if shop.modem.texts:
        return "a PDU went out as a text"
    incoming = shop.rows("SELECT status FROM messages WHERE direction = 'in'")
    if [row["status"] for row in incoming] != ["answered"]:
        return f"in: {incoming}"
    if shop.one("SELECT count(*) FROM orders") != 1:
        return "the order is not there once"
    outgoing = shop.rows("SELECT * FROM messages WHERE direction = 'out'")
    if {row["status"] for row in outgoing} & {"queued", "held", "sending", "failed", "expired"}:
        return f"out: {[row['status'] for row in outgoing]}"
    shown = Counter((each["to"], each["text"]) for each in shop.modem.messages_sent())
    for row in outgoing:
        times = shown[row["phone"], row["text"]]
        if times > 1:
            return "shown twice, unmarked"
        if not times and row["status"] in ("sent", "delivered"):
            return "called sent, and nobody has it"
        repeated = shown[row["phone"], row["text"] + AGAIN]
        if repeated and (how != "none" and row["status"] == "delivered"):
            return "repeated, though a report came in time" if how != "late" else ""
        if not times and not repeated and row["kind"] != "hand":
            return "nobody has it"
    return ""


def table(results: dict[tuple[str, str, str], str]) -> str:
    """The matrix as text: a row a fault, a column a moment and way of reports."""
    columns = [(moment, how) for moment in MOMENTS for how in REPORTS]
    wide = max(map(len, FAULTS))
    head = " " * wide + "  " + "  ".join(f"{moment:<15}" for moment in MOMENTS)
    lines = [head, " " * wide + ("  " + "  ".join(how[:2] for how in REPORTS)) * len(MOMENTS)]
    for fault in FAULTS:
        cells = []
        for moment, how in columns:
            wrong = results.get((fault, moment, how))
            cells.append(" ·" if wrong is None else "NO" if wrong else "ok")
        lines.append(f"{fault:<{wide}}  " + "  ".join(cells))
    told = [f"{', '.join(cell)}: {why}" for cell, why in results.items() if why]
    return "\n".join([*lines, *told])


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    # Nobody waits for a locked store: it is simulated time that passes.
    monkeypatch.setattr(stores, "BUSY_SECONDS", 0.0)
    calm(monkeypatch)


@pytest.mark.parametrize("shift", daily([0, 2, 1, 3]))
def test_a_part_of_the_matrix(shift: int) -> None:
    """Each fault at one moment with one way of reports, another one for each."""
    results = {}
    for number, fault in enumerate(list(FAULTS)[shift::4]):
        moment = MOMENTS[(number + shift) % len(MOMENTS)]
        how = REPORTS[(number // len(MOMENTS) + shift) % len(REPORTS)]
        results[fault, moment, how] = run(fault, moment, how)
    assert not any(results.values()), table(results)


@pytest.mark.soak
def test_the_whole_matrix(capsys: pytest.CaptureFixture[str]) -> None:
    """All faults at all moments with all ways of reports."""
    results = {
        (fault, moment, how): run(fault, moment, how)
        for fault in FAULTS
        for moment in MOMENTS
        for how in REPORTS
    }
    with capsys.disabled():
        print("\n" + table(results))
    assert not any(results.values())
