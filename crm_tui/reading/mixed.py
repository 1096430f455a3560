"""Two wishes in one text: so many of one thing, and a question about another one."""

from collections.abc import Sequence

from crm_tui.reading import mentions as finding
from crm_tui.reading.cues import Asked, asks_first
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.pieces import Mention
from crm_tui.reading.roles import Role, Tagged, Word

_AGREES = frozenset(("ya", "yo", "yaa", "iya", "nggih", "njih"))


def wanted(tagged: Tagged, index: ItemIndex, asked: Asked) -> bool:
    """Whether so many are wanted, and it is only asked whether that may be: "mau kenari 2 bisa?"."""
    if asked.price or asked.stock or index.lexicon.words["want"].isdisjoint(tagged.texts):
        return False
    if asks_first(tagged, index):
        # "Mau tanya kenari 2"
        return False
    return any(word.role is Role.NUMBER and not word.label for word in tagged.words)


def wanted_apart(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether so many of one thing are agreed to in a clause, and another is asked about in one of its
    own: "kenari 2 ya, sekalian harga sirsak brp"."""
    asking = index.lexicon.words["asking"]
    parts = _sentences(tagged)
    asks = [not asking.isdisjoint(_texts(part)) for part in parts]
    if all(asks) or not any(asks):
        return False
    agreed = index.lexicon.words["want"] | _AGREES
    return any(
        not asked
        and not agreed.isdisjoint(_texts(part))
        and any(word.role is Role.NAME for word in part)
        and any(word.role is Role.NUMBER and not word.label for word in part)
        for part, asked in zip(parts, asks, strict=True)
    )


def asked_within(tagged: Tagged, index: ItemIndex, orders: Sequence[Mention]) -> bool:
    """Whether a question is put in a clause of what is ordered, and not only about something else."""
    words = index.lexicon.words
    parts = finding.clauses(tagged)
    idle = index.lexicon.union("polite", "honorifics")
    for part in (parts[number] for number in {mention.clause for mention in orders}):
        said = [text for text in _texts(part) if text not in idle]
        tagged_on = bool(said) and said[-1] in words["tags"]
        if tagged_on or any(word.token.asked for word in part) or set(said) & words["may"]:
            return True
    return False


def about_another(tagged: Tagged, index: ItemIndex, start: int) -> bool:
    """Whether "if" begins a question about something else behind an order: "pesan kenari 2, kalo
    sirsak ada ga?"."""
    words = index.lexicon.words
    behind = tagged.words[start:]
    if not start or not behind[0].token.pause or any(word.token.pause for word in behind[1:]):
        return False
    said = _texts(behind)
    asks = behind[-1].token.asked or said[-1] in words["tags"] | words["price"]
    named = any(word.role is Role.NAME for word in behind)
    counted = any(word.role is Role.NUMBER and not word.label for word in behind)
    asking = not words["asking"].isdisjoint(said)
    return asks and asking and named and not counted and words["doing"].isdisjoint(said)


def _sentences(tagged: Tagged) -> list[list[Word]]:
    """The words parted at commas and lines only."""
    found: list[list[Word]] = [[]]
    for word in tagged.words:
        if word.token.pause:
            found.append([])
        found[-1].append(word)
    return [part for part in found if part]


def _texts(words: Sequence[Word]) -> list[str]:
    return [word.token.text for word in words]


def come_true(tagged: Tagged, index: ItemIndex, start: int, end: int) -> bool:
    """Whether what was waited for is there, "udah gajian nih", or somebody waits already, at the end of
    what is ordered: "kenari 2, orangnya udah nunggu"."""
    words, texts = index.lexicon.words, tagged.texts
    if end - start > 1 or not start or texts[start - 1] not in words["done"] or tagged.asked:
        return False
    if texts[start] in words["comes_true"]:
        denied = texts[max(0, start - 3) : start - 1]
        return index.lexicon.union("visit.if", "none", "until").isdisjoint(denied)
    calm = index.lexicon.union("polite", "honorifics")
    counted = any(word.role is Role.NUMBER for word in tagged.words[:start])
    return counted and texts[start] in words["waiting"] and calm.issuperset(texts[end:])


def of_whose(tagged: Tagged, index: ItemIndex, start: int, end: int) -> bool:
    """Whether it only says whose vehicle something is for, at the end of a clause: "2, buat motor
    suami". Whatever is ordered so, the writer orders."""
    words, texts = index.lexicon.words, tagged.texts
    ends = end == len(texts) or bool(tagged.words[end].token.pause)
    calm = index.lexicon.union("polite", "honorifics")
    ends = ends or calm.issuperset(texts[end:])
    before = texts[max(0, start - 3) : start]
    at = next((at for at, text in enumerate(before) if text in words["purpose"]), None)
    if not ends or at is None or end - start > 1 or tagged.asked:
        return False
    between = range(start - len(before) + at + 1, start)
    # What is named there may be wanted, too.
    owned = len(between) > 0 and all(texts[one] in words["vehicles"] for one in between)
    outside = (*tagged.words[: between.start], *tagged.words[end:])
    return owned and any(word.role is Role.NUMBER for word in outside)
