"""What is kept: users, roles, items, stock, customers, money – the rules, one by one."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest

from crm_tui.i18n import translate
from crm_tui.screens.administration.settings import GROUPS
from crm_tui.screens.sales.handing_over import told
from crm_tui.shop.customers import cards, merging, people
from crm_tui.shop.customers.cards import Card as Person
from crm_tui.shop.customers.errors import PhoneTaken
from crm_tui.shop.customers.lists import CUSTOMERS
from crm_tui.shop.customers.settings import CREDIT_DAYS
from crm_tui.shop.gate import access, listing, money, settings, undo
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadMoney, LastManager, NotAllowed, TooLateToUndo
from crm_tui.shop.gate.listing import View
from crm_tui.shop.items import cards as item_cards
from crm_tui.shop.items import catalogue, counting, prices, stock
from crm_tui.shop.items.cards import Card
from crm_tui.shop.items.errors import (
    AnItemDeleted,
    BarcodeTaken,
    CategoryUnknown,
    CodeTaken,
    CountOpen,
    ItemChanged,
    ItemDeleted,
    NoCountOpen,
    NotEnoughStock,
    NothingCounted,
    StockChanged,
)
from crm_tui.shop.messages import examples, filling
from crm_tui.shop.orders import placing
from crm_tui.shop.reports import registry
from crm_tui.shop.reports.period import Period
from crm_tui.shop.sales import (
    drawer,
    outcome,
    receipt,
    receivables,
    returns,
    slips,
    statement,
    till,
    z_report,
)
from crm_tui.shop.sales.drawer import NotCounted
from crm_tui.shop.sales.errors import (
    AccountNeedsCustomer,
    DrawerUsed,
    NothingDue,
    NotReturnable,
    OverLimit,
    PriceChanged,
    SaleVoided,
    UseReturn,
)
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.shop.sales.settings import CREDIT_LIMIT, FLOAT, PAPER
from crm_tui.shop.users import accounts, login, roles, setup
from crm_tui.shop.users.errors import NotYourself, RoleUsed, TooEasy, WrongLogin
from tests.counter import staff
from tests.day import line, money_adds_up
from tests.shop import ANI, BUDI, Shop, cart_of, ledgers_add_up
from tests.test_commands import session

PQ_R, PQ_S = 6, 7


def sale(ctx: Context, quantity: int = 1, who: int | None = None, way: str = "cash") -> int:
    """Some of PQ-R, sold in one way."""
    made = cart_of([line(catalogue.by_id(ctx, PQ_R), quantity)])
    return till.sell(ctx, made.sold(), [Paid(way, made.total)], who)


# ── users and roles ───────────────────────────────────────────────────────────────────────────────


def test_somebody_manages(shop: Shop) -> None:
    """The last active user who may manage users cannot be put out, demoted, or lose it by role."""
    for attempt in (
        lambda: accounts.remove(shop.ctx, 1),
        lambda: accounts.edit(shop.ctx, 1, "bos", "Bos", "Staf Konter"),
        lambda: roles.grant(shop.ctx, 1, "users.edit", False),
    ):
        with pytest.raises(LastManager):
            attempt()
    second = accounts.add(shop.ctx, "wakil", "Wakil", "Administrator", "kelapa muda")
    accounts.edit(shop.ctx, 1, "bos", "Bos", "Staf Konter")
    with pytest.raises(LastManager):
        accounts.remove(shop.ctx, second)
    with pytest.raises(NotYourself):
        accounts.remove(shop.ctx.acting(login.user(shop.ctx, second).actor), second)


def test_a_password_chosen_by_others(shop: Shop) -> None:
    """A user with a password from somebody else is told so, until they choose their own."""
    user = accounts.add(shop.ctx, "ujang", "Ujang", "Staf Konter", "kelapa muda")
    assert login.sign_in(shop.ctx, "ujang", "kelapa muda").must_change
    own = shop.ctx.acting(login.user(shop.ctx, user).actor)
    with pytest.raises(WrongLogin):
        accounts.change_password(own, "kelapa tua", "durian runtuh")
    with pytest.raises(TooEasy):
        accounts.change_password(own, "kelapa muda", "11111111")
    accounts.change_password(own, "kelapa muda", "durian runtuh")
    assert not login.sign_in(shop.ctx, "ujang", "durian runtuh").must_change
    accounts.reset_password(shop.ctx, user, "kelapa muda")
    assert login.sign_in(shop.ctx, "ujang", "kelapa muda").must_change


def test_deleted_or_put_out(shop: Shop) -> None:
    """A user without history is deleted, and can be had back for minutes, without the password; another
    is put out."""
    fresh = accounts.add(shop.ctx, "baru", "Baru", "Staf Konter", "kelapa muda")
    kept = "SELECT id, login, name, role_id, active, created_at FROM users"
    before = shop.rows(kept)
    assert accounts.remove(shop.ctx, fresh) == "deleted"
    step = undo.last(shop.ctx)
    assert step is not None
    undo.undo(shop.ctx, step.id)
    assert shop.rows(kept) == before
    with pytest.raises(WrongLogin):
        login.sign_in(shop.ctx, "baru", "kelapa muda")
    with pytest.raises(TooLateToUndo):
        undo.undo(shop.ctx, step.id)
    item_cards.add(shop.ctx.acting(login.user(shop.ctx, 1).actor), Card("AA-1", "Aa"))
    accounts.add(shop.ctx, "wakil", "Wakil", "Administrator", "kelapa muda")
    assert accounts.remove(shop.ctx, 1) == "deactivated"
    with pytest.raises(WrongLogin):
        login.sign_in(shop.ctx, "bos", "harimau-bos")


def test_undo_needs_the_right(shop: Shop) -> None:
    """Taking back needs the permission of what was done, and ends after some minutes."""
    item = item_cards.add(shop.ctx, Card("AA-1", "Aa"))
    assert item_cards.remove(shop.ctx, item) == "deleted"
    step = undo.last(shop.ctx)
    assert step is not None
    with pytest.raises(NotAllowed):
        undo.undo(session(shop, set(access.PERMISSIONS) - {"items.edit"}), step.id)
    shop.clock.wait(60 * (undo.MINUTES + 1))
    with pytest.raises(TooLateToUndo):
        undo.undo(shop.ctx, step.id)


def test_roles(shop: Shop) -> None:
    """A role is copied with its permissions, and deleted only when nobody has it."""
    copy = roles.add(shop.ctx, "Kasir", like=4)
    assert roles.grid(shop.ctx)[copy][1] == access.SHIPPED_ROLES["Staf Konter"]
    staff(shop, "Kasir")
    with pytest.raises(RoleUsed):
        roles.remove(shop.ctx, copy)
    accounts.edit(shop.ctx, 2, "sari", "Sari", "Staf Konter")
    before = shop.rows("SELECT * FROM role_permissions")
    roles.remove(shop.ctx, copy)
    step = undo.last(shop.ctx)
    assert step is not None
    undo.undo(shop.ctx, step.id)
    assert shop.rows("SELECT * FROM role_permissions") == before


# ── items and stock ───────────────────────────────────────────────────────────────────────────────


def test_a_new_price_is_told_at_once(shop: Shop) -> None:
    """The answer by SMS knows a price the second after it was changed; its history says who."""
    assert "Rp85.000" in shop.ask(ANI, "HARGA PQ-R")
    prices.set_price(shop.ctx, PQ_R, 91_000)
    assert "Rp91.000" in shop.ask(ANI, "HARGA PQ-R", seconds=1)
    _at, who, before, after = prices.prices(shop.ctx, PQ_R)[0]
    assert (who, before, after) == (shop.ctx.actor.name, 85_000, 91_000)


def test_prices_of_many(shop: Shop) -> None:
    """Many prices change as they were previewed, or none does if one has changed meanwhile."""
    wanted = prices.repriced(shop.ctx, [PQ_R, PQ_S], money.percent("7,5"), 500)
    assert [(each.before, each.after) for each in wanted] == [(85_000, 91_500), (62_000, 66_500)]
    prices.set_price(shop.ctx, PQ_S, 60_000)
    with pytest.raises(ItemChanged):
        prices.set_prices(shop.ctx, wanted)
    assert catalogue.by_id(shop.ctx, PQ_R).price == 85_000


@pytest.mark.parametrize(("part", "after"), [(-20_000, 0), (10**10, item_cards.MOST_PRICE)])
def test_no_price_is_beyond_sense(shop: Shop, part: int, after: int) -> None:
    """Whatever percentage is typed, a price is between nothing and the most that one may be."""
    assert [each.after for each in prices.repriced(shop.ctx, [PQ_R], part, 1)] == [after]


def test_editing_an_item(shop: Shop) -> None:
    """Nobody overwrites what somebody else wrote meanwhile; another price needs that permission."""
    there = item_cards.card(shop.ctx, PQ_R)
    item_cards.edit(shop.ctx, PQ_R, Card("PQ-R", "Lain", "set", 85_000), there)
    with pytest.raises(ItemChanged):
        item_cards.edit(shop.ctx, PQ_R, Card("PQ-R", "Lagi", "set", 85_000), there)
    ctx = session(shop, set(access.PERMISSIONS) - {"prices.edit"})
    with pytest.raises(NotAllowed):
        item_cards.edit(ctx, PQ_R, Card("PQ-R", "Lagi", "set", 1))
    with pytest.raises(CodeTaken):
        item_cards.add(shop.ctx, Card("pq r", "Mirip"))


def test_deleted_code_is_free(shop: Shop) -> None:
    """An item added by mistake is deleted and its code is free; one with a history goes off sale."""
    item = item_cards.add(shop.ctx, Card("AA-1", "Aa"))
    assert item_cards.remove(shop.ctx, item) == "deleted"
    item_cards.add(shop.ctx, Card("AA-1", "Bb"))
    assert item_cards.remove(shop.ctx, PQ_R) == "deactivated"
    assert "tidak ada" in shop.ask(ANI, "HARGA PQ-R")


@pytest.mark.parametrize(
    ("own", "other", "why"),
    [("899", "899", BarcodeTaken), ("AA-2", "", BarcodeTaken), ("", "AA-1", CodeTaken)],
)
def test_a_deletion_whose_barcode_went_on(
    shop: Shop, own: str, other: str, why: type[Exception]
) -> None:
    """A deleted item does not come back once what a scanner reads for it means another one."""
    item = item_cards.add(shop.ctx, Card("AA-1", "Aa", barcode=own))
    item_cards.remove(shop.ctx, item)
    step = undo.last(shop.ctx)
    item_cards.add(shop.ctx, Card("AA-2", "Bb", barcode=other))
    assert step is not None
    with pytest.raises(why):
        undo.undo(shop.ctx, step.id)
    assert shop.rows("SELECT code FROM items WHERE code LIKE 'AA%'") == [{"code": "AA-2"}]


def test_an_item_that_was_deleted_meanwhile(shop: Shop) -> None:
    """Whoever still has a deleted item before them, in whatever box, is told its code, and nothing is
    written; where nobody can take the deletion back any more, that an item was deleted."""
    item = item_cards.add(shop.ctx, Card("AA-1", "Aa", price=1000))
    buyer = cards.add(shop.ctx, Person("Ani", phone=ANI))
    cart = cart_of([line(catalogue.by_id(shop.ctx, item), 1)])
    goods = [stock.Goods(PQ_R, 1), stock.Goods(item, 1)]
    tries: tuple[Callable[[], object], ...] = (
        lambda: till.sell(shop.ctx, cart.sold(), [Paid("cash", 1000)]),
        lambda: stock.receive(shop.ctx, goods),
        lambda: stock.give_back(shop.ctx, goods, "CV", "cacat"),
        lambda: stock.correct(shop.ctx, item, 3, "hilang", seen=0),
        lambda: prices.set_price(shop.ctx, item, 2000),
        lambda: placing.place(shop.ctx, buyer, ANI, {item: 1}),
        lambda: item_cards.remove(shop.ctx, item),
    )
    item_cards.remove(shop.ctx, item)
    before = shop.one("SELECT count(*) FROM audit")
    for tried in tries:
        with pytest.raises(ItemDeleted) as refused:
            tried()
        assert refused.value.stored == ItemDeleted(code="AA-1").stored
    shop.ctx.db.execute("UPDATE undo_steps SET data = ''")
    for tried in tries:
        with pytest.raises(AnItemDeleted):
            tried()
    assert shop.one("SELECT count(*) FROM audit") == before


def test_cost_is_the_average(shop: Shop) -> None:
    """What goods cost is the average of what was there and what came."""
    stock.receive(shop.ctx, [stock.Goods(PQ_R, 10, 40_000)])
    assert item_cards.card(shop.ctx, PQ_R).cost == 40_000
    stock.receive(shop.ctx, [stock.Goods(PQ_R, 55, 50_000)])
    assert item_cards.card(shop.ctx, PQ_R).cost == 43_333
    with pytest.raises(NotEnoughStock):
        stock.give_back(shop.ctx, [stock.Goods(PQ_R, 10**6)], "CV", "cacat")


def test_correcting_what_was_seen(shop: Shop) -> None:
    """A correction counts only if the books say still what they said when it was typed."""
    sale(shop.ctx)
    with pytest.raises(StockChanged):
        stock.correct(shop.ctx, PQ_R, 90, "hilang", seen=100)
    stock.correct(shop.ctx, PQ_R, 90, "hilang", seen=99)
    assert catalogue.by_id(shop.ctx, PQ_R).on_hand == 90


def test_counting_while_selling(shop: Shop) -> None:
    """Goods that are sold between counting and posting are not lost twice."""
    count = counting.begin_count(shop.ctx)
    counting.count(shop.ctx, count, PQ_R, 97)
    sale(shop.ctx, 5)
    assert counting.post_count(shop.ctx, count) == 1
    assert catalogue.by_id(shop.ctx, PQ_R).on_hand == 92
    ledgers_add_up(shop.ctx)


def test_a_count_has_its_order(shop: Shop) -> None:
    """One count at a time; nothing is counted without one, and a count of nothing is not posted."""
    with pytest.raises(NoCountOpen):
        counting.count(shop.ctx, 1, PQ_R, 97)
    count = counting.begin_count(shop.ctx)
    with pytest.raises(CountOpen):
        counting.begin_count(shop.ctx)
    counting.count(shop.ctx, count, PQ_R, 97)
    counting.count(shop.ctx, count, PQ_R, None)
    with pytest.raises(NothingCounted):
        counting.post_count(shop.ctx, count)
    counting.drop_count(shop.ctx, count)
    with pytest.raises(NoCountOpen):
        counting.post_count(shop.ctx, count)
    assert shop.one("SELECT count(*) FROM stock_moves WHERE reason = 'opname'") == 0


def test_counting_what_there_is(shop: Shop) -> None:
    """A count of a category that no item has is not begun; letters' case does not matter."""
    known = "Busi"
    item_id = shop.rows("SELECT id FROM items")[0]["id"]
    shop.ctx.db.execute("UPDATE items SET category = ? WHERE id = ?", (known, item_id))
    with pytest.raises(CategoryUnknown):
        counting.begin_count(shop.ctx, "7")
    assert counting.open_count(shop.ctx) is None
    counting.begin_count(shop.ctx, known.upper())
    under_way = counting.count_under_way(shop.ctx)
    assert under_way is not None
    assert under_way.category == known
    assert under_way.items > 0


def test_selling_beyond_the_books(shop: Shop) -> None:
    """It needs its permission, and the item is to be counted until somebody has."""
    ctx = session(shop, set(access.PERMISSIONS) - {"sales.oversell"})
    with pytest.raises(NotEnoughStock):
        sale(ctx, 101)
    sale(shop.ctx, 101)
    assert shop.one("SELECT recount FROM items WHERE id = ?", PQ_R) == 1
    stock.correct(shop.ctx, PQ_R, 3, "hitung", seen=-1)
    assert shop.one("SELECT recount FROM items WHERE id = ?", PQ_R) == 0


# ── customers ─────────────────────────────────────────────────────────────────────────────────────


def test_lines_of_one_item_count_together(shop: Shop) -> None:
    """Two lines of an item that each fit the books are beyond them if both together are."""
    ctx = session(shop, set(access.PERMISSIONS) - {"sales.oversell"})
    lines = cart_of([line(catalogue.by_id(shop.ctx, PQ_R), 60)]).sold() * 2
    with pytest.raises(NotEnoughStock):
        till.sell(ctx, lines, [Paid("cash", 120 * 85_000)], None)
    till.sell(shop.ctx, lines, [Paid("cash", 120 * 85_000)], None)
    assert shop.one("SELECT recount FROM items WHERE id = ?", PQ_R) == 1


def test_merging(shop: Shop) -> None:
    """Two who are one: orders, numbers, debts are found with the one; STOP of either counts; undone."""
    shop.ask(ANI, "PESAN PQ-R 2")
    shop.ask(BUDI, "STOP")
    cards.edit(shop.ctx, 1, Person("Ani", credit_limit=10**6))
    sale(shop.ctx, 1, 1, "account")
    before = [shop.rows(f"SELECT * FROM {each}") for each in ("customers", "phones", "orders")]
    merging.merge(shop.ctx, 2, 1)
    kept = people.by_phone(shop.ctx, ANI)
    assert kept is not None
    assert (kept.id, kept.name, kept.consent, kept.kind) == (2, "Ani", "stopped", "customer")
    assert receivables.balance(shop.ctx, 2) == 85_000
    assert "menunggu" in shop.ask(BUDI, "STATUS")
    with pytest.raises(PhoneTaken):
        cards.add(shop.ctx, Person("Lain", phone="0811 0000 0001"))
    step = undo.last(shop.ctx)
    assert step is not None
    receivables.repay(shop.ctx, 2, 5_000, "cash")
    undo.undo(shop.ctx, step.id)
    assert [
        shop.rows(f"SELECT * FROM {each}") for each in ("customers", "phones", "orders")
    ] == before
    assert receivables.balance(shop.ctx, 1) == 80_000
    money_adds_up(shop.ctx)


@pytest.mark.parametrize(("kept_id", "gone_id"), [(1, 2), (2, 1)])
@pytest.mark.parametrize("undone", [False, True])
def test_merged_are_found(shop: Shop, kept_id: int, gone_id: int, undone: bool) -> None:
    """A customer who owes is listed with name and number, and found by it, in every list and report of
    customers, sales and debts: merged either way, and when the merge was taken back."""
    shop.ask(ANI, "INFO")
    shop.ask(BUDI, "INFO")
    cards.edit(shop.ctx, 1, Person("Ani", credit_limit=10**6))
    sale(shop.ctx, 1, 1, "account")
    merging.merge(shop.ctx, kept_id, gone_id)
    owner = kept_id
    if undone:
        step = undo.last(shop.ctx)
        assert step is not None
        undo.undo(shop.ctx, step.id)
        owner = 1
    phones = people.phones(shop.ctx, owner)
    owing = listing.page(shop.ctx, CUSTOMERS, View("name", "owing"))
    assert [row.id for row in owing] == [owner]
    assert owing[0].values["due"] == 85_000
    for name in ("receivables", "sales", "sales-direct", "customers"):
        report = registry.find(shop.ctx, name)
        for typed in ("Ani", phones[0][-6:]):
            rows = list(report.rows(shop.ctx, Period.parse(None, None), "", typed))
            assert [(row["customer"], row["phone"]) for row in rows] == [("Ani", phones[0])], name
    assert "Ani" in receipt.text(shop.ctx, 1)


def test_a_receipt_of_somebody_who_was_merged(shop: Shop) -> None:
    """Points and debts stand on a receipt as they are, whether or not its customer was merged since."""
    who = cards.add(shop.ctx, Person("Ada", credit_limit=10**6))
    other = cards.add(shop.ctx, Person("Ida"))
    number = sale(shop.ctx, 2, who, "account")
    before = receipt.text(shop.ctx, number)
    assert "utang" in before
    merging.merge(shop.ctx, other, who)
    assert receipt.text(shop.ctx, number) == before.replace("Ada", "Ida")


def test_stop_after_a_merge_stays(shop: Shop) -> None:
    """A customer who said STOP after a merge has said it, also when the merge is undone."""
    shop.ask(ANI, "START")
    shop.ask(BUDI, "INFO")
    merging.merge(shop.ctx, 1, 2)
    shop.ask(BUDI, "STOP")
    step = undo.last(shop.ctx)
    assert step is not None
    undo.undo(shop.ctx, step.id)
    assert people.by_id(shop.ctx, 1).consent == "stopped"


def test_limit(shop: Shop) -> None:
    """No customer owes more than allowed; without a limit of their own the shop's counts."""
    who = cards.add(shop.ctx, Person("Ada"))
    with pytest.raises(OverLimit):
        sale(shop.ctx, 1, who, "account")
    shop.set(CREDIT_LIMIT, 200_000)
    sale(shop.ctx, 2, who, "account")
    with pytest.raises(OverLimit):
        sale(shop.ctx, 1, who, "account")
    ctx = session(shop, set(access.PERMISSIONS) - {"sales.credit"})
    cards.edit(shop.ctx, who, Person("Ada", credit_limit=10**9))
    with pytest.raises(NotAllowed):
        sale(ctx, 1, who, "account")
    money_adds_up(shop.ctx)


def test_the_limit_comes_before_the_right(shop: Shop) -> None:
    """What nobody can permit is refused before a second person is asked; who has no name is called by
    the number, as people read it."""
    shop.ask(ANI, "INFO")
    clerk = session(shop, set(access.PERMISSIONS) - {"sales.credit"})
    with pytest.raises(OverLimit, match=r"^0811-0000-0001 "):
        sale(clerk, 1, 1, "account")
    with pytest.raises(AccountNeedsCustomer):
        sale(clerk, 1, None, "account")
    shop.set(CREDIT_LIMIT, 10**6)
    with pytest.raises(NotAllowed):
        sale(clerk, 1, 1, "account")
    with pytest.raises(NothingDue, match=r"^0811-0000-0001 "):
        receivables.repay(shop.ctx, 1, 1000, "cash")


def test_what_the_counter_says_of_a_sale(shop: Shop) -> None:
    """What is owed is never said to be paid: the sum and the day stand there; only cash is "exact"."""
    shop.set(CREDIT_LIMIT, 10**6)
    who = cards.add(shop.ctx, Person("Ada"))

    def tr(text: str, /, **params: object) -> str:
        return translate(text, "id", **params)

    def said(number: int) -> tuple[str, int, str]:
        panel = told(tr, outcome.of(shop.ctx, number))
        first, below = panel.what[0], panel.how
        words = "".join(each if isinstance(each, str) else each[0] for each in below)
        return str(first[0]), panel.amount, words

    day = (shop.clock.now().astimezone().date() + timedelta(CREDIT_DAYS(shop.ctx))).strftime(
        "%d/%m/%Y"
    )
    headline, amount, below = said(sale(shop.ctx, 1, who, "account"))
    assert (headline, amount) == ("UTANG Rp85.000", 85_000)
    assert f"jatuh tempo {day}" in below
    assert said(sale(shop.ctx, 1, None, "qris"))[0] == "LUNAS"
    assert said(sale(shop.ctx, 1, None, "cash"))[0] == "LUNAS, uang pas"


def test_a_repayment_can_be_undone(shop: Shop) -> None:
    """The sum is owed again and leaves the drawer the way it came; not any more once that is closed."""
    shop.set(CREDIT_LIMIT, 10**6)
    who = cards.add(shop.ctx, Person("Ada"))
    sale(shop.ctx, 1, who, "account")
    sale(shop.ctx, 2, who, "account")
    receivables.repay(shop.ctx, who, 100_000, "cash")
    step = undo.last(shop.ctx)
    assert step is not None
    undo.undo(shop.ctx, step.id)
    assert [debt.due for debt in receivables.dues(shop.ctx, who)] == [85_000, 170_000]
    now = drawer.current(shop.ctx)
    assert now is not None
    assert now.expected["cash"] == FLOAT(shop.ctx)
    money_adds_up(shop.ctx)
    receivables.repay(shop.ctx, who, 255_000, "qris")
    now = drawer.current(shop.ctx)
    assert now is not None
    drawer.close(shop.ctx, now.expected, now)
    later = undo.last(shop.ctx)
    assert later is not None
    with pytest.raises(TooLateToUndo):
        undo.undo(shop.ctx, later.id)
    money_adds_up(shop.ctx)


def test_what_was_not_counted_is_not_nothing(shop: Shop) -> None:
    """A way in which money came is counted before the drawer is closed; differences beyond a miscount
    are known beforehand, and nothing is counted as less than nothing."""
    sale(shop.ctx, 1, None, "qris")
    sale(shop.ctx)
    now = drawer.current(shop.ctx)
    assert now is not None
    for counted, missing in (({"cash": 85_000}, "qris"), ({"qris": 85_000}, "cash")):
        with pytest.raises(NotCounted) as met:
            drawer.close(shop.ctx, counted, now)
        assert met.value.params["field"] == missing
    cash = now.expected["cash"]
    for counted, far in (
        ({"cash": cash + 50_000, "qris": 85_000}, {}),
        ({"cash": cash + 50_001, "qris": 0}, {"cash": 50_001, "qris": -85_000}),
    ):
        assert drawer.far_off(now, counted) == far
    with pytest.raises(BadMoney):
        drawer.close(shop.ctx, {"cash": cash, "qris": -85_000}, now)
    drawer.close(shop.ctx, {"cash": cash, "qris": 0}, now)


# ── the till ──────────────────────────────────────────────────────────────────────────────────────


def test_the_price_that_was_shown(shop: Shop) -> None:
    """A sale is not written at a price that changed while it was put together."""
    made = cart_of([line(catalogue.by_id(shop.ctx, PQ_R), 1)])
    prices.set_price(shop.ctx, PQ_R, 90_000)
    with pytest.raises(PriceChanged):
        till.sell(shop.ctx, made.sold(), [Paid("cash", 85_000)])
    assert shop.one("SELECT count(*) FROM sales") == 0


def test_discounts_need_their_permission(shop: Shop) -> None:
    """A user who may not give discounts sells at the full price only."""
    ctx = session(shop, set(access.PERMISSIONS) - {"sales.discount"})
    made = cart_of([line(catalogue.by_id(shop.ctx, PQ_R), 1)])
    cheap = made.discounted(money.discount("10%"))
    with pytest.raises(NotAllowed):
        till.sell(ctx, cheap.sold(), [Paid("cash", cheap.total)])
    till.sell(ctx, made.sold(), [Paid("cash", made.total)])


def test_what_comes_back(shop: Shop) -> None:
    """Piece by piece no more comes back than was sold, and no more money than was paid."""
    made = cart_of([line(catalogue.by_id(shop.ctx, PQ_R), 3)]).discounted(money.Discount(0, 1))
    number = till.sell(shop.ctx, made.sold(), [Paid("qris", made.total)])
    for _ in range(3):
        returns.give_back(shop.ctx, number, {1: 1}, "rusak")
    with pytest.raises(NotReturnable):
        returns.give_back(shop.ctx, number, {1: 1}, "rusak")
    with pytest.raises(UseReturn):
        # Known before anybody is asked for a reason, and for a sum that is no longer theirs.
        returns.check_void(shop.ctx, number)
    assert shop.one("SELECT sum(total) FROM sales") == 0
    with pytest.raises(UseReturn):
        returns.void(shop.ctx, number, "salah")
    assert catalogue.by_id(shop.ctx, PQ_R).on_hand == 100
    other = sale(shop.ctx)
    returns.check_void(shop.ctx, other)
    returns.void(shop.ctx, other, "salah")
    with pytest.raises(SaleVoided):
        returns.give_back(shop.ctx, other, {1: 1}, "rusak")
    money_adds_up(shop.ctx)


def test_a_debt_is_given_back_first(shop: Shop) -> None:
    """Goods on account that come back lower the debt; only what was paid is paid out."""
    who = cards.add(shop.ctx, Person("Ada", credit_limit=10**9))
    number = sale(shop.ctx, 2, who, "account")
    receivables.repay(shop.ctx, who, 100_000, "cash")
    returns.give_back(shop.ctx, number, {1: 2}, "rusak")
    assert receivables.balance(shop.ctx, who) == 0
    assert shop.one("SELECT sum(amount) FROM payments WHERE method = 'cash'") == 0
    money_adds_up(shop.ctx)


def test_closing_the_drawer(shop: Shop) -> None:
    """Counted is held against expected; money that moves meanwhile is not overlooked."""
    shop.set(FLOAT, 50_000)
    sale(shop.ctx, 2)
    sale(shop.ctx, 1, way="qris")
    drawer.move(shop.ctx, -20_000, "bensin")
    seen = drawer.current(shop.ctx)
    assert seen is not None
    assert dict(seen.expected) == {"cash": 200_000, "transfer": 0, "qris": 85_000}
    sale(shop.ctx)
    with pytest.raises(DrawerUsed):
        drawer.close(shop.ctx, seen.expected, seen)
    now = drawer.current(shop.ctx)
    assert now is not None
    assert drawer.close(shop.ctx, {"cash": 284_000, "qris": 85_000}, now, left=100_000) == {
        "cash": -1_000, "transfer": 0, "qris": 0,
    }  # fmt: skip
    assert drawer.current(shop.ctx) is None
    sale(shop.ctx)
    after = drawer.current(shop.ctx)
    assert after is not None
    assert after.expected["cash"] == 185_000


def test_a_drawers_paper(shop: Shop) -> None:
    """The drawer's paper tells each sum that moved and was counted, what stays and is handed in."""
    shop.set(FLOAT, 50_000)
    cards.edit(shop.ctx, people.prospect(shop.ctx, ANI).id, Person("Ani", credit_limit=10**6))
    sale(shop.ctx, 2)
    sale(shop.ctx, 1, 1, "account")
    back = sale(shop.ctx, 1, way="qris")
    returns.void(shop.ctx, back, "salah")
    drawer.move(shop.ctx, -20_000, "bensin")
    receivables.repay(shop.ctx, 1, 5_000, "cash")
    assert "belum ditutup" in z_report.text(shop.ctx, 1)
    now = drawer.current(shop.ctx)
    assert now is not None
    drawer.close(shop.ctx, {"cash": 204_000}, now, left=100_000, note="kurang seribu")
    for _ in range(2):
        told = [" ".join(each.split()) for each in z_report.text(shop.ctx, 1).splitlines()]
        for wanted in (
            "LAPORAN LACI 1 (Z)", "Modal laci Rp50.000", "Penjualan Rp170.000",
            "Pelunasan utang Rp5.000", "Kas masuk/keluar -Rp20.000", "Menurut catatan Rp205.000",
            "Hasil hitung Rp204.000", "Selisih -Rp1.000", "Dikembalikan -Rp85.000", "Nota penjualan 3",
            "Nota retur/batal 1",
            "PENJUALAN BERSIH Rp255.000", "Disisakan di laci Rp100.000", "Disetor Rp104.000",
            "Catatan: kurang seribu",
        ):  # fmt: skip
            assert wanted in told, (wanted, told)
        # The next drawer changes nothing of it.
        sale(shop.ctx)


def test_a_customers_paper(shop: Shop) -> None:
    """The customer's statement tells each open sale with its day, what is overdue, and all of it; a
    sale of one who was merged is the other's."""
    for phone, name in ((ANI, "Ani"), (BUDI, "Bu Ani")):
        who = people.prospect(shop.ctx, phone)
        cards.edit(shop.ctx, who.id, Person(name, credit_limit=10**6))
    sale(shop.ctx, 1, 1, "account")
    shop.clock.wait(40 * 86400)
    sale(shop.ctx, 2, 2, "account")
    receivables.repay(shop.ctx, 1, 5_000, "cash")
    merging.merge(shop.ctx, 2, 1)
    told = [" ".join(each.split()) for each in statement.text(shop.ctx, 2).splitlines()]
    for wanted in (
        "Nota 1 24/11/2026", "Total nota Rp85.000", "Sisa Rp80.000", "Jatuh tempo 24/12/2026",
        "LEWAT 10 hari", "Nota 2 03/01/2027", "Sisa Rp170.000", "Jatuh tempo 02/02/2027",
        "TOTAL UTANG Rp250.000", "Sudah jatuh tempo Rp80.000",
    ):  # fmt: skip
        assert wanted in told, (wanted, told)
    assert sum("LEWAT" in each for each in told) == 1
    assert max(map(len, statement.text(shop.ctx, 2).splitlines())) <= 32


@pytest.mark.parametrize("paper", [58, 80])
def test_receipt(shop: Shop, paper: int, hostile: str) -> None:
    """A receipt is never wider than the paper, whatever names hold."""
    shop.set(PAPER, paper)
    who = cards.add(shop.ctx, Person(hostile.strip()[:70] or "x"))
    item_cards.edit(shop.ctx, PQ_R, Card("PQ-R", hostile.strip()[:100] or "x", "set", 85_000))
    number = sale(shop.ctx, 2, who)
    text = receipt.text(shop.ctx, number)
    assert all(len(each) <= receipt.WIDTHS[paper] for each in text.split("\n"))
    assert "Rp170.000" in text


def test_setup_refuses_an_unknown_role(shop: Shop) -> None:
    """A user is not added with a role that there is not."""
    from crm_tui.shop.users.errors import RoleUnknown

    with pytest.raises(RoleUnknown):
        setup.add_user(shop.ctx, "ujang", "kelapa muda", role="Raja")


def test_every_setting_is_on_the_screen() -> None:
    """No setting is known to the command line alone: each belongs to a group that the screen shows."""
    groups = {key.partition(".")[0] for key in settings.every()}
    assert groups == set(GROUPS), "name the group in GROUPS of screens/administration/settings.py"


def test_every_answer_has_an_example(shop: Shop) -> None:
    """The preview of each template leaves no field open, and names the shop's own item."""
    for key, each in settings.every().items():
        if key.startswith("reply."):
            told = filling.fill(str(each(shop.ctx)), examples.values(shop.ctx))
            assert "{" not in told, f"{key}: give its fields a value in shop/messages/examples.py"
    codes = {row["code"] for row in shop.rows("SELECT code FROM items")}
    assert examples.values(shop.ctx)["code"] in codes
    # A customer is greeted by the name of a person, not of what lies on the shelf.
    items = {row[0] for row in shop.ctx.db.execute("SELECT name FROM items")}
    for key in ("reply.registered", "reply.promo_due"):
        assert examples.fitting(key, examples.values(shop.ctx))["name"] not in items
    assert examples.fitting("reply.price_line", examples.values(shop.ctx))["name"] in items


def test_an_order_of_somebody_who_was_merged(shop: Shop) -> None:
    """An order for a customer who was merged a moment ago is the kept one's."""
    ctx = shop.ctx
    kept = cards.add(ctx, Person("Ada"))
    gone = cards.add(ctx, Person("Ida"))
    merging.merge(ctx, kept, gone)
    placed = placing.place(ctx, gone, "+6281100000001", {6: 1})
    assert shop.one("SELECT customer_id FROM orders WHERE id = ?", placed.number) == kept


def test_a_value_that_is_not_allowed_any_more(shop: Shop) -> None:
    """A stored value that a newer range forbids is never met where it is read: the usual one counts,
    and whoever looks at the settings is told."""
    with shop.ctx.store.transaction() as db:
        for key, text in (("till.paper", "70"), ("sms.limit_day", "-1"), ("reply.price", "{apa}")):
            db.execute("INSERT INTO settings VALUES (?, ?)", (key, text))
    found = settings.every()
    for key in ("till.paper", "sms.limit_day", "reply.price"):
        assert found[key](shop.ctx) == found[key].default
        assert found[key].refused(shop.ctx)
    assert found["till.float"].refused(shop.ctx) is None
    settings.change(shop.ctx, "till.paper", "80")
    assert found["till.paper"].refused(shop.ctx) is None


def test_a_deletion_of_an_older_program_is_undone(shop: Shop) -> None:
    """A step that does not say whose right it needs, as older programs wrote it, can be taken back."""
    who = cards.add(shop.ctx, Person("Ada"))
    cards.remove(shop.ctx, who)
    with shop.ctx.store.transaction() as db:
        db.execute("DROP TRIGGER undo_steps_no_update")
        db.execute("UPDATE undo_steps SET data = json_remove(data, '$.permission')")
    step = undo.last(shop.ctx)
    assert step is not None
    undo.undo(shop.ctx, step.id)
    assert people.by_id(shop.ctx, who).name == "Ada"


def test_settings_stand_in_one_order() -> None:
    """Settings come in the same order, whichever room was loaded first."""
    script = "from crm_tui.shop.gate import settings; print(*settings.every())"
    shown = {
        subprocess.run(
            [sys.executable, "-c", f"import {first}; {script}"], capture_output=True, check=True
        ).stdout
        for first in ("crm_tui.shop.promos.texts", "crm_tui.shop.sales.till")
    }
    assert len(shown) == 1


def test_cash_in_and_out_has_a_paper(shop: Shop) -> None:
    """It says which way, why, how much and by whom; what goes out again is a copy, and found by an
    index however long the audit is."""
    number = drawer.move(shop.ctx, -20_000, "bensin antar barang")
    told = slips.take(shop.ctx, number, "printer")
    for each in ("KAS KELUAR", "bensin antar barang", "Rp20.000", f"No. {number}"):
        assert each in told
    assert "SALINAN" not in told
    assert "SALINAN 1" in slips.take(shop.ctx, number, "file")
    came = drawer.move(shop.ctx, 5_000, "receh")
    assert "KAS MASUK" in slips.take(shop.ctx, came, "file")
    assert [each.amount for each in slips.moves(shop.ctx, 1, 9)] == [5_000, -20_000]
    with pytest.raises(slips.NoSlip):
        slips.cash_text(shop.ctx, number + 99)
    plan = shop.rows(
        "EXPLAIN QUERY PLAN SELECT count(*) FROM audit"
        " WHERE command = 'sales.print_slip' AND subject = 'payment 1'"
    )
    assert "audit_slips" in str([each["detail"] for each in plan])
