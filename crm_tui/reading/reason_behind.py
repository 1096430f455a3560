"""A withdrawal with why in a clause of its own, whoever that tells of: "dak jadi mang, dimarahi mak
aku", "ga jadi pak, suami saya sudah membeli".

What is taken back must be certain from its own clause alone, and be all that is ordered; the reason may
count, ask, want, change and name nothing else, put nothing off, and hold no second withdrawal.
"""

from collections.abc import Callable

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.turn import WHICH
from crm_tui.reading.wishes import Conversation, Kind, Reading

_PHRASES = ("intents.cancel", "dialogue.remove")
_MOST_TOLD = 10
_MOST_STRANGE = 4
_FEWEST = 2
_A_DEED = 6
"""So many letters has what begins as what has befallen somebody: "ditabrak", "ketabrak"."""
_BEFALLEN = ("di", "ke")
_TAKEN = (
    "ambil",
    "kirim",
    "antar",
    "anter",
    "jemput",
    "bayar",
    "pesan",
    "order",
    "tunda",
    "tukar",
    "tuker",
)
"""What is done with the goods: it may be said how it is to be instead."""
_SAYS_NOTHING = frozenset(
    (
        "intents.status_marks", "intents.done", "intents.again", "dialogue.idle", "veto.others",
        "veto.past", "veto.spam",
    )
)  # fmt: skip
_BOUGHT = "beli dibeli kebeli membeli tuku meuli dapat dapet dpt nemu punya punyo ada ado"
_HAS = frozenset(_BOUGHT.split())
_ELSEWHERE = frozenset(("ke", "di", "dari", "buat", "untuk", "utk", "aja", "bae", "saja", "wae"))
"""They may say where, for whom, or what is to be had instead."""

Read = Callable[[str, ItemIndex, Conversation], Reading]


def read(
    tagged: Tagged, text: str, index: ItemIndex, talk: Conversation, ask: Read
) -> Reading | None:
    """The withdrawal of all that is ordered; None where anything else may be meant."""
    if not talk.order or talk.offered or talk.proposed or talk.asked or "?" in text:
        return None
    span = min((span for name in _PHRASES for span in tagged.marks.get(name, ())), default=None)
    if span is None or tagged.asked or tagged.priced or tagged.negative:
        return None
    cut = _behind(tagged, span[1], index)
    if not cut or not _calm(tagged, 0, span[0], index) or not _tells(tagged, cut, index, talk):
        return None
    first = text[: tagged.words[cut - 1].span[1]]
    found = ask(first, index, talk)
    every = len(talk.order) == 1 or any(
        start < cut for name in ("intents.orders", "dialogue.all")
        for start, _ in tagged.marks.get(name, ())
    )  # fmt: skip
    return found if every and _all_falls(found, talk) else None


def _all_falls(found: Reading, talk: Conversation) -> bool:
    """Whether all that is ordered is taken back, and nothing else is read."""
    if not found.certain or len(found.wishes) != 1:
        return False
    (wish,) = found.wishes
    gone = {line.entry for line in wish.lines if line.quantity == 0}
    emptied = wish.kind is Kind.AMEND and gone == {line.entry for line in talk.order}
    return wish.kind is Kind.CANCEL or (emptied and len(gone) == len(wish.lines))


def _behind(tagged: Tagged, end: int, index: ItemIndex) -> int:
    """Where the clause of the withdrawal ends: at a pause, or where it is said what has happened
    already; 0 if it goes on otherwise."""
    done = index.lexicon.words["told_first"] | {"sudah", "sdh", "udah", "udh", "soalnya", "karena"}
    for at in range(end, len(tagged.words)):
        if tagged.words[at].token.pause or tagged.texts[at] in done:
            return at
    return 0


def _calm(tagged: Tagged, begin: int, end: int, index: ItemIndex) -> bool:
    """Whether some words only greet, beg pardon or call somebody."""
    calm = index.lexicon.union("polite", "honorifics", "greetings", "beg_pardon", "exclaims")
    return calm.issuperset(tagged.texts[begin:end])


def _tells(tagged: Tagged, begin: int, index: ItemIndex, talk: Conversation) -> bool:
    """Whether what stands from a place on tells what has happened, and nothing else."""
    words = index.lexicon.words
    texts, said = tagged.texts[begin:], tagged.words[begin:]
    happened = index.lexicon.union("happened", "mine", "worn", "states", "accidents") | _HAS
    if not _FEWEST <= len(texts) <= _MOST_TOLD or texts[0] in words["mine"]:
        # "Batal, punya adek saya" says whose.
        return False
    if sum(word.role is Role.UNKNOWN for word in said) > _MOST_STRANGE:
        return False
    never = index.lexicon.union(
        "order", "take", "price", "but", "visit.if", "days", "slips", "want"
    )
    never = (never - happened) | _ELSEWHERE | frozenset(WHICH)
    if not never.isdisjoint(texts) or texts[-1] in words["tags"] - words["polite"]:
        return False
    ordered = {line.entry.id for line in talk.order}
    for text, word in zip(texts, said, strict=True):
        if word.role in (Role.NUMBER, Role.EACH, Role.LINK) or any(map(str.isdigit, text)):
            return False
        if word.role is Role.CUE and text not in happened:
            return False
        if word.role is Role.NAME and ordered.isdisjoint(index.words.items(word.key)):
            return False
        if text.startswith(_BEFALLEN) and text[2:].startswith(_TAKEN):
            return False
    for name, spans in tagged.marks.items():
        if name in _SAYS_NOTHING or not name.startswith(
            ("veto.", "dialogue.", "conditions.", "intents.")
        ):
            continue
        if any(begin < end and tagged.texts[start:end] != ("lagi",) for start, end in spans):
            return False
    return any(text in happened or _befallen(text) for text in texts)


def _befallen(text: str) -> bool:
    """Whether a word is formed as what was done to somebody or something: "dimarahi", "ketabrak"."""
    return text.startswith(_BEFALLEN) and len(text) >= _A_DEED
