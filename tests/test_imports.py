"""Imports: all or nothing through crashes and refusals, while others write."""

import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from crm_tui import sqlite
from crm_tui.clock import SystemClock
from crm_tui.errors import Problem
from crm_tui.i18n import translate
from crm_tui.shop.backups import making
from crm_tui.shop.backups.errors import ImportUnfinished
from crm_tui.shop.customers import people
from crm_tui.shop.gate import health, slices
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.gate.errors import Cancelled, NotAllowed
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.imports import customers as import_customers
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.imports import source, telling
from crm_tui.shop.imports import staging as imports
from crm_tui.shop.imports.dates import day_of
from crm_tui.shop.imports.errors import FileNoFile, ImportLost, ImportRunning, RowsRefused
from crm_tui.shop.imports.findings import unfinished
from crm_tui.shop.imports.questions import Choices
from crm_tui.shop.overview import dashboard
from crm_tui.store import Store
from tests.counter import counter, staff
from tests.shop import ANI, BUDI, Shop, ledgers_add_up
from tests.test_commands import session

HEAD = "kode,nama,satuan,harga,stok,modal,kategori\n"


def items_file(folder: Path, count: int, first: int = 0, price: int = 1000) -> Path:
    path = folder / f"barang-{first}-{price}.csv"
    lines = [f"N-{n},Barang {n},pcs,{price + n},{n % 7},5000,Uji\n" for n in range(first, count)]
    path.write_text(HEAD + "".join(lines), "utf-8")
    return path


class Killed(BaseException):
    """The process ends here."""


class Mortal(Store):
    """A store whose process dies at its n-th commit, before or after it."""

    left = 0
    after = False

    def commit(self, db: Database) -> None:
        self.left -= 1
        if self.left == 0 and not self.after:
            raise Killed
        super().commit(db)
        if self.left == 0:
            raise Killed


def content(shop: Shop) -> list[list[dict[str, object]]]:
    """All that an import of items may touch, without keys and moments."""
    return [
        shop.rows("SELECT code, name, unit, price, cost, category, active FROM items ORDER BY code"),
        shop.rows("SELECT code, on_hand FROM stock JOIN items ON id = item_id ORDER BY code"),
        shop.rows("SELECT code, before, after FROM price_changes JOIN items ON items.id = item_id"
                  " ORDER BY code, price_changes.id"),
    ]  # fmt: skip


@pytest.mark.parametrize("after", [False, True])
def test_killed_between_any_two_commits(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    """An import whose process dies at any commit is not there at all, or is finished by the next who
    opens the shop, with nothing twice."""
    monkeypatch.setattr(slices, "FIRST", 8)
    monkeypatch.setattr(slices, "next_size", lambda size, took: 8)
    old, new = items_file(tmp_path, 20, price=9000), items_file(tmp_path, 40)
    for died in range(1, 30):
        import_items.apply(shop.ctx, import_items.read_file(old), "lama")
        with shop.ctx.store.transaction() as db:
            db.execute("UPDATE stock SET on_hand = on_hand")
        before = content(shop)
        store = Mortal(shop.ctx.store.path)
        store.left, store.after = died, after
        ctx = Context(store, shop.clock, console())
        staging = imports.stage(ctx, import_items.KIND, new)
        killed = False
        try:
            imports.merge(ctx, staging)
        except Killed:
            killed = True
        store.close()
        # The lock falls with its process.
        staging._lock.release(force=True)
        if content(shop) != before:
            imports.resume(shop.ctx)
        else:
            begun = shop.one("SELECT count(*) FROM imports WHERE status = 'merging'")
            assert begun == (died > 1 or after)
            imports.resume(shop.ctx)
            assert begun or content(shop) == before
        if begun_or_done(shop):
            assert shop.one("SELECT count(*) FROM items WHERE code LIKE 'N-%'") == 40
            assert shop.one("SELECT price FROM items WHERE code = 'N-3'") == 1003
            assert not (shop.folder / imports.ASIDE).exists()
        ledgers_add_up(shop.ctx)
        if not killed:
            break
    else:
        raise AssertionError("it never came to its end")


def begun_or_done(shop: Shop) -> bool:
    row = shop.rows("SELECT file, status FROM imports ORDER BY id DESC LIMIT 1")[0]
    assert row["status"] == "done"
    return str(row["file"]).startswith("barang")


@pytest.mark.parametrize("opened", [False, True])
def test_killed_before_it_begins(shop: Shop, tmp_path: Path, opened: bool) -> None:
    """What only lies aside is thrown away by the next who opens the shop, or imports."""
    staging = imports.stage(shop.ctx, import_items.KIND, items_file(tmp_path, 5))
    staging._lock.release()
    assert (shop.folder / imports.ASIDE).exists()
    if opened:
        imports.resume(shop.ctx)
        assert not (shop.folder / imports.ASIDE).exists()
    second = imports.stage(shop.ctx, import_items.KIND, items_file(tmp_path, 9, first=5))
    assert len(imports.merge(shop.ctx, second).new) == 4
    assert shop.one("SELECT count(*) FROM items WHERE code IN ('N-1', 'N-5')") == 1


def cut_off(shop: Shop, tmp_path: Path) -> None:
    """An import whose process dies before its first slice is in."""
    store = Mortal(shop.ctx.store.path)
    store.left = 2
    ctx = Context(store, shop.clock, console())
    staging = imports.stage(ctx, import_items.KIND, items_file(tmp_path, 5))
    with pytest.raises(Killed):
        imports.merge(ctx, staging)
    store.close()
    staging._lock.release(force=True)


@pytest.mark.asyncio
async def test_finished_by_who_signs_in(shop: Shop, tmp_path: Path) -> None:
    """An import that was cut off is finished when somebody signs in at the counter."""
    cut_off(shop, tmp_path)
    assert shop.one("SELECT count(*) FROM items WHERE code LIKE 'N-%'") == 0
    async with counter(shop, staff(shop)) as here:
        await here.until(lambda: shop.one("SELECT status FROM imports ORDER BY id DESC") == "done")
    assert shop.one("SELECT count(*) FROM items WHERE code LIKE 'N-%'") == 5


def test_what_was_cut_off_is_told(shop: Shop, tmp_path: Path) -> None:
    """An import that nobody finishes is told, and keeps no backup away; one that goes on does."""
    cut_off(shop, tmp_path)
    told = unfinished(shop.ctx)
    assert told is not None
    assert (told.state, "barang-0" in told.sentence) == (health.BAD, True)
    assert dashboard.figures(shop.ctx).late == "import cut off"
    assert making.run(shop.ctx, "daily").checked
    only = imports.Staging(shop.ctx, imports.Kind(), "")
    only.lock()
    assert unfinished(shop.ctx) is None
    with pytest.raises(ImportUnfinished):
        making.run(shop.ctx, "daily")
    only.close(keep=True)
    imports.resume(shop.ctx)
    assert unfinished(shop.ctx) is None
    assert dashboard.figures(shop.ctx).late == ""


@pytest.mark.parametrize("rubbish", ["octets", "table", "folder"])
def test_rubbish_in_the_place_of_what_lay_aside(shop: Shop, tmp_path: Path, rubbish: str) -> None:
    """What cannot be read of an import that was cut off is lost with it: told once, and the shop goes
    on; it is the store of nobody, and keeps no program from opening the shop."""
    cut_off(shop, tmp_path)
    aside = shop.folder / imports.ASIDE
    octets = aside.read_bytes()
    aside.unlink()
    if rubbish == "folder":
        aside.mkdir()
    elif rubbish == "table":
        with closing(sqlite.connect(aside)) as other:
            other.execute("CREATE TABLE x (y)")
    else:
        aside.write_bytes(octets[:100] + b"x" * 9000)
    with pytest.raises(ImportLost):
        imports.resume(shop.ctx)
    imports.resume(shop.ctx)
    assert shop.one("SELECT status FROM imports ORDER BY id DESC") == "lost"
    assert not aside.exists()


def test_what_lay_aside_is_lost(shop: Shop, tmp_path: Path) -> None:
    """If the rows of an import that had begun are gone, that is told once, and the shop goes on."""
    cut_off(shop, tmp_path)
    (shop.folder / imports.ASIDE).unlink()
    with pytest.raises(ImportLost):
        imports.resume(shop.ctx)
    imports.resume(shop.ctx)
    again = imports.stage(shop.ctx, import_items.KIND, items_file(tmp_path, 5))
    assert len(imports.merge(shop.ctx, again).new) == 5


def test_one_import_at_a_time(shop: Shop, tmp_path: Path) -> None:
    """A second import of the shop is told to wait; after the first has ended it goes."""
    first = imports.stage(shop.ctx, import_items.KIND, items_file(tmp_path, 5))
    with pytest.raises(ImportRunning):
        imports.stage(shop.console(), import_items.KIND, items_file(tmp_path, 5))
    first.close()
    imports.stage(shop.console(), import_items.KIND, items_file(tmp_path, 5)).close()
    assert not (shop.folder / imports.ASIDE).exists()


def test_called_off(shop: Shop, tmp_path: Path) -> None:
    """An import that is called off leaves nothing, neither in the store nor beside it."""
    before = shop.rows("SELECT * FROM audit")
    progress = Progress()
    assert progress.cancel()
    with pytest.raises(Cancelled):
        imports.stage(shop.ctx, import_items.KIND, items_file(tmp_path, 5000), progress)
    staging = imports.stage(shop.ctx, import_items.KIND, items_file(tmp_path, 5))
    with pytest.raises(Cancelled):
        imports.merge(shop.ctx, staging, progress)
    assert not (shop.folder / imports.ASIDE).exists()
    assert shop.rows("SELECT * FROM audit") == before
    running = Progress()
    imports.merge(
        shop.ctx, imports.stage(shop.ctx, import_items.KIND, items_file(tmp_path, 5)), running
    )
    assert running.share == 1.0
    assert not running.cancel()


def test_prices_and_stock_need_their_permissions(shop: Shop, tmp_path: Path) -> None:
    """A user who may only edit items, and see costs, imports neither new ones, which have prices, nor
    other prices and corrections."""
    ctx = session(shop, {"items.edit", "costs.view"})
    first = items_file(tmp_path, 5)
    with pytest.raises(NotAllowed, match=r"prices\.edit"):
        imports.merge(ctx, imports.stage(ctx, import_items.KIND, first))
    imports.merge(shop.ctx, imports.stage(shop.ctx, import_items.KIND, first))
    before = content(shop)
    dearer = items_file(tmp_path, 5, price=2000)
    with pytest.raises(NotAllowed, match=r"prices\.edit"):
        imports.merge(ctx, imports.stage(ctx, import_items.KIND, dearer))
    fewer = tmp_path / "kurang.csv"
    fewer.write_text(first.read_text().replace(",1,5000,", ",9,5000,"))
    with pytest.raises(NotAllowed, match=r"stock\.correct"):
        imports.merge(ctx, imports.stage(ctx, import_items.KIND, fewer))
    assert content(shop) == before
    assert not (shop.folder / imports.ASIDE).exists()


def test_others_write_meanwhile(shop: Shop, tmp_path: Path) -> None:
    """While a large file is merged another program writes again and again, and each finds a turn."""
    ctx = Context(Store(shop.ctx.store.path), SystemClock(), console())
    staging = imports.stage(ctx, import_items.KIND, items_file(tmp_path, 8000))
    waits: list[float] = []
    done = threading.Event()

    def write() -> None:
        connection = sqlite.connect(shop.ctx.store.path, timeout=5.0, isolation_level=None)
        while not done.is_set():
            began = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("COMMIT")
            waits.append(time.perf_counter() - began)
            time.sleep(0.002)
        connection.close()

    other = threading.Thread(target=write)
    other.start()
    imports.merge(ctx, staging)
    done.set()
    other.join()
    # How long each waits at most is measured by benchmarks/bench_items.py.
    assert len(waits) > 5
    assert shop.one("SELECT count(*) FROM items WHERE code LIKE 'N-%'") == 8000


CUSTOMERS = """nama;no hp;alamat;kendaraan;promo
Budi Santoso;0813-7310-0101 / 0711 355 555;Jl. Radial 5;Vario 125;ya
Siti;+62 813 7310 0102;;;
;81373100103;;;tidak
"""


def test_customers(shop: Shop, tmp_path: Path) -> None:
    """Customers come in with all their numbers and their consent; what a cell leaves empty stays, and
    the same file once more changes nothing."""
    path = tmp_path / "pelanggan.csv"
    path.write_text(CUSTOMERS, "utf-8")
    shop.ask(ANI, "INFO")
    done = imports.merge(shop.ctx, imports.stage(shop.ctx, import_customers.KIND, path))
    assert (len(done.new), len(done.changed), done.same) == (3, 0, 0)
    budi = people.by_phone(shop.ctx, "+6281373100101")
    assert budi is not None
    assert (budi.name, budi.address, budi.notes, budi.consent) == (
        "Budi Santoso", "Jl. Radial 5", "Vario 125", "yes",
    )  # fmt: skip
    assert people.phones(shop.ctx, budi.id) == ["+62711355555", "+6281373100101"]
    third = people.by_phone(shop.ctx, "+6281373100103")
    assert third is not None
    assert third.consent == "stopped"
    again = imports.merge(shop.ctx, imports.stage(shop.ctx, import_customers.KIND, path))
    assert (len(again.new), len(again.changed), again.same) == (0, 0, 3)
    path.write_text("nama,telepon,promo\nBudi,081373100101/0812 1111 2222,tidak\n", "utf-8")
    changes = imports.stage(shop.ctx, import_customers.KIND, path).preview.changed["Budi"]
    told = telling.differences(changes, lambda text, /, **params: translate(text, "id", **params))
    assert "Promo ya → STOP" in told
    assert "+62711355555, +6281373100101 → +62711355555, +6281373100101, +6281211112222" in told

    path.write_text(CUSTOMERS.replace("Jl. Radial 5", "Jl. Radial 9"), "utf-8")
    more = imports.merge(shop.ctx, imports.stage(shop.ctx, import_customers.KIND, path))
    assert more.changed == {"Budi Santoso": {"address": ("Jl. Radial 5", "Jl. Radial 9")}}


@pytest.mark.parametrize("answer", ["", "keep", "take"])
def test_a_stop_is_not_lifted_by_a_file(shop: Shop, tmp_path: Path, answer: str) -> None:
    """Who has said STOP gets no promos because an older list says so, whether before the file is looked
    at or meanwhile; only a person who is asked can say that the file counts."""
    shop.ask(ANI, "STOP")
    shop.ask(BUDI, "INFO")
    file = tmp_path / "p.csv"
    file.write_text(f"nama;hp;promo\nAni;{ANI};ya\nBudi;{BUDI};ya\n")
    choices = Choices(answers={"stopped": answer} if answer else {})
    made = imports.stage(shop.ctx, import_customers.KIND, file, choices=choices)
    assert [each.key for each in made.questions] == ["stopped"]
    wanted = ("stopped", "yes") if answer == "take" else None
    assert made.preview.changed["Ani"].get("consent") == wanted
    shop.ask(BUDI, "STOP")
    imports.merge(shop.ctx, made)
    rows = shop.rows("SELECT number, consent FROM customers JOIN phones ON customer_id = id")
    assert {row["number"]: row["consent"] for row in rows} == {
        ANI: "yes" if answer == "take" else "stopped", BUDI: "stopped",
    }  # fmt: skip


def test_what_is_told_of_imports(tmp_path: Path) -> None:
    """The day of an import is the shop's, not Greenwich's; a folder is told to be one, whatever its
    name."""
    assert day_of("2026-11-26T22:30:00.000Z") == "27/11/2026"
    for folder in (tmp_path, Path("/")):
        with pytest.raises(FileNoFile) as told:
            source.opened(folder)
        assert told.value.params["file"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (";;Jl. 1;;ya", "RowPhoneMissing"),
        ("X;08;;;", "RowPhoneBad"),
        ("X;INFO;;;", "RowPhoneBad"),
        ("X;081377770001;;;entah", "RowConsentBad"),
        (f"{'X' * 81};081377770001;;;", "RowTextLong"),
        ("X;081100000001/081100000002;;;", "RowPhonesOfTwo"),
    ],
)
def test_bad_customers(shop: Shop, tmp_path: Path, line: str, problem: str) -> None:
    """A line that cannot be taken is named with its reason, and nobody is imported."""
    shop.ask(ANI, "INFO")
    shop.ask("+6281100000002", "INFO")
    path = tmp_path / "pelanggan.csv"
    text = CUSTOMERS if problem != "RowPhonesOfTwo" else CUSTOMERS.split("\n")[0] + "\n"
    path.write_text(text + line + "\n", "utf-8")
    before = shop.rows("SELECT * FROM customers")
    with pytest.raises(RowsRefused) as refused:
        imports.stage(shop.ctx, import_customers.KIND, path)
    rows = refused.value.params["rows"]
    assert isinstance(rows, list)
    assert isinstance(rows[0][1], Problem)
    assert [(number, each.id) for number, each in rows] == [(text.count("\n") + 1, problem)]
    assert shop.rows("SELECT * FROM customers") == before
