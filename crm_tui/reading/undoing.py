"""What is said beside a change and undoes it: still to be settled, taken back, not meant, a joke, done
already, said of somebody else's order or to another shop, against what is wanted.

change, its text ─words without talk, where clauses may begin and end─▶ `patterns` ─▶ kinds that count
for what the change does ─▶ why it is not simply done
The words and the patterns are data: `undoing` in the lexicon.
"""

from collections.abc import Iterator, Sequence, Set

from crm_tui.errors import N_
from crm_tui.reading import company, vetoes
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.patterns import Place
from crm_tui.reading.remark_parts import Part
from crm_tui.reading.remarking import FETCHING, kind_of
from crm_tui.reading.roles import SAYS, Role, Tagged, Word
from crm_tui.reading.wishes import Conversation, Kind, Reading

WHY = {
    "unsure": N_("to be settled still"),
    "later": vetoes.WHY["later"],
    "conditions": vetoes.WHY["later"],
    "done": vetoes.WHY["past"],
    "hearsay": vetoes.WHY["past"],
    "asked": N_("only asked, perhaps"),
    "bids": vetoes.WHY["haggle"],
    "complaints": vetoes.WHY["complaint"],
    "elsewhere": vetoes.WHY["mistaken"],
    "not_mine": vetoes.WHY["others"],
}
"""Why a change with a kind of company is for people; of the other kinds it may be taken back."""
TAKEN_BACK = N_("what is said beside it may take it back")
_CORE = ("dialogue.remove", "dialogue.unneeded", "dialogue.all", "dialogue.keep", "intents.cancel")
"""Phrases of a change itself."""
_APART = ("hearsay", "not_mine")
_FEW = 2
_QUIET = ("waiting", "mishap", "courtesy")
"""Kinds of remarks that speak for and against nothing."""
_SAID = ("dialogue.remove", "dialogue.unneeded", "dialogue.keep", "dialogue.deny")
_ANY = "every"
_ANSWERED = ("asked", "conditions")
_ANSWERS = frozenset((Kind.PRICE, Kind.STOCK, Kind.HELP, Kind.STATUS))


def undone(
    change: Reading, tagged: Tagged, index: ItemIndex, talk: Conversation, settled: Set[int]
) -> str:
    """Why a change or an order is not to be done, for what is said beside it; "" if nothing is.
    `settled`: the places of what the stock, the shop's price or an hour settles."""
    said = ((text, word.token.text) for text, word in zip(tagged.texts, tagged.words, strict=True))
    if not index.lexicon.undoing.may(said):
        return ""
    sides = {"always", *_sides(change, talk)}
    places = list(_places(tagged, index, settled))
    spans = list(index.lexicon.undoing.found(places))
    if not spans:
        return ""
    orders = index.lexicon.words["order"]
    quiet = set(_known(tagged, index, _QUIET, falls="less" in sides))
    known = quiet.union(_known(tagged, index, (FETCHING,), falls=False))
    unless = [row for row in spans if row[0].startswith("unless.")]
    for meaning, begin, end in spans:
        side, kind = meaning.split(".")
        if side not in sides or (kind == "conditions" and tagged.has("conditions.out")):
            # "If that is sold out, the other one": the stock settles it.
            continue
        if kind in _ANSWERED and not _ANSWERS.isdisjoint(change.kinds):
            # What is asked besides is answered.
            continue
        where = {place.at for place in places[begin:end]}
        if kind in _APART and len(where) <= _FEW and begin and not places[begin].cut:
            # "5 katanya", "1 punya kawan" go on with the number.
            continue
        asks = kind == "asked" or (begin == 0 and kind == "later")
        if asks and not orders.isdisjoint(tagged.texts[max(where) + 1 :]):
            # "Mau tanya kenari, pesan 2 ya"
            continue
        heard = where <= (quiet if kind in ("taken_back", "later") else known)
        if heard or all(place.settled for place in places[begin:end]):
            continue
        mild = any(
            name in (f"unless.{kind}", f"unless.{_ANY}") and begin < stop and start < end
            for name, start, stop in unless
        )
        if not mild:
            return WHY.get(kind, TAKEN_BACK)
    return ""


def _known(tagged: Tagged, index: ItemIndex, kinds: Sequence[str], *, falls: bool) -> Iterator[int]:
    """The places of remarks of such kinds (`remarking`), and of what takes a line out where one
    `falls`."""
    for name in _SAID if falls else ():
        for span in tagged.marks.get(name, ()):
            yield from range(*span)
    words = tagged.words
    begins = [at for at, word in enumerate(words) if not at or word.token.pause or _ends(words, at)]
    for begin in begins:
        end = next((at for at in range(begin + 1, len(words)) if words[at].token.pause), len(words))
        if kind_of(Part(tagged, index, begin, end, apart=True), 2) in kinds:
            yield from range(begin, end)


def _ends(words: Sequence[Word], at: int) -> bool:
    """Whether a name or number ends before a place."""
    return words[at - 1].role in SAYS and words[at].role not in SAYS


def _sides(change: Reading, talk: Conversation) -> Iterator[str]:
    """What a change does: something is wanted, only more of it, or only less."""
    if company.only_takes(change, talk):
        yield "less"
        return
    yield "wanted"
    before = {line.entry: line.quantity or 0 for line in talk.order}
    lines = [line for wish in change.wishes for line in wish.lines]
    if not any(
        line.quantity == 0 or (line.quantity or 1) < before.get(line.entry, 0) for line in lines
    ):
        yield "more"


def _places(tagged: Tagged, index: ItemIndex, settled: Set[int]) -> Iterator[Place]:
    """The words of a text without those of talk."""
    talk = index.lexicon.words["undoing.talk"]
    words = tagged.words
    hard = {at for name in _CORE for span in tagged.marks.get(name, ()) for at in range(*span)}
    hard |= {at for at, word in enumerate(words) if word.role is Role.NUMBER}
    core = hard | {at for at, word in enumerate(words) if word.role in SAYS}
    owned = index.lexicon.words["undoing.owned"]
    said = [
        at
        for at, text in enumerate(tagged.texts)
        if text not in talk or (at and tagged.words[at - 1].token.text in owned)
    ]
    cuts = [at for at, word in enumerate(words) if at and word.token.pause]
    for nth, at in enumerate(said):
        before = said[nth - 1] if nth else -1
        behind = said[nth + 1] if nth + 1 < len(said) else len(words)
        cut = any(before < pause <= at for pause in cuts)
        ends = behind == len(words) or any(at < pause <= behind for pause in cuts)
        yield Place(
            (tagged.texts[at], words[at].token.text),
            begins=before < 0 or cut or before in hard,
            ends=ends or behind in core,
            cut=cut,
            stops=ends,
            core=at in hard,
            settled=at in settled,
            at=at,
        )
