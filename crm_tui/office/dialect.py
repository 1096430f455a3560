"""SQLite's SQL, as the reports of a branch are written in it, as PostgreSQL understands it.

The functions that the two do not share stand in PostgreSQL's schema `crm_reading` (`reading.sql`),
before its own: `sum` of whole numbers is a whole number, `max(a, b)` the larger of two, a comparison
counts as 1 or 0. What is left is form, and is rewritten here, token by token; nothing is guessed from
names.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

_TOKEN = re.compile(
    r"""(?P<string>'(?:[^']|'')*') | (?P<quoted>"[^"]*") | (?P<number>\d+(?:\.\d+)?)
    | (?P<given>:[a-z_][a-z_0-9]*) | (?P<place>\?) | (?P<word>[A-Za-z_][A-Za-z_0-9]*)
    | (?P<space>\s+) | (?P<other>\|\||<>|<=|>=|.)""",
    re.VERBOSE | re.DOTALL,
)
_NOT_AN_ALIAS = frozenset(
    ("WHERE", "GROUP", "ORDER", "LEFT", "JOIN", "ON", "UNION", "LIMIT", "HAVING", "CROSS", "INNER")
)
_TRUTH = frozenset({"current"})
"""Fields that say yes or no: SQLite takes 1 and 0 for that."""


@dataclass(frozen=True)
class Translated:
    """A query for psycopg; `words`: every name in it, so that its tables can be told."""

    text: str
    words: frozenset[str]


@dataclass
class _Open:
    """A bracket that is not closed yet: what stands behind it, and whether it is a query in FROM."""

    end: str = ")"
    table: bool = False
    whole: bool = False
    began: list[str] = field(default_factory=list)


def _tokens(sql: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(sql):
        yield match.lastgroup or "", match.group()


@lru_cache(maxsize=512)
def translate(sql: str) -> Translated:
    """The same question for PostgreSQL. `sql` is text of the program, never of a user's."""
    tokens = [each for each in _tokens(sql) if each[0] != "space"]
    out: list[str] = []
    opened: list[_Open] = []
    words: set[str] = set()
    tables = 0
    at = 0
    while at < len(tokens):
        kind, text = tokens[at]
        upper = text.upper() if kind == "word" else ""
        following = tokens[at + 1][1] if at + 1 < len(tokens) else ""
        if kind == "given":
            name = f"%({text[1:]})s"
            out.append(f"({name}::int <> 0)" if text[1:] in _TRUTH else name)
        elif kind == "place":
            out.append("%s")
        elif kind == "number" and "." in text:
            out.append(f"{text}::double precision")
        elif upper == "LIKE":
            out.append("ILIKE")
        elif upper == "CROSS" and at + 3 < len(tokens) and tokens[at + 3][1].upper() == "ON":
            # What only tells SQLite in which order to look.
            pass
        elif upper == "CAST" and following == "(":
            opened.append(_Open(whole=True))
            out.append("crm_reading.whole(")
            at += 1
        elif upper == "AS" and opened and opened[-1].whole:
            # CAST(… AS INTEGER): SQLite cuts off what is behind the point.
            opened[-1].began.append(following.upper())
            if following.upper() == "TEXT":
                _replace_last(out, "crm_reading.whole(", "crm_reading.told(")
            at += 1
        elif kind == "word" and text == "json_object":
            out.append("json_build_object")
        elif kind == "word" and text == "json_group_array" and following == "(":
            opened.append(_Open(end="), '[]')"))
            out.append("coalesce(json_agg(")
            at += 1
        elif text == "(" and kind == "other":
            before = out[-1].upper() if out else ""
            query = following.upper() == "SELECT"
            opened.append(_Open(table=query and before in ("FROM", "JOIN")))
            out.append("(")
        elif text == ")" and kind == "other":
            closed = opened.pop()
            out.append(closed.end)
            after = tokens[at + 1] if at + 1 < len(tokens) else ("", "")
            if closed.table and not _names(after):
                tables += 1
                out.append(f"AS _table{tables}")
        elif kind == "string" and text == "''" and _of_a_moment(out):
            out.append("'-infinity'")
        else:
            if kind == "word":
                words.add(text)
            out.append(text.replace("%", "%%") if kind in ("string", "other") else text)
        at += 1
    return Translated(" ".join(out), frozenset(words))


def _names(token: tuple[str, str]) -> bool:
    """Whether what follows a query in FROM names it."""
    kind, text = token
    return kind == "word" and text.upper() not in _NOT_AN_ALIAS


def _of_a_moment(out: list[str]) -> bool:
    """Whether this stands for a moment that is not there: coalesce(later_at, '')."""
    return out[-1:] == [","] and len(out) > 2 and bool(re.fullmatch(r"at|\w+_at", out[-2]))


def _replace_last(out: list[str], old: str, new: str) -> None:
    place = len(out) - 1 - out[::-1].index(old)
    out[place] = new
