"""Phrases that elsewhere leave a text to people, and say nothing of the kind where they stand: "kok"
at an end, "mlm pak", "kira2 brp", "brp tadi harganya", a vehicle that was sold, compared prices."""

from itertools import pairwise

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Role, Tagged

JUST_NOW = ("tadi", "td")
_BY_GUESS = frozenset(("kira2", "nanti", "ntar", "entar", "tar", "gek", "mengko"))
_COMES_TO = frozenset(
    ("habis", "abis", "kena", "jadi", "jadinya", "total", "totalnya", "harga", "harganya")
)
"""Between "about" and how much."""
_NEAR_ASKING = 4
_REPLACES = ("ganti", "gantian", "diganti", "gantiin")
_OTHER = ("beda", "bedo", "selisih")


def trails(tagged: Tagged, start: int, end: int) -> bool:
    """Whether "kok" only assures of what is said before it, at the end of a clause: "uang pas kok"."""
    ends = end == len(tagged.words) or bool(tagged.words[end].token.pause)
    begins = not start or bool(tagged.words[start].token.pause)
    said = tagged.texts[start:end] == ("kok",)
    return said and ends and not begins and not tagged.asked


def asks_again(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether it is only asked once more what something costs: "brp tadi harganya"."""
    words, texts = index.lexicon.words, tagged.texts
    calm = index.lexicon.union("price", "polite", "honorifics", "that")
    only = tagged.texts[at] in JUST_NOW and calm.issuperset((*texts[:at], *texts[at + 1 :]))
    return only and not words["visit.many"].isdisjoint(texts)


def asked_lately(tagged: Tagged, index: ItemIndex, start: int) -> bool:
    """Whether it is only told that the same was asked before, and it is asked anew: "kemaren tanya
    kenari, masih ada?", "yg tadi saya tanya kenari brp". Nothing is ordered or counted."""
    words, texts = index.lexicon.words, tagged.texts
    near = texts[max(0, start - 2) : start + _NEAR_ASKING]
    asks = tagged.cue("price", index.lexicon) or tagged.cue("stock", index.lexicon)
    told = index.lexicon.union("bought", "got", "ordered", "reached", "doing").difference(_REPLACES)
    named = any(word.role is Role.NAME for word in tagged.words)
    said = not words["asks"].isdisjoint(near) and texts[start] not in words["relays"]
    return asks and named and said and told.isdisjoint(texts)


def to_replace(tagged: Tagged, index: ItemIndex, start: int) -> bool:
    """Whether it is told why something of one's own is to be replaced, and asked what that costs: "mau
    ganti soalnya bunyi terus, brp"."""
    words, texts = index.lexicon.words, tagged.texts
    near = texts[max(0, start - _NEAR_ASKING) : start]
    wants = any(one in words["intends"] and two in _REPLACES for one, two in pairwise(near))
    asks = tagged.cue("price", index.lexicon) or tagged.cue("stock", index.lexicon)
    told = index.lexicon.union("bought", "got", "ordered", "reached").difference(_REPLACES)
    return wants and asks and told.isdisjoint(texts)


def greets(tagged: Tagged, index: ItemIndex, start: int, end: int) -> bool:
    """Whether the short word for an evening begins a text, before an address: "mlm pak"."""
    addressed = (
        tagged.texts[end : end + 1] and tagged.texts[end] in index.lexicon.words["honorifics"]
    )
    return not start and tagged.texts[:end] == ("mlm",) and bool(addressed)


def estimates(tagged: Tagged, index: ItemIndex, end: int) -> bool:
    """Whether "about" or "later" only asks what it will cost: "kira2 habis berapa", "ntar brp". Nothing
    is counted or ordered."""
    words, texts = index.lexicon.words, tagged.texts
    if not words["doing"].isdisjoint(texts) or any(
        word.role is Role.NUMBER and not word.label for word in tagged.words
    ):
        return False
    at = end
    while at < len(texts) and texts[at] in _COMES_TO and not tagged.words[at].token.pause:
        at += 1
    many = words["visit.many"]
    if at == len(texts) and end > 1 and texts[end - 1] in _BY_GUESS and texts[end - 2] in many:
        # "Berapa kira2"
        return True
    asked = at < len(texts) and texts[at] in many and tagged.texts[end - 1] in _BY_GUESS
    return asked and words["time"].isdisjoint(texts[at + 1 : at + 2])


def net(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether "net" only says which price is asked for: "harga net berapa"."""
    words = index.lexicon.words
    plain = tagged.texts[at] in ("net", "nett") and words["doing"].isdisjoint(tagged.texts)
    counted = any(word.role is Role.NUMBER and not word.label for word in tagged.words)
    return plain and not counted and at > 0 and tagged.texts[at - 1] in words["price"]


def own_sold(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether it is somebody's vehicle that is sold: "kendaraannya udah dijual"."""
    vehicles = index.lexicon.words["vehicles"]
    near = tagged.texts[max(0, at - 3) : at]
    return tagged.texts[at] in ("dijual", "kejual") and not vehicles.isdisjoint(near)


def asks_sold(tagged: Tagged, index: ItemIndex, start: int, end: int) -> bool:
    """Whether it is asked if the shop sells something: "apakah menjual kenari?"."""
    asks = tagged.asked or not index.lexicon.words["whether"].isdisjoint(tagged.texts[:start])
    named = any(word.role is Role.NAME for word in tagged.words[end:])
    plain = end - start == 1 and tagged.texts[start] == "menjual"
    return plain and asks and named and index.lexicon.words["doing"].isdisjoint(tagged.texts)


def which_ones(tagged: Tagged, at: int) -> bool:
    """Whether it is asked which ones there are: "ada yg mana aja"."""
    return any(start <= at < end for start, end in tagged.marks.get("intents.which_ones", ()))


def compares_prices(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether "is it another" asks about prices that are told anyway: "berapa, beda ga?"."""
    words = index.lexicon.words
    asked = tagged.cue("price", index.lexicon) and words["doing"].isdisjoint(tagged.texts)
    # "Yang kanan sama ga harganya"
    same = tagged.texts[at] in ("sama", "samo") and any(
        text in words["price"] for text in tagged.texts[at + 1 : at + 4]
    )
    return asked and (same or tagged.texts[at].startswith(_OTHER))


def compares_two(tagged: Tagged, index: ItemIndex, start: int, end: int) -> bool:
    """Whether two things are compared whose prices are asked for: "bandingin harga A sama B", "lebih
    murah mana, A apa B"."""
    words, texts = index.lexicon.words, tagged.texts
    asked = tagged.cue("price", index.lexicon) and words["doing"].isdisjoint(texts)
    linked = any(word.role is Role.LINK for word in tagged.words)
    which = not words["whether"].isdisjoint(texts[end : end + 1])
    said = texts[end - 1] in words["compares"]
    return asked and linked and said and (which or texts[start:end] != ("lebih", "murah"))
