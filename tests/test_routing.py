"""What comes up at the head office goes down to the branches that it concerns, once; on PostgreSQL."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from crm_tui.office import administering, batches, central
from crm_tui.office.database import Office
from crm_tui.replication import batch_down, down, enrolling
from crm_tui.shipped import LEDGERS, VERSION, VERSIONS
from crm_tui.shop.branches import applying, arrivals, grants, transfers
from crm_tui.shop.branches.applying import Down
from crm_tui.shop.customers import cards, people
from crm_tui.shop.gate.context import CHAIN
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.items import cards as item_cards
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.loyalty import points
from tests import postgres
from tests.branches import enrol
from tests.shop import ANI, Shop


class Line:
    """A branch and its line: all that is new goes up in one transaction, as the round does it."""

    def __init__(self, office: Office, shop: Shop, name: str, folder: Path) -> None:
        self.shop, self.office = shop, office
        told = administering.add(office, name)
        self.number = int(str(told["branch"]))
        self.told = told
        self.connection = postgres.line(told, folder)
        self.marks: dict[str, int] = {}
        self.versions = 0
        enrol(shop, self.number, name)
        self.sends(1, {})

    def sends(self, epoch: int, common: dict[str, int]) -> None:
        self.connection.execute(
            "SELECT crm.begin_epoch(%s, now(), %s)", (epoch, json.dumps(common))
        )
        self.connection.commit()
        self.epoch = epoch
        self.marks = dict(common)
        self.versions = 0
        self.digests: dict[str, bytes] = {}

    def up(self, *, only: str = "") -> None:
        """Send what is new: all, or one ledger alone."""
        cursor = self.connection.cursor()
        for ledger in LEDGERS:
            if only and ledger.table != only:
                continue
            before = self.marks.get(ledger.table, ledger.common({}) if ledger.factor > 1 else 0)
            number = ledger.number.format("t")
            columns = ", ".join(f't."{name}"' for name in ledger.names)
            rows = self.shop.ctx.db.execute(
                f"SELECT {number}, {columns} FROM {ledger.table} AS t WHERE {number} > ? ORDER BY 1",
                (before,),
            ).fetchall()
            if rows:
                names = ", ".join(f'"{name}"' for name in ledger.copied)
                with cursor.copy(f"COPY crm.{ledger.table} ({names}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write(ledger.line(self.epoch, tuple(row)[1:]))
                self._advance(ledger.table, before, rows[-1][0])
                self.marks[ledger.table] = rows[-1][0]
        if not only:
            self._send_versions(cursor)
        self.connection.commit()
        self.meet()

    def meet(self) -> None:
        """The end of a round."""
        more = True
        while more:
            row = self.connection.execute("SELECT crm.reached(0, 0)").fetchone()
            self.connection.commit()
            more = row == (True,)

    def _advance(self, ledger: str, before: int, after: int) -> None:
        old, new = self.digests.get(ledger, b""), bytes([len(self.digests) % 250]) * 16
        if not old:
            before = self.common.get(ledger, 0)
        self.connection.execute(
            "SELECT crm.advance(%s, %s, %s, %s, %s, %s)",
            (self.epoch, ledger, before, after, old, new),
        )
        self.digests[ledger] = new

    @property
    def common(self) -> dict[str, int]:
        row = self.connection.execute(
            "SELECT crm.hello('toko', %s, 1, now())", (VERSION,)
        ).fetchone()
        assert row is not None
        found: dict[str, int] = row[0]["epochs"].get(str(self.epoch), {})
        return found

    def _send_versions(self, cursor: Any) -> None:
        before = self.versions
        for versions in VERSIONS:
            columns = ", ".join(f't."{name}"' for name in versions.names)
            where = f" WHERE {versions.only.format('t')}" if versions.only else ""
            rows = self.shop.ctx.db.execute(
                f"SELECT {versions.key_of('t')}, {columns} FROM {versions.table} AS t{where}"
            ).fetchall()
            names = ", ".join(f'"{name}"' for name in versions.copied)
            with cursor.copy(f"COPY crm.{versions.versions} ({names}) FROM STDIN") as copy:
                for row in rows:
                    self.versions += 1
                    copy.write(versions.line(self.epoch, row[0], self.versions, tuple(row)[1:]))
        self._advance("versions", before, self.versions)

    def waiting(self) -> list[Down]:
        chain = self.shop.ctx.acting(CHAIN)
        rows = self.connection.execute(
            "SELECT * FROM crm.downs(%s, 1000)", (applying.cursor(chain, "kantor"),)
        ).fetchall()
        self.connection.commit()
        return [Down(row[0], row[1], row[2], row[3], row[4].isoformat()) for row in rows]

    def down(self) -> int:
        """Take what waits; how many rows."""
        rows = self.waiting()
        if rows:
            chain = self.shop.ctx.acting(CHAIN)
            taken = applying.take(chain, "kantor", rows, rows[-1].seq)
            assert not taken.aside, self.shop.rows("SELECT * FROM downs_aside")
        return len(rows)


@contextmanager
def lines(folder: Path, count: int = 2) -> Iterator[tuple[Office, list[Line]]]:
    office = postgres.office(folder)
    shops = [Shop(folder / str(n)) for n in range(count)]
    made = [Line(office, shop, f"Cabang {n}", folder / f"keys{n}") for n, shop in enumerate(shops)]
    try:
        for line in made:
            line.down()
        yield office, made
    finally:
        for line in made:
            line.connection.close()
            line.shop.close()


def kinds(line: Line) -> list[str]:
    return [row.kind for row in line.waiting() if row.kind not in ("branch", "stock")]


def one(office: Office, query: str, *values: object) -> Any:
    with office.connected() as connection:
        row = connection.execute(query.encode(), values).fetchone()
    return None if row is None else row[0]


def test_goods_points_and_words_go_to_whom_they_concern(tmp_path: Path) -> None:
    """A transfer to its receiver and the receipt to its sender; a request for points to the home and
    its answer back; a STOP to whoever knows the number, a START to all; each once, however often the
    branch meets the office; and the branches' names to all."""
    with lines(tmp_path, 3) as (office, (one_, two, three)):
        names = two.shop.rows("SELECT name FROM branch_names ORDER BY branch")
        assert [row["name"] for row in names] == ["Cabang 0", "Cabang 1", "Cabang 2"]
        ani = cards.add(one_.shop.ctx, cards.Card("Ani", phone=ANI))
        here = cards.add(two.shop.ctx, cards.Card("Ani", phone=ANI))
        points.give(one_.shop.ctx, ani, 30, "")
        transfers.send(one_.shop.ctx, two.number, [Goods(6, 5), Goods(7, 2)], "dus 1")
        for line in (two, three, one_, one_):
            line.up()
        assert kinds(two) == ["transfer", "points"]
        assert kinds(three) == kinds(one_) == []
        two.down()
        assert [each.points for each in grants.elsewhere(two.shop.ctx, here)] == [30]
        arrivals.check_line(two.shop.ctx, 1, 1, 4, 1)
        arrivals.check_line(two.shop.ctx, 1, 2, 2)
        arrivals.receive(two.shop.ctx, 1)
        grants.ask(two.shop.ctx, here, one_.number, 20)
        two.up()
        assert kinds(one_) == ["transfer_receipt", "grant_request"]
        one_.down()
        ended = transfers.look(one_.shop.ctx, 1)
        assert [(each.arrived, each.broken) for each in ended.lines] == [(4, 1), (2, 0)]
        one_.up()
        # Beside the grant: how many are left at home.
        assert kinds(two) == ["grant", "points"]
        two.down()
        assert points.balance(one_.shop.ctx, ani) == 10
        assert points.balance(two.shop.ctx, here) == 20
        assert [each.points for each in grants.elsewhere(two.shop.ctx, here)] == [10]
        two.up()
        one_.down()

        people.consent(one_.shop.ctx, ani, "stopped", "telepon")
        one_.up()
        assert (kinds(two), kinds(three)) == (["consent"], [])
        two.down()
        assert people.by_id(two.shop.ctx, here).consent == "stopped"
        late = cards.add(three.shop.ctx, cards.Card("Ani", phone=ANI))
        three.up()
        assert "consent" in kinds(three)
        three.down()
        assert people.by_id(three.shop.ctx, late).consent == "stopped"
        people.consent(three.shop.ctx, late, "yes", "telepon")
        three.up()
        for line in (one_, two, three):
            line.down()
            line.up()
        for line, who in ((one_, ani), (two, here), (three, late)):
            assert people.by_id(line.shop.ctx, who).consent == "yes"
        for line in (one_, two, three):
            line.down()
            assert kinds(line) == []
        assert one(office, "SELECT count(*) FROM crm.odd") == 0


def test_a_transfer_that_comes_in_pieces(tmp_path: Path) -> None:
    """A transfer whose lines come a batch later goes down when it is whole, and what is behind it is
    not forgotten."""
    with lines(tmp_path) as (_office, (one_, two)):
        transfers.send(one_.shop.ctx, two.number, [Goods(6, 5)])
        transfers.send(one_.shop.ctx, two.number, [Goods(7, 5)])
        one_.up(only="transfers")
        assert kinds(two) == []
        one_.up()
        assert kinds(two) == ["transfer", "transfer"]
        assert {line["code"] for row in two.waiting() if row.kind == "transfer"
                for line in row.body["lines"]} == {"PQ-R", "PQ-S"}  # fmt: skip


def test_what_does_not_fit_holds_up_nobody(tmp_path: Path) -> None:
    """Rows that a hostile branch makes up are noted, and what it sends behind them is routed."""
    with lines(tmp_path) as (office, (one_, two)):
        with one_.shop.ctx.store.transaction() as db:
            for number, lots in ((1, "[]"), (two.number, "{")):
                db.execute(
                    "INSERT INTO grants (at, actor, to_branch, to_epoch, to_id, phone, points, lots)"
                    " VALUES ('x', 'x', ?, 1, 1, 'x', 1, ?)", (number, lots),
                )  # fmt: skip
            db.execute("INSERT INTO grant_requests (at, actor, home, customer_id, phone, points)"
                       " SELECT '', '', 999999999999, min(id), '', 1 FROM customers"
                       " HAVING count(*)")  # fmt: skip
        transfers.send(one_.shop.ctx, two.number, [Goods(6, 5)])
        one_.up()
        assert kinds(two) == ["transfer"]
        assert one(office, "SELECT count(*) FROM crm.odd WHERE branch = %s", one_.number) == 1
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            one_.connection.execute("SELECT crm.route(%s)", (two.number,))


def test_one_who_is_odd_holds_up_no_other(tmp_path: Path) -> None:
    """Where the points of a branch cannot be computed, that is noted, and another one that enters the
    same number is routed."""
    with lines(tmp_path) as (office, (bad, good)):
        there = cards.add(bad.shop.ctx, cards.Card("Ani", phone=ANI))
        points.give(bad.shop.ctx, there, 5, "")
        bad.up()
        with office.connected() as own:
            own.execute("UPDATE crm.epochs SET ended_at = now()")
            own.execute("INSERT INTO crm.epochs (branch, epoch, common) VALUES (%s, 2, %s)",
                        (bad.number, '{"point_lots": "x"}'))  # fmt: skip
            own.execute("UPDATE crm.epochs SET ended_at = NULL WHERE branch = %s", (good.number,))
            own.execute("UPDATE crm.epochs SET lives = '{\"point_lots\": \"x\"}' WHERE branch = %s",
                        (bad.number,))  # fmt: skip
        cards.add(good.shop.ctx, cards.Card("Ani", phone=ANI))
        transfers.send(good.shop.ctx, bad.number, [Goods(6, 1)])
        good.up()
        assert "transfer" in kinds(bad)
        assert one(office, "SELECT ledger FROM crm.odd WHERE branch = %s", bad.number) == "points"


def test_a_restored_branch_is_told_what_it_told(tmp_path: Path) -> None:
    """A branch that begins an epoch hears of its own transfers, points given and STOPs behind what both
    histories share; what it receives once more ends no transfer twice."""
    with lines(tmp_path) as (_office, (one_, two)):
        ani = cards.add(one_.shop.ctx, cards.Card("Ani", phone=ANI))
        here = cards.add(two.shop.ctx, cards.Card("Ani", phone=ANI))
        points.give(one_.shop.ctx, ani, 30, "")
        transfers.send(one_.shop.ctx, two.number, [Goods(6, 1)])
        for line in (two, one_, two):
            line.up()
            line.down()
        grants.ask(two.shop.ctx, here, one_.number, 20)
        two.up()
        before = one_.waiting()
        one_.down()
        people.consent(one_.shop.ctx, ani, "stopped", "telepon")
        transfers.send(one_.shop.ctx, two.number, [Goods(6, 2)])
        one_.up()
        two.down()
        one_.sends(2, {"transfers": 1, "grants": 0, "consents": 0})
        lost = [row for row in one_.waiting() if row.kind in ("transfer", "grant", "consent")]
        assert [row.kind for row in lost] == ["transfer", "grant", "consent"]
        assert lost[0].key == f"{one_.number}/1/2"
        assert lost[1].body["points"] == 20
        # It would give anew what is there today, and they have come already.
        rows = one_.connection.execute("SELECT kind FROM crm.downs(%s, 1000)", (before[0].seq - 1,))
        assert before[0].kind == "grant_request"
        assert "grant_request" not in {row[0] for row in rows.fetchall()}


def test_an_office_put_back_that_hears_the_answer_first(tmp_path: Path) -> None:
    """A START is taken once the STOP that it lifts has come again."""
    with lines(tmp_path) as (office, (one_, two)):
        ani = cards.add(one_.shop.ctx, cards.Card("Ani", phone=ANI))
        here = cards.add(two.shop.ctx, cards.Card("Ani", phone=ANI))
        people.consent(one_.shop.ctx, ani, "stopped", "telepon")
        for line in (two, one_, two):
            line.up()
            line.down()
        people.consent(two.shop.ctx, here, "yes", "telepon")
        with office.connected() as own:
            own.execute("CREATE TABLE crm.kept AS SELECT * FROM crm.stops")
            own.execute("DELETE FROM crm.told WHERE kind = 'consent'")
            own.execute("DELETE FROM crm.stops")
        two.up()
        assert one(office, "SELECT why FROM crm.odd") == "a STOP that was not told"
        with office.connected() as own:
            own.execute("INSERT INTO crm.stops SELECT * FROM crm.kept")
            own.execute("SELECT crm.tell_stops(%s)", ([ANI],))
        two.meet()
        assert one(office, "SELECT count(*) FROM crm.odd") == 0
        assert one(office, "SELECT count(*) FROM crm.lifts") == 1


def test_stock_goes_to_others_at_a_bounded_rate(tmp_path: Path) -> None:
    """What a branch has goes to all in rows that take each other's place, and not at each round."""
    with lines(tmp_path) as (office, (one_, two)):
        one_.up()
        rows = [row for row in two.waiting() if row.kind == "stock"]
        assert [row.body["branch"] for row in rows] == [one_.number]
        assert ["PQ-R", 100] in rows[0].body["items"]
        transfers.send(one_.shop.ctx, two.number, [Goods(6, 5)])
        one_.up()
        assert [row.seq for row in two.waiting() if row.kind == "stock"] == [rows[0].seq]
        with office.connected() as connection:
            connection.execute("UPDATE crm.routed SET at = now() - interval '6 minutes'")
        one_.up()
        rows = [row for row in two.waiting() if row.kind == "stock"]
        assert len(rows) == 1
        assert ["PQ-R", 95] in rows[0].body["items"]
        two.down()
        there = "SELECT available FROM stock_elsewhere WHERE code_key = 'PQR'"
        assert two.shop.one(there) == 95
        # What a branch sells no more, others do not look for there.
        item_cards.remove(one_.shop.ctx, 6)
        with office.connected() as connection:
            connection.execute("UPDATE crm.routed SET at = now() - interval '6 minutes'")
        one_.up()
        two.down()
        assert two.shop.one(there) == 0


def _put_back_and_carried(office: Office, sender: Line, to: Line, file: Path) -> None:
    """Files of an office whose database was put back as it was: what has taken numbers again comes, and
    an older file that comes late changes nothing."""
    late = file.with_name("lama.chain")
    batches.give(office, "Cabang 1", late, to.shop.clock)
    for passed, behind in ((2, True), (9, False)):
        with office.connected() as own:
            last, kept = own.execute("SELECT last, array(SELECT seq FROM crm.downs_of) FROM"
                                     " crm.counter").fetchone() or (0, [])  # fmt: skip
        for _ in range(4):
            central.set_price(office, "PQ-R", 70_000 + passed)
        to.shop.clock.set(to.shop.clock.now() + timedelta(minutes=1))
        batches.give(office, "Cabang 1", file, to.shop.clock)
        assert down.take_file(to.shop.ctx, file) > 0
        assert down.take_file(to.shop.ctx, late) == 0
        with office.connected() as own:
            own.execute("DELETE FROM crm.downs_of WHERE NOT seq = ANY (%s)", (kept,))
            own.execute("UPDATE crm.counter SET last = %s", (last,))
        # It goes less far than before, or as far and farther by other rows.
        for n in range(passed):
            central.set_price(office, ("PQ-R", "PQ-S", "PQ-R")[n % 3], 60_000 + passed)
        with office.connected() as own:
            assert own.execute("SELECT last < %s FROM crm.counter", (last + 4,)).fetchone() == (
                behind,
            )
        to.shop.clock.set(to.shop.clock.now() + timedelta(minutes=1))
        batches.give(office, "Cabang 1", file, to.shop.clock, everything=True)
        assert down.take_file(to.shop.ctx, file) > 0
        assert to.shop.one("SELECT price FROM items WHERE code = 'PQ-S'") == 60_000 + passed
        assert down.take_file(to.shop.ctx, file) == 0
        assert down.take_file(to.shop.ctx, late) == 0


def test_prices_and_items_of_the_office(tmp_path: Path) -> None:
    """They go to all branches, a new branch gets the last ones alone, and their moments grow whatever
    the clock does; an item that nobody has is refused, and one without its name sends none."""
    file = tmp_path / "barang.csv"
    file.write_text("kode,nama,satuan,harga\nZZ-9,Zat Uji,pcs,5000\nPQ-R,Pakai Baru,set,90000\n")
    with lines(tmp_path) as (office, (one_, two)):
        one_.up()
        with pytest.raises(central.CentralItemUnknown):
            central.set_price(office, "TIADA", 5)
        assert central.set_items(office, import_items.read_file(file)) == 2
        central.set_price(office, "pqr", 95_000)
        with office.connected() as connection:
            connection.execute("UPDATE crm.central_items SET at = at + interval '1 day'")
        central.set_price(office, "PQ-R", 80_000)
        file.write_text("kode,harga\nYY-1,5000\n")
        with pytest.raises(central.CentralItemIncomplete):
            central.set_items(office, import_items.read_file(file))
        assert [row.kind for row in two.waiting() if row.kind != "stock"] == [
            "item",
            "item",
            "price",
        ]
        two.down()
        prices = {
            row["code"]: row["price"] for row in two.shop.rows("SELECT code, price FROM items")
        }
        assert (prices["ZZ-9"], prices["PQ-R"]) == (5_000, 80_000)
        assert two.shop.one("SELECT name FROM items WHERE code = 'PQ-R'") == "Pakai Baru"


def test_what_comes_as_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for a branch is taken from a signed file as from the line: once, and beside it; one
    that was changed is refused."""
    with lines(tmp_path) as (office, (one_, two)):
        transfers.send(one_.shop.ctx, two.number, [Goods(6, 5)])
        one_.up()
        file = tmp_path / "turun.chain"
        assert batches.give(office, "Cabang 1", file, two.shop.clock) > 0
        where = SimpleNamespace(folder=tmp_path / "keys1")
        monkeypatch.setattr(enrolling, "address", lambda ctx: where)
        assert down.take_file(two.shop.ctx, file) > 0
        assert down.take_file(two.shop.ctx, file) == 0
        assert two.shop.one("SELECT count(*) FROM arrivals") == 1
        two.down()
        assert two.shop.one("SELECT count(*) FROM arrivals") == 1
        _put_back_and_carried(office, one_, two, file)
        octets = file.read_bytes()
        file.write_bytes(octets[:-9] + bytes([octets[-9] ^ 1]) + octets[-8:])
        with pytest.raises(batch_down.CarriedDamaged):
            down.take_file(two.shop.ctx, file)
