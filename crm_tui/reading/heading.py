"""What a list begins with: what all of it is for, and a kind of thing that is said before each."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from crm_tui.reading.edit_model import SOUND
from crm_tui.reading.matching import Term
from crm_tui.reading.pieces import Mention
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.sharing import Sharing

_MOST_HEADING = 4


class Heading(Sharing):
    """The clauses of one text, in the light of what stands before them all."""

    def clause(self, words: Sequence[Word], before: Sequence[Term]) -> list[Mention]:
        """What a clause names, which is found elsewhere."""
        raise NotImplementedError

    def said_again(self, words: Sequence[Word], before: Sequence[Term]) -> list[Mention]:
        """Several things of one kind, where that is said before each: "kenari dalam kenari luar musi";
        [] where it is not said twice."""
        name = self.lexicon.name
        begun = [at for at, word in enumerate(words) if self._starts(word)]
        first = name(words[begun[0]].key) if begun else ""
        cuts = [at for at in begun if name(words[at].key) == first]
        pieces = [words[begin:end] for begin, end in pairwise([*cuts, len(words)])]
        if len(cuts) < 2 or any(not self._narrows(piece) for piece in pieces):
            return []
        found: list[Mention] = []
        for piece in pieces:
            mentions = self.clause(piece, before)
            named = len(mentions) == 1 and mentions[0].match.headed
            if not named or mentions[0].match.missing or not mentions[0].match.items:
                return []
            found += mentions
        if not any(mention.match.one for mention in found):
            return []
        whole = self.clause(words, before)
        # Numbers between them part them as well.
        return found if len(whole) < len(found) else []

    def _narrows(self, words: Sequence[Word]) -> bool:
        """Whether more than a kind of thing is said."""
        return any(word.role in (Role.NAME, Role.NUMBER) for word in words[1:])

    def split(self, parts: Sequence[Sequence[Word]]) -> Sequence[Sequence[Word]]:
        """The clauses, the first one parted where the things begin behind what they are for: "buat Musi
        kenari 2"."""
        if not parts:
            return parts
        first = list(parts[0])
        if not any(word.purpose for word in first):
            return parts
        cut = next((at for at, word in enumerate(first) if self._starts(word)), 0)
        if not any(word.purpose and self.models(word) for word in first[:cut]):
            return parts
        return [first[:cut], first[cut:], *parts[1:]]

    def _starts(self, word: Word) -> bool:
        """Whether a word says what kind of thing is meant."""
        return word.role is Role.NAME and any(
            self.vocabulary.kinds.get(sense) and not self.vocabulary.applies(sense)
            for sense, weight in self.vocabulary.senses(word.key).items()
            if weight >= SOUND
        )

    def _called(self, word: Word) -> bool:
        """Whether a word that may be one of talk begins names of items, as it does for no model."""
        kind = self.lexicon.name(word.key)
        return word.role is Role.MAYBE and bool(self.vocabulary.kinds.get(kind))

    def heading(self, parts: Sequence[Sequence[Word]]) -> list[Word]:
        """What all is for, where a list begins with it and nothing else: "Musi: kenari 2, sirsak 1"."""
        if len(parts) < 2 or not any(map(self.models, parts[0])):
            return []
        if all(word.role in (Role.STILL, Role.CUE) for part in parts[1:] for word in part):
            # Behind "zirkon musi ada? kak" there is no list.
            return []
        # "Untuk Musi LV-07:" tells which of one's own it is.
        said = [
            word for word in parts[0]
            if word.role not in (Role.STILL, Role.CUE, Role.MAYBE)
            and not (word.role is Role.UNKNOWN and word.purpose and any(map(str.isdigit, word.key)))
        ]  # fmt: skip
        plain = all(word.role in (Role.NAME, Role.NUMBER) and not word.unit for word in said)
        kinds = any(self._starts(word) or self._called(word) for word in parts[0])
        if plain and any(self._guessed(word) for word in said):
            # "Musi mati, kenarinya ada?" tells what has happened.
            return []
        pause = any(word.token.pause for word in parts[1][:1]) or parts[0][-1].purpose
        return said if plain and pause and not kinds and len(said) <= _MOST_HEADING else []

    def _guessed(self, word: Word) -> bool:
        """Whether a word is only like one of the catalogue's, or begins one."""
        senses = self.vocabulary.senses(word.key) if word.role is Role.NAME else {}
        return bool(senses) and max(senses.values()) < SOUND

    def headed(
        self, heading: Sequence[Word], clause: Sequence[Word], before: Sequence[Term]
    ) -> list[Mention]:
        """What a clause names in the light of the heading, or of a word of it; [] if that is nothing,
        or the clause says itself for what."""
        if not heading:
            return []
        said = any(map(self.models, clause))
        if said and (len(clause) < 2 or self._one(clause, before)):
            return []
        for some in (heading, *([word] for word in reversed(heading) if self.models(word))):
            found = self.clause([*some, *clause], before) if some else []
            if found and all(one.match.items and not one.match.missing for one in found):
                # A make, or another model: then it is asked about.
                return [replace(one, doubt=one.doubt or said) for one in found]
        return []

    def _one(self, clause: Sequence[Word], before: Sequence[Term]) -> bool:
        """Whether a clause names one thing each by itself."""
        found = self.clause(clause, before)
        return bool(found) and all(one.match.one for one in found)

    def models(self, word: Word) -> bool:
        """Whether a word says for what things are; none does that is part of what they are called."""
        if word.key in self.lexicon.words["named"]:
            return False
        return word.role is Role.NAME and any(
            self.vocabulary.applies(sense)
            for sense, weight in self.vocabulary.senses(word.key).items()
            if weight >= SOUND
        )
