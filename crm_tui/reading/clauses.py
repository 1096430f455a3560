"""A clause of a turn as one operation on the open order. Each of its words must be accounted for."""

from collections.abc import Sequence

from crm_tui.reading.deeds import Deed, Operation
from crm_tui.reading.order_lines import Named, elsewhere_placed
from crm_tui.reading.replacement import ONLY, REPLACES
from crm_tui.reading.siblings import another_size
from crm_tui.reading.turn import SUFFIXES, WHICH
from crm_tui.reading.why_clauses import WhyClause

_TWO = 2


_A_COUNT = 3
"""More digits are rather what something is called."""


class Clause(WhyClause):
    """A span of the words of a turn as one operation."""

    def read(self) -> Operation | None:
        """What the clause does; None if it is not known for each of its words."""
        self._take_deeds()
        self._sort_words()
        if any(self.tagged.words[at].token.asked for at in range(self.begin, self.end)):
            return None
        return (
            self._nothing() or self._whole() or self._stays() or self._changes() or self._reason()
        )

    def _nothing(self) -> Operation | None:
        """Courtesies, "udah itu aja", "yang lain tetap"."""
        if self._denies_count() or self._put_right():
            return Operation(Deed.NOTHING)
        if self.numbers or self.names or self.pointed or set(self.deeds) - {"keep", "set"}:
            return None
        texts = self.tagged.texts[self.begin : self.end]
        done = {at for start, end in self._marks("intents.done") for at in range(start, end)}
        others = {at for start, end in self._marks("dialogue.others") for at in range(start, end)}
        words = self.turn.lexicon.words
        denied = not words["refusing"].isdisjoint(texts) or bool(self._marks("dialogue.deny"))
        stays = words["stays"] | words["same_again"] | words["refusing"] | words["forbids"]
        kept = not (words["stays"] | words["same_again"] | words["agrees"]).isdisjoint(texts)
        if others and (kept if not denied else "set" in self.deeds) and (denied or self._agreed()):
            left = [
                at for at in self.rest if at not in others and self.tagged.texts[at] not in stays
            ]
            return None if left else Operation(Deed.STAY)
        told = {texts[at - self.begin] for span in self.deeds.get("set", ()) for at in range(*span)}
        if not words["announces"].issuperset(told) or self.half or self.every or self.apart:
            # "Revisi: …"
            return None
        calm = self.turn.lexicon.union("polite", "honorifics", "just", "announces")
        done |= {at for at in self.rest if self.tagged.texts[at] in words["announces"]}
        quiet = done or not any(text in WHICH for text in texts)
        quiet = quiet and all(at in done or self.tagged.texts[at] in calm for at in self.rest)
        return Operation(Deed.NOTHING, idle=not done) if quiet else None

    def _denies_count(self) -> bool:
        """ "Ojo 4", "4 betul", where four of the one line are ordered."""
        order = self.turn.talk.order
        counts = {self.tagged.words[at].value for at in self.numbers}
        denied = {at for start, end in self._marks("dialogue.deny") for at in range(start, end)}
        right = self.turn.lexicon.words["right"]
        denied |= {at for at in self.rest if self.tagged.texts[at] in right}
        same = len(order) == 1 and counts == {order[0].quantity}
        plain = not (self.names or self.deeds or set(self.rest) - denied)
        return bool(denied) and same and plain

    def _whole(self) -> Operation | None:
        """ "Batal semua", "ga jadi pesanannya"."""
        if set(self.deeds) != {"out"} or self.numbers or self.names or len(self.deeds["out"]) > 1:
            return None
        if (
            self.pointed
            or self.valued
            or self.half
            or self.apart
            or self._marks("dialogue.not_yet")
        ):
            # What is not needed yet: all of it, but when?
            return None
        words = self.turn.lexicon.words
        orders = {at for start, end in self._marks("intents.orders") for at in range(start, end)}
        every = {at for start, end in self._marks("dialogue.all") for at in range(start, end)}
        orders |= every
        others = {at for start, end in self._marks("dialogue.others") for at in range(start, end)}
        if others:
            left = [at for at in self.rest if at not in others and at not in orders]
            return None if left else Operation(Deed.REST_OUT)
        calm = words["withdrawn_with"] - words["none"]
        if any(at not in orders and self.tagged.texts[at] not in calm for at in self.rest):
            return None
        if any(
            self.tagged.texts[at] in SUFFIXES and at - 1 not in orders | self.inside
            for at in range(self.begin, self.end)
        ):
            # "Ga jadi ka nya" names something.
            return None
        pointing = words["that"] | words["yesterdays"] | set(SUFFIXES)
        said = self.tagged.texts[self.begin : self.end]
        if not orders and len(self.lines.order) > 1 and not pointing.isdisjoint(said):
            # Of several lines "ga jadi itunya" takes back the one that was named before it.
            return Operation(Deed.CANCEL, bare=True, sure=False)
        which = [
            at for at in range(self.begin, self.end)
            if self.tagged.texts[at] in WHICH and at + 1 not in orders
        ]  # fmt: skip
        if which:
            # "Batal yang itu": what was named right before it.
            that = self.tagged.texts[which[0] + 1 : self.end][:1]
            shown = len(which) == 1 and words["that"].issuperset(that) and bool(that)
            return Operation(Deed.CANCEL, bare=True, sure=False) if shown else None
        alone = self.begin == 0 or bool(self.tagged.words[self.begin].token.pause)
        return Operation(Deed.CANCEL, bare=not orders) if orders or alone else None

    def _stays(self) -> Operation | None:
        """ "Namiranya tetap", "yang kanan jadi", "namiranya aja"."""
        if self.apart:
            return self._all_but()
        if not self._tells() or set(self.deeds) - {"keep", "set"} or self.half:
            return None
        named = self._linked(self.names)
        if named is None or self.each:
            return None
        if self.numbers:
            return self._as_it_is(named)
        texts = self.tagged.texts[self.begin : self.end]
        words = self.turn.lexicon.words
        taken = [at for at in self.rest if self.tagged.texts[at] in words["doing"]]
        rest = [at for at in self.rest if at not in taken]
        left = [at for at in rest if self.tagged.texts[at] not in words["stays"]]
        if left or not self._agreed() or len(taken) > 1:
            return None
        if self._only_these(texts):
            return Operation(Deed.REST_OUT, named.entries, sure=named.sure)
        if rest or self.deeds:
            return Operation(Deed.STAY, named.entries, sure=named.sure)
        if ONLY.isdisjoint(texts) and texts[0] not in words["enough"]:
            return None
        # "Ga jadi sirsak sama kenari aja" may take back both.
        doubted = texts[0] in words["also_first"] and not self.tagged.words[self.begin].token.pause
        return Operation(Deed.ONLY, named.entries, sure=named.sure and not doubted)

    def _only_these(self, texts: Sequence[str]) -> bool:
        """ "Cuma sirsak yang jadi": "only" before, or behind what is named, and that it is wanted."""
        words = self.turn.lexicon.words
        first = texts[0] in words["only"] | words["enough"]
        which = any(
            start > self.begin and texts[start - self.begin - 1] in WHICH
            for start, _ in self.deeds.get("set", ())
        )
        return which and (first or not ONLY.isdisjoint(texts))

    def _tells(self) -> bool:
        """Whether a line is named, or pointed at."""
        return bool(self.names or self.pointed or self.valued)

    def _all_but(self) -> Operation | None:
        """ "Cancel kecuali sirsak", "selain sirsak dan kenari, batalkan"."""
        if set(self.deeds) - {"out"} or self.numbers or self.rest or not self._tells():
            return None
        named = self._linked(self.names)
        if named is None or not named.sure:
            return None
        return Operation(Deed.REST_OUT if self.deeds else Deed.BUT, named.entries)

    def _as_it_is(self, named: Named) -> Operation | None:
        """ "Namira tetap 2", of which there are two."""
        stays = self.turn.lexicon.words["stays"]
        kept = self.rest and all(self.tagged.texts[at] in stays for at in self.rest)
        counts = {line.quantity for line in self.turn.talk.order if line.entry in named.entries}
        same = {self.tagged.words[at].value for at in self.numbers} == counts
        if not kept or not same or self.deeds:
            return None
        return Operation(Deed.STAY, named.entries, sure=named.sure)

    def _agreed(self) -> bool:
        """Whether "jadi" alone says that something is wanted as it was ordered."""
        agrees = self.turn.lexicon.words["agrees"]
        return all(
            end - start == 1 and self.tagged.texts[start] in agrees
            for start, end in self.deeds.get("set", ())
        )

    def _changes(self) -> Operation | None:
        deeds = set(self.deeds)
        if self.rest or "keep" in deeds or any(len(spans) > 1 for spans in self.deeds.values()):
            return None
        if any(self._replaces(*span) for span in self.deeds.get("set", ())):
            return None
        if "out" in deeds:
            return self._out() if deeds == {"out"} and not self.half else None
        if not self.numbers and not self.half:
            return None
        if {"more", "less"} <= deeds:
            return None
        return self._counted(deeds)

    def _replaces(self, start: int, end: int) -> bool:
        """Whether "ganti" wants another thing, and not so many: "yang pertama ganti 2"."""
        if self.tagged.texts[end - 1] not in REPLACES:
            return False
        number = self.tagged.words[end] if end in self.numbers else None
        return number is None or len(number.key) > 1 or any(at > start for at in self.names)

    def _out(self) -> Operation | None:
        """ "Sirsaknya batal": the line falls."""
        if (not self._tells() and not self.numbers) or self.apart:
            return None
        if any(not self.lines.sized(self.tagged.words[at], at) for at in self.numbers):
            return None
        behind = self.deeds["out"][-1][1]
        start = self.deeds["out"][0][0]
        sides = {at < start for at in self.names}
        behind_it = self.tagged.texts[self.links[-1] : self.end] if self.links else ()
        if self.links and (len(sides) > 1 or not ONLY.isdisjoint(behind_it)):
            # "Ga jadi sirsak sama kenari aja"
            return None
        if behind in self.numbers and "jad" in self.tagged.texts[behind - 1]:
            # "Kenarinya ga jadi 10"
            return None
        counts = {line.quantity for line in self.turn.talk.order}
        if not self.names and any(self.tagged.words[at].value in counts for at in self.numbers):
            return None
        named = self._linked(sorted([*self.names, *self.numbers]))
        if named is None or self.each:
            return None
        # "Yang pertama batal" may be the first order.
        two = self.plural or (len(named.entries) == _TWO and self._both())
        # "Olinya batal semua"
        two = two or self._all_called_so(named)
        plain = named.sure and not (self.every and self.names and not self._all_called_so(named))
        # "Batal yg 2": the one that has a 2 in its name, or the second line?
        plain = plain and not elsewhere_placed(self.tagged, self.lines.order, named.entries)
        # "Yang kedua" of two lines is no order, as the first may be; nor are several.
        second = len(self.lines.order) == _TWO and self.pointed == [1] and self.ordinal
        # What is the last one, "no 2", or struck out of a list is a line of it.
        struck = not self.turn.lexicon.words["struck_out"].isdisjoint(
            self.tagged.texts[self.begin : self.end]
        )
        told = not self.pointed or len(self.pointed) > 1 or second or struck or not self.ordinal
        return Operation(Deed.OUT, named.entries, sure=(plain or two) and told)

    def _all_called_so(self, named: Named) -> bool:
        """ "Olinya batal semua", and no other line is called so."""
        orders = {at for start, end in self._marks("intents.orders") for at in range(start, end)}
        every = {at for start, end in self._marks("dialogue.all") for at in range(start, end)}
        if not every or not self.names or self.links or orders - every:
            return False
        return self.lines.having_all(self.names) == set(named.entries)

    def _counted(self, deeds: set[str]) -> Operation | None:
        """ "Kenarinya jadi 5", "tambah 2 sirsak", "namiranya 3 aja": a line and how many of it."""
        if self.half:
            return self._halved(deeds)
        at = self._count_place()
        if at is None:
            return None
        names = [*self.names, *(one for one in self.numbers if one != at)]
        named = self._all_others(names) if self.apart else None
        if self.apart and (named is None or deeds - {"set"}):
            return None
        named = named or self._named(sorted(names), just=self._just(at))
        if named is None or (self.links and not self.each):
            return None
        number = self.tagged.words[at]
        counts = {self.turn.count(number, entry) for entry in named.entries}
        if len(counts) != 1 or not (count := counts.pop()):
            return None
        own = {entry.unit.lower() for entry in named.entries}
        sold = {self.turn.lexicon.units.get(unit, unit) for unit in own} <= {"pair", "set"}
        sure = (named.sure or self.every or self.each) and (sold or not number.pair)
        if self._may_sum_up(count):
            sure = False
        if len(deeds) > 1 and not any(end == at for _, end in self.deeds["set"]):
            # "Jadinya dikurangi 10" takes ten away.
            moved = [span for name in ("more", "less") for span in self.deeds.get(name, ())]
            if not any(end == at for _, end in moved):
                return None
            deeds = deeds - {"set"}
        if "set" in deeds:
            called = len(number.key) > _A_COUNT and any(
                self.turn.model(entry, number) for entry in named.entries
            )
            if self.more or called:
                # "6302 nya ganti 6201" says what it is to be.
                return None
            up, down = "more" in deeds, "less" in deeds
            before = {line.entry: line.quantity or 0 for line in self.turn.talk.order}
            if any(
                (up and count <= before[one]) or (down and count >= before[one])
                for one in named.entries
            ):
                return None
            return Operation(Deed.SET, named.entries, count, sure)
        if self.more and "less" in deeds:
            return None
        if "more" in deeds or "less" in deeds or self.more:
            deed = Deed.LESS if "less" in deeds else Deed.MORE
            sure = sure and not (deed is Deed.MORE and self.turn.may_raise_to(count, named.entries))
            return Operation(deed, named.entries, count, sure)
        if names and any(
            self.turn.model(entry, number) or another_size(self.turn.index, entry, number)
            for entry in named.entries
        ):
            return None
        also = self.turn.lexicon.words["also_first"]
        edge = next((text for text in self.tagged.texts[self.begin : self.end] if text in also), "")
        bare = not self._just(at)
        counts = {line.quantity for line in self.turn.talk.order if line.entry not in named.entries}
        besides = self.turn.lexicon.words["besides"]
        if count in counts and self.tagged.texts[self.end - 1] in besides and names:
            # "Kenarinya 20 juga", as there are 20 of another line.
            edge = ""
        return Operation(Deed.SET, named.entries, count, sure, bare=bare, also=bool(edge))

    def _may_sum_up(self, count: int) -> bool:
        """ "Jadi semuanya dua ya", where there are two in all."""
        spans, every = self.deeds.get("set"), self._marks("dialogue.all")
        if not spans or not every or spans[0] > every[0] or self.each:
            return False
        return count == sum(line.quantity or 0 for line in self.turn.talk.order)

    def _all_others(self, names: Sequence[int]) -> Named | None:
        """All lines but those that are named: "semuanya kecuali sirsak jadi 8"."""
        spared = self._linked(sorted(names)) if names or self.pointed else None
        if spared is None or not self.every:
            return None
        rest = tuple(entry for entry in self.lines.order if entry not in spared.entries)
        return Named(rest, spared.sure) if rest else None

    def _halved(self, deeds: set[str]) -> Operation | None:
        """ "Sirsaknya separonya aja", "kurangi setengah": of each as many as can be shared in two."""
        if self.apart or self.numbers or self.rest or deeds - {"less", "set"}:
            return None
        if self.links and not self.each:
            return None
        named = self._named(self.names, just=True)
        if named is None:
            return None
        before = {line.entry: line.quantity or 0 for line in self.turn.talk.order}
        if any(before[entry] % 2 for entry in named.entries):
            return None
        wanted = {entry: before[entry] // 2 for entry in named.entries}
        return Operation(Deed.SET, named.entries, sure=named.sure or self.every, wanted=wanted)

    def _count_place(self) -> int | None:
        """The place of the number that says how many; the others are sizes of what is named."""
        words = self.tagged.words
        starts = {end for spans in self.deeds.values() for _, end in spans}
        behind = [at for at in self.numbers if at in starts]
        sizes = self.turn.lexicon.words["size_marks"]
        counting = behind or [
            at
            for at in self.numbers
            if (not words[at].label or words[at].unit)
            and sizes.isdisjoint(self.tagged.texts[max(0, at - 1) : at])
        ]
        if len(counting) > 1:
            sized = [at for at in counting if self.lines.sized(words[at], at)]
            counting = [at for at in counting if at not in sized] or sized[-1:]
        if len(counting) != 1:
            return None
        at = counting[0]
        others = [one for one in self.numbers if one != at]
        if any(not self.lines.sized(words[one], one) for one in others):
            return None
        return at if self.lines.may_count(words[at]) else None

    def _named(self, places: Sequence[int], *, just: bool) -> Named | None:
        """The lines that are named, or all, or the one that there is."""
        if places or self.pointed or self.valued:
            return self._linked(places)
        order = self.lines.order
        if self.lines.spoken or self.turn.talk.left:
            return None
        if self.every:
            return Named(tuple(order)) if len(order) == _TWO or not self._both() else None
        # "Ganti sirsak, 1 aja" counts what is had instead.
        just = just and REPLACES.isdisjoint(self.tagged.texts)
        return Named((order[0],)) if len(order) == 1 and (self.deeds or just) else None

    def _both(self) -> bool:
        """Whether it is said that there are two."""
        both = self.turn.lexicon.words["both"]
        return self.every and not both.isdisjoint(self.tagged.texts[self.begin : self.end])

    def _linked(self, places: Sequence[int]) -> Named | None:
        """The lines that are named, of several things that "and" links each its own, or pointed at."""
        if self.valued:
            alone = not (places or self.pointed)
            return Named(tuple(self.valued), len(self.valued) == 1) if alone else None
        if self.pointed:
            named = self.lines.at_places(self.pointed, len(self.links) + 1) if not places else None
            return Named(named.entries, sure=False) if named and self.either else named
        groups: list[list[int]] = [[]]
        links = iter([*self.links, self.end])
        link = next(links)
        for at in places:
            while at > link:
                groups.append([])
                link = next(links)
            groups[-1].append(at)
        found = [self.lines.named(group) for group in groups]
        entries = [entry for named in found if named is not None for entry in named.entries]
        if None in found or len(set(entries)) < len(entries):
            return None
        return Named(tuple(entries), all(named.sure for named in found if named is not None))

    def _just(self, at: int) -> bool:
        """Whether "only" stands behind the number, or "enough" before or behind it."""
        behind = self.tagged.texts[at + 1 : self.end]
        enough = self.turn.lexicon.words["enough"]
        return not ONLY.isdisjoint(behind) or "dulu" in behind or not enough.isdisjoint(behind)
