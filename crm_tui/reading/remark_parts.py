"""A piece of a text that may be a remark, and what makes it none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.once import once
from crm_tui.reading.roles import Role, Tagged, Word

MOST_STRANGE = 3
"""So many words that nobody knows may be names of people and places."""
NEVER = frozenset(
    ("own", "spam", "mistaken", "complaint", "past", "haggle", "advice", "negation")
)  # fmt: skip
"""Groups of phrases that stay what they are in every remark, but for what its kind allows."""
TURNS = ("intents.cancel", "dialogue.remove", "dialogue.unneeded", "conditions.condition",
          "intents.stop", "dialogue.add", "dialogue.less", "conditions.cheap")  # fmt: skip
WHICH = frozenset(("yang", "yg", "yng", "nu", "sing"))
THEN = frozenset(("habis", "abis", "baru"))
"""Words for what is done that say as well when something will be."""


@dataclass(frozen=True)
class Part:
    """The words of a text from `begin` up to `end`; `apart`: a pause stands before them."""

    tagged: Tagged
    index: ItemIndex
    begin: int
    end: int
    apart: bool

    @once
    def texts(self) -> tuple[str, ...]:
        return self.tagged.texts[self.begin : self.end]

    @once
    def words(self) -> Sequence[Word]:
        return self.tagged.words[self.begin : self.end]

    def group(self, *names: str) -> frozenset[str]:
        """The words of the lexicon's groups."""
        return self.index.lexicon.union(*names)

    def says(self, *names: str) -> bool:
        """Whether a word of one of these groups stands in it."""
        words, texts = self.index.lexicon.words, self.texts
        for name in names:  # noqa: SIM110  (some hundred times a turn)
            if not words[name].isdisjoint(texts):
                return True
        return False

    def within(self, text: str, *names: str) -> bool:
        """Whether a word is one of these groups."""
        words = self.index.lexicon.words
        for name in names:  # noqa: SIM110  (some hundred times a turn)
            if text in words[name]:
                return True
        return False

    def begun(self) -> int:
        """The place of its first word that is more than a courtesy."""
        calm = self.group("polite", "honorifics")
        more = self.group("beg_pardon", "thanks", "blessings")
        return next(
            (at for at, text in enumerate(self.texts) if text not in calm or text in more), 0
        )

    def marked(self, group: str) -> list[int]:
        """The places of a group's phrases that touch it, each by all its words."""
        return [
            at
            for start, end in self.tagged.marks.get(group, ())
            for at in range(max(start, self.begin), min(end, self.end))
        ]

    def roles(self, *roles: Role) -> list[Word]:
        return [word for word in self.words if word.role in roles]


def free(part: Part, *allowed: str, but: Collection[str] = ()) -> bool:
    """Whether nothing else is said in it that makes a text one for people, but phrases of `allowed`."""
    if any(part.marked(name) for name in TURNS):
        return False
    return not any(
        part.marked(f"veto.{group}") for group in NEVER.difference(allowed)
    ) and part.group("done").isdisjoint(set(part.texts) - THEN.union(but))


def counts(part: Part) -> bool:
    return bool(part.roles(Role.NUMBER, Role.EACH))


def soon(part: Part) -> bool:
    """Whether only such words say "later" in it as say when somebody comes."""
    soon = part.group("soon")
    return all(part.tagged.texts[at] in soon for at in part.marked("veto.later"))


def elsewhere(part: Part, *more: str) -> bool:
    """Whether it names more than people and places: what is sold, or which of it."""
    calm = part.group("daytimes", "places", "routines", "soon", "coming", "fetch", "side", *more)
    named = [
        text
        for text, word in zip(part.texts, part.words, strict=True)
        if word.role is Role.NAME and text not in calm
    ]
    sided = WHICH.intersection(part.texts) and part.says("side")
    return bool(named or sided) or len(part.roles(Role.UNKNOWN)) > MOST_STRANGE
