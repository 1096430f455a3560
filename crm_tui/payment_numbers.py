"""Ways of paying as numbers, where a ledger has a row for each: in SQL and here, the same."""

_LETTERS = "ctqa"
"""What the ways begin with. A new one is added at the end and begins with another letter; none moves:
hashes and marks of what was counted before name it."""


def number(way: str) -> int:
    """1 and on; 0 of a way that this program does not know."""
    return _LETTERS.find(way[:1]) + 1 if way else 0


def number_in_sql(column: str) -> str:
    """SQL for the number of the way in a column."""
    return f"instr('{_LETTERS}', substr({column}, 1, 1))"
