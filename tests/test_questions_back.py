"""Every question that the shop sends can be answered: by a number, in words, by a yes; and what comes
of it is what was asked about, nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from crm_tui.reading.wishes import Kind
from crm_tui.shop.items.catalogue import Catalogue
from tests import reading_judge as judge
from tests import store_judge
from tests.shop import Shop, ledgers_add_up
from tests.test_going_on import stock_of

SHOPS = sorted(
    path.name for path in judge.CORPORA.iterdir() if (path / "conversations.jsonl").exists()
)


@dataclass(frozen=True)
class Question:
    """SMS that lead to a question, ways to answer it (each but for the last of several messages asked
    about once more), and the order that each of them leaves."""

    turns: Sequence[str]
    answers: Sequence[str]
    order: dict[str, int]


RIGHT = {"HDL-BT-KN": 2}
QUESTIONS = {
    "which one": Question(
        ["pesan handle rem beat 2"],
        ["1", "no 1", "yang kanan", "HDL-BT-KN", "kanan 2", "yang kiri jangan", "ya | 1"], RIGHT,
    ),
    "which one, and how many": Question(
        ["pesan handle rem beat"],
        ["no 1 2 pcs", "yang kanan 2", "kanan dua", "1 | 2", "yang kanan | jadi 2", "ya | kanan 2"],
        RIGHT,
    ),
    "which price": Question(
        ["handle rem beat brp"], ["no 1 2 pcs", "yang kanan 2", "ambil kanan 2", "ya | kanan 2"], RIGHT,
    ),
    "which one, and something else": Question(
        ["pesan handle rem beat 2, kampas rem depan nmax 1"],
        ["1", "yang kanan", "HDL-BT-KN", "ya | 1"],
        {**RIGHT, "KRD-NMAX": 1},
    ),
    "which of each": Question(
        ["pesan handle rem beat 2, kampas rem nmax 1"],
        ["yang kanan | 1", "1 | 1", "kanan, depan", "ya | kanan | depan"], {**RIGHT, "KRD-NMAX": 1},
    ),
    "how many": Question(
        ["pesan kampas rem depan nmax"], ["2", "2 set", "dua", "jadi 2 aja", "2 ya pak", "ya | jadi 2"],
        {"KRD-NMAX": 2},
    ),
    "is it that": Question(
        ["pesan kampas rem depan nmax 2?"], ["ya", "ok ambil", "betul pak", "2", "lanjut bos"],
        {"KRD-NMAX": 2},
    ),
    "is it that code": Question(
        ["PESAN KRD-BEAT-APS 2"], ["ya", "KRD-BEAT-ASP", "KRD-BEAT-ASP 2", "2", "iya itu"],
        {"KRD-BEAT-ASP": 2},
    ),
    "both": Question(
        ["handle rem beat brp", "dua duanya"], ["ya", "ok", "masing2 1", "kanan 1 kiri 1"],
        {"HDL-BT-KN": 1, "HDL-BT-KR": 1},
    ),
    "another instead": Question(
        ["pesan handle rem beat kanan 2", "ganti yang lebih murah", "yang kiri aja"], [""],
        {"HDL-BT-KR": 2},
    ),
    "fewer than wanted": Question(
        ["pesan gear set cb150r 4"], ["ya", "2", "yang ada aja", "2 aja", "ok ambil 2"],
        {"GS-CB150": 2},
    ),
    "so many in all": Question(
        ["PESAN HDL-BT-KN 4, KRD-NMAX 1", "cukup 2"], ["1", "yang kanan", "handle"],
        {"HDL-BT-KN": 2, "KRD-NMAX": 1},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, Catalogue]]:
    """A shop with a store and the goods of a motorcycles' counter."""
    shop = Shop(tmp_path_factory.mktemp("questions") / "toko")
    yield shop, store_judge.stocked(shop.ctx, judge.CORPORA / "tepian")
    shop.close()


@pytest.mark.parametrize("name", QUESTIONS)
def test_answered_in_the_store(served: tuple[Shop, Catalogue], name: str) -> None:
    """Each way of answering is served and orders just that, at a YA where it is asked about again."""
    shop, catalogue = served
    question = QUESTIONS[name]
    for answer in question.answers:
        talk = store_judge.StoreShop(shop.ctx, catalogue)
        for text in question.turns:
            talk.take(text)
        for text in filter(None, answer.split(" | ")):
            assert talk.take(text).outcome is not Kind.HUMAN, (answer, text)
        for _ in range(2):
            if talk.order != question.order and talk.talk.asked:
                talk.take("ya")
        assert talk.order == question.order, answer
    ledgers_add_up(shop.ctx)


def _answers(shop: judge.Shop) -> list[tuple[str, dict[str, int] | None]]:
    """Ways to answer what the shop has just asked, and the order that each leaves at the latest behind
    a YA; None where it may be asked once more."""
    talk, order = shop.talk, shop.order
    if talk.offered:
        first = talk.offered[0]
        packed = talk.packed is not None and shop.index.pack_of(first) == talk.pack
        wanted = talk.packed if packed else talk.wanted(first)
        if (first.available or 0) < (wanted or 2):
            return []
        told = talk.choosing in (Kind.PRICE, Kind.STOCK, Kind.AMEND) or talk.parts
        after = {**order, first.code: order.get(first.code, 0) + (wanted or 2)}
        for line in talk.held:
            after[line.entry.code] = after.get(line.entry.code, 0) + (line.quantity or 1)
        chosen = None if told else after
        numbered = ("1" if wanted else "no 1, 2", chosen)
        return [numbered, (first.code if wanted else f"{first.code} 2", None), ("ya", None)]
    if shop.changed is not None:
        return [(text, shop.changed) for text in ("ya", "ok", "betul pak", "ya itu aja")]
    if any((line.entry.available or 0) < 3 for line in talk.proposed) or not talk.proposed:
        return []
    after = dict(order)
    for line in talk.proposed:
        after[line.entry.code] = after.get(line.entry.code, 0) + (line.quantity or 1)
    found: list[tuple[str, dict[str, int] | None]] = [
        (text, after) for text in ("ya", "ok ambil", "lanjut bos", "iya itu")
    ]
    if len(talk.proposed) == 1:
        code = talk.proposed[0].entry.code
        found += [(text, {**order, code: order.get(code, 0) + 3}) for text in ("3", "jadi 3 aja")]
    return found


def _walked(name: str) -> list[str]:
    """What goes wrong where each question of a corpus' talks is answered in each way."""
    wrong: list[str] = []
    for label in judge.labels(judge.CORPORA / name / "conversations.jsonl"):
        shop = judge.Shop(stock_of(name))
        for turn in label["turns"]:
            shop.take(judge._numbered(turn["text"], shop)[0])
            for text, order in _answers(shop):
                other = judge.Shop(shop.index)
                other.order, other.talk = dict(shop.order), shop.talk
                other.recent, other.listed, other.changed = shop.recent, shop.listed, shop.changed
                served = other.take(text).outcome is not Kind.HUMAN
                if other.order != order and (other.talk.proposed or other.changed is not None):
                    other.take("ya")
                if not served or (order is not None and other.order != order):
                    wrong.append(f"{name} {label['id']}: {text}: {other.order} for {order}")
    return wrong


@pytest.mark.parametrize("name", ["jalinsum"])
def test_questions_of_talks(name: str) -> None:
    """Whatever question comes up in people's talks, it is served whichever way it is answered."""
    assert _walked(name) == []


@pytest.mark.soak
@pytest.mark.parametrize("name", SHOPS)
def test_questions_of_all_talks(name: str) -> None:
    """The same of all talks that there are."""
    assert _walked(name) == []
