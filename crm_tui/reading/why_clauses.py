"""A clause that only says why something is changed, or who has decided it: "istri ga setuju".

It holds no number, nothing that is sold, and nothing that puts off, denies or asks for more.
"""

from crm_tui.reading import withdrawing
from crm_tui.reading.deeds import ClauseWords, Deed, Operation
from crm_tui.reading.roles import Role
from crm_tui.reading.turn import WHICH

_GRAVE = ("complaint", "service", "spam", "own", "mistaken", "haggle")
"""What leaves a text to people, unless it is a reason that many give."""


_ENDS = ("i", "in", "kan", "ke")
"""How a word ends for what is done to somebody."""
_A_SENTENCE = 3
"""So many words tell something, though one of them be strange."""


class WhyClause(ClauseWords):
    """A clause that may say why."""

    def _reason(self) -> Operation | None:
        """Why, or who says so, where nothing is counted and nothing is named that is sold."""
        lexicon = self.turn.lexicon
        words = lexicon.words
        last = bool(self.begin) and self.end == len(self.tagged.words)
        texts = self.tagged.texts[self.begin : self.end]
        pointed = not set(WHICH).isdisjoint(texts) and words["still_having"].isdisjoint(texts)
        # "Barangnya udah rusak" may be said of what the shop sent.
        broken = not words["from_here"].isdisjoint(texts) and not words["worn"].isdisjoint(texts)
        if pointed or broken or self.pointed or not self._reaches():
            return None
        plain = set(WHICH) | lexicon.union(
            "none",
            "done",
            "vehicles",
            "polite",
            "honorifics",
            "just",
            "pronouns",
            "that",
            "changed_mind",
            "people",
        )
        said = {text for text in texts if text not in plain}
        # "Batal lain" may say which.
        joined = self.begin > 0 and not self.tagged.words[self.begin].token.pause
        alone = len(said) <= 1 and said.isdisjoint(words["reason_alone"])
        # "Mobil sudah hidup" is no name.
        happened = [at for at, text in enumerate(texts[:-1]) if text in words["done"]]
        alone = alone and not (happened and texts[happened[-1] + 1] in said)
        done_to = self._done_to()
        alone = alone and not done_to
        if (
            last
            and self.tagged.has("dialogue.remove")
            and withdrawing.reason(self.tagged, self.turn.index) == self.begin
            and not withdrawing.unclear(self.tagged, self.turn.index)
        ):
            # "Udah dapet di pasar 16"
            return Operation(Deed.REASON, bare=alone, also=alone and joined)
        # "Ga jadi mudik", "duitnya kurang"
        off = not lexicon.union("uses", "changed_mind").isdisjoint(texts)
        off = off and not self._marks("intents.orders") and not self._takes_back_first()
        numbers = [self.tagged.words[at] for at in self.numbers]
        left = not words["still_having"].isdisjoint(texts)
        others = not words["changed_mind"].isdisjoint(texts) and len(numbers) == 1
        lost = bool(self.deeds) and off and len(numbers) == 1
        if not (others or lost) and any(
            one.value != 1 or one.token.digits or one.unit or not left for one in numbers
        ):
            # Only "satu masih bagus" counts nothing; "temen nitip satu" says how many more, and
            # "satu unit ga jadi diservis" how many less.
            return None
        idle = {"out"} if off else set()
        given = {at for start, end in self.deeds.get("less", ()) for at in range(start, end)}
        if all(self.tagged.texts[at] in words["reasons"] for at in given) and not self.numbers:
            idle.add("less")
        if set(self.deeds) - idle:
            return None
        reason_words = lexicon.union(
            "reasons", "happened", "told_first", "changed_mind", "dearness", "states", "because_words",
            "people", "uses", "considered", "still_having", "vehicles", "mine", "mild.because",
        )  # fmt: skip
        grave = {
            at for name in _GRAVE for start, end in self._marks(f"veto.{name}")
            for at in range(start, end)
        }  # fmt: skip
        # "Bos la setuju"
        telling = not words["vehicles"].isdisjoint(texts) and not words["done"].isdisjoint(texts)
        # "Uangnya kepake bayar sekolah": of money, of what one has got, of one's own vehicle.
        own = not lexicon.union("told_first", "got_it").isdisjoint(texts) or telling
        proofs = words["proofs"]
        named: list[int] = []
        for at in range(self.begin, self.end):
            word, text = self.tagged.words[at], self.tagged.texts[at]
            if at in self.inside:
                continue
            if self._put_off(at):
                return None
            if word.role in (Role.NAME, Role.MAYBE) and self.lines.has(at):
                named.append(at)
            elif text in reason_words:
                telling = telling or text not in plain
            elif self.lines.vague(at):
                continue
            elif (
                (at in grave and (not own or text in proofs))
                or text in words["no_reason"]
                or self._marked(at)
                or (word.role in (Role.NAME, Role.MAYBE) and self.turn.index.words.has(text))
                or text in words["cue"]
                or text in words["days"]
            ):
                return None
            elif word.role is Role.STILL and text not in plain:
                telling = telling or len(texts) >= _A_SENTENCE
        lines = self.lines.named(named) if named else None
        if named and (lines is None or not lines.sure):
            return None
        behind = {
            text
            for _, end in self.deeds.get("out", ())
            for text in self.tagged.texts[end : end + 2]
        }
        if named and "out" in self.deeds and words["uses"].isdisjoint(behind):
            # "Kenarinya ga usah kata montir" takes it out.
            return None
        count = numbers[0].value * (-1 if lost else 1) if others or lost else 0
        entries = lines.entries if lines else ()
        telling = (telling or done_to) and words["brought"].isdisjoint(texts)
        # "Batal semua, yang sirsak udah dapet" may take back the one alone.
        which = bool(entries) and texts[0] in WHICH
        also = (alone and joined) or which
        # "Duitnya cuma cukup yg belakang"
        first = not (words["before_all"].isdisjoint(texts) or words["just"].isdisjoint(texts))
        left_only = first or not lexicon.union("only", "enough").isdisjoint(texts)
        left_only = left_only and bool(entries) and not (count or self.deeds or self.numbers)
        return Operation(
            Deed.REASON, entries, count, sure=telling, bare=alone, also=also, parted=not joined,
            alone=left_only,
        )  # fmt: skip

    def _takes_back_first(self) -> bool:
        """Whether it is taken back before it is told what has happened, and to whom: "batal aja bang
        udah dibenerin temen"."""
        texts = self.tagged.texts
        done = self.turn.lexicon.words["done"]
        return any(
            start == self.begin and not done.isdisjoint(texts[end : self.end])
            for start, end in self.deeds.get("out", ())
        )

    def _done_to(self) -> bool:
        """Whether all that is said is what somebody has done to the customer: "dimarahi mak aku"."""
        texts = self.tagged.texts[self.begin : self.end]
        by = self.turn.lexicon.union("honorifics", "changed_mind", "people")
        rest = by | self.turn.lexicon.union("pronouns", "polite", "just")
        return (
            len(texts) > 1
            and self.tagged.words[self.begin].role is Role.UNKNOWN
            and texts[0].startswith("di")
            and texts[0].endswith(_ENDS)
            and not by.isdisjoint(texts[1:])
            and rest.issuperset(texts[1:])
        )

    def _reaches(self) -> bool:
        """Whether the span ends at a pause, and begins at one or behind something else."""
        words = self.tagged.words
        if self.end == len(words) or words[self.end].token.pause:
            return True
        onward = self.tagged.texts[self.end] in self.turn.lexicon.words["onward"]
        return self.begin > 0 and onward

    def _put_off(self, at: int) -> bool:
        """Whether a word puts off what is wanted, and does not only say for what somebody waits."""
        words = self.turn.lexicon.words
        later = [
            span for span in self.tagged.marks.get("veto.later", ()) if span[0] <= at < span[1]
        ]
        if not later or self.tagged.texts[at] in words["because_words"]:
            return False
        if not words["considered"].isdisjoint(self.tagged.texts[at + 1 : self.end]):
            # "Setelah saya pikir2"
            return False
        behind = self.tagged.texts[at + 1 : at + 2]
        waited = words["because_words"] | words["told_first"]
        return any(end - start > 1 for start, end in later) or waited.isdisjoint(behind)

    def _marked(self, at: int) -> bool:
        """Whether a word puts a condition, asks for another thing, or agrees."""
        names = ("conditions.condition", "dialogue.deny", "dialogue.but", "dialogue.swap")
        return any(
            start <= at < end for name in names for start, end in self.tagged.marks.get(name, ())
        )
