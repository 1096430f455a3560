"""What makes a text one for a person, whatever else it says; and whether a phrase still counts."""

import re

from crm_tui.errors import N_
from crm_tui.reading import cues, saying
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.mixed import about_another, come_true, of_whose
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

_SPOKEN = ("negation", "past", "later")
"""Groups of words that no name of an item is mistaken for."""

_HOSTILE = re.compile(
    r"^\s*=|(?<!<)<(?![<\s])|[{}\[\]\\|]|--(?!\s*[a-zA-Z])|https?:|www\.|\*\d+#|#\d+\*"
)


AGREES = ("ya", "y", "yo", "iya", "yaa", "yoh", "oke", "ok")
"""Before "already" these agree: "ya udah"."""
_DEAR = ("mahal", "kemahalan", "larang", "mehong")
_MOST_NAMED = 3
"""So many words name a workshop."""
_MOST_WHO = 5
"""So many words say who will come."""
MINE = ("saya", "sy", "aku", "ku", "kulo", "abdi", "punya", "punyo", "punyaku")
_WILL = ("tak", "ra")
_USES = ("pake", "pakai", "pakek", "nganggo", "make")
_SOON = frozenset(("nanti", "ntar", "entar", "tar", "gek", "mengko"))
_NOT = (
    "belum", "blm", "blom", "belom", "tidak", "tdk", "ndak", "idak", "ora", "teu", "henteu",
    "mboten", "boten", "enggak", "lum", "not",
)  # fmt: skip
NEVER = frozenset(
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
        text in NEVER and at not in inside and not _asks_whether(tagged, index, at)
        for at, text in enumerate(tagged.texts)
    )


def refused(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether something is not done or not wanted: "gak kirim kenari 2", "kenari 2 tak jadi".

    Behind "is there" and "may I" the same words only ask.
    """
    words, texts = index.lexicon.words, tagged.texts
    asking = index.lexicon.union("stock", "may", "price", "whether")
    idle = {
        at for start, end in tagged.marks.get("conditions.filler", ()) for at in range(start, end)
    }
    for at, text in enumerate(texts[:-1]):
        following, before = texts[at + 1], texts[at - 1] if at else ""
        begins = not at or bool(tagged.words[at].token.pause)
        no = text in words["refusing"] or (text in words["also_refuses"] and begins)
        if not no or at in idle or tagged.words[at + 1].token.pause:
            continue
        verb = (
            following in words["refused"]
            or (begins and following in _USES)
            or (following in words["doing"] and text not in _WILL)
        )
        if verb and (begins or before not in asking):
            return True
    return False


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
    settled += cues.out_spans(tagged) if found else []
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
            if group == "past" and (
                _goes_ahead(tagged, index, start)
                or saying.asks_again(tagged, index, start)
                or saying.asked_lately(tagged, index, start)
            ):
                continue
            if group == "spam" and saying.greets(tagged, index, start, end):
                continue
            if group == "later" and saying.estimates(tagged, index, end):
                continue
            if group == "mistaken" and (
                saying.own_sold(tagged, index, start) or saying.asks_sold(tagged, index, start, end)
            ):
                continue
            if group == "own" and any(one.token.pause > 1 for one in tagged.words[start + 1 : end]):
                # "… kami. Terima kasih"
                continue
            if group == "others" and any(one.token.pause for one in tagged.words[start + 1 : end]):
                # "Bapak/Ibu, saya …"
                continue
            if group == "others" and _entrusts(tagged, index, start):
                continue
            if group == "others" and _addresses(tagged, index, end):
                continue
            if group == "complaint" and (
                saying.trails(tagged, start, end) or saying.to_replace(tagged, index, start)
            ):
                continue
            if (
                group == "service"
                and end - start == 1
                and (_served(tagged, index, start) or _done_before(tagged, index, start))
            ):
                continue
            if group == "haggle" and saying.net(tagged, index, start):
                continue
            if group == "others" and _rung_up(tagged, index, start):
                continue
            soon = group == "later" and tagged.texts[start] in _SOON
            if (group == "others" or soon) and _fetches(tagged, index, start, end):
                continue
            if group == "complaint" and (_dear(tagged, index, start) or worn(tagged, index, start)):
                continue
            if group == "later" and (
                _asks_first(tagged, index, start, end)
                or about_another(tagged, index, start)
                or come_true(tagged, index, start, end)
            ):
                continue
            if group == "others" and of_whose(tagged, index, start, end):
                continue
            if end - start > 1 and group not in _SPOKEN and _called_so(tagged, index, start, end):
                continue
            if group in ("later", "haggle") and saying.compares_two(tagged, index, start, end):
                continue
            if group == "advice" and (
                saying.compares_prices(tagged, index, start) or saying.which_ones(tagged, start)
            ):
                continue
            if group == "advice" and cues.arrived(tagged, index) in range(start, end):
                # "Dah masuk dak?" asks whether goods have come, not whether a part fits.
                continue
            return WHY[group]
    return ""


def _goes_ahead(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether "already" only agrees to go ahead: "ya udah pesan kenari 1"."""
    agreed = at > 0 and tagged.texts[at - 1] in AGREES and not tagged.words[at].token.pause
    only = not index.lexicon.words["just"].isdisjoint(tagged.texts[at + 2 : at + 3])
    # "Udah ambil aja kenari 2"
    agreed = agreed or (not at and only and tagged.texts[at + 1] in index.lexicon.words["doing"])
    return agreed and tagged.texts[at] in index.lexicon.words["done"] and not tagged.asked


def sent_to(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether a text begins with where to something is to be sent, or that an address is wrong."""
    calm = index.lexicon.union("polite", "honorifics", "beginnings", "yes")
    texts = tagged.texts
    at = next((at for at, text in enumerate(texts) if text not in calm), len(texts))
    first, behind = texts[at : at + 1], texts[at + 1 : at + 3]
    sent = bool(first) and first[0] in index.lexicon.words["take"] and "ke" in behind
    wrong = first in (("salah",), ("keliru",)) and behind[:1] in (("alamat",), ("almt",))
    counted = any(word.role is Role.NUMBER and word.unit for word in tagged.words)
    return (sent or wrong) and not counted


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
    """Whether somebody tells what is broken of a vehicle, and asks for something behind it: "musi
    saya bocor, kenarinya ada?". Nothing that came from the shop is complained of."""
    words = index.lexicon.words
    if tagged.texts[at] not in words["worn"] or tagged.has("veto.past", "veto.negation"):
        return False
    told = index.lexicon.union("bought", "got", "ordered")
    asks = tagged.cue("price", index.lexicon) or tagged.cue("stock", index.lexicon)
    if asks and not words["accidents"].isdisjoint(tagged.texts):
        # What an accident has broken is to be had anew: "kenari musi pecah ketabrak, brp?".
        return index.lexicon.union("doing", "got", "ordered").isdisjoint(tagged.texts)
    if not told.isdisjoint(tagged.texts):
        return False
    behind = range(at + 1, len(tagged.words))
    own = any(
        tagged.texts[one] in MINE or tagged.texts[one] in words["vehicles"]
        for one in range(max(0, at - _MOST_WHO), at)
    )
    if own and asks_for(tagged, index, range(at)):
        return True
    parted = any(tagged.words[one].token.pause for one in behind)
    return parted and asks_for(tagged, index, behind)


def asks_for(tagged: Tagged, index: ItemIndex, places: range) -> bool:
    """Whether these words ask for the price or the stock of something."""
    asking = index.lexicon.words["asking"]
    named = any(tagged.words[at].role is Role.NAME for at in places)
    return named and any(tagged.texts[at] in asking for at in places)


def _fetches(tagged: Tagged, index: ItemIndex, start: int, end: int) -> bool:
    """Whether it only says who will come for what is ordered: "nanti anak saya yg ambil"."""
    fetch = index.lexicon.words["fetch"] | index.lexicon.words["daytimes"]
    behind = tagged.texts[end : end + _MOST_WHO]
    counted = any(word.role is Role.NUMBER for word in tagged.words[:start])
    still = all(word.role in (Role.STILL, Role.CUE) for word in tagged.words[end:])
    return counted and still and not fetch.isdisjoint(behind)


def _rung_up(tagged: Tagged, index: ItemIndex, start: int) -> bool:
    """Whether it only says whom to ring up about what is ordered: "kenari 2, hub anak saya 0812…"."""
    near = tagged.texts[max(0, start - 2) : start]
    counted = any(word.role is Role.NUMBER for word in tagged.words[:start])
    still = all(word.role in (Role.STILL, Role.UNKNOWN) for word in tagged.words[start:])
    return counted and still and not index.lexicon.words["contacts"].isdisjoint(near)


def _asks_first(tagged: Tagged, index: ItemIndex, start: int, end: int) -> bool:
    """Whether "tanya dulu" only begins a question, and nothing is ordered."""
    asking = tagged.cue("price", index.lexicon) or tagged.cue("stock", index.lexicon)
    plain = index.lexicon.words["doing"].isdisjoint(tagged.texts)
    return asking and plain and tagged.texts[start:end] == ("tanya", "dulu")


def _served(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether a word of delivery or payment only stands behind what is ordered: who fetches it, how it
    is sent, that a bill is wanted. A question, or a word about money, is for people."""
    words, texts = index.lexicon.words, tagged.texts
    ordered = not words["doing"].isdisjoint(texts) or any(
        word.role is Role.NUMBER for word in tagged.words[:at]
    )
    if tagged.asked or not ordered or not any(word.role is Role.NAME for word in tagged.words[:at]):
        return False
    near = texts[max(0, at - _MOST_WHO) : at + _MOST_WHO]
    if texts[at] in words["invoice"]:
        return words["price"].isdisjoint(near)
    if texts[at] in words["people"] and not words["fetch"].isdisjoint(near):
        return True
    return texts[at] in words["carriers"] and not words["via"].isdisjoint(
        texts[max(0, at - 2) : at]
    )


def _done_before(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether it is told what was done to a vehicle already, before the price of something is asked:
    "udah diservis tetep aja, brp kenari musi"."""
    words, texts = index.lexicon.words, tagged.texts
    told = at > 0 and texts[at - 1] in words["done"] and not tagged.words[at].token.pause
    behind = [one for one in range(at + 1, len(texts)) if tagged.words[one].token.pause]
    if not told or not behind or not (words["doing"] | words["from_here"]).isdisjoint(texts):
        return False
    named = any(word.role is Role.NAME for word in tagged.words[behind[-1] :])
    return named and not words["price"].isdisjoint(texts[behind[-1] :])


def _addresses(tagged: Tagged, index: ItemIndex, end: int) -> bool:
    """Whether a phrase ends with an address behind which nobody is named: "pesanannya pak"."""
    last = tagged.texts[end - 1] in index.lexicon.words["honorifics"]
    return last and (end == len(tagged.words) or tagged.words[end].token.pause > 0)


def _entrusts(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether somebody only leaves an order of their own: "nitip pesen kenari 2"."""
    words = index.lexicon.words
    leaves = tagged.texts[at] in words["leaves"]
    ordered = not words["order"].isdisjoint(tagged.texts[at + 1 : at + 2])
    return leaves and ordered and words["purpose"].isdisjoint(tagged.texts[at:])


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


def _called_so(tagged: Tagged, index: ItemIndex, start: int, end: int) -> bool:
    """Whether a phrase is a part of an item's name, behind another word of it."""
    if not start or tagged.words[start - 1].role is not Role.NAME:
        return False
    texts = tagged.texts[start - 1 : end]
    words = index.words
    having = [words.items(index.lexicon.name(text)) for text in texts]
    return bool(set.intersection(*having))


def _harmless(tagged: Tagged, index: ItemIndex, group: str, at: int) -> bool:
    """Whether a single word is one of the catalogue's, or the unit of a number."""
    word = tagged.words[at]
    if group in _SPOKEN:
        return False
    near = tagged.texts[max(0, at - _MOST_NAMED) : at]
    marked = not index.lexicon.words["markers"].isdisjoint(near)
    bank = group == "service" and tagged.texts[at] in index.lexicon.words["banks"]
    if bank and word.role is Role.STILL and marked and not tagged.asked:
        # A workshop, or a street, that is called like a bank.
        return True
    counted = at > 0 and tagged.words[at - 1].role is Role.NUMBER
    named = index.words.has(tagged.texts[at])
    unit = tagged.texts[at] in index.lexicon.units or tagged.texts[at] in index.lexicon.measures
    return named or (counted and unit and bool(tagged.words[at - 1].unit))
