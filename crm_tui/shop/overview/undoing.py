"""What somebody did last and can still take back, whatever room it happened in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crm_tui.archive import TEXT
from crm_tui.shop.gate import undo
from crm_tui.shop.gate.context import Context
from crm_tui.shop.orders import book, deciding


@dataclass(frozen=True)
class Last:
    """`kind`: "order", whose decision is undone by its number; "hand", an SMS that waits; "placed", an
    order that somebody made of the SMS `asked`; else a step of another kind, by its `id`. `label` names
    it. `text`, `asked` and `phone` are those of the SMS, `wanted` the units of the order by item."""

    kind: str
    id: int
    label: str = ""
    text: str = ""
    asked: int | None = None
    phone: str = ""
    wanted: Mapping[int, int] = field(default_factory=dict)


def last(ctx: Context) -> Last | None:
    """The last thing that the actor did and that can be taken back now, if any."""
    step = undo.last(ctx)
    decided = deciding.can_take_back(ctx)
    if decided is not None and (step is None or _decided_at(ctx, decided) >= step.at):
        return Last("order", decided, str(decided))
    if step is None:
        return None
    if step.kind == "placed":
        return _placed(ctx, step)
    if step.kind != "hand":
        return Last(step.kind, step.id, step.label)
    row = ctx.db.execute(
        f"SELECT phone, reply_to, {TEXT} AS text FROM messages"  # noqa: S608 - ours
        " WHERE id = (SELECT json_extract(data, '$.message') FROM undo_steps WHERE id = ?)",
        (step.id,),
    ).fetchone()
    return Last("hand", step.id, step.label, row["text"], row["reply_to"], row["phone"])


def _placed(ctx: Context, step: undo.Step) -> Last:
    order = book.get(ctx, int(step.label))
    asked = ctx.db.execute(
        "SELECT json_extract(data, '$.asked') FROM undo_steps WHERE id = ?", (step.id,)
    ).fetchone()[0]
    return Last("placed", step.id, step.label, asked=asked, wanted=order.wanted)


def _decided_at(ctx: Context, number: int) -> str:
    row = ctx.db.execute(
        "SELECT at FROM order_steps JOIN messages ON messages.id = message_id"
        " WHERE order_steps.order_id = ?",
        (number,),
    ).fetchone()
    return str(row[0])
