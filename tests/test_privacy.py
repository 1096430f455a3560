"""Privacy: old texts go for good, one customer's data is handed out or erased; nothing else moves."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crm_tui import archive
from crm_tui.cli import main
from crm_tui.shop.customers import cards, merging, people
from crm_tui.shop.customers.lists import CUSTOMERS
from crm_tui.shop.gate import listing, undo
from crm_tui.shop.gate.access import PERMISSIONS
from crm_tui.shop.gate.errors import NotAllowed
from crm_tui.shop.gate.listing import View
from crm_tui.shop.messages import archiving, forgetting, view
from crm_tui.shop.messages.lists import INBOX, OUTBOX
from crm_tui.shop.messages.settings import ARCHIVE_MONTHS, KEEP_MONTHS
from crm_tui.shop.orders.lists import ORDERS
from crm_tui.shop.overview import customer as overview
from crm_tui.shop.reports import registry
from crm_tui.shop.reports.period import Period
from crm_tui.shop.upkeep import keeping, personal
from crm_tui.shop.upkeep.personal import CustomerStillOpen
from tests.shop import ANI, BUDI, Shop, ledgers_add_up
from tests.test_commands import session
from tests.test_rewards import sell

MONTH = 31 * 86400


def texts(shop: Shop) -> str:
    """All that the store and the archive hold, as one text, but for the audit, which is not changed."""
    tables = [
        row["name"] for row in shop.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
    ]
    held: list[Any] = [shop.rows(f"SELECT * FROM {each}") for each in tables if each != "audit"]
    for each in ("texts", "pdus", "segments"):
        if archive.beside(shop.ctx.store.path).exists():
            held.append(list(archive.rows(shop.ctx.store.path, each)))
    return repr(held)


def looked_at(shop: Shop) -> None:
    """Whatever shows messages, orders and customers goes on."""
    for report in registry.REPORTS.values():
        list(report.rows(shop.ctx, Period()))
    for listed in (INBOX, OUTBOX, ORDERS, CUSTOMERS):
        for part in listed.parts:
            listing.page(shop.ctx, listed, View("newest", part, ""))
    for row in shop.rows("SELECT id FROM messages"):
        view.look(shop.ctx, row["id"])
    for row in shop.rows("SELECT id FROM customers"):
        overview.look(shop.ctx, row["id"])
    ledgers_add_up(shop.ctx)


@pytest.mark.parametrize("months", [0, 24])
def test_old_texts_go_for_good(shop: Shop, months: int) -> None:
    """Texts and PDUs older than the setting go, whether or not they were archived; younger ones, what
    waits for people, and all that the reports count stay. Without the setting nothing goes."""
    shop.set(ARCHIVE_MONTHS, months)
    shop.ask(ANI, "HARGA PQ-R dong rahasia")
    shop.ask(ANI, "PESAN PQ-R 2")
    shop.ask(BUDI, "Pak apa kabar rahasia")
    shop.clock.wait(30 * MONTH)
    shop.ask(BUDI, "STOK PQ-R")
    counted = [
        list(registry.REPORTS[each].rows(shop.ctx, Period())) for each in ("times", "orders")
    ]
    archiving.run(shop.ctx)
    assert forgetting.run(shop.ctx) == 0
    assert "dong rahasia" in texts(shop)
    shop.set(KEEP_MONTHS, 12)
    assert archiving.run(shop.ctx) + 1
    assert forgetting.run(shop.ctx) > 0
    held = texts(shop)
    assert "dong rahasia" not in held
    assert "kabar rahasia" in held
    assert "STOK PQ-R" in held
    assert [row["id"] for row in shop.rows("SELECT id FROM orders")] == [1]
    assert counted == [
        list(registry.REPORTS[each].rows(shop.ctx, Period())) for each in ("times", "orders")
    ]
    assert shop.rows("SELECT * FROM audit WHERE command = 'messages.forget'")
    assert forgetting.run(shop.ctx) == 0
    looked_at(shop)


def test_upkeep_forgets(shop: Shop) -> None:
    """It happens by itself once a day, as the worker."""
    shop.set(KEEP_MONTHS, 1)
    shop.ask(ANI, "HARGA PQ-R")
    shop.clock.wait(3 * MONTH)
    assert keeping.tend(shop.ctx)
    assert "HARGA PQ-R" not in texts(shop)


def _settled(shop: Shop) -> int:
    """Ani, who wrote, bought and wanted to be told; her key. Budi wrote, too."""
    shop.ask(ANI, "DAFTAR Ani Wijaya, Jalan Melati 9")
    shop.ask(ANI, "PESAN PQ-R 2")
    shop.ask(ANI, "ada kampas rem utk mobil terbang?")
    shop.ask(BUDI, "DAFTAR Budi Santoso")
    shop.ask(BUDI, "PESAN PQ-S 1")
    found = people.by_phone(shop.ctx, ANI)
    assert found is not None
    sell(shop, "GH-4", found.id)
    return found.id


def test_all_is_handed_out(shop: Shop) -> None:
    """What is handed out has everything of the customer, from the archive too, and nothing of another;
    it is audited."""
    ani = _settled(shop)
    shop.clock.wait(30 * MONTH)
    archiving.run(shop.ctx)
    found = personal.hand_out(shop.ctx, ani)
    told = json.dumps(found)
    for each in ("Ani Wijaya", "Jalan Melati 9", ANI, "mobil terbang", "PESAN PQ-R 2"):
        assert each in told
    for each in ("Budi", BUDI, "PQ-S"):
        assert each not in told
    assert {"customers", "phones", "messages", "orders", "order_lines", "sales", "sale_lines", "audit",
            "consents", "segments", "pdus"} - set(found) <= {"consents", "segments"}  # fmt: skip
    assert shop.rows("SELECT * FROM audit WHERE command = 'upkeep.hand_out'")
    with pytest.raises(NotAllowed):
        personal.hand_out(session(shop, set(PERMISSIONS) - {"customers.erase"}), ani)


def test_a_customer_is_erased(shop: Shop) -> None:
    """Of who the customer is, and of what was written, nothing stays but in the audit of before; the
    books add up, another customer's data is untouched, and the number is a stranger's again."""
    ani = _settled(shop)
    with pytest.raises(CustomerStillOpen):
        personal.erase(shop.ctx, ani)
    shop.clock.wait(30 * MONTH)
    archiving.run(shop.ctx)
    shop.run(5)
    budi = personal.hand_out(shop.ctx, ani + 1)
    audits = shop.rows("SELECT * FROM audit")
    personal.erase(shop.ctx, ani)
    held = texts(shop)
    for each in ("Ani Wijaya", "Melati", ANI, ANI[1:], "terbang", "PESAN PQ-R"):
        assert each not in held, each
    assert shop.rows("SELECT * FROM audit")[: len(audits)] == audits
    assert shop.rows("SELECT sum(total) AS total FROM sales WHERE customer_id = ?", ani)[0]["total"]
    now = personal.hand_out(shop.ctx, ani + 1)
    assert [now[each] for each in ("customers", "phones")] == [
        budi[each] for each in ("customers", "phones")
    ]
    looked_at(shop)
    assert shop.ask(ANI, "HARGA PQ-R")
    again = people.by_phone(shop.ctx, ANI)
    assert again is not None
    assert (again.id == ani, again.kind, again.name) == (False, "prospect", "")


def test_nothing_brings_them_back(shop: Shop) -> None:
    """One who was merged, or put away, a moment ago is erased with what could undo that."""
    first = cards.add(shop.ctx, cards.Card("Ani Satu", "Jalan Satu", phone=ANI))
    second = cards.add(shop.ctx, cards.Card("Ani Dua", "Jalan Dua", phone=BUDI))
    merging.merge(shop.ctx, first, second)
    personal.erase(shop.ctx, second)
    assert undo.last(shop.ctx) is None
    held = texts(shop)
    for each in ("Jalan Satu", "Jalan Dua", ANI, BUDI):
        assert each not in held
    assert not shop.rows("SELECT * FROM customers WHERE name <> ''")


def test_on_the_command_line(shop: Shop, tmp_path: Path) -> None:
    """Both are there on the command line, asked about before anything goes, and never in the place of
    the store."""
    cards.add(shop.ctx, cards.Card("Ani Wijaya", phone=ANI))

    def say(*words: str, answer: str = "") -> tuple[int, str]:
        ended = CliRunner().invoke(
            main, ["--data", str(shop.folder), "--lang", "en", "customer", *words], input=answer
        )
        return ended.exit_code, ended.output

    file = tmp_path / "ani.json"
    assert say("hand-out", "0811-1111-1111", "-o", str(file))[0] != 0
    assert say("hand-out", ANI, "-o", str(file))[0] == 0
    assert json.loads(file.read_text())["customers"][0]["name"] == "Ani Wijaya"
    assert say("hand-out", ANI, "-o", str(shop.ctx.store.path))[0] != 0
    assert "Nothing was changed" in say("erase", ANI, answer="n\n")[1]
    assert people.by_phone(shop.ctx, ANI) is not None
    assert say("erase", ANI, "--yes")[0] == 0
    assert people.by_phone(shop.ctx, ANI) is None
