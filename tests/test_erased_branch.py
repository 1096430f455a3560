"""A customer who is erased at a branch is erased at the head office, in the books, too; and nothing
that was emptied looks like another history."""

import dataclasses
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from crm_tui import shipped
from crm_tui.office.database import Office
from crm_tui.shop.branches import grants, transfers
from crm_tui.shop.customers import cards as customers
from crm_tui.shop.customers import people
from crm_tui.shop.gate import undo
from crm_tui.shop.items import cards
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.loyalty import points
from crm_tui.shop.sales import drawer
from crm_tui.shop.upkeep import privacy, redaction
from tests import postgres
from tests.shop import Shop
from tests.test_branch_postgres import Branch, enrol
from tests.test_rewards import person, sell

ANI = "+6281211112222"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return postgres.office(tmp_path)


@pytest.fixture
def branch(shop: Shop, office: Office) -> Branch:
    return enrol(shop, office)


def everything(office: Office) -> str:
    """All that the office holds, but for the audit, as one text."""
    with office.connected() as own:
        names = own.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'crm'::regnamespace"
            " AND relkind IN ('r', 'p') AND NOT relispartition"
            " AND relname NOT IN ('audit', 'certificates')"
        ).fetchall()
        return repr(
            # As text: what counts without a day has one that Python does not know.
            [
                own.execute(f"SELECT t::text FROM crm.{name} AS t".encode()).fetchall()
                for (name,) in names
            ]
        )


def test_what_is_emptied_is_free() -> None:
    """Each column of a ledger that erasing may empty is declared so."""
    for place in {*redaction.OWN, *redaction.SHOPS, "grants.phone", "grant_requests.phone",
                  "point_arrivals.phone"}:  # fmt: skip
        table, column = place.split(".")
        if table in shipped.LEDGER and column in shipped.LEDGER[table].names:
            assert column in shipped.LEDGER[table].free, place


def test_older_versions_go_with_what_is_emptied() -> None:
    """Of each column that erasing may empty, and of which the office keeps what stood there before, it
    is declared which rows lose that."""
    for place in {*redaction.OWN, *redaction.SHOPS, "customers.name"}:
        table, column = place.split(".")
        known = shipped.VERSIONED.get(table)
        if known is not None and known.history and column in known.names:
            assert f"{{0}}.{column}" in known.erased, place


def test_the_erased_are_erased_at_the_office(branch: Branch, office: Office) -> None:
    """Names, numbers and notes go from the office's books as they go from the branch's, the last row
    of a ledger and what stood in another one's address included, and the branch goes on sending as
    before."""
    shop = branch.shop
    ani = person(shop, ANI, "Ani Wijaya")
    sell(shop, "PQ-R", ani)
    near = customers.Card("Budi", address="samping rumah Ani Wijaya", phone="+6281299998888")
    customers.add(shop.ctx, near)
    # The last rows of their ledgers: one in the notes of something else, one not sent yet.
    drawer.move(shop.ctx, -5_000, "ongkos Ani Wijaya 0812-1111-2222")
    branch.round()
    branch.agrees()
    assert "Ani Wijaya" in everything(office)
    drawer.move(shop.ctx, -6_000, "lagi untuk Ani Wijaya")
    privacy.erase(shop.ctx, ani)
    branch.round()
    branch.agrees()
    held = everything(office)
    for each in ("Ani Wijaya", "0812-1111", ANI):
        assert each not in held, each
    sell(shop, "PQ-R", None)
    assert branch.round() > 0
    branch.agrees()
    assert branch.round() == 0


def another(folder: Path, office: Office, name: str) -> Branch:
    """A branch beside the first."""
    shop = Shop(folder / name)
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE identity SET shop = ?", (name,))
    return enrol(shop, office, name)


@pytest.mark.soak
def test_nothing_on_its_way_names_the_erased(
    branch: Branch, office: Office, tmp_path: Path
) -> None:
    """What the office told of the number of somebody who was erased goes with it: what is for the
    branch that erased, and all of it when no branch knows the number any more. Where it is still
    known, a STOP still counts."""
    two = another(tmp_path, office, "Dua")
    three = another(tmp_path, office, "Tiga")
    other, third = two.shop, three.shop
    try:
        here, there = person(branch.shop, ANI, "Ani"), person(other, ANI, "Ani")
        points.give(branch.shop.ctx, here, 30, "")
        people.consent(branch.shop.ctx, here, "stopped", "telepon")
        for each in (branch, two, branch, two):
            each.round()
        transfers.send(branch.shop.ctx, two.number, [Goods(6, 1)], f"titipan {ANI}")
        grants.ask(other.ctx, there, branch.number, 20)
        for each in (two, branch, branch, two, two):
            each.round()
        assert points.balance(other.ctx, there) == 20
        privacy.erase(branch.shop.ctx, here)
        branch.round()
        branch.agrees()
        notes = two.books.ask("SELECT note FROM crm.transfers UNION ALL SELECT body ->> 'note'"
                              " FROM crm.downs_of WHERE kind = 'transfer'")  # fmt: skip
        assert notes == [("titipan …",), ("titipan …",)]
        assert two.books.ask("SELECT count(*) FROM crm.downs_of WHERE branch = %s AND body::text"
                             " LIKE %s", branch.number, f"%{ANI}%") == [(0,)]  # fmt: skip
        assert people.by_id(other.ctx, there).consent == "stopped"
        late = person(third, ANI, "Ani")
        three.round()
        three.round()
        assert people.by_id(third.ctx, late).consent == "stopped"
        for shop, who in ((other, there), (third, late)):
            privacy.erase(shop.ctx, who)
        for each in (two, three):
            each.round()
        assert ANI not in everything(office)
    finally:
        third.close()
        other.close()


def test_a_book_is_not_rewritten_so(branch: Branch) -> None:
    """By the same way a branch can only empty free texts of rows that are its own and otherwise the
    same: no other text, none that is longer, no number, no row of another one."""
    drawer.move(branch.shop.ctx, -5_000, "ongkos Ani W.")
    branch.round()
    payments = shipped.LEDGER["payments"]
    [row] = [
        each
        for each in branch.books.ledger("payments", branch.number)
        if each["note"] == "ongkos Ani W."
    ]
    told: dict[str, Any] = {**row, "at": row["at"].isoformat()}
    wire = branch.wire()

    def blot(**changed: Any) -> str:
        wire._open().execute("SELECT crm.blot('payments', %s)", (Jsonb({**told, **changed}),))
        [now] = [
            each
            for each in branch.books.ledger("payments", branch.number)
            if each["id"] == row["id"]
        ]
        assert {**now, "note": ""} == {**row, "note": ""}
        return str(now["note"])

    try:
        assert blot(note="yang lain") == "ongkos Ani W."
        assert blot(note="ongkos … yang panjang") == "ongkos Ani W."
        assert blot(note="", amount=1) == "ongkos Ani W."
        assert blot(note="", id=row["id"] + 1) == "ongkos Ani W."
        assert blot(note="ongkos …") == "ongkos …"
        assert blot(note="") == ""
        wire._open().execute("SELECT crm.blot('sale_lines', '{}'), crm.blot('branches', '{}')")
        wire._open().execute("SET crm.blotting = 'on'")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            wire._open().execute("UPDATE crm.payments SET note = 'x'")
    finally:
        wire.close()
    assert payments.free == ("note",)


def test_prices_that_come_back_before_they_went(branch: Branch) -> None:
    """An item that was made, deleted and brought back between two rounds has its prices once."""
    branch.round()
    shop = branch.shop
    card = cards.Card("BARU-1", "Barang baru", "pcs", 5_000)
    item = cards.add(shop.ctx, card)
    cards.remove(shop.ctx, item)
    step = undo.last(shop.ctx)
    assert step is not None
    undo.undo(shop.ctx, step.id)
    branch.round()
    cards.edit(shop.ctx, item, dataclasses.replace(card, price=7_000))
    branch.round()
    changes = [each["after"] for each in branch.books.ledger("price_changes", branch.number)
               if each["item_id"] == item]  # fmt: skip
    assert sorted(changes) == [each["after"] for each in shop.rows(
        "SELECT after FROM price_changes WHERE item_id = ? ORDER BY after", item)]  # fmt: skip
