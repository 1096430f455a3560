"""What screens ask of the program around them, and the one way to it."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

from textual.dom import DOMNode
from textual.screen import Screen

from crm_tui.actions import Action
from crm_tui.desk import Desk
from crm_tui.errors import Sentence
from crm_tui.screens.widgets import speech

if TYPE_CHECKING:
    from crm_tui.practice.shop import Practice
    from crm_tui.screens.widgets.statusline import Part
    from crm_tui.shop.backups.restoring import Wanted
    from crm_tui.shop.gate.context import Permit
    from crm_tui.shop.overview.dashboard import Figures
    from crm_tui.shop.users.login import User


class Program(speech.Program, Protocol):
    """The app, as the screens know it; `app.py` has mypy prove that it fits."""

    desk: Desk
    """The store, as screens have it."""
    practice: "Practice | None"
    """What a practice shop has beside; None in a real one."""
    language: str
    no_shop_yet: bool
    """The first start stands on the screen: there is no shop in the folder."""
    place: str
    """What stands in the head line before a shop's name is known."""
    standing: "Sequence[Part] | None"
    """The status line of a program that has no shop's figures; None: those of the shop."""
    remark: Sentence
    """For the login, as `errors.stored` keeps it: why the program began again."""
    unlocked: asyncio.Event
    """Set while no lock lies over the screens."""

    @property
    def figures(self) -> "Figures | None":
        """Everything that waits for the staff, as counted last; None before the first count."""

    def is_old(self, at: str) -> bool:
        """Whether an order that came at this moment has waited long."""

    @property
    def undoable(self) -> bool:
        """Whether something was just done that can be taken back, for the keys to say so."""

    def can_undo(self, seconds: float) -> None:
        """Something was done that can be taken back for so long."""

    # ── language ──────────────────────────────────────────────────────────────────────────────

    def retell(self, stored: Sentence) -> str:
        """A sentence that the store kept (`errors.stored`), in the language of the screen."""

    def customers_words(self, text: str) -> str:
        """A text of the catalogues in the language in which customers are answered."""

    async def learn_settings(self) -> None:
        """Take language, colours, keys and times as the shop has them now."""

    # ── actions ───────────────────────────────────────────────────────────────────────────────

    def keyed(self, wanted: Iterable[Action]) -> list[tuple[Action, str]]:
        """Actions with the keys in force."""

    def key_names(self) -> dict[str, str]:
        """The keys in force by action, as texts name them: {orders_confirm}."""

    def perform(self, action: Action) -> None:
        """Do what is no screen's own: help, finding, lock, practice."""

    def beside(self, do: Callable[[], Any]) -> None:
        """Run what outlives the screen that asked for it: it may take screens away."""

    # ── screens and who stands before them ────────────────────────────────────────────────────

    def screens_changed(self) -> None:
        """A screen was opened or closed: what is not needed is given back soon."""

    async def place_telephone(self, page: Screen[Any]) -> None:
        """Let the telephone of the practice shop stand beside a page, as it did beside the last."""

    def offer_scans(self, texts: Sequence[str]) -> None:
        """Offer what was scanned and is in no sale: to sell it, or to show it."""

    async def opened(self) -> None:
        """The shop's file is open: learn its settings, and watch it."""

    def leave_to_restore(self, wanted: "Wanted") -> None:
        """Close the shop, put a backup in its place, and begin again."""

    def serve(self) -> None:
        """Drive the shop's modem, or the one of the practice shop."""

    async def signed_in(self, user: "User") -> None:
        """Show the menu to a user who has just signed in."""

    async def sign_out(self, why: str = "") -> None:
        """Back to the login, which says why if the user did not ask for it."""

    async def leave_forbidden(self) -> None:
        """Close the pages that the user may not see any more, with what lies over them."""

    async def permit(self, permission: str, amount: int, what: str) -> "Permit | None":
        """Ask a second person to permit what the user may not do, up to an amount (0: none), for an
        action of the label `what`. None: nobody does."""

    async def do_app_lock(self) -> None:
        """Lock the screen."""


def program(node: DOMNode) -> Program:
    """The program that `node` is part of."""
    return cast(Program, node.app)
