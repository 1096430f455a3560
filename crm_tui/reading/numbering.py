"""Numbers and places of the list that was sent: "2", "no 1 3 no 2 2", "yang pertama 2"."""

from collections.abc import Sequence

from crm_tui.errors import N_
from crm_tui.reading import mentions as finding
from crm_tui.reading.index import Entry
from crm_tui.reading.ordering import ranged
from crm_tui.reading.proposals import cheapest
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.taking import Taking
from crm_tui.reading.turn import WHICH
from crm_tui.reading.wishes import Kind, Line, Reading, Wish, human

_MOST_AT_ONCE = 3
"""So many things of a list are ordered by one word for all."""


class Numbering(Taking):
    """A message that chooses from the shop's last list by numbers."""

    def numbered(self) -> Reading | None:
        """Numbers of the list that was sent: "2", "no 2 aja 4 pcs", "no 1 3 no 2 2", "1 dan 3"."""
        talk = self.talk
        offered = talk.offered
        cheap = self.tagged.has("conditions.cheap")
        if not offered and len(talk.quoted) > 1 and (cheap or self._ordinals()):
            # What was quoted one below the other has an order, too.
            offered = talk.quoted
        each = self.each_of_rows(offered)
        if each is not None:
            return each
        named = (Role.NAME, Role.UNKNOWN, Role.EACH)
        if not offered or any(word.role in named or word.size for word in self.tagged.words):
            return None
        pairs = self._pairs(offered)
        if pairs is not None:
            return pairs
        if self.tagged.has("conditions.cheap"):
            open_ = ranged(self.tagged)
            return human(N_("two quantities to choose from")) if open_ else self._cheap(offered)
        taken = self._take_of(offered)
        if taken is not None:
            return self._choose_rows(offered, [taken])
        if self._tells_apart(offered) or self._about_how_many():
            return None
        chosen = self._chosen(len(offered))
        if chosen is None:
            return None
        if not chosen:
            # A number beyond the list may be a size: "yang 22 aja".
            sized = self.picked()
            if sized is not None:
                return sized
            numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
            if len(numbers) == 1 and not numbers[0].label and numbers[0].value:
                # More than the list has: so many, but of which?
                quantity = numbers[0].value
                return self.wish(
                    Wish(Kind.CHOICES, options=offered, quantity=quantity, choosing=Kind.ORDER)
                )
            return human(N_("a number that is none of the list"))
        if ranged(self.tagged):
            return human(N_("two quantities to choose from"))
        return self._choose_rows(offered, chosen)

    def _take_of(self, offered: Sequence[Entry]) -> tuple[int, Word] | None:
        """ "1 ambil 3": the place, and behind a word for taking how many."""
        words, texts = self.tagged.words, self.tagged.texts
        numbers = [at for at, word in enumerate(words) if word.role is Role.NUMBER]
        if len(numbers) != 2 or self.tagged.asked or not self.asked.order:
            return None
        place, count = numbers
        between = texts[place + 1 : count]
        doing = self.lexicon.words["doing"]
        plain = bool(between) and doing.issuperset(between) and words[place].token.digits
        plain = plain and not words[place].unit and 0 < words[place].value <= len(offered)
        return (words[place].value, words[count]) if plain and not words[count].label else None

    def _choose_rows(
        self, offered: Sequence[Entry], chosen: Sequence[tuple[int, Word | None]]
    ) -> Reading | None:
        """So many of each chosen place; None if one is counted in what it is not sold by."""
        lines = []
        for place, word in chosen:
            quantity = None if word is None else self.count(word, offered[place - 1])
            if word is not None and quantity is None:
                return None
            lines.append(Line(offered[place - 1], quantity))
        return self.answer_chosen(lines)

    def each_of_rows(self, offered: Sequence[Entry]) -> Reading | None:
        """ "No 2 sama no 3 masing2 2": so many of each of some rows of the list."""
        words = self.tagged.words
        each = [at for at, word in enumerate(words) if word.role is Role.EACH]
        numbers = [word for word in words if word.role is Role.NUMBER]
        rows = [word for word in numbers if word.label and word.token.digits and not word.size]
        if each and not rows:
            # "1 sama 2, masing2 3"
            before = [word for word in words[: each[0]] if word.role is Role.NUMBER]
            plain = all(word.token.digits and not (word.unit or word.year) for word in before)
            rows = before if plain and len(before) == len(numbers) - 1 else []
        counts = [word for word in numbers if word not in rows]
        if not each or len(rows) < 2 or len(counts) != 1 or not counts[0].value:
            return None
        places = [word.value for word in rows]
        other = (Role.NAME, Role.UNKNOWN)
        if any(word.role in other for word in words) or len(set(places)) < len(places):
            return None
        if not all(1 <= place <= len(offered) for place in places) or self.asked.question:
            return None
        return self._choose_rows(offered, [(place, counts[0]) for place in places])

    def _pairs(self, offered: Sequence[Entry]) -> Reading | None:
        """ "1 2, 3 1": a row of the list and how many of it, in each clause, as a proposal; "3 satu, 2
        dua, pesan" is sure, for rows are told in figures and counts in words."""
        parts = [
            [word for word in part if word.role is Role.NUMBER]
            for part in finding.clauses(self.tagged)
        ]
        parts = [part for part in parts if part]
        spoken = all(not part[1].token.digits for part in parts if len(part) > 1)
        plain = all(
            (word.token.digits or (spoken and word is not part[0]))
            and not (word.label or word.year)
            for part in parts
            for word in part
        )
        if len(parts) < 2 or not plain or any(len(part) != 2 for part in parts):
            return None
        places = [part[0].value for part in parts]
        if len(set(places)) < len(places) or not all(1 <= one <= len(offered) for one in places):
            return None
        if any(part[0].unit or not part[1].value for part in parts) or self.asked.question:
            return None
        counted = [(offered[one.value - 1], two) for one, two in parts]
        lines = [Line(entry, self.count(word, entry)) for entry, word in counted]
        if not all(line.quantity for line in lines):
            return None
        return self.order(lines) if spoken and self.asked.order else self.propose(lines)

    def _behind_that(self, number: Word) -> bool:
        """Whether a number stands right behind "that one" and counts it: "yg itu 1"."""
        at = next(at for at, word in enumerate(self.tagged.words) if word is number)
        before = self.tagged.texts[max(0, at - 2) : at]
        return len(before) > 1 and before[0] in WHICH and before[1] in self.lexicon.words["that"]

    def _about_how_many(self) -> bool:
        """Whether a number says how many more, less or in all, not which of the list: "tambah 2"."""
        if any(word.label for word in self.tagged.words):
            return False
        changed = self.tagged.has("dialogue.change") and self.talk.quantity is not None
        return changed or self.tagged.has("dialogue.add", "dialogue.less")

    def _tells_apart(self, offered: Sequence[Entry]) -> bool:
        """Whether a word that mostly says nothing names some of the list: "L 2"."""
        words = self.index.words
        for word in self.tagged.words:
            if word.role is Role.MAYBE:
                having = set().union(*map(words.items, words.senses(word.key)))
                if 0 < sum(entry.id in having for entry in offered) < len(offered):
                    return True
        return False

    def _ordinals(self) -> list[int]:
        """The places that "yang pertama", "yang kedua" name."""
        ordinals = self.lexicon.ordinals
        return [ordinals[text] for text in self.tagged.texts if text in ordinals]

    def _in_order(self, size: int) -> list[tuple[int, Word | None]]:
        """ "Yang pertama 2 yang kedua 1": each place with the number behind it, or each with the one
        before it; empty if the numbers do not go with the places."""
        places = self._ordinals()
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        if max(places) > size or len(set(places)) < len(places):
            return []
        if not numbers:
            return [(place, None) for place in places]
        kinds = "".join(
            "o" if text in self.lexicon.ordinals else "n"
            for text, word in zip(self.tagged.texts, self.tagged.words, strict=True)
            if text in self.lexicon.ordinals or word.role is Role.NUMBER
        )
        if kinds not in ("on" * len(places), "no" * len(places)):
            return []
        return list(zip(places, numbers, strict=True))

    def _chosen(self, size: int) -> list[tuple[int, Word | None]] | None:
        """Places in a list of `size` with quantities; None: no number, or a quantity; empty:
        impossible."""
        if self._ordinals():
            return self._in_order(size)
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        if self.tagged.has("dialogue.all"):
            # A number beside "both" is how many of each, not one of the list.
            some = numbers or size > _MOST_AT_ONCE or self.talk.parts
            return None if some else [(place, None) for place in range(1, size + 1)]
        plain = [word for word in numbers if not word.unit and word.token.digits]
        if not numbers:
            return None
        if any(word.label for word in numbers):
            return self._labelled(numbers, size)
        if len(numbers) == 1:
            if numbers[0].unit or not numbers[0].token.digits or self._behind_that(numbers[0]):
                return None
            return [(numbers[0].value, None)] if 1 <= numbers[0].value <= size else []
        if len(numbers) == 2 and len(plain) == 1 and plain[0] is numbers[0]:
            return [(plain[0].value, numbers[1])] if plain[0].value <= size else []
        linked = sum(len(clause) > 0 for clause in finding.clauses(self.tagged))
        if len(plain) == len(numbers) == linked:
            places = [word.value for word in plain]
            return (
                [(place, None) for place in places] if max(places) <= size and min(places) else []
            )
        return []

    def _labelled(self, numbers: Sequence[Word], size: int) -> list[tuple[int, Word | None]]:
        chosen: list[tuple[int, Word | None]] = []
        for word in numbers:
            if word.label:
                if not 1 <= word.value <= size:
                    return []
                chosen.append((word.value, None))
            elif self._next_place(word):
                # "Nomor 1 dan 2"
                if not 1 <= word.value <= size:
                    return []
                chosen.append((word.value, None))
            elif chosen and chosen[-1][1] is None:
                chosen[-1] = (chosen[-1][0], word)
            else:
                return []
        return chosen

    def _next_place(self, word: Word) -> bool:
        """Whether a number right behind "and", behind another number and with nothing behind it, is one
        more place of the list."""
        words = self.tagged.words
        at = next(at for at, one in enumerate(words) if one is word)
        linked = at > 1 and words[at - 1].role is Role.LINK and words[at - 2].role is Role.NUMBER
        behind = words[at + 1 : at + 2]
        last = not behind or behind[0].role is not Role.NUMBER
        return linked and last and word.token.digits and not word.unit

    def answer_chosen(self, lines: Sequence[Line]) -> Reading:
        """An order of what was chosen, a proposal of it, or its price: by what the list was for."""
        counted = all(line.quantity is not None for line in lines)
        # So many of one thing are not so many of each of two.
        shared = len(lines) > 1 and not self.talk.parts
        lines = [
            line
            if line.quantity is not None
            else Line(line.entry, None if shared else self.talk.wanted(line.entry))
            for line in lines
        ]
        if (self.asked.question and not self.asked.order) or self.asked.price:
            many = lines[0].quantity if len(lines) == 1 else None
            asked = tuple(Line(line.entry) for line in lines)
            return self.wish(Wish(Kind.PRICE, asked, quantity=many, evidence=self.text))
        if any(line.quantity == 0 for line in lines):
            return human(N_("a quantity of 0"))
        if self.asked.question:
            return self.propose([Line(line.entry, line.quantity or 1) for line in lines])
        if all(line.quantity is not None for line in lines) and (
            counted or self.talk.choosing is not Kind.UNAVAILABLE or self.agreed()
        ):
            return self.order(lines)
        if self.talk.choosing in (Kind.PRICE, Kind.STOCK) and not (
            self.asked.order or self.asked.want
        ):
            return self.wish(
                Wish(Kind.PRICE, tuple(Line(line.entry) for line in lines), evidence=self.text)
            )
        return self.propose([Line(line.entry, line.quantity or 1) for line in lines])

    def _cheap(self, entries: Sequence[Entry]) -> Reading | None:
        one = cheapest(entries)
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        if one is None or len(numbers) > 1:
            return None
        if not numbers:
            return self.answer_chosen([Line(one, None)])
        quantity = self.count(numbers[0], one)
        return None if quantity is None else self.answer_chosen([Line(one, quantity)])

    def picked(self) -> Reading | None:
        """Words that choose from the list, which are told apart elsewhere."""
        raise NotImplementedError
