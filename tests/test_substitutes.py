"""What is there instead of what is out: named beside the answer, never ordered by itself."""

import pytest

from crm_tui.gsm.text import segments
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.substitutes import substitutes
from crm_tui.shop.answers import accepting
from crm_tui.shop.answers.settings import FREE_TEXT
from crm_tui.shop.items import cards, stock
from tests.shop import ANI, BUDI, Shop, ledgers_add_up

MODELS = ("Beto", "Gamma", "Delta", "Zulu", "Omega")
KINDS = ("Kardus", "Sepul", "Namira", "Gerita")
MAKERS = ("Karsa", "Tirta", "Solara")
"""A made-up trade: each kind for each model by each maker."""


def catalogue() -> list[tuple[str, str, str]]:
    """Codes, names and categories."""
    return [
        (f"{kind[:2]}{model[:2]}-{maker[:2]}".upper(), f"{kind} {model} {maker}", kind.upper())
        for kind in KINDS
        for model in MODELS
        for maker in MAKERS
    ]


INDEX = ItemIndex(
    Entry(number, code, name, "pcs", category, (), 1000 * number, 5)
    for number, (code, name, category) in enumerate(catalogue(), start=1)
)


def names(name: str) -> set[str]:
    entry = next(each for each in map(INDEX.entry, range(1, len(INDEX) + 1)) if each.name == name)
    return {each.name for each in substitutes(INDEX, entry)}


def test_another_maker_only() -> None:
    """The same thing for the same model by another maker may stand in, nothing else."""
    for kind in KINDS:
        for model in MODELS:
            others = names(f"{kind} {model} Karsa")
            assert others <= {f"{kind} {model} Tirta", f"{kind} {model} Solara"}


def test_side_size_and_kind() -> None:
    """The other side, another size, another part and another category are no substitutes."""
    names = (
        "Sepul Depan Alpa 12mm Karsa", "Sepul Belakang Alpa 12mm Tirta", "Sepul Depan Alpa 14mm Tirta",
        "Sepul Depan Alpa 12mm Tirta", "Tutup Sepul Depan Alpa 12mm", "Gerita Alpa Tirta",
        "Namira Alpa Karsa 14mm", "Sepul Belakang Alpa 14mm Karsa",
    )  # fmt: skip
    index = ItemIndex(
        Entry(number, f"A-{number}", name, "pcs", name.split()[0])
        for number, name in enumerate(names, start=1)
    )
    index.put(Entry(99, "A-99", "Sepul Depan Alpa 12mm Solara", "pcs", "Lain"))
    assert {each.code for each in substitutes(index, index.entry(1))} <= {"A-4"}


# ── in the shop ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def trade(shop: Shop) -> Shop:
    """A shop of that trade; of KABE-KA and the thing for Zulu by any maker there is none."""
    goods = []
    for code, name, category in catalogue():
        key = cards.add(shop.ctx, cards.Card(code, name, "pcs", 20_000, category=category))
        if code != "KABE-KA" and not code.startswith("KAZU"):
            goods.append(stock.Goods(key, 5))
    stock.receive(shop.ctx, goods)
    return shop


def lines(shop: Shop) -> list[tuple[str, int]]:
    return [
        (row["code"], row["quantity"])
        for row in shop.rows("SELECT code, quantity FROM order_lines")
    ]


def test_told_beside_what_is_out(trade: Shop) -> None:
    """A question about what is out names two that are there, with code, name, price, in two SMS."""
    told = trade.ask(ANI, "kardus beto karsa ada?")
    assert "KABE-KA" in told
    assert "1. KABE-" in told
    assert "2. KABE-" in told
    assert "3. " not in told
    assert told.count("20.000") >= 2
    assert len(segments(told)) <= 2
    assert "KABARI KABE-KA" in told


def test_only_what_is_there(trade: Shop) -> None:
    """Where nothing stands in that is there, nothing is named."""
    told = trade.ask(ANI, "STOK KAZU-KA")
    assert "KAZU-TI" not in told
    assert "1. " not in told


@pytest.mark.parametrize("answer", ["1", "2", "yang 2", "1 ya", "no 2 aja", "ya", "ok"])
def test_nothing_is_ordered_by_a_number(trade: Shop, answer: str) -> None:
    """Whatever short answer follows, no order comes of it without a YA to a question of its own."""
    for text in ("pesan kardus beto karsa 5", "kardus beto karsa ada?"):
        trade.ask(ANI, text)
        trade.ask(ANI, answer)
        assert lines(trade) == []
    ledgers_add_up(trade.ctx)


def test_chosen_and_ordered(trade: Shop) -> None:
    """A number tells the price of that one; what is ordered then is that one."""
    told = trade.ask(ANI, "pesan kardus beto karsa 5")
    second = told.partition("2. ")[2].split()[0]
    assert second in trade.ask(ANI, "2")
    trade.ask(ANI, "pesan 3")
    assert lines(trade) == [(second, 3)]


def test_waiting_is_for_what_was_asked(trade: Shop) -> None:
    """Who asks to be told behind the list waits for what was out, not for what was named instead."""
    trade.ask(ANI, "kardus beto karsa ada?")
    trade.ask(ANI, "kabari kalau ada")
    code = trade.one("SELECT code FROM waiting_list JOIN items ON items.id = item_id")
    assert code == "KABE-KA"


def test_no_numbers_beside_a_question(trade: Shop) -> None:
    """Where a YA is asked for what is left, or more was asked, substitutes have no numbers."""
    key = trade.one("SELECT id FROM items WHERE code = 'KABE-KA'")
    stock.receive(trade.ctx, [stock.Goods(key, 1)])
    told = trade.ask(ANI, "PESAN KABE-KA 3")
    assert "YA" in told
    assert "KABE-TI" in told
    assert "1. KABE" not in told
    assert len(segments(told)) <= 2
    trade.ask(ANI, "2")
    assert lines(trade) == []


def test_the_quantity_is_kept(trade: Shop) -> None:
    """Who had ordered so many of what is out is asked about so many of what they choose instead."""
    told = trade.ask(ANI, "pesan kardus beto karsa 4")
    first = told.partition("1. ")[2].split()[0]
    assert f"4 {first}" in trade.ask(ANI, "1")
    assert lines(trade) == []
    trade.ask(ANI, "ya")
    assert lines(trade) == [(first, 4)]


def test_an_accepted_suggestion_names_them_too(trade: Shop) -> None:
    """An answer that the staff send with a key is the one that would have gone out by itself, with what
    is there instead; of that, only what is still there."""
    text = "kardus beto karsa ada?"
    by_itself = trade.ask(ANI, text)
    trade.set(FREE_TEXT, "suggests")
    trade.clock.wait(3600)
    for gone in ("", "KABE-SO"):
        if gone:
            item = trade.one("SELECT id FROM items WHERE code = ?", gone)
            stock.correct(trade.ctx, item, 0, "hilang", seen=5)
        before = len(trade.modem.sent)
        assert trade.ask(BUDI, text) == ""
        accepting.accept(trade.ctx, trade.one("SELECT max(message_id) FROM readings"))
        trade.run(10)
        accepted = "".join(sent.text for sent in trade.modem.sent[before:])
        assert ("KABE-SO" in accepted) == (not gone)
        assert "KABE-TI" in accepted
        if not gone:
            assert accepted == by_itself
