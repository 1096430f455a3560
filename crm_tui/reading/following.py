"""Short texts that go on from what was named before: both of them, one and something else, the other
side, the same for another model."""

from collections.abc import Sequence
from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.reading import mentions as finding
from crm_tui.reading.edit_model import EXACT, SOUND
from crm_tui.reading.index import Entry
from crm_tui.reading.likening import Likening
from crm_tui.reading.matching import Match
from crm_tui.reading.ordering import ranged, summed, trouble
from crm_tui.reading.pieces import Mention
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.tagging import tag
from crm_tui.reading.turn import WHICH
from crm_tui.reading.wishes import Kind, Line, Reading, human

_BOTH = ("dua", "duo", "2", "kedua", "loro", "kadua")
_SO_MANY = {
    2: _BOTH,
    3: ("tiga", "tigo", "3", "ketiga", "telu"),
    4: ("empat", "4", "keempat", "papat"),
}
"""How words for all of so many begin."""
_MOST_TOGETHER = 4
_FEW_LEFT = 10
"""So many are told by their number."""
_LINKS = frozenset(
    ("sama", "samo", "sm", "dan", "dn", "plus", "ama", "karo", "jeung", "sareng", "and")
)
_THAT = frozenset(("itu", "ini", "tu", "niki", "iki", "kuwi", "eta"))


class Following(Likening):
    """A message that is understood by what the talk was about before."""

    def plural(self) -> Reading | None:
        """ "Dua-duanya", "masing-masing 1", "1 1": so many of each that was named."""
        words = self.tagged.words
        if self.asked.question or self.asked.price or self.asked.stock or self.tagged.priced:
            return None
        apiece = any(word.role is Role.EACH for word in words)
        whole = self.tagged.has("dialogue.all")
        apiece = apiece or self._doubled()
        if not (apiece or whole) or self.names() or ranged(self.tagged) or self.tagged.negative:
            return None
        rows = self.each_of_rows(self.talk.offered)
        if rows is not None:
            return rows
        group, sure = self._group()
        if len(group) < 2 and whole and not apiece and self._in_all():
            return None
        if len(group) < 2 and whole and not apiece:
            return self._all_there_is() or human(N_("of which items?"))
        if len(group) < 2:
            return human(N_("of which items?"))
        numbers = [word for word in words if word.role is Role.NUMBER]
        numbers = self._but_for_both(numbers, len(group))
        if any(word.label for word in numbers):
            return None
        if apiece and len(numbers) > 1 and any(self._names_one(word, group) for word in numbers):
            # "20 dan 16 masing2 1", of things of these sizes
            return None
        values = [word.value for word in numbers] or [
            word.value for word in words if word.role is Role.EACH and word.value
        ]
        if not values:
            return self.propose([Line(entry, self.talk.quantity or 1) for entry in group])
        if len(group) > 2 and len(values) == 2 and self._doubled():
            # "Ketiganya satu satu"
            values = values[:1]
        # "22nya masing2 2": so many of each are no two numbers.
        torn = len(set(values)) > 1 and any(word.role is Role.EACH for word in words)
        if len(values) not in (1, len(group)) or not all(values) or torn:
            return human(N_("numbers that belong to no item"))
        counts = values * len(group) if len(values) == 1 else values
        lines = [Line(entry, count) for entry, count in zip(group, counts, strict=True)]
        alone = set(counts) == {1}
        certain = sure and (apiece or len(values) > 1 or alone) and len(set(counts)) == 1
        # Behind a list to order from, how many is all that was left to say.
        asked = bool(self.talk.offered) and self.talk.choosing is Kind.ORDER
        wanted = asked or self._wanted() or bool(self.talk.proposed)
        # "Dua-duanya, masing2 1" says all that is to be said.
        wanted = wanted or bool(sure and ((apiece and self.talk.offered) or self._of_all_quoted()))
        return self.order(lines) if certain and wanted else self.propose(lines)

    def _of_all_quoted(self) -> bool:
        """Whether so many of all that was quoted are wanted, and no line of the order is changed."""
        changes = ("dialogue.change", "dialogue.less", "dialogue.remove", "dialogue.swap")
        return bool(self.talk.quoted) and not self.tagged.has(*changes)

    def _all_there_is(self) -> Reading | None:
        """ "Ambil semua", of the one thing of which little is left: that, as a proposal."""
        target = self.target()
        left = target[0].available if len(target) == 1 else None
        numbers = any(word.role is Role.NUMBER for word in self.tagged.words)
        if not left or left > _FEW_LEFT or numbers or not self._wanted():
            return None
        return self.propose([Line(target[0], left)])

    def _names_one(self, word: Word, group: Sequence[Entry]) -> bool:
        """Whether a number is the size of some of a group, and not of all."""
        words = self.index.words
        having = set().union(*map(words.items, words.senses(word.key)))
        return len(word.key) > 1 and 0 < sum(one.id in having for one in group) < len(group)

    def _in_all(self) -> bool:
        """Whether a number with "all" behind it counts the one thing that was named: "36 galo"."""
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        both = any(text.startswith(_BOTH) for text in self.tagged.texts)
        alone = len(numbers) == 1 and len(self.target()) == 1
        return alone and not both and not self.talk.offered

    def _but_for_both(self, numbers: Sequence[Word], size: int) -> list[Word]:
        """The numbers without the one that says that all of so many are meant: "galo duo itu 1 1"."""
        words = self.tagged.words
        if len(numbers) in (1, size):
            return list(numbers)
        near = {
            id(words[at])
            for begin, end in self.tagged.marks.get("dialogue.all", ())
            for at in (begin - 1, end)
            if 0 <= at < len(words) and words[at].value == size
        }
        return [word for word in numbers if id(word) not in near]

    def _doubled(self) -> bool:
        """ "Sikok sikok", "1 1": the same number for each of what was proposed or quoted."""
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        digits = any(word.token.digits for word in numbers)
        if (self.talk.offered and digits) or any(word.label or word.year for word in numbers):
            return False
        return len(numbers) > 1 and len({word.value for word in numbers}) == 1

    def _wanted(self) -> bool:
        return self.asked.order or self.asked.want

    def _group(self) -> tuple[Sequence[Entry], bool]:
        """Which items "both" and "each" are about, and whether that can be no others."""
        talk = self.talk
        if talk.parts:
            return (), False
        ordered, said = {line.entry.id for line in talk.order}, self._so_many()
        for group in (talk.offered, tuple(line.entry for line in talk.proposed), talk.quoted):
            if 1 < len(group) <= _MOST_TOGETHER and said in (0, len(group)):
                return group, True
        recent = [entry for entry in talk.recent if entry.id not in ordered]
        if said and len(recent) >= said > len(talk.quoted) > 1 and not talk.offered:
            # "Ketiganya", of two that were quoted: with what was before them.
            return recent[-said:], len(recent) == said
        if talk.offered or len(talk.quoted) > 1:
            return (), False
        # "Pesan semuanya 1", of what was asked about one after the other.
        numbers = [word.value for word in self.tagged.words if word.role is Role.NUMBER]
        each = any(word.role is Role.EACH for word in self.tagged.words)
        plain = self.asked.order and self.tagged.has("dialogue.all")
        plain = plain and (set(numbers) == {1} or (each and len(numbers) == 1))
        few = len(recent) <= _MOST_TOGETHER and not talk.order
        if len(recent) == 2 or (plain and few):
            return recent, True
        return recent[-(said or _MOST_TOGETHER) :], False

    def _so_many(self) -> int:
        """How many "all of them" says they are: 3 of "ketiganya"; 0 if it does not."""
        told = [
            text
            for begin, end in self.tagged.marks.get("dialogue.all", ())
            for text in self.tagged.texts[begin:end]
        ]
        return next(
            (
                many
                for many, says in _SO_MANY.items()
                if any(text.startswith(says) for text in told)
            ),
            0,
        )

    def one_and_more(self) -> Reading | None:
        """ "Ambil 1 sama segitiga 2": so many of what was quoted, and something else."""
        target = [line.entry for line in self.talk.proposed] or list(self.talk.quoted)
        if not target:
            return None
        parts = finding.clauses(self.tagged)
        # "Masing2 1 sama segitiga 2", of two things that were quoted.
        each = bool(parts) and any(word.role is Role.EACH for word in parts[0])
        sure = True
        if len(target) == 1 and (each or self.tagged.has("dialogue.all")):
            # "Dua-duanya 1, segitiga 2", of what was quoted one after the other.
            group, sure = self._group()
            target = list(group) if len(group) > 1 else target
        every = self.tagged.has("dialogue.all") and len(target) > 1
        each = each or every
        few = 1 < len(target) <= _MOST_TOGETHER if each else len(target) == 1
        if not few or self._so_many() > len(target) or self.talk.offered or len(parts) < 2:
            return None
        pointed = not _THAT.isdisjoint(word.token.text for word in parts[0])
        if self.asked.question or self.asked.price or self.asked.stock:
            return None
        first = [word for word in parts[0] if word.role is Role.NUMBER]
        # "3 sama segitiga 2": a number that stands alone counts what was quoted.
        calm = (Role.NUMBER, Role.STILL, Role.EACH)
        pointed = pointed or all(word.role in calm for word in parts[0])
        if not (self._wanted() or pointed):
            return None
        if len(first) != 1 or first[0].label or self._names(parts[0]):
            return None
        if first[0].unit and any(self.count(first[0], one) is None for one in target):
            return None
        mentions = self._others_like(parts[1][0].span[0], target) or [
            self.companion(mention, target[0])
            for mention in finding.find(self.tagged, self.index, ordering=True)
        ]
        if not mentions:
            return None
        if any(not mention.match.one or not mention.quantity for mention in mentions):
            return human(N_("so many of one thing, and another that is not certain"))
        bad = trouble(self.tagged, mentions)
        if bad is not None:
            return bad
        if not first[0].value or any(first[0].span in _spans(mention) for mention in mentions):
            return None
        lines = summed(
            [
                *((one, first[0].value) for one in target),
                *((self.one(m), m.quantity) for m in mentions),
            ]
        )
        rest = [word for word in self.tagged.words if word.role is Role.NUMBER and word != first[0]]
        used = {span for mention in mentions for span in _spans(mention)}
        certain = all(
            mention.match.headed and not mention.doubt and not mention.unknown
            for mention in mentions
        ) or self._of_its_like(parts[1][0].span[0], target, mentions)
        certain = certain and sure and all(word.span in used for word in rest)
        # "Semuanya 3" may be three in all.
        both = not self.lexicon.words["both"].isdisjoint(self.tagged.texts)
        certain = certain and not (every and first[0].value > 1 and not both)
        return self.order(lines) if certain else self.propose(lines)

    def _others_like(self, begin: int, target: Sequence[Entry]) -> list[Mention]:
        """What is named behind so many of one thing by that alone in which it differs from it: "pesan
        1, yang atas 1"; none where that is not certain."""
        rest = " " * begin + self.text[begin:]
        own = Following(tag(rest, self.index), rest, self.index, self.talk)
        if not own.which() or own.names_kind():
            return []
        short = own.resolved(target)
        if short is None or not short.sure:
            return []
        plain = all(one.match.one and one.quantity for one in short.mentions)
        new = plain and all(self.one(one) not in target for one in short.mentions)
        return list(short.mentions) if new else []

    def _of_its_like(self, begin: int, target: Sequence[Entry], found: Sequence[Mention]) -> bool:
        """Whether what is said behind so many of one thing names just these by what tells them from it:
        "mau 1, trus yg 14 juga 1", of a thing that there is in other sizes."""
        rest = self.text[begin:]
        own = Following(tag(rest, self.index), rest, self.index, self.talk).resolved(target)
        if (
            own is None
            or not own.sure
            or any(not one.match.one or one.doubt for one in own.mentions)
        ):
            return False
        return [(one.match.items, one.quantity) for one in own.mentions] == [
            (one.match.items, one.quantity) for one in found
        ]

    def picked_and_more(self) -> Reading | None:
        """ "Karsa 2 sama sepul alpa 1": so many of the list, and something else."""
        parts = finding.clauses(self.tagged) if self.talk.offered else []
        if len(parts) < 2 or not parts[0] or not parts[1]:
            return None
        if self.asked.question or self.asked.price or self.asked.stock or ranged(self.tagged):
            return None
        begin, cut = parts[0][0].span[0], parts[1][0].span[0]
        first, rest = self.text[begin:cut].rstrip(" +&,"), self.text[cut:]
        tagged = tag(rest, self.index)
        mentions = finding.find(tagged, self.index, ordering=True)
        plain = all(one.match.one and one.match.headed and one.quantity for one in mentions)
        if not mentions or not plain or trouble(tagged, mentions) is not None:
            return None
        own = Following(tag(_unlinked(first), self.index), _unlinked(first), self.index, self.talk)
        chosen = own.picked() or own.numbered()
        wish = chosen.wishes[0] if chosen is not None and chosen.certain else None
        counted = wish is not None and wish.lines and all(line.quantity for line in wish.lines)
        if wish is None or not counted or wish.kind not in (Kind.ORDER, Kind.CHOICES):
            return None
        lines = summed(
            [*((line.entry, line.quantity) for line in wish.lines),
             *((self.one(one), one.quantity) for one in mentions)]
        )  # fmt: skip
        sure = wish.kind is Kind.ORDER and all(
            not (one.doubt or one.unknown or one.match.contested) and one.match.sure >= SOUND
            for one in mentions
        )
        strange = any(word.role is Role.UNKNOWN for word in tagged.words)
        return self.order(lines) if sure and not strange else self.propose(lines)

    def _names(self, words: Sequence[Word]) -> bool:
        return any(
            word.role in (Role.NAME, Role.UNKNOWN)
            or (word.role is Role.MAYBE and word.key in self.lexicon.canon)
            for word in words
        )

    def refined(self, mentions: list[Mention]) -> list[Mention]:
        """What a message names, in the light of what was named before: of several things of a kind
        those for the same use; a word that only says which one names no thing of another kind."""
        said = self.last_said() or [line.entry for line in self.talk.order] or self.talk.recent
        if not mentions or not said:
            return self.of_sought(mentions)
        first = mentions[0]
        last = {entry.id for entry in self.last_said()}
        named = tuple(item for item in first.match.items if item in last)
        if len(named) > 1 and not first.match.missing and not self.tagged.has("conditions.cheap"):
            # "Kenarinya brp", of a list of such.
            return [first.only(named, self.index), *mentions[1:]]
        own = self._own(first)
        if len(own) > 1:
            return [*own, *mentions[1:]]
        if first.match.headed:
            if not self.tagged.has("conditions.cheap"):
                # "The cheap one" may well be another than that which was named.
                first = own[0] if own else self.companion(first, self.like(first, said))
            # "Kenarinya sirsak 2" names a thing of its own, where nothing else is called so.
            plain = mentions[0].match.one and mentions[0].match.sure == EXACT
            plain = plain and bool(mentions[0].quantity)
            plain = plain or self._new_kind(mentions[0], first)
            plain = plain and not any(text in WHICH for text in self.tagged.texts)
            return [
                replace(first, doubt=first.doubt or (self.which() and not plain)),
                *mentions[1:],
            ]
        if first.match.items and not first.match.missing and self.short():
            asking = self.asked.question or self.asked.price or self.asked.stock
            if not asking and not self.asked.order:
                return []
            if (
                any(self.lexicon.opposites.get(term.key) for term in first.terms)
                and len(mentions) > 1
            ):
                return []
            first = replace(first, match=Match((), first.terms))
        elif first.match.items and not first.lean:
            plain = all(term.key.isalpha() for term in first.terms)
            first = replace(first, doubt=first.doubt or plain or self.which())
        return [first, *mentions[1:]]

    def _new_kind(self, named: Mention, found: Mention) -> bool:
        """Whether "dekrupnya 1" names one thing of a kind that nothing is of that was spoken of, be it
        the one for the same vehicle, so that it cannot tell which of that is meant."""
        said = {entry.id for entry in self.last_said()}
        said |= {line.entry.id for line in self.talk.order}
        words = self.index.words
        having = (
            item
            for term in named.terms
            if not term.soft
            for sense in term.senses
            for item in words.items(sense)
        )
        certain = found.match.one and not found.doubt and found.match.sure >= SOUND
        return certain and bool(found.quantity) and bool(said) and said.isdisjoint(having)

    def _own(self, mention: Mention) -> list[Mention]:
        """Of several things each that is ordered, where only their price or stock is asked about:
        "kenarinya berapa?"; none if it is not asked so, or nothing such is ordered."""
        asked = self.asked
        ordered = {line.entry.id for line in self.talk.order}
        items = [item for item in mention.match.items if item in ordered]
        asking = (asked.price or asked.stock) and not asked.order and not self.last_said()
        if not asking or len(mention.match.items) < 2 or mention.match.missing:
            return []
        return [mention.only((item,), self.index) for item in items]

    def only_what_is_ordered(self) -> Reading | None:
        """ "Ya udah spionnya aja", of what is ordered, and nothing else was asked about: no change."""
        order = [line.entry for line in self.talk.order]
        numbers = any(word.role is Role.NUMBER for word in self.tagged.words)
        if len(order) != 1 or numbers or not self.agreed() or self.which():
            return None
        asked = self.asked.price or self.asked.stock or self.asked.question or self.asked.order
        found = self.among(order)
        changes = self.tagged.has(
            "dialogue.change", "dialogue.swap", "dialogue.add", "dialogue.also"
        )
        if asked or changes or not found or len(found) != 1 or found[0].doubt:
            return None
        return human(N_("nothing more is wanted"))


def _unlinked(text: str) -> str:
    """A piece of a text without the word behind it that links it to the next one."""
    words = text.split()
    return " ".join(words[:-1] if words and words[-1].lower() in _LINKS else words)


def _spans(mention: Mention) -> set[tuple[int, int]]:
    return {word.span for word in mention.words}
