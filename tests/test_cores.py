"""Changes and orders with company: done as by themselves where that leaves them certain."""

import json
from itertools import product

import pytest

from crm_tui.reading import accompanying, cores, read
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.tagging import tag
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading
from tests.company_weights import CORPUS, TAKES
from tests.test_near_items import index

SHOP = index(("KENARI MUSI", "GELATIK BETO", "SIRSAK OGAN KANAN", "SIRSAK OGAN KIRI"))
TWO = Conversation(order=tuple(Line(SHOP.entry(number), 3) for number in (1, 2)))
ONE = Conversation(order=(Line(SHOP.entry(1), 3),))
QUOTED = Conversation(quoted=(SHOP.entry(1),))
CHANGES = (
    "kenarinya 5 aja", "kenarinya gak jadi", "gelatiknya dicoret aja", "gelatiknya tambah 1 lagi",
    "semuanya batal", "sirsak kanan 2 juga",
)  # fmt: skip
BEFORE = (
    "barusan dicek montir", "maaf pak salah ketik", "gini pak tadi saya buru-buru",
)  # fmt: skip
BEHIND = ("maklum pak udah tua", "kata montir begitu", "makasih banyak ya pak")


def done(reading: Reading) -> list[tuple[Kind, list[tuple[int, int | None]]]]:
    return [
        (wish.kind, [(line.entry.id, line.quantity) for line in wish.lines])
        for wish in reading.wishes
    ]


def read_in(text: str, talk: Conversation) -> Reading:
    return read(text, SHOP, talk, free=True)


@pytest.mark.parametrize(
    ("change", "said"),
    [*product(CHANGES, [f"{said}, %s" for said in BEFORE] + [f"%s, {said}" for said in BEHIND])],
)
def test_as_by_itself(change: str, said: str) -> None:
    """A change does what it does by itself, whatever story or courtesy stands before or behind it."""
    alone = read_in(change, TWO)
    assert alone.outcome in (Kind.AMEND, Kind.CANCEL, Kind.ORDER)
    assert done(read_in(said % change, TWO)) == done(alone)


@pytest.mark.parametrize("said", BEHIND)
def test_without_a_pause(said: str) -> None:
    """Where no pause parts it, company still is none of the change."""
    for change in ("kenarinya 5 aja", "gelatiknya gak jadi"):
        found = read_in(f"{change} {said}", TWO)
        assert found.outcome in (Kind.CHOICES, Kind.HUMAN) or done(found) == done(
            read_in(change, TWO)
        )


@pytest.mark.parametrize(
    "said",
    [
        "%s, kalau istri setuju", "%s, gelatiknya gimana", "%s, atau 7",
        "%s, tapi tanya bos dulu", "%s, ada yang lain?", "%s, belum pasti sih",
    ],
)  # fmt: skip
def test_what_is_no_company(said: str) -> None:
    """What counts, names, asks or leaves open is no company: nothing is done at once."""
    found = read_in(said % "kenarinya 5 aja", TWO)
    assert Kind.AMEND not in found.kinds
    assert Kind.ORDER not in found.kinds


@pytest.mark.parametrize("said", BEFORE)
def test_never_all_of_several(said: str) -> None:
    """Of several lines all fall only where all is said, of one line it falls."""
    assert read_in(f"{said}, gak jadi pak", ONE).outcome is Kind.CANCEL
    assert Kind.CANCEL not in read_in(f"{said}, yang itu gak jadi", TWO).kinds
    assert Kind.CANCEL not in read_in(f"{said}, gelatik gak jadi", TWO).kinds


def test_no_other_unit() -> None:
    """A unit behind a number is no company: so many boxes are not so many pieces."""
    assert Kind.AMEND not in read_in("kenarinya jadikan 2 dus aja", TWO).kinds


def test_not_on_top() -> None:
    """What is chosen because money is short comes for what is ordered, and never on top of it."""
    talk = Conversation(order=(Line(SHOP.entry(3), 3),))
    for text in ("uangnya kurang, sirsak kiri 2", "aduh duitnya kurang yg kiri aja deh 2"):
        lines = [line for wish in read_in(text, talk).wishes for line in wish.lines]
        assert (
            read_in(text, talk).outcome is Kind.CHOICES
            or not lines
            or 0 in [line.quantity for line in lines]
        )


def test_told_apart() -> None:
    """Of what a writer had put away, that no weight was learned from, company that undoes a change is
    hardly taken for harmless, and much of what does not is."""
    lexicon = ItemIndex(()).lexicon
    share = {}
    for kind in ("harmless", "harmful"):
        found = []
        for row in (CORPUS / "put_away" / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines():
            label = json.loads(row)
            tagged = tag(label["text"], SHOP)
            weighed = accompanying.weigh(
                tagged, lexicon, 0, len(tagged.words), before=label["place"] == "before"
            )
            found += [
                weight >= cores.HARMLESS
                for takes, weight in enumerate(weighed)
                if "any" in label["fits"] or _fits(set(label["fits"]), takes=bool(takes))
            ]
        share[kind] = sum(found) / len(found)
    assert share["harmless"] >= 0.4
    assert share["harmful"] <= 0.07


def _fits(kinds: set[str], *, takes: bool) -> bool:
    return bool(kinds & TAKES if takes else kinds - TAKES)
