"""One thing or number of the open order for another: "bukan 4 tapi 6", "yang biru aja, merah ga jadi".

A text is cut where people change from what they do not want to what they want. It is read only where
one piece denies what is ordered, one says what is to be had instead, and no other says anything.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.reading import denying, one_of_two, withdrawing
from crm_tui.reading import mentions as finding
from crm_tui.reading.amending import Change
from crm_tui.reading.edit_model import SOUND
from crm_tui.reading.ordering import SURE_ENOUGH
from crm_tui.reading.parting import Part, counted_parts, only_counts, parts_of, quiet, replacing
from crm_tui.reading.pieces import Mention
from crm_tui.reading.replacement import ONLY, REPLACES
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.tagging import tag
from crm_tui.reading.tokenizer import pieces as cut
from crm_tui.reading.turn import WHICH
from crm_tui.reading.vetoes import WHY
from crm_tui.reading.wishes import Kind, Line, Reading, Wish, human

_CONTENT = re.compile(r"\d[\dp]*(l|ml|kg|gr)")
_POINTS = frozenset(("itu", "ini", "tu", "tadi", "iku", "kuwi", "eta"))
_OF_IT = ("nya", "nyo", "ny", "ne", "na")


def exchanged(turn: Change) -> Reading | None:
    """What is denied of the open order, or of what was proposed or quoted, and what is to be had
    instead; None if nothing is said so."""
    talk = turn.talk
    said = turn.tagged.has("dialogue.deny", "dialogue.remove")
    if not said and REPLACES.isdisjoint(turn.tagged.texts):
        return _in_another_way(turn) if talk.order else None
    if talk.order:
        # What is denied and cannot be told may not be passed over.
        reading = _exchanged(turn)
        if reading is None or not reading.certain:
            reading = _in_another_way(turn) or reading
        if reading is not None and not reading.certain and not said:
            # What cannot be told of the pieces may be told of the whole.
            whole = turn.swapped()
            return whole if whole is not None and whole.certain else reading
        reading = reading or denying.instead(turn)
        return reading or (human(WHY["negation"]) if _denies(turn) else None)
    lines = talk.proposed or tuple(Line(entry, talk.quantity) for entry in talk.quoted)
    if not lines or talk.offered:
        return None
    other = denying.rather(turn, lines)
    if other is not None:
        return other
    reading = _exchanged(
        Change(
            turn.tagged, turn.text, turn.index, replace(talk, order=lines, proposed=(), quoted=())
        )
    )
    if reading is None or not reading.certain:
        return reading
    new = [line for line in reading.wishes[0].lines if line.quantity]
    same = {line.entry for line in new} <= {line.entry for line in lines}
    counted = any(word.role is Role.NUMBER for word in turn.tagged.words)
    if talk.proposed and same and counted and len(lines) == 1:
        return turn.order(new)
    if talk.proposed or counted:
        return turn.propose(new)
    return turn.wish(Wish(Kind.PRICE, tuple(Line(line.entry) for line in new)))


def _in_another_way(turn: Change) -> Reading | None:
    """ "Kenarinya yang karsa aja", "kenarinya harus 14 mm, ganti": a line of the order is named, and
    behind "which" what it is to be; None if that is not said plainly."""
    tagged = turn.tagged
    if turn.asked.question or turn.asked.price or turn.asked.stock or turn.asked.order:
        return None
    if turn.last_said() or tagged.priced or tagged.negative:
        return None
    if tagged.has("dialogue.add", "dialogue.less", "dialogue.remove", "dialogue.also"):
        return None
    words = turn.lexicon.words
    named = next((at for at, word in enumerate(tagged.words) if word.role is Role.NAME), None)
    if named is None:
        return None
    places = [
        at
        for at in range(named + 1, len(tagged.words))
        if tagged.texts[at] in WHICH or tagged.texts[at] in words["ought"]
    ]
    bare = [at for at in range(named, len(tagged.words) - 1) if _bare(tagged, at)]
    pointed = bool(places) and places[0] - 1 in bare
    if not places:
        # "Kenarinya karsa aja 2"
        places = [bare[-1] + 1] if bare else []
    if not places:
        return None
    end = next(
        (
            at for at in range(places[0] + 1, len(tagged.words))
            if tagged.words[at].token.pause
            or any(start == at for start, _ in tagged.marks.get("dialogue.deny", ()))
        ),
        len(tagged.words),
    )  # fmt: skip
    last = Part(end, len(tagged.words), denies=True)
    only = not ONLY.isdisjoint(tagged.texts[places[0] :])
    if not (only or pointed or tagged.has("dialogue.swap")):
        return None
    before, after = (
        _Piece(turn, Part(0, places[0], True)),
        _Piece(turn, Part(places[0], end, False)),
    )
    line = before.line()
    if line is None or before.numbers or not after.names:
        return None
    if not quiet(tagged, last, words["reasons"]) and not _denied_of(turn, last, line):
        return None
    found = after.turn.instead_of(line)
    if found is None or found[0].doubt or found[0].quantity == 0:
        return None
    mention, sure = found
    if not (sure or _only_that(before, after, line, mention) or turn.in_full(line, mention)):
        return None
    return turn.amend({line.entry: 0, turn.one(mention): mention.quantity or line.quantity or 1})


def _bare(tagged: Tagged, at: int) -> bool:
    """Whether a word that names something has "-nya" behind it: "kenarinya"."""
    word = tagged.words[at]
    text = word.token.text
    return word.role is Role.NAME and text != tagged.texts[at] and text.endswith(_OF_IT)


def _denied_of(turn: Change, part: Part, line: Line) -> bool:
    """Whether what is denied behind it is what a line of the order is: "bukan yg 40"."""
    vocabulary = turn.index.words
    own = vocabulary.words[line.entry.id]
    said = [
        word for word in turn.tagged.words[part.begin : part.end]
        if word.role in (Role.NAME, Role.NUMBER, Role.UNKNOWN)
    ]  # fmt: skip
    return bool(said) and all(
        any(line.entry.id in vocabulary.items(sense) for sense in vocabulary.senses(word.key))
        or (word.role is Role.NUMBER and any(_holds(one, word.key) for one in own))
        for word in said
    )


def _holds(word: str, number: str) -> bool:
    """Whether a size has a number in it: m12x40."""
    return number in re.findall(r"\d+", word)


def _denies(turn: Change) -> bool:
    """Whether something that is named or counted is denied with "not"."""
    tagged = turn.tagged
    starts = {start for start, _ in tagged.marks.get("dialogue.deny", ())}
    return any(
        not quiet(tagged, part) and not starts.isdisjoint(range(part.begin, part.end))
        for part in parts_of(tagged)
    )


def _exchanged(turn: Change) -> Reading | None:
    if turn.asked.question or turn.asked.price or turn.asked.stock:
        return None
    tagged = turn.tagged
    idle = turn.lexicon.words["reasons"]
    why = (
        withdrawing.reason(tagged, turn.index)
        if tagged.has("dialogue.remove")
        else len(tagged.words)
    )
    parts = [
        part
        for part in parts_of(tagged)
        if part.begin < why and (part.denies or not quiet(tagged, part, idle))
    ]
    if not tagged.has("dialogue.deny", "dialogue.remove"):
        parts = replacing(tagged, parts)
    else:
        parts = counted_parts(tagged, parts)
    that = _denies_that(turn, parts)
    if that is not None:
        return that
    denied = [part for part in parts if part.denies]
    wanted = [part for part in parts if not part.denies]
    if len(denied) != 1 or not 1 <= len(wanted) <= 2 or quiet(tagged, denied[0]):
        return None
    if tagged.has("dialogue.add", "dialogue.less") or tagged.priced or tagged.negative:
        return None
    before = _Piece(turn, denied[0])
    pieces = [_Piece(turn, part) for part in wanted]
    calm = turn.lexicon.union("polite", "honorifics", "just")
    if all(only_counts(piece.turn.tagged, calm) for piece in (before, *pieces)):
        # "Bukan 2 tapi 1" is of no NO.2.
        for piece in (before, *pieces):
            piece.names = False
        return _another_number(turn, before, pieces)
    counts = {line.quantity for line in turn.talk.order}
    sized = not counts & {word.value for word in before.numbers} and before.line() is not None
    if before.numbers and not before.names and not sized:
        told = _told_apart(turn, before, pieces)
        if told is not None:
            return told
        return _another_number(turn, before, pieces)
    before.names = before.names or sized
    for piece in pieces:
        # "6202 bukan 6201"
        piece.names = piece.names or (sized and len(piece.numbers) == 1)
    named = all(piece.names for piece in (before, *pieces))
    if len(pieces) == 1 and named:
        return _another_item(turn, before, pieces[0])
    if len(pieces) == 2 and named and before.line() == pieces[0].line() is not None:
        # "Kenari bukan 3 inch tapi 4 inch"
        return _another_item(turn, before, pieces[1])
    return None


def _denies_that(turn: Change, parts: Sequence[Part]) -> Reading | None:
    """ "Bukan itu, yang karsa maksudnya": the one line there is falls for what is named."""
    tagged, order = turn.tagged, turn.talk.order
    if len(order) != 1 or len(parts) != 2 or not parts[0].denies or parts[1].denies:
        return None
    said = tagged.texts[parts[0].begin : parts[0].end]
    if not quiet(tagged, parts[0]) or _POINTS.isdisjoint(said):
        return None
    if tagged.has("dialogue.add", "dialogue.less") or tagged.priced or turn.last_said():
        return None
    after = _Piece(turn, parts[1])
    found = after.turn.instead_of(order[0]) if after.names else None
    if found is None or found[0].doubt or not found[1] or found[0].quantity == 0:
        return None
    new = turn.one(found[0])
    return turn.amend({order[0].entry: 0, new: found[0].quantity or order[0].quantity or 1})


class _Piece:
    """A piece of a text read by itself, in the same talk."""

    def __init__(self, turn: Change, part: Part) -> None:
        words = turn.tagged.words[part.begin : part.end]
        text = turn.text[words[0].span[0] : words[-1].span[1]]
        self.turn = Change(tag(text, turn.index), text, turn.index, turn.talk)
        words = self.turn.tagged.words
        self.numbers: Sequence[Word] = [word for word in words if word.role is Role.NUMBER]
        self.names = any(word.role in (Role.NAME, Role.UNKNOWN) for word in words) or any(
            word.label for word in self.numbers
        )

    def line(self) -> Line | None:
        """The one line of the order that it names, and nothing else; None if there is none such."""
        order = self.turn.talk.order
        found = self.turn.among([line.entry for line in order])
        if found is None or len(found) != 1 or not found[0].match.one or found[0].doubt:
            return None
        named = next(line for line in order if line.entry.id == found[0].match.items[0])
        return named if found[0].quantity in (None, named.quantity) else None


def _told_apart(turn: Change, before: _Piece, pieces: Sequence[_Piece]) -> Reading | None:
    """ "Yang ab6 bukan 5", where ab5 is the one thing that is ordered: 5 says which is not meant."""
    order = turn.talk.order
    if len(order) != 1 or len(pieces) != 1 or not pieces[0].names or len(before.numbers) != 1:
        return None
    line, number = order[0], before.numbers[0]
    words = (line.entry.code, *line.entry.name.split())
    of_it = {part for word in words if not word.isdecimal() for part in cut(word.lower())}
    if number.key not in of_it or number.value == line.quantity or number.unit:
        return None
    found = Change.of(f"ganti {pieces[0].turn.text}", turn.index, turn.talk).swapped()
    return found if found is not None and found.certain else None


def _another_number(turn: Change, before: _Piece, pieces: Sequence[_Piece]) -> Reading | None:
    """ "Bukan 4 tapi 6", "nosel 6, bukan 4": a line of the order has the denied number, and gets the
    other one."""
    counts = [word for piece in (before, *pieces) for word in piece.numbers]
    named = [piece for piece in pieces if piece.names]
    numbers = [piece for piece in pieces if piece.numbers]
    if len(before.numbers) != 1 or len(numbers) != 1 or not turn.plain(counts):
        return None
    order = turn.talk.order
    if named == numbers == list(pieces):
        return _named_number(before, pieces[0])
    if len(numbers[0].numbers) != 1 or len(named) > 1 or numbers[0] in named:
        return None
    lines = [named[0].line()] if named else list(order) if len(order) == 1 else [
        line for line in order if line.quantity == before.numbers[0].value
    ]  # fmt: skip
    line = lines[0] if len(lines) == 1 else None
    value = numbers[0].numbers[0].value
    if line is None or line.quantity != before.numbers[0].value or not value:
        return human(N_("so many of which item?"))
    return turn.amend({line.entry: value})


def _named_number(before: _Piece, piece: _Piece) -> Reading | None:
    """ "Nosel 6, bukan 4": the number stands beside the name."""
    turn = piece.turn
    order = turn.talk.order
    found = turn.chosen([line.entry for line in order])
    if found is None or len(found) != 1 or not found[0].match.one or not found[0].quantity:
        return None
    line = next(line for line in order if line.entry.id == found[0].match.items[0])
    if found[0].doubt or line.quantity != before.numbers[0].value or not turn.accounted(found):
        return human(N_("so many of which item?"))
    return turn.amend({line.entry: found[0].quantity})


def _another_item(turn: Change, before: _Piece, after: _Piece) -> Reading | None:
    """ "Yang biru aja, merah ga jadi": a line of the order falls, another thing comes for it."""
    line = before.line()
    wish = after.turn
    if line is None:
        kept = after.line()
        others = before.turn.among([one.entry for one in turn.talk.order])
        if kept is not None and not others and len(turn.talk.order) == 1:
            # What is wanted is what is ordered: "yang merah, bukan biru".
            return turn.amend({kept.entry: kept.quantity or 1})
        # What falls for another thing has to be ordered.
        said = turn.tagged.has("dialogue.deny", "dialogue.remove")
        return None if said else human(N_("which line of the order is to be another one?"))
    if wish.asked.order and len(after.numbers) > 1:
        return None
    if wish.tagged.has("conditions.if_available", "conditions.condition"):
        # "Ga usah kenarinya, kalau ada 2 ya"
        return human(N_("which line of the order is to be another one?"))
    stays = wish.chosen([one.entry for one in turn.talk.order])
    if stays and all(one.match.one for one in stays):
        falls = one_of_two.read(turn, wish, line, stays)
        if falls is not None:
            return falls
    found = wish.instead_of(line) or _in_words_of_its_own(before, after) or _called(after, line)
    if found is None or found[0].quantity == 0:
        return human(N_("which line of the order is to be another one?"))
    mention = found[0]
    if mention.doubt and (mention.quantity != line.quantity or mention.match.sure < SOUND):
        # A number of which it is not certain what it says does no harm where it changes nothing.
        return human(N_("which line of the order is to be another one?"))
    if (
        not found[1]
        and not _only_that(before, after, line, mention)
        and not _whole(turn, line, mention)
    ):
        return human(N_("which line of the order is to be another one?"))
    changed = turn.amend({line.entry: 0, turn.one(mention): mention.quantity or line.quantity or 1})
    spelled = any(word.unit and not word.token.digits for word in after.numbers)
    if spelled and mention.quantity is None and (line.quantity or 1) > 1 and changed.certain:
        # "Sekilo aja, jangan yang setengah", of which there were two: one, perhaps.
        lines = changed.wishes[0].lines
        return turn.wish(Wish(Kind.CHOICES, lines, choosing=Kind.AMEND))
    return changed


def _called(after: _Piece, line: Line) -> tuple[Mention, bool] | None:
    """What alone is called so, of the kind of a line of the order: "bukan alpa2 tapi alpa1"."""
    named = finding.find(after.turn.tagged, after.turn.index, ordering=True)
    if len(named) != 1 or not named[0].match.one or named[0].doubt:
        return None
    ordered = {one.entry.id for one in after.turn.talk.order}
    new = named[0].match.items[0] not in ordered
    return (named[0], True) if new and after.turn.in_full(line, named[0]) else None


def _whole(turn: Change, line: Line, mention: Mention) -> bool:
    """Whether the whole text names the other thing in full: "6202 nya ganti karsa"."""
    counted = mention.quantity in (None, line.quantity)
    return counted and not turn.tagged.has("dialogue.deny") and turn.in_full(line, mention)


def _in_words_of_its_own(before: _Piece, after: _Piece) -> tuple[Mention, bool] | None:
    """Something of another kind, with how many, where it is said plainly that the other thing falls."""
    turn = after.turn
    named = finding.find(turn.tagged, turn.index, ordering=True)
    if len(named) != 1 or not before.turn.tagged.has("dialogue.remove"):
        return None
    mention = named[0]
    found = mention.match
    plain = found.one and found.headed and not found.contested and found.sure >= SURE_ENOUGH
    ordered = {line.entry.id for line in turn.talk.order}
    if not plain or mention.doubt or mention.unknown or not mention.quantity:
        return None
    return (mention, turn.accounted(named)) if found.items[0] not in ordered else None


def _only_that(before: _Piece, after: _Piece, line: Line, mention: Mention) -> bool:
    """Whether the other thing lacks nothing of the ordered one but what is denied; a content, too,
    where no other of its kind has what is said."""
    vocabulary = after.turn.index.words
    new = mention.match.items[0]
    denied = {
        sense
        for word in before.turn.tagged.words
        if word.role is Role.NAME
        for sense, weight in vocabulary.senses(word.key).items()
        if weight >= SOUND
    }
    lost = set(vocabulary.words[line.entry.id]) - set(vocabulary.words[new]) - denied
    if not after.turn.accounted([mention]):
        return False
    alike = [
        item
        for item in vocabulary.items(vocabulary.heads[new][0])
        if all(term.soft or term.fits(vocabulary, item) for term in mention.terms)
    ]
    if len(alike) == 1:
        lost = {word for word in lost if not _CONTENT.fullmatch(word)}
    return not lost
