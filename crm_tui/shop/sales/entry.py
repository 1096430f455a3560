"""What is typed where items are put in: how many of what, and whether that is sure enough to be taken.

    3, *3        the quantity of the marked line is three
    vario        one of the item that has that word
    3 vario      three of it; 3*8991234 as well

Only what holds every typed word or code, whole, is taken, and only if nothing else does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from crm_tui.errors import N_
from crm_tui.reading.entries import code_key
from crm_tui.shop.gate import access, listing
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadInput
from crm_tui.shop.gate.listing import View
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.catalogue import Item
from crm_tui.shop.items.errors import NotEnoughStock
from crm_tui.shop.items.lists import ITEMS
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.settings import SCAN_PREFIX, SCAN_SUFFIX

_FOUND = replace(ITEMS, columns=f"{ITEMS.columns}, other_names, barcode")
_MANY = 1000
"""So many items are looked at; where more fit, none is meant."""
_SHOWN = 50
_LATELY = 5000
"""So many lines of the last sales say what sells."""
_MOST = 10**6
_ROOM = 20
_WORD = 10
"""From this number on, a number that is a word of an item may be meant as that word."""

Short = Literal["asked", "refused", "ignored"]
"""What becomes of more than is there: who may sell it is asked once, it is refused, or it is taken."""

_ALONE = re.compile(r"([0-9]{1,4})|\*\s*([0-9]{1,7})")
_COUNTED = re.compile(r"([0-9]{1,7})(?:\s*\*\s*|\s+)([^\s*].*)")
_NONE = re.compile(r"0+(?:\s*\*\s*|\s+)([^\s*].*)")
_TOKENS = re.compile(r"[^\W_]+")


class QuantityMissing(BadInput):
    text = N_("Type a number, for example *2.")


class CodeMissing(BadInput):
    text = N_("Type the code behind {count}: {count} PQ-R.")


class NothingFits(BadInput):
    text = N_("“{text}” was not found. Nothing was taken.")


class SeveralFit(BadInput):
    """Some items hold what was typed: one is to be marked."""

    text = N_("{count} items fit “{text}”: Enter takes the marked one.")


class AlsoACode(BadInput):
    text = N_("“{text}” is a code, too: Enter takes it, *{text} is the quantity.")


class AlsoAWord(BadInput):
    text = N_(
        "“{text}” is part of a name, too: Enter takes the marked one, *{text} is the quantity."
    )


class NearlyFits(BadInput):
    """Items only resemble what was typed, or hold a part of it."""

    text = N_("“{text}” is not whole: ↑ ↓ choose, then Enter.")


class SoldOut(BadInput):
    """Nothing is there by the books, and the user may sell it all the same."""

    text = N_("{code}: {available} left by the books. Enter again sells {wanted} all the same.")


class BeyondStock(BadInput):
    """A quantity beyond the books, and the user may sell it all the same."""

    text = N_("{code}: {available} left by the books. Enter again makes it {wanted} all the same.")


@dataclass(frozen=True)
class Typed:
    """How many of what; "" is what the marked line holds."""

    count: int
    text: str


def _brief(text: str) -> str:
    """So much of what was typed as a message of one line has room for."""
    return text if len(text) <= _ROOM else text[: _ROOM - 1] + "…"


def read(typed: str) -> Typed:
    """What was typed, as count and text. Raises `QuantityMissing`, `NothingFits`."""
    text = typed.strip()
    if not text:
        raise NothingFits(text=_brief(text))
    if alone := _ALONE.fullmatch(text):
        return Typed(int(alone[1] or alone[2]), "")
    if counted := _COUNTED.fullmatch(text):
        if not 1 <= int(counted[1]) <= _MOST:
            raise QuantityMissing()
        return Typed(int(counted[1]), counted[2].strip())
    if text.startswith("*"):
        raise QuantityMissing()
    return Typed(1, text)


def scanned(ctx: Context, text: str) -> Item | None:
    """The item with this code or barcode, also with what the shop's scanner puts around it."""
    if not code_key(text):
        return None
    item = catalogue.exactly(ctx, text)
    before, behind = SCAN_PREFIX(ctx), SCAN_SUFFIX(ctx)
    if item is None and (before or behind) and text.startswith(before) and text.endswith(behind):
        bare = text.removeprefix(before).removesuffix(behind)
        item = catalogue.exactly(ctx, bare) if code_key(bare) else None
    return item


def searched(typed: str) -> str:
    """The part of what was typed so far that items are looked for by; "" if it is none."""
    if out := _NONE.fullmatch(typed.strip()):
        return out[1].strip()
    try:
        return read(typed).text
    except (QuantityMissing, NothingFits):
        return ""


TO_BE_MARKED = (SeveralFit, AlsoACode, AlsoAWord, SoldOut)
"""What Enter takes if it is pressed once more."""


@dataclass(frozen=True)
class Match:
    """An item that fits, and whether it holds every typed word as a whole."""

    item: Item
    whole: bool


def matches(ctx: Context, text: str) -> list[Match]:
    """The items that fit, best first: whole words, in stock, most sold; none for signs alone."""
    words = text.split()
    if not words or not all(_TOKENS.search(word) for word in words):
        return []
    lines = listing.page(ctx, _FOUND, View("code", "active", text), limit=_MANY)
    sold = _sold(ctx) if len(lines) > 1 else {}
    found = [Match(_item(line.values), _holds(line.values, words)) for line in lines]
    exact = catalogue.exactly(ctx, text)
    if exact is not None:
        found = [Match(exact, True), *(each for each in found if each.item.id != exact.id)]
    key = exact.id if exact is not None else 0
    found.sort(
        key=lambda each: (
            each.item.id != key, not each.whole, each.item.available < 1,
            -sold.get(each.item.id, 0),
        )
    )  # fmt: skip
    return found[:_SHOWN]


def _item(values: Mapping[str, str | int | None]) -> Item:
    return Item(
        int(values["item_id"] or 0), str(values["code"]), str(values["name"]), str(values["unit"]),
        int(values["price"] or 0), True, int(values["on_hand"] or 0), int(values["reserved"] or 0),
    )  # fmt: skip


def _holds(values: Mapping[str, str | int | None], words: list[str]) -> bool:
    """Whether the item has each word as a whole: in its name, or as its code or barcode."""
    names = f"{values['code']} {values['name']} {values['other_names']}".lower()
    tokens = set(_TOKENS.findall(names))
    keys = {code_key(str(values["code"])), str(values["barcode"])}
    return all(
        code_key(word) in keys or tokens.issuperset(_TOKENS.findall(word.lower())) for word in words
    )


def _sold(ctx: Context) -> dict[int, int]:
    rows = ctx.db.execute(
        "SELECT item_id, sum(quantity) FROM (SELECT item_id, quantity FROM sale_lines"
        " ORDER BY sale_id DESC, line DESC LIMIT ?) GROUP BY item_id",
        (_LATELY,),
    )
    return {int(row[0]): int(row[1]) for row in rows}


@dataclass(frozen=True)
class Meant:
    """What Enter does: `count` units of the item are put in, or its line is set to them."""

    item: Item
    count: int
    sets: bool = False

    @property
    def line(self) -> CartLine:
        """As a line of the sale."""
        item = self.item
        return CartLine(item.id, item.code, item.name, item.unit, item.price, self.count)


def enter(
    ctx: Context,
    typed: str,
    having: Mapping[int, int],
    marked: int | None,
    *,
    sure: int | None = None,
    again: bool = False,
    short: Short = "asked",
) -> Meant:
    """What was typed, if it is sure. `having`: units there already by item key; `marked`: the item of
    the marked line; `sure`: the item that somebody chose by hand from what fits; `again`: a quantity
    that was asked about is meant.

    Raises what keeps it from being taken: `QuantityMissing`, `CodeMissing`, `NothingFits`,
    `AlsoACode`, `AlsoAWord`, `SeveralFit`, `NearlyFits`, `SoldOut`, `BeyondStock`, `NotEnoughStock`.
    """
    meant = read(typed)
    if sure is not None:
        item = catalogue.by_id(ctx, sure)
        count = meant.count if meant.text else 1
        if not _is_enough(item, wanted := having.get(item.id, 0) + count, short):
            _check_right(ctx, item, wanted, short)
        return Meant(item, count)
    if not meant.text:
        if "*" not in typed:
            _check_number(ctx, meant.count, typed.strip())
        return _quantity(ctx, meant.count, marked, again, short)
    item = scanned(ctx, meant.text) or _only(ctx, meant.text)
    if not _is_enough(item, wanted := having.get(item.id, 0) + meant.count, short):
        _check_right(ctx, item, wanted, short)
        raise SoldOut(code=item.code, available=item.available, wanted=wanted)
    return Meant(item, meant.count)


def taken_out(ctx: Context, typed: str, *, sure: int | None = None) -> Item | None:
    """The item of "0 vario", which takes it out of what was put in; None where no 0 stands before it.
    Raises as `enter` does where it is not sure which."""
    found = _NONE.fullmatch(typed.strip())
    if found is None:
        return None
    if sure is not None:
        return catalogue.by_id(ctx, sure)
    return scanned(ctx, found[1].strip()) or _only(ctx, found[1].strip())


def _check_number(ctx: Context, count: int, text: str) -> None:
    """Ask about a number that an item is called by: a person says which it is."""
    if catalogue.exactly(ctx, text) is not None:
        raise AlsoACode(text=_brief(text))
    if count >= _WORD and any(each.whole for each in matches(ctx, text)):
        raise AlsoAWord(text=_brief(text))


def _quantity(ctx: Context, count: int, marked: int | None, again: bool, short: Short) -> Meant:
    if marked is None:
        raise CodeMissing(count=count)
    item = catalogue.by_id(ctx, marked)
    if count > _MOST:
        raise QuantityMissing()
    if not _is_enough(item, count, short):
        _check_right(ctx, item, count, short)
        if not again:
            raise BeyondStock(code=item.code, available=item.available, wanted=count)
    return Meant(item, count, sets=True)


def _only(ctx: Context, text: str) -> Item:
    found = matches(ctx, text)
    if not found:
        raise NothingFits(text=_brief(text))
    whole = [each for each in found if each.whole]
    if not whole:
        raise NearlyFits(text=_brief(text))
    if len(whole) > 1 or len(found) == _SHOWN:
        raise SeveralFit(count=len(whole), text=_brief(text))
    return whole[0].item


def _is_enough(item: Item, wanted: int, short: Short) -> bool:
    return short == "ignored" or wanted <= item.available


def _check_right(ctx: Context, item: Item, wanted: int, short: Short) -> None:
    """Whether the actor may sell more than there is. Raises `NotEnoughStock`."""
    if short == "refused" or not access.allowed(ctx, "sales.oversell"):
        raise NotEnoughStock(code=item.code, available=item.available, wanted=wanted)
