"""The lines of a sale in columns, the marked row always in sight; whose it is, and what it comes to."""

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from textual.content import Content

from crm_tui.errors import N_
from crm_tui.i18n import Translate
from crm_tui.screens.items.fitting import CODE, MARKED, NARROW, in_sight
from crm_tui.screens.shell import display
from crm_tui.screens.widgets.plain import Piece, Plain, content, fit
from crm_tui.shop.sales.cart import Cart

_UNIT = 6


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
        sold = self._cart.sold()
        heads = (tr(N_("Qty")), tr(N_("Unit")), tr(N_("Code")), tr(N_("Name")), tr(N_("Price")),
                 tr(N_("Sum")))  # fmt: skip
        # As wide as what stands in them, so that the names get what is left.
        cells = [
            (display.thousands(line.quantity), line.unit, line.code, "", display.rupiah(line.price),
             display.rupiah(sold[place].total))
            for place, line in enumerate(lines)
        ]  # fmt: skip
        widths = [max(map(cell_len, column)) for column in zip(heads, *cells, strict=True)]
        widths[1], widths[2] = min(widths[1], _UNIT), min(widths[2], CODE)
        pieces: list[Piece] = [
            (self._row(width, widths, heads, _unseen(first, room, len(lines))), "$muted")
        ]
        for place in range(first, min(len(lines), first + room)):
            line = lines[place]
            name = line.name
            if last := self._last.get(line.item_id):
                name += "  " + tr(N_("last time {price}"), price=display.rupiah(last))
            off = sold[place].discount
            less = display.rupiah(-off) if off else ""
            row = self._row(width, widths, (*cells[place][:3], name, *cells[place][4:]), less)
            pieces += ["\n", (row, MARKED if place == self._marked else "")]
        return content(*pieces)

    @staticmethod
    def _row(width: int, widths: Sequence[int], texts: Sequence[str], less: str = "") -> str:
        """A line of the screen; `less` stands between name and price."""
        count, unit, code, name, price, total = texts
        roomy = width >= NARROW
        left = " " + fit(count, widths[0], "right") + " "
        left += f"{fit(unit, widths[1])} " if roomy else ""
        left += f"{fit(code, widths[2])}  "
        right = f"  {fit(price, widths[4], 'right')}" if roomy else ""
        right += f"  {fit(total, widths[5], 'right')} "
        less = f"  {less}" if less else ""
        return left + fit(name, max(4, width - cell_len(left + less + right))) + less + right


def _unseen(first: int, room: int, count: int) -> str:
    """How many lines stand above and below those that are seen: "↑2 ↓1"."""
    above, below = first, max(0, count - first - room)
    return " ".join(f"{sign}{hidden}" for sign, hidden in (("↑", above), ("↓", below)) if hidden)


def buyer(tr: Translate, name: str, standing: tuple[int, int, str], aside: int) -> Content:
    """Whose sale it is, with points (how many, rupiah each) and tier; how many sales were put aside."""
    pieces: list[Piece] = [(tr(N_("Buyer")) + "  ", "$muted"), (name or tr(N_("Walk-in")), "bold")]
    points, value, tier = standing
    if tier:
        pieces.append((f"  {tier}", "$success"))
    if points and value:
        told = tr(N_("{points} points"), points=display.thousands(points))
        pieces.append((f"  {told}", "$muted"))
    if aside:
        told = tr(N_("{count} put aside"), count=aside)
        pieces.append((f"     {told}", "$accent"))
    return content(*pieces)


def total(tr: Translate, cart: Cart) -> Content:
    """What is to be paid, and what was taken off."""
    pieces: list[Piece] = []
    if cart.saved:
        saved = tr(N_("saved {total}"), total=display.rupiah(cart.saved))
        pieces += [(saved, "$success"), "   "]
    return content(*pieces, (tr(N_("Total {total}"), total=display.rupiah(cart.total)), "bold"))
