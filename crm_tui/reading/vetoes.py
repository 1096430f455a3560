"""What makes a text one for a person, whatever else it says; and whether a phrase still counts."""

import re

from crm_tui.errors import N_
from crm_tui.reading import cues
from crm_tui.reading.asides import heading
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Role, Tagged

WHY = {
    "own": N_("quotes a text of the shop"),
    "spam": N_("looks like advertising or a notice"),
    "mistaken": N_("not meant for the shop, perhaps"),
    "others": N_("about somebody else's order"),
    "complaint": N_("a complaint, perhaps"),
    "service": N_("about delivery, payment, service or hours"),
    "past": N_("about something in the past"),
    "later": N_("later, or on a condition"),
    "haggle": N_("about the price"),
    "advice": N_("asks for advice"),
    "negation": N_("a negation"),
}
"""Why each group of phrases is for a person."""

STRANGE = ("own", "spam", "mistaken")
PERSONAL = ("others", "complaint", "service")
DOUBTFUL = ("past", "later", "haggle", "advice")

_HOSTILE = re.compile(r"^\s*=|[<>{}\[\]\\|]|--|https?:|www\.|\*\d+#|#\d+\*")


AGREES = ("ya", "y", "yo", "iya", "yaa", "yoh", "oke", "ok")
"""Before "already" these agree: "ya udah"."""
_DEAR = ("mahal", "kemahalan", "larang", "mehong")
_OTHER = ("beda", "bedo", "selisih")
_NOT = (
    "belum", "blm", "blom", "belom", "tidak", "tdk", "ndak", "idak", "ora", "teu", "henteu",
    "mboten", "boten", "enggak", "lum", "not",
)  # fmt: skip
_NEVER = frozenset(
    (*_NOT, "moal", "tunda", "ditunda", "pending", "hold", "tahan", "ditahan", "without")
)
_STILL_THERE = (
    "masih", "msh", "keneh", "stok", "stock", "stoknya", "barang", "barangnya", "apa", "apo", "atau",
    "sudah", "udah", "la",
)  # fmt: skip


def stray_negation(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether "not" is said and neither takes something back nor only asks: "belum jadi 3"."""
    names = ("dialogue.remove", "dialogue.unneeded", "dialogue.keep", "conditions.filler")
    spans = [span for name in names for span in tagged.marks.get(name, ())]
    inside = {at for start, end in spans for at in range(start, end)}
    return any(
        text in _NEVER and at not in inside and not _asks_whether(tagged, index, at)
        for at, text in enumerate(tagged.texts)
    )


def hostile(text: str) -> bool:
    """Whether a text has signs that no customer writes: markup, formulas, operators' numbers."""
    return bool(_HOSTILE.search(text))


def vetoed(tagged: Tagged, index: ItemIndex, groups: tuple[str, ...]) -> str:
    """Why the text is for a person, by the first group of which a phrase stands in it, or ""."""
    found = [group for group in groups if tagged.marks.get(f"veto.{group}")]
    settled = [
        span
        for name in ("if_available", "if_out", "when_ready", "pickup", "filler")
        for span in (tagged.marks.get(f"conditions.{name}", ()) if found else ())
    ]
    for group in found:
        for start, end in tagged.marks[f"veto.{group}"]:
            if any(begin < end and start < stop for begin, stop in settled):
                continue
            if end - start == 1 and _asks_whether(tagged, index, start):
                continue
            if end - start == 1 and _harmless(tagged, index, group, start):
                continue
            if group == "negation" and _belongs(tagged, index, start):
                continue
            if group == "others" and _addresses(tagged, index, end):
                continue
            if group == "complaint" and (_dear(tagged, index, start) or worn(tagged, index, start)):
                continue
            if group == "advice" and _compares_prices(tagged, index, start):
                continue
            return WHY[group]
    return ""


def happened(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether something was done already: "sudah saya ambil", "terima barang 4", "mana pesanan"."""
    words = index.lexicon.words
    texts = tagged.texts
    if any(
        text in words["ordered"]
        and words["recorded"].isdisjoint(texts[max(0, at - 2) : at])
        and not heading(tagged, index, at)
        for at, text in enumerate(texts)
    ):
        return True
    for at, text in enumerate(texts):
        following = texts[at + 1 : at + 4]
        if text in words["got"] and not {"kasih", "kasi", "ksh"} & set(following[:1]):
            return True
        agreed = at > 0 and texts[at - 1] in AGREES
        if text in words["done"] and not agreed and any(one in words["doing"] for one in following):
            return True
    return False


def _asks_whether(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether "not" only makes a question of "is there": "ada tidak?", "sudah ada belum"."""
    words = index.lexicon.words
    texts = tagged.texts
    if texts[at] not in _NOT or not words["doing"].isdisjoint(texts):
        return False
    if cues.arrived(tagged, index) == at:
        # Said of goods, it only asks whether there are some.
        return True
    if not tagged.cue("stock", index.lexicon):
        return False
    if all(word.role is Role.STILL for word in tagged.words[at + 1 :]):
        return True
    before = at - 1
    while before > 0 and texts[before] in _STILL_THERE:
        before -= 1
    following = tagged.words[at + 1]
    return before >= 0 and texts[before] in words["stock"] and following.role is Role.NAME


def _dear(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether somebody who finds a thing dear asks for the price of another one."""
    words = index.lexicon.words
    asked = tagged.asked or tagged.cue("price", index.lexicon)
    asked = asked and words["doing"].isdisjoint(tagged.texts)
    behind = any(word.role is Role.NAME for word in tagged.words[at + 1 :])
    return asked and behind and tagged.texts[at] in _DEAR


def worn(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether somebody tells what is broken of his vehicle, and asks for something behind it: "musi
    saya bocor, kenarinya ada?". Nothing that he has from the shop is complained of."""
    words = index.lexicon.words
    if tagged.texts[at] not in words["worn"] or tagged.has("veto.past", "veto.negation"):
        return False
    behind = range(at + 1, len(tagged.words))
    parted = any(tagged.words[one].token.pause for one in behind)
    asked = any(tagged.texts[one] in words["asking"] for one in behind)
    named = any(tagged.words[one].role is Role.NAME for one in behind)
    told = words["bought"] | words["got"] | words["ordered"]
    return parted and asked and named and told.isdisjoint(tagged.texts)


def _addresses(tagged: Tagged, index: ItemIndex, end: int) -> bool:
    """Whether a phrase ends with an address behind which nobody is named: "pesanannya pak"."""
    last = tagged.texts[end - 1] in index.lexicon.words["honorifics"]
    return last and (end == len(tagged.words) or tagged.words[end].token.pause > 0)


def _compares_prices(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether "is it another" asks about prices that are told anyway: "berapa, beda ga?"."""
    words = index.lexicon.words
    asked = tagged.cue("price", index.lexicon) and words["doing"].isdisjoint(tagged.texts)
    return asked and tagged.texts[at].startswith(_OTHER)


def _belongs(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether the first word of a phrase is one of an item's name, right behind another one: what is
    called KENARI STOP, in "2 kenari stop pesan ya"."""
    word = tagged.words[at]
    if not at or word.role is not Role.NAME or word.token.pause:
        return False
    words = index.words
    before = [words.items(sense) for sense in words.senses(tagged.words[at - 1].key)]
    return any(
        not items.isdisjoint(others)
        for items in map(words.items, words.senses(word.key))
        for others in before
    )


def _harmless(tagged: Tagged, index: ItemIndex, group: str, at: int) -> bool:
    """Whether a single word is one of the catalogue's, or the unit of a number."""
    word = tagged.words[at]
    if group in ("negation", "past", "later"):
        return False
    before = tagged.texts[at - 1] if at else ""
    if group == "service" and word.role is Role.STILL and before in index.lexicon.words["markers"]:
        # A workshop, or a street, that is called like a bank.
        return True
    counted = at > 0 and tagged.words[at - 1].role is Role.NUMBER
    named = index.words.has(tagged.texts[at])
    return named or (counted and word.role is Role.STILL and bool(tagged.words[at - 1].unit))
