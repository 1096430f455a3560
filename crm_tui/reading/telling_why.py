"""Whether a clause of a turn only tells why the order is changed: what is dear or too many, what a
mechanic said, whose vehicle it is for, what has happened to it."""

from dataclasses import dataclass

from crm_tui.reading import told_around
from crm_tui.reading.clauses import Clause
from crm_tui.reading.deeds import Deed
from crm_tui.reading.order_lines import OrderLines
from crm_tui.reading.remark_parts import Part
from crm_tui.reading.roles import Role
from crm_tui.reading.turn import WHICH, Turn

_MOST_STRANGE = 4
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
_OF_GOODS = ("from_here", "bought", "got", "ordered", "reached", "brought", "doing")


@dataclass(frozen=True)
class Why:
    """A clause that tells why. `names`: the places of what it names; `much`: that there is too much of
    something, or that it is dear; `counted`: how many there are too many of, 0 if that is not said."""

    begin: int
    end: int
    names: tuple[int, ...] = ()
    much: bool = False
    counted: int = 0


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
        if any(word.token.asked for word in words):
            return None
        if self._for_whom(part) or self._done_to(part) or told_around.agrees_to_price(part):
            return Why(begin, end)
        short = self._too_little(part)
        if any(map(part.marked, _DEEDS)) and not short:
            return None
        if relayed and any(word.token.digits for word in words):
            # What is a house's number behind a workshop counts by itself.
            return None
        much = part.says("reason_alone", "dearness")
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
            return Why(begin, end, names, much) if not reason.count else None
        return Why(begin, end, names, much, counted) if self._plain(part, relayed=relayed) else None

    def _for_whom(self, part: Part) -> bool:
        """For whose vehicle it is: "sekalian buat diesel tetangga"."""
        at = 0
        begins = part.group("also_first", "polite") | {"sekalian", "sisan", "sakalian"}
        while at < len(part.texts) and part.texts[at] in begins:
            at += 1
        purpose = part.within((*part.texts, "")[min(at, len(part.texts))], "mild.for")
        behind = part.texts[at + 1 :]
        whose = part.group("people", "changed_mind", "pronouns", "vehicles", "honorifics", "mine")
        owned = bool(behind) and behind[-1] in whose and len(behind) <= _MOST_STRANGE
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
        """What was done to one vehicle already: "mobil 1 udah diganti"."""
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
        return (
            vehicle
            and passive
            and counted
            and not goods
            and not part.roles(Role.NAME, Role.UNKNOWN)
        )

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
        """ "Kependekan yg itu": what is ordered does not fit."""
        calm = part.group("polite", "honorifics", "exclaims", "found_out", "that", "misfits") | set(
            WHICH
        )
        return part.says("misfits") and calm.issuperset(part.texts)

    def _plain(self, part: Part, *, relayed: bool) -> bool:
        """Whether a clause finds something too dear or too many, tells of what somebody has at home or
        drives, or what a mechanic said, and of nothing that came from the shop."""
        if part.says(*_OF_GOODS, "yesterdays", "asks", "whether", "price", "there"):
            return False
        telling = relayed or part.says(
            "reason_alone", "dearness", "vehicles", "mine", "accidents", "states", "told_first",
            "happened", "money", "people", "considered", "found_out", "differs",
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
