"""Words beside a line that is taken out which only tell why: "nunggu gajian", "kata bos nanti"."""

from collections.abc import Sequence

from crm_tui.reading.deeds import Operation
from crm_tui.reading.order_lines import OrderLines
from crm_tui.reading.replacement import CORRECTS, REPLACES
from crm_tui.reading.roles import Role
from crm_tui.reading.turn import WHICH

_MOST_STRANGE = 5
_MILD = (
    "veto.later",
    "veto.complaint",
    "veto.others",
    "veto.negation",
    "veto.past",
    "veto.service",
)
_STRONG = ("veto.", "dialogue.", "intents.", "conditions.")
_CALM = ("dialogue.idle", "dialogue.keep", "intents.done", "intents.status_marks")


def tells_only(lines: OrderLines, begin: int, end: int, doing: Sequence[Operation]) -> bool:
    """Whether a span names nothing but lines that stay, counts, asks and changes nothing, and tells of
    nothing that came from the shop."""
    tagged, words = lines.turn.tagged, lines.turn.lexicon.words
    texts, said = tagged.texts[begin:end], tagged.words[begin:end]
    calm = lines.turn.lexicon.union("polite", "honorifics", "just", "that")
    if calm.issuperset(texts) or texts[0] in words["just"]:
        # "Gak usah sirsak sama kenari aja" may keep the other.
        return False
    if any(word.token.asked for word in said):
        return False
    if any(word.role in (Role.NUMBER, Role.EACH, Role.CUE) for word in said):
        return False
    if sum(word.role is Role.UNKNOWN for word in said) > _MOST_STRANGE:
        return False
    if texts[-1] in words["tags"] or not (REPLACES | CORRECTS).isdisjoint(texts):
        return False
    for name in (
        "from_here",
        "yesterdays",
        "hold_on",
        "stays",
        "order",
        "want",
        "price",
    ):
        if not words[name].isdisjoint(texts):
            return False
    own = lines.turn.lexicon.union("people", "trades", "states", "uses", "changed_mind")
    later: set[int] = set()
    for name, spans in tagged.marks.items():
        if not name.startswith(_STRONG) or name in _CALM:
            continue
        for start, stop in spans:
            if not (start < end and begin < stop):
                continue
            if name not in _MILD:
                return False
            if name == "veto.service" and not own.issuperset(tagged.texts[start:stop]):
                # "Sudah saya transfer": money, delivery.
                return False
            if name == "veto.past" and not words["says_so"].issuperset(tagged.texts[start:stop]):
                return False
            if name == "veto.later":
                later.update(range(start, stop))
    broken = words["worn"] | words["states"]
    gone = {entry.id for one in doing for entry in one.entries}
    for at in range(begin, end):
        if tagged.words[at].role is not Role.NAME or at in later:
            continue
        if at + 1 < end and tagged.texts[at + 1] in broken:
            # "Ternyata cuma ringnya mati"
            continue
        if tagged.texts[at] in broken and at > begin:
            continue
        former = tagged.texts[at] in words["former"] and at and tagged.texts[at - 1] in WHICH
        stays = lines.has(at) and gone.isdisjoint(lines.having(at))
        if not (former or stays):
            return False
    return True
