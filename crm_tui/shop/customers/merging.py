"""Two customers who are one person, and the way back."""

from collections.abc import Callable, Sequence
from typing import Any

from crm_tui.shop.customers import people
from crm_tui.shop.customers.cards import _row
from crm_tui.shop.customers.errors import MergeSame
from crm_tui.shop.gate import rooms, undo
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import CHAIN, Context
from crm_tui.shop.gate.errors import TooLateToUndo
from crm_tui.shop.messages import noticing, replies

_STRICTNESS = ("yes", "unknown", "stopped")

Follow = Callable[[Context, int, int], object]
"""Moves what a room keeps by customer; given the keys of the kept and the gone, within the command.
What it returns (as JSON has it) is kept for the way back."""
Part = Callable[[Context, int, int, Any], None]
"""Moves it back; given what was returned, None by an older program."""
_FOLLOWERS: list[tuple[Follow, Part]] = []


def follow(joined: Follow, parted: Part) -> None:
    """Declare what a higher room moves when two are merged, and when that is taken back.

    Said in the room's module `merged`, which is loaded here before it is needed.
    """
    _FOLLOWERS.append((joined, parted))


@command("customers.merge", "customers.merge")
def merge(ctx: Context, kept_id: int, gone_id: int) -> None:
    """Make two one: numbers, open question and all that points to the second are found with the
    first, whose name stays. The stricter consent of the two counts. It can be undone for a while."""
    if kept_id == gone_id:
        raise MergeSame()
    kept_row, gone_row = _row(ctx, kept_id), _row(ctx, gone_id)
    phones, own = people.phones(ctx, gone_id), people.phones(ctx, kept_id)
    others = [
        row[0]
        for row in ctx.db.execute("SELECT id FROM customers WHERE merged_into = ?", (gone_id,))
    ]
    orders = [
        row[0] for row in ctx.db.execute("SELECT id FROM orders WHERE customer_id = ?", (gone_id,))
    ]
    before = {each: kept_row[each] for each in ("name", "address", "notes", "kind", "consent")}
    step = {
        "kept": kept_id, "gone": gone_id, "phones": phones, "others": others, "before": before,
        "orders": orders, "consents": _last_consent(ctx),
    }  # fmt: skip
    ctx.db.execute("UPDATE phones SET customer_id = ? WHERE customer_id = ?", (kept_id, gone_id))
    ctx.db.execute("UPDATE customers SET merged_into = ? WHERE merged_into = ?", (kept_id, gone_id))
    ctx.db.execute("UPDATE customers SET merged_into = ? WHERE id = ?", (kept_id, gone_id))
    ctx.db.execute("UPDATE orders SET customer_id = ? WHERE customer_id = ?", (kept_id, gone_id))
    # What either was asked stands in no relation to the other's orders any more.
    ctx.db.execute("UPDATE questions SET open = 0 WHERE customer_id = ? AND open = 1", (gone_id,))
    kind = "customer" if "customer" in (kept_row["kind"], gone_row["kind"]) else "prospect"
    ctx.db.execute(
        "UPDATE customers SET kind = ?, name = ?, address = ?, notes = ?, own_name = 0 WHERE id = ?",
        (
            kind,
            kept_row["name"] or gone_row["name"],
            kept_row["address"] or gone_row["address"],
            "\n".join(each for each in (kept_row["notes"], gone_row["notes"]) if each),
            kept_id,
        ),
    )
    stricter = max(kept_row["consent"], gone_row["consent"], key=_STRICTNESS.index)
    if stricter != kept_row["consent"]:
        people.write_consent(ctx, kept_id, stricter, f"merged with {gone_id}")
    rooms.load("merged")
    step["moved"] = [joined(ctx, kept_id, gone_id) for joined, _ in _FOLLOWERS]
    # What the head office merged, the branch that found it out has told.
    if ctx.actor != CHAIN:
        _tell(ctx, kept_id, own, phones)
    undo.write(ctx, "merge", f"{gone_row['name'] or gone_id} → {kept_row['name'] or kept_id}", step)
    ctx.record(f"customer {kept_id}", before, {"merged": gone_id, "phones": phones})
    ctx.changed("customers", kept_id)
    ctx.changed("customers", gone_id)


def _last_consent(ctx: Context) -> int:
    return int(ctx.db.execute("SELECT coalesce(max(id), 0) FROM consents").fetchone()[0])


def _tell(ctx: Context, kept_id: int, own: Sequence[str], phones: Sequence[str]) -> None:
    """Tell both of them, `phones` of the one that is gone; whoever gets what a nameless card held has
    lost nothing by it."""
    for whose, other in ((own, phones), (phones, own)):
        if other:
            ending = noticing.ending(other[0])
            noticing.tell(ctx, whose, kept_id, replies.NOTICE_MERGED, ending=ending)
    if not own:
        noticing.tell(ctx, phones, kept_id, replies.NOTICE_MERGED_INTO)


@undo.restorer("merge", "customers.merge")
def unmerge(ctx: Context, data: Any) -> None:
    """Take two apart again, within a command; `data`: what the merge's step holds. SMS that came
    since then belong to whoever has their number; what was sold since then stays with the customer
    that it was sold to, for the books are not changed. Raises `TooLateToUndo` if both are a third one
    by now: that merge is undone first."""
    kept_id, gone_id = data["kept"], data["gone"]
    still = ctx.db.execute(
        "SELECT 1 FROM customers WHERE id = ? AND merged_into = ?", (gone_id, kept_id)
    ).fetchone()
    if still is None:
        raise TooLateToUndo()
    for number in data["phones"]:
        ctx.db.execute(
            "UPDATE phones SET customer_id = ? WHERE number = ? AND customer_id = ?",
            (gone_id, number, kept_id),
        )
    ctx.db.execute(
        "UPDATE customers SET merged_into = NULL WHERE id = ? AND merged_into = ?",
        (gone_id, kept_id),
    )
    for other in data["others"]:
        ctx.db.execute(
            "UPDATE customers SET merged_into = ? WHERE id = ? AND merged_into = ?",
            (gone_id, other, kept_id),
        )
    for number in data["orders"]:
        ctx.db.execute(
            "UPDATE orders SET customer_id = ? WHERE id = ? AND customer_id = ?",
            (gone_id, number, kept_id),
        )
    before = data["before"]
    bought = ctx.db.execute(
        "SELECT 1 FROM sales WHERE customer_id = ? LIMIT 1", (kept_id,)
    ).fetchone()
    ctx.db.execute(
        "UPDATE customers SET name = ?, address = ?, notes = ?, kind = ? WHERE id = ?",
        (before["name"], before["address"], before["notes"],
         "customer" if bought else before["kind"], kept_id),
    )  # fmt: skip
    _consents_apart(ctx, kept_id, gone_id, data)
    rooms.load("merged")
    moved = data.get("moved") or []
    if len(moved) != len(_FOLLOWERS):
        # Merged by an older program.
        moved = [None] * len(_FOLLOWERS)
    for (_, parted), of_room in zip(_FOLLOWERS, moved, strict=True):
        parted(ctx, kept_id, gone_id, of_room)
    ctx.changed("customers", kept_id)
    ctx.changed("customers", gone_id)


def _consents_apart(ctx: Context, kept_id: int, gone_id: int, data: Any) -> None:
    """Each wants promos as before, but nobody knows for certain which of the two has spoken meanwhile:
    a STOP counts for both, a yes for neither."""
    since = ctx.db.execute(
        "SELECT 1 FROM consents WHERE customer_id = ? AND id > ? AND answer = 'stopped'"
        " AND basis <> ? LIMIT 1",
        (kept_id, data.get("consents", _last_consent(ctx)), f"merged with {gone_id}"),
    ).fetchone()
    wanted = {kept_id: str(data["before"]["consent"]), gone_id: people.by_id(ctx, gone_id).consent}
    for each, before in wanted.items():
        after = before if since is None else "stopped"
        if people.by_id(ctx, each).consent != after:
            people.write_consent(ctx, each, after, "merge undone")
