"""Taking back an order in free words. It must be said plainly: of all wishes this one does harm when it
is read into a question, a complaint, or the very opposite ("jangan dibatalkan")."""

from crm_tui.reading.edit_model import SOUND
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.wishes import Conversation

_PHRASES = ("intents.cancel", "dialogue.remove")
_BESIDE = ("polite", "honorifics", "greetings", "pronouns", "ordered", "withdrawn_with")
NUMBERED = ("no", "nomor", "nomer", "nmr")
"""Before a number of an order, or of a list."""
_WHICH = ("yang", "yg", "yng", "nu", "sing")
_POINTS = {*_WHICH, "itu", "ini", "tu", "niki", "iki", "eta", "tadi", "td"}
"""What points at a part of several things as well as at all of them: "batal yang tadi"."""
_OF_IT = ("nya", "nyo", "ny", "ne", "na")
_DOES = ("batal", "cancel", "hapus", "coret", "dibatal")
"""How a word begins that takes back by itself."""
_WHY = """
soalnya soale soalnyo karena krn karna kerna ternyata rupanya jebule tibake kemahalan mahal larang
masih msh salah
"""
_BECAUSE = frozenset(_WHY.split())
_AT = frozenset(("di", "ning", "nang", "neng", "ng"))
_BOUGHT = "beli dibeli kebeli membeli tuku meuli dapat dapet dpt nemu ado ada aya ono"
_BUYS = frozenset(_BOUGHT.split())
_SENT = "minta nyuruh suruh disuruh mau nak arep jadi jd jadinya langsung lgsg"
_SENDS = frozenset(_SENT.split())
_MOST_PLACES = 3
_DONE_TO = ("in", "kan", "ke", "no", "keun")
"""How it ends where it is what shall be done: "batalin"."""
_CLOSES = frozenset(("deh", "lah", "dah", "kak", "pak", "bang", "mas", "mbak", "ya", "yo", "la"))
"""Behind one of these a sentence begins anew, without a pause."""
_DONE = frozenset(("sudah", "sdh", "udah", "udh", "la", "lah", "wis", "wes", "geus", "dah"))
_MOST_TOLD = 10
_SEVERAL = 2
_ONCE_MORE = frozenset(("lagi", "lg", "aja", "bae", "nanti", "ntar", "gek", "jadi", "jd"))
"""Behind a withdrawal they may say what is to be done instead."""
_SAID = frozenset({"tadi", "td", "itu", "ini", "tu"})

HELD = frozenset(("tunda", "ditunda", "tahan", "ditahan", "hold", "pending", "tangguhkan"))
"""Not yet."""


def whole(tagged: Tagged, index: ItemIndex, talk: Conversation) -> bool:
    """Whether the order itself is taken back, all of it, and nothing is named beside it.

    Of several lines, "yang tadi" may be one; behind a question of the shop about something else it may
    be that which is not wanted; a word that some of the lines have, and others not, tells them apart.
    """
    inside = _inside(tagged)
    if any(word.role is Role.NAME and at not in inside for at, word in enumerate(tagged.words)):
        return False
    if (
        tagged.has("dialogue.keep")
        or not plainly(tagged, index)
        or _says_which(tagged, index)
        or unclear(tagged, index)
    ):
        return False
    if tagged.has("intents.orders"):
        return not _tells_apart(tagged, index, talk)
    if talk.asked and not talk.proposed:
        # What is off may be the change that the shop has asked about.
        return False
    ordered = {line.entry.id for line in talk.order}
    asked = {entry.id for entry in (*talk.offered, *talk.quoted)}
    asked |= {line.entry.id for line in talk.proposed}
    pointed = len(ordered) > 1 and not _POINTS.isdisjoint(tagged.texts)
    return not (pointed or (ordered and asked - ordered) or _tells_apart(tagged, index, talk))


def order_number(tagged: Tagged, at: int) -> bool:
    """Whether a number is that of an order: "batal no 12"; "yang no 2" is one of several things."""
    texts = tagged.texts
    if tagged.words[at].role is not Role.NUMBER or at == 0 or texts[at - 1] not in NUMBERED:
        return False
    return at < 2 or texts[at - 2] not in _POINTS or tagged.has("intents.orders")


def _says_which(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether "yang" stands before a word that may say which one, or "nya" behind it, be that word a
    courtesy elsewhere: "yang ka batal"."""
    plain = _SAID | index.lexicon.union("pronouns", "ordered") | set(_WHICH)
    inside = _inside(tagged)
    marked = tagged.has("intents.orders")
    texts = tagged.texts
    return any(
        texts[at + 1] not in plain and not (marked and texts[at + 1] in NUMBERED)
        if texts[at] in _WHICH
        else texts[at + 1] in _OF_IT and texts[at] not in plain and at not in inside
        for at in range(len(texts) - 1)
    )


def _inside(tagged: Tagged) -> set[int]:
    """The places of the words that take back, and of those that say the order itself."""
    names = (*_PHRASES, "intents.orders")
    spans = [span for name in names for span in tagged.marks.get(name, ())]
    return {at for start, end in spans for at in range(start, end)}


def _tells_apart(tagged: Tagged, index: ItemIndex, talk: Conversation, begin: int = 0) -> bool:
    """Whether a word, be it a courtesy elsewhere, stands for some of the lines: "batal yang ka"; behind
    a place."""
    ordered = {line.entry.id for line in talk.order}
    words = index.words
    inside = _inside(tagged)
    return len(ordered) > 1 and any(
        0 < len(ordered & words.items(sense)) < len(ordered)
        for at, word in enumerate(tagged.words)
        if at not in inside and at >= begin
        for key in {word.key, tagged.texts[at]}
        for sense, weight in words.senses(key).items()
        if weight >= SOUND
    )


def which_line(tagged: Tagged, index: ItemIndex, talk: Conversation) -> bool:
    """Whether what stands beside a withdrawal may say which of several lines falls, "ga jadi, tadi",
    "ga jadi, bos" of somebody who has ordered a BOS KLEP, or more is to come: "batal sama"."""
    if len(talk.order) < _SEVERAL or tagged.has("intents.orders", "dialogue.all"):
        return False
    behind = (*(word.role for word in tagged.words[1:]), None)
    bare = any(
        text in NUMBERED and role is not Role.NUMBER
        for text, role in zip(tagged.texts, behind, strict=True)
    )
    if tagged.words[-1].role is Role.LINK or bare:
        return True
    inside = _inside(tagged)
    last = max(inside, default=-1)
    beside = {text for at, text in enumerate(tagged.texts) if at not in inside}
    calm = index.lexicon.union("polite", "honorifics", "beg_pardon", "withdrawn_with")
    if not (calm | _POINTS).issuperset(beside):
        return unclear(tagged, index)
    pointed = not _POINTS.isdisjoint(tagged.texts[last + 1 :])
    return pointed or _tells_apart(tagged, index, talk)


def plainly(tagged: Tagged, index: ItemIndex, *, naming: bool = False) -> bool:
    """Whether a text takes something back and says nothing else but courtesies.

    One phrase of taking back, no question, no negation beside it, no "if". `naming`: words that name
    items may stand there, too.
    """
    why = reason(tagged, index)
    spans = {span for name in _PHRASES for span in tagged.marks.get(name, ()) if span[0] < why}
    inside = {at for start, end in spans for at in range(start, end)}
    if not spans or tagged.asked:
        return False
    if len(inside) != max(end - start for start, end in spans) and not _said_twice(tagged):
        return False
    words = index.lexicon.words
    beside = frozenset().union(*(words[name] for name in _BESIDE))
    kept = {at for start, end in tagged.marks.get("dialogue.keep", ()) for at in range(start, end)}
    return all(
        at in inside
        or at in kept
        or at >= why
        or tagged.texts[at] in beside
        or order_number(tagged, at)
        or (naming and word.role is Role.NUMBER and (word.label or _sized(tagged, index, at)))
        or (naming and word.role is Role.LINK and tagged.texts[at] not in words["either"])
        or (naming and (word.role in (Role.NAME, Role.MAYBE) or called(tagged, at)))
        for at, word in enumerate(tagged.words)
    )


def _sized(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether a number of several digits right behind a name is a part of it."""
    word = tagged.words[at]
    behind = at > 0 and tagged.words[at - 1].role is Role.NAME and not word.token.pause
    plain = word.token.digits and not word.unit and len(word.key) > 1
    return behind and plain and bool(index.words.senses(word.key))


def _said_twice(tagged: Tagged) -> bool:
    """Whether the same is said in other words behind a pause: "ga jadi kak, batalin aja"; "jadi batal"
    and "batal, ga jadi batal" are something else."""
    spans = sorted({span for name in _PHRASES for span in tagged.marks.get(name, ())})
    spans = [
        one for one in spans if not any(_within(one, other) for other in spans if other != one)
    ]
    if len(spans) != 2 or "eh" in tagged.texts:
        return False
    (_, end), (begin, last) = spans
    parted = any(word.token.pause for word in tagged.words[end : begin + 1])
    does = tagged.words[begin].token.text.endswith(_DONE_TO)
    parted = parted or (end < begin and tagged.texts[begin - 1] in _CLOSES and does)
    first = " ".join(tagged.texts[spans[0][0] : end])
    second = " ".join(tagged.texts[begin:last])
    return parted and not first.startswith(_DOES) and second.startswith(_DOES)


def _within(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]


def reason(tagged: Tagged, index: ItemIndex) -> int:
    """The place of the word with which it begins to be said why; behind the last one if it is not."""
    spans = [span for name in _PHRASES for span in tagged.marks.get(name, ())]
    words = index.lexicon.words
    beside = frozenset().union(*(words[name] for name in _BESIDE))
    last = max((end - 1 for _, end in spans), default=0)
    if len(spans) > 1:
        # "Batal semua pak, orangnya ga jadi": that somebody else does not want it is why.
        first = min(spans, key=lambda span: span[1])
        again = {text for start, end in spans for text in tagged.texts[start:end]}
        why = _reason(
            tagged, first[1] - 1, index.lexicon.union("reasons", "vehicles") | beside | again
        )
        if not words["changed_mind"].isdisjoint(tagged.texts[why : why + 2]):
            return why
    return _reason(tagged, last, index.lexicon.union("reasons", "vehicles") | beside)


def told_apart(tagged: Tagged, index: ItemIndex, talk: Conversation) -> int:
    """The place of a last clause that only tells what has happened, behind the withdrawal: "batal
    semua, mobilnya dijual"; 0 if there is none.

    It counts nothing, asks nothing, wants nothing and changes nothing.
    """
    words = index.lexicon.words
    spans = [span for name in _PHRASES for span in tagged.marks.get(name, ())]
    last = max((end for _, end in spans), default=0)
    starts = index.lexicon.union("told_first", "changed_mind")
    closes = index.lexicon.union("honorifics", "polite") | _CLOSES
    begins = [
        at
        for at in range(last, len(tagged.words))
        if tagged.words[at].token.pause
        or (tagged.texts[at] in starts and tagged.texts[at - 1] in closes)
    ]
    if not spans or not begins or tagged.asked:
        return 0
    begin = begins[0]
    behind, texts = tagged.words[begin:], tagged.texts[begin:]
    told = index.lexicon.union("happened", "changed_mind", "vehicles", "mine")
    if told.isdisjoint(texts) or texts[0] in _WHICH or len(texts) > _MOST_TOLD:
        return 0
    if any(word.role in (Role.NUMBER, Role.EACH, Role.LINK) for word in behind):
        return 0
    if tagged.marks.get("veto.complaint") and not words["from_here"].isdisjoint(texts):
        return 0
    if not tagged.has("intents.orders") and _tells_apart(tagged, index, talk, begin):
        # "Batal, ringnya udah dapet" takes back the ring alone.
        return 0
    acts = index.lexicon.union("order", "take", "price", "but", "visit.if")
    acts |= words["slips"]
    calm = index.lexicon.union("happened", "reasons")
    changes = any(
        begin <= start
        for name in ("add", "change", "swap", "less", "deny", "keep", "rest")
        for start, end in tagged.marks.get(f"dialogue.{name}", ())
        if not calm.issuperset(tagged.texts[start:end])
    )
    later = any(start >= begin for start, _ in tagged.marks.get("conditions.pickup", ()))
    acts = (acts - calm) | _ONCE_MORE | words["days"]
    return 0 if changes or later or not acts.isdisjoint(texts) else begin


def unclear(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether one word is all that may be the reason, and may as well say which: "batal, mahal"; or
    whether nothing is said behind the pause but which: "batal, yang itu"."""
    why = reason(tagged, index)
    words = index.lexicon.words
    behind = set(tagged.texts[why:])
    if behind & _POINTS and behind <= _POINTS | index.lexicon.union("polite", "honorifics"):
        return True
    alone = frozenset().union(words["reason_alone"], *(words[name] for name in _BESIDE))
    said = [text for text in tagged.texts[why:] if text not in _OF_IT]
    return len(said) == 1 and said[0] not in alone


def _reason(tagged: Tagged, last: int, words: frozenset[str]) -> int:
    """Where it is said why it is not wanted any more, behind a pause or "because" or with a word for
    it: "masih punya", "kemahalan"; else the end."""
    for at in range(last + 1, len(tagged.words)):
        given = tagged.texts[at] in _BECAUSE and tagged.texts[at - 1] not in _WHICH
        given = given or (
            tagged.texts[at] in _DONE and at > last + 1 and at + 1 < len(tagged.words)
        )
        if tagged.words[at].token.pause or given:
            known = words.issuperset(tagged.texts[at:]) or _had_elsewhere(tagged, at, words)
            return at if known else len(tagged.words)
    return len(tagged.words)


def _had_elsewhere(tagged: Tagged, begin: int, words: frozenset[str]) -> bool:
    """Whether it is said from `begin` on that somebody buys elsewhere: "bos minta beli di jambi", "udah
    dapet di pasar 16". Only a place may be unknown, only "buy" an order, and that right before it."""
    places = [at for at in range(begin, len(tagged.words)) if tagged.texts[at] in _AT]
    if len(places) != 1 or places[0] == begin or tagged.asked:
        return False
    (at,) = places
    behind = tagged.words[at + 1 :]
    bought = tagged.texts[at - 1] in _BUYS
    calm = all(
        tagged.texts[one] in words or tagged.texts[one] in _SENDS for one in range(begin, at - 1)
    )
    named = any(word.role in (Role.NAME, Role.CUE, Role.EACH) or word.unit for word in behind)
    many = sum(word.role in (Role.UNKNOWN, Role.NUMBER) for word in behind) > _MOST_PLACES
    parted = any(word.token.pause for word in tagged.words[begin + 1 :])
    return bought and calm and bool(behind) and not (named or many or parted)


def called(tagged: Tagged, at: int) -> bool:
    """Whether a number is the name of a thing: "6301 nya"."""
    behind = tagged.texts[at + 1] if at + 1 < len(tagged.texts) else ""
    return tagged.words[at].role is Role.NUMBER and behind in _OF_IT


def held_back(tagged: Tagged) -> bool:
    """Whether something that is ordered is not to be done, or not yet: "jangan dulu diproses"."""
    held = not HELD.isdisjoint(tagged.texts)
    return held or tagged.has("dialogue.deny", "dialogue.remove", "dialogue.unneeded")
