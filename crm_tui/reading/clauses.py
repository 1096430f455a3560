"""A clause of a turn as one operation on the open order. Each of its words must be accounted for."""

from collections.abc import Sequence

from crm_tui.reading.deeds import Deed, Operation
from crm_tui.reading.order_lines import Named
from crm_tui.reading.replacement import ONLY, REPLACES
from crm_tui.reading.siblings import another_size
from crm_tui.reading.turn import WHICH
from crm_tui.reading.why_clauses import WhyClause


class Clause(WhyClause):
    """A span of the words of a turn as one operation."""

    def read(self) -> Operation | None:
        """What the clause does; None if it is not known for each of its words."""
        self._take_deeds()
        self._sort_words()
        if any(self.tagged.words[at].token.asked for at in range(self.begin, self.end)):
            return None
        return (
            self._nothing()
            or self._rest_out()
            or self._halved()
            or self._whole()
            or self._stays()
            or self._changes()
            or self._reason()
        )

    def _nothing(self) -> Operation | None:
        """Courtesies, "udah itu aja", "yang lain tetap"."""
        if self.numbers or self.names or set(self.deeds) - {"keep", "set"}:
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
        if self._announces():
            return Operation(Deed.NOTHING)
        if set(self.deeds) - {"keep"}:
            return None
        calm = self.turn.lexicon.union("polite", "honorifics", "just")
        quiet = done or not any(text in WHICH for text in texts)
        quiet = quiet and all(at in done or self.tagged.texts[at] in calm for at in self.rest)
        return Operation(Deed.NOTHING, idle=not done) if quiet else None

    def _announces(self) -> bool:
        """ "Revisi:", before what is changed."""
        spans = self.deeds.get("set", ())
        announces = self.turn.lexicon.words["announces"]
        said = [text for start, end in spans for text in self.tagged.texts[start:end]]
        ends = self.end < len(self.tagged.words) and set(self.deeds) == {"set"} and not self.rest
        return ends and announces.issuperset(said)

    def _rest_out(self) -> Operation | None:
        """ "Selain sirsak batal", "batal kecuali sirsaknya": all other lines fall."""
        but = [
            at for at in self.rest if self.tagged.texts[at] in self.turn.lexicon.words["all_but"]
        ]
        if len(but) != 1 or set(self.deeds) != {"out"} or len(self.deeds["out"]) > 1:
            return None
        if self.numbers or self.each:
            return None
        behind = self.tagged.texts[but[0] + 1 : but[0] + 2]
        pointed = but[0] + 1 in self.names or bool(behind and behind[0] in WHICH)
        orders = {
            at
            for start, end in self._marks("intents.orders", "dialogue.all")
            for at in range(start, end)
        }
        left = [at for at in self.rest if at not in but and at not in orders]
        if not pointed or left or not self.names or self.names[0] < but[0]:
            return None
        named = self._linked(self.names)
        return None if named is None else Operation(Deed.REST_OUT, named.entries, sure=named.sure)

    def _halved(self) -> Operation | None:
        """ "Semuanya separuhnya aja", "sirsaknya setengahnya": of each line half as many."""
        half = [
            at for at in self.rest if self.tagged.texts[at] in self.turn.lexicon.words["halved"]
        ]
        every = {at for start, end in self._marks("dialogue.all") for at in range(start, end)}
        left = [at for at in self.rest if at not in half and at not in every]
        if len(half) != 1 or left or self.numbers or set(self.deeds) - {"set"}:
            return None
        lines = {line.entry: line.quantity or 0 for line in self.turn.talk.order}
        if self.names:
            named = None if every else self._linked(self.names)
        else:
            alone = len(lines) == 1 and not self.lines.spoken and not self.turn.talk.left
            named = Named(tuple(lines)) if every or alone else None
        if named is None or not named.sure or any(lines[one] % 2 for one in named.entries):
            return None
        halves = {one: lines[one] // 2 for one in named.entries}
        return Operation(Deed.SET, named.entries, wanted=halves)

    def _whole(self) -> Operation | None:
        """ "Batal semua", "ga jadi pesanannya"."""
        if set(self.deeds) != {"out"} or self.numbers or self.names or len(self.deeds["out"]) > 1:
            return None
        if self._marks("dialogue.not_yet"):
            # All of it, but when?
            return None
        words = self.turn.lexicon.words
        orders = {at for start, end in self._marks("intents.orders") for at in range(start, end)}
        orders |= {at for start, end in self._marks("dialogue.all") for at in range(start, end)}
        others = {at for start, end in self._marks("dialogue.others") for at in range(start, end)}
        if others:
            left = [at for at in self.rest if at not in others and at not in orders]
            return None if left else Operation(Deed.REST_OUT)
        calm = words["withdrawn_with"] - words["none"]
        which = any(
            self.tagged.texts[at] in WHICH and at + 1 not in orders
            for at in range(self.begin, self.end)
        )
        if which or any(at not in orders and self.tagged.texts[at] not in calm for at in self.rest):
            return None
        alone = self.begin == 0 or bool(self.tagged.words[self.begin].token.pause)
        return Operation(Deed.CANCEL, bare=not orders) if orders or alone else None

    def _stays(self) -> Operation | None:
        """ "Namiranya tetap", "yang kanan jadi", "namiranya aja"."""
        if not self.names or set(self.deeds) - {"keep", "set"}:
            return None
        named = self._linked(self.names)
        if named is None or self.each:
            return None
        if self.numbers:
            return self._as_it_is(named)
        texts = self.tagged.texts[self.begin : self.end]
        words = self.turn.lexicon.words
        left = [at for at in self.rest if self.tagged.texts[at] not in words["stays"]]
        if left or not self._agreed():
            return None
        if self.rest or self.deeds:
            return Operation(Deed.STAY, named.entries, sure=named.sure)
        if ONLY.isdisjoint(texts) and texts[0] not in words["enough"]:
            return None
        # "Ga jadi sirsak sama kenari aja" may take back both.
        doubted = texts[0] in words["also_first"] and not self.tagged.words[self.begin].token.pause
        return Operation(Deed.ONLY, named.entries, sure=named.sure and not doubted)

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
        if any(
            not REPLACES.isdisjoint(self.tagged.texts[start:end])
            and self.tagged.texts[end - 1] in REPLACES
            for start, end in self.deeds.get("set", ())
        ):
            return None
        if "out" in deeds:
            return self._out() if deeds == {"out"} else None
        if not self.numbers:
            return None
        if {"more", "less"} <= deeds:
            return None
        return self._counted(deeds)

    def _out(self) -> Operation | None:
        """ "Sirsaknya batal": the line falls."""
        if not self.names and not self.numbers:
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
        every = bool(self._marks("dialogue.all"))
        return Operation(Deed.OUT, named.entries, sure=named.sure or every)

    def _counted(self, deeds: set[str]) -> Operation | None:
        """ "Kenarinya jadi 5", "tambah 2 sirsak", "namiranya 3 aja": a line and how many of it."""
        at = self._count_place()
        if at is None:
            return None
        names = [*self.names, *(one for one in self.numbers if one != at)]
        named = self._named(sorted(names), at)
        if named is None or bool(self.links) != self.each:
            return None
        number = self.tagged.words[at]
        counts = {self.turn.count(number, entry) for entry in named.entries}
        if len(counts) != 1 or not (count := counts.pop()):
            return None
        sure = named.sure and not number.year
        if self._by_so_many(deeds, at):
            deeds = deeds - {"set"}
        if "set" in deeds:
            if self.more:
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
            return Operation(deed, named.entries, count, sure)
        if any(
            self.turn.model(entry, number) or another_size(self.turn.index, entry, number)
            for entry in named.entries
        ):
            return None
        also = self.turn.lexicon.words["also_first"]
        edge = next((text for text in self.tagged.texts[self.begin : self.end] if text in also), "")
        bare = not self._just(at) or not (names or deeds)
        lone = not (names or deeds)
        return Operation(
            Deed.SET, named.entries, count, sure, bare=bare, also=bool(edge), lone=lone
        )

    def _by_so_many(self, deeds: set[str], at: int) -> bool:
        """Whether a word for setting says no more than "so", before the one that the number stands
        behind: "jadinya dikurangi 10"."""
        moved = [span for name in ("more", "less") for span in self.deeds.get(name, ())]
        if "set" not in deeds or not any(end == at for _, end in moved):
            return False
        return all(end <= moved[0][0] for _, end in self.deeds["set"])

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

    def _named(self, places: Sequence[int], at: int) -> Named | None:
        if places:
            return self._linked(places)
        order = self.lines.order
        if not self.deeds and not self._just(at):
            return None
        alone = len(order) == 1 and not self.lines.spoken and not self.turn.talk.left
        return Named((order[0],)) if alone else None

    def _linked(self, places: Sequence[int]) -> Named | None:
        """The lines that are named, of several things that "and" links each its own."""
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
        """Whether "only" stands behind the number."""
        behind = self.tagged.texts[at + 1 : self.end]
        return not ONLY.isdisjoint(behind)
