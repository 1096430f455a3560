"""The waiting list: who asked is told by SMS when goods come in; once, in turn, at decent hours."""

from datetime import timedelta
from pathlib import Path

import pytest

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Kind, Reading
from crm_tui.shop.answers import accepting, waiting_list
from crm_tui.shop.answers.settings import (
    DAILY_LIMIT,
    FREE_TEXT,
    KEPT_SHARE,
    TURN_HOURS,
    WAITING_DAYS,
)
from crm_tui.shop.customers import cards as cards_of_people
from crm_tui.shop.customers import people
from crm_tui.shop.customers.lists import LOST
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.gate.listing import View
from crm_tui.shop.items import cards, stock
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.messages import outbox
from crm_tui.shop.messages.outbox import KINDS, Doubt
from crm_tui.shop.sales import returns
from crm_tui.simulator import registry
from tests.shop import ANI, BUDI, CITRA, Shop, ledgers_add_up
from tests.test_crash import Fuse, Killed, MortalLine, MortalStore
from tests.test_rewards import sell

INDEX = ItemIndex(
    [
        Entry(1, "KRD-C7", "Kardus C7HSA", "pcs", "KARDUS", (), 20_000, 0),
        Entry(2, "GRT-12", "Gerita 12mm Karsa", "pcs", "GERITA", (), 8_000, 100),
        Entry(3, "GRT-14", "Gerita 14mm Karsa", "pcs", "GERITA", (), 9_000, 0),
    ]
)
OUT = Conversation(quoted=(INDEX.entry(1),))
ARRIVED = "sudah ada"


def free(text: str, talk: Conversation = OUT) -> Reading:
    return read(text, INDEX, talk, free=True)


# ── what is read ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "kabari kalau ada", "tolong kabarin kalo udah masuk", "kabari", "ya kabari ya",
        "iya kabarin pak",
        "kalo udah ada kasih tau ya bos", "men la ado kabari mang",
        "nanti kabari ya kalau sudah datang",
        "kalau barangnya sudah masuk tolong dikabari", "KABARI", "boleh, kabarin aja", "ya", "iya mau",
        "kasih kabar kalo ready lagi min", "begitu ada stok kabari ya, makasih", "oke kabari bila ada",
    ],
)  # fmt: skip
def test_after_it_was_out(text: str) -> None:
    """Once the shop has said that something is out, a customer can ask to be told, in many words."""
    wishes = free(text).wishes
    assert [(wish.kind, wish.notify) for wish in wishes] == [(Kind.STOCK, True)]
    assert [line.entry.code for line in wishes[0].lines] == ["KRD-C7"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("KABARI KRD-C7", ["KRD-C7"]), ("kabari krdc7, GRT-14", ["KRD-C7", "GRT-14"]),
        ("kalo kardus c7 udah ada tolong kabari", ["KRD-C7"]),
        ("tolong kabarin kalau gerita 14 sudah masuk", ["GRT-14"]),
        ("kardus c7 ada? kalo ada kabari ya", ["KRD-C7"]),
    ],
)  # fmt: skip
def test_with_its_name(text: str, codes: list[str]) -> None:
    """What is to be told of may be named, without a word before."""
    wishes = free(text, Conversation()).wishes
    assert [(wish.kind, wish.notify) for wish in wishes] == [(Kind.STOCK, True)]
    assert [line.entry.code for line in wishes[0].lines] == codes


def test_without_free_text() -> None:
    """KABARI with a code is a strict form; alone it is none."""
    assert read("KABARI KRD-C7", INDEX, Conversation()).wishes[0].notify
    assert read("KABARI", INDEX, Conversation()).outcome is Kind.HUMAN


@pytest.mark.parametrize(
    "text",
    [
        "kabari kalau ada", "jangan kabari kardus c7", "ga usah dikabari",
        "kabari mang Ujang pesanannya",
        "kemarin katanya mau dikabari kalo ada", "kabari kalau sudah dikirim", "ya",
        "kabari saya di 0812",
        "kalau ada kabar pak RT hubungi", "kalau ada kirim kardus c7 2 nanti kabari",
    ],
)  # fmt: skip
def test_not_without_knowing_what(text: str) -> None:
    """With nothing that is out before it, denied, or about something else it is no such wish."""
    assert not any(wish.notify for wish in free(text, Conversation()).wishes)


@pytest.mark.parametrize("text", ["ok", "oke makasih", "siap", "ya makasih", "udah"])
def test_well_then(text: str) -> None:
    """Who only takes note that it is out is not written down."""
    assert free(text).outcome is Kind.HUMAN


def test_never_beside_a_question() -> None:
    """A yes is the answer to the shop's question, if it asked one."""
    asked = Conversation(asked=True, quoted=OUT.quoted)
    assert free("ya", asked).outcome is Kind.CONFIRM
    assert free("ya, kabari kalau ada lagi", asked).outcome is Kind.HUMAN


# ── in the shop ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def empty(shop: Shop) -> Shop:
    """A shop with a spark plug of which none is left, and one that is there."""
    cards.add(shop.ctx, cards.Card("BS-1", "Busi Iridium", "pcs", 98_000))
    key = cards.add(shop.ctx, cards.Card("KR-D", "Kampas Rem Depan", "pcs", 85_000))
    stock.receive(shop.ctx, [stock.Goods(key, 10)])
    return shop


def passes(shop: Shop, hours: int) -> None:
    """Let hours pass, of each of which the worker serves the last minute."""
    for _ in range(hours):
        shop.clock.wait(3540)
        shop.run(60)


def comes(shop: Shop, quantity: int, code: str = "BS-1") -> None:
    key = shop.one("SELECT id FROM items WHERE code = ?", code)
    stock.receive(shop.ctx, [stock.Goods(key, quantity)])


def waits(shop: Shop, phone: str, code: str = "BS-1") -> str:
    return shop.ask(phone, f"KABARI {code}")


def told(shop: Shop) -> list[str]:
    """Who was told that it is there, in order."""
    return [sent.to for sent in shop.modem.sent if ARRIVED in sent.text]


def test_asked_and_told(empty: Shop) -> None:
    """Who asks is told that it will be done; when goods come they are told it once, with the price."""
    assert "KABARI BS-1" in empty.ask(ANI, "busi iridium ada?")
    assert "BS-1" in empty.ask(ANI, "kabari kalau ada")
    assert (
        empty.one("SELECT read_as FROM messages WHERE direction = 'in' ORDER BY id DESC") == "stock"
    )
    empty.run(3600)
    assert told(empty) == []
    comes(empty, 5)
    empty.run(30)
    assert told(empty) == [ANI]
    text = empty.modem.sent[-1].text
    assert "BS-1" in text
    assert "98.000" in text
    assert empty.one("SELECT kind FROM messages ORDER BY id DESC") == "waiting_list"
    passes(empty, 3 * 24)
    comes(empty, 5)
    empty.run(60)
    assert told(empty) == [ANI]
    ledgers_add_up(empty.ctx)


def test_the_kind_of_message() -> None:
    """It goes behind answers and before promos, for a day, and never again in doubt."""
    kind = KINDS["waiting_list"]
    assert (kind.priority, kind.expires, kind.doubt) == (3, timedelta(hours=24), Doubt.LEAVE)


def test_what_is_there_is_told_at_once(empty: Shop) -> None:
    """Who asks to be told of what is there is told the price; nobody waits."""
    assert "85.000" in waits(empty, ANI, "KR-D")
    assert empty.one("SELECT count(*) FROM waiting_list") == 0


def test_no_more_people_than_pieces(empty: Shop) -> None:
    """The oldest come first, as many as there are pieces; the next when their turn is over."""
    for phone in (ANI, BUDI, CITRA):
        waits(empty, phone)
    empty.run(700)
    comes(empty, 2)
    empty.run(3600)
    assert told(empty) == [ANI, BUDI]
    passes(empty, TURN_HOURS.default)
    assert told(empty) == [ANI, BUDI, CITRA]


def test_a_crowd_costs_no_more_than_answers(empty: Shop) -> None:
    """Numbers that never bought are told of goods within their share of the day's SMS, the others when
    the next day comes; whoever bought is told all the same."""
    for phone in (BUDI, CITRA, "+6281100000004"):
        waits(empty, phone)
    sell(empty, "PQ-R", cards_of_people.add(empty.ctx, cards_of_people.Card("Ani", phone=ANI)))
    waits(empty, ANI)
    empty.run(700)
    empty.set(KEPT_SHARE, 50)
    used = empty.one("SELECT max(value) FROM counters WHERE name LIKE 'answers %never%'")
    empty.set(DAILY_LIMIT, 2 * (used + 1))
    comes(empty, 9)
    empty.run(300)
    assert told(empty) == [BUDI, ANI]
    empty.clock.wait(24 * 3600)
    empty.run(300)
    assert sorted(told(empty)[2:]) == [CITRA, "+6281100000004"]


def test_what_was_ordered_is_not_told_of(empty: Shop) -> None:
    """A piece that one of them has ordered is nobody else's; more that come are the next one's."""
    waits(empty, ANI)
    waits(empty, BUDI)
    empty.run(700)
    comes(empty, 1)
    empty.run(60)
    empty.ask(ANI, "PESAN BS-1 1")
    empty.run(3600)
    assert told(empty) == [ANI]
    comes(empty, 1)
    empty.run(1800)
    assert told(empty) == [ANI, BUDI]


def test_short_of_what_was_wanted(empty: Shop) -> None:
    """Who wanted more than there was is told when there is enough; others before that."""
    comes(empty, 2)
    assert "sisa 2" in empty.ask(ANI, "pesan busi iridium 5")
    empty.ask(ANI, "kabari kalau ada")
    empty.run(3600)
    assert told(empty) == []
    comes(empty, 3)
    empty.run(1800)
    assert told(empty) == [ANI]


@pytest.mark.soak
def test_not_at_night(empty: Shop) -> None:
    """What comes in at night is told in the morning, and so is what waits in the outbox by then."""
    waits(empty, ANI)
    empty.clock.wait(13 * 3600)
    comes(empty, 1)
    passes(empty, 9)
    assert told(empty) == []
    passes(empty, 3)
    assert told(empty) == [ANI]
    waits(empty, BUDI, "KOS-0")
    empty.clock.wait(10 * 3600 + 1800)
    comes(empty, 1, "KOS-0")
    empty.modem.faults.registered = False
    passes(empty, 2)
    empty.modem.faults.registered = True
    empty.run(3600)
    assert told(empty) == [ANI]
    passes(empty, 12)
    assert told(empty) == [ANI, BUDI]


def test_it_ends(empty: Shop) -> None:
    """After the days of the setting nobody is told any more."""
    empty.set(WAITING_DAYS, 2)
    waits(empty, ANI)
    empty.clock.wait(49 * 3600)
    comes(empty, 1)
    empty.run(7200)
    assert told(empty) == []
    assert empty.one("SELECT count(*) FROM waiting_list WHERE ended_at IS NULL") == 0


def test_asked_twice_is_told_once(empty: Shop) -> None:
    """Who asks again waits on from their first time, for as long as from the last one."""
    waits(empty, ANI)
    waits(empty, BUDI)
    waits(empty, ANI)
    empty.run(700)
    comes(empty, 1)
    empty.run(60)
    assert told(empty) == [ANI]
    assert empty.one("SELECT count(*) FROM waiting_list") == 2


def test_stop(empty: Shop) -> None:
    """A STOP said after asking ends it, also what is queued; who asks after a STOP is told."""
    waits(empty, ANI)
    empty.ask(BUDI, "STOP")
    waits(empty, BUDI)
    empty.run(700)
    empty.ask(ANI, "STOP")
    comes(empty, 5)
    empty.run(1800)
    assert told(empty) == [BUDI]
    waits(empty, CITRA, "KOS-0")
    empty.run(700)
    empty.modem.faults.registered = False
    comes(empty, 1, "KOS-0")
    empty.run(20)
    people.consent(empty.ctx, empty.one("SELECT max(id) FROM customers"), "stopped", "uji")
    empty.modem.faults.registered = True
    empty.run(1800)
    assert told(empty) == [BUDI]


def test_gone_again(empty: Shop) -> None:
    """What is sold again before the SMS is out is not told of; the customer goes on waiting."""
    waits(empty, ANI)
    empty.run(700)
    empty.modem.faults.registered = False
    comes(empty, 1)
    empty.run(20)
    key = empty.one("SELECT id FROM items WHERE code = 'BS-1'")
    stock.correct(empty.ctx, key, 0, "hilang", seen=1)
    empty.modem.faults.registered = True
    empty.run(3600)
    assert told(empty) == []
    comes(empty, 1)
    empty.run(3600)
    assert told(empty) == [ANI]


@pytest.mark.soak
def test_unsent_waits_on(empty: Shop) -> None:
    """Whose SMS expired because there was no line is told when it is back, if it is there then; nobody
    has to decide about the one that expired."""
    waits(empty, ANI)
    waits(empty, BUDI)
    empty.run(700)
    empty.modem.faults.registered = False
    comes(empty, 2)
    empty.run(20)
    empty.clock.wait(26 * 3600)
    empty.modem.faults.registered = True
    empty.run(1800)
    assert told(empty) == [ANI, BUDI]
    assert (
        empty.one(
            "SELECT count(*) FROM messages WHERE status = 'expired' AND decided_at IS NULL"
            " AND kind = 'waiting_list'"
        )
        == 0
    )
    passes(empty, 30)
    assert told(empty) == [ANI, BUDI]


def test_unsent_and_sold_again(empty: Shop) -> None:
    """If it is gone by the time the line is back, nobody is told before it comes once more."""
    waits(empty, ANI)
    empty.run(700)
    empty.modem.faults.registered = False
    comes(empty, 1)
    empty.run(20)
    empty.clock.wait(26 * 3600)
    key = empty.one("SELECT id FROM items WHERE code = 'BS-1'")
    stock.correct(empty.ctx, key, 0, "hilang", seen=1)
    empty.modem.faults.registered = True
    empty.run(1800)
    assert told(empty) == []
    comes(empty, 1)
    empty.run(3600)
    assert told(empty) == [ANI]


def test_not_in_the_middle_of_a_talk(empty: Shop) -> None:
    """While the shop's question is open nobody is told: their YA belongs to that question."""
    waits(empty, ANI)
    empty.ask(ANI, "kampas rem depan ada 2?")
    if not empty.one("SELECT count(*) FROM questions WHERE open = 1"):
        empty.ask(ANI, "PESAN KR-D 20")
    comes(empty, 1)
    empty.run(3600)
    assert told(empty) == []
    empty.ask(ANI, "YA")
    empty.run(3600)
    assert told(empty) == [ANI]


def test_the_answer_goes_on(empty: Shop) -> None:
    """Who was told can order with a number alone, and is asked about it first."""
    waits(empty, ANI)
    empty.run(700)
    comes(empty, 5)
    empty.run(60)
    assert "BS-1" in empty.ask(ANI, "2")
    assert empty.one("SELECT count(*) FROM orders") == 0
    empty.ask(ANI, "YA")
    assert empty.one("SELECT quantity FROM order_lines") == 2


def test_asked_in_vain_is_noted_once(empty: Shop) -> None:
    """What was asked for in vain is in the log of lost sales, whether asked about first or not; once a
    day."""
    empty.ask(ANI, "STOK BS-1")
    empty.ask(ANI, "kabari kalau ada")
    waits(empty, BUDI)
    rows = "SELECT customer_id FROM lost_sales ORDER BY id"
    assert [row["customer_id"] for row in empty.rows(rows)] == [1, 2]
    empty.clock.wait(25 * 3600)
    waits(empty, BUDI)
    assert [row["customer_id"] for row in empty.rows(rows)] == [1, 2, 2]


def test_asked_in_vain_until_it_is_bought(empty: Shop) -> None:
    """Whoever asked in vain stands in that list until they have bought it; a sale that was voided is no
    purchase."""

    def listed(part: str) -> list[int]:
        rows = listing.page(empty.ctx, LOST, View("newest", part))
        return [int(row.values["customer_id"] or 0) for row in rows]

    empty.ask(ANI, "STOK BS-1")
    [ani] = listed("never")
    assert listed("there") == []
    item = empty.one("SELECT id FROM items WHERE code = 'BS-1'")
    stock.receive(empty.ctx, [Goods(item, 5)], "CV Jaya")
    assert listed("there") == [ani]
    sale = sell(empty, "BS-1", ani)
    assert listed("never") == listed("there") == []
    returns.void(empty.ctx, sale, "salah")
    assert listed("never") == listed("there") == [ani]


def test_no_more_than_so_many(empty: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number waits for so many items at most; more is for the staff."""
    monkeypatch.setattr(waiting_list, "MOST", 1)
    waits(empty, ANI)
    assert waits(empty, ANI, "KOS-0") == ""
    assert waits(empty, ANI) != ""


def test_without_a_waiting_list(empty: Shop) -> None:
    """With 0 days there is no list: nothing is offered, and who asks is left to the staff."""
    empty.set(WAITING_DAYS, 0)
    assert "KABARI" not in empty.ask(ANI, "STOK BS-1")
    assert empty.ask(ANI, "kabari kalau ada") == ""
    assert empty.one("SELECT count(*) FROM waiting_list") == 0


def test_suggested(empty: Shop) -> None:
    """Where free text is only suggested, nobody waits until somebody has accepted it."""
    empty.set(FREE_TEXT, "suggests")
    empty.ask(ANI, "STOK BS-1")
    empty.ask(ANI, "kabari kalau ada")
    assert empty.one("SELECT count(*) FROM waiting_list") == 0
    accepting.accept(empty.ctx, empty.one("SELECT max(message_id) FROM readings"))
    assert empty.one("SELECT count(*) FROM waiting_list") == 1


def test_many_at_a_dead_line(empty: Shop) -> None:
    """While SMS of this kind wait for the line no others join them; all are told in the end."""
    phones = [f"+628130000{number:04}" for number in range(6)]
    for phone in phones:
        waits(empty, phone)
    empty.run(700)
    empty.modem.faults.registered = False
    comes(empty, 10)
    empty.run(600)
    assert (
        empty.one("SELECT count(*) FROM messages WHERE kind = 'waiting_list'") == waiting_list.AHEAD
    )
    empty.modem.faults.registered = True
    empty.run(600)
    assert told(empty) == phones


def test_somebody_elses_number(empty: Shop) -> None:
    """A number that is another customer's by now is not told what the first one asked."""
    waits(empty, ANI)
    other = people.prospect(empty.ctx, BUDI)
    with empty.ctx.store.transaction() as db:
        db.execute("UPDATE phones SET customer_id = ? WHERE number = ?", (other.id, ANI))
    empty.run(700)
    comes(empty, 1)
    empty.run(60)
    assert told(empty) == []


def has_due(ctx: Context) -> bool:
    """Whether `feed` has something to do now."""
    at = waiting_list.due_at(ctx)
    return at is not None and at <= ctx.at


def test_only_what_there_is_to_do(empty: Shop) -> None:
    """An idle shop has nothing due: neither without goods, nor when all who could be told were."""
    worker = empty.ctx.acting(GATEWAY)
    waits(empty, ANI)
    empty.run(700)
    assert not has_due(worker)
    waits(empty, BUDI)
    empty.run(700)
    comes(empty, 1)
    assert has_due(worker)
    empty.run(60)
    assert told(empty) == [ANI]
    assert not has_due(worker)


# ── power fails ───────────────────────────────────────────────────────────────────────────────


def arrival(folder: Path, at: int) -> int:
    """Goods come in for two who wait, and the worker dies at its `at`-th step; how many it had."""
    shop = Shop(folder)
    cards.add(shop.ctx, cards.Card("BS-1", "Busi Iridium", "pcs", 98_000))
    fuse = Fuse(at)
    line = MortalLine(shop.clock)
    registry.register(shop.name, line)
    shop.modem = line
    waits(shop, ANI)
    waits(shop, BUDI)
    shop.run(700)
    comes(shop, 2)
    fuse.steps, line.fuse = 0, fuse
    store = MortalStore(shop.ctx.store.path)
    store.fuse = fuse
    worker = shop.worker(store)
    shop.after(15, worker.stop.set)
    try:
        worker.run()
    except Killed:
        store.close()
    steps = fuse.steps
    line.fuse = Fuse(0)
    shop.run(3600)
    rows = shop.rows("SELECT phone, status FROM messages WHERE kind = 'waiting_list' ORDER BY id")
    assert [row["phone"] for row in rows] == [ANI, BUDI]
    air = [str(sent["to"]) for sent in line.messages_sent() if ARRIVED in str(sent["text"])]
    # Nobody twice; only one that was going out when the power failed may be lost, and is in doubt.
    assert len(air) == len(set(air))
    for row in rows:
        assert row["phone"] in air or row["status"] == "in_doubt"
    assert sum(row["phone"] not in air for row in rows) <= 1
    ledgers_add_up(shop.ctx)
    registry.forget(shop.name)
    shop.close()
    return steps


@pytest.mark.soak
@pytest.mark.parametrize(
    "shard", [0, *(pytest.param(shard, marks=pytest.mark.soak) for shard in range(1, 32))]
)
def test_killed_anywhere(tmp_path: Path, shard: int) -> None:
    """Whatever the step at which the worker dies, each of them is told once, or is in doubt."""
    steps = arrival(tmp_path / "whole", 0)
    assert steps > 20
    for at in range(1 + shard, steps + 1, 32):
        arrival(tmp_path / str(at), at)


def test_outbox_knows_it(empty: Shop) -> None:
    """An SMS of this kind is no promo: it needs no consent."""
    assert "waiting_list" not in outbox.PROMOTING
