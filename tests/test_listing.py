"""Long lists: pages, parts, search, against the whole list sorted in Python."""

import random
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crm_tui.practice.clock import EventClock
from crm_tui.shop.customers.lists import CUSTOMERS
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.listing import Line, Listing, View
from crm_tui.shop.items import cards
from crm_tui.shop.items.lists import ITEMS
from crm_tui.shop.orders.lists import ORDERS
from crm_tui.shop.reports.base import evening
from crm_tui.shop.reports.people import BOOK
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.sales import OWED
from crm_tui.shop.sales.lists import SALES
from crm_tui.shop.users import setup
from tests import rooms
from tests.shop import START, Shop

LISTS = {
    name: value
    for module in rooms.modules("lists")
    for name, value in vars(module).items()
    if isinstance(value, Listing)
}


def fill(shop: Shop, count: int = 140) -> None:
    """Customers, orders and messages with many ties."""
    chance = random.Random(4)
    with shop.ctx.store.transaction() as db:
        for number in range(1, count + 1):
            name = chance.choice(["", "Ani", "ani", "Budi", "100%", "a_b"])
            phone = f"+62811{chance.randrange(50):06d}"
            db.execute(
                "INSERT INTO customers (id, name, created_at) VALUES (?, ?, '')", (number, name)
            )
            db.execute("INSERT OR IGNORE INTO phones VALUES (?, ?)", (phone, number))
            status = chance.choice(["waiting", "confirmed", "collected"])
            db.execute(
                "INSERT INTO orders (customer_id, phone, received_at, status, status_at, later_at)"
                " VALUES (?, ?, ?, ?, '', ?)",
                (number, phone, f"2026-11-{chance.randrange(1, 25):02d}", status,
                 chance.choice([None, None, "2026-11-24T01:00:00.000Z"])),
            )  # fmt: skip
            db.execute(
                "INSERT INTO order_lines VALUES (?, 1, 6, 'PQ-R', 'x', 'pcs', ?, 1, 0)",
                (number, chance.choice([1000, 2000])),
            )
            way, state = chance.choice(
                [("in", "staff"), ("in", "answered"), ("out", "sent"), ("out", "in_doubt")]
            )
            db.execute(
                "INSERT INTO messages (direction, kind, at, phone, text, status, status_at)"
                " VALUES (?, 'sms', '2026-11-24', ?, ?, ?, '')",
                (way, phone, chance.choice(["HARGA x", "pesan 100%", "a_b"]), state),
            )


def walk(shop: Shop, wanted: Listing, view: View, limit: int) -> list[Line]:
    """The whole list, a page after the other."""
    found = listing.page(shop.ctx, wanted, view, limit=limit)
    while True:
        more = (
            listing.page(shop.ctx, wanted, view, after=found[-1].key, limit=limit) if found else []
        )
        if not more:
            return found
        found += more


def test_all_lists_are_tried() -> None:
    """No list is left out because its room is not looked into."""
    assert len(LISTS) == 28


@pytest.mark.parametrize("name", sorted(LISTS))
def test_pages_are_the_whole_list(shop: Shop, name: str) -> None:
    """In every sort and part, forwards and backwards, pages leave out nothing and repeat nothing."""
    fill(shop)
    wanted = LISTS[name]
    for sort in wanted.sorts:
        for part in wanted.parts:
            view = View(
                sort,
                part,
                given={
                    "phone": "+62811000007",
                    "count": 1,
                    "category": "",
                    "model": 1,
                    "today": 740000,
                    "term": 30,
                    "promo": 1,
                    "period": 1,
                    "arrival": 1,
                },
            )
            whole = listing.page(shop.ctx, wanted, view, limit=10_000)
            keys = [line.key for line in whole]
            assert keys == sorted(keys, reverse=wanted.sorts[sort].descending)
            assert len(set(keys)) == len(keys) == listing.count(shop.ctx, wanted, view)
            assert walk(shop, wanted, view, 7) == whole
            assert listing.page(shop.ctx, wanted, view, last=True, limit=9) == whole[-9:]
            for place in range(0, len(whole), 31):
                key = whole[place].key
                before = listing.page(shop.ctx, wanted, view, before=key, limit=5)
                assert before == whole[max(0, place - 5) : place]
                assert listing.count(shop.ctx, wanted, view, key) == place
                rest = listing.page(shop.ctx, wanted, view, after=key, including=True, limit=3)
                assert rest == whole[place : place + 3]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ani", {"Ani", "ani"}),
        ("ANI", {"Ani", "ani"}),
        ("100%", {"100%"}),
        ("a_b", {"a_b"}),
        ("'; DROP TABLE orders; --", set()),
        ('"', set()),
        ("\\", set()),
    ],
)
def test_search_is_literal(shop: Shop, typed: str, found: set[str]) -> None:
    """What is typed is looked for as it is: no wildcard, no operator, no SQL."""
    fill(shop)
    rows = listing.page(shop.ctx, ORDERS, View("oldest", "all", typed), limit=1000)
    names: set[Any] = {row.values["customer"] for row in rows}
    assert names == found


@pytest.mark.parametrize(
    "typed",
    ["0811000007", "+62811000007", "0062811000007", "62811000007", "0811-0000-07", "007"],
)
def test_digits_find_a_phone(shop: Shop, typed: str) -> None:
    """A number is found however it is written, and by some of its digits."""
    fill(shop)
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE orders SET phone = '+62811000007' WHERE id = 77")
    rows = listing.page(shop.ctx, ORDERS, View("oldest", "all", typed), limit=1000)
    assert 77 in [row.id for row in rows]


@given(st.text(max_size=30))
def test_any_search_is_answered(typed: str) -> None:
    """Nothing that can be typed is an error."""
    condition, values = listing._words(_with_names(), ORDERS, typed)
    assert condition.count("ESCAPE") == len(typed.split()) * len(ORDERS.search)
    assert len(values) >= len(typed.split())


def test_work_lists_use_an_index(shop: Shop) -> None:
    """The lists of work find their first page by an index, however many rows there are."""
    for name, part in (("ORDERS", "waiting"), ("INBOX", "staff"), ("OUTBOX", "trouble")):
        wanted = LISTS[name]
        plan = shop.rows(
            f"EXPLAIN QUERY PLAN SELECT {wanted.columns} FROM {wanted.source}"
            f" WHERE {wanted.parts[part].condition} ORDER BY {wanted.id} LIMIT 100"
        )
        first = plan[0]["detail"]
        assert "USING INDEX" in first or "USING COVERING INDEX" in first, first


@pytest.mark.parametrize(
    ("listed", "part"),
    [(CUSTOMERS, "all"), (CUSTOMERS, "owing"), (OWED, "open"), (BOOK, "all"), (SALES, "all")],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_whose_a_row_is_is_found_by_index(shop: Shop, listed: Listing, part: str) -> None:
    """No list looks through all customers again for each of its rows, to find who was merged."""
    condition = listed.parts[part].condition or "1"
    given = evening(shop.ctx, Period()) | {"today": 0, "term": 30}
    plan = shop.ctx.db.execute(
        f"EXPLAIN QUERY PLAN SELECT {listed.columns} FROM {listed.source} WHERE {condition}", given
    ).fetchall()
    scans = [row["detail"] for row in plan if row["detail"].startswith("SCAN customers")]
    # The list itself may go through them, once.
    assert len(scans) <= listed.source.startswith("customers"), scans


def test_names_come_before_none(shop: Shop) -> None:
    """By name: capitals aside, those without a name behind all others, in every list that has this."""
    fill(shop)
    seen = 0
    for wanted in (*LISTS.values(), BOOK):
        for sort, order in wanted.sorts.items():
            if "customers.name" not in order.expression or "customer" not in wanted.source:
                continue
            given = {**evening(shop.ctx, Period()), "phone": "", "today": 0, "term": 30}
            view = View(sort, next(iter(wanted.parts)), given=given)
            rows = listing.page(shop.ctx, wanted, view, limit=1000)
            names = [str(row.values.get("customer", row.values.get("name"))) for row in rows]
            assert names == sorted(names, key=lambda name: (not name, name.upper())), sort
            assert "" in names
            seen += 1
    assert seen == 4


def test_the_next_page_is_found_by_index(shop: Shop) -> None:
    """A page by an expression is looked for in its index, not by going through all rows."""
    fill(shop, 30)
    for wanted in (CUSTOMERS, BOOK):
        view = View("name", "all", given=evening(shop.ctx, Period()))
        first = listing.page(shop.ctx, wanted, view, limit=5)
        asked: list[str] = []
        shop.ctx.db.conn.set_trace_callback(asked.append)
        listing.page(shop.ctx, wanted, view, after=first[-1].key, limit=5)
        listing.page(shop.ctx, wanted, view, before=first[-1].key, limit=5)
        shop.ctx.db.conn.set_trace_callback(None)
        for each in asked:
            if "_sort" in each:
                plan = [row["detail"] for row in shop.rows(f"EXPLAIN QUERY PLAN {each}")]
                assert any("INDEX customers_by_name (<expr>" in step for step in plan), plan


@given(st.data())
@settings(max_examples=60)
def test_one_typo_is_forgiven(data: st.DataObject) -> None:
    """A word of a name with one letter too much, too few, wrong or swapped still finds its item; a
    code with another digit does not."""
    ctx = _with_names()
    item = data.draw(st.sampled_from(_NAMES))
    word = data.draw(st.sampled_from([each for each in item.split() if len(each) > 4]))
    at = data.draw(st.integers(0, len(word) - 2))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    typo = data.draw(st.sampled_from([
        word[:at] + word[at + 1 :], word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    ]))  # fmt: skip
    # What is a part of another name is that name, and no slip.
    assume(len(typo) >= 4 and not any(typo in name.lower() for name in _NAMES if name != item))
    found = listing.page(ctx, ITEMS, View("code", "active", typo))
    assert item in [row.values["name"] for row in found]
    assert not listing.page(ctx, ITEMS, View("code", "active", "zz-19"))


_NAMES = (
    "Papan jati halus", "Bangku rotan tua", "Kelambu putih lebar", "Tikar pandan merah",
    "Gayung plastik biru", "Sapu lidi panjang", "Kursi goyang kayu",
)  # fmt: skip


@lru_cache(maxsize=1)
def _with_names() -> Context:
    folder = Path(tempfile.mkdtemp())
    ctx = setup.init(folder, EventClock(START), shop="Toko", admin="bos", password="harimau-bos")
    for number, name in enumerate(_NAMES):
        cards.add(ctx, cards.Card(f"ZZ-{number}", name))
    return ctx
