"""How many statements things take: what grows with the rows holds others up once there are many."""

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from crm_tui.shop.answers import handling
from crm_tui.shop.answers.settings import NUMBER_LIMIT
from crm_tui.shop.branches import arrivals, transfers
from crm_tui.shop.customers import people
from crm_tui.shop.gate import access, listing, settings
from crm_tui.shop.gate.access import PERMISSIONS, SHIPPED_ROLES
from crm_tui.shop.gate.commands import part, savepoint
from crm_tui.shop.gate.context import DOOR, GATEWAY, Actor, Context
from crm_tui.shop.gate.listing import View
from crm_tui.shop.imports import customers as import_customers
from crm_tui.shop.imports import sales as import_sales
from crm_tui.shop.imports import staging, taking_back
from crm_tui.shop.imports.questions import Choices
from crm_tui.shop.items import catalogue, counting, prices, stock
from crm_tui.shop.items.catalogue import Catalogue
from crm_tui.shop.messages import replies
from crm_tui.shop.orders import deciding, placing, view
from crm_tui.shop.orders.settings import MOST_WAITING
from crm_tui.shop.promos import audience, campaigns, outlook, sending
from crm_tui.shop.promos.audience import Audience
from crm_tui.shop.promos.campaigns import Draft
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.registry import REPORTS
from crm_tui.shop.sales import (
    cart,
    collecting,
    parked,
    receipt,
    receivables,
    returns,
    statement,
    till,
)
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.shop.users import accounts, roles
from tests.branches import enrol, take
from tests.shop import ANI, Shop, cart_of, gone_out
from tests.statements import statements
from tests.test_listing import LISTS
from tests.test_rewards import person

CODES = ("PQ-R", "PQ-S", "AB-1", "CD-2-X", "GH-4", "EF-3", "KOS-0")


class Answering:
    """The worker's second transaction alone, for a customer whom the shop knows."""

    def __init__(self, shop: Shop) -> None:
        self.ctx = shop.ctx.acting(GATEWAY)
        self._catalogue = Catalogue()
        people.prospect(shop.ctx, ANI)
        self.takes("INFO")

    def takes(self, text: str) -> int:
        """How many statements it takes to handle `text`."""
        with self.ctx.store.transaction() as db:
            number = db.execute(
                "INSERT INTO messages (direction, kind, at, phone, text, status, status_at)"
                " VALUES ('in', 'sms', ?, ?, ?, 'new', ?) RETURNING id",
                (self.ctx.at, ANI, text, self.ctx.at),
            ).fetchone()[0]
        # The worker does so before it locks the store.
        self._catalogue.index(self.ctx)
        with statements(self.ctx) as found:
            handling.handle(self.ctx, number, self._catalogue)
        done = self.ctx.db.execute("SELECT status FROM messages WHERE id = ?", (number,))
        assert done.fetchone()[0] == "answered"
        # Who has many answers waiting gets no more.
        gone_out(self.ctx)
        return len(found)


@pytest.fixture
def answering(shop: Shop) -> Answering:
    return Answering(shop)


def ordered(count: int) -> str:
    return "PESAN " + ", ".join(f"{code} 1" for code in CODES[:count])


def test_what_counts(shop: Shop) -> None:
    """Frames, with the look whether somebody planted something, and reads count, what triggers do does
    not, each row of many does; the link of a ledger's
    rows is one, where no change of the feed takes it along."""
    with statements(shop.ctx) as found, shop.ctx.store.transaction() as db:
        for _ in range(2):
            db.execute("SELECT 1 FROM items")
        db.execute(
            "INSERT INTO stock_moves (item_id, at, quantity, reason, note, actor)"
            " VALUES (1, '', 1, 'receipt', '', '')"
        )
        db.conn.executemany("UPDATE items SET cost = ? WHERE id = 1", [(1,), (2,), (3,)])
    assert [each.split()[0] for each in found] == [
        "BEGIN", "SELECT", "SELECT", "SELECT", "INSERT", "UPDATE", "UPDATE", "UPDATE", "INSERT",
        "COMMIT",
    ]  # fmt: skip


# ── an SMS ────────────────────────────────────────────────────────────────────────────────────────


def test_an_order_by_sms(answering: Answering) -> None:
    """An order of four lines takes at most 40 statements, and each line more at most one."""
    one, four, five = (answering.takes(ordered(count)) for count in (1, 4, 5))
    assert four <= 40
    assert five - four <= 1
    assert four - one <= 3


def test_an_order_in_a_long_answer(shop: Shop, answering: Answering) -> None:
    """An order of four lines whose answer takes several SMS is no exception."""
    shop.set(replies.ORDER_LINE.setting, "{quantity} {code} {name} ({unit}) seharga {amount}")
    assert answering.takes(ordered(4)) <= 40
    assert shop.one("SELECT max(segments) FROM messages") > 1


def test_an_order_with_offers(shop: Shop, answering: Answering) -> None:
    """Promos on the items, and prices told before, cost no statements a line."""
    items = tuple((item_id, 1000) for item_id in range(1, 8))
    number = campaigns.save(
        shop.ctx, Draft("Promo", "discount", "{items}", Audience("nobody"), items)
    )
    campaigns.start(shop.ctx, number)
    answering.takes("HARGA " + " ".join(CODES))
    assert answering.takes(ordered(4)) <= 40


def test_a_price_answer(answering: Answering) -> None:
    """Many codes cost no more than one, but for the second SMS that the answer needs."""
    assert answering.takes("HARGA " + " ".join(CODES[:5])) - answering.takes("HARGA PQ-R") <= 2


def test_a_change_by_sms(answering: Answering) -> None:
    """A change takes one statement a line of the order, to write it anew."""
    answering.takes(ordered(1))
    small = answering.takes("TAMBAH PQ-R 1")
    answering.takes("BATAL")
    answering.takes(ordered(5))
    assert answering.takes("TAMBAH PQ-R 2") - small <= 4


def test_a_shortage(answering: Answering) -> None:
    """What is missing is written down in one statement an item, and looked up in none."""
    one = answering.takes("PESAN KOS-0 1, PQ-R 1")
    two = answering.takes("PESAN KOS-0 1, EF-3 2, PQ-R 1")
    assert two - one <= 1


def test_the_orders_of_a_customer(shop: Shop, answering: Answering) -> None:
    """STATUS costs no more for many open orders than for one, but for the second SMS."""
    shop.set(NUMBER_LIMIT, 1000)
    shop.set(MOST_WAITING, 100)
    answering.takes(ordered(2))
    one = answering.takes("STATUS")
    for count in range(1, 5):
        answering.takes(ordered(count))
    assert answering.takes("STATUS") - one <= 2


# ── the counter ───────────────────────────────────────────────────────────────────────────────────


def test_looking_at_an_order(shop: Shop, answering: Answering) -> None:
    """An order on the screen takes the same however many lines it has, with a past of the customer."""
    counts = []
    for lines in (1, 5):
        answering.takes(ordered(lines))
        number = int(shop.one("SELECT max(id) FROM orders"))
        with statements(shop.ctx) as found:
            seen = view.look(shop.ctx, number)
        assert len(seen.lines) == lines
        counts.append(len(found))
        collecting.collect(shop.ctx, number)
    assert counts[0] == counts[1]
    assert view.look(shop.ctx, 2).lines[0].last_price == 85_000


def test_a_proposal(shop: Shop, answering: Answering) -> None:
    """What the staff propose instead is looked up at once."""
    counts = []
    for wanted in ({6: 9}, {6: 9, 7: 1, 2: 1, 4: 1}):
        answering.takes(ordered(1))
        number = int(shop.one("SELECT max(id) FROM orders"))
        with statements(shop.ctx) as found:
            assert not deciding.change(shop.ctx, number, wanted)
        counts.append(len(found))
        deciding.reject(shop.ctx, number, "uji")
    assert counts[1] - counts[0] <= 1


def lines(shop: Shop, count: int) -> cart.Cart:
    found = [catalogue.by_code(shop.ctx, code) for code in CODES[:count]]
    return cart_of(
        [CartLine(each.id, each.code, each.name, each.unit, each.price, 1) for each in found]
    )


def test_parked_sales(shop: Shop) -> None:
    """How many sales wait aside is one statement, showing them two, whatever their number."""
    for _ in range(12):
        parked.park(shop.ctx, lines(shop, 3))
    with statements(shop.ctx) as found:
        assert parked.count(shop.ctx) == 12
    assert len(found) == 1
    with statements(shop.ctx) as found:
        assert len(parked.parked(shop.ctx)) == 12
    assert len(found) == 2
    with statements(shop.ctx) as found:
        parked.unpark(shop.ctx, 7)
    assert len(found) <= 7


def test_a_sale(shop: Shop) -> None:
    """A line of a sale takes its rows in the ledgers and nothing else."""
    counts = []
    for count in (1, 5):
        sold = lines(shop, count)
        with statements(shop.ctx) as found:
            till.sell(shop.ctx, sold.sold(), [Paid("cash", sold.total)])
        counts.append(len(found))
    assert counts[1] - counts[0] <= 4 * 2


def test_a_receipt_and_what_comes_back(shop: Shop) -> None:
    """A receipt asks as often however long it is; a line that comes back takes its rows alone."""
    counts = []
    for count in (1, 5):
        sold = lines(shop, count)
        sale = till.sell(shop.ctx, sold.sold(), [Paid("cash", sold.total)])
        with statements(shop.ctx) as printed:
            receipt.text(shop.ctx, sale)
        with statements(shop.ctx) as back:
            returns.give_back(shop.ctx, sale, dict.fromkeys(range(1, count + 1), 1), "rusak")
        counts.append((len(printed), len(back)))
    assert counts[1][0] == counts[0][0]
    assert counts[1][1] - counts[0][1] <= 4 * 2


def test_an_order_that_is_fetched(shop: Shop, answering: Answering) -> None:
    """A line of an order that is handed out takes its rows alone, as one that is sold."""
    counts = []
    for count in (1, 5):
        answering.takes(ordered(count))
        with statements(shop.ctx) as found:
            collecting.collect(shop.ctx, int(shop.one("SELECT max(id) FROM orders")))
        counts.append(len(found))
    assert counts[1] - counts[0] <= 4 * 2


def test_goods_for_another_branch(shop: Shop) -> None:
    """A line of a transfer takes its rows alone."""
    enrol(shop, 2, "Cabang 2")
    take(shop, ("branch", "1", {"branch": 1, "name": "Pusat"}))
    counts = []
    for count in (1, 5):
        goods = [stock.Goods(catalogue.by_code(shop.ctx, code).id, 1) for code in CODES[:count]]
        with statements(shop.ctx) as found:
            transfers.send(shop.ctx, 1, goods)
        counts.append(len(found))
    assert counts[1] - counts[0] <= 4 * 2


def test_goods_of_another_branch(shop: Shop) -> None:
    """A line that comes, or goes back at once, takes its rows and what its cost was."""
    enrol(shop, 2, "Cabang 2")
    take(shop, ("branch", "1", {"branch": 1, "name": "Pusat"}))
    counts = []
    for arrival, count in enumerate((1, 5, 1, 5), start=1):
        goods = {"name": "x", "unit": "set", "quantity": 3, "price": 1, "cost": 1}
        sent = [{"line": line, "code": code, **goods} for line, code in enumerate(CODES[:count], 1)]
        body = {"at": "2026-11-24T01:00:00.000Z", "actor": "sari", "note": "", "lines": sent}
        take(shop, ("transfer", f"1/1/{arrival}", body))
        arrivals.rest_as_sent(shop.ctx, arrival)
        with statements(shop.ctx) as found:
            if arrival <= 2:
                arrivals.receive(shop.ctx, arrival)
            else:
                arrivals.send_back(shop.ctx, arrival, "salah")
        counts.append(len(found))
    assert counts[1] - counts[0] <= 4 * 5
    assert counts[3] - counts[2] <= 4 * 7


def test_new_prices(shop: Shop) -> None:
    """What prices would become is one statement; making them so is two an item more."""
    for count in (1, 7):
        with statements(shop.ctx) as found:
            new = prices.repriced(shop.ctx, range(1, count + 1), 1000, 100)
        assert len(found) == 1
        with statements(shop.ctx) as found:
            prices.set_prices(shop.ctx, new)
        assert len(found) - 2 * count == 6


def test_goods_in_and_back(shop: Shop) -> None:
    """A line of a delivery takes its rows in the ledgers and one look at what its cost was; one that
    goes back, or was counted, takes its row alone."""
    counts = []
    for count in (1, 7):
        goods = [stock.Goods(item_id, 5, 40_000) for item_id in range(1, count + 1)]
        if count > 1:
            counting.begin_count(shop.ctx)
            for each in goods:
                counting.count(shop.ctx, 1, each.item_id, 50)
        with statements(shop.ctx) as received:
            stock.receive(shop.ctx, goods, "CV Jaya")
        with statements(shop.ctx) as back:
            stock.give_back(shop.ctx, goods, "CV Jaya", "cacat")
        counts.append((len(received), len(back)))
    assert counts[1][0] - counts[0][0] <= 4 * 6
    assert counts[1][1] - counts[0][1] == 6
    with statements(shop.ctx) as posted:
        assert counting.post_count(shop.ctx, 1) == 7
    assert len(posted) - 7 <= 11


def test_a_repayment(shop: Shop) -> None:
    """What is paid of several sales is a row a sale, each in the name in which it was sold."""
    buyer = person(shop, ANI)
    shop.ctx.db.execute("UPDATE customers SET credit_limit = 10000000")
    counts = []
    for count in (1, 4):
        for _ in range(count):
            sold = lines(shop, 1)
            till.sell(shop.ctx, sold.sold(), [Paid("account", sold.total)], buyer)
        with statements(shop.ctx) as found:
            receivables.repay(shop.ctx, buyer, count * sold.total, "cash")
        counts.append(len(found))
    assert shop.one("SELECT sum(due) FROM dues") == 0
    assert counts[1] - counts[0] == 3


def test_permissions(shop: Shop) -> None:
    """All that somebody may do is one statement, and what `allowed` says one by one."""
    actors = [DOOR, GATEWAY, shop.ctx.actor, Actor("user", "nobody", 999)]
    for at, role in enumerate(SHIPPED_ROLES):
        user = accounts.add(shop.ctx, f"orang{at}", "Orang", role, "kuda-lari-jauh")
        actors.append(Actor("user", f"orang{at}", user))
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE users SET active = 0 WHERE login = 'orang1'")
    for actor in actors:
        ctx = shop.ctx.acting(actor)
        with statements(ctx) as found:
            granted = access.granted(ctx)
        assert len(found) <= 1
        asked = (*PERMISSIONS, access.OWN)
        assert granted == {each for each in asked if access.allowed(ctx, each)}
    with statements(shop.ctx) as found:
        may = access.who_may_each(shop.ctx)
    assert len(found) == 1
    assert may == {each: access.who_may(shop.ctx, each) for each in PERMISSIONS}


# ── promos ────────────────────────────────────────────────────────────────────────────────────────


def crowd(shop: Shop, first: int, count: int) -> None:
    for number in range(first, first + count):
        person(shop, f"+62813{number:08}", f"Orang {number}")


PERSONAL = "Halo {name}, tingkat {tier}, poin {points}, {asked}. {shop}"


@pytest.mark.parametrize("kind", ["text", "howto"])
def test_the_outlook_of_a_promo(shop: Shop, kind: str) -> None:
    """What a promo will do is told in as many statements for many customers as for few."""
    draft = Draft("Promo", kind, PERSONAL, Audience(), control=10)
    counts = []
    for first, more in ((0, 25), (25, 75)):
        crowd(shop, first, more)
        with statements(shop.ctx) as found:
            assert outlook.outlook(shop.ctx, draft).people == first + more
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_the_building_of_a_promo(shop: Shop) -> None:
    """Writing down what becomes of each customer takes one statement each."""
    counts = []
    for first, more in ((0, 25), (25, 75)):
        crowd(shop, first, more)
        number = campaigns.save(shop.ctx, Draft("Promo", "text", PERSONAL, Audience()))
        campaigns.start(shop.ctx, number)
        with statements(shop.ctx) as found:
            sending.build(shop.ctx, number)
        assert shop.one("SELECT count(*) FROM promo_people WHERE role = 'send'") == first + more + (
            25 if first else 0
        )
        counts.append(len(found) - first - more)
    assert counts[0] == counts[1]


def test_the_items_of_a_promo(shop: Shop) -> None:
    """The items of a draft are shown in as many statements as one of them."""
    items = tuple((item_id, 500) for item_id in range(1, 8))
    for wanted in (items[:1], items):
        with statements(shop.ctx) as found:
            campaigns.typed_items(shop.ctx, wanted)
        assert len(found) == 1


def test_customers_by_hand(shop: Shop) -> None:
    """Numbers that were typed for a promo are one statement each, and shown again in one for all."""
    crowd(shop, 0, 8)
    typed = ", ".join(f"+62813{number:08}" for number in reversed(range(8)))
    with statements(shop.ctx) as found:
        chosen = audience.chosen(shop.ctx, typed)
    assert len(found) == 1 + len(chosen) == 9
    with statements(shop.ctx) as found:
        assert audience.typed(shop.ctx, chosen) == typed
    assert len(found) == 1


def test_a_book_saved_again(shop: Shop, tmp_path: Path) -> None:
    """What an old book has that is in the shop already is left out in as many statements as one row."""
    counts = []
    for count in (1, 40):
        book, again = tmp_path / f"{count}.csv", tmp_path / f"{count} lagi.csv"
        rows = [f"{count % 28:02}/01/2025,Anu {n},1,{n + 1}000\n" for n in range(count)]
        head = "tanggal,barang,jumlah,total\n"
        book.write_text(head + "".join(rows))
        again.write_text(head + "".join(rows) + "28/02/2025,Lain,1,500\n")
        answers = Choices(answers={"no_item": "revenue", "again": "leave"})
        made = staging.examine(shop.ctx, import_sales.KIND, book, choices=answers)
        staging.merge(shop.ctx, made)
        with statements(shop.ctx) as found:
            made = staging.examine(shop.ctx, import_sales.KIND, again, choices=answers)
        assert made.left.counts["again"] == count
        made.close()
        counts.append(sum("aside.staged" in each for each in found))
    assert counts[0] == counts[1]


def test_customers_whom_the_shop_knows(shop: Shop, tmp_path: Path) -> None:
    """A file of customers is compared with the shop, and taken in where nothing differs, in as many
    statements for many rows as for a few; of each row that is written itself is one."""
    crowd(shop, 0, 40)
    counts = []
    for count in (2, 40):
        book = tmp_path / f"{count}.csv"
        rows = [f"Orang {number},+62813{number:08},ya\n" for number in range(count)]
        book.write_text("nama,telepon,izin\n" + "".join(rows))
        with statements(shop.ctx) as looked:
            made = staging.stage(shop.ctx, import_customers.KIND, book)
        assert made.preview.same == count
        with statements(shop.ctx) as merged:
            staging.merge(shop.ctx, made)
        counts.append((len(looked), len(merged)))
    assert counts[0] == counts[1]


def test_a_book_taken_back(shop: Shop, tmp_path: Path) -> None:
    """Customers whom an old book has named are looked at together when it is taken back: those who go,
    those who stay, and those who have bought nothing any more."""
    counts = []
    for count in (2, 30):
        for name, rows in (("satu", count * 2), ("dua", count)):
            book = tmp_path / f"{name} {count}.csv"
            sold = [f"03/01/202{len(name)},Anu,1,{n + 1}000,Orang {n},+62813{n:08}\n"
                    for n in range(rows)]  # fmt: skip
            book.write_text("tanggal,barang,jumlah,total,nama,telepon\n" + "".join(sold))
            answers = Choices(answers={"no_item": "revenue"})
            staging.merge(
                shop.ctx, staging.stage(shop.ctx, import_sales.KIND, book, choices=answers)
            )
        first, second = (row["id"] for row in reversed(taking_back.candidates(shop.ctx)))
        with statements(shop.ctx) as found:
            taking_back.take_back(shop.ctx, first)
        # Half of them stand in the other book, too.
        assert shop.one("SELECT count(*) FROM customers") == count
        counts.append(sum(each.lstrip().startswith(("SELECT", "UPDATE")) for each in found))
        taking_back.take_back(shop.ctx, second)
        assert shop.one("SELECT count(*) FROM customers") == 0
    assert counts[0] == counts[1]


def test_a_statement_of_what_is_owed(shop: Shop) -> None:
    """What a customer owes is on paper in as many statements for many sales as for one."""
    buyer = person(shop, ANI)
    shop.ctx.db.execute("UPDATE customers SET credit_limit = 10000000")
    counts = []
    for first, upto in ((0, 1), (1, 10)):
        for _ in range(first, upto):
            sold = lines(shop, 1)
            till.sell(shop.ctx, sold.sold(), [Paid("account", sold.total)], buyer)
        with statements(shop.ctx) as found:
            assert statement.text(shop.ctx, buyer).count("Jatuh tempo") == upto
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_how_far_roles_may_go(shop: Shop) -> None:
    """The ceilings of all roles are one statement."""
    for at in range(4):
        role = roles.add(shop.ctx, f"Peran {at}")
        roles.set_ceilings(shop.ctx, role, {"sales.discount": 100 * at})
    with statements(shop.ctx) as found:
        each = roles.ceilings_of_each(shop.ctx)
    assert len(found) == 1
    assert each == {
        row["role_id"]: roles.ceilings(shop.ctx, row["role_id"])
        for row in shop.rows("SELECT DISTINCT role_id FROM role_ceilings")
    }


# ── lists and reports ─────────────────────────────────────────────────────────────────────────────


def _per_list(shop: Shop) -> dict[str, int]:
    """How many statements the rows of each list and report take."""
    params = {"today": 740_000, "model": 1} | dict.fromkeys(
        ("count", "promo", "period", "arrival"), 1
    )
    given: dict[str, str | int] = {**params, "phone": "", "category": ""}
    took: dict[str, int] = {}
    for name, listed in LISTS.items():
        view = View(next(iter(listed.sorts)), next(iter(listed.parts)), "", given)
        with statements(shop.ctx) as found:
            listing.page(shop.ctx, listed, view)
            for _ in listing.every(shop.ctx, listed, view):
                pass
        took[name] = len(found)
    for name, report in REPORTS.items():
        with statements(shop.ctx) as found:
            for _ in report.rows(shop.ctx, Period()):
                pass
        took[f"report {name}"] = len(found)
    return took


def test_no_list_asks_for_each_row(shop: Shop, answering: Answering) -> None:
    """The rows of each list and report take as many statements however many they are."""
    shop.set(NUMBER_LIMIT, 1000)
    shop.set(MOST_WAITING, 100)
    took = []
    for first, more in ((0, 3), (3, 12)):
        crowd(shop, first, more)
        for at in range(more):
            sold = lines(shop, 3)
            till.sell(shop.ctx, sold.sold(), [Paid("cash", sold.total)], 1)
            parked.park(shop.ctx, lines(shop, 2))
            placing.place(answering.ctx, 1, ANI, {6: 1, 7: 1})
            answering.takes(f"HARGA XXX-{at}")
            draft = Draft(f"Promo {first + at}", "text", "Halo", Audience(), items=((1, 500),))
            campaigns.start(shop.ctx, campaigns.save(shop.ctx, draft))
        took.append(_per_list(shop))
    grown = {name: (before, took[1][name]) for name, before in took[0].items()
             if took[1][name] > before}  # fmt: skip
    assert not grown, "join what each row needs to the list's own statement"


# ── settings ──────────────────────────────────────────────────────────────────────────────────────


def test_settings_are_read_once(shop: Shop) -> None:
    """A transaction reads all settings at once, when it needs the first."""
    with statements(shop.ctx) as found, part(shop.ctx, "test"):
        for _ in range(3):
            assert settings.SHOP_NAME(shop.ctx) == "Toko Uji"
            assert settings.COUNTRY(shop.ctx) == "ID"
            assert settings.stored(shop.ctx, "nothing") == ""
    assert len(found) == 4


def test_settings_of_others(shop: Shop) -> None:
    """What another process has chosen counts at once: between two transactions, and outside of them."""
    other = shop.console()
    for name in ("Satu", "Dua", "Tiga"):
        settings.change(other, "shop.name", name)
        assert settings.SHOP_NAME(shop.ctx) == name
        with part(shop.ctx, "test"):
            assert settings.SHOP_NAME(shop.ctx) == name
        assert settings.SHOP_NAME(other) == name
    settings.reset(other, "shop.name")
    assert settings.SHOP_NAME(shop.ctx) == ""
    other.store.close()


def test_a_setting_within_the_transaction_that_changes_it(shop: Shop) -> None:
    """A transaction sees the value that it has chosen itself, and others see it afterwards."""
    with part(shop.ctx, "test"):
        assert settings.SHOP_NAME(shop.ctx) == "Toko Uji"
        settings.change(shop.ctx, "shop.name", "Baru")
        assert settings.SHOP_NAME(shop.ctx) == "Baru"
        settings.reset(shop.ctx, "shop.name")
        assert settings.SHOP_NAME(shop.ctx) == ""
        settings.put(shop.ctx, "shop.name", "Lain")
    assert settings.SHOP_NAME(shop.ctx) == "Lain"


@pytest.mark.parametrize("inner", [lambda ctx: part(ctx, "test"), savepoint])
def test_a_setting_that_was_taken_back(
    shop: Shop, inner: Callable[[Context], AbstractContextManager[None]]
) -> None:
    """What was chosen within and did not come to its end is not seen by what goes on."""
    with part(shop.ctx, "test"):
        assert settings.SHOP_NAME(shop.ctx) == "Toko Uji"
        with contextlib.suppress(ZeroDivisionError), inner(shop.ctx):
            settings.put(shop.ctx, "shop.name", "Palsu")
            assert settings.SHOP_NAME(shop.ctx) == "Palsu"
            raise ZeroDivisionError
        assert settings.SHOP_NAME(shop.ctx) == "Toko Uji"
