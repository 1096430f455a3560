"""A branch and its head office: what goes up, once each, whatever happens on the way."""

import contextlib
import copy
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crm_tui.cli.commands import main
from crm_tui.replication import batch_up, enrolling, errors, forking, reading, signing, standing, up
from crm_tui.shop.backups import making
from crm_tui.shop.customers import cards
from crm_tui.shop.gate import health, undo
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.items import cards as item_cards
from crm_tui.shop.items import prices
from crm_tui.shop.items.cards import Card
from crm_tui.shop.loyalty import points
from crm_tui.shop.sales import receipt, till
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.payment_methods import Paid
from tests.branch import copy_of, enrol, put_back, rounds_of, same_sums, told
from tests.branches import take
from tests.daily import daily
from tests.day import STEPS, close_drawer, found_people
from tests.memory_office import MemoryLine, Office
from tests.shop import ANI, Shop, cart_of, ledgers_add_up
from tests.test_restore import restore

LINE = CartLine(6, "PQ-R", "x", "set", 85000, 1)
QUERY = "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'ship_*'"


def sell(shop: Shop) -> Any:
    shop.clock.wait(1)
    return till.sell(shop.ctx, cart_of([LINE]).sold(), [Paid("cash", 85_000)])


@pytest.fixture
def office() -> Office:
    made = Office()
    made.add("Satu")
    return made


def round_(shop: Shop, line: MemoryLine) -> int:
    """One round on a process of its own."""
    return rounds_of(shop, line).round()


@pytest.mark.parametrize(
    ("trouble", "pauses"),
    [
        (errors.OfficeSilent(office="-"), [5, 10, 20, 40]),
        (errors.BranchClosed(name="-"), [600] * 4),
    ],
)
def test_trouble_is_tried_again_later_and_later(
    shop: Shop, office: Office, trouble: errors.ChainProblem, pauses: list[float]
) -> None:
    """A line that is broken is tried again soon, then seldom; what somebody must decide, seldom."""
    rounds = rounds_of(shop, MemoryLine(office, 1), chance=lambda: 0.5)

    def failing() -> int:
        raise trouble

    rounds.round = failing  # type: ignore[method-assign]
    assert [rounds._one() for _ in pauses] == pauses


# ── what changes is noted ─────────────────────────────────────────────────────────────────────────


def test_a_shop_without_a_chain_pays_nothing(shop: Shop) -> None:
    """No trigger of the chain stands in a store that is not enrolled, nor after it left."""
    assert shop.one(QUERY) == 0
    enrol(shop.ctx, 1)
    assert shop.one(QUERY) > 40
    sell(shop)
    keys = enrolling.folder_of(shop.ctx)
    assert any(keys.glob("*.key"))
    enrolling.leave(shop.ctx)
    assert shop.one(QUERY) == 0
    assert shop.one("SELECT count(*) FROM ship") == 0
    assert not any(keys.glob("*.key"))


def test_each_key_has_one_row(shop: Shop) -> None:
    """A row that changes often is noted once, with the number of its last change, whatever
    statement changed it; one that went is noted as gone."""
    enrol(shop.ctx, 1)
    db = shop.ctx.db
    customer = cards.add(shop.ctx, cards.Card("Orang"))
    key = ("customers", str(customer))
    seen = []
    for statement in (
        "UPDATE customers SET name = 'A' WHERE id = ?",
        "UPDATE OR IGNORE customers SET name = 'B' WHERE id = ?",
        "INSERT OR REPLACE INTO customers SELECT * FROM customers WHERE id = ?",
        "INSERT OR IGNORE INTO customers SELECT * FROM customers WHERE id = ?",
        "UPDATE customers SET notes = 'stays here' WHERE id = ?",
    ):
        db.execute(statement, (customer,))
        rows = shop.rows("SELECT seq, gone FROM ship WHERE tbl = ? AND key = ?", *key)
        assert len(rows) == 1
        seen.append(rows[0]["seq"])
    assert seen[0] < seen[1] < seen[2]
    assert seen[2] == seen[3] == seen[4]
    cards.remove(shop.ctx, customer)
    assert shop.one("SELECT gone FROM ship WHERE tbl = ? AND key = ?", *key) == 1
    assert shop.one("SELECT count(*) = count(DISTINCT seq) FROM ship") == 1


def test_the_past_is_entered_in_slices(shop: Shop, office: Office) -> None:
    """What stood there before the enrolment goes up too; killed on the way, it is entered again."""
    found_people(shop.ctx)
    sell(shop)
    enrol(shop.ctx, 1)
    assert round_(shop, MemoryLine(office, 1)) > 0
    same_sums(shop.ctx, office, 1)
    # A migration that makes a table anew takes its triggers along.
    shop.ctx.db.execute("DROP TRIGGER ship_customers_update")
    shop.ctx.db.execute("DROP TRIGGER ship_phones_delete")
    shop.ctx.db.execute("UPDATE customers SET name = 'Lain' WHERE id = 1")
    shop.ctx.db.execute("DELETE FROM phones WHERE customer_id = 2")
    round_(shop, MemoryLine(office, 1))
    same_sums(shop.ctx, office, 1)
    assert round_(shop, MemoryLine(office, 1)) == 0


def test_secrets_stay(shop: Shop, office: Office) -> None:
    """Of the settings those go that reports need, and no other, whoever notes them."""
    enrol(shop.ctx, 1)
    db = shop.ctx.db
    db.execute("INSERT INTO settings VALUES ('modem.pin', '1234'), ('points.rupiah', '5000')")
    db.execute("UPDATE settings SET value = '4321' WHERE key = 'modem.pin'")
    assert not shop.one("SELECT count(*) FROM ship WHERE key = 'modem.pin'")
    db.execute("INSERT INTO ship SELECT 'settings', 'modem.pin', max(seq) + 1, 0 FROM ship")
    round_(shop, MemoryLine(office, 1))
    sent = office.now("settings", 1)
    assert sent["points.rupiah"] == ("5000",)
    assert "modem.pin" not in sent


# ── a round ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rounds", daily([4, 12]))
def test_a_day_goes_up(shop: Shop, office: Office, rounds: int) -> None:
    """Whatever a day does, the office has each row once, and a round with nothing new sends
    nothing."""
    found_people(shop.ctx)
    enrol(shop.ctx, 1)
    chance = random.Random(7)
    line = MemoryLine(office, 1)
    for _ in range(rounds):
        for _ in range(12):
            step = STEPS[chance.choice(sorted(STEPS))]
            with contextlib.suppress(RuleBroken):
                step(shop.ctx, *(chance.randrange(24) for _ in range(3)))
        round_(shop, line)
        same_sums(shop.ctx, office, 1)
    assert round_(shop, line) == 0
    row = shop.rows("SELECT * FROM chain")[0]
    assert (row["behind"], row["trouble"]) == (0, "")


def test_a_restored_item_brings_its_prices(shop: Shop, office: Office) -> None:
    """Prices that went with an item and came again by undo are at the office, sent before or
    not."""
    enrol(shop.ctx, 1)
    round_(shop, MemoryLine(office, 1))
    item = item_cards.add(shop.ctx, Card("BARU-1", "Barang baru", "buah", 1000))
    item_cards.remove(shop.ctx, item)
    step = shop.one("SELECT max(id) FROM undo_steps")
    sell(shop)
    prices.set_prices(shop.ctx, prices.repriced(shop.ctx, [6], 1000, 500))
    round_(shop, MemoryLine(office, 1))
    undo.undo(shop.ctx, step)
    round_(shop, MemoryLine(office, 1))
    same_sums(shop.ctx, office, 1)


def test_cut_anywhere(shop: Shop, office: Office) -> None:
    """A line that is cut before or after any statement, the commit too, loses nothing and doubles
    nothing; the next round goes on."""
    found_people(shop.ctx)
    enrol(shop.ctx, 1)
    number = 1
    while True:
        sell(shop)
        cut: list[int] = []

        def fault(step: int, at: int = number, cut: list[int] = cut) -> Exception | None:
            if step == at:
                cut.append(step)
                return errors.OfficeSilent(office="x")
            return None

        line = MemoryLine(office, 1, fault)
        with contextlib.suppress(errors.OfficeSilent):
            round_(shop, line)
        if not cut:
            break
        number += 1
        if number % 4 == 0:
            round_(shop, MemoryLine(office, 1))
            same_sums(shop.ctx, office, 1)
    assert number > 15
    round_(shop, MemoryLine(office, 1))
    same_sums(shop.ctx, office, 1)


@pytest.mark.parametrize("size", [1, 3, 50])
def test_small_batches(
    shop: Shop, office: Office, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few rows a batch may have, the lines of a sale and all else arrive once and in
    order."""
    monkeypatch.setattr(reading, "AT_ONCE", size)
    for _ in range(2):
        sell(shop)
    enrol(shop.ctx, 1)
    rows = round_(shop, MemoryLine(office, 1))
    assert office.commits >= rows / size / 3
    same_sums(shop.ctx, office, 1)


def test_a_restore_between_two_rounds(shop: Shop, office: Office) -> None:
    """The chain's process holds no store open between rounds, and goes on with the restored one; one
    that left the chain meanwhile is told so."""
    enrol(shop.ctx, 1)
    made = rounds_of(shop, MemoryLine(office, 1))
    sell(shop)
    made.round()
    backup = making.make(shop.ctx)
    restore(shop, backup.path)
    sell(shop)
    made.round()
    assert office.open[1] == 2
    assert len(office.ledger("sales", 1)) == 2
    enrolling.leave(shop.ctx)
    with pytest.raises(errors.NotEnrolled):
        made.round()
    assert shop.one(QUERY) == 0


# ── histories ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("sold_on", [False, True])
@pytest.mark.parametrize("known", daily(["more", "nothing", "the backup"]))
def test_restored(shop: Shop, office: Office, sold_on: bool, known: str) -> None:
    """A branch that was restored goes on in a new epoch: what the office had stays, what it did not
    have comes, nothing comes twice, and no number twice."""
    enrol(shop.ctx, 1)
    sell(shop)
    backup = making.make(shop.ctx)
    if known == "the backup":
        round_(shop, MemoryLine(office, 1))
    sell(shop)
    lost = shop.one("SELECT max(id) FROM sales")
    if known == "more":
        round_(shop, MemoryLine(office, 1))
    restore(shop, backup.path)
    if sold_on:
        sell(shop)
        # A number that was given stays given, also where the store knows it no more.
        assert shop.one("SELECT max(id) FROM sales") > lost
        sell(shop)
    round_(shop, MemoryLine(office, 1))
    before = {tuple(row.values()) for row in office.ledger("sales", 1)}
    mine = set(told(shop.ctx, "sales"))
    assert mine <= before
    assert len(before) == len(mine) + (known == "more")
    ids = [row["id"] for row in office.ledger("sales", 1)]
    assert len(ids) == len(set(ids))
    sell(shop)
    round_(shop, MemoryLine(office, 1))
    assert round_(shop, MemoryLine(office, 1)) == 0
    assert len(office.ledger("sales", 1)) == len(before) + 1


def test_restored_before_the_drawer_was_closed(shop: Shop, office: Office) -> None:
    """A drawer that was open in the backup, and was counted since, is counted once more: neither count
    takes the other one's place, and the branch goes on."""
    enrol(shop.ctx, 1)
    sell(shop)
    backup = making.make(shop.ctx)
    for _ in range(2):
        close_drawer(shop.ctx, 0, 0, 0)
        round_(shop, MemoryLine(office, 1))
        restore(shop, backup.path)
        round_(shop, MemoryLine(office, 1))
    close_drawer(shop.ctx, 0, 0, 1)
    round_(shop, MemoryLine(office, 1))
    counts = office.ledger("drawer_counts", 1)
    assert len(counts) == 3 * len(told(shop.ctx, "drawer_counts"))
    assert round_(shop, MemoryLine(office, 1)) == 0


def test_restored_twice(shop: Shop, office: Office) -> None:
    """Two restores between two rounds, from backups of either history, and a third one later."""
    enrol(shop.ctx, 1)
    sell(shop)
    first = making.make(shop.ctx)
    sell(shop)
    round_(shop, MemoryLine(office, 1))
    second = making.make(shop.ctx)
    sell(shop)
    restore(shop, first.path)
    sell(shop)
    restore(shop, second.path)
    sell(shop)
    round_(shop, MemoryLine(office, 1))
    assert len(office.ledger("sales", 1)) == 3
    restore(shop, first.path)
    sell(shop)
    round_(shop, MemoryLine(office, 1))
    assert len(office.ledger("sales", 1)) == 4
    assert round_(shop, MemoryLine(office, 1)) == 0


@pytest.mark.parametrize("sold_on", [0, 1, 3])
def test_put_back_without_restore(shop: Shop, office: Office, tmp_path: Path, sold_on: int) -> None:
    """An old crm.db in the store's place is refused, whatever was sold on it, and nothing is sent;
    a new epoch begins behind the last common row, and both histories count."""
    enrol(shop.ctx, 1)
    sell(shop)
    round_(shop, MemoryLine(office, 1))
    sell(shop)
    copy_of(shop, tmp_path / "alt.db")
    sell(shop)
    sell(shop)
    round_(shop, MemoryLine(office, 1))
    put_back(shop, tmp_path / "alt.db")
    for _ in range(sold_on):
        sell(shop)
    commits = office.commits
    with pytest.raises(errors.HistoriesDiffer):
        round_(shop, MemoryLine(office, 1))
    assert office.commits == commits
    line = MemoryLine(office, 1)
    hello = up.hello(shop.ctx, line)
    assert 2 <= forking.common(shop.ctx, line, hello)["sales"] < 3
    forking.fork(shop.ctx, line, hello)
    sell(shop)
    assert shop.one("SELECT max(id) FROM sales") >= 1000
    round_(shop, MemoryLine(office, 1))
    assert len(office.ledger("sales", 1)) == 4 + sold_on + 1
    assert round_(shop, MemoryLine(office, 1)) == 0


def test_a_copy_without_a_sale(shop: Shop, office: Office, tmp_path: Path) -> None:
    """A copy that differs in no ledger row is known by its token."""
    enrol(shop.ctx, 1)
    round_(shop, MemoryLine(office, 1))
    copy_of(shop, tmp_path / "alt.db")
    shop.ctx.store.may_write().execute("UPDATE items SET recount = 1 WHERE id = 1")
    round_(shop, MemoryLine(office, 1))
    put_back(shop, tmp_path / "alt.db")
    shop.ctx.store.may_write().execute("UPDATE items SET recount = 1 WHERE id = 2")
    with pytest.raises(errors.HistoriesDiffer):
        round_(shop, MemoryLine(office, 1))


@pytest.mark.parametrize("first", ["old", "new"])
def test_copied_computer(shop: Shop, office: Office, tmp_path: Path, first: str) -> None:
    """Two computers with one shop: whoever comes first goes on, the other is refused; as a branch
    of its own it sends only what it has of its own."""
    enrol(shop.ctx, 1)
    sell(shop)
    round_(shop, MemoryLine(office, 1))
    copy_of(shop, tmp_path / "alt.db")
    other = Shop(tmp_path / "lain")
    put_back(other, tmp_path / "alt.db")
    one, two = (shop, other) if first == "old" else (other, shop)
    sell(one)
    round_(one, MemoryLine(office, 1))
    sell(two)
    sell(two)
    with pytest.raises(errors.HistoriesDiffer):
        round_(two, MemoryLine(office, 1))
    office.add("Dua", forked_from=1)
    enrolling.leave(two.ctx)
    enrol(two.ctx, 2, "Dua")
    round_(two, MemoryLine(office, 2))
    assert len(office.ledger("sales", 1)) == 2
    assert len(office.ledger("sales", 2)) == 2
    sell(two)
    sell(one)
    round_(two, MemoryLine(office, 2))
    round_(one, MemoryLine(office, 1))
    assert (len(office.ledger("sales", 1)), len(office.ledger("sales", 2))) == (3, 3)
    other.close()


@pytest.mark.parametrize("dealt", [False, True])
def test_a_shop_under_another_number(
    shop: Shop, office: Office, tmp_path: Path, dealt: bool
) -> None:
    """What a branch has sent does not come once more under another number of the same office, nor goods
    and points of one chain into another; only as a branch that goes on from the first, or is it."""
    enrol(shop.ctx, 1)
    sell(shop)
    round_(shop, MemoryLine(office, 1))
    if dealt:
        shop.ctx.store.may_write().execute(
            "INSERT INTO grants (at, actor, to_branch, to_epoch, to_id, phone, points, lots)"
            " VALUES (?, 'ani', 2, 1, 1, '+62812', 0, '[]')",
            ("2026-11-24T01:00:00.000Z",),
        )
        office = Office()
        office.add("Lain")
    office.add("Lagi")
    enrolling.leave(shop.ctx)
    enrol(shop.ctx, 2, "Lagi")
    for _ in range(2):
        with pytest.raises(errors.OtherNumber, match="number 1 of a chain"):
            round_(shop, MemoryLine(office, 2))
    with pytest.raises(errors.OtherNumber):
        batch_up.write(shop.ctx, tmp_path / "key", tmp_path / "naik")
    assert not office.ledger("sales", 2)
    enrolling.leave(shop.ctx)
    office.add("Satu, lagi", forked_from=1)
    enrol(shop.ctx, *((1, "Satu") if dealt else (3, "Satu, lagi")))
    round_(shop, MemoryLine(office, 1 if dealt else 3))
    assert sum(len(office.ledger("sales", number)) for number in (1, 2, 3)) == 1


def test_the_old_computer_comes_back(shop: Shop, office: Office, tmp_path: Path) -> None:
    """A store that was restored elsewhere has a later epoch: the old one is refused from then
    on."""
    enrol(shop.ctx, 1)
    sell(shop)
    round_(shop, MemoryLine(office, 1))
    backup = making.make(shop.ctx)
    copy_of(shop, tmp_path / "alt.db")
    restore(shop, backup.path)
    round_(shop, MemoryLine(office, 1))
    put_back(shop, tmp_path / "alt.db")
    sell(shop)
    with pytest.raises(errors.EpochClosed):
        round_(shop, MemoryLine(office, 1))


def test_the_office_of_yesterday(shop: Shop, office: Office) -> None:
    """An office that was restored has its old marks, too: all behind them is sent again."""
    enrol(shop.ctx, 1)
    sell(shop)
    round_(shop, MemoryLine(office, 1))
    yesterday = copy.deepcopy(office)
    sell(shop)
    round_(shop, MemoryLine(office, 1))
    sell(shop)
    round_(shop, MemoryLine(office, 1))
    round_(shop, MemoryLine(yesterday, 1))
    same_sums(shop.ctx, yesterday, 1)
    round_(shop, MemoryLine(yesterday, 1))
    assert yesterday.ledgers == office.ledgers


def head_office(shop: Shop) -> Any:
    """What Health says of the head office."""
    return next(each for each in health.look(shop.ctx) if each.name == "chain_silence")


def test_what_a_closed_branch_says_of_points(shop: Shop) -> None:
    """A branch that heard of its end tells nobody how many points there are, neither by SMS nor on a
    receipt, for others give them out; it says so in Health."""
    enrol(shop.ctx, 1)
    shop.ask(ANI, "POIN")
    ani = shop.one("SELECT customer_id FROM phones")
    points.give(shop.ctx, ani, 30, "")
    sale = till.sell(shop.ctx, cart_of([LINE]).sold(), [Paid("cash", 85_000)], ani)
    before = shop.ask(ANI, "POIN"), receipt.text(shop.ctx, sale)
    assert all("Poin Anda" in each for each in before)
    take(shop, ("branch", "1", {"branch": 1, "name": "x", "closed_at": "2026-11-24T01:00:00.000Z"}))
    assert "Poin Anda" not in shop.ask(ANI, "POIN") + receipt.text(shop.ctx, sale)
    assert points.standing(shop.ctx, ani).ended
    assert head_office(shop).sentence == points.PointsEnded().stored


def test_a_file_of_the_office_lets_points_go_again(shop: Shop) -> None:
    """One that was written behind the last refusal does, by the office's clock: the branch was open
    then. It says nothing of another store with which the office goes on."""
    enrol(shop.ctx, 1)
    ani = cards.add(shop.ctx, cards.Card("Ani", phone=ANI))
    points.give(shop.ctx, ani, 30, "")
    chain = shop.ctx.acting(up.ACTOR)
    # The clock here is an hour behind.
    shop.ctx.db.execute("UPDATE chain SET skew = 3600")
    differs = errors.HistoriesDiffer(name="-", ledger="sales", number=1)

    def spends(written: str) -> bool:
        up.carried(chain, written, 9, "")
        return points.kept_back(shop.ctx) is None

    up.failed(chain, errors.KeyRefused(office="-", name="-"))
    assert not spends("2026-11-24T01:59:00.000Z")
    shop.clock.wait(600)
    up.failed(chain, errors.KeyRefused(office="-", name="-"))
    assert not spends("2026-11-24T02:09:00.000Z")
    assert spends("2026-11-24T02:11:00.000Z")
    for trouble in (differs, errors.KeyRefused(office="-", name="-")):
        up.failed(chain, trouble)
        assert not spends("2026-12-01T00:00:00.000Z")
    # As a program before this one wrote it.
    shop.ctx.db.execute("UPDATE chain SET told = '{\"refused\":1}'")
    assert not spends("2026-12-01T00:00:00.000Z")


def test_points_stay_with_the_office_while_a_shop_belongs_to_no_chain(shop: Shop) -> None:
    """Who was refused leaves them there, and has them back with the next enrolment of the same branch,
    to be spent when the office has let it in; with that of another one, none."""
    ani = cards.add(shop.ctx, cards.Card("Ani", phone=ANI))
    points.give(shop.ctx, ani, 30, "")
    for branch, there, again in ((1, 30, False), (2, 0, True), (1, 30, True)):
        enrol(shop.ctx, branch)
        assert points.balance(shop.ctx, ani) == there
        assert bool(points.kept_back(shop.ctx)) == again
        shop.ctx.db.execute("UPDATE chain SET met_at = ?", (shop.ctx.at,))
        up.failed(shop.ctx.acting(up.ACTOR), errors.KeyRefused(office="-", name="-"))
        with pytest.raises(points.PointsHeld):
            points.redeem(shop.ctx, ani, 1, "")
        assert enrolling.leave(shop.ctx) == there
        assert points.balance(shop.ctx, ani) == 0
    ledgers_add_up(shop.ctx)


@pytest.mark.parametrize("how", ["answer", "later", "none", "file", "file, none"])
def test_points_that_the_office_may_have_stay_there(
    shop: Shop, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Who leaves a chain refused leaves the points of a batch, too, whose answer was lost, whose round
    did not come to its end or that went as a file, and is told how many; what the office answered
    that it did not take is still here."""
    enrol(shop.ctx, 1)
    ani = cards.add(shop.ctx, cards.Card("Ani", phone=ANI))
    points.give(shop.ctx, ani, 20, "")
    round_(shop, MemoryLine(office, 1))
    points.give(shop.ctx, ani, 50, "")
    line = MemoryLine(office, 1)
    silent, closed = errors.OfficeSilent(office="-"), errors.BranchClosed(name="-")

    def fails(trouble: Exception) -> Any:
        raise trouble

    def lost(batch: Any) -> None:
        MemoryLine.send(line, batch)
        raise silent

    if how.startswith("file"):
        (tmp_path / "key").touch()
        monkeypatch.setattr(signing, "sign", lambda key, told: b"-" * signing.SIZE)
        batch_up.write(shop.ctx.acting(up.ACTOR), tmp_path / "key", tmp_path / "naik")
    if how != "file":
        where, instead = {
            "answer": ("send", lost), "later": ("reached", lambda *told: fails(silent)),
            "none": ("send", lambda batch: fails(closed)),
        }[how.removeprefix("file, ")]  # fmt: skip
        setattr(line, where, instead)
        with pytest.raises(errors.ChainProblem):
            round_(shop, line)
        assert len(office.ledger("point_lots", 1)) == (1 if "none" in how else 2)
    up.failed(shop.ctx.acting(up.ACTOR), errors.KeyRefused(office="-", name="-"))
    here = 50 if how == "none" else 0
    assert enrolling.unanswered(shop.ctx) == 50 - here
    if how == "answer":
        said = CliRunner().invoke(
            main, ["--lang", "en", "--data", str(shop.folder), "chain", "leave"]
        )
        assert "70 points of its customers stay" in said.output
        assert "50 of them went out without an answer" in said.output
    else:
        assert enrolling.leave(shop.ctx) == 70 - here
    assert points.balance(shop.ctx, ani) == here
    ledgers_add_up(shop.ctx)


@pytest.mark.parametrize("gone", [True, False])
def test_a_backup_alone_knows_of_no_end(shop: Shop, office: Office, gone: bool) -> None:
    """Where the store of now cannot be read, a branch that is restored holds its points until a round
    comes to its end, and says so: it may have been closed since."""
    enrol(shop.ctx, 1)
    ani = cards.add(shop.ctx, cards.Card("Ani", phone=ANI))
    points.give(shop.ctx, ani, 30, "")
    round_(shop, MemoryLine(office, 1))
    backup = making.make(shop.ctx)
    if gone:
        shop.leave()
        for each in shop.folder.glob("crm.db*"):
            each.write_bytes(b"-" * 5000)
    restore(shop, backup.path)
    assert (points.kept_back(shop.ctx) is None) != gone
    if gone:
        with pytest.raises(points.PointsHeld):
            points.redeem(shop.ctx, ani, 1, "")
        assert standing.read(shop.ctx).lines()[-1] == points.PointsHeld().stored
    round_(shop, MemoryLine(office, 1))
    points.redeem(shop.ctx, ani, 1, "")


def test_a_branch_that_is_refused_spends_no_points(shop: Shop, office: Office) -> None:
    """Refused, or told that it is closed, a branch keeps its customers' points, whatever happens to the
    line behind that, until a round comes to its end; who is only away spends on."""
    enrol(shop.ctx, 1)
    ani = cards.add(shop.ctx, cards.Card("Ani", phone=ANI))
    points.give(shop.ctx, ani, 30, "")
    silent, refused = errors.OfficeSilent(office="-"), errors.KeyRefused(office="-", name="-")

    def fails(trouble: errors.ChainProblem) -> None:
        with pytest.raises(type(trouble)):
            round_(shop, MemoryLine(office, 1, lambda step: trouble))

    def spends() -> None:
        points.redeem(shop.ctx, ani, 1, "")

    fails(silent)
    spends()
    for trouble in (refused, silent):
        fails(trouble)
        assert not head_office(shop).well
        with pytest.raises(points.PointsHeld):
            spends()
        # Said, too, where what came last is another trouble; and kept by an office that was put back.
        assert standing.read(shop.ctx).lines()[-1] == points.PointsHeld().stored
        up.begin_anew(shop.ctx.acting(up.ACTOR))
    round_(shop, MemoryLine(office, 1))
    spends()
    assert head_office(shop).well
    told_closed = {"branch": 1, "name": "x", "closed_at": "2026-11-24T01:00:00.000Z"}
    take(shop, ("branch", "1", told_closed))
    with pytest.raises(points.PointsEnded):
        spends()
    # Refused now, it was closed, and knows it.
    fails(errors.KeyEnded(office="-", name="-"))
    with pytest.raises(errors.KeyEnded, match="office branch add"):
        round_(shop, MemoryLine(office, 1, lambda step: refused))
    assert points.balance(shop.ctx, ani) == 28
