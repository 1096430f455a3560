"""The till's line: what is taken for sure, what is only marked, and what is kept of it."""

import json
import re
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui.shop.gate.errors import BadInput
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.errors import NotEnoughStock
from crm_tui.shop.sales import entry, parked, payment_methods, tendered, till, unfinished
from crm_tui.shop.sales.cart import Cart, CartLine
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.shop.sales.settings import SCAN_PREFIX, SCAN_SUFFIX
from tests.counter import acting, staff
from tests.shop import Shop, ledgers_add_up

MORE = """code,name,unit,price,stock,barcode,other_names
KR-BEAT-B,Kampas Rem Belakang Beat,set,45000,0,,
KR-BEAT-D,Kampas Rem Depan Beat,set,47000,9,8991234567890,
KR-VAR-D,Kampas Rem Depan Vario 125,set,58000,22,8991234567891,kampas vario
KG-VAR,Kampas Ganda Vario,set,210000,5,,
12,Baut Dua Belas,pcs,1500,70,,
AKI-GTZ5,Aki Kering GTZ5,pcs,215000,8,7,
"""


@pytest.fixture
def stocked(shop: Shop) -> Shop:
    """A shop with items that resemble each other."""
    path = shop.folder / "more.csv"
    path.write_text(MORE)
    import_items.apply(shop.ctx, import_items.read_file(path), path.name)
    return shop


def item(shop: Shop, code: str) -> int:
    return int(shop.one("SELECT id FROM items WHERE code = ?", code))


def code_of(shop: Shop, meant: entry.Meant) -> tuple[str, int, bool]:
    return meant.item.code, meant.count, meant.sets


def test_what_is_sure_is_taken(stocked: Shop) -> None:
    """A code with or without its dashes, a barcode, and whole words that one item alone has."""
    for typed, code, count in (
        ("KR-VAR-D", "KR-VAR-D", 1), ("krvard", "KR-VAR-D", 1), ("3 kr-var-d", "KR-VAR-D", 3),
        ("8991234567890", "KR-BEAT-D", 1), ("2*8991234567890", "KR-BEAT-D", 2),
        ("ganda vario", "KG-VAR", 1), ("4 * ganda", "KG-VAR", 4), ("kampas depan 125", "KR-VAR-D", 1),
    ):  # fmt: skip
        assert code_of(stocked, entry.enter(stocked.ctx, typed, {}, None)) == (code, count, False)


def test_a_lone_number_is_the_quantity_of_the_marked_line(stocked: Shop) -> None:
    """3 and *3 set the marked line, 0 takes it out; without a line nothing is taken."""
    marked = item(stocked, "KG-VAR")
    for typed, count in (("3", 3), ("*3", 3), (" * 5 ", 5), ("0", 0)):
        meant = entry.enter(stocked.ctx, typed, {marked: 1}, marked)
        assert code_of(stocked, meant) == ("KG-VAR", count, True)
        with pytest.raises(entry.CodeMissing):
            entry.enter(stocked.ctx, typed, {}, None)


def test_a_number_that_is_a_code_is_asked_about(stocked: Shop) -> None:
    """12 is a code and a quantity: it is neither until somebody says which; *12 is the quantity."""
    marked = item(stocked, "PQ-R")
    for typed in ("12", "7"):
        with pytest.raises(entry.AlsoACode):
            entry.enter(stocked.ctx, typed, {marked: 1}, marked)
    chosen = entry.enter(stocked.ctx, "12", {marked: 1}, marked, sure=item(stocked, "12"))
    assert code_of(stocked, chosen) == ("12", 1, False)
    meant = entry.enter(stocked.ctx, "*12", {marked: 1}, marked)
    assert code_of(stocked, meant) == ("PQ-R", 12, True)


def test_a_quantity_that_is_no_quantity_is_asked_about(stocked: Shop) -> None:
    """A number of a name is a word until somebody says it is a quantity, and a quantity beyond the
    books is asked about once; small numbers and those within the books are taken."""
    marked, wide = item(stocked, "PQ-R"), item(stocked, "KR-VAR-D")
    left = stocked.one("SELECT on_hand FROM stock WHERE item_id = ?", marked)
    for having in ({}, {marked: 1}):
        with pytest.raises(entry.AlsoAWord):
            entry.enter(stocked.ctx, "125", having, marked if having else None)
    chosen = entry.enter(stocked.ctx, "125", {marked: 1}, marked, sure=wide)
    assert code_of(stocked, chosen) == ("KR-VAR-D", 1, False)
    for typed in ("*125", f"{left + 1}", "007" if left < 7 else f"0{left + 1}"):
        with pytest.raises(entry.BeyondStock):
            entry.enter(stocked.ctx, typed, {marked: 1}, marked)
        meant = entry.enter(stocked.ctx, typed, {marked: 1}, marked, again=True)
        assert code_of(stocked, meant) == ("PQ-R", int(typed.strip("*")), True)
    assert code_of(stocked, entry.enter(stocked.ctx, "2", {wide: 1}, wide)) == ("KR-VAR-D", 2, True)
    clerk = acting(stocked, staff(stocked, "Staf Konter"))
    with pytest.raises(NotEnoughStock):
        entry.enter(clerk, f"{left + 1}", {marked: 1}, marked, again=True)


def test_an_order_takes_what_is_there_and_a_delivery_what_came(stocked: Shop) -> None:
    """Where nothing may be promised that is not there it is refused, whoever asks and however often;
    what a supplier brings is not measured by what was there."""
    busy, gone = item(stocked, "KR-BEAT-D"), item(stocked, "KR-BEAT-B")
    for typed, sure, marked in (("KR-BEAT-B", None, None), ("x", gone, None), ("*10", None, busy)):
        with pytest.raises(NotEnoughStock):
            entry.enter(
                stocked.ctx, typed, {busy: 1}, marked, sure=sure, again=True, short="refused"
            )
        entry.enter(stocked.ctx, typed, {busy: 1}, marked, sure=sure, short="ignored")


def test_a_nought_takes_out_what_is_named_whole(stocked: Shop) -> None:
    """0 and an item take it out; 0 and a fragment, or what several have, take nothing out."""
    for typed in ("0 ganda vario", "0*KG-VAR", " 00 kgvar"):
        out = entry.taken_out(stocked.ctx, typed)
        assert out is not None
        assert out.code == "KG-VAR"
    for typed in ("0", "*0", "3 vario", "ganda"):
        assert entry.taken_out(stocked.ctx, typed) is None
    for typed in ("0 .", "0 vari", "0 kampas vario"):
        with pytest.raises(BadInput):
            entry.taken_out(stocked.ctx, typed)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (".", entry.NothingFits), ("-", entry.NothingFits), ("---", entry.NothingFits),
        ("*", entry.QuantityMissing), ("*abc", entry.QuantityMissing), ("*-2", entry.QuantityMissing),
        ("0 vario", entry.QuantityMissing), ("k", entry.NearlyFits), ("vari", entry.NearlyFits),
        ("3 kmapas vario", entry.NearlyFits), ("kampaz", entry.NearlyFits),
        ("busi", entry.NothingFits), ("3 . vario", entry.NothingFits),
        ("kampas rem beat", entry.SeveralFit), ("3 kampas vario", entry.SeveralFit),
        ("50000kampas", entry.NothingFits), ("99999", entry.NothingFits), ("%", entry.NothingFits),
    ],
)  # fmt: skip
def test_what_is_not_sure_takes_nothing(stocked: Shop, typed: str, problem: type[BadInput]) -> None:
    """Signs, fragments, unknown and misspelt words, and what several items have: nothing is taken."""
    with pytest.raises(problem):
        entry.enter(stocked.ctx, typed, {}, None)


def test_best_first(stocked: Shop) -> None:
    """What holds the words whole and is there stands first, then what sells; sold out is last."""
    found = [each.item.code for each in entry.matches(stocked.ctx, "kampas rem beat")]
    assert found == ["KR-BEAT-D", "KR-BEAT-B"]
    stocked.ctx.db.execute("UPDATE stock SET on_hand = 50")
    sold = Cart().put(CartLine(item(stocked, "KG-VAR"), "KG-VAR", "", "set", 210_000, 3)).sold()
    till.sell(stocked.ctx, sold, [Paid("cash", 630_000)])
    assert entry.matches(stocked.ctx, "vario")[0].item.code == "KG-VAR"


def test_sold_out_is_said_on_entry(stocked: Shop) -> None:
    """More than there is is refused at once, what the sale holds counted in; who may sell it all the
    same is asked once."""
    clerk = acting(stocked, staff(stocked, "Staf Konter"))
    beat = item(stocked, "KR-BEAT-D")
    with pytest.raises(NotEnoughStock):
        entry.enter(clerk, "KR-BEAT-B", {}, None)
    with pytest.raises(NotEnoughStock):
        entry.enter(clerk, "KR-BEAT-D", {beat: 9}, None)
    with pytest.raises(NotEnoughStock):
        entry.enter(clerk, "10", {beat: 1}, beat)
    with pytest.raises(entry.SoldOut):
        entry.enter(stocked.ctx, "KR-BEAT-B", {}, None)
    gone = item(stocked, "KR-BEAT-B")
    assert entry.enter(stocked.ctx, "KR-BEAT-B", {}, None, sure=gone).item.id == gone


def test_what_the_scanner_puts_around_a_code(stocked: Shop) -> None:
    """Signs that the scanner types before and behind each code are taken off, if the shop says so."""
    with pytest.raises(BadInput):
        entry.enter(stocked.ctx, "]C18991234567890#", {}, None)
    stocked.set(SCAN_PREFIX, "]C1")
    stocked.set(SCAN_SUFFIX, "#")
    for typed in ("]C18991234567890#", "8991234567890", "]C1KR-BEAT-D#"):
        assert entry.enter(stocked.ctx, typed, {}, None).item.code == "KR-BEAT-D"


WORDS = ("kampas", "rem", "beat", "vario", "depan", "kr", "var", "d", "KR-VAR-D", "12", "7", "3",
         "AKI-GTZ5", "8991234567890", "gtz5", "ganda", "ab-1", "anu", "kosong", "0")  # fmt: skip
SIGNS = st.sampled_from(".-* %_'\"\\x3a")
typing = st.lists(
    st.one_of(st.sampled_from(WORDS), st.text(SIGNS, max_size=3), st.text(max_size=6),
              st.sampled_from(WORDS).map(lambda word: word[1:])), max_size=5,
).map(" ".join)  # fmt: skip


def pieces(text: str) -> set[str]:
    return {each for each in re.split(r"[\W_]+", text.casefold()) if each}


def bare(text: str) -> str:
    return "".join(char for char in text.upper() if char.isalnum())


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=typing)
def test_nothing_is_taken_that_was_not_typed(stocked: Shop, typed: str) -> None:
    """Whatever is typed, the item that is taken holds every typed word or code, whole."""
    marked = item(stocked, "PQ-S")
    try:
        meant = entry.enter(stocked.ctx, typed, {marked: 1}, marked)
    except (BadInput, NotEnoughStock):
        return
    if meant.sets:
        assert meant.item.id == marked
        assert int(typed.replace("*", "")) == meant.count
        return
    row = stocked.rows("SELECT * FROM items WHERE id = ?", meant.item.id)[0]
    asked = re.sub(rf"^\s*{meant.count}(\s*\*\s*|\s+)", "", typed, count=1)
    if bare(asked) in (bare(row["code"]), row["barcode"]):
        return
    held = pieces(f"{row['code']} {row['name']} {row['other_names']}")
    for word in asked.split():
        whole = pieces(word) and pieces(word) <= held
        assert whole or bare(word) in (bare(row["code"]), row["barcode"]), (typed, row["code"])


def test_the_open_sale_is_kept(stocked: Shop) -> None:
    """What stands open at a place is there again, by user, until it is sold in the same transaction."""
    sari = acting(stocked, staff(stocked))
    dewi = acting(stocked, staff(stocked, name="dewi"))
    cart = Cart().put(CartLine(item(stocked, "PQ-R"), "PQ-R", "", "set", 85_000, 2))
    place = unfinished.Place(stocked.folder)
    unfinished.keep(sari, place.number, cart)
    assert unfinished.resume(dewi, place.number) is None
    kept = unfinished.resume(sari, place.number)
    assert kept is not None
    assert kept.cart.total == 170_000
    till.sell(sari, kept.cart.sold(), [Paid("cash", 170_000)], place=place.number)
    assert unfinished.resume(sari, place.number) is None
    place.give_back()
    ledgers_add_up(stocked.ctx)


def audited(shop: Shop) -> list[tuple[str, object, object]]:
    """What the audit has of sales: command, before, after."""
    rows = shop.rows("SELECT command, before, after FROM audit WHERE command LIKE 'sales.%'")
    read = [[row["command"], row["before"], row["after"]] for row in rows]
    return [(name, was and json.loads(was), now and json.loads(now)) for name, was, now in read]


def test_audit_of_an_open_sale(stocked: Shop) -> None:
    """The audit has what a person needs of an open sale: that it was opened, what was taken out of it,
    put aside, taken up, discarded, sold, each with all its units; not each line that comes in."""
    sari = acting(stocked, staff(stocked))
    one, more, two = carts(stocked, {"PQ-R": 1}, {"PQ-R": 3}, {"PQ-R": 3, "KG-VAR": 2})
    for cart in (one, more, two):
        unfinished.keep(sari, 1, cart)
    assert audited(stocked) == [("sales.keep", None, {"PQ-R": 1})]
    less, gone = carts(stocked, {"PQ-R": 2, "KG-VAR": 2}, {"PQ-R": 2})
    unfinished.keep(sari, 1, less)
    unfinished.keep(sari, 1, gone)
    assert audited(stocked)[1:] == [
        ("sales.keep", {"PQ-R": 3}, {"PQ-R": 2}),
        ("sales.keep", {"KG-VAR": 2}, None),
    ]
    key = parked.park(sari, gone, place=1)
    parked.unpark(sari, key, 1)
    aside = {"lines": {"PQ-R": 2}, "label": ""}
    assert audited(stocked)[3:] == [("sales.park", None, aside), ("sales.unpark", aside, None)]
    unfinished.keep(sari, 1, two)
    unfinished.keep(sari, 1, Cart())
    unfinished.keep(sari, 1, Cart())
    assert audited(stocked)[5:] == [("sales.keep", {"PQ-R": 3, "KG-VAR": 2}, None)]
    unfinished.keep(sari, 1, one)
    till.sell(sari, one.sold(), [Paid("cash", one.total)], place=1)
    sold = {"order": None, "lines": {"PQ-R": 1}, "total": one.total}
    assert audited(stocked)[7:] == [("sales.sell", None, sold)]


def carts(shop: Shop, *units: Mapping[str, int]) -> list[Cart]:
    """Sales of so many units by code, at the prices of now."""
    lines = {code: catalogue.by_code(shop.ctx, code) for each in units for code in each}
    return [
        Cart(
            tuple(
                CartLine(lines[code].id, code, "", "set", lines[code].price, count)
                for code, count in each.items()
            )
        )
        for each in units
    ]


def test_what_was_left_elsewhere_goes_on_here(stocked: Shop) -> None:
    """A sale of a program that is gone goes on at the next place; that of one that lives does not."""
    sari = acting(stocked, staff(stocked))
    cart = Cart().put(CartLine(item(stocked, "PQ-R"), "PQ-R", "", "set", 85_000, 2))
    first, second = unfinished.Place(stocked.folder), unfinished.Place(stocked.folder)
    assert (first.number, second.number) == (1, 2)
    unfinished.keep(sari, first.number, cart)
    assert unfinished.resume(sari, second.number) is None
    first.give_back()
    assert unfinished.resume(sari, second.number) is not None
    assert stocked.rows("SELECT place, actor FROM open_sales") == [{"place": 2, "actor": "sari"}]
    second.give_back()


def test_an_item_that_is_gone_leaves_the_rest(stocked: Shop) -> None:
    """An item that was deleted meanwhile is missing from the sale; the other lines are there."""
    sari = acting(stocked, staff(stocked))
    cart = Cart()
    for code in ("PQ-R", "KG-VAR"):
        cart = cart.put(CartLine(item(stocked, code), code, "", "set", 1, 1))
    unfinished.keep(sari, 1, cart)
    before, after = (f'"item_id": {key}' for key in (item(stocked, "PQ-R"), 987654))
    stocked.ctx.db.execute("UPDATE open_sales SET cart = replace(cart, ?, ?)", (before, after))
    kept = unfinished.resume(sari, 1)
    assert kept is not None
    assert [line.code for line in kept.cart.lines] == ["KG-VAR"]


@given(total=st.integers(1, 10**7))
def test_what_is_handed_over(total: int) -> None:
    """Suggested sums cover the total, are few, and are never asked about; a barcode is."""
    sums = tendered.likely(total)
    assert len(sums) <= 4
    assert all(total < each for each in sums)
    assert not any(tendered.beyond_sense(total, each) for each in sums)
    assert tendered.beyond_sense(total, 8_991_234_567_890)


def test_how_it_is_paid() -> None:
    """Exactly in cash, with notes, by another way, or in parts; what is missing is said."""
    assert payment_methods.parts(85_000, "") == [Paid("cash", 85_000, 85_000)]
    assert payment_methods.parts(85_000, "100.000") == [Paid("cash", 85_000, 100_000)]
    assert payment_methods.parts(85_000, "", "qris") == [Paid("qris", 85_000)]
    assert payment_methods.parts(85_000, "50000", "transfer") == [
        Paid("cash", 50_000, 50_000), Paid("transfer", 35_000),
    ]  # fmt: skip
    assert payment_methods.parts(0, "") == []
    with pytest.raises(payment_methods.StillMissing):
        payment_methods.parts(85_000, "50000")
    with pytest.raises(payment_methods.CashCovers):
        payment_methods.parts(85_000, "100000", "qris")
