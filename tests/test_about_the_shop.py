"""Opening hours and address: answered once the shop has set them, for a person until then."""

import pytest

from crm_tui.reading import read
from crm_tui.reading.wishes import Conversation, Kind, Reading
from crm_tui.shop.answers import accepting
from crm_tui.shop.answers.settings import FREE_TEXT
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.errors import BadSetting
from crm_tui.shop.gate.settings import ADDRESS, HOURS
from crm_tui.shop.items import cards, stock
from tests.shop import ANI, Shop, ledgers_add_up
from tests.test_free_texts import INDEX

OPEN = "Senin-Sabtu 08.00-17.00"
PLACE = "Jl Veteran 12, Palembang"


def free(text: str, talk: Conversation = Conversation()) -> Reading:  # noqa: B008 - frozen
    return read(text, INDEX, talk, free=True)


@pytest.mark.parametrize(
    "text",
    [
        "buka jam brp", "besok buka?", "sampe jam brp bukanyo",
        "Assalamualaikum, toko buka jam berapa?", "pagi pak jam berapa buka ya", "minggu buka gak",
        "hari minggu buka dak mang", "jam buka toko",
        "tutup jam brp bos", "kalo minggu buka jam brp?", "besok libur ga?", "masih buka?", "buka?",
        "tokonyo tutup jam berapo", "hari ini buka sampai jam berapa pak", "besok jam 8 udah buka?",
        "sabtu bukanya sampe jam brp min makasih", "apakah besok buka", "bengkel buka kapan",
    ],
)  # fmt: skip
def test_hours_are_asked(text: str) -> None:
    """A question about opening hours is one, in the words of any region."""
    reading = free(text)
    assert [(wish.kind, wish.topic) for wish in reading.wishes] == [(Kind.HELP, "hours")]


@pytest.mark.parametrize(
    "text",
    [
        "alamatnya dimano", "tokonya sebelah mana", "alamat tokonya dimana ya pak", "dimana tokonya?",
        "lokasi toko dmn bos", "minta alamat toko", "alamatnya?", "pak alamat lengkapnya dong",
        "toko di mana", "mang tokonyo di mano", "lokasinya sebelah mana ya",
    ],
)  # fmt: skip
def test_the_address_is_asked(text: str) -> None:
    """A question where the shop is is one, in the words of any region."""
    reading = free(text)
    assert [(wish.kind, wish.topic) for wish in reading.wishes] == [(Kind.HELP, "address")]


@pytest.mark.parametrize(
    "text",
    [
        "kalau besok buka saya ambil 2", "tadi kesana kok tutup jam segini", "barang saya dimana",
        "pesanan saya sudah sampai dimana?", "buka cabang dimana", "besok buka puasa bareng?",
        "pesan dari pak Yus: besok bengkel tutup, montir libur galo",
        "alamat saya dimana ya dikirimnya",
        "kirim ke alamat jl merdeka 12", "kurirnya sampai jam berapa", "jam berapa bisa diambil",
        "besok buka jam brp ga jadi pesan kardus", "besok saya buka toko jam 8",
        "ongkir ke toko dimana?", "kardus 2 kirim ke toko dimana ya",
        "toko saya dimana aja boleh pesan", "gak buka kemarin kenapa?",
        "buka jam brp jangan kirim kardus 2",
    ],
)  # fmt: skip
def test_what_only_sounds_like_it(text: str) -> None:
    """Conditions, complaints, deliveries and other people's shops are no question about this one."""
    assert free(text).outcome is Kind.HUMAN


@pytest.mark.parametrize(
    ("text", "kinds", "topics"),
    [
        ("kardus brp? besok buka?", [Kind.PRICE, Kind.HELP], ["hours"]),
        ("hrg kardus bos besok buka jam brp", [Kind.PRICE, Kind.HELP], ["hours"]),
        ("buka jam brp dan alamatnya dimana", [Kind.HELP], ["hours", "address"]),
        ("pesan kardus 2, alamat tokonya dimana?", [Kind.ORDER, Kind.HELP], ["address"]),
        ("alamatnya dimana? kardus 2 pesan ya", [Kind.ORDER, Kind.HELP], ["address"]),
    ],
)
def test_two_wishes(text: str, kinds: list[Kind], topics: list[str]) -> None:
    """With an order or a question beside it both are read."""
    reading = free(text)
    assert list(reading.kinds) == kinds
    assert [wish.topic for wish in reading.wishes if wish.topic] == topics
    for wish in reading.wishes:
        assert all(text[first:last].strip() for first, last in wish.spans)


@pytest.mark.parametrize(
    "text",
    [
        "pesan kardus 2 atau 3, besok buka?", "kemarin pesan kardus 2, besok buka?",
        "blabla kardus zz, buka?",
        "jangan pesan kardus 2, besok buka?", "pesan kardus 2 kalau besok buka",
    ],
)  # fmt: skip
def test_what_is_for_a_person_beside_it(text: str) -> None:
    """Where the rest is for a person, all of it is."""
    assert free(text).outcome is Kind.HUMAN


def test_a_yes_beside_it() -> None:
    """A yes to the shop's question, with such a question behind it, is for a person."""
    assert free("ya, besok buka jam brp?", Conversation(asked=True)).outcome is Kind.HUMAN
    assert free("besok buka jam brp ya", Conversation(asked=True)).outcome is Kind.HELP


# ── in the shop ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def plugs(shop: Shop) -> Shop:
    """A shop with spark plugs."""
    key = cards.add(shop.ctx, cards.Card("BS-1", "Busi Iridium", "pcs", 98_000))
    stock.receive(shop.ctx, [stock.Goods(key, 10)])
    return shop


def last(shop: Shop) -> tuple[str, str]:
    row = shop.rows("SELECT status, read_as FROM messages WHERE direction = 'in' ORDER BY id DESC")[
        0
    ]
    return row["status"], row["read_as"]


def test_until_it_is_set(plugs: Shop) -> None:
    """Until the shop has set them, the staff answer, and nothing beside it is recorded."""
    for text in ("besok buka?", "alamatnya dimano", "pesan busi iridium 2, besok buka?"):
        assert plugs.ask(ANI, text) == ""
        assert last(plugs) == ("staff", "human")
    assert plugs.one("SELECT count(*) FROM orders") == 0


def test_once_it_is_set(plugs: Shop) -> None:
    """Once they are set the customer is told them; each by itself."""
    plugs.set(HOURS, OPEN)
    assert OPEN in plugs.ask(ANI, "sampe jam brp bukanyo")
    assert last(plugs) == ("answered", "help")
    assert plugs.ask(ANI, "alamatnya dimano") == ""
    plugs.set(ADDRESS, PLACE)
    assert PLACE in plugs.ask(ANI, "alamatnya dimana ya")
    both = plugs.ask(ANI, "buka jam brp dan alamatnya dimana")
    assert OPEN in both
    assert PLACE in both


def test_both_are_served(plugs: Shop) -> None:
    """An order or a price question beside it is served in the same answer."""
    plugs.set(HOURS, OPEN)
    told = plugs.ask(ANI, "busi iridium brp? besok buka?")
    assert "98.000" in told
    assert OPEN in told
    told = plugs.ask(ANI, "pesan busi iridium 2, besok buka jam brp?")
    assert OPEN in told
    assert plugs.one("SELECT quantity FROM order_lines") == 2
    ledgers_add_up(plugs.ctx)


def test_suggested_and_accepted(plugs: Shop) -> None:
    """Where free text is only suggested, the staff send the answer with a key."""
    plugs.set(FREE_TEXT, "suggests")
    plugs.set(HOURS, OPEN)
    assert plugs.ask(ANI, "besok buka?") == ""
    accepting.accept(plugs.ctx, plugs.one("SELECT message_id FROM readings"))
    plugs.run(5)
    assert OPEN in plugs.modem.sent[-1].text


def test_no_longer_than_an_sms_bears(plugs: Shop) -> None:
    """Hours and address are bounded; empty ones are allowed again."""
    for setting in (HOURS, ADDRESS):
        with pytest.raises(BadSetting):
            settings.change(plugs.ctx, setting.key, "x" * 121)
        settings.change(plugs.ctx, setting.key, "")
