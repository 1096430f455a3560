"""An SMS as words with the separators before them, and the items and numbers among the words."""

import re
import unicodedata
from dataclasses import dataclass, replace

from crm_tui.reading import keywords
from crm_tui.reading.entries import Entry, borders, code_key, signed_otherwise, signs
from crm_tui.reading.index import ItemIndex

_WORD = re.compile(r"[^\s#*,;.:()]+")
_COMMA = re.compile(r"[,;\n]")
_PAUSE = re.compile(r"[;\n]|,\s")
_DIGITS = re.compile(r"[0-9]{1,12}")
_TIMES = re.compile(r"X?([0-9]{1,12})X?")
_WITH_UNIT = re.compile(r"([0-9]{1,12})([A-Z]+)")
_SIGNS = {"-", "=", "/"}
_LONGEST_CODE = 24


@dataclass(frozen=True)
class Word:
    """A word in capitals.

    `apart`: a comma, semicolon, new line or "and" stands before it; `paused`: one that is more than
    a bare comma. `broken`: a number that goes on behind a dot or comma ("1.5"). `listed`: a number
    with a dot or bracket behind it, as in a list.
    """

    text: str
    apart: bool = False
    paused: bool = False
    broken: bool = False
    listed: bool = False


@dataclass(frozen=True)
class Code:
    """An item that was named; `doubt` if the same words could also mean something else.

    `before`, `behind`: it begins or ends with what may be a quantity instead, so it is certain only
    if a quantity of its own stands on that side; `either`: on any side.
    """

    entry: Entry
    apart: bool = False
    doubt: bool = False
    before: bool = False
    behind: bool = False
    either: bool = False

    def certain(self, number: "Number | None", *, ahead: bool) -> bool:
        """Whether nothing else is meant, with this quantity, which stands `ahead` or behind."""
        return not (
            self.doubt
            or (self.before and (number is None or not ahead))
            or (self.behind and (number is None or ahead))
            or (self.either and number is None)
        )


@dataclass(frozen=True)
class Number:
    """A quantity that belongs to a neighbour; `unit` is the word behind it, "" if none."""

    value: int
    apart: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Unknown:
    """What looks like a code and is none of ours."""

    text: str


@dataclass(frozen=True)
class Stray:
    """A word without a place in a strict form."""

    text: str


Part = Code | Number | Unknown | Stray


def split(text: str, most: int = 0) -> list[Word]:
    """The words of `text`, in capitals and in their plain form (NFKC); `most`: no more than so many."""
    plain = unicodedata.normalize("NFKC", text.replace("\r", "\n")).upper()
    words: list[Word] = []
    end = 0
    apart = paused = False
    for match in _WORD.finditer(plain):
        between = plain[end : match.start()]
        if between != " ":
            apart = apart or bool(_COMMA.search(between))
            first = plain[match.start() : match.start() + 1]
            paused = paused or bool(_PAUSE.search(between + first))
        word = match[0].strip("!\"'")
        if (
            words
            and between in (".", ",")
            and _DIGITS.fullmatch(word)
            and _DIGITS.fullmatch(words[-1].text)
        ):
            words[-1] = replace(words[-1], broken=True)
        end = match.end()
        if word in keywords.AND:
            # "and" parts two items as a comma does.
            apart = paused = True
        elif word and word not in _SIGNS:
            behind = plain[end : end + 2]
            listed = bool(re.match(r"\)|\.\s", behind)) and bool(_DIGITS.fullmatch(word))
            words.append(Word(word, apart, paused, listed=listed))
            if len(words) == most:
                break
            apart = paused = False
    return words


def is_list(found: list[Word]) -> bool:
    """Whether the numbers are those of a list: "1. … 2. …"."""
    listed = [int(word.text) for word in found if word.listed]
    return len(listed) > 1 and listed == list(range(1, len(listed) + 1))


def parts(words: list[Word], index: ItemIndex, *, asking: bool = False) -> list[Part]:
    """Items, numbers and the rest among the words after a keyword.

    Only when `asking` (no quantity can be meant) a code of digits alone is taken for a code.
    """
    result: list[Part] = []
    at = 0
    while at < len(words):
        word = words[at]
        unit = _unit(word.text, index)
        if unit is not None and not _run(words, at, index, asking):
            # A unit belongs to the number before it; elsewhere it says nothing.
            if result and isinstance(result[-1], Number) and not result[-1].unit:
                result[-1] = replace(result[-1], unit=unit)
            at += 1
            continue
        taken, new = _take(words, at, index, asking)
        for part in new:
            if isinstance(part, Number) and part.value == -1:
                _dozens(result, part)
            else:
                result.append(part)
        at += taken
    return result


def _unit(word: str, index: ItemIndex) -> str | None:
    """The unit that `word` is, in its usual spelling."""
    if word in keywords.UNITS:
        return keywords.UNITS[word]
    return word if index.is_unit(word) else None


def fits(number: Number, entry: Entry) -> bool:
    """Whether the unit behind a number is one that this item is counted in."""
    own = keywords.UNITS.get(entry.unit.upper(), entry.unit.upper())
    return number.unit in ("", keywords.PIECE, own)


def _dozens(result: list[Part], dozen: Number) -> None:
    """A dozen multiplies the number before it."""
    before = result[-1] if result else None
    if isinstance(before, Number) and not dozen.apart:
        result[-1] = Number(before.value * 12, before.apart)
    else:
        result.append(Number(12, dozen.apart))


def _take(found: list[Word], at: int, index: ItemIndex, asking: bool) -> tuple[int, list[Part]]:
    """How many words from `at` belong together, and what they are."""
    word = found[at]
    if word.text == keywords.HALF and at + 1 < len(found) and found[at + 1].text == keywords.DOZEN:
        return 2, [Number(6, word.paused)]
    run = _run(found, at, index, asking)
    if run:
        return run
    if word.broken:
        return 1, [Stray(word.text)]
    if word.text == keywords.DOZEN:
        return 1, [Number(-1, word.paused)]
    number = _number(word, index)
    if number is not None:
        return 1, [number]
    if word.text in keywords.COURTESY or word.text == "X":
        return 1, []
    glued = _unglue(word, index)
    if glued:
        return 1, glued
    key = code_key(word.text)
    short = 3 <= len(key) <= _LONGEST_CODE and len(word.text) <= _LONGEST_CODE
    if short and re.search(r"[A-Z]", key) and re.search(r"[0-9-]", word.text):
        return 1, [Unknown(word.text)]
    return 1, [Stray(word.text)]


def _run(
    words: list[Word], at: int, index: ItemIndex, asking: bool
) -> tuple[int, list[Part]] | None:
    """The longest run of words that is a code.

    It is in doubt if the same words could be cut in another way into codes and numbers.
    """
    lengths: list[tuple[int, Entry]] = []
    key = ""
    for count, word in enumerate(words[at:], start=1):
        if count > 1 and word.apart:
            break
        key += code_key(word.text)
        if len(key) > index.longest:
            break
        entry = index.find(key, word.text if count == 1 else "")
        if entry and (not key.isdecimal() or (asking and word.text == entry.code.upper())):
            lengths.append((count, entry))
    if not lengths:
        return None
    if _written_apart(words, at, lengths):
        lengths = lengths[:1]
    count, entry = lengths[-1]
    run = words[at : at + count]
    typed = " ".join(word.text for word in run)
    if index.one_of_many(code_key(typed), typed):
        return count, [Stray(typed)]
    if count > 1 and _torn(run, entry) and any(one != entry for one in index.near(run[0].text)):
        # Of KR01 2, where there are KR012 and KR001, nobody knows which is meant.
        return None
    code = _joined([word.text for word in run], entry)
    doubt = count > 1 and (len(lengths) > 1 or _cuts_otherwise(run, index))
    return count, [replace(code, apart=words[at].apart, doubt=code.doubt or doubt)]


def _written_apart(words: list[Word], at: int, lengths: list[tuple[int, Entry]]) -> bool:
    """Whether a word is just one code, and the longer one only joins it, without a sign between them,
    with the one number that there is beside it: AB-N 11 is no AB-N11, but may be an AB-N-11."""
    count, entry = lengths[-1]
    shortest, own = lengths[0]
    if shortest != 1 or count != 2 or words[at].text != own.code.upper():
        return False
    written = f"{words[at].text} {words[at + 1].text}"
    signed = not (borders(written) - borders(entry.code.upper()))
    near = [words[at - 1]] if at else []
    near += words[at + count : at + count + 1]
    plain = bool(_DIGITS.fullmatch(words[at + 1].text)) and not words[at + 1].broken
    return plain and not signed and not any(_counts(word.text) for word in near)


def _torn(run: list[Word], entry: Entry) -> bool:
    """Whether a number of the code falls apart in these words: KRA-10 2 of KRA-102."""
    key = code_key(entry.code)
    between = borders(" ".join(word.text for word in run)) - borders(entry.code.upper())
    return any(key[at - 1].isdigit() and key[at].isdigit() for at in between)


def _joined(typed: list[str], entry: Entry) -> Code:
    """The code that these words make together, and how else they could be meant.

    The shop need not have the other code: whoever writes KRA-10 2 where there is only KRA-102 may
    well mean two of a KRA-10.
    """
    code = entry.code.upper()
    if typed == [code]:
        return Code(entry)
    blanks = borders(" ".join(typed))
    own = borders(code)
    key = code_key(code)
    if any(key[at - 1].isdigit() and key[at].isdigit() for at in blanks - own):
        return Code(entry, doubt=True)
    pieces = re.findall(r"[^\W_]+", " ".join(typed))
    if len(typed) == 1 and signed_otherwise(typed[0], code):
        return Code(entry, doubt=True)
    if len(pieces) == 1:
        return Code(entry, either=key[0].isdigit() or key[-1].isdigit())
    counts = [_counts(piece) for piece in pieces]
    # AB 12 6, of an AB-12, may be a code AB that nobody has, and two numbers.
    doubt = any(counts[1:-1]) or (any(counts) and signs(" ".join(typed)) != signs(code))
    return Code(entry, doubt=doubt, before=counts[0], behind=counts[-1])


def _glue_doubt(typed: str, code: str, number: str, entry: Entry, index: ItemIndex) -> bool:
    """Whether a code with a number stuck to it may be one code that is mistyped."""
    plain = _joined([code], entry).certain(None, ahead=False)
    return not plain or len(number) > 2 or index.alike(typed, entry)


def _counts(piece: str) -> bool:
    """Whether this word may be a quantity."""
    return bool(_TIMES.fullmatch(piece)) or piece in keywords.NUMBERS or piece == keywords.DOZEN


def _cuts_otherwise(run: list[Word], index: ItemIndex) -> bool:
    """Whether a shorter run inside is a code too, with nothing but numbers before it."""
    for begin in range(1, len(run)):
        key = "".join(code_key(word.text) for word in run[begin:])
        before = all(_TIMES.fullmatch(word.text) for word in run[:begin])
        first = index.find("".join(code_key(word.text) for word in run[:begin]))
        entry = index.find(key)
        if entry and not key.isdecimal() and (before or first):
            return True
    return False


def _number(word: Word, index: ItemIndex) -> Number | None:
    plain = _TIMES.fullmatch(word.text)
    if plain:
        return Number(int(plain[1]), word.paused)
    counted = _WITH_UNIT.fullmatch(word.text)
    if counted:
        unit = _unit(counted[2], index)
        if unit is not None:
            return Number(int(counted[1]), word.paused, unit)
    value = keywords.NUMBERS.get(word.text)
    return None if value is None else Number(value, word.paused)


def _unglue(word: Word, index: ItemIndex) -> list[Part]:
    """A code with its quantity stuck to it: certain only behind a letter, and in one way.

    Behind a digit it could be a mistyped code; behind a sign it could be a size, or a second item.
    """
    readings: list[list[Part]] = []
    for cut in range(1, min(6, len(word.text) - 1) + 1):
        head, tail = word.text[:-cut], word.text[-cut:]
        if tail.isdecimal() and tail.isascii():
            for code in dict.fromkeys((head, head.removesuffix("X"))):
                entry = index.find(code_key(code)) if code else None
                if entry and not code_key(code).isdecimal():
                    if not head[-1].isalnum():
                        return [Stray(word.text)]
                    doubt = head[-1].isdigit() or _glue_doubt(word.text, code, tail, entry, index)
                    readings.append([Code(entry, word.apart, doubt), Number(int(tail))])
        head, tail = word.text[:cut], word.text[cut:]
        if head.isdecimal() and head.isascii() and not tail[0].isdigit():
            for code in dict.fromkeys((tail, tail.removeprefix("X"))):
                entry = index.find(code_key(code)) if code else None
                if entry and not code_key(code).isdecimal():
                    if not code[0].isalpha():
                        return [Stray(word.text)]
                    # "1A-1" may be one A-1, or one of 1A.
                    numbered = bool(re.search(r"[^A-Z0-9][0-9]{1,6}$", word.text))
                    doubt = numbered or _glue_doubt(word.text, code, head, entry, index)
                    readings.append([Number(int(head), word.paused), Code(entry, doubt=doubt)])
    if len(readings) > 1:
        first = readings[0]
        return [replace(part, doubt=True) if isinstance(part, Code) else part for part in first]
    return readings[0] if readings else []
