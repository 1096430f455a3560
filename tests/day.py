"""A shop's day as steps: each is a command whose targets come of three numbers.

Used by one process with hypothesis, and by two processes at once.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from crm_tui import ranking
from crm_tui.shop.customers import cards, merging, people
from crm_tui.shop.gate import consistency, money, undo
from crm_tui.shop.gate.context import Context
from crm_tui.shop.imports import customers as import_customers
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.imports import sales as import_sales
from crm_tui.shop.imports import staging, taking_back
from crm_tui.shop.imports.errors import ImportProblem
from crm_tui.shop.items import cards as item_cards
from crm_tui.shop.items import catalogue, counting, prices, stock
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.loyalty import points, rewards, scores, tiers
from crm_tui.shop.loyalty.settings import POINT_VALUE
from crm_tui.shop.orders import deciding, placing
from crm_tui.shop.sales import collecting, drawer, parked, receivables, returns, till
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.payment_methods import Paid
from tests.shop import cart_of

Step = Callable[[Context, int, int, int], Any]
PHONES = ["+6281100000001", "+6281100000002", "+6281100000003", "+6281100000004"]


def _pick(ctx: Context, query: str, number: int) -> int | None:
    rows = ctx.db.execute(query).fetchall()
    return int(rows[number % len(rows)][0]) if rows else None


def _item(ctx: Context, number: int) -> catalogue.Item:
    item_id = _pick(ctx, "SELECT id FROM items ORDER BY id", number)
    assert item_id is not None
    return catalogue.by_id(ctx, item_id)


def _customer(ctx: Context, number: int) -> int | None:
    return _pick(ctx, "SELECT id FROM customers ORDER BY id", number)


def line(item: catalogue.Item, quantity: int) -> CartLine:
    return CartLine(item.id, item.code, item.name, item.unit, item.price, quantity)


def sell(ctx: Context, a: int, b: int, c: int) -> Any:
    """Two lines, discounts, paid in two ways or on account."""
    made = cart_of([line(_item(ctx, a), 1 + b % 3)])
    if c % 2:
        made = made.put(line(_item(ctx, a + 1), 1 + c % 2))
    if b % 4 == 1:
        made = made.discounted(money.discount("12,5%"))
    elif b % 4 == 2:
        made = made.discounted(money.Discount(amount=min(777, made.total)))
    elif b % 4 == 3:
        made = made.discounted(money.discount("7%"), made.lines[0].item_id)
    total = made.total
    first = total // 3
    ways = [("cash", first), (("account", "qris", "transfer")[c % 3], total - first)]
    paid = [Paid(method, amount) for method, amount in ways if amount]
    return till.sell(ctx, made.sold(), paid, _customer(ctx, c) if c % 4 or c % 3 == 0 else None)


def collect(ctx: Context, a: int, b: int, c: int) -> Any:
    number = _pick(ctx, "SELECT id FROM orders WHERE status IN ('waiting', 'confirmed')", a)
    return collecting.collect(ctx, number or 0)


def place(ctx: Context, a: int, b: int, c: int) -> Any:
    phone = PHONES[a % len(PHONES)]
    who = people.by_phone(ctx, phone)
    if who is None:
        # The customer was deleted, having never done anything.
        return None
    return placing.place(ctx, who.id, phone, {_item(ctx, b).id: 1 + c % 3})


def confirm(ctx: Context, a: int, b: int, c: int) -> Any:
    return deciding.confirm(ctx, _pick(ctx, "SELECT id FROM orders", a) or 0)


def reject(ctx: Context, a: int, b: int, c: int) -> Any:
    return deciding.reject(ctx, _pick(ctx, "SELECT id FROM orders", a) or 0, "habis")


def give_back(ctx: Context, a: int, b: int, c: int) -> Any:
    sale = _pick(ctx, "SELECT id FROM sales", a) or 0
    return returns.give_back(
        ctx, sale, {1 + b % 2: 1 + c % 2}, "rusak", (None, "cash", "qris")[c % 3]
    )


def void(ctx: Context, a: int, b: int, c: int) -> Any:
    return returns.void(ctx, _pick(ctx, "SELECT id FROM sales ORDER BY id DESC", a) or 0, "salah")


def repay(ctx: Context, a: int, b: int, c: int) -> Any:
    who = _pick(ctx, "SELECT DISTINCT customer_id FROM dues WHERE due > 0", a) or 1
    who = people.by_id(ctx, who).id
    due = receivables.balance(ctx, who)
    chosen = [each.sale_id for each in receivables.dues(ctx, who)][: 1 + b % 2] if c % 3 else None
    return receivables.repay(ctx, who, 1 + b * 997 % max(1, due), "cash", chosen=chosen)


def receive(ctx: Context, a: int, b: int, c: int) -> Any:
    return stock.receive(ctx, [Goods(_item(ctx, a).id, 1 + b % 3, c * 100 or None)], "CV Jaya")


def to_supplier(ctx: Context, a: int, b: int, c: int) -> Any:
    return stock.give_back(ctx, [Goods(_item(ctx, a).id, 1 + b % 2)], "CV Jaya", "cacat")


def correct(ctx: Context, a: int, b: int, c: int) -> Any:
    item = _item(ctx, a)
    return stock.correct(ctx, item.id, b % 8, "hilang", seen=item.on_hand)


def begin_count(ctx: Context, a: int, b: int, c: int) -> Any:
    return counting.begin_count(ctx)


def count(ctx: Context, a: int, b: int, c: int) -> Any:
    item = _item(ctx, a)
    return counting.count(
        ctx, counting.open_count(ctx) or 0, item.id, max(0, item.on_hand + b % 3 - 1)
    )


def post_count(ctx: Context, a: int, b: int, c: int) -> Any:
    return counting.post_count(ctx, counting.open_count(ctx) or 0)


def merge(ctx: Context, a: int, b: int, c: int) -> Any:
    return merging.merge(ctx, _customer(ctx, a) or 0, _customer(ctx, b) or 0)


def put_away(ctx: Context, a: int, b: int, c: int) -> Any:
    if c % 2:
        return cards.add(ctx, cards.Card(f"Orang {a}"))
    return cards.remove(ctx, _customer(ctx, a) or 0)


def take_off_sale(ctx: Context, a: int, b: int, c: int) -> Any:
    item = _item(ctx, a)
    return item_cards.remove(ctx, item.id) if item.active else item_cards.activate(ctx, item.id)


def take_back(ctx: Context, a: int, b: int, c: int) -> Any:
    step = _pick(ctx, "SELECT id FROM undo_steps ORDER BY id DESC", a % 3)
    return undo.undo(ctx, step or 0)


def reprice(ctx: Context, a: int, b: int, c: int) -> Any:
    wanted = prices.repriced(ctx, [_item(ctx, a).id, _item(ctx, b).id], c * 100 - 700, 500)
    by_id = {each.item_id: each for each in wanted}
    return prices.set_prices(ctx, list(by_id.values()))


def close_drawer(ctx: Context, a: int, b: int, c: int) -> Any:
    now = drawer.current(ctx)
    if now is None:
        return None
    counted = dict(now.expected) | {"cash": max(0, now.expected["cash"] + b % 3 - 1)}
    return drawer.close(ctx, counted, now, left=min(counted["cash"], a * 1000))


def park(ctx: Context, a: int, b: int, c: int) -> Any:
    waiting = parked.parked(ctx)
    if waiting and c % 2:
        return parked.unpark(ctx, waiting[a % len(waiting)].id)
    return parked.park(ctx, cart_of([line(_item(ctx, a), 1 + b % 3)]), label="nanti")


def spend(ctx: Context, a: int, b: int, c: int) -> Any:
    """A sale paid with points in part."""
    who = people.by_id(ctx, _customer(ctx, a) or 0).id
    there = points.balance(ctx, who)
    made = cart_of([line(_item(ctx, b), 1 + c % 3)])
    value = max(1, POINT_VALUE(ctx))
    spent = min(there, made.total // value, 1 + b * 7)
    made = made.redeeming(points.worth(ctx, spent))
    paid = [Paid("cash", made.total)] if made.total else []
    return till.sell(ctx, made.sold(), paid, who, spent=spent)


def reward(ctx: Context, a: int, b: int, c: int) -> Any:
    """Points given and handed in, tiers changed, reviewed and frozen."""
    who = _customer(ctx, a) or 0
    if b % 4 == 0:
        return points.give(ctx, who, 1 + c * 9, "hadiah")
    if b % 4 == 1:
        return points.redeem(ctx, who, 1 + c, "payung")
    if b % 4 == 2:
        tiers.save(ctx, tiers.Tier(f"T{c % 3}", c % 5, top=1 + c * 400, multiplier=c * 25))
        return tiers.review(ctx)
    return rewards.freeze(ctx, "uji")


def old_book(ctx: Context, a: int, b: int, c: int) -> Any:
    """A page of an old sales book: what was sold, and came back, yesterday and the day before."""
    day = ctx.now.astimezone().date()
    rows = [
        f"{day - timedelta(1 + at % 2)};{PHONES[(a + at) % len(PHONES)] if at % 3 else ''};"
        f"{_item(ctx, b + at).code};{1 + c % 3};{(1000 + a * 700 + at) * (-1 if at == c else 1)}"
        for at in range(1 + b % 4)
    ]
    book = ctx.store.path.with_name(f"buku-{a}-{b}-{c}.csv")
    book.write_text("\n".join(["tanggal;hp;kode;jumlah;total", *rows]), encoding="utf-8")
    return staging.merge(ctx, staging.stage(ctx, import_sales.KIND, book))


def book_back(ctx: Context, a: int, b: int, c: int) -> Any:
    """An old book goes out again, as a whole, whatever was done since."""
    books = taking_back.candidates(ctx)
    return taking_back.take_back(ctx, books[a % len(books)]["id"]) if books else None


def price_list(ctx: Context, a: int, b: int, c: int) -> Any:
    """A list of items: one with another price, one with another stock, a new one."""
    rows = [
        f"{_item(ctx, a).code};;{1000 + b * 500};", f"{_item(ctx, a + 1).code};;;{c}",
        f"BARU-{b};Barang {b};{500 + c * 100};{a % 5}",
    ]  # fmt: skip
    return _taken_in(ctx, import_items.KIND, f"harga-{a}-{b}-{c}", "kode;nama;harga;stok", rows)


def address_book(ctx: Context, a: int, b: int, c: int) -> Any:
    """A list of customers: known ones under other names, one with two numbers, somebody new."""
    rows = [
        f"Nama {c};{PHONES[a % len(PHONES)]};{c * 10_000}", f"Baru {b};+62812000{b:05};",
        f"Berdua {a};{PHONES[b % len(PHONES)]} / +62813000{c:05};",
    ]  # fmt: skip
    return _taken_in(ctx, import_customers.KIND, f"orang-{a}-{b}-{c}", "nama;hp;batas utang", rows)


def _taken_in(ctx: Context, kind: staging.Kind, name: str, head: str, rows: list[str]) -> Any:
    file = ctx.store.path.with_name(f"{name}.csv")
    file.write_text("\n".join([head, *rows]), encoding="utf-8")
    try:
        return staging.merge(ctx, staging.stage(ctx, kind, file))
    except ImportProblem:
        # Two of the numbers are those of two customers by now, or the list asks something.
        return None


def rank(ctx: Context, a: int, b: int, c: int) -> Any:
    return scores.choose(ctx)


STEPS: dict[str, Step] = {
    "sell": sell, "sell again": sell, "collect": collect, "place": place, "confirm": confirm,
    "reject": reject, "give back": give_back, "void": void, "repay": repay, "receive": receive,
    "to supplier": to_supplier, "correct": correct, "begin count": begin_count, "count": count,
    "post count": post_count, "merge": merge, "put away": put_away, "off sale": take_off_sale,
    "undo": take_back, "reprice": reprice, "close drawer": close_drawer, "park": park,
    "old book": old_book, "book back": book_back, "price list": price_list,
    "address book": address_book, "rank": rank, "spend": spend, "reward": reward,
}  # fmt: skip


def found_people(ctx: Context) -> None:
    """Four customers who may owe something."""
    for number, phone in enumerate(PHONES):
        who = people.prospect(ctx, phone)
        cards.edit(ctx, who.id, cards.Card(f"Orang {number}", credit_limit=10**7))
    for number in range(1, 8):
        item = catalogue.by_id(ctx, number)
        if item.on_hand > 6:
            stock.correct(ctx, number, 6, "hitung", seen=item.on_hand)


def money_adds_up(ctx: Context) -> None:
    """Sales, payments, debts and drawers agree with each other, to the rupiah."""

    def none(query: str) -> None:
        rows = [dict(row) for row in ctx.db.execute(query).fetchall()]
        assert not rows, (query, rows[:3])

    none(
        "SELECT * FROM sale_lines WHERE total <> price * quantity - discount"
        " AND sale_id NOT IN (SELECT id FROM sales WHERE import_id IS NOT NULL)"
    )
    # An old book has sales whose lines and payments nobody knows.
    none(
        "SELECT id FROM sales WHERE import_id IS NULL AND total <>"
        " (SELECT coalesce(sum(total), 0) FROM sale_lines WHERE sale_id = sales.id)"
    )
    none(
        "SELECT id FROM sales WHERE import_id IS NULL AND total <>"
        " (SELECT coalesce(sum(amount), 0) FROM payments WHERE sale_id = sales.id)"
    )
    # Nothing is given back twice, and all of a line gives back all that was paid for it.
    none(
        "SELECT sale_id, line FROM (SELECT sale_id, line, quantity, total,"
        "  (SELECT coalesce(sum(-b.quantity), 0) FROM sale_lines b JOIN sales s ON s.id = b.sale_id"
        "   WHERE s.of_sale = sale_lines.sale_id AND b.of_line = sale_lines.line) AS back,"
        "  (SELECT coalesce(sum(-b.total), 0) FROM sale_lines b JOIN sales s ON s.id = b.sale_id"
        "   WHERE s.of_sale = sale_lines.sale_id AND b.of_line = sale_lines.line) AS refunded"
        "  FROM sale_lines WHERE quantity > 0)"
        " WHERE back > quantity OR refunded > total OR (back = quantity AND refunded <> total)"
    )
    none(
        "SELECT sale_id FROM dues WHERE due <>"
        " (SELECT sum(amount) FROM receivables WHERE receivables.sale_id = dues.sale_id)"
    )
    # What is owed: sold on account, less what was given back of it, less repayments.
    row = ctx.db.execute(
        "SELECT (SELECT coalesce(sum(due), 0) FROM dues) AS due,"
        " (SELECT coalesce(sum(amount), 0) FROM payments WHERE method = 'account') AS account,"
        " (SELECT coalesce(sum(amount), 0) FROM payments WHERE kind = 'repayment') AS repaid"
    ).fetchone()
    assert row["due"] == row["account"] - row["repaid"], dict(row)
    # Goods of sales, returns and voids left and came by the ledger.
    none(
        "SELECT id FROM sales WHERE import_id IS NULL AND"
        " (SELECT sum(quantity) FROM sale_lines WHERE sale_id = sales.id)"
        " <> -(SELECT sum(quantity) FROM stock_moves WHERE stock_moves.sale_id = sales.id)"
    )
    # A count that was closed says what the payments of its drawer say.
    none(
        "SELECT drawer_id, method FROM drawer_counts JOIN drawers ON drawers.id = drawer_id"
        " WHERE expected <> (CASE method WHEN 'cash' THEN float ELSE 0 END) +"
        " (SELECT coalesce(sum(amount), 0) FROM payments"
        "  WHERE payments.drawer_id = drawer_counts.drawer_id"
        "  AND payments.method = drawer_counts.method)"
    )
    # What cash was rounded by is in its drawer, and in no sale.
    none(
        "SELECT payment_id FROM roundings JOIN payments ON payments.id = payment_id"
        " WHERE payments.amount <> roundings.amount OR method <> 'cash' OR kind <> 'drawer'"
        " OR payments.sale_id IS NOT NULL"
    )
    # What was kept for points that were spent is in its drawer, and no more than was paid back.
    none(
        "SELECT payment_id FROM point_refunds JOIN payments ON payments.id = payment_id"
        " WHERE payments.amount <> rupiah OR kind <> 'drawer' OR payments.sale_id IS NOT NULL"
    )
    none(
        "SELECT return_id, method FROM point_refunds JOIN payments AS kept ON kept.id = payment_id"
        " GROUP BY return_id, method HAVING sum(rupiah) > (SELECT -sum(amount) FROM payments"
        "  WHERE payments.sale_id = return_id AND payments.method = kept.method)"
    )
    # A number belongs to a customer who is there; nobody is merged into one who is not.
    none(
        "SELECT number FROM phones JOIN customers ON customers.id = customer_id"
        " WHERE merged_into IS NOT NULL"
    )
    none(
        "SELECT a.id FROM customers a JOIN customers b ON b.id = a.merged_into"
        " WHERE b.merged_into IS NOT NULL"
    )
    none(
        "SELECT orders.id FROM orders JOIN customers ON customers.id = customer_id"
        " WHERE merged_into IS NOT NULL"
    )
    # What an old book tells has moved no goods and no money, and nobody takes it back.
    none(
        "SELECT id FROM sales WHERE import_id IS NOT NULL AND (id IN (SELECT sale_id FROM stock_moves)"
        " OR id IN (SELECT sale_id FROM payments) OR id IN (SELECT of_sale FROM sales))"
    )
    points_add_up(ctx)
    standings_add_up(ctx)
    # What the daily check compares never gives a false alarm.
    assert [(each.name, key) for each, key in consistency.differences(ctx.db.conn)] == []


def points_add_up(ctx: Context) -> None:
    """Points are what their moves say and never less than nothing; what came back keeps no points."""

    def none(query: str) -> None:
        rows = [dict(row) for row in ctx.db.execute(query).fetchall()]
        assert not rows, (query, rows[:3])

    none(
        "SELECT id, rest FROM point_lots WHERE rest < 0 OR rest <>"
        " (SELECT coalesce(sum(points), 0) FROM point_moves WHERE lot_id = point_lots.id)"
    )
    # At no moment, not only at the end.
    none(
        "SELECT lot_id FROM (SELECT lot_id, sum(points) OVER (PARTITION BY lot_id ORDER BY id)"
        " AS there FROM point_moves) WHERE there < 0"
    )
    earned = (
        "(SELECT coalesce(sum(points), 0) FROM point_moves"
        " WHERE sale_id = sales.id AND kind = '{}')"
    )
    gross = "(SELECT sum(price * quantity) FROM sale_lines WHERE sale_id = sales.id)"
    back = (
        "(SELECT coalesce(-sum(price * quantity), 0) FROM sale_lines JOIN sales AS b ON b.id = sale_id"
        " WHERE b.of_sale = sales.id)"
    )
    owed = (
        "(coalesce((SELECT owed FROM point_debts WHERE sale_id = sales.id), 0) + (SELECT"
        " coalesce(sum(points), 0) FROM point_refunds WHERE sale_id = sales.id))"
    )
    none(
        f"SELECT id FROM sales WHERE kind = 'sale' AND import_id IS NULL AND {gross} > 0"
        f" AND -{earned.format('taken_back')} + {owed} <>"
        f" {earned.format('earned')} - {earned.format('earned')} * ({gross} - {back}) / {gross}"
    )
    none(
        f"SELECT id FROM sales WHERE kind = 'sale' AND import_id IS NULL AND {gross} > 0"
        f" AND {earned.format('given_back')} <> -{earned.format('spent')} * {back} / {gross}"
    )
    none(
        "SELECT sale_id FROM redemptions WHERE points <>"
        " (SELECT -sum(points) FROM point_moves WHERE point_moves.sale_id = redemptions.sale_id"
        "  AND kind = 'spent')"
    )
    # Nobody is in two tiers, and every customer is in the one that was given last.
    none(
        "SELECT customer_id FROM members WHERE tier_id IS NOT (SELECT tier_id FROM tier_changes"
        " WHERE tier_changes.customer_id = members.customer_id ORDER BY id DESC LIMIT 1)"
    )


def standings_add_up(ctx: Context) -> None:
    """The running scores and figures of all customers are those that the ledger gives, to 1e-9."""
    found = list(scores.purchases(ctx))
    for row in ctx.db.execute("SELECT * FROM models WHERE status <> 'old'").fetchall():
        model = ranking.Model(row["epoch"], row["half_life"], row["power"])
        heats = ranking.heats(model, found)
        size = ranking.heats(model, [(who, day, abs(amount)) for who, day, amount in found])
        kept = dict(
            ctx.db.execute(
                "SELECT customer_id, heat FROM standings WHERE model_id = ?", (row["id"],)
            ).fetchall()
        )
        for customer in {*heats, *kept}:
            if customer <= row["built_upto"]:
                difference = abs(heats.get(customer, 0.0) - kept.get(customer, 0.0))
                assert difference <= 1e-9 * max(1.0, size.get(customer, 0.0)), (customer, row["id"])
    if scores.chosen(ctx) is None:
        return
    days: dict[int, list[tuple[int, int]]] = {}
    for customer, day, amount in found:
        days.setdefault(customer, []).append((day, amount))
    told = {row[0]: tuple(row)[1:] for row in ctx.db.execute("SELECT * FROM buyers").fetchall()}
    for customer, each in days.items():
        spent = sum(amount for _, amount in each)
        # What an old book tells of goods that came back is no purchase.
        bought = [day for day, amount in each if amount > 0]
        if bought:
            wanted = (min(bought), max(bought), len(set(bought)), len(bought), spent)
            assert told[customer] == wanted, customer
        else:
            assert told[customer][2:] == (0, 0, spent), customer
    assert told.keys() == days.keys()
