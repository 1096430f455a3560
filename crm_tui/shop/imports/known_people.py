"""The customers whom rows of a file are about, looked up for many rows together."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from crm_tui.shop.gate.context import Context
from crm_tui.text import phone

_LOT = 500


@dataclass(frozen=True)
class Known:
    """A customer as the store has them: the row of `customers`, and the numbers (E.164), in order."""

    card: Any
    phones: list[str]

    @property
    def called(self) -> str:
        """As `people.called` says it."""
        return self.card["name"] or phone(self.phones[0])


class KnownPeople:
    """Who has the numbers of these rows (`phones`: E.164, with blanks between them), in three
    statements. Of whom is written then, it is told by `wrote`, and they are looked up anew."""

    def __init__(self, ctx: Context, rows: Iterable[Any]) -> None:
        self._ctx = ctx
        numbers = json.dumps([number for row in rows for number in row["phones"].split()])
        self._holders: dict[str, int] = dict(
            ctx.db.execute(
                "SELECT number, customer_id FROM phones"
                " WHERE number IN (SELECT value FROM json_each(?))",
                (numbers,),
            ).fetchall()
        )
        self._known: dict[int, Known] = {}
        self._look(set(self._holders.values()))

    def _look(self, customers: Collection[int]) -> None:
        keys = json.dumps(list(customers))
        phones: dict[int, list[str]] = {each: [] for each in customers}
        for customer_id, number in self._ctx.db.execute(
            "SELECT customer_id, number FROM phones"
            " WHERE customer_id IN (SELECT value FROM json_each(?)) ORDER BY number",
            (keys,),
        ):
            phones[customer_id].append(number)
        for card in self._ctx.db.execute(
            "SELECT * FROM customers WHERE id IN (SELECT value FROM json_each(?))", (keys,)
        ):
            self._known[card["id"]] = Known(card, phones[card["id"]])

    def holders(self, phones: str) -> list[int]:
        """The customers who have one of these numbers."""
        found = (self._holders.get(number) for number in phones.split())
        return list(dict.fromkeys(each for each in found if each is not None))

    def first(self, phones: str) -> int | None:
        """The first of them."""
        return next(iter(self.holders(phones)), None)

    def __getitem__(self, customer_id: int) -> Known:
        if customer_id not in self._known:
            self._look([customer_id])
        return self._known[customer_id]

    def wrote(self, customer_id: int, phones: str) -> None:
        """The row of a customer was written, with these numbers."""
        self._holders |= {
            number: customer_id for number in phones.split() if number not in self._holders
        }
        self._known.pop(customer_id, None)


def by_lots(ctx: Context, rows: Iterable[Any]) -> Iterator[tuple[list[Any], KnownPeople]]:
    """Rows in their order, some hundreds at a time, with whom the store has for them by then."""
    left = iter(rows)
    while lot := list(islice(left, _LOT)):
        yield lot, KnownPeople(ctx, lot)
