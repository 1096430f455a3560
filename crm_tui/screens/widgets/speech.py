"""What the building blocks ask of the program around them: its language, and a place for drafts."""

from collections.abc import MutableMapping
from typing import Protocol, cast

from textual.dom import DOMNode

from crm_tui.errors import Problem


class Program(Protocol):
    """The app, as the building blocks know it."""

    @property
    def drafts(self) -> MutableMapping[str, dict[str, str]]:
        """Half-typed forms, by form and user."""

    def tr(self, text: str, /, **params: object) -> str:
        """A text of the catalogues in the language of the screen."""

    def say(self, problem: Problem) -> str:
        """The sentence that explains a problem to the user."""

    def unforeseen(self) -> Problem:
        """The sentence for a failure that nobody foresaw."""

    def lock(self) -> None:
        """Lock the screen, whatever stands on it."""

    def draft_key(self, form: str) -> str:
        """The key of a form's draft: drafts belong to the user."""


def program(node: DOMNode) -> Program:
    """The program that `node` is part of."""
    return cast(Program, node.app)
