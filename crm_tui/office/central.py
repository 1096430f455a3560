"""Items and prices that the head office sends to all branches.

They stand in `crm.central_items`, by the code without its dashes, and go down as the rows that take the
place of those before; a new branch gets them all. Their numbers say which is the last one: the moment
beside a price is for people.
"""

from collections.abc import Sequence
from typing import Any

from psycopg.types.json import Jsonb

from crm_tui.errors import N_
from crm_tui.office.database import Connection, Office
from crm_tui.office.errors import OfficeProblem
from crm_tui.reading.entries import code_key
from crm_tui.shop.imports.item_rows import ItemRow
from crm_tui.shop.items.cards import MOST_CODE

_CARD = ("name", "unit", "price", "category", "barcode", "other_names")


class CentralItemUnknown(OfficeProblem):
    text = N_(
        "No branch has an item with the code {code}. Send it first: crm-tui office items FILE"
    )


class CentralItemIncomplete(OfficeProblem):
    text = N_(
        "Line {line}: {code} is new, so it needs a name, a unit and a price. Nothing was sent."
    )


def set_price(office: Office, code: str, price: int) -> None:
    """Ask for a price in all branches that have the item and no price of their own. Raises
    `CentralItemUnknown`, `DatabaseSilent`."""
    key = code_key(code)
    with office.connected() as connection:
        body = _known(connection, key)
        if body is None:
            row = connection.execute(
                "SELECT code FROM crm.items WHERE code_key = %s AND NOT gone LIMIT 1", (key,)
            ).fetchone()
            if row is None:
                raise CentralItemUnknown(code=code)
            body = {"code": row[0]}
        body = _keep(connection, key, {**body, "price": price})
        _send(connection, "price", key, {name: body[name] for name in ("code", "price", "at")})


def set_items(office: Office, rows: Sequence[ItemRow]) -> int:
    """Send items to all branches: new ones are added there, known ones get name, unit and price; how
    many. Raises `CentralItemIncomplete`, and then sends none."""
    with office.connected() as connection:
        for row in rows:
            key = code_key(row.code)
            told = {name: getattr(row, name) for name in _CARD}
            body = {
                "code": row.code[:MOST_CODE],
                **(_known(connection, key) or {}),
                **{name: value for name, value in told.items() if value is not None},
            }
            if any(name not in body for name in ("name", "unit", "price")):
                raise CentralItemIncomplete(line=row.line, code=row.code)
            _send(connection, "item", key, _keep(connection, key, body))
    return len(rows)


def _known(connection: Connection, key: str) -> dict[str, Any] | None:
    row = connection.execute(
        "SELECT body FROM crm.central_items WHERE code_key = %s FOR UPDATE", (key,)
    ).fetchone()
    return None if row is None else dict(row[0])


def _keep(connection: Connection, key: str, body: dict[str, Any]) -> dict[str, Any]:
    """The body as it is kept, with its moment."""
    row = connection.execute(
        "INSERT INTO crm.central_items (code_key, body) VALUES (%s, %s)"
        " ON CONFLICT (code_key) DO UPDATE SET body = excluded.body, at = excluded.at"
        " RETURNING crm.iso(at)",
        (key, Jsonb(body)),
    ).fetchone()
    assert row is not None
    return {**body, "at": row[0]}


def _send(connection: Connection, kind: str, key: str, body: dict[str, Any]) -> None:
    connection.execute("SELECT crm.send_latest(NULL, %s, %s, %s)", (kind, key, Jsonb(body)))
