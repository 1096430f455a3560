"""What somebody did last and can still take back, whatever room it happened in."""

from dataclasses import dataclass

from crm_tui.archive import TEXT
from crm_tui.shop.gate import undo
from crm_tui.shop.gate.context import Context
from crm_tui.shop.orders import deciding


@dataclass(frozen=True)
class Last:
    """`kind`: "order", whose decision is undone by its number; "hand", an SMS that waits; else a step
    of another kind, by its `id`. `label` names it. `text`, `asked` and `phone` are those of the SMS."""

    kind: str
    id: int
    label: str = ""
    text: str = ""
    asked: int | None = None
    phone: str = ""


def last(ctx: Context) -> Last | None:
    """The last thing that the actor did and that can be taken back now, if any."""
    step = undo.last(ctx)
    decided = deciding.can_take_back(ctx)
    if decided is not None and (step is None or _decided_at(ctx, decided) >= step.at):
        return Last("order", decided, str(decided))
    if step is None:
        return None
    if step.kind != "hand":
        return Last(step.kind, step.id, step.label)
    row = ctx.db.execute(
        f"SELECT phone, reply_to, {TEXT} AS text FROM messages"  # noqa: S608 - ours
        " WHERE id = (SELECT json_extract(data, '$.message') FROM undo_steps WHERE id = ?)",
        (step.id,),
    ).fetchone()
    return Last("hand", step.id, step.label, row["text"], row["reply_to"], row["phone"])


def _decided_at(ctx: Context, number: int) -> str:
    row = ctx.db.execute(
        "SELECT at FROM order_steps JOIN messages ON messages.id = message_id"
        " WHERE order_steps.order_id = ?",
        (number,),
    ).fetchone()
    return str(row[0])
