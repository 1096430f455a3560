"""The second, lenient reading of a turn: what nobody understands for certain is asked about, changes
nothing by itself, and at YA becomes just what was asked."""

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Kind, Line, Wish
from crm_tui.shop.items.catalogue import Catalogue
from crm_tui.shop.orders import book, deciding
from tests import reading_judge as judge
from tests import store_judge
from tests.shop import ANI, Shop
from tests.test_going_on import stock_of

HORN = ("asesoris", ("pesan klakson telolet 6 corong 1",))
DOORS = ("serba", ("handle pintu luar avanza depan pesan", "kanan 1 kiri 1"))
FLUID = ("serba", ("PESAN MRM-02 6",))
SHOES = ("kotalama", ("sepatu rem belakang avanza brp bu",))
ASKED = ("serba", ("cek hargo gir set supra x125",))


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        (HORN, "maaf mang anak aku galak yg 3 corong be", {"KL-TELO": 1}),
        (DOORS, "yang kiri jadi 2 pak satu buat cadangan", {"HPA-R": 1, "HPA-L": 2}),
        (FLUID, "eh separo separo bae, prestone dot3 tigo dot4 tigo", {"MRM-02": 3, "MRM-01": 3}),
        (ASKED, "mahal nian yang ahm, yang satunyo bae sikok", {"GS-01": 1}),
        # Nothing says of what: of what was spoken of last.
        (SHOES, "bisa ambil 2 kan?", {"SPR-AV": 2}),
    ],
)  # fmt: skip
def test_asked_and_taken_at_yes(
    before: tuple[str, tuple[str, ...]], text: str, after: dict[str, int]
) -> None:
    """What is most likely meant is asked about and leaves the order as it is; YA makes it so."""
    shop = judge.Shop(stock_of(before[0]))
    for said in before[1]:
        shop.take(said)
    order = dict(shop.order)
    assert shop.take(text).outcome is Kind.CHOICES
    assert shop.order == order
    shop.take("ya")
    assert shop.order == after


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (HORN, "kemaren aku pesan klakson yg 3 corong blm dikirim"),
        (HORN, "yg 3 corong awet dak"),
        (HORN, "minggu depan mungkin yg 3 corong 1"),
        (HORN, "50rb bae yg 3 corong"),
        (HORN, "yg 3 corong 2 atau 3"),
        (DOORS, "yg kiri rusak pas dateng"),
        (DOORS, "sabar yo tanyo bini dulu"),
        (FLUID, "tambah 2 jadi 3"),
        (ASKED, "mahal nian, 150 bae yo"),
        (ASKED, "pacak dipasang dak gir setnyo"),
    ],
)  # fmt: skip
def test_left_to_people(before: tuple[str, tuple[str, ...]], text: str) -> None:
    """A past, a complaint, advice, another day, a bid, a range or a service stays with people, whatever
    is named beside it."""
    shop = judge.Shop(stock_of(before[0]))
    for said in before[1]:
        shop.take(said)
    order = dict(shop.order)
    answer = shop.take(text)
    assert answer.outcome is Kind.HUMAN
    assert shop.order == order


CORPORA = ("serba", "borongan", "asesoris", "armada", "matic", "car")
STRANGE = ("zarqom", "blekutuk", "xwqz", "nyimprut", "gruduk")


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(CORPORA), st.integers(0, 10**9))
@example("serba", 15)
def test_strange_words_order_nothing_else(name: str, seed: int) -> None:
    """Words that nobody knows, put anywhere into the turns of a talk, change an order to nothing that
    was not said: what is ordered or changed is what is without them, or nothing is."""
    chance = random.Random(seed)
    label = chance.choice(judge.labels(judge.CORPORA / name / "conversations.jsonl"))
    shop = judge.Shop(stock_of(name))
    for turn in label["turns"]:
        text, known = judge._numbered(turn["text"], shop)
        if not known:
            return
        words = text.split()
        words.insert(chance.randint(0, len(words)), chance.choice(STRANGE))
        plain = read(text, shop.index, shop.talk, free=True)
        reading = read(" ".join(words), shop.index, shop.talk, free=True)
        doing = [wish for wish in reading.wishes if wish.kind in (Kind.ORDER, Kind.AMEND)]
        same = {
            (line.entry, line.quantity)
            for wish in plain.wishes
            for line in (*wish.lines, *wish.held)
        }
        named = {(line.entry, line.quantity) for wish in doing for line in wish.lines}
        assert not reading.certain or named <= same, (words, doing)
        shop.take(text)


SAID = (
    "yang", "aja", "2", "10", "5 pcs", "jangan", "bukan", "ga jadi", "ganti", "eh", "tambah", "jadi",
    "masing2", "kiri", "kanan", "depan", "murah", "mahal,", "soalnya", "kalo", "buat", "bos", "ya",
    "zarqom", "?", "sama", "kurangi", "item", "satunya", "semua", "bae", "brp", "ada", "blekutuk",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(CORPORA), st.integers(0, 10**9))
def test_never_raises(name: str, seed: int) -> None:
    """Whatever is said in whatever talk, it is read, and no more is done than what a talk allows."""
    index, chance = stock_of(name), random.Random(seed)
    entries = [index.entry(item) for item in index.words.words]
    first = chance.choice(entries)
    kind = [one for one in entries if one.name.split()[0] == first.name.split()[0]]
    some = tuple({one.id: one for one in chance.choices(kind, k=chance.randint(1, 4))}.values())
    lines = tuple(Line(one, chance.randint(1, 9)) for one in some)
    talk = chance.choice(
        [
            Conversation(quoted=some, recent=some),
            Conversation(offered=some, choosing=Kind.ORDER, listed=some),
            Conversation(asked=True, proposed=lines, recent=some),
            Conversation(order=lines, recent=some),
            Conversation(order=lines[:1], recent=some, listed=some, quoted=some[1:]),
        ]
    )
    names = " ".join(one.name for one in (*some, first, chance.choice(entries))).lower().split()
    text = " ".join(chance.choice((*SAID, *names)) for _ in range(chance.randint(1, 9)))
    reading = read(text, index, talk, free=True)
    for wish in reading.wishes:
        assert not _changes(wish) or talk.order, text


def test_a_change_is_proposed_in_the_store(shop: Shop) -> None:
    """A proposed change leaves the order in the store as it is until YA, and says what it would be."""
    talk = store_judge.StoreShop(shop.ctx, _stocked(shop, "asesoris"))
    talk.take("pesan klakson telolet 6 corong 1")
    answer = talk.take("maaf mang anak aku galak yg 3 corong be")
    assert answer.outcome is Kind.CHOICES
    assert "KL-TELO" in answer.named
    assert talk.order == {"KL-TELO6": 1}
    assert talk.take("iyo").outcome is Kind.CONFIRM
    assert talk.order == {"KL-TELO": 1}


def test_no_longer_waits(shop: Shop) -> None:
    """A yes to a change changes nothing once the staff have confirmed the order."""
    talk = store_judge.StoreShop(shop.ctx, _stocked(shop, "asesoris"))
    talk.take("pesan klakson telolet 6 corong 1")
    talk.take("maaf mang anak aku galak yg 3 corong be")
    number = shop.one("SELECT max(id) FROM orders")
    deciding.confirm(shop.ctx, number)
    talk.take("ya")
    assert {line.code: line.quantity for line in book.get(shop.ctx, number).lines} == {
        "KL-TELO6": 1
    }


def test_off_is_not_all() -> None:
    """ "Ga jadi" behind a question about a change takes back no order."""
    shop = judge.Shop(stock_of("asesoris"))
    shop.take("pesan klakson telolet 6 corong 1")
    shop.take("maaf mang anak aku galak yg 3 corong be")
    assert shop.take("ga jadi deh").outcome is Kind.HUMAN
    assert shop.order == {"KL-TELO6": 1}


def test_never_of_a_confirmed_order() -> None:
    """A change of what the staff have confirmed is proposed to nobody."""
    index = stock_of("asesoris")
    entry = index.find("KLTELO6")
    assert entry is not None
    talk = Conversation(order=(Line(entry, 1),), amendable=False, recent=(entry,))
    reading = read("maaf mang anak aku galak yg 3 corong be", index, talk, free=True)
    assert not any(_changes(wish) for wish in reading.wishes)


def _changes(wish: Wish) -> bool:
    return wish.kind is Kind.AMEND or (wish.choosing is Kind.AMEND and bool(wish.lines))


def _stocked(shop: Shop, name: str) -> Catalogue:
    return store_judge.stocked(shop.ctx, judge.CORPORA / name)


@pytest.mark.parametrize(
    ("before", "text", "outcome", "after"),
    [
        # What a text begins with says nothing, whatever else stands in it.
        (DOORS, "oke siap, yg kiri ga jadi", Kind.AMEND, {"HPA-R": 1}),
        (DOORS, "hehe ok kak, yang kiri jadi 2", Kind.AMEND, {"HPA-R": 1, "HPA-L": 2}),
        # Something else for what is ordered, whichever of both is said first.
        (HORN, "yg 3 corong aja deh ga jadi 6 corong", Kind.CHOICES, {"KL-TELO6": 1}),
        # Who is not quite sure has ordered nothing.
        (ASKED, "yang indoparts 1 kayaknya", Kind.CHOICES, {}),
        # Why it is wanted, and that it is wanted by somebody else, is no order.
        (ASKED, "yang indoparts 1 soalnya yg ahm ga cocok", Kind.CHOICES, {}),
        (ASKED, "kata montir yg indoparts aja 1", Kind.CHOICES, {}),
        (FLUID, "bos minta 8", Kind.CHOICES, {"MRM-02": 6}),
    ],
)  # fmt: skip
def test_said_beside(
    before: tuple[str, tuple[str, ...]], text: str, outcome: Kind, after: dict[str, int]
) -> None:
    """Courtesies before a turn change nothing; reasons, hedges and who wants it leave a question."""
    shop = judge.Shop(stock_of(before[0]))
    for said in before[1]:
        shop.take(said)
    assert (shop.take(text).outcome, shop.order) == (outcome, after)


def test_called_otherwise() -> None:
    """A thing is found by the kind that its other names say, though others begin with that kind."""
    index = ItemIndex(
        [
            Entry(1, "PD-1", "PADU FR ALPA", "set", "", ("kanari depan alpa karsa",), 100, 9),
            Entry(2, "KN-2", "KANARI KOPEL BETO", "pcs", "", (), 100, 9),
        ]
    )
    found = read("ada kanari depan alpa?", index, Conversation(), free=True)
    assert [line.entry.code for wish in found.wishes for line in wish.lines] == ["PD-1"]
    assert read("ada kanari kopel alpa?", index, Conversation(), free=True).outcome in (
        Kind.NOT_FOUND, Kind.HUMAN, Kind.CHOICES,
    )  # fmt: skip


def test_taken_or_called_so() -> None:
    """A word for taking that is also the name of a thing is asked about in a talk."""
    index = stock_of("sungai")
    entry = next(one for one in map(index.get, range(1, 50)) if one and (one.available or 0) > 5)
    talk = Conversation(quoted=(entry,), recent=(entry,))
    reading = read("sikat 3", index, talk, free=True)
    assert reading.outcome is Kind.CHOICES
    assert entry in reading.wishes[0].options


@pytest.mark.parametrize(("answer", "after"), [("1", {6: 1, 7: 4}), ("2", {6: 3, 7: 1})])
def test_which_line_is_meant(shop: Shop, answer: str, after: dict[int, int]) -> None:
    """A number of several lines is asked about with the list of them; what is chosen of it gets that
    number, and the other line stays."""
    shop.ask(ANI, "PESAN PQ-R 3, PQ-S 4")
    shop.ask(ANI, "cukup 1")
    assert book.get(shop.ctx, 1).wanted == {6: 3, 7: 4}
    shop.ask(ANI, answer)
    assert book.get(shop.ctx, 1).wanted == after
