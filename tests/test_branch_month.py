"""A month of a chain on PostgreSQL, step by step at random: sales, returns, points, merges, prices and
imports at three branches, goods and points between them, STOP and START, rounds over lines that are cut
anywhere and by file, branches and the office put back to what they were."""

import contextlib
import random
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("psycopg")

import psycopg

from crm_tui import shipped
from crm_tui.office import batches, central
from crm_tui.office.central import CentralItemUnknown
from crm_tui.replication import batch_up, down, enrolling, errors, up
from crm_tui.shop.backups import making
from crm_tui.shop.branches import arrivals, grants, transfers
from crm_tui.shop.customers import people
from crm_tui.shop.gate.context import CHAIN
from crm_tui.shop.gate.errors import NotAllowed, RuleBroken
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.loyalty import points
from tests import postgres
from tests.branch import plain, told
from tests.cuts import cut
from tests.day import PHONES, STEPS, found_people, money_adds_up
from tests.shop import Shop
from tests.test_branch_postgres import Branch, enrol
from tests.test_restore import restore

Key = tuple[int, int, int]


class Month:
    """Three branches and their office. Of odd seeds an office that is put back is the same one, as
    after its files were put back; else it has another lineage, as after a dump."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.folder = folder
        self.office = postgres.office(folder)
        self.server = postgres.cluster()
        with psycopg.connect(self.office.dsn) as connection:
            connection.execute("INSERT INTO crm.facts VALUES ('stock_minutes', '0')")
            if seed % 2:
                connection.execute(
                    "CREATE OR REPLACE FUNCTION crm.lineage() RETURNS text LANGUAGE sql STABLE"
                    " SECURITY DEFINER AS $$ SELECT 'one' $$"
                )
        self.branches = []
        self.backups: list[list[Path]] = [[], [], []]
        self.yesterday = ""
        self.snapshots = 0
        self.log: list[str] = []
        for n in range(3):
            shop = Shop(folder / f"toko-{n}")
            found_people(shop.ctx)
            self.branches.append(enrol(shop, self.office, f"Cabang {n}"))
        for branch in self.branches:
            branch.round()

    def close(self) -> None:
        for branch in self.branches:
            branch.shop.close()

    # ── steps ─────────────────────────────────────────────────────────────────────────────────

    def step(self) -> None:
        chance = self.chance
        what = chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        n = chance.randrange(3)
        branch = self.branches[n]
        branch.shop.clock.wait(chance.choice((7, 600, 40_000)))
        self.log.append(f"{what} {n}")
        try:
            getattr(self, what)(n, branch)
        except NotAllowed:
            # Then the step would do nothing, ever.
            raise
        except RuleBroken:
            pass

    def day(self, n: int, branch: Branch) -> None:
        name = self.chance.choice(sorted(STEPS))
        self.log[-1] += " " + name
        STEPS[name](branch.shop.ctx, *(self.chance.randrange(24) for _ in range(3)))

    def send(self, n: int, branch: Branch) -> None:
        ctx = branch.shop.ctx
        goods = [
            Goods(item, 1 + self.chance.randrange(3))
            for item in self.chance.sample(range(1, 8), self.chance.randrange(1, 3))
        ]
        other = self.branches[(n + self.chance.choice((1, 2))) % 3]
        transfers.send(ctx, other.number, goods)

    def receive(self, n: int, branch: Branch) -> None:
        ctx = branch.shop.ctx
        for row in branch.shop.rows("SELECT id FROM arrivals WHERE receipt_id IS NULL LIMIT 2"):
            if self.chance.random() < 0.2:
                arrivals.send_back(ctx, row["id"], "salah")
                continue
            arrivals.check_line(
                ctx, row["id"], 1, self.chance.randrange(3), self.chance.randrange(2)
            )
            arrivals.rest_as_sent(ctx, row["id"])
            arrivals.receive(ctx, row["id"], sold_again=False)

    def ask(self, n: int, branch: Branch) -> None:
        ctx = branch.shop.ctx
        who = people.by_phone(ctx, self.chance.choice(PHONES))
        if who is None:
            return
        for there in grants.elsewhere(ctx, who.id):
            grants.ask(ctx, who.id, there.branch.number, 1 + self.chance.randrange(there.points))

    def give(self, n: int, branch: Branch) -> None:
        who = people.by_phone(branch.shop.ctx, self.chance.choice(PHONES))
        if who is not None:
            points.give(branch.shop.ctx, who.id, 20, "hadiah")

    def say(self, n: int, branch: Branch) -> None:
        who = people.by_phone(branch.shop.ctx, self.chance.choice(PHONES))
        if who is not None:
            people.consent(branch.shop.ctx, who.id, self.chance.choice(("stopped", "yes")), "x")

    def price(self, n: int, branch: Branch) -> None:
        code = self.branches[0].shop.one(
            "SELECT code FROM items WHERE id = ?", self.chance.randrange(1, 8)
        )
        with contextlib.suppress(CentralItemUnknown):
            central.set_price(self.office, code, 1000 * self.chance.randrange(1, 90))

    def round(self, n: int, branch: Branch) -> None:
        self.meet(branch)
        self.agrees(branch)

    def meet(self, branch: Branch) -> int:
        """Rounds until nothing goes up any more of what came down; how many rows did."""
        rows = branch.round_at_last()
        while branch.shop.one("SELECT behind FROM chain"):
            rows += branch.round_at_last()
        return rows

    def cut_round(self, n: int, branch: Branch) -> None:
        way = self.chance.choice(("up", "down"))
        with (
            cut(self.office.port, **{way: self.chance.randrange(40_000)}) as line,
            contextlib.suppress(errors.OfficeProblem),
        ):
            branch.round(branch.wire(line.port))

    def by_file(self, n: int, branch: Branch) -> None:
        """Both ways by file; what does not follow is told, and comes by another one, or by the line."""
        ctx, whole = branch.shop.ctx, self.chance.random() < 0.4
        there, back = self.folder / f"naik-{n}", self.folder / f"turun-{n}"
        key = enrolling.address(ctx).folder / "branch.key"
        try:
            batch_up.write(ctx.acting(up.ACTOR), key, there, everything=whole)
            batches.take(self.office, there)
            batches.give(self.office, f"Cabang {n}", back, branch.shop.clock, everything=whole)
            down.take_file(ctx.acting(CHAIN), back)
        except errors.ChainProblem as trouble:
            self.log[-1] += f" {type(trouble).__name__}"

    def backup(self, n: int, branch: Branch) -> None:
        kept = self.folder / f"cadangan-{n}-{len(self.backups[n])}.db"
        shutil.copy(making.make(branch.shop.ctx).path, kept)
        self.backups[n].append(kept)

    def restore(self, n: int, branch: Branch) -> None:
        if self.backups[n]:
            restore(branch.shop, self.chance.choice(self.backups[n][-2:]))

    def keep_office(self, n: int, branch: Branch) -> None:
        self.snapshots += 1
        self.yesterday = f"{self.office.database}_{self.snapshots}"
        self.server.run(
            # Whoever was cut off may still be there.
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname ="
            f" '{self.office.database}'",
            f"CREATE DATABASE {self.yesterday} OWNER crm_office TEMPLATE {self.office.database}"
            " STRATEGY FILE_COPY",
        )

    def put_office_back(self, n: int, branch: Branch) -> None:
        if self.yesterday:
            name = self.office.database
            self.server.run(
                f"DROP DATABASE {name} WITH (FORCE)",
                f"CREATE DATABASE {name} OWNER crm_office TEMPLATE {self.yesterday}"
                " STRATEGY FILE_COPY",
            )

    # ── what must hold ────────────────────────────────────────────────────────────────────────

    def ask_office(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.office.dsn) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def agrees(self, branch: Branch) -> None:
        """Of the branch's history of today, the office has just what stands in its store."""
        own, ctx = branch.number, branch.shop.ctx
        lives = dict(self.ask_office("SELECT epoch, lives FROM crm.epochs WHERE branch = %s", own))
        since = self.ask_office("SELECT since FROM crm.branches WHERE branch = %s", own)[0][0]
        assert since == max(lives), "all that it has in this epoch has come"
        back = {
            row[0]
            for row in self.ask_office(
                "SELECT s.id FROM crm.sales AS s JOIN crm.imports AS i ON i.branch = s.branch"
                " AND i.key = s.import_id::text WHERE s.branch = %s AND i.back_from IS NOT NULL"
                " AND i.epoch >= %s",
                own,
                since,
            )
        }
        for ledger in shipped.LEDGERS:
            names = ", ".join(f't."{name}"' for name in ledger.names)
            rows = self.ask_office(
                f"SELECT epoch, {names} FROM crm.{ledger.table} AS t WHERE branch = %s", own
            )
            there = Counter(
                plain(ledger.table, row)
                for epoch, *row in rows
                if _sale(ledger, row) not in back
                and (
                    lives[epoch] is None
                    or batch_up.number_of(ledger, tuple(row)) <= lives[epoch].get(ledger.table, 0)
                )
            )
            here = Counter(plain(ledger.table, row) for row in told(ctx, ledger.table))
            if ledger.table in ("price_changes", "cost_changes"):
                assert set(here) <= set(there), ledger.table
            else:
                assert there == here, (ledger.table, there - here, here - there)
        for versions in shipped.VERSIONS:
            names = ", ".join(f'"{name}"' for name in versions.names)
            now = self.ask_office(
                f"SELECT {names} FROM crm.{versions.table} WHERE branch = %s AND NOT gone"
                " AND epoch >= %s",
                own,
                since,
            )
            there = Counter(plain(versions.table, row) for row in now)
            here = Counter(plain(versions.table, row) for row in told(ctx, versions.table))
            assert there == here, (versions.table, there - here, here - there)

    def settle(self) -> None:
        """Everybody meets the office until nothing is new."""
        for _ in range(12):
            if not sum([self.meet(branch) for branch in self.branches]):
                break
        for branch in self.branches:
            self.agrees(branch)
            money_adds_up(branch.shop.ctx)
            aside = branch.shop.rows("SELECT kind, key, why, body FROM downs_aside")
            assert not aside, [dict(row) for row in aside]
        # A START whose STOP was forgotten where it was said, and by the office, lifts nothing.
        odd = self.ask_office(
            "SELECT branch, epoch, ledger, id, upto, why FROM crm.odd AS o"
            " WHERE ledger <> 'consent_lifts' OR EXISTS"
            " (SELECT 1 FROM crm.consent_lifts AS l JOIN crm.stops AS s"
            "  ON (s.branch, s.epoch, s.id) = (l.of_branch, l.of_epoch, l.of_id)"
            "  WHERE (l.branch, l.epoch) = (o.branch, o.epoch)"
            "  AND l.consent_id * 1000 + l.line BETWEEN o.id AND o.upto)"
        )
        assert odd == [], odd

    def goods(self) -> None:
        """Each transfer is received once at the most, and its sender knows; one that its sender has
        forgotten is marked there; none is lost."""
        sent: dict[Key, tuple[int, int]] = {}
        ended: dict[Key, bool] = {}
        forgotten: set[Key] = set()
        for branch in self.branches:
            own = branch.number
            held = self.ask_office(
                "SELECT id, epoch, to_branch FROM crm.transfers WHERE branch = %s"
                " AND crm.lives(branch, epoch, 'transfers', id)",
                own,
            )
            assert sorted(row[0] for row in held) == [
                row["id"] for row in branch.shop.rows("SELECT id FROM transfers ORDER BY id")
            ]
            for number, epoch, to_branch in held:
                sent[own, epoch, number] = to_branch, number
                ended[own, epoch, number] = (
                    transfers.look(branch.shop.ctx, number).ended_at is not None
                )
            forgotten |= {
                (own, row["epoch"], row["transfer_id"])
                for row in branch.shop.rows("SELECT * FROM transfers_lost")
            }
        coming: Counter[Key] = Counter()
        received: Counter[Key] = Counter()
        for branch in self.branches:
            for row in branch.shop.rows("SELECT * FROM arrivals"):
                coming[row["from_branch"], row["from_epoch"], row["from_id"]] += 1
            for row in branch.shop.rows("SELECT * FROM transfer_receipts"):
                received[row["from_branch"], row["from_epoch"], row["from_id"]] += 1
        assert set(sent) <= set(coming), ("never arrives", set(sent) - set(coming))
        # Forgotten by its sender and by the office, which were both put back before they met.
        known = set(self.ask_office("SELECT branch, epoch, id FROM crm.transfers"))
        assert set(coming) & known <= set(sent) | forgotten, (coming, sent, forgotten)
        assert not forgotten & set(sent), ("known all the same", forgotten & set(sent))
        assert max(received.values(), default=1) == 1, received
        # Whoever was restored receives once more what its sender has heard of already.
        over = {key for key in ended if ended[key]}
        assert set(received) & set(sent) <= over <= set(coming), (over, received, sent)

    def points(self) -> None:
        """Points that came are points that went, once; what went came, or came back, but for what its
        asker and the office have forgotten that it was asked for."""
        went: dict[Key, int] = {}
        came: dict[Key, int] = {}
        for branch in self.branches:
            for row in branch.shop.rows("SELECT * FROM grants WHERE points > 0"):
                key = row["to_branch"], row["to_epoch"], row["to_id"]
                assert key not in went, "given twice"
                went[key] = row["points"]
        for branch in self.branches:
            for row in branch.shop.rows("SELECT * FROM point_arrivals WHERE points > 0"):
                found = self.ask_office(
                    "SELECT DISTINCT to_branch, to_epoch, to_id FROM crm.grants"
                    " WHERE (branch, epoch, id) = (%s, %s, %s)",
                    row["from_branch"],
                    row["from_epoch"],
                    row["from_id"],
                )
                if not found:
                    # Forgotten by who gave them and by the office, as with goods.
                    continue
                assert found[0] not in came, "came twice"
                came[found[0]] = row["points"]
        held = self.ask_office("SELECT branch, epoch, id FROM crm.grant_requests")
        asked = {key: went[key] for key in went if key in held or key in came}
        assert came == asked, (came, asked)

    def consents(self) -> None:
        """A number that is stopped anywhere is stopped wherever it is known."""
        stopped = {
            row[0]
            for row in self.ask_office(
                "SELECT phone FROM crm.stops AS s WHERE NOT EXISTS (SELECT 1 FROM crm.lifts AS l"
                " WHERE (l.branch, l.epoch, l.id) = (s.branch, s.epoch, s.id))"
            )
        }
        for phone in PHONES:
            said = [
                who.consent
                for branch in self.branches
                if (who := people.by_phone(branch.shop.ctx, phone)) is not None
            ]
            assert phone not in stopped or set(said) <= {"stopped"}, (phone, said)

    def prices(self) -> None:
        """What the office asks last is asked in all branches."""
        for code, price in self.ask_office(
            "SELECT code_key, body ->> 'price' FROM crm.central_items"
        ):
            for branch in self.branches:
                row = branch.shop.rows(
                    "SELECT central_prices.price AS told FROM central_prices JOIN items ON id = item_id"
                    " WHERE code_key = ?",
                    code,
                )
                assert not row or row[0]["told"] == int(price), (code, price, dict(row[0]))


def _sale(ledger: shipped.Ledger, row: list[Any]) -> Any:
    values = dict(zip(ledger.names, row, strict=True))
    return values.get("sale_id", values["id"] if ledger.table == "sales" else None)


_WEIGHTS = {
    "day": 40, "send": 10, "receive": 10, "ask": 8, "give": 4, "say": 5, "price": 2, "round": 16,
    "cut_round": 5, "by_file": 4, "backup": 3, "restore": 2, "keep_office": 1, "put_office_back": 1,
}  # fmt: skip


def walk(folder: Path, seed: int, steps: int) -> None:
    """A month at random, and what must hold at its end."""
    month = Month(folder, seed)
    try:
        for _ in range(steps):
            month.step()
        month.settle()
        for holds in (month.goods, month.points, month.consents, month.prices):
            holds()
    except Exception as trouble:
        trouble.add_note("\n".join([f"seed {seed}", *month.log]))
        raise
    finally:
        month.close()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(4))
def test_a_month(tmp_path: Path, seed: int) -> None:
    """After whatever happens, the office has what the branches have, each once; goods and points are in
    one place; a STOP counts everywhere."""
    walk(tmp_path, seed, 250)
