"""The lines of a sale in columns, and what fits that which is typed; the marked row always in sight."""

from collections.abc import Callable, Mapping, Sequence

from textual import events
from textual.content import Content

from crm_tui.errors import N_
from crm_tui.i18n import Translate
from crm_tui.screens.shell import words
from crm_tui.screens.widgets.line import Field, Line
from crm_tui.screens.widgets.plain import Piece, Plain, content, fit
from crm_tui.shop.sales.cart import Cart
from crm_tui.shop.sales.entry import Match

_MARKED = "$list-cursor-text on $list-cursor"
_COUNT, _UNIT, _CODE, _PRICE, _STOCK = 5, 6, 13, 12, 11
_NARROW = 64
"""Below so many columns unit and price give way."""


def in_sight(marked: int, rows: int, room: int) -> int:
    """The first of `rows` rows to show in `room` lines, so that the marked one is among them."""
    return max(0, min(marked - room + 1, rows - room)) if rows > room else 0


class SaleLines(Plain):
    """Quantity, unit, code, name, price and sum of each line."""

    def __init__(self, tr: Translate) -> None:
        super().__init__("", id="till-lines")
        self._tr = tr
        self._cart, self._marked = Cart(), 0
        self._last: Mapping[int, int] = {}

    def put(self, cart: Cart, last: Mapping[int, int], marked: int) -> None:
        """Show a sale; `last`: what its buyer paid last for an item, in rupiah by item key."""
        self._cart, self._last, self._marked = cart, last, marked
        self._lay_out()

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        self.show(self._content(self.content_size.width or 78, self.content_size.height or 10))

    def _content(self, width: int, height: int) -> Content:
        tr, lines = self._tr, self._cart.lines
        if not lines:
            return content((tr(N_("Nothing is in the sale yet.")), "$muted"))
        room = max(1, height - 1)
        first = in_sight(self._marked, len(lines), room)
        heading = self._row(
            width, tr(N_("Qty")), tr(N_("Unit")), tr(N_("Code")), tr(N_("Name")), tr(N_("Price")),
            tr(N_("Sum")),
        )  # fmt: skip
        pieces: list[Piece] = [(heading, "$muted")]
        sold = self._cart.sold()
        for place in range(first, min(len(lines), first + room)):
            line = lines[place]
            name = line.name
            if sold[place].discount:
                name = f"−{words.rupiah(sold[place].discount)}  {name}"
            if last := self._last.get(line.item_id):
                name += "  " + tr(N_("last time {price}"), price=words.rupiah(last))
            row = self._row(
                width, words.thousands(line.quantity), line.unit, line.code, name,
                words.rupiah(line.price), words.rupiah(sold[place].total),
            )  # fmt: skip
            pieces += ["\n", (row, _MARKED if place == self._marked else "")]
        return content(*pieces)

    @staticmethod
    def _row(
        width: int, count: str, unit: str, code: str, name: str, price: str, total: str
    ) -> str:
        wide = width >= _NARROW
        left = fit(count, _COUNT, "right") + " "
        left += f"{fit(unit, _UNIT)} {fit(code, _CODE)} " if wide else f"{fit(code, _CODE)} "
        right = f" {fit(price, _PRICE, 'right')}" if wide else ""
        right += f" {fit(total, _PRICE, 'right')} "
        return left + fit(name, max(4, width - len(left) - len(right))) + right


class Fitting(Plain):
    """The items that fit what is typed; one may be marked. Nothing is shown while nothing is typed."""

    def __init__(self, tr: Translate) -> None:
        super().__init__("", id="till-found")
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
            item, style = self.rows[place].item, _MARKED if place == self.marked else ""
            stock, wide = words.thousands(item.available), 6
            if width >= _NARROW - 10:
                stock, wide = tr(N_("stock {count}"), count=stock), _STOCK
            room = max(4, width - _CODE - _PRICE - wide - 4)
            row = f"{fit(item.code, _CODE)} {fit(item.name, room)} "
            row += fit(words.rupiah(item.price), _PRICE, "right")
            left = fit(stock, wide, "right") + " "
            tone = "bold $error" if item.available == 0 and not style else style
            pieces += ["\n"] if pieces else []
            pieces += [(row, style), (" " + left, tone)]
        if (more := len(self.rows) - most) > 0:
            told = tr(N_("{count} more: type more of it"), count=more)
            pieces += ["\n", (told, "$muted")]
        self.show(content(*pieces))


def buyer(tr: Translate, name: str, standing: tuple[int, int, str], aside: int) -> Content:
    """Whose sale it is, with points (how many, rupiah each) and tier; how many sales were put aside."""
    pieces: list[Piece] = [(tr(N_("Buyer")) + "  ", "$muted"), (name or tr(N_("Walk-in")), "bold")]
    points, value, tier = standing
    if tier:
        pieces.append((f"  {tier}", "$success"))
    if points and value:
        told = tr(N_("{points} points"), points=words.thousands(points))
        pieces.append((f"  {told}", "$muted"))
    if aside:
        told = tr(N_("{count} put aside"), count=aside)
        pieces.append((f"     {told}", "$accent"))
    return content(*pieces)


def total(tr: Translate, cart: Cart) -> Content:
    """What is to be paid, and what was taken off."""
    pieces: list[Piece] = []
    if cart.saved:
        saved = tr(N_("saved {total}"), total=words.rupiah(cart.saved))
        pieces += [(saved, "$success"), "   "]
    return content(*pieces, (tr(N_("Total {total}"), total=words.rupiah(cart.total)), "bold"))


class TillLine(Line):
    """The line; `pressed` sees each key first, in the order in which they were pressed."""

    def __init__(
        self, field: Field, pressed: Callable[[events.Key], bool],
        entered: Callable[[Sequence[str]], None],
    ) -> None:  # fmt: skip
        super().__init__(field, "")
        self._pressed, self._put_in = pressed, entered

    def pasted(self, lines: Sequence[str]) -> None:
        """Several lines that were pasted are as many lines of the sale."""
        self._put_in(lines)

    async def _on_key(self, event: events.Key) -> None:
        if self.app.screen is self.screen and self._pressed(event):
            event.stop()
            event.prevent_default()
