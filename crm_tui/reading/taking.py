"""Words for taking what the shop spoke of, and numbers that are not how many: "ok ambil", "400 ya"."""

from collections.abc import Sequence

from crm_tui.errors import N_
from crm_tui.reading.index import Entry
from crm_tui.reading.notifying import lacking
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.turn import Turn
from crm_tui.reading.wishes import Kind, Line, Reading, Wish, human

_THOUSAND = 1000
_LEAST_BID = 10
A_PRICE = 50
"""From here on a number that is the price in thousands is rather that than how many."""
THANKS = {
    "makasih", "makasi", "mksh", "mksih", "terima", "trims", "trimakasih", "terimakasih", "tks",
    "thx", "thanks", "thank", "suwun", "nuhun", "mokasih",
}  # fmt: skip

_MORE = frozenset(("tambahin", "tambahkan", "tambahke", "tambahi", "sekalian", "sisan"))
_SO = frozenset(("udah", "sudah", "itu", "gitu", "kalo", "sekarang", "fix", "fiks"))


class Taking(Turn):
    """A message that takes what was quoted or proposed, or offers another price for it."""

    def taken(self) -> Reading | None:
        """ "Ok ambil", "bungkus", "pesan": a word for ordering and nothing else agrees to what was
        proposed, and asks for what was quoted; with an open order it says that it is fetched."""
        talk, words = self.talk, self.lexicon.words
        if not (talk.proposed or talk.offered or talk.quoted):
            return None
        quiet = self.lexicon.union("yes", "polite", "honorifics", "doing", "want")
        texts = self.tagged.texts
        ready = self.tagged.marks.get("conditions.when_ready")
        then = {at for start, end in ready for at in range(start, end)} if ready else set()
        oneself = words["mine_here"] if then else frozenset()
        if not all(
            at in then or text in quiet or text in _MORE or text in _SO or text in oneself
            for at, text in enumerate(texts)
        ):
            return None
        doing = self.lexicon.union("doing", "want")
        wanted = any(text in doing or text in _MORE for text in texts)
        if not wanted or self.asked.question or any(text in THANKS for text in texts):
            return None
        short = any(line.quantity == line.entry.available for line in talk.proposed)
        if talk.proposed and short and not words["order"].isdisjoint(texts):
            # There are fewer than were wanted: "order them", perhaps.
            return human(N_("not what was proposed, perhaps"))
        if talk.proposed:
            return self.wish(Wish(Kind.CONFIRM, evidence=self.text))
        if talk.offered:
            instead = talk.choosing is Kind.AMEND
            return self.wish(
                Wish(
                    Kind.CHOICES, options=talk.offered, quantity=talk.quantity,
                    choosing=Kind.AMEND if instead else Kind.ORDER,
                )
            )  # fmt: skip
        if len(talk.quoted) == 1 and talk.quoted[0].available != 0:
            return self.so_many_as_asked() or self.propose([Line(talk.quoted[0], 1)])
        if len(talk.quoted) > 1 and not words["order"].isdisjoint(texts):
            # "Ok pesan": but which?
            return self.which_of_quoted()
        return None

    def so_many_as_asked(self) -> Reading | None:
        """An order of the one thing that was quoted, as many as were asked about: "kalo 2 brp?", "ok
        pesan"; None where no number was said, or nothing orders."""
        talk = self.talk
        ordered = not self.lexicon.words["order"].isdisjoint(self.tagged.texts)
        if not ordered or not talk.quantity or len(talk.quoted) != 1:
            return None
        lines = [Line(talk.quoted[0], talk.quantity)]
        return self.propose(lines) if lacking(talk.quoted[0]) else self.order(lines)

    def which_of_quoted(self) -> Reading:
        """Which of several things that were quoted is wanted."""
        return self.wish(
            Wish(
                Kind.CHOICES, options=self.talk.quoted, quantity=self.talk.quantity,
                choosing=Kind.ORDER,
            )
        )  # fmt: skip

    def fetched(self) -> Reading | None:
        """ "Besok saya ambil" of somebody with an open order: nothing is ordered, no help wanted."""
        if not self.talk.order or self._says_more():
            return None
        fetch = self.lexicon.union("fetch", "take")
        return None if fetch.isdisjoint(self.tagged.texts) else human(N_("nothing more is wanted"))

    def _says_more(self) -> bool:
        """Whether something is named, asked, or there is a number."""
        asking = self.asked.question or self.asked.price or self.asked.stock
        numbers = any(word.role is Role.NUMBER for word in self.tagged.words)
        return asking or numbers or self.names()

    def of_which(self, target: Sequence[Entry], number: Word) -> Reading | None:
        """So many of one of several things that were quoted: of which is asked."""
        wanted = self.asked.order or self.asked.want or len(self.tagged.words) > 1
        if self.tagged.has("dialogue.all", "dialogue.change") or not wanted or not number.value:
            return None
        return self.wish(
            Wish(Kind.CHOICES, options=tuple(target), quantity=number.value, choosing=Kind.ORDER)
        )

    def bids(self, number: Word, entry: Entry) -> bool:
        """Whether a number without more is rather a price in thousands that somebody would give: 400,
        of what costs 450,000."""
        price, plain = entry.price or 0, not number.unit and number.token.digits
        near = price <= 2 * number.value * _THOUSAND and number.value * _THOUSAND < price
        many = number.value >= A_PRICE or number.value > (entry.available or 0)
        at = next(at for at, word in enumerate(self.tagged.words) if word is number)
        if at and self.tagged.texts[at - 1] in self.lexicon.words["doing"]:
            # "Pesan 25"
            return False
        return plain and near and number.value >= _LEAST_BID and many
