"""A second person at the till: rights in finer grain, ceilings, and what somebody else permits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from crm_tui.schema import v019_permits, v023_foreman
from crm_tui.screens.items.catalogue import ItemsScreen
from crm_tui.screens.shell import listpage
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.shop.customers import cards, people
from crm_tui.shop.customers.cards import Card
from crm_tui.shop.gate import access, money, undo
from crm_tui.shop.gate.context import Actor, Context, Permit
from crm_tui.shop.gate.errors import AboveCeiling, NotAllowed
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.imports import staging
from crm_tui.shop.items import cards as item_cards
from crm_tui.shop.items import catalogue, prices, stock
from crm_tui.shop.items import view as item_view
from crm_tui.shop.loyalty import points
from crm_tui.shop.reports import publish, registry
from crm_tui.shop.reports.base import Wanted
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.publish import Order
from crm_tui.shop.sales import drawer, returns, till
from crm_tui.shop.sales.cart import Sold
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.shop.upkeep import privacy
from crm_tui.shop.users import accounts, login, permitting, roles, setup
from crm_tui.shop.users.errors import PasswordFirst, WrongLogin, WrongPin
from crm_tui.shop.users.permitting import CannotPermit, PermitYourself
from tests.counter import PASSWORD, counter, staff
from tests.day import line, money_adds_up
from tests.shop import Shop, cart_of
from tests.test_rights import SCREENS

SELLER = ("sales.sell", "sales.view", "customers.view")


def person(
    shop: Shop, name: str, permissions: Sequence[str], ceilings: Mapping[str, int] | None = None
) -> Context:
    """The session of a user with a role of just these rights; the password is `PASSWORD`."""
    role = roles.add(shop.ctx, f"Peran {name}")
    for permission in permissions:
        roles.grant(shop.ctx, role, permission, True)
    roles.set_ceilings(shop.ctx, role, ceilings or {})
    user = setup.add_user(shop.ctx, name, PASSWORD, role=f"Peran {name}")
    return Context(shop.ctx.store, shop.clock, Actor("user", name, user))


def permitted(ctx: Context, *permits: Permit) -> Context:
    return Context(ctx.store, ctx.clock, ctx.actor, permits)


def sale(
    ctx: Context, discount: str = "", method: str = "cash", who: int | None = None, count: int = 1
) -> int:
    """A sale of the first item (Rp10.000) with a discount on all of it."""
    made = cart_of([line(catalogue.by_id(ctx, 1), count)]).discounted(money.discount(discount))
    return till.sell(ctx, made.sold(), [Paid(method, made.total)], who)


def audit(shop: Shop, command: str) -> list[str]:
    rows = shop.rows("SELECT actor, after FROM audit WHERE command = ? ORDER BY id", command)
    return [f"{row['actor']} {row['after']}" for row in rows]


def test_a_discount_above_the_ceiling_needs_a_second_person(shop: Shop) -> None:
    """Up to the ceiling of the role a discount is given alone, above it with somebody's PIN, and the
    audit names both."""
    clerk = person(shop, "sari", (*SELLER, "sales.discount"), {"sales.discount": 1000})
    chief = person(shop, "tono", ("sales.discount",))
    sale(clerk, "10%")
    with pytest.raises(AboveCeiling) as refused:
        sale(clerk, "10,01%")
    assert refused.value.params["permission"] == "sales.discount"
    assert refused.value.params["amount"] == 1001
    permit = permitting.permit(clerk, "tono", PASSWORD, "sales.discount", 5000)
    assert permit == Permit(chief.actor, "sales.discount", 5000)
    with pytest.raises(AboveCeiling):
        sale(permitted(clerk, permit), "50,01%")
    sale(permitted(clerk, permit), "50%")
    assert audit(shop, "users.permit") == [
        'tono {"permits": "sari", "permission": "sales.discount", "amount": 5000}'
    ]
    assert audit(shop, "sales.sell")[-1] == (
        'sari {"permitted by": "tono", "permission": "sales.discount", "amount": 5000}'
    )
    # What was given by hand stands beside the sale; the rest had no such discount.
    assert shop.rows("SELECT sale_id, rupiah FROM given_discounts") == [
        {"sale_id": 1, "rupiah": 1000},
        {"sale_id": 2, "rupiah": 5000},
    ]
    money_adds_up(shop.ctx)


def test_a_permit_is_worth_what_its_giver_may(shop: Shop) -> None:
    """It counts for its permission alone, not above the giver's ceiling, and not when the giver has
    lost the right, or is put out."""
    clerk = person(shop, "sari", SELLER)
    chief = person(shop, "tono", ("sales.discount", "sales.credit"), {"sales.discount": 2000})
    permit = permitting.permit(clerk, "tono", PASSWORD, "sales.discount")
    with pytest.raises(NotAllowed):
        sale(permitted(clerk, permit), "21%")
    sale(permitted(clerk, permit), "20%")
    who = cards.add(shop.ctx, Card("Bengkel", credit_limit=10**6))
    with pytest.raises(NotAllowed):
        sale(permitted(clerk, permit), "", "account", who)
    assert access.who_may(clerk, "sales.discount", 2001) == ["Kepala Bengkel", "Administrator"]
    assert permitting.permitters(clerk, "sales.discount", 2001) == ["bos"]
    # Who was here last is asked first.
    assert permitting.permitters(clerk, "sales.discount", 2000) == ["tono", "bos"]
    assert permitting.permitters(chief, "sales.discount", 2000) == ["bos"]
    accounts.remove(shop.ctx, chief.actor.user_id or 0)
    with pytest.raises(NotAllowed):
        sale(permitted(clerk, permit), "20%")


def test_who_permits_proves_it(shop: Shop) -> None:
    """A wrong secret counts as a wrong try of its owner; nobody permits to themselves, what they may
    not, or with a password that somebody else chose; a permit signs nobody in."""
    clerk = person(shop, "sari", (*SELLER, "sales.discount"), {"sales.discount": 0})
    chief = person(shop, "tono", ("sales.discount",))
    with pytest.raises(WrongLogin):
        permitting.permit(clerk, "tono", "salah salah", "sales.discount")
    assert shop.one("SELECT wrong_tries FROM users WHERE login = 'tono'") == 1
    with pytest.raises(PermitYourself):
        permitting.permit(clerk, "sari", PASSWORD, "sales.discount")
    with pytest.raises(CannotPermit):
        permitting.permit(clerk, "tono", PASSWORD, "sales.return")
    permitting.permit(clerk, "tono", PASSWORD, "sales.discount")
    assert shop.one("SELECT wrong_tries FROM users WHERE login = 'tono'") == 0
    # The password was typed today: from now on the PIN is enough, three tries of it.
    login.set_pin(chief, "2468")
    assert permitting.permit(clerk, "tono", "2468", "sales.discount").actor == chief.actor
    with pytest.raises(WrongPin):
        permitting.permit(clerk, "tono", "1111", "sales.discount")
    assert audit(shop, "users.enter") == []
    accounts.reset_password(shop.ctx, chief.actor.user_id or 0, "dua tiga empat")
    with pytest.raises(PasswordFirst):
        permitting.permit(clerk, "tono", "dua tiga empat", "sales.discount")


def test_credit_and_refunds_have_ceilings(shop: Shop) -> None:
    """What is sold on account at a time, and what is paid back for a sale in however many parts."""
    who = cards.add(shop.ctx, Card("Bengkel", credit_limit=10**6))
    clerk = person(
        shop, "sari", (*SELLER, "sales.credit", "sales.return"),
        {"sales.credit": 20_000, "sales.return": 20_000},
    )  # fmt: skip
    sale(clerk, "", "account", who, count=2)
    with pytest.raises(AboveCeiling):
        sale(clerk, "", "account", who, count=3)
    in_parts = cart_of([line(catalogue.by_id(clerk, 1), 3)])
    with pytest.raises(AboveCeiling):
        till.sell(clerk, in_parts.sold(), [Paid("account", 15_000)] * 2, who)
    number = sale(clerk, count=3)
    returns.give_back(clerk, number, {1: 1}, "rusak")
    returns.give_back(clerk, number, {1: 1}, "rusak")
    with pytest.raises(AboveCeiling) as refused:
        returns.give_back(clerk, number, {1: 1}, "rusak")
    assert refused.value.params["amount"] == 30_000
    with pytest.raises(AboveCeiling):
        returns.void(clerk, sale(shop.ctx, count=3), "salah")
    money_adds_up(shop.ctx)


REFUSED: dict[str, tuple[str, Callable[[Context], Any]]] = {
    "a credit limit": (
        "customers.credit", lambda ctx: cards.edit(ctx, 1, Card("Ani", credit_limit=10**9)),
    ),
    "a credit limit of a new customer": (
        "customers.credit", lambda ctx: cards.add(ctx, Card("Eka", credit_limit=1)),
    ),
    "a consent": ("customers.consent", lambda ctx: people.consent(ctx, 1, "yes", "katanya")),
    "points for a gift": ("sales.points", lambda ctx: points.redeem(ctx, 1, 5, "payung")),
    "points for a sale": (
        "sales.points",
        lambda ctx: till.sell(
            ctx, cart_of([line(catalogue.by_id(ctx, 1), 1)]).redeeming(500).sold(),
            [Paid("cash", 9_500)], 1, spent=5,
        ),
    ),
    "cash out": ("drawer.take_out", lambda ctx: drawer.move(ctx, -5000, "beli kopi")),
    "profit": ("costs.view", lambda ctx: registry.find(ctx, "profit")),
    "a file": (
        "reports.export",
        lambda ctx: publish.write(
            ctx,
            Order(registry.find(ctx, "sales"), Wanted(), "csv", ctx.store.path.with_name("a.csv")),
            lambda text, /, **_: text,
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_each_has_a_right_of_its_own(shop: Shop, what: str) -> None:
    """Cost and profit, credit limits, consent, points, cash out and files: all other rights together
    do not reach so far, the right itself does."""
    permission, act = REFUSED[what]
    cards.add(shop.ctx, Card("Ani"))
    points.give(shop.ctx, 1, 10, "hadiah")
    ctx = person(shop, "sari", sorted(set(access.PERMISSIONS) - {permission}))
    with pytest.raises(NotAllowed) as refused:
        act(ctx)
    assert refused.value.params["permission"] == permission
    roles.grant(shop.ctx, shop.one("SELECT max(id) FROM roles"), permission, True)
    act(ctx)


def _file(ctx: Context, text: str) -> object:
    file = ctx.store.path.with_name("barang.csv")
    file.write_text(text)
    return staging.merge(ctx, staging.stage(ctx, import_items.KIND, file))


def _line(first: str, price: str = "", stock: str = "", cost: str = "") -> str:
    return f"Kode,Nama,Satuan,Harga,Stok,Modal\n{first},{price},{stock},{cost}\n"


_KNOWN, _NEW = "GH-4,,", "NW-1,Baru,pcs"
BY_ANY_WAY: dict[str, tuple[str, Callable[[Context], object]]] = {
    "a new item's price": (
        "prices.edit", lambda ctx: item_cards.add(ctx, item_cards.Card("NW-2", "Baru"))
    ),
    "a new item's cost": (
        "costs.view", lambda ctx: item_cards.add(ctx, item_cards.Card("NW-2", "Baru", cost=5))
    ),
    "a price": ("prices.edit", lambda ctx: _edited(ctx, price=7)),
    "a cost": ("costs.view", lambda ctx: _edited(ctx, cost=7)),
    "a cost of goods": (
        "costs.view", lambda ctx: stock.receive(ctx, [stock.Goods(1, 2, 900)], "Toko", "x")
    ),
    "a price in a file": ("prices.edit", lambda ctx: _file(ctx, _line(_KNOWN, "7700"))),
    "a cost in a file": ("costs.view", lambda ctx: _file(ctx, _line(_KNOWN, cost="7700"))),
    "stock in a file": ("stock.correct", lambda ctx: _file(ctx, _line(_KNOWN, stock="77"))),
    "a new price in a file": ("prices.edit", lambda ctx: _file(ctx, _line(_NEW, "7700"))),
    "a new cost in a file": (
        "costs.view", lambda ctx: _file(ctx, _line(_NEW, "7700", cost="7000"))
    ),
    "new stock in a file": ("stock.correct", lambda ctx: _file(ctx, _line(_NEW, "7700", "9"))),
    "another price than the office's": ("branches.own_price", lambda ctx: _edited(ctx, price=7)),
    "another price than the office's in a file": (
        "branches.own_price", lambda ctx: _file(ctx, _line(_KNOWN, "7700"))
    ),
}  # fmt: skip
"""What is asked for a right on the screen, and every other way to it."""


def _edited(ctx: Context, **how: Any) -> None:
    there = catalogue.by_code(ctx, "GH-4").id
    item_cards.edit(ctx, there, replace(item_cards.card(ctx, there), **how))


@pytest.mark.parametrize("what", BY_ANY_WAY)
def test_no_way_leads_by_a_right(shop: Shop, what: str) -> None:
    """A price, a cost and the stock need their right by whatever way they come in: a form, a new item,
    goods, a file; nothing is written without, and all of it with it."""
    permission, act = BY_ANY_WAY[what]
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE items SET cost = 5000 WHERE code = 'GH-4'")
        if permission == "branches.own_price":
            db.execute("INSERT INTO central_prices (item_id, price, at)"
                       " SELECT id, price, '' FROM items WHERE code = 'GH-4'")  # fmt: skip
    ctx = person(shop, "sari", sorted(set(access.PERMISSIONS) - {permission}))
    tables = ("items", "price_changes", "cost_changes", "stock_moves", "audit", "central_prices")
    before = [shop.rows(f"SELECT * FROM {each}") for each in tables]
    with pytest.raises(NotAllowed) as refused:
        act(ctx)
    assert refused.value.params["permission"] == permission
    assert before == [shop.rows(f"SELECT * FROM {each}") for each in tables]
    roles.grant(shop.ctx, shop.one("SELECT max(id) FROM roles"), permission, True)
    act(ctx)
    assert [shop.rows(f"SELECT * FROM {each}") for each in tables[:4]] != before[:4]
    assert shop.rows("SELECT own FROM central_prices") in ([], [{"own": 1}])


def test_a_name_alone_needs_no_other_right(shop: Shop) -> None:
    """Who may edit items changes their names by form and file without the rights of prices."""
    ctx = person(shop, "sari", ("items.view", "items.edit"))
    there = catalogue.by_code(ctx, "GH-4").id
    item_cards.edit(ctx, there, replace(item_cards.card(ctx, there), name="Lain"))
    _file(ctx, "Kode,Nama\nGH-4,Lain lagi\n")
    assert catalogue.by_id(ctx, there).name == "Lain lagi"


def test_costs_are_seen_by_those_who_may(shop: Shop) -> None:
    """Without the right no report, item or file tells what goods cost or earn."""
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE items SET cost = 4321 WHERE id = 1")
    ctx = person(shop, "sari", sorted(set(access.PERMISSIONS) - {"costs.view"}))
    sale(ctx)
    for name, full in registry.REPORTS.items():
        if name == "profit":
            continue
        seen = registry.find(ctx, name)
        rows = list(seen.rows(ctx, Wanted().period))
        assert "4321" not in str(rows), name
        assert not {"cost", "profit", "value", "covered"} & {each.key for each in seen.columns} or (
            name == "promos"
        )
        assert not (seen.charts_of_cost and seen.charts(ctx, Wanted().period)), name
        assert registry.find(shop.ctx, name) is full
    assert item_view.look(ctx, 1).card.cost is None
    assert item_view.look(shop.ctx, 1).card.cost == 4321


def _costly(shop: Shop) -> tuple[list[str], Context]:
    """Costs that came in by form, by delivery, back to a supplier and by file, each a number of its own
    as digits; and somebody who may do everything but see them."""
    ctx, told = shop.ctx, [str(7_654_321 + each) for each in range(6)]
    cost = iter(map(int, told))
    new = item_cards.add(ctx, item_cards.Card("ZZ-9", "Zat", "pcs", 9_000_000, cost=next(cost)))
    known = item_view.look(ctx, 1).card
    item_cards.edit(ctx, 1, replace(known, cost=next(cost)))
    stock.receive(ctx, [stock.Goods(6, 2, next(cost))], "Pemasok", "nota")
    stock.give_back(ctx, [stock.Goods(6, 1, next(cost))], "Pemasok", "nota")
    file = shop.folder / "barang.csv"
    file.write_text(f"code,name,unit,price,stock,cost\nKK-1,Baru,pcs,9000000,3,{next(cost)}\n"
                    f"{known.code},{known.name},pcs,10000,5,{next(cost)}\n")  # fmt: skip
    import_items.apply(ctx, import_items.read_file(file), file.name)
    sale(ctx, who=cards.add(ctx, Card("Ani", phone="+6281100000001")))
    item_cards.remove(ctx, new)
    return told, person(shop, "sari", sorted(set(access.PERMISSIONS) - {"costs.view"}))


def test_no_output_tells_a_cost(shop: Shop) -> None:
    """By whatever way costs came in, no report in any part, no row of the audit and no search in it
    tells them to users who may not see them; what else stands there is told as it is. What a customer
    is handed out tells nobody."""
    costs, clerk = _costly(shop)
    written = str(shop.rows("SELECT * FROM audit"))
    # That of a new item of a file stands in no row of the audit.
    assert [each for each in costs if each not in written] == [costs[4]]
    for name in registry.REPORTS.keys() - {"profit"}:
        seen = registry.find(clerk, name)
        for part in seen.listed.parts if seen.listed is not None else ("",):
            said = str([dict(row) for row in seen.rows(clerk, Wanted(part=part).period, part=part)])
            assert not [each for each in costs if each in said], (name, part)
    audits = registry.find(clerk, "audit"), registry.find(shop.ctx, "audit")
    for each in costs:
        found = [list(one.rows(clerk, Period(), search=each)) for one in audits]
        assert (found[0], bool(found[1])) == ([], each in written)
    words = "".join(str(list(audits[0].rows(clerk, Period()))).split())
    for kept in ("Pemasok", "[[6,2]]", "ZZ-9", '"AB-1":', '"price":9000000'):
        assert kept in words, kept
    handed = str(privacy.hand_out(shop.ctx, shop.one("SELECT max(id) FROM customers")))
    assert "sale_lines" in handed
    assert not [each for each in costs if each in handed]


@pytest.mark.soak
@pytest.mark.asyncio
async def test_no_screen_tells_a_cost(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does a screen, in any part of its list, beside any of its first rows."""
    costs, clerk = _costly(shop)
    monkeypatch.setattr(listpage, "STEADY_SECONDS", 0.0)
    user = login.user(shop.ctx, clerk.actor.user_id or 0)
    async with counter(shop, user, size=(200, 60), painted=False) as here:

        def told() -> list[str]:
            plain = here.text.replace(".", "")
            return [each for each in costs if each in plain]

        for screen in SCREENS:
            await here.app.push_screen(screen())
            await here.settle()
            for _ in range(3 if issubclass(screen, ListPage) else 1):
                for _ in range(3):
                    assert not told(), screen
                    await here.press("down")
                await here.press("right")
            while len(here.app.screen_stack) > 2:
                await here.app.pop_screen()
            await here.settle()
        with shop.ctx.store.transaction() as db:
            db.execute("INSERT INTO role_permissions SELECT role_id, 'costs.view' FROM users"
                       " WHERE id = ?", (user.id,))  # fmt: skip
        await here.app.signed_in(user)
        await here.app.push_screen(ItemsScreen())
        await here.settle()
        assert told(), "a cost would not be noticed either"


@pytest.mark.parametrize("cost", [1, 9, 812, 8_123, 9_999, 10_000, 61_250, 1_234_567])
def test_nobody_learns_a_cost_by_trying_prices(shop: Shop, cost: int) -> None:
    """Who may not see costs is warned of what is surely below them, and learns them to a factor of two
    or so, whatever the price is; who may see them is warned of all that is."""
    clerk = person(shop, "sari", (*SELLER, "items.view", "prices.edit", "sales.discount"))
    chief = person(shop, "tono", ("costs.view",))
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE items SET cost = ? WHERE id = 1", (cost,))
    assert catalogue.costs(chief, [1]) == {1: cost}
    told = set()
    for price in (cost * 2, cost, max(1, cost - 1), 77_777):
        if price != shop.one("SELECT price FROM items WHERE id = 1"):
            prices.set_price(clerk, 1, price)
        told.add(catalogue.costs(clerk, [1])[1])
    [bound] = told
    assert bound <= cost < 2.5 * bound
    assert str(bound).rstrip("0") in ("1", "2", "5")


@pytest.mark.soak
@pytest.mark.asyncio
async def test_the_box_for_discounts_is_no_oracle(shop: Shop) -> None:
    """However finely somebody types discounts and prices who may not see costs, the screen's warning
    begins at a rough sum, and not at the cost."""
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE items SET cost = 8123, price = 10000 WHERE id = 1")
    code = shop.one("SELECT code FROM items WHERE id = 1")
    person(shop, "sari", (*SELLER, "items.view", "prices.edit", "sales.discount"))
    user = login.user(shop.ctx, shop.one("SELECT id FROM users WHERE login = 'sari'"))
    async with counter(shop, user, language="en") as here:
        await here.press("0")
        await here.type(code)
        await here.press("enter", "f8")
        warned = {}
        for typed in ("1877", "1878", "4999", "5001"):
            await here.pilot.press(*["backspace"] * 6)
            await here.type(typed)
            warned[typed] = "below its cost" in here.text
    assert warned == {"1877": False, "1878": False, "4999": False, "5001": True}


def test_a_file_tells_no_costs(shop: Shop) -> None:
    """Who may not see costs does not learn from a file's preview whether a cost is right."""
    clerk = person(shop, "sari", ("items.edit", "items.view"))
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE items SET cost = 8123 WHERE id = 1")
    code = shop.one("SELECT code FROM items WHERE id = 1")
    for cost in (8122, 8123):
        path = shop.folder / "biaya.csv"
        path.write_text(f"code,cost\n{code},{cost}\n")
        with pytest.raises(NotAllowed):
            staging.stage(clerk, import_items.KIND, path)


def test_a_role_takes_its_ceilings_along(shop: Shop) -> None:
    """A role made like another has its ceilings; one that is deleted and put back keeps them."""
    first = roles.add(shop.ctx, "Satu")
    roles.set_ceilings(shop.ctx, first, {"sales.discount": 500, "sales.return": 10})
    roles.set_ceilings(shop.ctx, first, {"sales.return": None})
    second = roles.add(shop.ctx, "Dua", like=first)
    assert roles.ceilings(shop.ctx, second) == {"sales.discount": 500}
    roles.remove(shop.ctx, first)
    step = undo.last(shop.ctx)
    assert step is not None
    undo.undo(shop.ctx, step.id)
    assert roles.ceilings(shop.ctx, first) == {"sales.discount": 500}


def test_roles_of_older_shops_keep_their_desk(shop: Shop) -> None:
    """A shop that comes from before gets the finer rights as a new one has them, role by role."""
    new = sorted(v019_permits._ALL)
    with shop.ctx.store.transaction() as db:
        for table in ("role_ceilings", "given_discounts", "point_refunds", "receipt_prints"):
            db.execute(f"DROP TABLE {table}")
        marks = ", ".join("?" * len(new))
        db.execute(f"DELETE FROM role_permissions WHERE permission IN ({marks})", new)
        # It was given the foreman afterwards.
        db.execute(
            "DELETE FROM role_permissions WHERE permission = 'reports.view'"
            " AND role_id = (SELECT id FROM roles WHERE name = 'Kepala Bengkel')"
        )
        v019_permits.apply(db)
        v023_foreman.apply(db)
    held = {name: set(permissions) for name, permissions in roles.grid(shop.ctx).values()}
    assert held == {name: set(each) for name, each in access.SHIPPED_ROLES.items()}


def test_a_discount_stays_within_its_ceiling_when_goods_come_back(shop: Shop) -> None:
    """Dear goods that are put beside cheap ones, so that all of these may be given away, and come back
    afterwards, lift no ceiling; a return that leaves the discount what it was needs nobody."""
    clerk = person(
        shop, "sari", (*SELLER, "sales.discount", "sales.return"), {"sales.discount": 1000}
    )
    chief = person(shop, "tono", ("sales.discount",))
    cheap, dear = catalogue.by_id(shop.ctx, 1), catalogue.by_code(shop.ctx, "PQ-R")
    lines = [Sold(cheap.id, cheap.price, 1, 9_000), Sold(dear.id, dear.price, 1)]
    number = till.sell(clerk, lines, [Paid("cash", sum(each.total for each in lines))])
    with pytest.raises(AboveCeiling) as refused:
        returns.give_back(clerk, number, {2: 1}, "berubah pikiran")
    assert (refused.value.params["permission"], refused.value.params["amount"]) == (
        "sales.discount", 9_000
    )  # fmt: skip
    returns.give_back(permitted(clerk, Permit(chief.actor, "sales.discount")), number, {2: 1}, "x")
    even = sale(clerk, "9,99%", count=4)
    for _ in range(3):
        returns.give_back(clerk, even, {1: 1}, "rusak")
    money_adds_up(shop.ctx)


def test_permits_are_counted_for_who_answers_for_the_till(shop: Shop) -> None:
    """The report of exceptions says who permitted how often, and to whom."""
    chief, clerk = staff(shop, name="tono"), staff(shop, "Staf Konter", "dewi")
    own = shop.ctx.acting(clerk.actor)
    for _ in range(2):
        permitting.permit(own, chief.login, PASSWORD, "sales.discount", 1000)
    rows = {row["actor"]: row for row in registry.REPORTS["exceptions"].rows(shop.ctx, Period())}
    told = {name: (row["permitted"], row["was_permitted"]) for name, row in rows.items()}
    assert told == {"tono": (2, 0), "dewi": (0, 2)}
