"""What a text tells of as done already, or as to be ordered another day."""

from crm_tui.reading import cues
from crm_tui.reading.asides import heading
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.vetoes import AGREES

_LATELY = frozenset(("lah", "baru"))
_THIS = ("ini", "niki", "iki", "untuk", "utk", "buat", "ieu", "atas")


def _same_clause(tagged: Tagged, at: int) -> tuple[str, ...]:
    """Up to three words behind a place, in its clause."""
    end = at + 1
    while end < min(at + 4, len(tagged.words)) and not tagged.words[end].token.pause:
        end += 1
    return tagged.texts[at + 1 : end]


def happened(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether something was done already: "sudah saya ambil", "terima barang 4", "mana pesanan"."""
    words = index.lexicon.words
    texts = tagged.texts
    if not words["ordered"].isdisjoint(texts) and any(
        text in words["ordered"]
        and words["recorded"].isdisjoint(texts[max(0, at - 2) : at])
        and not _to_be_noted(tagged, index, at)
        and not _to_be_prepared(tagged, index, at)
        and not heading(tagged, index, at)
        and not _signs(tagged, index, at)
        for at, text in enumerate(texts)
    ):
        return True
    tells = index.lexicon.union("got", "done")
    if tells.isdisjoint(texts) and _LATELY.isdisjoint(texts):
        return False
    gone = cues.out(tagged)
    for at, text in enumerate(texts):
        if text not in tells and text not in _LATELY:
            continue
        following = _same_clause(tagged, at)
        if text in words["got"] and not {"kasih", "kasi", "ksh"} & set(following[:1]):
            return True
        came = (text in words["done"] or text == "lah") and not tagged.asked
        if came and following and following[0] in words["reached"]:
            return True
        if text == "baru" and len(following) > 1 and following[1] in words["lasting"]:
            # So long it has lasted: baru 2 minggu.
            return True
        first = at
        while first and texts[first - 1] in words["done"]:
            first -= 1
        agreed = first > 0 and texts[first - 1] in AGREES
        done = text in words["done"] and not agreed and at != gone
        if done and any(one in words["doing"] for one in following):
            return True
    return False


def planned(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether something will be ordered another day: "kenari 2. besok saya pesan", "besok saya pesan
    kenari 2"."""
    words, texts = index.lexicon.words, tagged.texts
    if words["days"].isdisjoint(texts):
        return False
    between = index.lexicon.union("pronouns", "want") | {
        "baru",
        "br",
        "akan",
        "bakal",
        "aja",
        "lagi",
    }
    for at, text in enumerate(texts):
        if text not in words["days"]:
            continue
        counted = any(word.role is Role.NUMBER for word in tagged.words[:at])
        behind = at + 1
        while behind < len(texts) and texts[behind] in between | words["daytimes"]:
            behind += 1
        if behind - at > 1 and behind < len(texts) and texts[behind] in words["order"]:
            return not counted or not any(word.role is Role.NAME for word in tagged.words[behind:])
    return False


def _to_be_noted(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether an order is to be written down: "tolong dicatat pesanan saya kenari 2"."""
    words = index.lexicon.words
    before = tagged.texts[max(0, at - 3) : at]
    asked = index.lexicon.union("done", "whether", "tags")
    noted = not words["noted"].isdisjoint(before) and not words["please"].isdisjoint(before)
    return noted and not tagged.asked and asked.isdisjoint(before)


def _to_be_prepared(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether an order is to be got ready that is told just behind: "siapin pesanan kenari 2";
    of one that is "mine" it is told no more."""
    words, behind = index.lexicon.words, tagged.words[at + 1 :]
    asked = index.lexicon.union("done", "whether", "tags")
    told = bool(behind) and behind[0].role is Role.NAME and not behind[0].token.pause
    counted = any(word.role is Role.NUMBER for word in behind)
    taken = not words["take"].isdisjoint(tagged.texts[max(0, at - 1) : at])
    return told and counted and taken and not tagged.asked and asked.isdisjoint(tagged.texts)


def _signs(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether "order" behind a list only says whose it is: "kenari 2. ini pesanan CV Jaya"."""
    words = index.lexicon.words
    telling = index.lexicon.union("done", "whether", "prepared", "none", "tags")
    begin = at
    while begin and not tagged.words[begin].token.pause:
        begin -= 1
    clause = [word for place, word in enumerate(tagged.words) if place >= begin and place != at]
    own = set(tagged.texts[begin:])
    counted = any(word.role is Role.NUMBER for word in tagged.words[:begin])
    plain = all(word.role in (Role.STILL, Role.MAYBE, Role.UNKNOWN) for word in clause)
    first = at == begin or tagged.texts[at - 1] in _THIS
    marked = first and not own.isdisjoint(words["markers"])
    return counted and plain and marked and telling.isdisjoint(own) and not tagged.asked
