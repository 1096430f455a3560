"""The console with the setting `login.console`: who changes anything has proved who they are first."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from crm_tui.cli.commands import main
from crm_tui.clock import stamp
from crm_tui.replication import change_capture, down
from crm_tui.replication.up import ACTOR
from crm_tui.shop.backups import making
from crm_tui.shop.branches import applying
from crm_tui.shop.customers import cards
from crm_tui.shop.customers.cards import Card
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.commands import part
from crm_tui.shop.gate.context import CHAIN, DOOR, Context, console
from crm_tui.shop.items import prices
from crm_tui.shop.users import accounts, login
from crm_tui.shop.users.errors import PasswordFirst, WrongLogin
from crm_tui.shop.users.settings import CONSOLE_ASKS
from tests.branch import enrol
from tests.counter import PASSWORD, staff
from tests.daily import daily
from tests.shop import ANI, Shop

CHANGING: dict[str, tuple[str, ...]] = {
    "backup": (),
    "balance": (),
    "chain enrol": ("{folder}/file",),
    "chain epoch": (),
    "chain export": ("{folder}/out.crm",),
    "chain import": ("{folder}/file",),
    "chain leave": (),
    "check": ("--accept",),
    "clock": ("--agree",),
    "confirm": ("1",),
    "customer erase": (ANI, "--yes"),
    "customer hand-out": (ANI, "-o", "{folder}/all.json"),
    "export": ("--all", "{folder}/all"),
    "import back": ("1",),
    "import customers": ("{folder}/customers.csv",),
    "import items": ("{folder}/items.csv",),
    "import sales": ("{folder}/sales.csv",),
    "reject": ("1", "--reason", "habis"),
    "restore": ("{backup}", "--yes"),
    "send": (ANI, "Halo"),
    "settings": ("sms.cost", "351"),
}
"""What changes something, with words for which it would."""
OTHERS = frozenset(
    # Only shown; the worker's and the chain's own, which run where nobody sits; no shop yet, or another
    # one; nobody left who could be asked; the head office, which has its own.
    ("read", "report", "chain status", "gateway", "chain run", "demo", "init", "simulate", "recover",
     "office")
)  # fmt: skip
_OWN = {"audit", "changes", "login_tries", "users", "upkeep", "links", "reports"}
"""Where wrong tries are counted, and what is noted whenever the shop is opened."""


def _leaves(group: click.Group, before: str = "") -> Iterator[str]:
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        found = group.get_command(ctx, name)
        whole = f"{before}{name}"
        if whole in OTHERS or not isinstance(found, click.Group):
            yield whole
        else:
            yield from _leaves(found, f"{whole} ")


def _told(shop: Shop) -> dict[str, Any]:
    """All rows, but for those of the door."""
    tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'"
    return {
        row["name"]: [tuple(each) for each in shop.rows(f'SELECT * FROM "{row["name"]}"')]
        for row in shop.rows(tables)
        if row["name"] not in _OWN
    }


@pytest.mark.soak
def test_whatever_the_console_is_given(shop: Shop) -> None:
    """A name that is no text, nothing, or closed streams: one sentence, nothing is changed, no
    traceback, and no file of the shop takes the place of a stream."""
    settings.change(shop.ctx, CONSOLE_ASKS.key, "1")
    before = shop.one("SELECT count(*) FROM settings")
    program = f"{sys.executable} -m crm_tui --data {shop.folder} settings sms.cost 351"
    for given in (
        r"printf '\377\376\nbos\n' |", r"printf 'bos\n\377\376\n' |", "</dev/null", "<&-", ">&-",
        "<&- >&-", "<&- >&- 2>&-",
    ):  # fmt: skip
        words = f"{given} {program}" if given.endswith("|") else f"{program} {given}"
        done = subprocess.run(["sh", "-c", words], capture_output=True, text=True)
        assert done.returncode == 1, given
        assert "Traceback" not in done.stderr, given
        assert len(done.stderr.splitlines()) == (0 if "2>" in given else 1), (given, done.stderr)
    assert shop.one("SELECT count(*) FROM settings") == before


def test_each_command_is_known() -> None:
    """No command is without a test of whether it asks."""
    assert set(_leaves(main)) == CHANGING.keys() | OTHERS


def _asking(shop: Shop) -> Context:
    """The console as it is with the setting on, where nobody knows a password."""
    own = shop.ctx.acting(console())

    def refuse(ctx: Context) -> None:
        login.vouch(ctx, "bos", "salah-salah")

    own.prove = refuse
    return own


@pytest.fixture
def whole(shop: Shop, tmp_path: Path) -> dict[str, str]:
    """A shop in which each command has something to do, and the setting on; what words stand for."""
    cards.add(shop.ctx, Card("Ani", phone=ANI))
    code = shop.one("SELECT code FROM items WHERE id = 1")
    shop.ask(ANI, f"PESAN {code} 1")
    assert shop.one("SELECT count(*) FROM orders") == 1
    backup = making.make(shop.ctx, "asked").path
    enrol(shop.ctx, 1)
    change_capture.keep(shop.ctx.acting(ACTOR))
    files = {
        "items.csv": f"code,name,price,stock\nBARU-1,Baru,9000,1\n{code},Lain,8000,3\n",
        "customers.csv": "name,phone\nBudi,081234567890\n",
        "sales.csv": "date,phone,total\n2026-01-05,081234567890,50000\n",
        "file": "x",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    settings.change(shop.ctx, CONSOLE_ASKS.key, "1")
    return {"folder": str(tmp_path), "backup": str(backup)}


NEED_MORE = {"chain enrol", "chain epoch", "chain import", "import back"}
"""What would need an office or a file of its own before it asks: their changes are tried below."""


@pytest.mark.parametrize("name", daily(sorted(CHANGING), 3))
def test_each_command_asks(shop: Shop, whole: dict[str, str], name: str) -> None:
    """With the setting, and without an Administrator's password, no command changes a row of the shop,
    or writes a file; it says that the password is wrong."""
    before, files = _told(shop), {*Path(whole["folder"]).iterdir()}
    shop.leave()
    words = (*name.split(), *(each.format(**whole) for each in CHANGING[name]))
    done = CliRunner().invoke(
        main, ["--lang", "en", "--data", str(shop.folder), *words], input="bos\nsalah-salah\n"
    )
    assert _told(shop) == before
    assert {*Path(whole["folder"]).iterdir()} == files
    assert done.exit_code == 1, done.output
    if name not in NEED_MORE:
        assert WrongLogin.text in done.output


def test_who_only_looks_is_not_asked(shop: Shop, whole: dict[str, str]) -> None:
    """With the setting, what shows something asks nobody, whatever is noted when the shop is opened."""
    shop.folder.chmod(0o777)
    for words in (("report", "sales"), ("settings",), ("read", "HARGA"), ("chain", "status")):
        shop.leave()
        done = CliRunner().invoke(
            main, ["--lang", "en", "--data", str(shop.folder), *words], input=""
        )
        assert done.exit_code == 0, done.output


def test_no_other_name_is_a_way_past(shop: Shop) -> None:
    """Whoever is to say who they are says so under whatever name they act: what the head office wrote,
    what the chain notes, a part of a command without its beginning."""
    enrol(shop.ctx, 1)
    at = stamp(shop.clock.now())
    before = _told(shop)
    told = [(1, "price", "PQ-R", {"code": "PQ-R", "price": 1}, at)]
    with pytest.raises(WrongLogin):
        down.take_all(_asking(shop), "kantor", lambda after, most: told if after < 1 else [])
    with pytest.raises(WrongLogin):
        applying.take(_asking(shop).acting(CHAIN), "kantor", [], 5)
    with pytest.raises(WrongLogin):
        change_capture.keep(_asking(shop).acting(ACTOR))
    shop.clock.wait(600)
    with pytest.raises(WrongLogin), part(_asking(shop).acting(ACTOR).acting(CHAIN), "upkeep"):
        raise AssertionError
    assert _told(shop) == before
    # The door is what they are asked at.
    assert _asking(shop).acting(DOOR).prove is None


def test_it_is_asked_once_under_all_names(shop: Shop) -> None:
    """Who has proved who they are is not asked again under another name, nor the other way round."""
    staff(shop, name="sari")
    own, times = shop.ctx.acting(console()), []

    def prove(ctx: Context) -> None:
        times.append(ctx.actor.kind)
        login.vouch(ctx, "sari", PASSWORD)

    own.prove = prove
    other = own.acting(ACTOR)
    with part(other, "upkeep"):
        pass
    prices.set_price(own, 1, 99_000)
    with part(own.acting(ACTOR), "upkeep"):
        pass
    assert times == ["console"]
    told = shop.rows("SELECT DISTINCT actor FROM audit WHERE command = 'items.set_price'")
    assert [row["actor"] for row in told] == [f"{console().name} (sari)"]


def test_a_password_of_somebody_else_s_vouches_for_nobody(shop: Shop) -> None:
    """An Administrator whose password somebody else chose chooses one of their own before it counts
    at the console."""
    accounts.add(shop.ctx, "tono", "Tono", "Administrator", PASSWORD)
    assert shop.one("SELECT must_change FROM users WHERE login = 'tono'")
    own = shop.ctx.acting(console())
    own.prove = lambda ctx: login.vouch(ctx, "tono", PASSWORD)
    before = shop.one("SELECT price FROM items WHERE id = 1")
    with pytest.raises(PasswordFirst):
        prices.set_price(own, 1, 99_000)
    assert shop.one("SELECT price FROM items WHERE id = 1") == before
