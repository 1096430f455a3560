"""What is wanted, by the words for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm_tui.reading.conditions import FAR
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.lexicon import Lexicon
from crm_tui.reading.roles import Role, Tagged

_FEW = 6
_WHICH = ("yang", "yg", "yng", "sing", "nu")
_OR = ("apa", "apo", "atau", "ato", "nya", "nyo", "lagi", "lg")


_LOOKS = frozenset(("cek",))
_BY_LEAVE = frozenset(("numpang", "nunut", "izin", "ijin", "ikut"))
_SEEKS = _LOOKS | {"nyari", "info"}
"""Who seeks something may want to have it."""


@dataclass(frozen=True)
class Asked:
    """What the cues of a text say: whether something is ordered, and what is asked."""

    order: bool
    want: bool
    price: bool
    stock: bool
    question: bool


def cues(tagged: Tagged, index: ItemIndex) -> Asked:
    """What is wanted, by the words for it."""
    known = tagged.found.get("cues")
    if not isinstance(known, Asked):
        known = tagged.found["cues"] = _cues(tagged, index)
    return known


def _cues(tagged: Tagged, index: ItemIndex) -> Asked:
    words, texts = index.lexicon.words, tagged.texts
    agreed = {
        at
        for start, end in tagged.marks.get("conditions.list_price", ())
        for at in range(start, end)
    }
    said = {
        text
        for at, (text, word) in enumerate(zip(tagged.texts, tagged.words, strict=True))
        if word.role in (Role.CUE, Role.STILL, Role.MAYBE) and at not in agreed
    }
    settled = {
        at
        for name in ("if_available", "if_out")
        for start, end in tagged.marks.get(f"conditions.{name}", ())
        for at in range(start, end)
    } | {out(tagged)}
    stock = any(
        text in words["stock"]
        and at not in settled
        and not _owns(tagged, index, at)
        and not _having(tagged, at)
        and not prayed(texts, index, at)
        and not (at and tagged.texts[at - 1] in words["thanks"])
        for at, text in enumerate(tagged.texts)
    )
    stock = stock or arrived(tagged, index) is not None
    order = bool(said & words["doing"])
    only_asks = not order and bool(said & words["asks"]) and asks_first(tagged, index)
    return Asked(
        order,
        bool(said & (words["want"] | {"ya", "yo", "lah"})) and not only_asks,
        bool(said & words["price"]), stock, only_asks or _asks(tagged, index),
    )  # fmt: skip


def asks_first(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether a text begins with that something is to be asked: "mau tanya kenari musi"."""
    words, texts = index.lexicon.words, tagged.texts
    if words["asks"].isdisjoint(texts):
        return False
    calm = (
        index.lexicon.union(
            "beginnings",
            "polite",
            "honorifics",
            "greetings",
            "pronouns",
            "want",
            "only",
            "may",
            "intends",
        )
        | _BY_LEAVE
    )
    begin = next((at for at, text in enumerate(texts) if text not in calm), len(texts))
    said = words["asks"] - _SEEKS
    if begin and texts[begin - 1] in words["intends"]:
        # By itself "cek" is a title.
        said = said | _LOOKS
    return begin < len(texts) and texts[begin] in said


def _owns(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether "has" says for whose car something is that is counted already: "kenari 2 punya musi"."""
    if tagged.texts[at] not in index.lexicon.words["vehicles"] or at + 1 == len(tagged.words):
        return False
    counted = any(word.role is Role.NUMBER for word in tagged.words[:at])
    mine = tagged.texts[at + 1] in index.lexicon.words["mine_here"]
    mine = mine and bool(tagged.words[at].token.pause)
    return counted and (mine or tagged.words[at + 1].role is Role.NAME)


def _having(tagged: Tagged, at: int) -> bool:
    """Whether "is there" tells what something has: "pesan kenari yang ada karsanya 1"."""
    texts, words = tagged.texts, tagged.words
    behind = words[at + 1 : at + 2]
    named = bool(behind) and behind[0].role is Role.NAME and not behind[0].token.pause
    return named and at > 0 and texts[at - 1] in _WHICH and words[at - 1].token.pause < 1


def prayed(texts: Sequence[str], index: ItemIndex, at: int) -> bool:
    """Whether "is out" says here that something is over, "abis zuhur", or "have", whose it is: "ring
    piston 1 punya kawan"."""
    words = index.lexicon.words
    if texts[at] in words["mine"]:
        others = words["changed_mind"] - words["honorifics"]
        return at > 0 and at + 2 == len(texts) and texts[at + 1] in others
    return not words["prayers"].isdisjoint(texts[at + 1 : at + 3])


def arrived(tagged: Tagged, index: ItemIndex) -> int | None:
    """The place of "not yet" where it asks whether goods have come in: "kenari udah masuk blm?".

    Of goods that were ordered it asks something else; so does a text that counts or orders.
    """
    words = index.lexicon.words
    texts = tagged.texts
    if not words["ordered"].isdisjoint(texts) or not words["doing"].isdisjoint(texts):
        return None
    if any(word.role is Role.NUMBER and word.unit for word in tagged.words):
        return None
    if words["yet"].isdisjoint(texts):
        return None
    calm = index.lexicon.union("polite", "honorifics", "tags", "done")
    for at, text in enumerate(texts):
        if text not in words["yet"] or not at:
            continue
        first = calm.union(words["arrived"], words["greetings"]).issuperset(texts[:at])
        if not first and not calm.issuperset(texts[at + 1 :]):
            continue
        before = at - 1
        while before > 0 and texts[before] in _OR:
            before -= 1
        where = tagged.words[at + 1 :] if first else tagged.words[:before]
        named = any(word.role is Role.NAME for word in where)
        if texts[before] in words["arrived"] and named:
            return at
    return None


def roughly(tagged: Tagged, lexicon: Lexicon) -> bool:
    """Whether a number is said not to be certain: "sekitar 2", "paling 3"."""
    about = lexicon.words["about"]
    return any(
        text in about and two.role is Role.NUMBER
        for text, two in zip(tagged.texts, tagged.words[1:], strict=False)
    )


def out(tagged: Tagged) -> int | None:
    """The place of the word that says "is out" after a condition: kalau A habis, B."""
    for start, _ in tagged.marks.get("conditions.condition", ()):
        for place, _ in tagged.marks.get("conditions.out", ()):
            if start < place <= start + FAR:
                return place
    return None


def out_spans(tagged: Tagged) -> list[tuple[int, int]]:
    """The words "if" and "is out" of a condition that the stock settles; no other condition's."""
    place = out(tagged)
    if place is None:
        return []
    begins = [
        start
        for start, _ in tagged.marks.get("conditions.condition", ())
        if start < place <= start + FAR
    ]
    return [
        *((start, start + 1) for start in begins[-1:]),
        *(span for span in tagged.marks.get("conditions.out", ()) if span[0] == place),
    ]


def supposes(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether a short text only asks about another thing, without its mark: "kalo yang merah"."""
    settled = {
        start
        for name in ("if_available", "if_out", "when_ready")
        for start, _ in tagged.marks.get(f"conditions.{name}", ())
    }
    starts = [start for start, _ in tagged.marks.get("conditions.condition", ())]
    if len(starts) != 1 or starts[0] in settled or len(tagged.words) - starts[0] > _FEW:
        return False
    before, behind = tagged.words[: starts[0]], tagged.words[starts[0] + 1 :]
    wanted = index.lexicon.union("doing", "want", "yes")
    marks = index.lexicon.words["size_marks"]
    # "Kalo yg os 100" counts nothing.
    counting = [
        two
        for one, two in zip(tagged.words[starts[0] :], behind, strict=False)
        if two.role is Role.NUMBER and not (two.label or two.year or one.key in marks)
    ]
    return (
        all(word.role in (Role.STILL, Role.LINK) for word in before)
        and any(word.role is Role.NAME or word.label for word in behind)
        and not counting
        and wanted.isdisjoint(tagged.texts)
    )


def _asks(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether it is a question: by its mark, a tag at its end, or "may I" before an order word."""
    words = index.lexicon.words
    texts = tagged.texts
    if tagged.asked or supposes(tagged, index) or tagged.has("intents.which_ones"):
        return True
    said = [
        text for text in texts if text not in words["polite"] and text not in words["honorifics"]
    ]
    if said and said[-1] in words["tags"]:
        return True
    idle = {
        at for start, end in tagged.marks.get("conditions.filler", ()) for at in range(start, end)
    }
    return any(
        text in words["may"]
        and at not in idle
        and any(one in words["doing"] for one in texts[at + 1 : at + 3])
        for at, text in enumerate(texts)
    )
