"""The shop's own words: what its customers say, beside what all say (`reading/lexicon.toml`).

A row is a handful of words or phrases that mean the same: "laher, bearing, klahar".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_tui.errors import N_
from crm_tui.shop.gate import undo
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadInput

if TYPE_CHECKING:
    from crm_tui.reading.lexicon import Lexicon

MOST_WORDS = 200
_PHRASE = re.compile(r"[^\W_][\w.+/-]*(?: [\w.+/-]+){0,2}")


class SameWordsBad(BadInput):
    text = N_(
        "Write two words or more that mean the same, with commas between: laher, bearing. Each is one "
        "to three words."
    )


class SameWordsUnknown(BadInput):
    text = N_("This row of words is not there any more.")


@dataclass(frozen=True)
class SameWords:
    """A row of words or phrases, in small letters, that mean the same."""

    id: int
    words: tuple[str, ...]


def rows(ctx: Context) -> list[SameWords]:
    """The shop's own rows, oldest first."""
    stored = ctx.db.execute("SELECT id, words FROM same_words ORDER BY id")
    return [SameWords(row[0], tuple(row[1].split(", "))) for row in stored]


def of_the_shop(ctx: Context) -> "Lexicon":
    """The lexicon with the shop's own rows."""
    from crm_tui.reading.lexicon import standard

    own = rows(ctx)
    return standard().extended(row.words for row in own) if own else standard()


def parsed(typed: str) -> tuple[str, ...]:
    """ "Laher, bearing" as words. Raises `SameWordsBad`."""
    words = [" ".join(word.casefold().split()) for word in re.split(r"[,;\n]", typed)]
    words = list(dict.fromkeys(word for word in words if word))
    if (
        len(words) < 2
        or sum(map(len, words)) > MOST_WORDS
        or not all(_PHRASE.fullmatch(word) for word in words)
    ):
        raise SameWordsBad()
    return tuple(words)


@command("items.add_words", "items.edit")
def add(ctx: Context, words: Sequence[str]) -> int:
    """Add a row; its key. Raises `SameWordsBad`."""
    row = ctx.db.execute(
        "INSERT INTO same_words (words, at, actor) VALUES (?, ?, ?) RETURNING id",
        (", ".join(parsed(", ".join(words))), ctx.at, ctx.actor.name),
    ).fetchone()
    ctx.record(f"words {row[0]}", None, {"words": list(words)})
    ctx.changed("lexicon", row[0])
    return int(row[0])


@command("items.change_words", "items.edit")
def change(ctx: Context, row_id: int, words: Sequence[str]) -> None:
    """Write other words into a row. Raises `SameWordsBad`, `SameWordsUnknown`."""
    before = _words(ctx, row_id)
    after = parsed(", ".join(words))
    ctx.db.execute(
        "UPDATE same_words SET words = ?, at = ?, actor = ? WHERE id = ?",
        (", ".join(after), ctx.at, ctx.actor.name, row_id),
    )
    ctx.record(f"words {row_id}", {"words": before}, {"words": list(after)})
    ctx.changed("lexicon", row_id)


@command("items.remove_words", "items.edit")
def remove(ctx: Context, row_id: int) -> int:
    """Forget a row; the key of the step that brings it back. Raises `SameWordsUnknown`."""
    words = _words(ctx, row_id)
    step = undo.keep(ctx, "lexicon", ", ".join(words), "same_words", row_id)
    ctx.db.execute("DELETE FROM same_words WHERE id = ?", (row_id,))
    ctx.record(f"words {row_id}", {"words": words})
    ctx.changed("lexicon", row_id)
    return step


def _words(ctx: Context, row_id: int) -> list[str]:
    row = ctx.db.execute("SELECT words FROM same_words WHERE id = ?", (row_id,)).fetchone()
    if row is None:
        raise SameWordsUnknown()
    return str(row[0]).split(", ")
