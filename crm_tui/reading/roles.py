"""What each word of a free text is there for: names an item, counts, parts, asks, or says nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from crm_tui.reading.conditions import if_available
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.lexicon import Lexicon
from crm_tui.reading.tokenizer import Token
from crm_tui.reading.vocabulary import Vocabulary

MEASURED = ("meter", "liter", "kilogram")
"""Units that tell sizes as well as how much."""


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


SAYS = (Role.NAME, Role.NUMBER, Role.EACH)
"""What names or counts something."""


@dataclass(frozen=True, init=False)
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

    def __init__(
        self, token: Token, role: Role, key: str, value: int = 0, unit: str = "",
        label: bool = False, pair: bool = False, year: bool = False, end: int = 0,
        purpose: bool = False,
    ) -> None:  # fmt: skip
        # As dataclass does it, but for a call each field: some dozen words are made a message.
        own = self.__dict__
        own["token"], own["role"], own["key"], own["value"], own["unit"] = (
            token,
            role,
            key,
            value,
            unit,
        )
        own["label"], own["pair"], own["year"] = label, pair, year
        own["end"], own["purpose"] = end, purpose

    @property
    def span(self) -> tuple[int, int]:
        """The characters of the SMS that it covers."""
        return self.token.start, self.end or self.token.end

    @property
    def size(self) -> bool:
        """Whether a number with its measure says which one, and no place of a list: "yang 1 liter"."""
        return self.label and self.unit in MEASURED


@dataclass(frozen=True)
class Tagged:
    """A text with the roles of its words and what its phrases say.

    `asked`: there is a question mark. `priced`: the writer names a price; `prices`: in rupiah.
    `marks`: names of phrases ("veto.past") with the spans of
    words in which they stand.
    """

    words: tuple[Word, ...]
    texts: tuple[str, ...]
    marks: dict[str, list[tuple[int, int]]] = field(hash=False)
    priced: bool = False
    negative: bool = False
    asked: bool = False
    prices: tuple[int, ...] = ()
    excluded: tuple[tuple[int, frozenset[int]], ...] = ()
    """What is said not to be meant: the place where it is said, and the items."""
    found: dict[str, object] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What was found out about it already."""

    def afresh(self) -> "Tagged":
        """The same text of which nothing was found out yet."""
        return Tagged(
            self.words, self.texts, self.marks, self.priced, self.negative, self.asked, self.prices,
            self.excluded,
        )  # fmt: skip

    def has(self, *names: str) -> bool:
        """Whether one of the phrases stands in the text."""
        marks = self.marks
        for name in names:  # noqa: SIM110  (some thousand times a second)
            if marks.get(name):
                return True
        return False

    def cue(self, name: str, lexicon: Lexicon) -> bool:
        """Whether a word of this group stands in the text."""
        return not lexicon.words[name].isdisjoint(self.texts)


def without(tagged: Tagged, text: str, places: Iterable[int]) -> str:
    """A text with blanks in place of some words."""
    for at in places:
        begin, end = tagged.words[at].span
        text = text[:begin] + " " * (end - begin) + text[end:]
    return text


class Draft:
    """A text while its words get their roles: `texts` are the words as the lexicon has them."""

    def __init__(self, found: list[Token], texts: list[str], index: ItemIndex) -> None:
        self.found = found
        self.texts = texts
        self.index = index
        self.lexicon = index.lexicon
        self.vocabulary: Vocabulary = index.words
        self.marks = self.lexicon.phrases.spans(texts)
        if_available(texts, self.marks, self.lexicon)
        self.roles: list[Word | None] = [None] * len(found)
        self.priced = False
        self.prices: list[int] = []

    def set(self, at: int, role: Role) -> None:
        """Give the word at a place its role."""
        key = self.texts[at] if role is Role.NAME else self.found[at].key
        self.roles[at] = Word(self.found[at], role, key)

    def fill(self, begin: int, end: int) -> None:
        """Words that were taken with another one say nothing by themselves."""
        for place in range(begin, end):
            if self.roles[place] is None:
                self.roles[place] = Word(self.found[place], Role.STILL, self.found[place].key)
