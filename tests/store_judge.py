"""A shop with a store for the judge of readings: each SMS goes the way that it goes in the worker."""

import itertools
import json
import re
from pathlib import Path

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.wishes import Kind, Reading, Wish
from crm_tui.shop.answers import handling, talk
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.items.catalogue import Catalogue
from crm_tui.shop.orders import book, changing, questions
from tests import reading_judge
from tests.reading_judge import Answer
from tests.shop import gone_out

_PHONES = itertools.count(1)
_CODES = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]*")


def stocked(ctx: Context, folder: Path) -> Catalogue:
    """Put the items of a corpus on the shelves of a shop, in place of its own."""
    with ctx.store.transaction() as db:
        db.execute("UPDATE items SET active = 0")
    import_items.apply(ctx, import_items.read_file(folder / "catalogue.csv"), folder.name)
    return Catalogue()


class StoreShop(reading_judge.Shop):
    """One customer's talk with a shop that has a store."""

    def __init__(self, ctx: Context, catalogue: Catalogue) -> None:
        super().__init__(catalogue.index(ctx))
        self._ctx, self._catalogue = ctx.acting(GATEWAY), catalogue
        # What the last one ordered is free again.
        for row in ctx.db.execute(
            "SELECT id FROM orders WHERE status IN ('waiting', 'confirmed')"
        ).fetchall():
            changing.cancel(ctx, row[0], "")
        self.phone = f"+62812{next(_PHONES):08}"

    def take(self, text: str) -> Answer:
        ctx = self._ctx
        with ctx.store.transaction() as db:
            message = db.execute(
                "INSERT INTO messages (direction, kind, at, phone, text, status, status_at)"
                " VALUES ('in', 'sms', ?, ?, ?, 'new', ?) RETURNING id",
                (ctx.at, self.phone, text, ctx.at),
            ).fetchone()[0]
        handling.handle(ctx, message, self._catalogue)
        gone_out(ctx)
        row = ctx.db.execute(
            "SELECT read_as, wishes, customer_id FROM messages WHERE id = ?", (message,)
        ).fetchone()
        reply = ctx.db.execute(
            "SELECT text FROM messages WHERE reply_to = ?", (message,)
        ).fetchone()
        self.order = {}
        for order in book.open_of(ctx, row["customer_id"]):
            for line in order.lines:
                self.order[line.code] = self.order.get(line.code, 0) + line.quantity
        question = questions.open_one(ctx, row["customer_id"])
        self.talk = talk.recall(
            ctx,
            row["customer_id"],
            self.phone,
            ctx.at,
            question,
            self._catalogue.index(ctx),
            message + 1,
        )
        named = set(_CODES.findall(reply[0])) if reply else set()
        options = [entry.code for entry in self.talk.offered]
        wishes = [
            Wish(Kind(wish["kind"]), name=wish.get("name", ""), address=wish.get("address", ""))
            for wish in json.loads(row["wishes"])
        ]
        return Answer(Kind(row["read_as"]), named, options, Reading(tuple(wishes)))


def shop_of(ctx: Context, catalogue: Catalogue) -> type[reading_judge.Shop]:
    """A class whose shops are `StoreShop`s on this store, for the judge."""

    class Made(StoreShop):
        def __init__(self, index: ItemIndex) -> None:
            super().__init__(ctx, catalogue)

    return Made
