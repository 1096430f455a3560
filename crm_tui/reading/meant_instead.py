"""What was meant instead of what is ordered, told by its place in the last list or by its code: "bukan
itu, yg ke 2 maksudnya", "yang benar KR005, bukan KR003". Nothing of it is guessed."""

from crm_tui.reading.index import Entry
from crm_tui.reading.replacement import REPLACES
from crm_tui.reading.roles import Role
from crm_tui.reading.turn import SUFFIXES, WHICH, Turn
from crm_tui.reading.wishes import Kind, Line, Reading

_NEVER = (
    "dialogue.add", "dialogue.less", "dialogue.remove", "dialogue.others",
    "dialogue.all", "intents.cancel", "conditions.condition", "veto.own", "veto.later", "veto.others",
)  # fmt: skip
_NEAR = 2
_TWO = 2
_A_COUNT = 3
"""More digits are rather what something is called."""


def read(turn: Turn) -> Reading | None:
    """The other thing for the line that it is meant instead of; None if neither a place nor a code says
    for certain which these are."""
    tagged, talk = turn.tagged, turn.talk
    if not talk.order or not talk.amendable or turn.asked.price or turn.asked.stock:
        return None
    if tagged.asked or tagged.priced or tagged.negative or tagged.has(*_NEVER):
        return None
    if tagged.has("dialogue.also"):
        return _another_row(turn)
    return _by_place(turn) or _by_code(turn) or _by_number(turn)


def _by_number(turn: Turn) -> Reading | None:
    """ "Salah ketik, maksudnya 2": so many of the one thing that is ordered. Where the list is known
    from which it was chosen, a small number may be another row of that."""
    talk, tagged, words = turn.talk, turn.tagged, turn.lexicon.words
    if len(talk.order) != 1 or talk.offered or talk.proposed or talk.quoted or talk.left:
        return None
    numbers = [at for at, word in enumerate(tagged.words) if word.role is Role.NUMBER]
    slips = words["meant"] | words["wrong"] | words["ought"]
    if len(numbers) != 1 or slips.isdisjoint(tagged.texts) or tagged.has("dialogue.deny"):
        return None
    number, line = tagged.words[numbers[0]], talk.order[0]
    if number.label or (number.value <= len(talk.listed) and not number.unit):
        return None
    if turn.model(line.entry, number) and len(number.key) > _A_COUNT:
        return None
    calm = turn.lexicon.union(
        "polite", "honorifics", "just", "beg_pardon", "exclaims", "meant", "slips", "wrong", "ought",
        "writes",
    ).union(turn.lexicon.units)  # fmt: skip
    if any(at not in numbers and text not in calm for at, text in enumerate(tagged.texts)):
        return None
    count = turn.count(number, line.entry)
    return turn.amend({line.entry: count}) if count and count != line.quantity else None


def _another_row(turn: Turn) -> Reading | None:
    """ "No 1 nya juga 5": so many of another row of the list from which was chosen, besides; None if
    the place and the number are not both said."""
    talk, tagged, words = turn.talk, turn.tagged, turn.lexicon.words
    if talk.offered or talk.proposed or talk.quoted:
        return None
    numbers = [at for at, word in enumerate(tagged.words) if word.role is Role.NUMBER]
    if len(numbers) != _TWO or not any(line.entry in talk.listed for line in talk.order):
        return None
    row, count = numbers
    begins = tagged.texts[max(0, row - 1)]
    if not row or begins not in words["numbering"] or begins in words["besides_numbering"]:
        return None
    also = {at for span in tagged.marks["dialogue.also"] for at in range(*span)}
    calm = turn.lexicon.union(
        "polite", "honorifics", "just", "exclaims", "numbering", "onward"
    ).union(WHICH, SUFFIXES, turn.lexicon.units)  # fmt: skip
    if any(
        at not in numbers and at not in also and text not in calm
        for at, text in enumerate(tagged.texts)
    ):
        return None
    place = tagged.words[row].value - 1
    if not 0 <= place < len(talk.listed) or tagged.words[count].label:
        return None
    new = talk.listed[place]
    many = turn.count(tagged.words[count], new)
    if not many or any(line.entry == new for line in talk.order):
        return None
    return turn.amend({new: many})


def _by_place(turn: Turn) -> Reading | None:
    """ "Eh urutan ke 6 maksudku": that row of the list from which the one line was chosen."""
    talk, texts, words = turn.talk, turn.tagged.texts, turn.lexicon.words
    if len(talk.order) != 1 or talk.offered or talk.proposed or talk.quoted:
        return None
    line = talk.order[0]
    meant = words["meant"]
    if meant.isdisjoint(texts) or line.entry not in talk.listed:
        return None
    numbers = [at for at, word in enumerate(turn.tagged.words) if word.role is Role.NUMBER]
    if len(numbers) != 1 or not numbers[0]:
        return None
    at = numbers[0]
    if texts[at - 1] not in words["numbering"] or turn.tagged.words[at].unit:
        return None
    calm = turn.lexicon.union(
        "polite", "honorifics", "just", "beg_pardon", "exclaims", "numbering", "meant", "slips", "that",
        "pronouns",
    ).union(WHICH, REPLACES)  # fmt: skip
    denied = {one for span in turn.tagged.marks.get("dialogue.deny", ()) for one in range(*span)}
    if any(one != at and one not in denied and text not in calm for one, text in enumerate(texts)):
        return None
    if any(texts[one + 1 : one + 2] and texts[one + 1] not in words["that"] for one in denied):
        return None
    place = turn.tagged.words[at].value - 1
    if not 0 <= place < len(talk.listed) or talk.listed[place] == line.entry:
        return None
    return turn.amend({line.entry: 0, talk.listed[place]: line.quantity or 1})


def _by_code(turn: Turn) -> Reading | None:
    """ "KR005, bukan KR003", "salah kode, harusnya KR005": a code, and the line that it stands for."""
    tagged, talk = turn.tagged, turn.talk
    codes = {
        at: entry
        for at, word in enumerate(tagged.words)
        if word.role is Role.NAME and (entry := _coded(turn, at)) is not None
    }
    ordered = {line.entry: line for line in talk.order}
    denies = {stop for _, stop in tagged.marks.get("dialogue.deny", ())}
    denied = [at for at in codes if any(at - _NEAR < stop <= at for stop in denies)]
    wanted = [at for at in codes if at not in denied]
    if len(wanted) != 1 or len(denied) > 1 or any(w.role is Role.NUMBER for w in tagged.words):
        return None
    new = codes[wanted[0]]
    if new in ordered or (denied and codes[denied[0]] not in ordered):
        return None
    line: Line | None = ordered[codes[denied[0]]] if denied else None
    if line is None:
        heads = turn.index.words.heads
        alike = heads[talk.order[0].entry.id][:1] == heads[new.id][:1]
        said = turn.lexicon.words["wrong"] | turn.lexicon.words["ought"]
        if denies or len(talk.order) > 1 or not alike or said.isdisjoint(tagged.texts):
            return None
        line = talk.order[0]
    if not _nothing_else(turn, set(codes)):
        return None
    return turn.amend({line.entry: 0, new: line.quantity or 1})


def _coded(turn: Turn, at: int) -> Entry | None:
    """The item whose code is written at a place, with a number in it."""
    key = turn.tagged.words[at].token.key
    plain = "".join(char for char in key.upper() if char.isalnum())
    return turn.index.find(plain) if any(map(str.isdigit, key)) else None


def _nothing_else(turn: Turn, codes: set[int]) -> bool:
    """Whether besides only courtesies are said, and for whose vehicle it is."""
    words, tagged = turn.lexicon.words, turn.tagged
    calm = turn.lexicon.union(
        "polite", "honorifics", "just", "beg_pardon", "exclaims", "meant", "slips", "wrong", "ought",
        "said_right", "pronouns", "codes", "vehicles", "mine", "that",
    ).union(WHICH, REPLACES)  # fmt: skip
    vehicle = next((at for at, text in enumerate(tagged.texts) if text in words["vehicles"]), -1)
    denied = {at for span in tagged.marks.get("dialogue.deny", ()) for at in range(*span)}
    return all(
        at in codes
        or at in denied
        or tagged.texts[at] in calm
        or (0 <= vehicle < at and word.role in (Role.NAME, Role.MAYBE))
        for at, word in enumerate(tagged.words)
    )


def of_the_list(turn: Turn) -> bool:
    """Whether one thing of a list of what may come for a line of the order is named, and no line."""
    talk = turn.talk
    found = turn.among(talk.offered) if talk.choosing is Kind.AMEND and talk.offered else None
    if found is None or len(found) != 1 or not found[0].match.one:
        return False
    return all(turn.one(found[0]) != line.entry for line in talk.order)
