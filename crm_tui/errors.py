"""Errors that are told to people: a sentence with named fields, translated where it is shown.

Problem
├── store.StoreProblem          the shop's file cannot be used
├── gsm.errors.ModemProblem     the modem, its SIM or the network
└── shop.gate.errors.RuleBroken a rule of the shop, a missing permission, bad input
"""

import re
from collections.abc import Mapping
from typing import ClassVar


class Sentence(str):
    """A text of ours: a key of the catalogues, alone or, as the store keeps it, with what fills it.

    Only these are ever translated and filled. What came from outside is a plain `str`, and is shown as
    it is, whatever it looks like; so is what was read from the store, until the column it was read
    from is named as one of ours: `Sentence(row["reason"])`.
    """

    __slots__ = ()


UNSAID = Sentence()
"""Where there is nothing to say."""

_FIELD = re.compile(r"\{(\w+)\}")


def filled(text: str, values: Mapping[str, object]) -> str:
    """`text` with each {name} replaced by its value. Nothing but names is known: no attributes, no
    places, no widths; what `values` lacks, and anything else in braces, stays as it is."""
    return _FIELD.sub(lambda found: str(values.get(found[1], found[0])), text)


class Problem(Exception):
    """Something that a person can understand and put right.

    `text` is the English sentence (the key of the catalogues); `params` fill its {fields}.
    """

    text: ClassVar[Sentence] = UNSAID

    def __init__(self, **params: object) -> None:
        super().__init__(params)
        self.params = params

    @property
    def id(self) -> str:
        """A stable name for programs."""
        return type(self).__name__

    @property
    def stored(self) -> Sentence:
        """The sentence as the store keeps it (`stored`)."""
        return stored(self.text, **self.params)

    def __str__(self) -> str:
        return filled(self.text, self.params)


def stored(text: str, /, **params: object) -> Sentence:
    """A sentence as the store keeps it: its key with what fills it, told later by `i18n.retell`."""
    if not params:
        return Sentence(text)
    # Not before the first screen stands.
    import json

    values = {name: str(value) for name, value in params.items()}
    return Sentence(json.dumps([text, values], ensure_ascii=False))


def N_(text: str) -> Sentence:
    """Marks a text for the catalogues where it is declared; it is translated where it is shown."""
    return Sentence(text)


OF_THE_SYSTEM = (
    N_("Device or resource busy"), N_("Disk quota exceeded"), N_("File too large"),
    N_("Input/output error"), N_("Is a directory"), N_("No such device"),
    N_("No such file or directory"),
    N_("No space left on device"), N_("Not a directory"), N_("Operation not permitted"),
    N_("Permission denied"), N_("Read-only file system"), N_("Stale file handle"),
    N_("Transport endpoint is not connected"),
    N_("Too many levels of symbolic links"),
    N_("database disk image is malformed"), N_("disk I/O error"), N_("file is not a database"),
    N_("unable to open database file"),
)  # fmt: skip
"""What the system and SQLite say of files, where it fills a sentence of ours: for the catalogues."""
