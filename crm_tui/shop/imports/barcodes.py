"""A barcode names one item: those of a list of items beside the barcodes and codes of others."""
# ruff: noqa: S608 - what is put into queries is names of ours

import json
from collections.abc import Iterator

from crm_tui.errors import Problem
from crm_tui.reading.entries import code_key
from crm_tui.shop.gate.context import Context
from crm_tui.shop.imports.errors import RowBarcodeTaken
from crm_tui.shop.imports.item_rights import IS_NEW


def clashing(ctx: Context) -> Iterator[tuple[int, Problem]]:
    """Lines that would give a barcode two meanings, with why; what the shop has so already stays."""
    db = ctx.db
    for line, barcode, code in db.execute(
        "SELECT line, now.barcode, items.code FROM aside.staged AS now JOIN items"
        " ON items.barcode = now.barcode AND items.code_key <> now.code_key"
        " WHERE now.barcode <> ''"
    ):
        yield line, RowBarcodeTaken(barcode=barcode, code=code)
    for line, code, other in db.execute(
        "SELECT line, now.code, items.code FROM aside.staged AS now JOIN items"
        f" ON items.barcode = now.code AND items.barcode <> '' WHERE {IS_NEW}"
    ):
        yield line, RowBarcodeTaken(barcode=code, code=other)
    said = db.execute(
        "SELECT line, now.code_key, now.barcode FROM aside.staged AS now LEFT JOIN items"
        " ON items.code_key = now.code_key WHERE now.barcode <> ''"
        " AND now.barcode IS NOT items.barcode ORDER BY line"
    ).fetchall()
    keys = json.dumps([code_key(row[2]) for row in said])
    codes = dict(
        db.execute(
            "SELECT code_key, code FROM items WHERE code_key IN (SELECT value FROM json_each(:keys))"
            " UNION ALL SELECT code_key, code FROM aside.staged"
            " WHERE code_key IN (SELECT value FROM json_each(:keys))",
            {"keys": keys},
        ).fetchall()
    )
    for line, own, barcode in said:
        key = code_key(barcode)
        if key != own and key in codes:
            yield line, RowBarcodeTaken(barcode=barcode, code=codes[key])
