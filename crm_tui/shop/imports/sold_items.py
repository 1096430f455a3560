"""Which items of the shop an old book means where it names them, or gives a code that nothing has."""

import re
from collections.abc import Mapping, Sequence

from crm_tui.errors import N_
from crm_tui.reading.entries import code_key
from crm_tui.shop.gate.context import Context
from crm_tui.shop.imports.staged import Staging

_MOST_ASKED = 12
_EXAMPLES = 3
_NONE = "-"
_TIMES = re.compile(r"\s+(?:[x×]\s*\d{1,4}|\d{1,4}\s*[x×]|\(x\d{1,4}\))$", re.I)


def find(ctx: Context, staging: Staging) -> None:
    """Give the rows aside the key of the item that has their name; which of several is asked. What is
    no item of the shop is told, and left out if somebody says so."""
    db = ctx.db
    unknown = db.execute(
        "SELECT code_key, min(code), count(*), min(line) FROM aside.staged WHERE code_key <> ''"
        " AND code_key NOT IN (SELECT code_key FROM items) GROUP BY code_key ORDER BY min(n)"
    ).fetchall()
    if not unknown:
        return
    named: dict[str, list[tuple[str, str]]] = {row[0]: [] for row in unknown}
    named |= {_one_of(row[1]): [] for row in unknown}
    for name, code, key in db.execute("SELECT name, code, code_key FROM items ORDER BY id"):
        if (known := named.get(code_key(name))) is not None:
            known.append((code, key))
    if missing := [each for each in named if not named[each]]:
        for key, items in _as_called_before(ctx, missing).items():
            named[key] = items
    settled: list[tuple[str, str | None]] = []
    codes: dict[object, str] = {}
    left, none, asked = list[str](), 0, 0
    for key, told, count, line in unknown:
        items = named[key] or named.get(_one_of(told), [])
        if len(items) > 1 and asked < _MOST_ASKED:
            asked += 1
            code = _asked(staging, told, count, line, [each[0] for each in items])
            items = [each for each in items if each[0] == code]
            if code != _NONE and not items:
                # Open: what becomes of it is not told yet.
                continue
        if len(items) == 1:
            codes[key] = items[0][0]
            settled.append((key, items[0][1]))
        else:
            settled.append((key, None))
            left.append(told)
            none += count
    _show(staging, codes)
    db.execute("CREATE TABLE aside.named (key TEXT PRIMARY KEY, item TEXT)")
    db.conn.executemany("INSERT INTO aside.named VALUES (?, ?)", settled)
    db.execute(
        "UPDATE aside.staged SET code_key = item FROM aside.named WHERE key = code_key"
        " AND item IS NOT NULL"
    )
    if none:
        _tell(ctx, staging, left, none)


def _as_called_before(ctx: Context, keys: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """The items, code and key, by the names and codes (as `code_key` has them) under which they were
    sold, where they are called otherwise by now."""
    wanted = frozenset(keys)
    found: dict[str, list[tuple[str, str]]] = {}
    for code, key, *before in ctx.db.execute(
        "SELECT DISTINCT items.code, items.code_key, sale_lines.name, sale_lines.code"
        " FROM sale_lines JOIN items ON items.id = item_id"
        " WHERE sale_lines.name <> items.name OR sale_lines.code <> items.code"
    ):
        for each in wanted.intersection(map(code_key, before)):
            if (code, key) not in found.setdefault(each, []):
                found[each].append((code, key))
    return found


def _one_of(told: str) -> str:
    """The key of a name without how many there were behind it: “Busi x 2”."""
    return code_key(_TIMES.sub("", told))


def _asked(staging: Staging, told: str, count: int, line: int, codes: Sequence[str]) -> str:
    """Which of these codes a name means; `_NONE` for none of them, "" if that is open."""
    key = f"item:{told.replace('=', ' ')}"
    staging.asks.ask(
        key, {each: each for each in codes}, ours={_NONE: N_("None of them")}, name=told,
        count=count,
    )  # fmt: skip
    staging.asks.questions[key].lines.append(line)
    return staging.asks.questions[key].answer


def _show(staging: Staging, codes: Mapping[object, str]) -> None:
    """The first rows show which item a name is."""
    at, key = 3, 4
    staging.samples = [
        (line, (*values[:at], f"{values[at]} → {codes[values[key]]}", *values[key:]))
        if values[key] in codes else (line, values)
        for line, values in staging.samples
    ]  # fmt: skip


def _tell(ctx: Context, staging: Staging, names: Sequence[str], count: int) -> None:
    """Ask whether the sales of what is no item count; they do if nobody says otherwise."""
    example = ", ".join(names[:_EXAMPLES]) + (" …" if len(names) > _EXAMPLES else "")
    answer = staging.asks.settle("no_item", 0, "revenue", example=example)
    staging.asks.questions["no_item"].params["count"] = count
    if answer != "leave":
        return
    lines = ctx.db.execute(
        "DELETE FROM aside.staged WHERE code_key IN (SELECT key FROM aside.named WHERE item IS NULL)"
        " RETURNING line"
    ).fetchall()
    for line in sorted(row[0] for row in lines):
        staging.left.note("no_item", line)
