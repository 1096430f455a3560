"""The gate: permission, audit row and change rows, for every command there is."""

import ast
import atexit
import functools
import inspect
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from crm_tui import archive, schema, sqlite
from crm_tui import shop as shop_rooms
from crm_tui.i18n import translate
from crm_tui.practice import lessons
from crm_tui.practice.clock import EventClock
from crm_tui.replication import enrolling, forking
from crm_tui.shop.answers import accepting
from crm_tui.shop.backups import archived, holding, making, rehearsing, restoring, sealing, unsealed
from crm_tui.shop.branches import applying, arrivals, grants, transfers
from crm_tui.shop.branches import settings as branch_settings
from crm_tui.shop.checks import acknowledgement as checks_accepting
from crm_tui.shop.customers import cards, merging, people
from crm_tui.shop.gate import access, settings, undo
from crm_tui.shop.gate.access import PERMISSIONS, SHIPPED_ROLES
from crm_tui.shop.gate.commands import COMMANDS, command
from crm_tui.shop.gate.context import DOOR, GATEWAY, Actor, Context
from crm_tui.shop.gate.errors import NotAllowed
from crm_tui.shop.gate.practice import mark_practice
from crm_tui.shop.imports import customers as import_customers
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.imports import sales as import_sales
from crm_tui.shop.imports import staging, taking_back
from crm_tui.shop.imports.staged import Kind
from crm_tui.shop.items import cards as item_cards
from crm_tui.shop.items import counting, lexicon, naming, prices, stock
from crm_tui.shop.loyalty import points, rewards, tiers
from crm_tui.shop.messages import (
    archiving,
    balance,
    correspondence,
    gateway_state,
    outbox,
    text_retention,
)
from crm_tui.shop.orders import changing, deciding, placing
from crm_tui.shop.promos import audience as promo_audience
from crm_tui.shop.promos import campaigns
from crm_tui.shop.promos import sending as promo_sending
from crm_tui.shop.sales import (
    collecting,
    drawer,
    parked,
    receivables,
    reprints,
    returns,
    slips,
    till,
    unfinished,
)
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.shop.upkeep import exporting, privacy, retention
from crm_tui.shop.users import accounts, audit_telling, login, permitting, roles, setup
from tests import branches, rooms
from tests.branch import enrolment
from tests.shop import ANI, BUDI, ITEMS, Shop, cart_of, ledgers_add_up

Act = Callable[[Context], Any]

# A command counts wherever it is, even in a room that nothing here names.
ROOMS = list(rooms.modules())


def _order(shop: Shop) -> int:
    """A waiting order of a prospect."""
    shop.ask(ANI, "PESAN PQ-R 2")
    number = int(shop.one("SELECT max(id) FROM orders"))
    shop.ask(ANI, "Pak, bisa diantar ke rumah?")
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE messages SET status = 'failed' WHERE kind = 'answer'")
    return number


@functools.cache
def _with_order() -> tuple[Path, datetime]:
    """The store of a shop with such an order, and the moment after it; made once in a process."""
    made = tempfile.TemporaryDirectory(prefix="crm-tui-")
    atexit.register(made.cleanup)
    shop = Shop(Path(made.name) / "toko")
    _order(shop)
    shop.close()
    return shop.ctx.store.path, shop.clock.now()


@pytest.fixture
def ordered(tmp_path: Path) -> Iterator[Shop]:
    """A shop with a waiting order of a prospect."""
    store, moment = _with_order()
    shop = Shop(tmp_path / "toko", EventClock(moment), store=store)
    yield shop
    shop.close()


def line(kind: Kind, **values: object) -> tuple[int, tuple[object, ...]]:
    """The second line of a file of this kind, as it lies aside: nothing but these values."""
    return 2, tuple(values.get(column.split()[0]) for column in kind.staged.split(", "))


def take_customers(ctx: Context) -> object:
    kind = import_customers.KIND
    row = line(kind, phones="+6281200000077", name="Tujuh", address="Palembang", consent="yes")
    staged = staging.stage_rows(ctx, import_customers.KIND, "uji", [row])
    return staging.merge(ctx, staged)


def take_sales(ctx: Context) -> object:
    row = line(import_sales.KIND, at="2026-01-05T05:00:00.000Z", phone="+6281200000078",
               name="Delapan", total=5000)  # fmt: skip
    staged = staging.stage_rows(ctx, import_sales.KIND, "buku", [row])
    return staging.merge(ctx, staged)


def take_sales_back(ctx: Context) -> object:
    take_sales(ctx)
    return taking_back.take_back(ctx, taking_back.candidates(ctx)[0]["id"])


def archive_all(ctx: Context) -> object:
    with archive.writing(ctx.store.path) as file:
        return archiving.archive_slice(ctx, file, ctx.at, 100)


def forget_all(ctx: Context) -> object:
    archive_all(ctx)
    with archive.writing(ctx.store.path) as file:
        return text_retention.forget_slice(ctx, file, ctx.at, 100)


def prunable(shop: Shop) -> Path:
    folder = shop.folder / "exports"
    folder.mkdir(exist_ok=True)
    file = folder / "sales-2020.xlsx"
    file.touch()
    return file


def acts(shop: Shop) -> dict[str, Act]:
    """How each command is called so that it succeeds."""
    rows = import_items.read_file(ITEMS)
    number = int(shop.one("SELECT coalesce(max(id), 0) FROM orders"))
    letter = int(shop.one("SELECT coalesce(max(id), 0) FROM messages WHERE status = 'staff'"))
    stuck = int(shop.one("SELECT coalesce(max(id), 0) FROM messages WHERE status = 'failed'"))

    def ask_balance(ctx: Context) -> None:
        with ctx.store.transaction() as db:
            db.execute("INSERT OR REPLACE INTO settings VALUES ('modem.balance_code', '*888#')")
        balance.ask(ctx)

    return {
        "orders.place": lambda ctx: placing.place(ctx, 1, ANI, {6: 1}),
        "orders.confirm": lambda ctx: deciding.confirm(ctx, number),
        "orders.reject": lambda ctx: deciding.reject(ctx, number, "habis"),
        "orders.cancel": lambda ctx: changing.cancel(ctx, number),
        "orders.amend": lambda ctx: changing.amend(ctx, number, {6: 1}),
        "orders.change": lambda ctx: deciding.change(ctx, number, {6: 1}),
        "orders.expire": lambda ctx: changing.expire(ctx, number),
        "orders.later": lambda ctx: deciding.later(ctx, number),
        "orders.call_off": lambda ctx: deciding.call_off(ctx, number),
        "orders.take_back": lambda ctx: deciding.take_back(ctx, number),
        "orders.place_for": lambda ctx: deciding.place_for(ctx, letter, {6: 1}),
        "messages.reply": lambda ctx: correspondence.reply(ctx, letter, "Baik"),
        "answers.accept": lambda ctx: accepting.accept(ctx, letter),
        "messages.settle": lambda ctx: correspondence.settle(ctx, letter),
        "messages.resend": lambda ctx: correspondence.resend(ctx, stuck),
        "messages.give_up": lambda ctx: correspondence.give_up(ctx, stuck),
        "users.leave": login.leave,
        "users.pin": lambda ctx: login.set_pin(ctx, "4711"),
        "users.enter": lambda ctx: login._enter(ctx, 1, True),
        "users.refuse": lambda ctx: login._wrong(ctx, 1),
        "shop.mark_practice": mark_practice,
        "practice.begin": lessons.begin,
        "sales.collect": lambda ctx: collecting.collect(ctx, number),
        "messages.send": lambda ctx: outbox.send(ctx, ANI, "Halo"),
        "customers.prospect": lambda ctx: people.prospect(ctx, BUDI),
        "customers.register": lambda ctx: people.register(ctx, 1, "Ani", ""),
        "customers.consent": lambda ctx: people.consent(ctx, 1, "yes", "uji"),
        "settings.change": lambda ctx: settings.change(ctx, "language", "en"),
        "settings.reset": lambda ctx: settings.reset(ctx, "language"),
        "imports.items": lambda ctx: import_items.apply(ctx, rows, "uji"),
        "imports.customers": take_customers,
        "imports.sales": take_sales,
        "imports.take_back": take_sales_back,
        "users.add": lambda ctx: setup.add_user(ctx, "ujang", "kuda lumping", role="Staf Konter"),
        **acts_of_the_day(shop),
        "messages.archive": archive_all,
        "upkeep.prune": lambda ctx: retention.prune(ctx, [prunable(shop)]),
        "upkeep.export": lambda ctx: exporting.begin(ctx, shop.folder),
        "messages.forget": forget_all,
        "upkeep.hand_out": lambda ctx: privacy.hand_out(
            ctx, shop.one("SELECT max(id) FROM customers")
        ),
        "upkeep.erase": lambda ctx: privacy.erase(ctx, shop.one("SELECT max(id) FROM customers")),
        "messages.trust_clock": gateway_state.trust_clock,
        "messages.ask_balance": ask_balance,
        "checks.accept": checks_accepting.accept,
        "backups.make": making.make,
        "backups.rehearse": rehearsing.ask,
        "backups.remove_open": lambda ctx: unsealed.remove(ctx, []),
        "backups.remove_erased": lambda ctx: holding.remove(ctx, []),
        "backups.restore": lambda ctx: restoring.begin(ctx, "crm-20261126-103000.db"),
        "backups.restore_archive": lambda ctx: archived.begin(ctx, "crm-archive.db"),
        "backups.seal": lambda ctx: sealing.set_passphrase(ctx, ""),
        "users.found_shop": lambda ctx: setup._found(ctx, "Lain", "lain", "hash"),
        "branches.send": lambda ctx: transfers.send(ctx, 1, [stock.Goods(6, 2)]),
        "branches.check_line": lambda ctx: arrivals.check_line(ctx, 1, 1, 2),
        "branches.receive": lambda ctx: arrivals.receive(ctx, 1),
        "branches.send_back": lambda ctx: arrivals.send_back(ctx, 1, "salah"),
        "branches.ask_points": lambda ctx: grants.ask(ctx, 3, 1, 5),
        "branches.lend_points": lambda ctx: grants.lend(ctx, 3, 1, 5),
        "branches.check_rest": lambda ctx: arrivals.rest_as_sent(ctx, 1),
        "branches.try_again": applying.try_again,
    }


def _branch(shop: Shop, name: str) -> None:
    """A chain in which another branch has sent goods, and has points of a customer."""
    line = {"line": 1, "code": "PQ-R", "name": "x", "unit": "set", "quantity": 3, "price": 1}
    phone, at = "+6281200000009", "2026-11-24T01:00:00.000Z"
    branches.enrol(shop, 2, "Cabang 2")
    shop.set(branch_settings.OFFLINE_POINTS, 5)
    branches.take(
        shop, ("branch", "1", {"branch": 1, "name": "Pusat"}),
        ("transfer", "1/1/1", {"at": at, "actor": "sari", "note": "", "lines": [line]}),
        ("points", "1", {"branch": 1, "phone": phone, "points": 9, "at": at}),
        ("price", "PQ-R", {"code": "PQ-R", "price": 80_000, "at": at}),
    )  # fmt: skip
    if name == "branches.receive":
        arrivals.check_line(shop.ctx, 1, 1, 2)
    if name == "branches.lend_points":
        grants.ask(shop.ctx, 3, 1, 9)


def _day(shop: Shop, name: str) -> None:
    """What the commands of the shop's day are done to."""
    ctx = shop.ctx
    sari = accounts.add(ctx, "sari", "Sari", "Staf Konter", "kelapa muda")
    assert sari == 2
    if name == "users.activate":
        login._enter(ctx.acting(DOOR), sari, True)
    assert roles.add(ctx, "Magang", like=4) == 5
    if name == "items.activate":
        item_cards.remove(ctx, 1)
    ada = cards.add(ctx, cards.Card("Ada", credit_limit=10**9))
    eka = cards.add(ctx, cards.Card("Eka", phone="0812 0000 0009"))
    assert (ada, eka) == (2, 3)
    sold = cart_of([CartLine(6, "PQ-R", "x", "set", 85000, 2)]).sold()
    assert till.sell(ctx, sold, [Paid("account", 170_000)], ada) == 1
    if name == "items.begin_count":
        return
    assert counting.begin_count(ctx) == 1
    counting.count(ctx, 1, 6, 90)
    parked.park(ctx, cart_of([CartLine(6, "PQ-R", "x", "set", 85000, 2)]))
    item_cards.add(ctx, item_cards.Card("ZZ-9", "Zat"))
    if name == "undo":
        item_cards.remove(ctx, 8)


def acts_of_the_day(shop: Shop) -> dict[str, Act]:
    """The same, for what makes up the shop's day."""
    sold = cart_of([CartLine(6, "PQ-R", "x", "set", 85000, 1)]).sold()
    card = item_cards.Card("PQ-R", "Pakai Lagi", "set", 85000)
    person = cards.Card("Ada Lagi", credit_limit=10**9)
    change = [prices.NewPrice(6, "PQ-R", "x", 85000, 90000)]
    delivery = [stock.Goods(6, 2, 50_000)]

    def close(ctx: Context) -> Any:
        now = drawer.current(shop.ctx)
        assert now is not None
        return drawer.close(ctx, now.expected, now)

    def permit(ctx: Context) -> None:
        proof = login.Proof(login.user(shop.ctx, 2), False, None)
        permitting._write(ctx, proof, "sari", "sales.return", 0)

    def hashed(ctx: Context) -> Any:
        return accounts._change(ctx, login.Proof(login.user(shop.ctx, 2), True, None), "hash")

    return {
        "users.add_one": lambda ctx: accounts.add(
            ctx, "dewi", "Dewi", "Staf Konter", "kelapa muda"
        ),
        "users.edit": lambda ctx: accounts.edit(ctx, 2, "sari", "Sari Dewi", "Kepala Bengkel"),
        "users.remove": lambda ctx: accounts.remove(ctx, 2),
        "users.activate": lambda ctx: accounts.activate(ctx, 2),
        "users.unlock": lambda ctx: accounts.unlock(ctx, 2),
        "users.reset_password": lambda ctx: accounts.reset_password(ctx, 2, "kelapa tua"),
        "users.recover": lambda ctx: accounts._recover(ctx, 2, "x"),
        "users.change_password": hashed,
        "users.add_role": lambda ctx: roles.add(ctx, "Kasir"),
        "users.rename_role": lambda ctx: roles.rename(ctx, 5, "Murid"),
        "users.remove_role": lambda ctx: roles.remove(ctx, 5),
        "users.grant": lambda ctx: roles.grant(ctx, 5, "sales.return", True),
        "users.set_ceilings": lambda ctx: roles.set_ceilings(ctx, 5, {"sales.discount": 1000}),
        "users.permit": permit,
        "items.add": lambda ctx: item_cards.add(ctx, item_cards.Card("ZZ-10", "Zat")),
        "items.edit": lambda ctx: item_cards.edit(ctx, 6, card),
        "items.remove": lambda ctx: item_cards.remove(ctx, 6),
        "items.activate": lambda ctx: item_cards.activate(ctx, 1),
        "items.learn_name": lambda ctx: naming.learn(ctx, 6, "laher rodo"),
        "items.refuse_name": lambda ctx: naming.refuse(ctx, 6, "laher rodo"),
        "items.add_words": lambda ctx: lexicon.add(ctx, ["laher", "bearing"]),
        "items.remove_words": lambda ctx: lexicon.remove(
            ctx, lexicon.add(ctx, ["laher", "bearing"])
        ),
        "items.change_words": lambda ctx: lexicon.change(
            ctx, lexicon.add(ctx, ["laher", "bearing"]), ["laher", "klahar"]
        ),
        "items.set_price": lambda ctx: prices.set_price(ctx, 6, 90000),
        "items.set_prices": lambda ctx: prices.set_prices(ctx, change),
        "items.receive": lambda ctx: stock.receive(ctx, delivery, "CV Jaya"),
        "items.give_back": lambda ctx: stock.give_back(ctx, delivery, "CV Jaya", "cacat"),
        "items.correct": lambda ctx: stock.correct(ctx, 7, 90, "hilang", seen=100),
        "items.begin_count": counting.begin_count,
        "items.count": lambda ctx: counting.count(ctx, 1, 7, 99),
        "items.post_count": lambda ctx: counting.post_count(ctx, 1),
        "items.drop_count": lambda ctx: counting.drop_count(ctx, 1),
        "customers.add": lambda ctx: cards.add(ctx, cards.Card("Ida")),
        "customers.edit": lambda ctx: cards.edit(ctx, 2, person),
        "customers.add_phone": lambda ctx: cards.add_phone(ctx, 2, "0812 0000 0010"),
        "customers.remove_phone": lambda ctx: cards.remove_phone(ctx, 3, "+6281200000009"),
        "customers.remove": lambda ctx: cards.remove(ctx, 2),
        "customers.activate": lambda ctx: cards.activate(ctx, 2),
        "customers.merge": lambda ctx: merging.merge(ctx, 2, 3),
        "sales.sell": lambda ctx: till.sell(ctx, sold, [Paid("cash", 85000, 100_000)]),
        "sales.park": lambda ctx: parked.park(ctx, cart_of(LINES)),
        "sales.keep": lambda ctx: unfinished.keep(ctx, 1, cart_of(LINES)),
        "sales.resume": lambda ctx: unfinished.move(ctx, 1, 2),
        "sales.unpark": lambda ctx: parked.unpark(ctx, 1),
        "sales.return": lambda ctx: returns.give_back(ctx, 1, {1: 1}, "rusak"),
        "sales.print_receipt": lambda ctx: reprints.take(ctx, 1, "printer"),
        "sales.print_slip": lambda ctx: slips.take(
            ctx, receivables.repay(ctx, 2, 50_000, "cash"), "printer"
        ),
        "sales.void": lambda ctx: returns.void(ctx, 1, "salah"),
        "sales.repay": lambda ctx: receivables.repay(ctx, 2, 50_000, "cash"),
        "sales.move_cash": lambda ctx: drawer.move(ctx, 5000, "receh"),
        "sales.close_drawer": close,
        "loyalty.save_tier": lambda ctx: tiers.save(ctx, tiers.Tier("Juara", 1, top=100)),
        "loyalty.remove_tier": lambda ctx: tiers.remove(ctx, 1),
        "loyalty.give_points": lambda ctx: points.give(ctx, 2, 5, "hadiah"),
        "loyalty.redeem_points": lambda ctx: points.redeem(ctx, 2, 5, "payung"),
        "loyalty.freeze": lambda ctx: rewards.freeze(ctx, "2026"),
        "loyalty.give_reward": lambda ctx: rewards.give(ctx, 1, 1),
        "promos.save": lambda ctx: campaigns.save(ctx, DRAFT),
        "promos.remove": lambda ctx: campaigns.remove(ctx, 1),
        "promos.start": lambda ctx: campaigns.start(ctx, 1),
        "promos.pause": lambda ctx: campaigns.pause(ctx, 2),
        "promos.resume": lambda ctx: campaigns.resume(ctx, 3),
        "promos.cancel": lambda ctx: campaigns.cancel(ctx, 2),
        "upkeep.forget_steps": lambda ctx: retention.forget_steps(ctx, []),
        "replication.enrol": lambda ctx: enrolling.enrol(ctx, enrolment(1)),
        "replication.leave": enrolling.leave,
        "replication.begin_epoch": lambda ctx: forking.begin_epoch(ctx, {}, {}, 0),
        "undo": lambda ctx: undo.undo(ctx, shop.one("SELECT max(id) FROM undo_steps")),
    }


def _suggested(shop: Shop) -> None:
    """What waits for the staff was read, and its answer is ready."""
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE messages SET wishes = '[{\"kind\": \"help\"}]' WHERE status = 'staff'")
        db.execute(
            "INSERT OR REPLACE INTO readings SELECT id, at, 1.0, '[]', '[]', 0, 'Halo', NULL, NULL,"
            " NULL, '{}' FROM messages WHERE status = 'staff'"
        )


def _rewards(shop: Shop) -> None:
    """A tier that everybody has, its list frozen, and a promo in each of three states."""
    tiers.save(shop.ctx, tiers.Tier("Semua", 9, top=10_000))
    tiers.keep_up(shop.ctx)
    rewards.freeze(shop.ctx, "2025")
    for number in (1, 2, 3):
        assert campaigns.save(shop.ctx, DRAFT) == number
        if number > 1:
            campaigns.start(shop.ctx, number)
            promo_sending.build(shop.ctx, number)
    campaigns.pause(shop.ctx, 3)


DRAFT = campaigns.Draft("Baru", "text", "Halo {name}", promo_audience.Audience())
LINES = [CartLine(6, "PQ-R", "x", "set", 85000, 1)]


def session(shop: Shop, permissions: set[str]) -> Context:
    """A user's open session with just these permissions."""
    with shop.ctx.store.transaction() as db:
        role = db.execute("INSERT INTO roles (name) VALUES ('Uji') RETURNING id").fetchone()[0]
        for permission in permissions:
            db.execute("INSERT INTO role_permissions VALUES (?, ?)", (role, permission))
    user = setup.add_hashed(shop.ctx, "uji", "x", "Uji", "uji")
    return Context(shop.ctx.store, shop.clock, Actor("user", "uji", user))


def test_every_command_is_tried(shop: Shop) -> None:
    """No command escapes the tests below, and each asks for a permission that there is."""
    known = {name for name in COMMANDS if not name.startswith("test.")}
    assert set(acts(shop)) == known, "say in acts() how a new command is given"
    assert set(COMMANDS.values()) <= {*PERMISSIONS, access.OWN, access.ENTER}


_DATA = re.compile(
    r"sms|pcs|uji|buku|salah|rusak|cacat|hilang|hadiah|payung|receh|laher|bearing|klahar|rodo|items?\.csv"
    r"|sari|bos|lain|dewi|ujang|localhost|crm\S*|exports?\S*|sales-2020\.xlsx|/\S*|[a-z]*[0-9]\S*|id|en|tmp/\S*|dev/shm/\S*"
)
"""What the tests, and the rows of their shop, bring along as data."""


def untold(row: Mapping[str, Any]) -> list[str]:
    """The words of a row of the audit that are told as the program has them."""

    def tr(text: str, /, **params: object) -> str:
        return f"⟦{translate(text, 'id', **params)}⟧"

    told = [audit_telling.done(row["command"], tr), audit_telling.subject(row["subject"], tr)]
    told += [audit_telling.changes(row[side], tr) for side in ("before", "after")]
    told += chain.from_iterable(audit_telling.pairs(row["before"], row["after"], tr))
    rest = re.sub(r"⟦[^⟧]*⟧", " ", " ".join(told))
    words = re.findall(r"(?<![\w.{])[a-z][\w./-]*", rest)
    return [word for word in words if not _DATA.fullmatch(word)]


def test_roles_are_told_in_the_readers_words() -> None:
    """The audit names the roles of a new shop as the screens do, and others as the shop calls them."""

    def tr(text: str, /, **params: object) -> str:
        return translate(text, "id", **params)

    assert audit_telling.changes('{"role": "Branch Manager"}', tr).endswith(": Kepala Cabang")
    assert audit_telling.subject("role Branch Manager", tr).endswith(" Kepala Cabang")
    assert audit_telling.subject("role Gudang", tr).endswith(" Gudang")


def test_shares_are_told_in_percent() -> None:
    """The audit tells ceilings, permits, tiers and promos in percent, and rupiah as they are."""

    def told(**held: object) -> str:
        return audit_telling.changes(json.dumps(held), lambda text, /, **params: text)

    discount = PERMISSIONS["sales.discount"]
    assert told(**{"sales.discount": 500}) == f"{discount}: 5%"
    assert told(**{"sales.return": 500_000}) == f"{PERMISSIONS['sales.return']}: 500.000"
    assert "10%" in told(permits="sari", permission="sales.discount", amount=1000)
    assert "1.000" in told(permits="sari", permission="sales.return", amount=1000)
    tier = told(name="Emas", top=2000, discount=250, multiplier=150, spent=1_000_000)
    for share in ("20%", "2,5%", "150%", "1.000.000"):
        assert share in tier
    assert told(discount=250).endswith(": 250")


GATE = {"settings.change", "settings.reset", "undo", "shop.mark_practice"}
"""What the gate does for all rooms is called after what it changes."""


def test_a_command_is_named_after_its_room() -> None:
    """A command's name in the audit says in which room the command stands."""
    folders = {each.parent.name for each in Path(shop_rooms.__file__).parent.glob("*/__init__.py")}
    assert {name for module in ROOMS for name in module.__name__.split(".")[2:3]} == folders
    named: dict[str, set[str]] = {}
    for module in ROOMS:
        tree = ast.parse(inspect.getsource(module))
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "command":
                assert isinstance(call.args[0], ast.Constant)
                named.setdefault(module.__name__.split(".")[2], set()).add(str(call.args[0].value))
    assert named.pop("gate") == GATE
    wrong = {each for room, names in named.items() for each in names if each.split(".")[0] != room}
    assert not wrong, "call it ROOM.something"
    # The practice shop and the chain, which are no rooms of the shop's, have some of their own.
    others = {"practice.begin", *(name for name in COMMANDS if name.startswith("replication."))}
    assert set.union(GATE, others, *named.values()) == {
        name for name in COMMANDS if not name.startswith("test.")
    }


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_permission_audit_and_changes(ordered: Shop, name: str) -> None:
    """Without the permission nothing happens; with it there is an audit row and a change row."""
    shop = ordered
    _day(shop, name)
    if name == "answers.accept":
        _suggested(shop)
    if name == "orders.expire":
        shop.clock.wait(25 * 3600)
    if COMMANDS[name] in ("rewards.edit", "promos.send") or name == "loyalty.give_reward":
        _rewards(shop)
    if name == "orders.take_back":
        deciding.confirm(shop.ctx, 1, hold=5)
        with shop.ctx.store.transaction() as db:
            # One takes back one's own.
            db.execute("UPDATE order_steps SET actor = 'uji'")
    if name == "users.found_shop":
        with shop.ctx.store.transaction() as db:
            db.execute("DELETE FROM role_permissions")
            db.execute("DELETE FROM users")
            db.execute("DELETE FROM roles")
    if name == "backups.rehearse":
        making.run(shop.ctx, "daily")
    if name in ("upkeep.hand_out", "upkeep.erase"):
        cards.add(shop.ctx, cards.Card("Ani"))
    if name.startswith("branches."):
        _branch(shop, name)
    if name in ("replication.leave", "replication.begin_epoch"):
        enrolling.enrol(shop.ctx, enrolment(1))
    act = acts(shop)[name]
    permission = COMMANDS[name]
    ctx = session(shop, set(PERMISSIONS) - {permission})
    allowed = ctx.acting(DOOR) if permission == access.ENTER else ctx
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE users SET active = ? WHERE login = 'uji'", (permission != access.OWN,))
    before = shop.rows("SELECT * FROM audit"), shop.one("SELECT max(seq) FROM changes")
    with pytest.raises(NotAllowed):
        act(ctx)
    assert (shop.rows("SELECT * FROM audit"), shop.one("SELECT max(seq) FROM changes")) == before
    with shop.ctx.store.transaction() as db:
        role = db.execute("SELECT role_id FROM users WHERE login = 'uji'").fetchone()[0]
        db.execute("INSERT INTO role_permissions VALUES (?, ?)", (role, permission))
        db.execute("UPDATE users SET active = 1 WHERE login = 'uji'")
    act(allowed)
    rows = shop.rows("SELECT * FROM audit WHERE command = ?", name)
    assert rows[-1]["actor"] == allowed.actor.name
    assert rows[-1]["user_id"] == allowed.actor.user_id
    assert rows[-1]["subject"]
    for row in shop.rows("SELECT * FROM audit"):
        assert untold(row) == [], row
    if name not in ("users.found_shop", "imports.items"):
        assert shop.one("SELECT max(seq) FROM changes") > before[1]
    ledgers_add_up(shop.ctx)


def test_demoted_in_the_middle(shop: Shop) -> None:
    """A session that is still open loses a permission the moment its role does."""
    number = _order(shop)
    ctx = session(shop, {"orders.confirm"})
    deciding.change(ctx, number, {6: 1})
    with shop.ctx.store.transaction() as db:
        db.execute("DELETE FROM role_permissions WHERE role_id = (SELECT max(id) FROM roles)")
    with pytest.raises(NotAllowed):
        deciding.confirm(ctx, number)
    with shop.ctx.store.transaction() as db:
        db.execute("INSERT INTO role_permissions SELECT max(id), 'orders.confirm' FROM roles")
        db.execute("UPDATE users SET active = 0 WHERE login = 'uji'")
    with pytest.raises(NotAllowed):
        deciding.confirm(ctx, number)


def test_journal_is_the_workers(shop: Shop) -> None:
    """What only the worker may write, nobody else writes."""
    with pytest.raises(NotAllowed):
        gateway_state.write(shop.ctx, "x", "y", "ready")


def test_no_audit_no_commit(shop: Shop) -> None:
    """A command that leaves no audit row fails and changes nothing."""

    @command("test.silent", "reports.view")
    def silent(ctx: Context) -> None:
        ctx.db.execute("UPDATE items SET price = 1")

    with pytest.raises(AssertionError):
        silent(shop.ctx)
    del COMMANDS["test.silent"]
    assert shop.one("SELECT max(price) FROM items") > 1


def test_ledgers_only_grow(shop: Shop) -> None:
    """Ledgers cannot be rewritten, not even by SQL."""
    collecting.collect(shop.ctx, _order(shop))
    for table in (
        "audit",
        "stock_moves",
        "changes",
        "price_changes",
        "sales",
        "sale_lines",
        "payments",
    ):
        column = shop.one(f"SELECT name FROM pragma_table_info('{table}') LIMIT 1")
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
            with pytest.raises(sqlite.IntegrityError, match="only added to"):
                shop.ctx.db.execute(statement)


def test_the_gateway_may_not_do_everything(shop: Shop) -> None:
    """The worker has its own few permissions."""
    with pytest.raises(NotAllowed):
        settings.change(shop.ctx.acting(GATEWAY), "language", "en")


def test_shipped_roles() -> None:
    """Shipped roles hold permissions that there are; the Administrator holds all."""
    for permissions in SHIPPED_ROLES.values():
        assert permissions <= set(PERMISSIONS)
    assert SHIPPED_ROLES["Administrator"] == set(PERMISSIONS)


NEVER_GRANTED = {
    "orders.collect", "orders.confirm", "orders.place", "messages.handle", "messages.send",
    "items.edit", "stock.correct",
}  # fmt: skip
"""The permissions that shops have had from the first day, and that no migration speaks of."""


def test_a_new_permission_reaches_older_shops() -> None:
    """Each permission that came later is given by a migration to roles that exist: a new shop has it
    from `SHIPPED_ROLES`, an older one from nowhere else."""
    told = "".join(path.read_text() for path in Path(schema.__file__).parent.glob("v*.py"))
    named = {each for each in PERMISSIONS if f'"{each}"' in told or f"'{each}'" in told}
    assert set(PERMISSIONS) - named == NEVER_GRANTED, (
        "let a migration give it to the roles that SHIPPED_ROLES gives it to (see _GRANTED of"
        " crm_tui/schema/v025_branches.py)"
    )
