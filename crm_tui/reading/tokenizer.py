"""Free text as words with their places: plain letters, sizes and codes in one piece."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from crm_tui.reading.once import once

_WORD = re.compile(
    r"[a-z0-9]+(?:[-/.'x]?[a-z0-9]+|(?<=\d),(?=\d{1,2}(?!\d))\d+)*\"?|[&+@?,;:.!\n()]|<<+|>>+|--+|-(?=\d)"
)
_PAUSES = {",": 1, ";": 2, ".": 2, "!": 2, "\n": 2, ":": 1, "(": 1, ")": 1}
_DOUBLED = re.compile(r"(.)\1{2,}")
_OPENED = re.compile(r"(?<!\d)\"|(?<=\d)\"(?=\S)")
_INCH = re.compile(r"(\d)\"")
_DECIMAL = re.compile(r"(?<![\d.,])(\d{1,2})[.,](\d{1,2})(?![\d.,])")
_FRACTION = re.compile(r"(?<![\d/.,p-])(\d{1,2})/(2|4|8|16|32)(?![\d/p])")
_JOINED = re.compile(r"([a-z]{2,})-(nya|nyo|ne)")
_BENT_NUMBER = re.compile(r"(\d+(?:[.,/x-]\d+)*(?:ml|cc|mm|[alwv])?)(nya|nyo|ny)|(\d{4,})(ne|na)")
_TWICE = re.compile(r"([a-z]{3,})-(\1[a-z]*)")
_PIECES = re.compile(r"[a-z]+|[0-9]+(?:[pf][0-9]+)?")


@dataclass(frozen=True, init=False)
class Token:
    """A word: `text` as it was written, in small letters; `key` its letters and digits.

    `start`, `end`: its characters in the SMS. `pause` before it: 0 none, 1 a comma, 2 the end of a
    sentence or line. `asked`: a question mark follows. `listed`: a dot or bracket follows, as
    behind the number of a list. `minus`: a minus stands before it.
    """

    text: str
    key: str
    start: int
    end: int
    pause: int = 0
    asked: bool = False
    listed: bool = False
    minus: bool = False

    def __init__(
        self, text: str, key: str, start: int, end: int, pause: int = 0, asked: bool = False,
        listed: bool = False, minus: bool = False,
    ) -> None:  # fmt: skip
        # As dataclass does it, but for a call each field: some dozen words are made a message.
        own = self.__dict__
        own["text"], own["key"], own["start"], own["end"] = text, key, start, end
        own["pause"], own["asked"], own["listed"], own["minus"] = pause, asked, listed, minus

    @once
    def digits(self) -> bool:
        """Whether it is a plain number."""
        return self.text.isdecimal()


def key_of(text: str) -> str:
    """The letters and digits of a word; a point is kept as "p", a fraction as "f": 0.25 is no 25."""
    if text.isalnum():
        return text
    return "".join([char for char in _numbered(text) if char.isalnum()])


def pieces(text: str) -> list[str]:
    """A word cut at its signs, and where letters and digits meet: k7abc-9 → k, 7, abc, 9."""
    return _PIECES.findall(_numbered(text))


def _numbered(text: str) -> str:
    if text.isalnum():
        return text
    if '"' in text:
        text = _INCH.sub(r"\1in", text)
    if "." in text or "," in text:
        text = _DECIMAL.sub(r"\1p\2", text)
    return _FRACTION.sub(r"\1f\2", text) if "/" in text else text


def plain(text: str) -> tuple[str, list[int]]:
    """`text` in small letters in their plain form (NFKD without accents), and where each of them came
    from."""
    if text.isascii():
        return text.lower(), list(range(len(text) + 1))
    made: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for one in unicodedata.normalize("NFKD", char.lower()):
            if unicodedata.combining(one):
                continue
            made.append(one)
            places.append(place)
    places.append(len(text))
    return "".join(made), places


@lru_cache(maxsize=16)
def tokens(text: str) -> tuple[Token, ...]:
    """The words of an SMS; the last ones are kept, for a turn of a talk is read more than once."""
    small, places = plain(text)
    words: list[Token] = []
    pause = 0
    minus = False
    for match in _WORD.finditer(small):
        word = match[0]
        if word[-1] == '"' and _ends_quotation(small, match.end() - 1):
            word = word[:-1]
        if word == "?":
            if words:
                words[-1] = _with(words[-1], asked=True)
            pause = 2
        elif word in _PAUSES:
            behind = match.end() == len(small) or not small[match.end()].isalnum()
            opened = word == ")" and words and small[: match.start()].endswith(f"({words[-1].text}")
            if (
                word in ".)"
                and words
                and words[-1].digits
                and (word == ")" or behind)
                and not opened
            ):
                words[-1] = _with(words[-1], listed=small[words[-1].end : match.end()] == word)
            pause = max(pause, _PAUSES[word])
        elif word == "-":
            minus = True
        elif word[:2] in ("--", "<<", ">>"):
            pause = 2
        else:
            for part, start in _parts(word):
                begin = match.start() + start
                end = begin + len(part)
                if part.isalpha() and _DOUBLED.search(part) and len(set(part)) > 1:
                    part = _DOUBLED.sub(r"\1", part)
                words.append(
                    Token(
                        part, key_of(part) or part, places[begin], places[end - 1] + 1, pause,
                        minus=minus,
                    )
                )  # fmt: skip
                pause, minus = 0, False
    return tuple(words)


def _ends_quotation(text: str, place: int) -> bool:
    """Whether a quotation mark closes what one before it has opened, and is no sign for inches."""
    before = text[place - 1]
    return not before.isdecimal() or len(_OPENED.findall(text[:place])) % 2 == 1


def _parts(word: str) -> list[tuple[str, int]]:
    """A word cut at what joins plain words ("pesan/order", "ada.harga"); sizes stay whole."""
    if word.isalpha():
        return [(word, 0)]
    twice = _TWICE.fullmatch(word)
    if twice:
        # "Dua-duanya", "satu-satu"
        return [(twice[1], 0), (twice[2], twice.start(2))]
    joined = _JOINED.fullmatch(word)
    if joined:
        # "Kenari-nya"
        return [(joined[1], 0), (joined[2], joined.start(2))]
    bent = _BENT_NUMBER.fullmatch(word)
    if bent:
        # "6202nya": the one of that size.
        size, ending = (1, 2) if bent[1] else (3, 4)
        return [(bent[size], 0), (bent[ending], bent.start(ending))]
    if word.isalnum() or re.search(r"\d", word) or "'" in word:
        return [(word, 0)]
    cut = [(match[0], match.start()) for match in re.finditer(r"[^/.]+", word)]
    return [(word, 0)] if all(len(part) == 1 for part, _ in cut) else cut


def _with(token: Token, *, asked: bool = False, listed: bool = False) -> Token:
    return Token(
        token.text, token.key, token.start, token.end, token.pause,
        asked or token.asked, listed or token.listed, token.minus,
    )  # fmt: skip
