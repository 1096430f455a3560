"""Turns that change an open order, made up by program: random lines of the catalogues that are tried,
called by a piece of their names, and changed in the words of four languages.

What each turn comes to is known by adding up, and not by what the program reads.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Line
from tests import reading_judge as judge

SHOPS = (
    "armada", "asesoris", "bebek", "borongan", "car", "diesel", "grosir", "jalinsum", "kakikaki",
    "kapal", "kotalama", "matic", "motor", "niaga", "pasar", "pelita", "perantau", "roda", "serba",
    "shop", "simpang", "sungai", "tepian", "trucks", "variasi", "workshop",
)  # fmt: skip

Order = dict[str, int]
_ENOUGH = 99

NUMBERS = {
    1: ("1", "1", "satu", "sikok", "siji"), 2: ("2", "2", "dua", "duo", "loro"),
    3: ("3", "3", "tiga", "tigo", "telu", "tilu"), 4: ("4", "4", "empat", "papat"),
    5: ("5", "5", "lima", "limo"), 6: ("6", "6", "enam", "nem"), 7: ("7", "tujuh"),
    8: ("8", "delapan"), 9: ("9",), 10: ("10", "sepuluh"), 12: ("12", "selusin"),
}  # fmt: skip
OF_IT = (
    "nya", "nya", "nya", " nya", "nyo", " nyo", "",
)  # fmt: skip
WHICH = (
    "yang ", "yg ", "yg ", "sing ", "nu ",
)  # fmt: skip
JUST = (
    "", "", "", " aja", " aja deh", " bae", " wae", " saja", " ya", " la", " be", " dulu", " ding",
)  # fmt: skip
SET = (
    "{l} jadi {n}{j}", "{l} jadi {n}{j}", "{l} jd {n}{j}", "{l} {n} aja", "{l} {n} bae",
    "{l} dadi {n}{j}", "{l} jadiin {n}{j}", "{l} diubah jadi {n}{j}", "{l} ganti jadi {n}{j}",
    "{l} cukup {n}", "jadi {n} {l}", "{l} janten {n}{j}", "{l} bikin {n} aja",
)  # fmt: skip
SET_LESS = (
    "{l} dikurangi jadi {n}", "{l} kurangi jadi {n}{j}", "{l} dikurangin jd {n}{j}",
    "kurangi {l} jadi {n}",
)  # fmt: skip
SET_MORE = (
    "{l} ditambah jadi {n}", "{l} tambah jadi {n}{j}", "{l} ditambahin jd {n}{j}",
    "{l} naikin jadi {n}",
)  # fmt: skip
MORE = (
    "{l} tambah {n}", "{l} tambah {n} lagi", "tambah {l} {n} lagi", "{l} tambahin {n} lagi ya",
    "{l} tambahi {n}", "{l} tambah {n} maneh", "{l} ditambah {n}", "{l} nambah {n}",
)  # fmt: skip
LESS = (
    "{l} kurangi {n}", "{l} kurangin {n}{j}", "kurangi {l} {n}", "kurangin {n} {l}",
    "{l} dikurangi {n}", "{l} kurang {n}",
)  # fmt: skip
REMOVE = (
    "{l} ga jadi", "{l} gak jadi", "{l} batal", "{l} batal{j}", "{l} cancel{j}", "{l} skip dl",
    "{l} skip", "{l} dak usah", "{l} dak jadi", "{l} ga usah{j}", "{l} dihapus aja", "hapus {l}",
    "coret {l}", "{l} dicoret aja", "batalin {l}", "ga jadi {l}", "{l} ora sido", "{l} teu jadi",
    "gak usah {l}", "{l} ga jadi deh", "{l} hapus aja", "{l} tidak jadi", "{l} urung",
    "{l} dibatalin aja", "{l} gausah", "{l} ga perlu", "{l} hilangkan", "{l} batalkan saja",
    "{l} batal dulu",
)  # fmt: skip
KEEP = (
    "yang lain tetap", "sisanya tetap", "yg lain tetep", "lainnya tetap", "yang lain jadi",
    "sisanyo tetep", "lainnya lanjut", "yg lain ttp", "selebihnya tetap", "yang lain sama",
    "udah itu aja", "itu aja", "yg lain jangan diubah", "sisanya sesuai pesanan",
)  # fmt: skip
WHY = (
    "kemahalan", "masih bagus", "udah beli", "udah beli di tempat lain", "kata mekanik belum perlu",
    "duitnya kurang", "masih ada stok", "uangnya ga cukup", "udah dapet", "ternyata masih ada",
    "masih pacak dipake", "la ado", "isih apik", "istri ga setuju", "salah hitung", "kebanyakan",
    "motornya mau dijual", "blm gajian", "dana belum cair", "soalnya masih punya",
    "ga jadi turun mesin", "kata bos", "udah ada di rumah", "nunggu gajian", "salah ketik tadi",
    "ada barang bekas", "dikasih teman", "mobilnya keburu laku", "lagi bokek", "dompet tipis",
)  # fmt: skip
JOINTS = (
    ", ", ", ", ", ", " terus ", ", terus ", " trus ", " dan ", " sama ", " samo ", ". ", "\n",
    ", lalu ", " abis tu ", ", oya ", ". oh iya ", ", tapi ", " trs ", ", sama ", "; ",
)  # fmt: skip
BEFORE = (
    "", "", "", "", "eh ", "maaf pak ", "pak ", "bang ", "oh iya ", "tolong ", "kak ", "mang ",
    "maaf, ",
)  # fmt: skip
BEHIND = (
    "", "", "", "", " ya", " ya pak", " makasih", " bos", " yo", " nggih", ", makasih ya", " kak",
)  # fmt: skip
SIDES = {
    "depan": ("depan", "dpn", "depan"), "belakang": ("belakang", "blkg", "blakang"),
    "kanan": ("kanan", "kanan", "ka"), "kiri": ("kiri", "kiri"), "atas": ("atas",),
    "bawah": ("bawah",), "dalam": ("dalam",), "luar": ("luar",),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A turn: the catalogue and the order before it, what is written, what is to be ordered behind it,
    and the clauses by themselves."""

    kind: str
    shop: str
    before: Order
    text: str
    after: Order
    clauses: tuple[str, ...] = ()


@cache
def stock(name: str) -> ItemIndex:
    """A catalogue of which there is enough of everything."""
    index = judge.catalogue(judge.CORPORA / name)
    found = (index.get(item) for item in range(1, len(index) + 1))
    return ItemIndex(replace(entry, available=_ENOUGH) for entry in found if entry is not None)


@cache
def entries(name: str) -> tuple[Entry, ...]:
    index = stock(name)
    return tuple(map(index.entry, range(1, len(index) + 1)))


def _words(index: ItemIndex, entry: Entry) -> list[str]:
    return [word for word in index.words.words[entry.id] if word[:1] != "~" and ":" not in word]


def _apart(index: ItemIndex, entry: Entry, others: Sequence[Entry]) -> list[str]:
    """The words of a name that no other one has, be it in other words, nor may stand for one of its."""
    words = index.words
    return [
        word
        for word in _words(index, entry)
        if not any(
            other.id in words.items(sense) for sense in words.senses(word) for other in others
        )
        and not any(
            word in one or one in word
            for other in others
            for one in _words(index, other)
            if len(one) > 2 and len(word) > 2
        )
    ]


def called(rng: random.Random, index: ItemIndex, entry: Entry, order: Sequence[Entry]) -> str:
    """What somebody calls a line of the order, "" where nothing tells it apart in a word or two."""
    others = [other for other in order if other != entry]
    telling = _apart(index, entry, others)
    plain = [word for word in telling if word.isalpha() and len(word) > 3]
    sized = [
        word for word in telling
        if not word.isalpha() and len(word) > 3 and "p" not in word and "f" not in word
        and entry.name.lower().find(word) >= 0
    ]  # fmt: skip
    kind = index.words.heads[entry.id][0]
    use: list[str] = []
    if plain and kind in plain and rng.random() < 0.6:
        use = [kind + rng.choice(OF_IT)]
    elif plain:
        word = rng.choice(plain)
        said = rng.choice(SIDES.get(word, (word,)))
        use = [rng.choice(WHICH) + said if rng.random() < 0.6 else said + rng.choice(OF_IT)]
    elif sized:
        use = [rng.choice(WHICH) + rng.choice(sized)]
    if use and kind.isalpha() and kind not in use[0] and rng.random() < 0.3:
        use = [f"{kind} {use[0]}"]
    return " ".join(use)


def _count(rng: random.Random, value: int) -> str:
    return rng.choice(NUMBERS.get(value, (str(value),)))


def _said(rng: random.Random, ways: Sequence[str], line: str, number: int = 0) -> str:
    return rng.choice(ways).format(l=line, n=_count(rng, number), j=rng.choice(JUST))


def _change(
    rng: random.Random, kind: str, line: str, entry: Entry, before: int
) -> tuple[str, int] | None:
    """What is said of a line, and how many of it are ordered then."""
    count = rng.randint(1, 10)
    match kind:
        case "set":
            return (_said(rng, SET, line, count), count) if count != before else None
        case "sum":
            if count == before:
                return None
            ways = SET_MORE if count > before else SET_LESS
            return _said(rng, ways, line, count), count
        case "more":
            return _said(rng, MORE, line, count), before + count
        case "less":
            return (_said(rng, LESS, line, count), before - count) if count < before else None
        case "remove":
            return _said(rng, REMOVE, line), 0
    return None


ONE = ("set", "sum", "more", "less", "remove")
KINDS = (*ONE, "why", "keep", "two", "three", "two-why", "new", "only", "all")


def _order(rng: random.Random, shop: str, size: int) -> dict[Entry, int]:
    some = rng.sample(entries(shop), size)
    return {entry: rng.randint(1, 10) for entry in some}


def case(rng: random.Random, kind: str, shops: Sequence[str] = SHOPS) -> Case | None:
    """A turn of a kind, None where the dice gave no sense."""
    shop = rng.choice(shops)
    index = stock(shop)
    order = _order(rng, shop, rng.randint(2, 4))
    lines = list(order)
    after = dict(order)
    clauses: list[str] = []
    touched = rng.sample(lines, len(lines))
    names = {entry: called(rng, index, entry, lines) for entry in lines}
    if not all(names.values()):
        return None
    deeds = {"two": 2, "three": 3, "two-why": 2, "all": 0, "only": 0}.get(kind, 1)
    if deeds >= len(lines) + (kind != "three"):
        return None
    for entry in touched[:deeds]:
        deed = kind if kind in ONE else rng.choice(ONE)
        if kind in ("why",):
            deed = "remove"
        found = _change(rng, deed, names[entry], entry, after[entry])
        if found is None:
            return None
        said, after[entry] = found
        clauses.append(said)
        if kind in ("why", "two-why") and after[entry] < order[entry]:
            # Each of these reasons speaks against more of it.
            clauses[-1] += rng.choice((", ", ", ", " ", ", soalnya ")) + rng.choice(WHY)
    if kind == "keep":
        clauses.insert(rng.choice((1, 1, 0)), rng.choice(KEEP))
    if kind == "all":
        after = dict.fromkeys(after, 0)
        clauses = [rng.choice(("batal semua", "batalin semua", "ga jadi semuanya", "batalke galo",
                               "batal semua ya", "cancel semua aja", "pesanannya batal",
                               "batalkan semua pesanan saya", "semua pesanan batal"))]  # fmt: skip
        clauses[-1] += rng.choice((", ", " bos, ", " pak, ", " ")) + rng.choice(WHY)
    if kind == "only":
        if len(lines) != 2:
            return None
        gone, kept = touched
        after[gone] = 0
        clauses = [_said(rng, REMOVE, names[gone]),
                   names[kept] + rng.choice((" aja", " bae", " saja", " tetap", " jadi"))]  # fmt: skip
    if kind == "new":
        more = rng.choice(entries(shop))
        if more in order:
            return None
        count = rng.randint(1, 9)
        after[more] = count
        said = " ".join(re.sub(r"\(.*?\)|[+,()]", " ", more.name.lower()).split())
        way = rng.choice(("tambah {l} {n}", "sekalian {l} {n}", "tambahin {l} {n} {u}", "sama {l} {n}",
                          "plus {l} {n}", "tambah {n} {l}"))  # fmt: skip
        clauses.append(way.format(l=said, n=count, u=more.unit))
    text = clauses[0]
    for clause in clauses[1:]:
        text += rng.choice(JOINTS) + clause
    text = rng.choice(BEFORE) + text + rng.choice(BEHIND)
    return Case(
        kind, shop, {entry.code: count for entry, count in order.items()}, text,
        {entry.code: count for entry, count in after.items() if count}, tuple(clauses),
    )  # fmt: skip


def cases(seed: int, kind: str, many: int) -> Iterator[Case]:
    """So many turns of a kind."""
    rng = random.Random(f"{seed}{kind}")
    while many:
        found = case(rng, kind)
        if found is not None:
            many -= 1
            yield found


def talk(case: Case) -> judge.Shop:
    """The talk in which a turn is written: what is ordered was the last thing said."""
    index = stock(case.shop)
    shop = judge.Shop(index)
    by_code = {entry.code: entry for entry in entries(case.shop)}
    shop.order = dict(case.before)
    lines = tuple(Line(by_code[code], count) for code, count in case.before.items())
    shop.recent = tuple(line.entry for line in lines)
    shop.talk = Conversation(order=lines, recent=shop.recent)
    return shop


def judged(case: Case) -> str:
    """ "done", "asked" (YA makes it), "amiss" (YA would make another), "people", "else" or "wrong"."""
    shop = talk(case)
    answer = shop.take(case.text)
    if shop.order == case.after and case.after != case.before:
        return "done"
    if shop.order != case.before:
        return "wrong"
    if answer.outcome.value == "choices":
        shop.take("ya")
        return "asked" if shop.order == case.after else "amiss"
    if answer.outcome.value == "human":
        return "people"
    if answer.outcome.value == "unavailable":
        return "short"
    return "else"
