"""Whole conversations by SMS, through the simulated modem and the worker, in the practice shop: what
the customer got, and what the staff see in the end."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from crm_tui.clock import SystemClock
from crm_tui.practice.clock import EventClock
from crm_tui.practice.shop import ACCOUNTS, PASSWORD
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.gate.folder import store_path
from crm_tui.shop.users import login
from crm_tui.simulator import registry
from crm_tui.store import Store
from tests.counter import LARGE, Counter, counter
from tests.shop import Shop, ledgers_add_up

PHONE = "+6281377001122"


def _stands(here: Counter, piece: str) -> bool:
    return piece in here.text


@dataclass(frozen=True)
class Talk:
    """What a customer writes, with a piece of each answer ("" if there is none); in the end the order,
    if it waits, and `seen`: what stands on the staff's screen that `keys` open."""

    name: str
    turns: tuple[tuple[str, str], ...]
    order: dict[str, int]
    seen: tuple[str, ...]
    keys: tuple[str, ...] = ("1", "end")


TALKS = (
    Talk(
        "sides",
        (
            ("bos kampas rem vario ada ga, brp", "1. KR-VAR"), ("yg depan 2", "2 KR-VAR-D"),
            ("belakangnya 1 juga", "KR-VAR-B"), ("yang depan jadi 3", "3 KR-VAR-D"),
        ),
        {"KR-VAR-D": 3, "KR-VAR-B": 1}, ("KR-VAR-D", "KR-VAR-B"),
    ),
    Talk(
        "each",
        (
            ("harga ban irc 90/90-14", "245.000"), ("yang 80/90 berapa", "215.000"),
            ("pesan masing2 1", "460.000"),
        ),
        {"BAN-9090": 1, "BAN-8090": 1}, ("BAN-9090", "BAN-8090"),
    ),
    Talk(
        "javanese",
        (("punten, regane oli gardan pinten", "16.000"), ("nggih loro", "32.000")),
        {"OLI-GRD": 2}, ("OLI-GRD",),
    ),
    Talk(
        "both",
        (
            ("filter oli avanza brp", "38.000"), ("sama filter udaranya?", "72.000"),
            ("ambil dua duanya 1 1", "110.000"),
        ),
        {"FO-AVZ": 1, "FU-AVZ": 1}, ("FO-AVZ", "FU-AVZ"),
    ),
    Talk(
        "sold out",
        (
            ("pesan kampas rem belakang beat 2", "kosong"), ("yang depan aja", "KR-BEAT-D"),
            ("ya", "116.000"),
        ),
        {"KR-BEAT-D": 2}, ("KR-BEAT-D",),
    ),
    Talk(
        "taken back",
        (
            ("ado dak v-belt beat", "118.000"), ("ambek 2", "236.000"),
            ("ga jadi deh", "dibatalkan"),
        ),
        {}, (),
    ),
    Talk(
        "less",
        (
            ("tlg siapin busi c7 4", "72.000"), ("kurangi 1", "54.000"), ("udah itu aja makasih", ""),
        ),
        {"BSI-C7": 3}, ("BSI-C7",),
    ),
    Talk(
        "waiting list",
        (("vbelt mio ada?", "kosong"), ("kabari kalau ada", "VB-MIO")),
        {}, ("VB-MIO", "menunggu"), ("w",),
    ),
    Talk(
        "another one",
        (
            ("pesan aki gs gtz5 1", "215.000"), ("eh salah yg gtz6", "265.000"),
            ("aki yuasanya 1 jg", "AKI-YTX4"),
        ),
        {"AKI-GTZ6": 1, "AKI-YTX4": 1}, ("AKI-GTZ6", "AKI-YTX4"),
    ),
    Talk(
        "in vain",
        (
            ("vbelt satria ada?", "satria"), ("klo beat?", "118.000"), ("ya udah pesan 2", "236.000"),
            ("bukan 2 tapi 1", "118.000"),
        ),
        {"VB-BEAT": 1}, ("VB-BEAT",),
    ),
    Talk(
        "haggling",
        (("kampas kopling avanza brp", "745.000"), ("mahal amat pak, 500 aja ya", "")),
        {}, ("mahal amat",), ("2",),
    ),
)  # fmt: skip
_BRIEF = {"sides"}


@pytest.fixture
def practice(made: Path, tmp_path: Path) -> Iterator[Shop]:
    """A copy of it, with a simulated modem and a worker on a clock that jumps while it waits."""
    folder = tmp_path / "latihan"
    folder.mkdir()
    for name in ("crm.db", "crm.db-wal"):
        if (made / name).exists():
            shutil.copy(made / name, folder / name)
    shop = Shop(tmp_path / "other", clock=EventClock(SystemClock().now() + timedelta(minutes=5)))
    shop.leave()
    shop.folder = folder
    shop.ctx = Context(Store(store_path(folder)), shop.clock, console())
    # The worker of a practice shop knows this modem only.
    registry.register("practice", shop.modem)
    yield shop
    registry.forget("practice")
    shop.close()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "talk",
    [
        pytest.param(talk, id=talk.name, marks=() if talk.name in _BRIEF else pytest.mark.soak)
        for talk in TALKS
    ],
)
async def test_by_sms(practice: Shop, talk: Talk) -> None:
    """A customer gets the answers that a careful clerk would give, and the staff see the outcome."""
    for text, answer in talk.turns:
        told = practice.ask(PHONE, text, seconds=20)
        assert (answer in told) if answer else not told, (text, told)
    ordered = {
        row["code"]: row["quantity"]
        for row in practice.rows(
            "SELECT code, quantity FROM order_lines JOIN orders ON orders.id = order_id"
            " WHERE phone = ? AND status = 'waiting'",
            PHONE,
        )
    }
    assert ordered == talk.order
    ledgers_add_up(practice.ctx)
    clerk = login.sign_in(practice.ctx, ACCOUNTS[0].login, PASSWORD)
    async with counter(practice, clerk, size=LARGE, language="id") as here:
        await here.press(*talk.keys)
        for piece in talk.seen:
            await here.until(partial(_stands, here, piece), here.text)
        if not talk.seen:
            assert "1377001122" not in here.text.replace("-", "").replace(" ", "")
