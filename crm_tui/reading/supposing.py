"""Words around a turn that only say what it is about, or who decided: "kalo depannya 2 aja, masukin",
"kata bos pesan 2". What is left is read by itself, and may then say less."""

from dataclasses import replace

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.replacement import REPLACES
from crm_tui.reading.roles import Role, Tagged, without
from crm_tui.reading.turn import WHICH
from crm_tui.reading.vetoes import MINE
from crm_tui.reading.wishes import Conversation, Kind, Reading

_CALM = ("polite", "honorifics", "just", "want", "purpose", "make")
_WITH = frozenset(("pake", "pakai", "pakek", "nganggo", *WHICH))
_TOLD = frozenset(("katanya", "katonyo", "jarene"))
_AMAT = "amat banget bgt nian sekali kali terlalu nemen pisan men itu yang yg wah waduh"
_VERY = frozenset(_AMAT.split())
_ORDERED = ("pes", "psn", "psa", "mes", "ord")
"""How a word begins that tells of an order, and of nothing that was bought."""
_HALF = 0.5


def topic(tagged: Tagged, text: str, index: ItemIndex) -> str | None:
    """A text without the "if" that only says what it is about; None if it says more.

    It begins the text, right before the name of something; so many are wanted, and no other word may
    be a condition.
    """
    words, texts = index.lexicon.words, tagged.texts
    starts = [start for start, _ in tagged.marks.get("conditions.condition", ())]
    later = tagged.marks.get("veto.later", ())
    if len(starts) != 1 or any(start != starts[0] for start, _ in later) or tagged.asked:
        return None
    begin = starts[0]
    behind = begin + 1
    while behind < len(texts) and texts[behind] in WHICH:
        behind += 1
    if behind >= len(texts) or tagged.words[behind].role is not Role.NAME:
        return None
    calm = frozenset().union(_WITH, *(words[name] for name in _CALM))
    quiet = (Role.NAME, Role.NUMBER, Role.MAYBE)
    inside = {
        at
        for name in ("dialogue.add", "dialogue.also")
        for start, end in tagged.marks.get(name, ())
        for at in range(start, end)
    }
    counted = any(word.role is Role.NUMBER and not word.label for word in tagged.words)
    plain = all(
        (word.role in quiet and texts[at] not in words["plain"])
        or at == begin
        or at in inside
        or texts[at] in calm | words["doing"]
        or (word.role is Role.STILL and at and tagged.words[at - 1].role is Role.NUMBER)
        for at, word in enumerate(tagged.words)
    )  # fmt: skip
    if not counted or not plain:
        return None
    start, end = tagged.words[begin].span
    return text[:start] + " " * (end - start) + text[end:]


def if_there(tagged: Tagged, text: str, index: ItemIndex) -> str | None:
    """A text without the question whether there is some, before so many that are taken: "masih ada kan?
    ambil 2" is no more than "if there are, 2"; None if it is no such text."""
    words, texts = index.lexicon.words, tagged.texts
    there = next((at for at, one in enumerate(texts) if one in words["there"]), len(texts))
    end = there + 1
    while end < len(texts) and not tagged.words[end].token.pause and texts[end] in words["tags"]:
        end += 1
    if end >= len(texts) or not (tagged.words[end - 1].token.asked or end > there + 1):
        return None
    settled = {
        at for span in tagged.marks.get("conditions.if_available", ()) if span[0] >= end
        for at in range(*span)
    }  # fmt: skip
    # "Ada? 1 kalo ada"
    only_if = bool(settled) and not any(
        at not in settled
        for name in ("conditions.condition", "veto.later")
        for at, _ in tagged.marks.get(name, ())
    )
    behind = [text for at, text in enumerate(texts) if at >= end and at not in settled]
    rest = tagged.words[end:]
    counted = [word for word in rest if word.role is Role.NUMBER and not word.label]
    taken = (only_if or not words["doing"].isdisjoint(behind)) and words["price"].isdisjoint(texts)
    asks_more = any(word.token.asked for word in rest) or not words["there"].isdisjoint(behind)
    if len(counted) != 1 or not taken or asks_more:
        return None
    if not only_if and tagged.has("conditions.condition"):
        return None
    if any(word.role in (Role.NUMBER, Role.CUE) for word in tagged.words[:there]):
        return None
    begin = there
    while begin and texts[begin - 1] in words["still_having"]:
        begin -= 1
    start, stop = tagged.words[begin].span[0], tagged.words[end].span[0]
    return text[:start] + " " * (stop - start) + text[stop:]


def now_asked(tagged: Tagged, text: str, index: ItemIndex) -> str | None:
    """A question about today without the past that was told before it, but for what that names:
    "kemarin kenari kosong, skrg ada?"; None if it is no such text."""
    words, texts = index.lexicon.words, tagged.texts
    if not tagged.has("veto.past") or not words["doing"].isdisjoint(texts[_behind(tagged) :]):
        return None
    begin = _behind(tagged)
    said = set(texts[begin:])
    asks = not said.isdisjoint(words["asking"])
    ordered = any(text.startswith(_ORDERED) for text in texts[:begin] if text in words["order"])
    if not begin or words["now"].isdisjoint(said) or not asks or ordered:
        return None
    if any(start >= begin for start, _ in tagged.marks["veto.past"]):
        return None
    blamed = ("complaint", "others", "service", "haggle", "negation", "own", "spam")
    if any(tagged.marks.get(f"veto.{name}") for name in blamed) or tagged.has("intents.orders"):
        return None
    if not words["ordered"].isdisjoint(texts):
        return None
    told = [at for at in range(begin) if tagged.words[at].role is not Role.NAME]
    today = [at for at in range(begin, len(texts)) if texts[at] in words["now"]]
    return without(tagged, text, (*told, *today))


def _behind(tagged: Tagged) -> int:
    """Where the last clause of a text begins; 0 if it has but one."""
    places = [at for at, word in enumerate(tagged.words) if at and word.token.pause]
    return places[-1] if places else 0


def dear(tagged: Tagged, text: str, index: ItemIndex) -> str | None:
    """A text without the clause before it that finds what was quoted dear: "mahal, yang karsa aja 1";
    None if it is no such text."""
    words = index.lexicon.words
    spans = tagged.marks.get("veto.complaint", ())
    end = next((at for at, word in enumerate(tagged.words) if at and word.token.pause), 0)
    if len(spans) != 1 or not end or spans[0][1] > end or tagged.words[0].token.pause:
        return None
    calm = index.lexicon.union("polite", "honorifics", "dearness", "pronouns") | _VERY
    dear_one = not words["dearness"].isdisjoint(tagged.texts[:end])
    opens = {start for start, _ in tagged.marks.get("conditions.condition", ())}
    first = next(
        (
            at for at in range(end, len(tagged.words))
            if at not in opens and tagged.texts[at] not in (calm | words["doing"]) - set(WHICH)
        ),
        end,
    )  # fmt: skip
    key = tagged.words[first].key
    named = tagged.texts[first] in WHICH or tagged.words[first].role is Role.NAME
    named = (
        named
        and not key[:1].isdigit()
        and any(word.role is Role.NAME for word in tagged.words[end:])
    )
    if not dear_one or not named or not calm.issuperset(tagged.texts[:end]):
        return None
    begin = tagged.words[end].span[0]
    return " " * begin + text[begin:]


def proposed(reading: Reading | None, talk: Conversation) -> Reading | None:
    """A reading that does no more than propose: an order, or what comes to one besides; None if it says
    anything else."""
    if reading is None or not reading.certain or len(reading.wishes) != 1:
        return None
    wish = reading.wishes[0]
    if wish.kind is Kind.CHOICES:
        return reading
    ordered = {line.entry.id for line in talk.order}
    new = all(line.quantity and line.entry.id not in ordered for line in wish.lines)
    more = wish.kind is Kind.AMEND and new
    if not (wish.kind is Kind.ORDER or more) or wish.alternatives or wish.unless:
        return None
    weaker = replace(wish, kind=Kind.CHOICES, choosing=Kind.ORDER, if_available=False)
    return replace(reading, wishes=(weaker,), sureness=min(reading.sureness, _HALF))


def corrects(reading: Reading | None, talk: Conversation) -> bool:
    """Whether a reading gives the one thing that is ordered another number, or has another thing for
    it, and does nothing else."""
    if reading is None or reading.outcome is not Kind.AMEND or len(reading.wishes) != 1:
        return False
    lines, order = reading.wishes[0].lines, talk.order
    named = [line.entry for line in lines if line.quantity]
    gone = [line.entry for line in lines if not line.quantity]
    own = [line.entry for line in order]
    return len(own) == len(named) == 1 and (named == own or gone == own)


def relayed(tagged: Tagged, text: str, index: ItemIndex) -> str | None:
    """A text without who has decided it: "kata bos pesan 2", "suami bilang 3 aja"; None if nobody is
    named, or it tells of something that was done."""
    words, texts = index.lexicon.words, tagged.texts
    said = [at for at, one in enumerate(texts) if one in words["relays"]]
    if len(said) != 1 or tagged.asked:
        return None
    counted = any(word.role is Role.NUMBER for word in tagged.words)
    if not counted and REPLACES.isdisjoint(texts):
        return None
    (at,) = said
    people = index.lexicon.union("changed_mind", "people")
    calm = index.lexicon.union("honorifics", "polite", "pronouns", "beg_pardon")
    calm |= {"eh", "tadi", "td"}
    who = people | index.lexicon.union("honorifics", "pronouns")
    if at and texts[at - 1] in MINE:
        # "Saya minta 4" asks for the writer.
        return None
    oneself = words["honorifics"].union(MINE)
    if texts[at] in words["yes"] and at == 0 and texts[1:2] and texts[1] in oneself:
        # "Oke pak, …", "oke saya ambil …" agrees itself.
        return None
    if at + 1 < len(texts) and at == 0 and texts[1] in who:
        begin, end = 0, 2
        while end < len(texts) and texts[end] in words["pronouns"]:
            end += 1
    elif (
        at
        and texts[at - 1] in people | words["pronouns"]
        and (calm | people).issuperset(texts[:at])
    ):
        begin, end = 0, at + 1
    elif at and not counted and who.issuperset(texts[at + 1 :]) and texts[at + 1 :]:
        # "Ganti yg murah kata bapak"
        begin, end = at, len(texts)
    elif at and texts[at] in _TOLD and calm.issuperset(texts[at + 1 :]):
        begin, end = at, at + 1
    else:
        return None
    others = [
        span
        for name in ("past", "later", "negation", "complaint", "service")
        for span in tagged.marks.get(f"veto.{name}", ())
        if not begin <= span[0] < end and span not in tagged.marks.get("numbers.pairs", ())
    ]
    if others:
        return None
    start, stop = tagged.words[begin].span[0], tagged.words[end - 1].span[1]
    return text[:start] + " " * (stop - start) + text[stop:]
