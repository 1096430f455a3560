"""Whether a clause of a turn only tells why the order is changed: what is dear or too many, what a
mechanic said, whose vehicle it is for, what has happened to it."""

from dataclasses import dataclass

from crm_tui.reading import told_around
from crm_tui.reading.clauses import Clause
from crm_tui.reading.deeds import Deed
from crm_tui.reading.order_lines import OrderLines
from crm_tui.reading.remark_parts import Part
from crm_tui.reading.replacement import REPLACES
from crm_tui.reading.roles import Role
from crm_tui.reading.turn import SUFFIXES, WHICH, Turn

_MOST_STRANGE = 4
_SENTENCE = 3
_DEEDS = (
    "dialogue.add", "dialogue.less", "dialogue.change", "dialogue.swap", "dialogue.remove",
    "dialogue.unneeded", "dialogue.not_yet", "dialogue.keep", "dialogue.deny", "dialogue.others",
    "dialogue.other_one", "intents.cancel", "intents.stop", "intents.start",
    "intents.status", "intents.promo", "intents.points", "intents.catalogue",
    "conditions.condition", "conditions.if_available", "conditions.if_out", "conditions.cheap",
    "conditions.pickup", "conditions.when_ready", "veto.own", "veto.spam", "veto.later",
    "veto.haggle",
)  # fmt: skip
"""What none that only tells why has in it."""
TAKES = ("dialogue.remove", "dialogue.unneeded", "dialogue.not_yet")
"""Phrases that take something back."""
_MORE = frozenset(("lebih", "lbh", "luwih", "leuwih"))
_OF_GOODS = ("from_here", "bought", "got", "ordered", "reached", "brought", "doing")


@dataclass(frozen=True)
class Why:
    """A clause that tells why. `names`: the places of what it names; `much`: that there is too much of
    something, or that it is dear; `undoes`: that a change falls; `counted`: how many
    there are too many of, 0 if that is not said; `plain`: an order beside it stands."""

    begin: int
    end: int
    names: tuple[int, ...] = ()
    much: bool = False
    counted: int = 0
    undoes: bool = False
    plain: bool = False


class TellingWhy:
    """The clauses of a turn that tell why."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self.tagged = turn.tagged
        self.lines = OrderLines(turn)
        self.words = turn.lexicon.words

    def why(self, begin: int, end: int, *, relayed: bool) -> Why | None:
        """A clause as one that tells why; None if it may say more."""
        words, tagged = self.tagged.words[begin:end], self.tagged
        part = Part(tagged, self.turn.index, begin, end, apart=True)
        if self._echoes(part):
            return Why(begin, end, plain=True)
        if self._takes_off(part):
            return Why(begin, end, undoes=True)
        if any(word.token.asked for word in words):
            return None
        plain = (
            self._after_thought,
            self._says_yes,
            self._fetches,
            self._not_that,
            self._both_sides,
            self._better,
        )
        if any(told(part) for told in plain) or told_around.agrees_to_price(part):
            return Why(begin, end, plain=True)
        if self._heads(part) or self._old_one(part) or (relayed and self._not_needed(part)):
            return Why(begin, end)
        too = self._needed_too(part)
        if too:
            return Why(begin, end, too, plain=True)
        others = self._of_the_others(part)
        if others:
            return Why(begin, end, counted=others)
        if self.for_whom(part) or self._done_to(part):
            return Why(begin, end)
        short = self._too_little(part)
        if any(map(part.marked, _DEEDS)) and not short:
            return None
        if relayed and any(word.token.digits for word in words):
            # What is a house's number behind a workshop counts by itself.
            return None
        much = part.says("reason_alone", "dearness")
        much_money = any(any(map(str.isdigit, text)) for text in part.texts)
        stands = part.says("differs") or (part.says("money") and much_money)
        numbers = [word for word in words if word.role is Role.NUMBER]
        order = self.turn.talk.order
        counted = 0
        if numbers:
            if len(numbers) > 1 or not much or len(order) != 1:
                return None
            counted = numbers[0].value
            if counted != order[0].quantity:
                return None
        names = tuple(
            at for at in range(begin, end)
            if tagged.words[at].role is Role.NAME
            or (tagged.words[at].role is Role.MAYBE and self.lines.has(at))
        )  # fmt: skip
        if any(any(map(str.isdigit, tagged.words[at].key)) for at in names):
            return None
        if names and tagged.has("dialogue.deny"):
            # What is meant, and what is not.
            return None
        if short or self._misfits(part):
            return Why(begin, end, names, much=True)
        if not numbers and (told_around.tells(part) or told_around.finds_dear(part)):
            return Why(begin, end, names, much)
        reason = Clause(self.lines, begin, end).read()
        if reason is not None and reason.deed is Deed.REASON and reason.sure and not numbers:
            return Why(begin, end, names, much, plain=stands) if not reason.count else None
        if not self._plain(part, relayed=relayed):
            return None
        return Why(begin, end, names, much, counted, plain=stands)

    def _takes_off(self, part: Part) -> bool:
        """ "Gak jadi dikurangi": a change of before is taken back."""
        places = [
            set(part.marked(name)) for name in ("dialogue.remove", "dialogue.less", "dialogue.add")
        ]
        calm = part.group("polite", "honorifics", "exclaims", "just")
        rest = [
            at
            for at in range(part.begin, part.end)
            if not any(at in some for some in places) and self.tagged.texts[at] not in calm
        ]
        return bool(places[0]) and bool(places[1] | places[2]) and not rest

    def _both_sides(self, part: Part) -> bool:
        """ "Depan belakang", behind two of something: one for each side."""
        name, words = self.turn.lexicon.name, self.tagged.words
        sides = {text for text in part.texts if part.within(name(text), "side")}
        calm = part.group("polite", "honorifics", "also_first")
        before = [word.value for word in words[: part.begin] if word.role is Role.NUMBER]
        two = len(sides) in before
        named = self.lines.named(range(part.begin, part.end)) is None
        return len(sides) > 1 and two and named and calm.union(sides).issuperset(part.texts)

    def _better(self, part: Part) -> bool:
        """ "Lebih hemat", "lebih awet katanya": why that one, behind it."""
        calm = part.group("polite", "honorifics", "says_so", "pronouns", "people", "changed_mind")
        behind = [text for text in part.texts[1:] if text not in calm]
        which = part.group("grades", "colours", "dearness", "side", "like_this", "misfits", "only")
        quiet = all(word.role in (Role.STILL, Role.UNKNOWN) for word in part.words)
        marked = any(part.marked(name) for name in part.tagged.marks)
        better = part.begin > 0 and part.texts[0] in _MORE
        return better and len(behind) == 1 and quiet and not marked and which.isdisjoint(behind)

    def _not_needed(self, part: Part) -> bool:
        """ "Belum perlu", of what somebody says, behind a clause that takes something back."""
        calm = part.group("polite", "honorifics", "just", "exclaims")
        none = {at for name in TAKES for at in part.marked(name)}
        begin = next(
            (at for at in range(part.begin - 1, 0, -1) if self.tagged.words[at].token.pause), 0
        )
        back = max(0, begin - 1)
        while begin and back and not self.tagged.words[back].token.pause:
            back -= 1
        before = Part(self.tagged, part.index, back, part.begin, apart=True) if part.begin else None
        taken = before is not None and any(map(before.marked, TAKES))
        taken = taken and before is not None and bool(before.roles(Role.NAME))
        rest = [at for at in range(part.begin, part.end) if self.tagged.texts[at] not in calm]
        return bool(none) and taken and none.issuperset(rest)

    def _old_one(self, part: Part) -> bool:
        """ "Yg lama mau dibubut dulu": what becomes of the old one."""
        texts = part.texts
        old = len(texts) > _SENTENCE and texts[0] in WHICH and part.within(texts[1], "former")
        told = part.says("want", "uses", "states", "still_having", "done", "may")
        quiet = not part.roles(Role.NAME, Role.NUMBER, Role.EACH, Role.LINK)
        marked = any(map(part.marked, _DEEDS)) or part.says(*_OF_GOODS)
        return old and told and quiet and not marked and not part.marked("veto.negation")

    def _needed_too(self, part: Part) -> tuple[int, ...]:
        """ "Yang atas juga perlu diganti": the places of what is wanted besides; none if it is not."""
        texts = part.texts
        also = bool(part.marked("dialogue.also")) and bool(texts) and not part.says("order")
        passive = any(text in REPLACES and text.startswith("di") for text in texts)
        needs = (part.says("ought", "needs") and passive) or part.says("worn", "states")
        calm = part.group(
            "polite", "honorifics", "found_out", "ought", "needs", "worn", "states", "also_first",
            "just", "exclaims",
        ).union(WHICH, REPLACES)  # fmt: skip
        also_at = set(part.marked("dialogue.also"))
        names = [
            at
            for at in range(part.begin, part.end)
            if self.tagged.words[at].role is Role.NAME and self.tagged.texts[at] not in calm
        ]
        rest = [
            at
            for at in range(part.begin, part.end)
            if at not in names and at not in also_at and self.tagged.texts[at] not in calm
            and not set(self.tagged.texts[at : at + 1]) & {"nih"}
        ]  # fmt: skip
        return tuple(names) if also and needs and names and not rest else ()

    def _echoes(self, part: Part) -> bool:
        """What the shop has just said, said again: "oh habis ya", "oh sisanya cuma segitu?"."""
        calm = part.group("polite", "honorifics", "exclaims", "echoes", "only", "that", "just")
        return part.says("echoes") and calm.issuperset(part.texts)

    def _after_thought(self, part: Part) -> bool:
        """Behind what somebody has asked or counted: "setelah saya tanyakan kepada mekanik"."""
        at = part.begun()
        after = part.within(part.texts[at], "after")
        asked = part.says("looked_into", "considered")
        marks = [name for name in _DEEDS if name != "veto.later" and part.marked(name)]
        quiet = not part.roles(Role.NAME, Role.NUMBER, Role.EACH, Role.LINK, Role.CUE)
        return after and asked and quiet and not marks

    def _says_yes(self, part: Part) -> bool:
        """ "Katanya oke", "kata bos boleh": somebody else agrees."""
        calm = part.group(
            "polite", "honorifics", "says_so", "people", "changed_mind", "pronouns", "yes", "consents",
            "exclaims", "just", "may",
        )  # fmt: skip
        said = part.says("says_so") and part.says("yes", "consents", "may")
        return said and calm.issuperset(part.texts)

    def _heads(self, part: Part) -> bool:
        """What a list stands under: "ini catatan mekanik", "kata montir saya begini"."""
        calm = part.group(
            "polite", "honorifics", "says_so", "people", "changed_mind", "pronouns", "exclaims", "that",
            "own_list", "like_this", "from_whom", "greetings",
        )  # fmt: skip
        heads = part.says("people", "changed_mind") and part.says("own_list", "like_this")
        return part.begin == 0 and heads and calm.issuperset(part.texts)

    def _fetches(self, part: Part) -> bool:
        """Who fetches it if it is not brought: "kalo ga bisa anter saya ambil sendiri"."""
        brought = part.says("brought", "brings")
        own = part.says("by_oneself") and part.says("fetch", "take")
        quiet = not part.roles(Role.NAME, Role.NUMBER, Role.EACH, Role.LINK)
        marks = {"conditions.condition", "veto.later", "conditions.pickup"}
        return (
            brought
            and own
            and quiet
            and not any(part.marked(name) for name in _DEEDS if name not in marks)
        )

    def _not_that(self, part: Part) -> bool:
        """ "Yg l300 dak usah", where no line of the order is one: of what was listed or spoken of."""
        unneeded = {*part.marked("dialogue.unneeded")}
        places = range(part.begin, part.end)
        calm = part.group("polite", "honorifics", "just", "numbering") | set(WHICH)
        named = [at for at in places if self.tagged.words[at].role in (Role.NAME, Role.NUMBER)]
        links = [
            at for at in places if self.tagged.words[at].role is Role.LINK and at == part.begin
        ]
        rest = [
            at for at in places
            if at not in unneeded and at not in named and at not in links
            and self.tagged.texts[at] not in calm
        ]  # fmt: skip
        if not unneeded or not named or rest:
            return False
        if any(word.role is Role.NUMBER and not word.label for word in part.words):
            return False
        talk = self.turn.talk
        said = {entry.id for entry in (*talk.listed, *talk.quoted, *talk.recent, *talk.offered)}
        ordered = {line.entry.id for line in talk.order}
        having = [self.lines.having(at) for at in named]
        others = said - ordered
        return all(ordered.isdisjoint(some) for some in having) and all(
            not others.isdisjoint(some) for some in having
        )

    def for_whom(self, part: Part) -> bool:
        """For whose vehicle it is: "sekalian buat diesel tetangga"."""
        at = 0
        begins = part.group("also_first", "polite") | {"sekalian", "sisan", "sakalian"}
        while at < len(part.texts) and part.texts[at] in begins:
            at += 1
        purpose = part.within((*part.texts, "")[min(at, len(part.texts))], "mild.for")
        behind = part.texts[at + 1 :]
        whose = part.group("people", "changed_mind", "pronouns", "vehicles", "honorifics", "mine")
        owned = bool(behind) and behind[-1] in whose and len(behind) <= _MOST_STRANGE
        owned = owned and not part.says("doing")
        quiet = not part.roles(Role.NUMBER, Role.EACH, Role.LINK, Role.CUE)
        others = {"veto.others", "veto.service", "dialogue.also"}
        marked = any(part.marked(name) for name in (*_DEEDS, "veto.complaint", "veto.negation"))
        told = all(
            name in others
            for name in part.tagged.marks
            if name[:5] == "veto." and part.marked(name)
        )
        return purpose and owned and quiet and not marked and told

    def _done_to(self, part: Part) -> bool:
        """What was done to one vehicle already: "mobil 1 udah diganti", or before today."""
        texts, words = part.texts, part.words
        done = [at for at in range(1, len(texts)) if texts[at - 1] in self.words["done"]]
        passive = any(words[at].token.text.startswith("di") for at in done)
        vehicle = part.within(texts[0], "vehicles")
        counted = all(
            part.within(texts[max(0, at - 1)], "vehicles")
            for at, word in enumerate(words)
            if word.role is Role.NUMBER
        )
        goods = part.says("from_here", "got", "ordered", "brought")
        calm = part.group("polite", "honorifics", "yesterdays", "done", "pronouns", "just")
        if part.says("yesterdays") and part.says("done"):
            # "Kemarin sudah ganti"
            return calm.union(REPLACES).issuperset(texts) and not REPLACES.isdisjoint(texts)
        quiet = not part.roles(Role.NAME, Role.UNKNOWN)
        return vehicle and passive and counted and not goods and quiet

    def _too_little(self, part: Part) -> bool:
        """ "Karet tromolnya malah kurang": of a line that is named there is too little."""
        calm = part.group("polite", "honorifics", "exclaims", "found_out", "only", "just")
        named = any(word.role is Role.NAME for word in part.words)
        rest = [
            text
            for text, word in zip(part.texts[:-1], part.words, strict=False)
            if word.role is not Role.NAME
            and text not in calm | {"malah", "masih", "msh", "kayaknya"}
        ]
        return named and part.texts[-1] in ("kurang", "krg", "kirang", "kurangan") and not rest

    def _misfits(self, part: Part) -> bool:
        """ "Kependekan yg itu", "selangnya kepanjangan": what is ordered does not fit."""
        calm = part.group("polite", "honorifics", "exclaims", "found_out", "that", "misfits")
        rest = [
            text
            for text, word in zip(part.texts, part.words, strict=True)
            if word.role is not Role.NAME and text not in calm.union(WHICH, SUFFIXES)
        ]
        return part.says("misfits") and not rest

    def _of_the_others(self, part: Part) -> int:
        """ "Yg 1 masih bisa dilem", "yang sikok la dapet dari kawan": how many of those that are
        ordered are not needed; 0 if that is not said."""
        texts, words = part.texts, part.words
        if len(texts) < _SENTENCE or texts[0] not in WHICH or words[1].role is not Role.NUMBER:
            return 0
        told = part.group("still_having", "done", "may", "states", "worn")
        behind = words[2:]
        quiet = all(word.role in (Role.STILL, Role.UNKNOWN, Role.CUE) for word in behind)
        strange = sum(word.role is Role.UNKNOWN for word in behind)
        marks = {"dialogue.change", "dialogue.swap", "veto.complaint", "dialogue.add"}
        more = [name for name in _DEEDS if name not in marks and part.marked(name)]
        more += [
            name for name in ("veto.past", "veto.negation", "veto.advice") if part.marked(name)
        ]
        asks = part.says("price", "brought", "from_here") or part.marked("dialogue.add")
        if texts[2] not in told or not quiet or strange > _MOST_STRANGE or more or asks:
            return 0
        return words[1].value

    def _plain(self, part: Part, *, relayed: bool) -> bool:
        """Whether a clause finds something too dear or too many, tells of what somebody has at home or
        drives, or what a mechanic said, and of nothing that came from the shop."""
        if part.says(*_OF_GOODS, "yesterdays", "asks", "whether", "price", "there"):
            return False
        telling = relayed or part.says(
            "reason_alone", "dearness", "vehicles", "mine", "accidents", "states", "told_first",
            "happened", "money", "people", "considered", "found_out", "differs", "excuses",
        )  # fmt: skip
        if not telling or len(part.roles(Role.UNKNOWN)) > _MOST_STRANGE:
            return False
        if part.roles(Role.CUE, Role.EACH, Role.LINK):
            return False
        dear = part.group("dearness", "reason_alone")
        for name, spans in part.tagged.marks.items():
            for start, end in spans:
                if not (start < part.end and part.begin < end):
                    continue
                said = set(part.tagged.texts[start:end])
                if not self._mild(part, name, said, dear, relayed=relayed):
                    return False
        return True

    def _mild(
        self, part: Part, name: str, said: set[str], dear: frozenset[str], *, relayed: bool
    ) -> bool:
        """Whether a phrase that leaves a text to people elsewhere only tells why here."""
        match name:
            case "veto.complaint":
                own = relayed or part.says("vehicles", "mine", "accidents", "found_out")
                return said <= dear or (own and said <= part.group("worn", "states"))
            case "veto.service":
                return said <= part.group("people", "trades", "states", "uses", "changed_mind")
            case "veto.others":
                return said <= part.group("mild.others", "people", "changed_mind")
            case "veto.advice":
                return said <= part.group("differs")
            case "veto.past":
                return said <= part.group("says_so", "relays")
            case "veto.mistaken":
                return said <= part.group("is_gone")
            case "veto.negation":
                return False
        return not name.startswith(("veto.", "dialogue.")) or name in told_around.FREE
