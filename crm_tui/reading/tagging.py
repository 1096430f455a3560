"""What each word of a free text is there for: names an item, counts, parts, asks, or says nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.lexicon import Lexicon
from crm_tui.reading.normal import Token, key_of, plain, tokens
from crm_tui.reading.vocabulary import Vocabulary


class Role(Enum):
    """What a word does."""

    NAME = auto()
    """Names an item, or a quality of it."""
    MAYBE = auto()
    """Names one if an item has it; else says nothing."""
    NUMBER = auto()
    UNKNOWN = auto()
    """Nothing that is known."""
    LINK = auto()
    """Parts two items."""
    EACH = auto()
    """The number with it is that of each item."""
    CUE = auto()
    """Says what is wanted."""
    STILL = auto()
    """Says nothing about items: a courtesy, an address, a name."""


@dataclass(frozen=True)
class Word:
    """A word with its role. `value`: of a number; `unit`: the kind of unit behind it; `label`: "no"
    stands before it; `pair`: it counts pairs; `purpose`: it says what the item is for."""

    token: Token
    role: Role
    key: str
    value: int = 0
    unit: str = ""
    label: bool = False
    pair: bool = False
    year: bool = False
    end: int = 0
    purpose: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """The characters of the SMS that it covers."""
        return self.token.start, self.end or self.token.end


@dataclass(frozen=True)
class Tagged:
    """A text with the roles of its words and what its phrases say.

    `asked`: there is a question mark. `marks`: names of phrases ("veto.past") with the spans of
    words in which they stand.
    """

    words: tuple[Word, ...]
    texts: tuple[str, ...]
    marks: dict[str, list[tuple[int, int]]] = field(hash=False)
    priced: bool = False
    negative: bool = False
    asked: bool = False

    def has(self, *names: str) -> bool:
        """Whether one of the phrases stands in the text."""
        return any(self.marks.get(name) for name in names)

    def cue(self, name: str, lexicon: Lexicon) -> bool:
        """Whether a word of this group stands in the text."""
        return any(text in lexicon.words[name] for text in self.texts)


_SUFFIX = re.compile(r"(nyo|nya|ny|ne|no|e)$")
_MONEY = re.compile(r"(\d+)(rb|ribu|k|jt|juta)|\d{1,3}(\.\d{3})+(,\d+)?")
_GLUED = re.compile(r"x?(\d{1,6})x?([a-z]*)")
_WHICH = ("yang", "yg", "yng", "nu", "sing")
"""Before a number they choose: yang 22."""
_INTRODUCES = ("saya", "sy", "aku", "ini", "dengan", "dgn", "dg", "dari", "dr")
_THOUSANDS = {"rb", "ribu", "rbu", "jt", "juta", "rupiah"}
_PLACES = {
    "jl",
    "jln",
    "jalan",
    "lrg",
    "lorong",
    "gg",
    "gang",
    "alamat",
    "cv",
    "pt",
    "toko",
    "bengkel",
    "gudang",
    "nama",
    "hub",
    "hubungi",
    "plaju",
    "perum",
    "komplek",
    "a.n",
    "an",
    "nopol",
    "perumahan",
}


def tag(text: str, index: ItemIndex, lexicon: Lexicon) -> Tagged:
    """The words of `text` with their roles."""
    tagged = _Tagger(tokens(text), index, lexicon).run()
    return replace(tagged, asked="?" in plain(text)[0])


class _Tagger:
    def __init__(self, found: list[Token], index: ItemIndex, lexicon: Lexicon) -> None:
        self.index = index
        self.lexicon = lexicon
        self.vocabulary: Vocabulary = index.words
        self.found = self._uncut(found)
        self.texts = [self._bare(token) for token in self.found]
        self.marks: dict[str, list[tuple[int, int]]] = {}
        self.talking = lexicon.words["talking"]
        self.priced = False

    def _uncut(self, found: list[Token]) -> list[Token]:
        """Cut what is written in one: a code with its number (KR007.1), two words of the catalogue."""
        result: list[Token] = []
        for token in found:
            cut = self._cut(token)
            result += cut if cut else [token]
        return result

    def _cut(self, token: Token) -> list[Token] | None:
        if self.vocabulary.senses(token.key) or len(token.key) < 3:
            return None
        numbered = re.fullmatch(r"(.*[a-z0-9])[.,](\d{1,3})", token.text)
        if numbered and self.index.find(key_of(numbered[1]).upper()):
            border = token.start + len(numbered[1])
            head = replace(
                token, text=numbered[1], key=key_of(numbered[1]), end=border, asked=False
            )
            tail = Token(numbered[2], numbered[2], border + 1, token.end, asked=token.asked)
            return [head, tail]
        if "/" in token.text and re.search("[a-z]", token.text):
            parts = []
            place = token.start
            for number, part in enumerate(token.text.split("/")):
                if part:
                    parts.append(
                        Token(
                            part,
                            key_of(part),
                            place,
                            place + len(part),
                            0 if number else token.pause,
                        )
                    )
                place += len(part) + 1
            return parts
        if token.key.isalpha() and len(token.key) > 7:
            for cut in range(4, len(token.key) - 2):
                one, two = token.key[:cut], token.key[cut:]
                if self.vocabulary.has(one) and self.vocabulary.has(two):
                    border = token.start + cut
                    return [
                        replace(token, text=one, key=one, end=border, asked=False),
                        Token(two, two, border, token.end, asked=token.asked),
                    ]
        return None

    def _bare(self, token: Token) -> str:
        """A word as the lexicon has it: without "-nya" and the 2 that doubles it."""
        text = token.text
        known = self._in_lexicon
        if known(text):
            return text
        if text.endswith("2") and text[:-1].isalpha() and not self.vocabulary.senses(token.key):
            return text[:-1] if known(text[:-1]) else text
        if text.isalpha() and not self.vocabulary.has(text):
            stem = _SUFFIX.sub("", text)
            if len(stem) > 2 and (known(stem) or self.vocabulary.has(stem)):
                return stem
        return text

    def _in_lexicon(self, text: str) -> bool:
        lexicon = self.lexicon
        return (
            text in lexicon.numbers or text in lexicon.units
            or any(text in words for words in lexicon.words.values())
        )  # fmt: skip

    def run(self) -> Tagged:
        roles: list[Word | None] = [None] * len(self.found)
        self.marks = self.lexicon.phrases.spans(self.texts)
        self._phrases(roles)
        self._noise(roles)
        at = 0
        while at < len(self.found):
            if roles[at] is None:
                at = self._number(roles, at) or self._word(roles, at)
            else:
                at += 1
        words = [word for word in roles if word is not None]
        words = self._aims(self._names(words))
        return Tagged(
            tuple(words), tuple(self.texts), self.marks, self.priced,
            any(token.minus and token.key[:1].isdigit() for token in self.found),
        )  # fmt: skip

    def _set(self, roles: list[Word | None], at: int, role: Role) -> None:
        roles[at] = Word(
            self.found[at], role, self.texts[at] if role is Role.NAME else self.found[at].key
        )

    def _phrases(self, roles: list[Word | None]) -> None:
        for name in (
            "conditions.if_available", "conditions.if_out", "conditions.when_ready",
            "conditions.pickup", "conditions.cheap", "intents.catalogue",
            "dialogue.remove", "dialogue.all",
        ):  # fmt: skip
            for start, end in self.marks.get(name, ()):
                for at in range(start, end):
                    self._set(roles, at, Role.STILL)
        for start, end in self.marks.get("numbers.each", ()):
            for at in range(start, end):
                self._set(roles, at, Role.EACH)
                if self.texts[at] in ("satu2", "siji2"):
                    roles[at] = Word(self.found[at], Role.EACH, "1", 1)

    def _noise(self, roles: list[Word | None]) -> None:
        """Telephone numbers, prices, times, addresses and names: nothing in them is an order."""
        lexicon, texts = self.lexicon, self.texts
        last = len(texts)
        listed = [token.key for token in self.found if token.listed and token.digits]
        counted = [str(number) for number in range(1, len(listed) + 1)]
        expected = 1
        for at, token in enumerate(self.found):
            if roles[at] is not None:
                continue
            text, following = texts[at], texts[at + 1] if at + 1 < last else ""
            before = texts[at - 1] if at else ""
            begins = at == 0 or token.pause or before in lexicon.words["order"]
            if (
                token.listed
                and token.key == str(expected)
                and (begins or (len(listed) > 1 and listed == counted))
            ):
                expected += 1
                roles[at] = Word(token, Role.LINK, token.key)
            elif (
                token.digits
                and token.key.startswith(("0", "62", "8"))
                and (len(token.key) > (9 if token.key[0] == "8" else 7))
                and not self.index.find(token.key)
            ):
                self._set(roles, at, Role.STILL)
            elif (
                token.digits
                and token.key.startswith("08")
                and len(token.key) == 4
                and (following.isdecimal() and len(following) > 2)
            ):
                self._still(roles, at, 3, lambda one: one.isdecimal() and len(one) > 2)
            elif _MONEY.fullmatch(token.text) and not self.vocabulary.senses(token.key):
                self._price(roles, at)
            elif token.digits and following in _THOUSANDS:
                self._price(roles, at)
                roles[at + 1] = Word(self.found[at + 1], Role.STILL, following)
            elif (token.digits and before == "rp") or (text[:2] == "rp" and text[2:3].isdigit()):
                self._price(roles, at)
            elif (
                token.key[:1].isdigit()
                and before in lexicon.words["ignore_after"]
                and (before not in ("km", "bg", "blok", "rt", "rw") or len(token.key) < 5)
            ):
                self._set(roles, at, Role.STILL)
                if before == "bg" and following.isalpha() and len(following) < 4:
                    self._set(roles, at + 1, Role.STILL)
            elif token.digits and following in lexicon.words["time"] and following not in ("km",):
                self._set(roles, at, Role.STILL)
            elif (
                (
                    text in _PLACES
                    and roles[at] is None
                    and (not self.vocabulary.has(text) or text in ("jl", "jln"))
                )
                or (
                    text in ("kirim", "antar", "anter", "kirimkan", "antarkan")
                    and following == "ke"
                )
                or (
                    text == "dari"
                    and following
                    and (following in _PLACES or not self.vocabulary.has(following))
                )
            ):
                self._address(roles, at)

    def _price(self, roles: list[Word | None], at: int) -> None:
        self.priced = True
        self._set(roles, at, Role.STILL)

    def _still(self, roles: list[Word | None], at: int, most: int, fits: object) -> None:
        for place in range(at, min(at + most, len(self.found))):
            if place > at and not callable(fits):
                break
            if place > at and callable(fits) and not fits(self.texts[place]):
                break
            self._set(roles, place, Role.STILL)

    def _address(self, roles: list[Word | None], at: int) -> None:
        """An address or name ends with its line, a comma, or the word for ordering."""
        begin = at
        if self.texts[at] in ("kirim", "antar", "anter", "kirimkan", "antarkan"):
            begin = at + 1
        ends = self.lexicon.words["order"] | (self.lexicon.words["take"] - {"kirim", "antar"})
        for place in range(begin, len(self.found)):
            token = self.found[place]
            if place > begin and (token.pause or self.texts[place] in ends):
                break
            if roles[place] is None:
                self._set(roles, place, Role.STILL)

    # ── numbers ───────────────────────────────────────────────────────────────────────────────

    def _number(self, roles: list[Word | None], at: int) -> int:
        """Take a number with its unit; the place behind it, 0 if there is none here."""
        value, end, unit = self._value(at)
        if value is None:
            return 0
        token = self.found[at]
        following = self.texts[end] if end < len(self.found) and not self.found[end].pause else ""
        measure = self.lexicon.measures.get(following)
        if measure == "a" and not self.vocabulary.senses(f"{value}a"):
            measure = "ah"
        if (measure and not unit and end - at == 1) or (
            measure and not unit and token.text.isalpha()
        ):
            merged = f"{value if token.text.isalpha() else token.key}{measure}"
            if self.vocabulary.senses(merged) or following not in self.lexicon.units:
                kind = self.lexicon.units.get(following, "")
                word = Word(token, Role.NUMBER if kind else Role.NAME, merged, value, kind)
                roles[at] = replace(word, end=self.found[end].end)
                self._fill(roles, at + 1, end + 1)
                return end + 1
        if not unit and following:
            unit = self._unit(following)
            end += bool(unit)
            if unit in ("container", "roll") and f"unit:{following}" in self.vocabulary.postings:
                roles[end - 1] = Word(self.found[end - 1], Role.MAYBE, following)
        before = self.texts[at - 1] if at else ""
        label = before in ("no", "nomor", "nomer", "nmr") or (not unit and before in _WHICH)
        pair = unit == "pair" or self.texts[at] in ("sepasang", "spasang")
        year = token.digits and len(token.key) == 4 and 1970 <= value <= 2035 and not unit
        key = token.key if token.key.isalnum() and token.key[0].isdigit() else str(value)
        if label and self.vocabulary.senses(f"no{key}"):
            key = f"no{key}"
        roles[at] = Word(
            token, Role.NUMBER, key, value, unit, label, pair, year, self.found[end - 1].end
        )
        self._fill(roles, at + 1, end)
        return end

    def _fill(self, roles: list[Word | None], begin: int, end: int) -> None:
        for place in range(begin, end):
            if roles[place] is None:
                roles[place] = Word(self.found[place], Role.STILL, self.found[place].key)

    def _unit(self, text: str) -> str:
        unit = self.lexicon.units.get(text)
        return unit if unit else text if self.index.is_unit(text.upper()) else ""

    def _value(self, at: int) -> tuple[int | None, int, str]:
        """The number at a place, the place behind it, and the unit that is stuck to it."""
        lexicon, token = self.lexicon, self.found[at]
        following = self.texts[at + 1] if at + 1 < len(self.found) else ""
        text = self.texts[at]
        if text in ("setengah", "stengah") and following in lexicon.dozens:
            return lexicon.dozens[following] // 2, at + 2, ""
        if text in ("sepasang", "spasang"):
            return 1, at + 1, "pair"
        if text in lexicon.dozens:
            return lexicon.dozens[text], at + 1, ""
        value: int | None = None
        end = at + 1
        unit = ""
        if token.digits:
            if len(token.key) > 12:
                return None, at, ""
            value = int(token.key)
        elif text in lexicon.numbers:
            value, end = self._spelled(at)
        else:
            glued = _GLUED.fullmatch(token.text)
            if glued and not self.vocabulary.senses(token.key):
                unit = self._unit(glued[2]) if glued[2] else ""
                if not glued[2] or unit:
                    value = int(glued[1])
        if value is not None and end < len(self.found) and self.texts[end] in lexicon.dozens:
            return value * lexicon.dozens[self.texts[end]], end + 1, unit
        if value is not None and end < len(self.found) and self.texts[end] == "x" and token.digits:
            end += 1
        return value, end, unit

    def _spelled(self, at: int) -> tuple[int, int]:
        """A number in words: lima belas, empat puluh dua, dua ratus."""
        lexicon, texts = self.lexicon, self.texts
        value = lexicon.numbers[texts[at]]
        end = at + 1
        following = texts[end] if end < len(texts) else ""
        if following == "belas":
            return value + 10, end + 1
        if following in ("puluh", "ratus"):
            value *= 10 if following == "puluh" else 100
            end += 1
            if end < len(texts) and texts[end] in lexicon.numbers and value >= 10:
                more, further = self._spelled(end)
                if more < (10 if following == "puluh" else 100):
                    return value + more, further
        return value, end

    def _beside_side(self, at: int) -> bool:
        """Whether a word that may be an address stands for a side here: "ka ki"."""
        opposite = self.lexicon.opposites.get(self.lexicon.name(self.texts[at]))
        near = self.texts[max(0, at - 2) : at] + self.texts[at + 1 : at + 3]
        return opposite is not None and any(self.lexicon.name(one) == opposite for one in near)

    # ── words ─────────────────────────────────────────────────────────────────────────────────

    def _word(self, roles: list[Word | None], at: int) -> int:
        token, text = self.found[at], self.texts[at]
        words = self.lexicon.words
        if text == "x" and at + 1 < len(self.found) and self.found[at + 1].digits:
            self._set(roles, at, Role.STILL)
        elif text in words["links"] and text != "tambah":
            self._set(roles, at, Role.LINK)
        elif text in words["cue"]:
            self._set(roles, at, Role.CUE)
        elif text in words["side"] or (text in words["honorifics"] and self._beside_side(at)):
            self._set(roles, at, Role.NAME)
        elif text in self.lexicon.ordinals or (
            text in self.talking and not self.vocabulary.has(token.key)
        ):
            self._set(roles, at, Role.STILL)
        elif text in words["stop"] or text in words["markers"]:
            known = self.vocabulary.has(token.key) and text not in words["personal"]
            near = text in self.lexicon.canon or text not in words["honorifics"]
            self._set(roles, at, Role.MAYBE if known and near else Role.STILL)
        elif self._unit(text) and self.vocabulary.senses(token.key):
            self._set(roles, at, Role.MAYBE)
        elif self._unit(text):
            self._set(roles, at, Role.STILL)
        else:
            key = token.key if self.vocabulary.senses(token.key) else text
            named = bool(self.vocabulary.senses(key)) or text in self.lexicon.canon
            roles[at] = Word(token, Role.NAME if named else Role.UNKNOWN, key)
        return at + 1

    def _aims(self, words: Sequence[Word]) -> list[Word]:
        """Mark what stands behind "for": buat avanza 2010."""
        result: list[Word] = []
        aim = False
        for at, word in enumerate(words):
            aim = aim and not word.token.pause and word.role not in (Role.LINK, Role.CUE)
            result.append(replace(word, purpose=True) if aim else word)
            aim = aim or self.texts[at] in self.lexicon.words["purpose"]
        return result

    def _names(self, words: Sequence[Word]) -> list[Word]:
        """People's names behind how they are addressed: pak Darto, mang Udin."""
        result: list[Word] = []
        for at, word in enumerate(words):
            after = at > 0 and self._addressed(at) and not word.token.pause
            if (
                after
                and word.role in (Role.UNKNOWN, Role.NAME)
                and not self.vocabulary.has(word.key)
            ):
                best = max(self.vocabulary.senses(word.key).values(), default=0.0)
                following = words[at + 1] if at + 1 < len(words) else word
                names = following.role is Role.NAME and not following.token.pause
                if best < 0.9 and not (names and following is not word):
                    word = replace(word, role=Role.STILL)
            introduced = (
                word.role is Role.UNKNOWN and at > 0 and self._introduced(words, result, at)
            )
            result.append(replace(word, role=Role.STILL) if introduced else word)
        return result

    def _addressed(self, at: int) -> bool:
        """Whether an honorific that names follow stands before: "pak Joko Susilo", not "min"."""
        names = self.lexicon.words["honorifics"] - self.lexicon.words["vocatives"]
        second = (
            at > 1 and self.texts[at - 2] in names and not self.vocabulary.has(self.texts[at - 1])
        )
        return self.texts[at - 1] in names or second

    def _introduced(self, words: Sequence[Word], before: Sequence[Word], at: int) -> bool:
        """Whether an unknown word is the writer's name: "saya Andi mau pesan"."""
        named = any(word.role is Role.NAME for word in before)
        cued = any(word.role is Role.CUE for word in before)
        follows = any(word.role is Role.CUE for word in words[at + 1 : at + 5])
        return not named and not cued and follows and self.texts[at - 1] in _INTRODUCES
