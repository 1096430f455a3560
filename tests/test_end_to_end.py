"""From the customer's SMS to the answer on their telephone, through real processes and a real pty."""

import contextlib
import json
import random
import signal
import subprocess
import time
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from crm_tui.clock import SystemClock
from crm_tui.practice import story
from crm_tui.shop.checks import integrity
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.messages.outbox import AGAIN
from tests.peers import Simulator, crm, end, founded, quick_worker, simulator, until
from tests.strict import Strict, catalogue, messages

ITEMS = Path(str(files(story.__package__ or "") / "items.csv"))
MESSAGES = 200


def _shop(folder: Path) -> Path:
    shop = founded(folder / "toko")
    crm(shop, "import", "items", str(ITEMS))
    return shop


def _report(shop: Path, name: str) -> list[dict[str, Any]]:
    return list(json.loads(crm(shop, "report", name, "--format", "json")))


def _settled(shop: Path, modem: Simulator, count: int) -> bool:
    if modem.do("waiting") or modem.do("sim"):
        return False
    rows = _report(shop, "messages")
    incoming = [row for row in rows if row["direction"] == "in"]
    busy = {"new", "queued", "held", "sending", "sent", "in_doubt"}
    return len(incoming) == count and not any(row["status"] in busy for row in rows)


def _judge(shop: Path, modem: Simulator, wanted: list[Strict]) -> list[dict[str, Any]]:
    """All read, ordered and answered as they should; the rows of the report."""
    items = catalogue(ITEMS)
    rows = _report(shop, "messages")
    orders = {row["number"]: row for row in _report(shop, "orders")}
    incoming = {row["phone"]: row for row in rows if row["direction"] == "in"}
    assert len(incoming) == len([row for row in rows if row["direction"] == "in"]) == len(wanted)
    replies = {row["reply_to"]: row for row in rows if row["reply_to"] is not None}
    air = Counter((entry["to"], entry["text"].replace(AGAIN, "")) for entry in modem.do("sent"))
    ordered = 0
    for each in wanted:
        row = incoming[each.phone]
        assert row["text"] == each.text
        assert row["read_as"] == each.read_as, each
        if each.read_as == "human":
            assert row["status"] == "staff"
            assert row["id"] not in replies
            continue
        assert row["status"] == "answered"
        reply = replies[row["id"]]
        assert reply["phone"] == each.phone
        assert air[each.phone, reply["text"].replace(AGAIN, "")] == 1
        for code, _ in each.lines:
            assert code in reply["text"]
        if each.read_as in ("price", "stock"):
            for code, _ in each.lines:
                assert rupiah(int(items[code]["price"])) in reply["text"]
        if each.read_as == "order":
            ordered += 1
            order = orders[row["order"]]
            assert order["status"] == "waiting"
            assert {line["code"]: line["quantity"] for line in order["lines"]} == dict(each.lines)
            assert order["total"] == sum(
                int(items[code]["price"]) * (count or 0) for code, count in each.lines
            )
            assert rupiah(order["total"]) in reply["text"]
        else:
            assert row["order"] is None
    assert len(orders) == ordered
    return rows


def _inject(modem: Simulator, wanted: list[Strict]) -> None:
    for each in wanted:
        modem.do("inject", **{"from": each.phone, "text": each.text})


def test_two_hundred(tmp_path: Path) -> None:
    """200 strict messages: 200 right readings, orders and answers; the SIM is empty."""
    shop = _shop(tmp_path)
    wanted = messages(catalogue(ITEMS), MESSAGES, seed=1)
    with simulator(tmp_path) as modem:
        process = quick_worker(shop, modem.port)
        try:
            _inject(modem, wanted)
            until(lambda: _settled(shop, modem, MESSAGES), 90, 0.5)
        finally:
            end(process)
        assert process.returncode == 0, "it stops when asked"
        rows = _judge(shop, modem, wanted)
        assert {row["status"] for row in rows if row["direction"] == "out"} == {"delivered"}


# Every commit and every write is died at in tests/test_crash.py; this takes half a minute.
@pytest.mark.soak
@pytest.mark.parametrize("seed", [2, 3])
def test_killed_at_random(tmp_path: Path, seed: int) -> None:
    """SIGKILL at random moments: still 200 right readings, and nobody is answered twice."""
    shop = _shop(tmp_path)
    for key in ("sms.doubt_answer_seconds", "sms.doubt_order_seconds"):
        crm(shop, "settings", key, "3")
    wanted = messages(catalogue(ITEMS), MESSAGES, seed=seed)
    chance = random.Random(seed)
    kills = 0
    with simulator(tmp_path, "--baud", "115200") as modem:
        _inject(modem, wanted)
        while kills < 12:
            process = quick_worker(shop, modem.port)
            time.sleep(chance.uniform(0.4, 1.4))
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
        process = quick_worker(shop, modem.port)
        try:
            until(lambda: _settled_or_left(shop, modem), 90, 0.5)
        finally:
            end(process)
        _judge(shop, modem, wanted)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_kills(tmp_path: Path, seed: int) -> None:
    """1,000 SIGKILLs in ten shops, while SMS keep coming: all are read and answered, none twice."""
    shop = _shop(tmp_path)
    for key in ("sms.doubt_answer_seconds", "sms.doubt_order_seconds"):
        crm(shop, "settings", key, "3")
    wanted = messages(catalogue(ITEMS), MESSAGES, seed=100 + seed)
    chance = random.Random(seed)
    with simulator(tmp_path, "--baud", "115200") as modem:
        for kill in range(100):
            _inject(modem, wanted[2 * kill : 2 * kill + 2])
            process = quick_worker(shop, modem.port)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0.05, 1.5))
            process.kill()
            # It was killed, and did not end by itself.
            assert process.wait() == -signal.SIGKILL
        last = quick_worker(shop, modem.port)
        try:
            until(lambda: _settled_or_left(shop, modem), 90, 0.5)
        finally:
            end(last)
        _judge(shop, modem, wanted)
        found = integrity.check(shop / "crm.db", SystemClock(), thorough=True, between=lambda: None)
        assert (found.structure, found.pages, found.sums, found.lost) == ("", 0, (), 0)


def _settled_or_left(shop: Path, modem: Simulator) -> bool:
    """As `_settled`; what never went out stays in doubt once it was repeated."""
    if modem.do("waiting") or modem.do("sim"):
        return False
    rows = _report(shop, "messages")
    if any(row["status"] in ("new", "queued", "held", "sending", "sent") for row in rows):
        return False
    doubtful = [row for row in rows if row["status"] == "in_doubt"]
    repeated = Counter(row["reply_to"] for row in rows if row["reply_to"])
    return all(repeated[row["reply_to"]] == 2 for row in doubtful)
