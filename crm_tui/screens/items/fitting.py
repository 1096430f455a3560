"""The items that fit what is typed, the marked row always in sight."""

from collections.abc import Sequence

from crm_tui.errors import N_
from crm_tui.i18n import Translate
from crm_tui.screens.shell import display
from crm_tui.screens.widgets.plain import Piece, Plain, content, fit
from crm_tui.shop.sales.entry import Match

MARKED = "$list-cursor-text on $list-cursor"
CODE = 13
NARROW = 64
"""Below so many columns unit and price give way."""
_PRICE, _STOCK = 12, 11


def in_sight(marked: int, rows: int, room: int) -> int:
    """The first of `rows` rows to show in `room` lines, so that the marked one is among them."""
    return max(0, min(marked - room + 1, rows - room)) if rows > room else 0


class Fitting(Plain):
    """The items that fit what is typed; one may be marked. Nothing is shown while nothing is typed."""

    def __init__(self, tr: Translate) -> None:
        super().__init__("", id="fitting")
        self._tr = tr
        self.rows: Sequence[Match] = ()
        self.marked: int | None = None
        self.display = False

    def put(self, rows: Sequence[Match], *, typed: bool) -> None:
        """Show what fits; while something is `typed` that nothing fits, say so."""
        self.rows, self.marked = rows, None
        self.display = typed
        self._lay_out()

    def mark(self, place: int | None) -> None:
        self.marked = None if place is None else max(0, min(place, len(self.rows) - 1))
        self._lay_out()

    @property
    def chosen(self) -> int | None:
        """The key of the marked item."""
        return None if self.marked is None or not self.rows else self.rows[self.marked].item.id

    @property
    def most(self) -> int:
        """So many rows are shown at once."""
        return 12 if self.app.size.height >= 36 else 6

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        tr, width = self._tr, self.content_size.width or self.app.size.width - 2
        if not self.rows:
            self.show(content((tr(N_("Nothing found")), "$muted")))
            return
        most = self.most
        first = in_sight(self.marked or 0, len(self.rows), most)
        pieces: list[Piece] = []
        for place in range(first, min(len(self.rows), first + most)):
            item, style = self.rows[place].item, MARKED if place == self.marked else ""
            stock, wide = display.thousands(item.available), 6
            if width >= NARROW - 10:
                stock, wide = tr(N_("stock {count}"), count=stock), _STOCK
            room = max(4, width - CODE - _PRICE - wide - 4)
            row = f"{fit(item.code, CODE)} {fit(item.name, room)} "
            row += fit(display.rupiah(item.price), _PRICE, "right")
            left = fit(stock, wide, "right") + " "
            tone = "bold $error" if item.available == 0 and not style else style
            pieces += ["\n"] if pieces else []
            pieces += [(row, style), (" " + left, tone)]
        if (more := len(self.rows) - most) > 0:
            told = tr(N_("{count} more: type more of it"), count=more)
            pieces += ["\n", (told, "$muted")]
        self.show(content(*pieces))
