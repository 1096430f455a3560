"""What a person said the columns of a file are, remembered for the next file with the same headings."""

import json
from collections.abc import Mapping

from crm_tui.shop.gate.context import Context
from crm_tui.shop.imports.planning import Plan
from crm_tui.shop.imports.questions import Choices


def earlier(ctx: Context, kind: str, plan: Plan) -> Mapping[int, str]:
    """What was chosen for a file of this kind with these headings (column → field, "" for none)."""
    row = ctx.db.execute(
        "SELECT columns FROM import_choices WHERE kind = ? AND headings = ?", (kind, plan.signature)
    ).fetchone()
    if row is None:
        return {}
    wide = len(plan.headings)
    return {int(at): str(name) for at, name in json.loads(row[0]).items() if int(at) < wide}


def remember(ctx: Context, kind: str, plan: Plan, choices: Choices) -> None:
    """Keep what was chosen, within the command that begins the import."""
    chosen = dict(choices.columns)
    if any(key.startswith(("column:", "sure:", "money:", "named:")) for key in choices.answers):
        # A choice between two columns decides about both.
        for columns in (*plan.rivals.values(), tuple(range(len(plan.headings)))):
            for column in columns:
                chosen.setdefault(column, plan.fields[column] or "")
    if not chosen:
        return
    ctx.db.execute(
        "INSERT INTO import_choices (kind, headings, columns, at, actor) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (kind, headings) DO UPDATE SET columns = excluded.columns, at = excluded.at,"
        " actor = excluded.actor",
        (kind, plan.signature, json.dumps({str(at): name for at, name in chosen.items()}), ctx.at,
         ctx.actor.name),
    )  # fmt: skip
