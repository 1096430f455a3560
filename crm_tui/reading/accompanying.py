"""What stands beside a change, weighed by the kinds of its words besides the words themselves.

`company` knows words that some writer has put beside a change; a word that none of them wrote is still
one of the lexicon's groups ("until", "excuses") or stands in a phrase of it ("veto.later"). Both
log-odds together tell how sure it is that a change stays as certain as it is by itself.
"""

from collections.abc import Iterator, Mapping

from crm_tui.reading import company
from crm_tui.reading.lexicon import Lexicon
from crm_tui.reading.roles import Tagged

ASKED = "asked"
_MOST_COUNTED = 9


def weights() -> Mapping[str, float]:
    """What groups and phrases weigh."""
    return company.learned("accompanying")


def features(tagged: Tagged, lexicon: Lexicon, begin: int, end: int) -> set[str]:
    """The groups of some words of a text, and the phrases that stand wholly among them."""
    found: set[str] = set()
    for text in tagged.texts[begin:end]:
        found.update(lexicon.groups(text))
    for name, spans in tagged.marks.items():
        if any(begin <= start and stop <= end for start, stop in spans):
            found.add(name)
    return found


def sided(found: set[str], many: int, *, before: bool, takes: bool, asked: bool) -> Iterator[str]:
    """All that is weighed of so many words with these features, as `company.features` has it."""
    side = company.TAKES if takes else company.WANTS
    yield company.BIAS
    yield company.BEFORE if before else company.BEHIND
    yield side
    yield f"len={min(many, _MOST_COUNTED)}"
    if asked:
        yield ASKED
    for one in found:
        yield one
        yield side + one


def weigh(
    tagged: Tagged, lexicon: Lexicon, begin: int, end: int, *, before: bool
) -> tuple[float, float]:
    """The log-odds that these words leave a change as certain as it is, and one that only takes
    something back."""
    known = weights()
    found = features(tagged, lexicon, begin, end)
    asked = any(word.token.asked for word in tagged.words[begin:end])
    said = company.spoken(tagged.texts[begin:end], lexicon)
    plain, taking = (
        sum(
            known.get(one, 0.0)
            for one in sided(found, end - begin, before=before, takes=takes, asked=asked)
        )
        + company.weigh(said, before=before, takes=takes)
        for takes in (False, True)
    )
    return plain, taking
