"""What is said once for several things: a model behind the last, both sides, so many of each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crm_tui.reading.counting import Counting
from crm_tui.reading.matching import Term, match
from crm_tui.reading.pieces import WHICH, Mention
from crm_tui.reading.roles import Role


class Sharing(Counting):
    """The items of one text, in the light of each other."""

    def completed(self, mentions: list[Mention]) -> list[Mention]:
        """Take with a piece what was said behind it: "kenari kecil sama besar dari Musi"."""
        for at in range(len(mentions) - 2, -1, -1):
            mention, following = mentions[at], mentions[at + 1]
            if self._begins_with_an_aim(following):
                continue
            if (len(mention.match.items) != 1 or mention.match.missing) and following.match.items:
                fewer = self.pieces.narrowed(mention.terms, following.terms)
                if (
                    fewer.items
                    and not fewer.missing
                    and len(fewer.items) < len(mention.match.items)
                    and (following.lean or set(fewer.items) != set(following.match.items))
                ):
                    doubt = mention.doubt or (self.ordering and not self._of_all(following))
                    mentions[at] = replace(mention, match=fewer, doubt=doubt)
        return mentions

    def _begins_with_an_aim(self, mention: Mention) -> bool:
        """Whether what it is for is said first of something: then it is said of nothing before it."""
        first = min((term.place for term in mention.terms), default=0)
        purposed = bool(mention.terms) and self.tagged.words[first].purpose
        return purposed and mention.match.headed and not mention.lean

    def _of_all(self, mention: Mention) -> bool:
        """Whether what is said behind the last number is said of all that was named: "kenari 12 1 dan
        14 1 yang merah", where the last one has no kind of its own."""
        numbers = [self.places[id(word)] for word in mention.words if word.role is Role.NUMBER]
        behind = [term.place for term in mention.terms if numbers and term.place > max(numbers)]
        texts = self.tagged.texts
        return mention.lean and bool(behind) and texts[min(behind) - 1] in WHICH

    def shared(self, mentions: list[Mention]) -> list[Mention]:
        """Both sides of a pair as two items, and the number that is for each."""
        result: list[Mention] = []
        for mention in mentions:
            result += (
                self._sides(mention)
                if mention.match.missing or not mention.match.one
                else [mention]
            )
        if self.each:
            result = [
                replace(
                    mention,
                    quantity=self.each,
                    doubt=mention.doubt
                    or self._behind_each(mention, result)
                    or not (mention.match.headed or mention.lean),
                )
                if mention.quantity is None
                else mention
                for mention in result
            ]
        return result

    def _behind_each(self, mention: Mention, mentions: Sequence[Mention]) -> bool:
        """Whether something is named only behind "each", which is said of others before it."""
        words = self.tagged.words
        at = next(place for place, one in enumerate(mentions) if one is mention)
        if at and (
            mention.clause - mentions[at - 1].clause > 1
            or any(one.match.items == mention.match.items for one in mentions[:at])
        ):
            # Something else is said between, or it is named again.
            return True
        each = next(at for at, word in enumerate(words) if word.role is Role.EACH)
        places = [min((term.place for term in one.terms), default=0) for one in mentions]
        mine = min((term.place for term in mention.terms), default=0)
        parted = any(word.token.pause for word in words[each + 1 : mine + 1])
        return min(places) < each < mine and parted

    def _other_tint(self, name: str, names: Mapping[str, Term]) -> Term | None:
        """Another colour that stands right beside one: "hijau merah"."""
        tints = self.lexicon.words["tints"]
        if name not in tints:
            return None
        own = names[name].place
        return next(
            (one for other, one in names.items() if other in tints and one.place - own == 1), None
        )

    def _sides(self, mention: Mention) -> list[Mention]:
        names = {self.lexicon.name(term.key): term for term in mention.terms}
        for name, term in names.items():
            other = names.get(self.lexicon.opposites.get(name, "")) or self._other_tint(name, names)
            if other is None:
                continue
            both = [
                match([one for one in mention.terms if one is not left], self.vocabulary)
                for left in (other, term)
            ]
            if all(found.one for found in both) and both[0].items != both[1].items:
                pair = any(word.pair for word in mention.words)
                quantity = mention.quantity
                if pair and quantity is not None:
                    counts = [word.value for word in mention.words if word.pair]
                    quantity = counts[0]
                doubt = mention.doubt or (quantity is not None and not pair and not self.each)
                return [
                    replace(mention, match=found, quantity=quantity, doubt=doubt) for found in both
                ]
            if all(found.items and not found.missing and found.headed for found in both):
                items = (
                    *both[0].items,
                    *(one for one in both[1].items if one not in both[0].items),
                )
                weights = (*both[0].weights, *both[1].weights[: len(items) - len(both[0].items)])
                return [replace(mention, match=replace(both[0], items=items, weights=weights))]
            there = [found for found in both if found.items and not found.missing and found.headed]
            if mention.match.missing and len(there) == 1:
                return [replace(mention, match=found) for found in both]
            without = match(
                [one for one in mention.terms if one not in (term, other)], self.vocabulary
            )
            if without.one:
                quantity = 2 if mention.quantity is None else mention.quantity
                return [replace(mention, match=without, quantity=quantity, doubt=True)]
        return [mention]
