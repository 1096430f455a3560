"""A number behind a model that says which model: the 125 of "alpa 125", "alpa x 125"."""

from collections.abc import Sequence
from itertools import pairwise

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.pieces import Mention
from crm_tui.reading.roles import Role, Tagged

_A_NAME = 3
"""So many digits may be what a model is called."""


def another_model(tagged: Tagged, index: ItemIndex, found: Sequence[Mention]) -> bool:
    """Whether a number that none of what was `found` has stands behind a model, and other things have
    both: "alpa 125"."""
    used = {
        word.span
        for mention in found
        for word in mention.words
        # What only counts here may say which model there.
        if word.value != mention.quantity or any(one.key == word.key for one in mention.terms)
    }
    words = index.words
    # "Alpa x 125": what mostly says nothing stands between.
    said = [word for word in tagged.words if word.role is not Role.STILL or len(word.key) > 1]
    for one, two in pairwise(said):
        size = two.role is Role.NUMBER and two.token.digits and len(two.key) >= _A_NAME
        if not size or one.role is not Role.NAME or two.unit or two.span in used:
            continue
        having = [
            {item for sense in words.senses(word.key) for item in words.items(sense)}
            for word in (one, two)
        ]
        if not two.token.pause and having[0] & having[1]:
            return True
    return False
