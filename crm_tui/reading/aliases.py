"""What can be learnt when the staff put a message right: other names for an item."""

from collections.abc import Iterable

from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.mentions import clauses
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.tagging import tag
from crm_tui.reading.tokenizer import key_of

MOST_WORDS = 4
"""A longer run of words is a sentence, not a name."""


def proposed(text: str, entry: Entry, index: ItemIndex) -> tuple[str, ...]:
    """Other names for `entry` that `text` suggests, once the staff said that it is meant.

    They are runs of words that name something and that the item does not have: words that nobody
    knows, or that belong to other items only, with their neighbours. Numbers that may be quantities,
    courtesies and what the item is called already are left out. The staff choose; nothing is
    learnt by itself.
    """
    tagged = tag(text, index)
    known = {key_of(name.lower()) for name in (entry.name, *entry.other_names, entry.code)}
    found: dict[str, None] = {}
    for clause in clauses(tagged):
        for run in _runs(clause):
            foreign = [word for word in run if not _has(word, entry, index)]
            if not foreign or len(run) > MOST_WORDS:
                continue
            name = " ".join(word.token.text for word in run)
            if key_of(name) not in known:
                found[name] = None
    return tuple(found)


def _runs(clause: Iterable[Word]) -> list[list[Word]]:
    """Words that name something, as far as they stand side by side."""
    runs: list[list[Word]] = [[]]
    for word in clause:
        if word.role in (Role.NAME, Role.UNKNOWN):
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _has(word: Word, entry: Entry, index: ItemIndex) -> bool:
    senses = index.words.senses(word.key)
    return any(entry.id in index.words.items(sense) for sense in senses)
