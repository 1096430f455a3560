"""Errors that are told to people: a sentence with named fields, translated where it is shown.

Problem
├── store.StoreProblem          the shop's file cannot be used
├── gsm.errors.ModemProblem     the modem, its SIM or the network
└── shop.gate.errors.RuleBroken a rule of the shop, a missing permission, bad input
"""

from typing import ClassVar


class Problem(Exception):
    """Something that a person can understand and put right.

    `text` is the English sentence (the key of the catalogues); `params` fill its {fields}.
    """

    text: ClassVar[str] = ""

    def __init__(self, **params: object) -> None:
        super().__init__(params)
        self.params = params

    @property
    def id(self) -> str:
        """A stable name for programs."""
        return type(self).__name__

    @property
    def stored(self) -> str:
        """The sentence as the store keeps it (`stored`)."""
        return stored(self.text, **self.params)

    def __str__(self) -> str:
        return self.text.format_map(self.params)


def stored(text: str, /, **params: object) -> str:
    """A sentence as the store keeps it: its key with what fills it, told later by `i18n.retell`."""
    if not params:
        return text
    # Not before the first screen stands.
    import json

    filled = {name: str(value) for name, value in params.items()}
    return json.dumps([text, filled], ensure_ascii=False)


def N_(text: str) -> str:
    """Marks a text for the catalogues where it is declared; it is translated where it is shown."""
    return text
