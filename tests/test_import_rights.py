"""A file does what was asked for when it was looked at, and no more, whatever the shop is by then."""

from collections.abc import Callable
from typing import Any

import pytest

from crm_tui.shop.customers import cards, people
from crm_tui.shop.customers.cards import Card
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import NotAllowed
from crm_tui.shop.imports import customers as import_customers
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.imports import staging
from crm_tui.shop.imports.staging import Kind, Staging
from crm_tui.shop.items import prices, stock
from crm_tui.shop.messages import noticing
from tests.shop import ANI, BUDI, CITRA, Shop
from tests.test_out_of_turn import CLERK, notices
from tests.test_permits import person

MANY = [f"+62811000011{n}" for n in range(noticing.MOST)]


def _staged(ctx: Context, kind: Kind, text: str) -> Staging:
    path = ctx.store.path.parent / "berkas.csv"
    path.write_text(text)
    return staging.stage(ctx, kind, path)


def _item(shop: Shop, **values: object) -> dict[str, Any]:
    """What the shop has of its first item, and the changes of it that ledgers know."""
    [row] = shop.rows(
        "SELECT items.code, name, price, coalesce(cost, 0) AS cost, on_hand AS stock FROM items"
        " JOIN stock ON item_id = items.id WHERE items.id = 1"
    )
    return dict(row) | values


def _file(values: dict[str, Any]) -> str:
    return f"{','.join(values)}\n{','.join(str(each) for each in values.values())}\n"


def _gone(shop: Shop) -> None:
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE items SET code = 'LAMA-1', code_key = 'LAMA1' WHERE id = 1")


MEANWHILE: dict[str, Callable[[Shop], object]] = {
    "price": lambda shop: prices.set_price(shop.ctx, 1, 2 * _item(shop)["price"]),
    "stock": lambda shop: stock.correct(shop.ctx, 1, 3, "hitung", seen=_item(shop)["stock"]),
    "cost": lambda shop: shop.one("UPDATE items SET cost = 7_000 WHERE id = 1 RETURNING 1"),
    "gone": _gone,
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_a_file_of_items_takes_nothing_back(shop: Shop, what: str) -> None:
    """Who may only edit items stages a file that says what is so today; what is changed before the file
    is taken in stays changed, and what needs no right goes in."""
    clerk = person(shop, "sari", ("items.edit", "items.view", "costs.view"))
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE items SET cost = 5000 WHERE id = 1")
    made = _staged(clerk, import_items.KIND, _file(_item(shop, name="Nama baru")))
    MEANWHILE[what](shop)
    there = _item(shop)
    ledgers = ("price_changes", "cost_changes", "stock_moves")
    before = [shop.rows(f"SELECT * FROM {each}") for each in ledgers]
    count = shop.one("SELECT count(*) FROM items")
    staging.merge(clerk, made)
    name = there["name"] if what == "gone" else "Nama baru"
    assert _item(shop) == there | {"name": name}
    assert [shop.rows(f"SELECT * FROM {each}") for each in ledgers] == before
    assert shop.one("SELECT count(*) FROM items") == count


def test_no_own_price_comes_in_meanwhile(shop: Shop) -> None:
    """Whoever may set prices, but none other than the head office's, undoes none that came from there
    after the file was looked at."""
    clerk = person(shop, "sari", ("items.edit", "prices.edit"))
    there = _item(shop)
    second = shop.rows("SELECT code, name, price FROM items WHERE id = 2")[0]
    text = (
        f"code,price\n{there['code']},{there['price']}\n{second['code']},{second['price'] + 500}\n"
    )
    made = _staged(clerk, import_items.KIND, text)
    with shop.ctx.store.transaction() as db:
        db.execute("INSERT INTO central_prices (item_id, price, at) VALUES (1, 77_000, '')")
        db.execute("UPDATE items SET price = 77_000 WHERE id = 1")
    staging.merge(clerk, made)
    assert shop.one("SELECT price FROM items WHERE id = 1") == 77_000
    assert shop.one("SELECT price FROM items WHERE id = 2") == second["price"] + 500


def test_what_was_asked_for_goes_in(shop: Shop) -> None:
    """Who may set prices sets them by a file, also what changed meanwhile; and what was cut off is
    finished whole by whoever opens the shop."""
    chief = person(shop, "tono", ("items.edit", "prices.edit"))
    there = _item(shop)
    made = _staged(chief, import_items.KIND, f"code,price\n{there['code']},123000\n")
    prices.set_price(shop.ctx, 1, 99_000)
    made.note_asked()
    made.to_the_disk()
    import_items.KIND.begin(chief, made)
    made.close(keep=True)
    staging.resume(shop.ctx)
    assert shop.one("SELECT price FROM items WHERE id = 1") == 123_000


def test_a_file_of_customers_takes_nothing_back(shop: Shop) -> None:
    """Credit limits, consents and numbers that were so when the file was looked at change nothing that
    was changed since."""
    clerk = person(shop, "sari", ("customers.edit",))
    ada = cards.add(shop.ctx, Card("Ada", phone=ANI, credit_limit=500_000))
    cards.add_phone(shop.ctx, ada, BUDI)
    people.consent(shop.ctx, ada, "yes", "lisan")
    text = f"name,phone,address,credit_limit,consent\nAda,{ANI}/{BUDI},Jalan Baru,500000,ya\n"
    made = _staged(clerk, import_customers.KIND, text)
    with shop.ctx.store.transaction() as db:
        db.execute("DELETE FROM phones WHERE number = ?", (BUDI,))
    people.consent(shop.ctx, ada, "stopped", "telepon")
    cards.edit(shop.ctx, ada, Card("Ada", credit_limit=0))
    staging.merge(clerk, made)
    [row] = shop.rows("SELECT credit_limit, consent, address FROM customers WHERE id = ?", ada)
    assert dict(row) == {"credit_limit": 0, "consent": "stopped", "address": "Jalan Baru"}
    assert people.phones(shop.ctx, ada) == [ANI]


def test_no_number_joins_who_came_meanwhile(shop: Shop) -> None:
    """A row of a new customer, of whom somebody else made a card meanwhile, adds no number to it."""
    clerk = person(shop, "sari", ("customers.edit",))
    made = _staged(clerk, import_customers.KIND, f"name,phone\nAda,{ANI}/{CITRA}\n")
    ada = cards.add(shop.ctx, Card("Ada", phone=ANI))
    staging.merge(clerk, made)
    assert people.phones(shop.ctx, ada) == [ANI]
    assert people.by_phone(shop.ctx, CITRA) is None


# ── numbers that crowd out others ─────────────────────────────────────────────────────────────────


def test_a_customer_is_not_crowded_out(shop: Shop) -> None:
    """No more numbers than notices go to come to a customer, one by one or in a file, without the right
    of merging; with it, notices go to the numbers that are known longest."""
    rights = (*CLERK, "customers.edit", "customers.consent")
    clerk = person(shop, "sari", rights)
    chief = person(shop, "tono", (*rights, "customers.merge"))
    victim = "+6285700000099"
    crowd = "/".join((victim, *MANY))
    with pytest.raises(NotAllowed):
        staging.merge(clerk, _staged(clerk, import_customers.KIND, f"name,phone\nBu Ida,{crowd}\n"))
    assert people.by_phone(shop.ctx, victim) is None
    ida = cards.add(clerk, Card("Bu Ida", phone=victim))
    for number in MANY[1:]:
        cards.add_phone(clerk, ida, number)
    notices(shop)
    with pytest.raises(NotAllowed):
        cards.add_phone(clerk, ida, MANY[0])
    # A number that is there already is none more.
    cards.add_phone(clerk, ida, MANY[1])
    people.consent(clerk, ida, "yes", "lisan")
    assert victim in [phone for phone, _ in notices(shop)]
    cards.add_phone(chief, ida, MANY[0])
    assert victim in [phone for phone, _ in notices(shop)]
    people.consent(clerk, ida, "stopped", "lisan")
    told = [phone for phone, _ in notices(shop)]
    assert told[0] == victim
    assert len(told) == noticing.MOST


@pytest.mark.parametrize("known", ["wrote", "was written to"])
def test_the_known_number_comes_first(shop: Shop, known: str) -> None:
    """Whoever wrote, or was written to, before others is told before them, though the others wrote
    since, and their digits come first."""
    chief = person(shop, "tono", (*CLERK, "customers.edit", "customers.merge", "customers.consent"))
    victim = "+6285700000099"
    if known == "wrote":
        shop.ask(victim, "HARGA PQ-R")
        ida = people.by_phone(shop.ctx, victim)
        assert ida is not None
        key = ida.id
        crowd = "/".join((victim, *MANY))
        staging.merge(chief, _staged(chief, import_customers.KIND, f"name,phone\nBu Ida,{crowd}\n"))
    else:
        key = cards.add(shop.ctx, Card("Bu Ida", phone=victim))
        for number in MANY:
            cards.add_phone(chief, key, number)
    for number in MANY:
        shop.ask(number, "HARGA PQ-R")
    notices(shop)
    people.consent(chief, key, "yes", "lisan")
    assert notices(shop)[0][0] == victim
