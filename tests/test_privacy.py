"""Privacy: old texts go for good, one customer's data is handed out or erased; nothing else moves."""

import itertools
import json
import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crm_tui import archive, sqlite
from crm_tui.cli.commands import main
from crm_tui.errors import stored
from crm_tui.gsm import pdu as pdus
from crm_tui.screens.widgets.dialog import Ask, Decide
from crm_tui.shop.backups import archived, erasures, places
from crm_tui.shop.checks import ledger_chain
from crm_tui.shop.customers import cards, merging, people
from crm_tui.shop.customers.lists import CUSTOMERS
from crm_tui.shop.gate import listing, undo
from crm_tui.shop.gate.access import PERMISSIONS
from crm_tui.shop.gate.context import GATEWAY
from crm_tui.shop.gate.errors import NotAllowed
from crm_tui.shop.gate.listing import View
from crm_tui.shop.items import catalogue, counting, stock
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.loyalty import points
from crm_tui.shop.loyalty.settings import POINT_RUPIAH
from crm_tui.shop.messages import (
    archiving,
    correspondence,
    inbox,
    outbox,
    text_retention,
    view,
)
from crm_tui.shop.messages.lists import INBOX, OUTBOX
from crm_tui.shop.messages.settings import ARCHIVE_MONTHS, KEEP_MONTHS
from crm_tui.shop.orders import deciding
from crm_tui.shop.orders.lists import ORDERS
from crm_tui.shop.overview import customer as overview
from crm_tui.shop.promos import audience, campaigns
from crm_tui.shop.reports import registry
from crm_tui.shop.reports.period import Period
from crm_tui.shop.sales import drawer, parked, returns
from crm_tui.shop.upkeep import leavings, privacy, schedule
from crm_tui.shop.upkeep.privacy import CustomerStillOpen
from tests.counter import counter, staff
from tests.day import line
from tests.shop import ANI, BUDI, CITRA, Shop, cart_of, ledgers_add_up
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
    assert text_retention.run(shop.ctx) == 0
    assert "dong rahasia" in texts(shop)
    shop.set(KEEP_MONTHS, 12)
    assert archiving.run(shop.ctx) + 1
    assert text_retention.run(shop.ctx) > 0
    held = texts(shop)
    assert "dong rahasia" not in held
    assert "kabar rahasia" in held
    assert "STOK PQ-R" in held
    assert [row["id"] for row in shop.rows("SELECT id FROM orders")] == [1]
    assert counted == [
        list(registry.REPORTS[each].rows(shop.ctx, Period())) for each in ("times", "orders")
    ]
    assert shop.rows("SELECT * FROM audit WHERE command = 'messages.forget'")
    assert text_retention.run(shop.ctx) == 0
    looked_at(shop)


@pytest.mark.parametrize("months", [0, 6])
@pytest.mark.parametrize("how", ["settled", "answered", "given up", "while it goes on"])
def test_what_waited_goes_once_it_is_settled(shop: Shop, months: int, how: str) -> None:
    """What waited for somebody while younger texts were archived and forgotten goes with all that was
    read of it as soon as it waits no more, whatever became of it."""
    shop.set(ARCHIVE_MONTHS, months)
    shop.set(KEEP_MONTHS, 12)
    if how == "given up":
        outbox.send(shop.ctx, BUDI, "Pak apa kabar rahasia")
        with shop.ctx.store.transaction() as db:
            db.execute("UPDATE messages SET status = 'held', not_before = NULL")
            db.execute("UPDATE segments SET status = 'queued'")
    else:
        shop.ask(BUDI, "Pak apa kabar rahasia")
    waits = shop.one("SELECT id FROM messages WHERE text LIKE '%rahasia%'")
    shop.ask(ANI, "HARGA PQ-R")
    shop.clock.wait(15 * MONTH)
    shop.ask(ANI, "HARGA PQ-R")
    archiving.run(shop.ctx)
    assert text_retention.run(shop.ctx) > 0
    assert "kabar rahasia" in texts(shop)
    if how == "answered":
        correspondence.reply(shop.ctx, waits, "baik")
    elif how == "given up":
        correspondence.give_up(shop.ctx, waits)
    else:
        correspondence.settle(shop.ctx, waits)
    if how == "while it goes on":
        # It is archived first, by a setting that keeps texts, and forgotten by a later one.
        shop.set(ARCHIVE_MONTHS, 6)
        shop.set(KEEP_MONTHS, 0)
        assert archiving.run(shop.ctx) >= 1
        assert text_retention.run(shop.ctx) == 0
        assert "kabar rahasia" in texts(shop)
        shop.set(KEEP_MONTHS, 12)
    archiving.run(shop.ctx)
    assert text_retention.run(shop.ctx) > 0
    assert "rahasia" not in texts(shop)
    [row] = shop.rows("SELECT text, wishes, archived FROM messages WHERE id = ?", waits)
    assert (row["text"], row["archived"]) == ("", 1)
    assert row["wishes"] == "[]"
    assert not shop.rows("SELECT 1 FROM pdus WHERE message_id = ? AND pdu <> ''", waits)
    assert not shop.rows("SELECT 1 FROM segments WHERE message_id = ?", waits)
    assert (archiving.run(shop.ctx), text_retention.run(shop.ctx)) == (0, 0)


def test_words_of_old_texts_go_wherever_they_were_put_down(shop: Shop) -> None:
    """What was asked for in vain, and what the staff wrote, go with their SMS: no ledger and no audit
    keeps a word of them, nor does the file in the room that they left."""
    shop.ask(ANI, "ada kampas zebra rahasia ?")
    outbox.send(shop.ctx, ANI, "jawab rahasia")
    shop.says(ANI, "tolong bilang bos barang rahasia kemarin rusak")
    shop.run(20)
    correspondence.reply(shop.ctx, shop.one("SELECT max(id) FROM messages"), "maaf rahasia")
    shop.run(20)
    assert shop.one("SELECT count(*) FROM lost_sales WHERE asked LIKE '%rahasia%'") == 1
    shop.set(KEEP_MONTHS, 12)
    shop.clock.wait(30 * MONTH)
    archiving.run(shop.ctx)
    assert text_retention.run(shop.ctx) > 0
    assert "rahasia" not in texts(shop) + str(shop.rows("SELECT * FROM audit"))
    assert ledger_chain.verify(shop.ctx.db.conn).first is None
    looked_at(shop)
    assert _in_files(shop, b"rahasia") == []


def _in_files(shop: Shop, word: bytes) -> list[str]:
    """The files of store and archive that hold a word anywhere, once the logs are in their place."""
    shop.ctx.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return [each.name for each in shop.folder.glob("*.db*") if word in each.read_bytes()]


def test_upkeep_forgets(shop: Shop) -> None:
    """It happens by itself once a day, as the worker."""
    shop.set(KEEP_MONTHS, 1)
    shop.ask(ANI, "HARGA PQ-R")
    shop.clock.wait(3 * MONTH)
    assert schedule.tend(shop.ctx)
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
    found = privacy.hand_out(shop.ctx, ani)
    told = json.dumps(found)
    for each in ("Ani Wijaya", "Jalan Melati 9", ANI, "mobil terbang", "PESAN PQ-R 2"):
        assert each in told
    for each in ("Budi", BUDI, "PQ-S"):
        assert each not in told
    assert {"customers", "phones", "messages", "orders", "order_lines", "sales", "sale_lines", "audit",
            "consents", "segments", "pdus"} - set(found) <= {"consents", "segments"}  # fmt: skip
    # What goods cost the shop is of no customer.
    assert not any("cost" in row for row in found["sale_lines"])
    assert shop.rows("SELECT * FROM audit WHERE command = 'upkeep.hand_out'")
    with pytest.raises(NotAllowed):
        privacy.hand_out(session(shop, set(PERMISSIONS) - {"customers.erase"}), ani)


def test_what_names_the_customer_roundabout_is_handed_out(shop: Shop) -> None:
    """Points that came with no sale, and what is known of the numbers from other branches, belong to
    what is kept of a customer; those of another one do not."""
    ani, budi = _settled(shop), people.by_phone(shop.ctx, BUDI)
    assert budi is not None
    points.give(shop.ctx, ani, 50, "hadiah ulang tahun")
    points.redeem(shop.ctx, ani, 5, "payung")
    points.give(shop.ctx, budi.id, 7, "hadiah Budi")
    with shop.ctx.store.transaction() as db:
        for phone in (ANI, BUDI):
            db.execute("INSERT INTO points_elsewhere VALUES (2, ?, 30, ?)", (phone, shop.ctx.at))
    found = privacy.hand_out(shop.ctx, ani)
    assert {each["note"] for each in found["point_moves"]} >= {"hadiah ulang tahun", "payung"}
    assert [each["phone"] for each in found["points_elsewhere"]] == [ANI]
    assert "Budi" not in json.dumps(found)


def test_a_customer_is_erased(shop: Shop) -> None:
    """Of who the customer is, and of what was written, nothing stays but in the audit of before; the
    books add up, another customer's data is untouched, and the number is a stranger's again."""
    ani = _settled(shop)
    with pytest.raises(CustomerStillOpen):
        privacy.erase(shop.ctx, ani)
    shop.clock.wait(30 * MONTH)
    archiving.run(shop.ctx)
    shop.run(5)
    budi = privacy.hand_out(shop.ctx, ani + 1)
    audits = shop.rows("SELECT * FROM audit")
    privacy.erase(shop.ctx, ani)
    held = texts(shop)
    for each in ("Ani Wijaya", "Melati", ANI, ANI[1:], "terbang", "PESAN PQ-R"):
        assert each not in held, each
    assert shop.rows("SELECT * FROM audit")[: len(audits)] == audits
    assert shop.rows("SELECT sum(total) AS total FROM sales WHERE customer_id = ?", ani)[0]["total"]
    now = privacy.hand_out(shop.ctx, ani + 1)
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
    privacy.erase(shop.ctx, second)
    assert undo.last(shop.ctx) is None
    held = texts(shop)
    for each in ("Jalan Satu", "Jalan Dua", ANI, BUDI):
        assert each not in held
    assert not shop.rows("SELECT * FROM customers WHERE name <> ''")


def _said_everywhere(shop: Shop) -> int:
    """Ani, of whom something is written wherever somebody can write; her key."""
    shop.set(ARCHIVE_MONTHS, 24)
    ani = _settled(shop)
    ctx, about = shop.ctx, f"buat Ani  wijaya, {SPOKEN}"
    shop.run(20)
    shop.set(POINT_RUPIAH, 1000)
    people.consent(ctx, ani, "yes", f"katanya {about}")
    points.give(ctx, ani, 50, about)
    points.redeem(ctx, ani, 5, about)
    sale = sell(shop, "GH-4", ani)
    back = returns.give_back(ctx, sale, {1: 1}, about)
    assert back
    returns.void(ctx, sell(shop, "GH-4", None), about)
    drawer.move(ctx, -1000, about)
    item = catalogue.by_code(ctx, "GH-4")
    stock.receive(ctx, [Goods(item.id, 2, 1000)], about, about)
    stock.correct(ctx, item.id, 1, about, seen=catalogue.by_code(ctx, "GH-4").on_hand)
    counting.begin_count(ctx, "", about)
    shop.ask(ANI, "PESAN PQ-S 1")
    deciding.reject(ctx, shop.one("SELECT max(id) FROM orders"), about)
    other = people.by_phone(ctx, BUDI)
    assert other is not None
    cards.edit(ctx, other.id, cards.Card("Budi", "", f"ipar {about}"))
    campaigns.save(ctx, campaigns.Draft(about, "text", f"Halo {about}", audience.Audience()))
    outbox.send(ctx, ANI, f"Halo {about}", hold=5.0)
    shop.run(20)
    two = cards.add(ctx, cards.Card("Ani Wijaya", "Jalan Melati 9", phone=CITRA))
    merging.merge(ctx, ani, two)
    gone = cards.add(ctx, cards.Card("Dewi Lama", phone="+6281100000009"))
    cards.remove(ctx, gone)
    shop.clock.wait(30 * MONTH)
    archiving.run(ctx)
    shop.ask(ANI, "HARGA PQ-R")
    shop.ask(ANI, "PESAN PQ-R 1")
    shop.ask(ANI, "BATAL")
    shop.ask(ANI, f"saya {about}")
    shop.run(20)
    people.consent(ctx, ani, "yes", about)
    closed = drawer.current(ctx)
    assert closed is not None
    drawer.close(ctx, {"cash": 0}, closed, note=about)
    parked.park(ctx, cart_of([line(item, 1)]), None, about)
    shop.ask(ANI, "PQ-Q kabari kalau ada")
    _heard_of_others(shop, about)
    return ani


def _heard_of_others(shop: Shop, about: str) -> None:
    """What a branch knows from the head office of Ani and of Budi, taken or laid aside."""
    aside = (
        ("points", f"3/{ANI}", {"branch": 3, "phone": ANI, "points": 4}),
        ("standing", "7", {"phones": [ANI], "tier": "Emas"}),
        ("standing", "8", {"phones": [BUDI, ANI], "tier": "Emas"}),
        ("consent", f"3/1/4/{ANI}", {"stop": "3/1/4", "phones": [ANI]}),
        ("grant_request", "3/1/9", {"phone": ANI, "points": 5}),
        ("transfer", "3/1/2", {"note": about, "lines": []}),
    )
    with shop.ctx.store.transaction() as db:
        for number, (kind, key, body) in enumerate(aside):
            db.execute("INSERT INTO downs_aside VALUES ('x', ?, ?, ?, ?, '', '', ?)",
                       (number, kind, key, json.dumps(body), stored("{who}?", who=ANI)))  # fmt: skip
        for table, rest in (
            ("points_elsewhere", "3, ?, 5, ''"),
            ("standings_elsewhere", "?, '', 0, ''"),
            ("stops", "3, 1, 4, ?, '', 1"),
        ):
            db.execute(f"INSERT INTO {table} VALUES ({rest})", (ANI,))
        db.execute("INSERT INTO transfer_ends VALUES (1, 1, '', '', ?, '')", (about,))
        db.execute("INSERT INTO transfers_lost VALUES (1, 1, '', ?)", (about,))
        db.execute("INSERT INTO transfers (at, actor, to_branch, lines, note, document_id)"
                   " VALUES ('', '', 3, 0, ?, 1)", (about,))  # fmt: skip
        db.execute("INSERT INTO transfer_receipts (at, actor, from_branch, from_epoch, from_id, lines,"
                   " note, document_id) VALUES ('', '', 3, 1, 1, 0, ?, 1)", (about,))  # fmt: skip
        db.execute("INSERT INTO arrivals (from_branch, from_epoch, from_id, sent_at, told_at, actor,"
                   " note) VALUES (3, 1, 1, '', '', '', ?)", (about,))  # fmt: skip


SPOKEN = "0811-0000 0001"
ABOUT = ("Ani", "wijaya", "Melati", "6281100000001", "081100000001", SPOKEN, "6281100000003",
         "261801000000f1", "261801000000f3")  # fmt: skip
"""Words of hers, her numbers as people, the store and PDUs write them."""


def _columns_about(shop: Shop, words: tuple[str, ...]) -> set[str]:
    """The columns of store and archive that hold any of the words."""
    found = set()
    path = archive.beside(shop.ctx.store.path)
    with closing(sqlite.connect(path if path.exists() else ":memory:")) as file:
        for where, db in (("", shop.ctx.db.conn), ("archive:", file)):
            tables = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            for (table,) in map(tuple, tables):
                for row in db.execute(f"SELECT * FROM {table}").fetchall():
                    for column, value in dict(
                        zip(_names(db, table), tuple(row), strict=True)
                    ).items():
                        if column == "password_hash":
                            # Chance writes three letters of a name as well.
                            continue
                        text = value.hex() if isinstance(value, bytes) else str(value)
                        if any(each.lower() in text.lower() for each in words):
                            found.add(f"{where}{table}.{column}")
    return found


def _names(db: Any, table: str) -> list[str]:
    return [row[1] for row in db.execute(f"PRAGMA table_info({table})").fetchall()]


def test_nothing_anywhere_tells_of_the_erased(shop: Shop) -> None:
    """Whatever column of store and archive held name, number or address of a customer, after erasing
    only the audit does; the ledgers add up, and the chain over them holds."""
    ani = _said_everywhere(shop)
    held = _columns_about(shop, ABOUT)
    assert held >= {
        "sales.reason", "payments.note", "stock_moves.note", "stock_documents.note", "counts.note",
        "stock_documents.partner", "point_moves.note", "consents.basis", "customers.consent_basis",
        "orders.reason", "orders.phone", "customers.notes", "drawers.note", "promos.name",
        "promos.text", "undo_steps.label", "undo_steps.data", "pdus.pdu", "messages.text",
        "messages.phone", "audit.after", "archive:texts.text", "archive:texts.phone",
        "archive:pdus.pdu", "parked_sales.label", "downs_aside.key", "downs_aside.body",
        "downs_aside.why", "points_elsewhere.phone", "standings_elsewhere.phone", "stops.phone",
        "transfer_ends.note", "transfers_lost.note", "arrivals.note", "transfers.note",
        "transfer_receipts.note",
    }  # fmt: skip
    counting.drop_count(shop.ctx, shop.one("SELECT max(id) FROM counts"))
    privacy.erase(shop.ctx, ani)
    assert _columns_about(shop, ABOUT) == {"audit.before", "audit.after"}
    left = {row["kind"]: json.loads(row["body"]) for row in shop.rows("SELECT * FROM downs_aside")}
    assert left.keys() == {"standing", "grant_request", "transfer"}
    assert left["standing"]["phones"] == [BUDI]
    assert left["grant_request"]["phone"] == ""
    verdict = ledger_chain.verify(shop.ctx.db.conn)
    assert verdict.first is None
    # Words of an SMS, and one as it came over the line: the audit never had them.
    for word in (b"terbang", b"261801000000f1", b"261801000000F1"):
        assert _in_files(shop, word) == []
    looked_at(shop)


def test_however_it_is_written(shop: Shop) -> None:
    """A number that people have noted goes however they wrote it, with what stands before it; a longer
    one, and one with another digit, stay."""
    ani = cards.add(shop.ctx, cards.Card("Ani Wijaya", phone=ANI))
    first, rest = ANI[3:6], ANI[6:]
    wide = "０" + "".join(chr(0xFEE0 + ord(each)) for each in ANI[3:])
    written = (
        f"0062{ANI[3:]}", f"0{first}–{rest}", f"+62 (0){first}-{rest}", f"0{first}_{rest}", wide,
        f"0{first}\u2011{rest}", f"wa.me/62{ANI[3:]}", f"0{first}, {rest}", f"{first} {rest}",
    )  # fmt: skip
    for each in written:
        drawer.move(shop.ctx, 1000, f"dari {each}; lunas")
    others = [f"dari 0{ANI[3:]}9; lunas", f"dari 0{ANI[3:-1]}7; lunas"]
    for each in others:
        drawer.move(shop.ctx, 1000, each)
    privacy.erase(shop.ctx, ani)
    left = [row["note"] for row in shop.rows("SELECT note FROM payments ORDER BY id")]
    assert left[-2:] == others
    assert {each.replace("wa.me/", "") for each in left[:-2]} == {"dari …; lunas"}


def test_what_stood_on_the_card_once_goes_too(shop: Shop) -> None:
    """What a customer was called before, and a number that was taken away from the card, are not noted
    any more; what is another one's by now stays."""
    ani = cards.add(shop.ctx, cards.Card("Ratna Kusuma", phone=ANI))
    for number in (CITRA, "+6281100000009"):
        cards.add_phone(shop.ctx, ani, number)
        cards.remove_phone(shop.ctx, ani, number)
    cards.edit(shop.ctx, ani, cards.Card("Budi Santoso"))
    cards.edit(shop.ctx, ani, cards.Card("Ratna Dewi"))
    cards.add(shop.ctx, cards.Card("Budi Santoso", phone="+6281100000009"))
    drawer.move(shop.ctx, 1000, "ratna  kusuma 0811-0000-0003, Budi Santoso 081100000009")
    shop.run(20)
    privacy.erase(shop.ctx, ani)
    assert shop.one("SELECT note FROM payments") == "… …, Budi Santoso 081100000009"


def test_a_late_report_names_nobody(shop: Shop) -> None:
    """The network's word on the last SMS to somebody, which comes when they are erased, does not bring
    the number back; it is known if it comes once more, and one to somebody who is known is kept."""
    shop.ask(ANI, "HARGA PQ-R")
    shop.ask(BUDI, "HARGA PQ-R")
    ani = people.by_phone(shop.ctx, ANI)
    assert ani is not None
    privacy.erase(shop.ctx, ani.id)
    at = shop.clock.now()
    late = [pdus.report(each, 77, at, at) for each in (ANI, BUDI)]
    worker = shop.ctx.acting(GATEWAY)
    assert inbox.take_in(worker, late) == 2
    assert inbox.take_in(worker, late) == 0
    held = _columns_about(shop, ("6281100000001", "261801000000f1"))
    assert held <= {"audit.before", "audit.after"}
    assert "pdus.pdu" in _columns_about(shop, ("261801000000f2",))


def test_no_file_of_the_shop_tells_of_the_erased(shop: Shop) -> None:
    """Right after erasing no file in the shop's folder, log and exports among them, holds a word or
    number of the customer, but for rows of the audit; whoever erased hears of files from before. A
    file that was handed out of somebody else stays."""
    ani = _said_everywhere(shop)
    ctx = shop.ctx
    shop.ask(ANI, "apakah ada tarumbu?")
    privacy.hand_out_file(ctx, ani)
    (shop.folder / "exports" / f"customer-{ani + 1}-20261124-080000.json").write_text("{}")
    counting.drop_count(ctx, shop.one("SELECT max(id) FROM counts"))
    privacy.erase(ctx, ani)
    named = {name.encode(): [path for path in shop.folder.rglob("*") if path.is_file()
             and name.lower().encode() in path.read_bytes().lower()]
             for name in (*ABOUT[2:], "terbang", "tarumbu")}  # fmt: skip
    assert set(itertools.chain(*named.values())) <= {ctx.store.path}
    assert named[b"terbang"] == named[b"tarumbu"] == named[b"261801000000f1"] == []
    assert _columns_about(shop, ABOUT) == {"audit.before", "audit.after"}
    assert [path.name.split("-")[1] for path in (shop.folder / "exports").iterdir()] == [
        str(ani + 1)
    ]
    assert leavings.left(ctx) == leavings.Left(backups=0, exports=1, aside=0)
    assert len(leavings.told(lambda text, /, **_: text, leavings.left(ctx))) == 1


def test_what_cannot_go_at_once_goes_with_the_upkeep(shop: Shop) -> None:
    """Somebody who reads the store keeps its log, a folder that cannot be written the list beside the
    backups: the erasing stands, and the next upkeep does the rest."""
    ani = cards.add(shop.ctx, cards.Card("Ani Wijaya", "Jalan Tarumbu", phone=ANI))
    places.own(shop.ctx).write_text("a file")
    other = shop.console()
    with other.store.reading() as db:
        db.execute("SELECT count(*) FROM customers").fetchone()
        privacy.erase(shop.ctx, ani)
        held = shop.ctx.store.path.with_name("crm.db-wal").read_bytes()
        assert b"Tarumbu" in held
    places.own(shop.ctx).unlink()
    assert schedule.tend(shop.ctx)
    assert b"Tarumbu" not in shop.ctx.store.path.with_name("crm.db-wal").read_bytes()
    assert erasures.of_folder(places.own(shop.ctx), places.shop_id(shop.ctx)) == {ani}


def test_no_log_of_the_archive_keeps_what_was_forgotten(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the archive's log could not be brought to its place, because somebody was reading or the
    program was killed, the next upkeep does it, though there is nothing to forget any more."""
    shop.set(KEEP_MONTHS, 24)
    shop.ask(ANI, "ada tarumbu?")
    shop.clock.wait(30 * MONTH)
    archiving.run(shop.ctx)
    path = archive.beside(shop.ctx.store.path)
    monkeypatch.setattr(archive, "_BUSY_SECONDS", 0.01)
    with closing(
        sqlite.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
    ) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM texts").fetchone()
        assert text_retention.run(shop.ctx) > 0
        assert b"tarumbu" in path.read_bytes()
    assert b"tarumbu" in path.read_bytes()
    assert schedule.tend(shop.ctx)
    assert _in_files(shop, b"tarumbu") == []


def test_an_older_archive_brings_nobody_back(shop: Shop, tmp_path: Path) -> None:
    """A copy of the archive from before an erasure, brought back, shows none of the customer's SMS, and
    holds none; another customer's are there."""
    shop.set(ARCHIVE_MONTHS, 1)
    for phone, text in ((ANI, "ada tarumbu?"), (BUDI, "ada singkali?")):
        shop.ask(phone, text)
    shop.clock.wait(3 * MONTH)
    archiving.run(shop.ctx)
    copied = tmp_path / "crm-archive.db"
    archive.write_copy(shop.ctx.store.path, copied)
    ani = people.by_phone(shop.ctx, ANI)
    assert ani is not None
    privacy.erase(shop.ctx, ani.id)
    archived.bring_back(shop.ctx, copied)
    assert "singkali" in repr(list(archive.rows(shop.ctx.store.path, "texts")))
    kept = archive.beside(shop.ctx.store.path).read_bytes()
    for word in (b"tarumbu", ANI.encode(), b"261801000000F1", b"261801000000f1"):
        assert word not in kept
    said = f"SELECT {archive.TEXT} AS text FROM messages"
    assert "tarumbu" not in repr(shop.rows(said))


_WORDY = {
    "note", "notes", "label", "reason", "name", "text", "phone", "address", "file", "why", "asked",
    "partner", "basis", "body", "data", "key", "said",
}  # fmt: skip
_OF_NO_PERSON = {
    # What the program, the network or the shop calls things, and who works there.
    "settings.key", "_sqlite_migrations.name", "sqlite_sequence.name", "counters.name", "roles.name",
    "users.name", "items.name", "stock_moves.reason", "order_lines.name", "sale_lines.name",
    "transfer_lines.name", "arrival_lines.name", "tiers.name",
    "reward_periods.name", "refused_names.name", "branch_names.name", "chain.name", "ship.key",
    "links.key", "backup_places.file", "backup_rehearsals.file", "messages.reason", "balances.reason",
    "lost_sales.why", "promo_people.why",
    # Looked at in tests of their own: there the customer has points, a place in a list, a promo.
    "imports.file", "lost_sales.asked", "reward_entries.name", "reward_entries.phone",
    "promo_people.phone", "waiting_list.phone", "grant_requests.phone", "grants.phone",
    "point_arrivals.phone",
}  # fmt: skip


def test_each_place_for_words_is_looked_at(shop: Shop) -> None:
    """Each column that can hold somebody's name, number or words holds those of the customer who is
    erased in the test above, or it is said here why not: a new one is thought of."""
    _said_everywhere(shop)
    held = _columns_about(shop, ABOUT)
    tables = [
        row["name"] for row in shop.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
    ]
    wordy = {
        f"{table}.{name}"
        for table in tables for name in _names(shop.ctx.db.conn, table) if name in _WORDY
    }  # fmt: skip
    assert not wordy - held - _OF_NO_PERSON, (
        "erase it (upkeep/privacy.py), or say whose words they are"
    )
    assert wordy >= _OF_NO_PERSON


def test_steps_that_are_past_hold_nothing(shop: Shop) -> None:
    """A customer who was deleted, and the labels of what was done, are gone with the next upkeep after
    the time for undoing; a step that can still be taken back is there."""
    gone = cards.add(shop.ctx, cards.Card("Dewi Lama", phone=ANI))
    cards.remove(shop.ctx, gone)
    assert schedule.tend(shop.ctx)
    step = undo.last(shop.ctx)
    assert step is not None
    assert undo.undo(shop.ctx, step.id) == "Dewi Lama"
    cards.remove(shop.ctx, gone)
    shop.clock.wait(MONTH)
    assert schedule.tend(shop.ctx)
    assert _columns_about(shop, ("Dewi", ANI[1:])) == {"audit.after"}
    assert undo.last(shop.ctx) is None


def test_on_the_command_line(shop: Shop, tmp_path: Path) -> None:
    """Both are there on the command line, asked about before anything goes, and never in the place of
    the store; what is handed out is its owner's alone, and no terminal obeys it."""
    cards.add(shop.ctx, cards.Card("Ani Wijaya", "Jalan \x9b2J", phone=ANI))

    def say(*words: str, answer: str = "") -> tuple[int, str]:
        ended = CliRunner().invoke(
            main, ["--data", str(shop.folder), "--lang", "en", "customer", *words], input=answer
        )
        return ended.exit_code, ended.output

    file = tmp_path / "ani.json"
    file.write_text("an older one")
    file.chmod(0o644)
    assert say("hand-out", "0811-1111-1111", "-o", str(file))[0] != 0
    assert say("hand-out", ANI, "-o", str(file))[0] == 0
    assert json.loads(file.read_text())["customers"][0]["name"] == "Ani Wijaya"
    assert file.read_text().isascii()
    assert os.name == "nt" or file.stat().st_mode & 0o077 == 0
    assert say("hand-out", ANI, "-o", str(shop.ctx.store.path))[0] != 0
    for answer in ("n\n", "", "ok\n"):
        code, told = say("erase", ANI, answer=answer)
        assert (code, "Nothing was changed" in told) == (1, True)
    assert people.by_phone(shop.ctx, ANI) is not None
    assert say("erase", ANI, answer="ya\n")[0] == 0
    assert people.by_phone(shop.ctx, ANI) is None


@pytest.mark.soak
@pytest.mark.asyncio
async def test_on_the_page_of_customers(shop: Shop) -> None:
    """Whoever may hands out a file that nobody else reads, or erases after a question with a key of its
    own; what is open keeps it from being done. Who may not needs somebody who may, and Enter, a scan
    and a doubled key erase nothing."""
    cards.add(shop.ctx, cards.Card("Ani Wijaya", "Jalan Melati 9", phone=ANI))
    async with counter(shop, staff(shop)) as here:
        await here.press("7")
        await here.until(lambda: "Melati" in here.text, here.text)
        await here.press("y")
        await here.until(lambda: isinstance(here.app.screen, Decide), here.text)
        assert "27/2022" in here.text
        await here.press("enter", "y", "f")
        await here.until(lambda: "customer-" in here.notice, here.text)
        (file,) = (shop.folder / "exports").iterdir()
        assert file.stat().st_mode & 0o077 == 0
        assert json.loads(file.read_text("utf-8"))["customers"][0]["name"] == "Ani Wijaya"
        await here.press("y", "delete")
        await here.until(lambda: isinstance(here.app.screen, Ask), here.text)
        await here.press("delete", "enter", "escape")
        assert people.by_phone(shop.ctx, ANI) is not None
        shop.ask(ANI, "PESAN PQ-R 1")
        await here.press("y", "delete", "y")
        await here.until(lambda: "Pesanan" in here.notice or "pesanan" in here.notice, here.text)
        assert people.by_phone(shop.ctx, ANI) is not None
        deciding.reject(shop.ctx, 1, "habis")
        shop.run(20)
        await here.press("y", "delete", "y")
        await here.until(lambda: people.by_phone(shop.ctx, ANI) is None, here.text)
        await here.until(lambda: "Melati" not in here.text, here.text)
        assert "Ani Wijaya" in here.notice
        here.app.desk.granted -= {"customers.erase"}
        await here.press("y")
        await here.until(lambda: "Administrator" in here.text, here.text)
    assert shop.one("SELECT count(*) FROM audit WHERE command = 'upkeep.erase'") == 1
