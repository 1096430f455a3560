"""Rows and answers of PostgreSQL, in the shape in which the store gives its own."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg.adapt import Loader
from psycopg.pq import Format

from crm_tui.clock import stamp

_MANY = 2000


class Row(tuple[Any, ...]):
    """A row by place and by name, as SQLite's are."""

    names: tuple[str, ...]

    def keys(self) -> tuple[str, ...]:
        return self.names

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(self.names.index(key) if isinstance(key, str) else key)


class Answer:
    """What a query found; `row_factory` None: plain tuples."""

    def __init__(self, cursor: "psycopg.Cursor[Any]") -> None:
        self._cursor = cursor
        self.row_factory: object = Row
        described = cursor.description or []
        self.description = [(each.name,) for each in described]
        self._class = type("Named", (Row,), {"names": tuple(each.name for each in described)})

    def _rows(self, rows: Sequence[tuple[Any, ...]]) -> list[Any]:
        return list(rows) if self.row_factory is None else [self._class(row) for row in rows]

    def fetchone(self) -> Any:
        row = self._cursor.fetchone()
        return None if row is None else self._rows([row])[0]

    def fetchmany(self, size: int = _MANY) -> list[Any]:
        if self._cursor.closed:
            return []
        rows = self._rows(self._cursor.fetchmany(size))
        if not rows:
            # A list that came in pieces is at its end.
            self._cursor.close()
        return rows

    def fetchall(self) -> list[Any]:
        return self._rows(self._cursor.fetchall())

    def __iter__(self) -> Iterator[Any]:
        while rows := self.fetchmany():
            yield from rows


def _text(data: Any) -> str:
    return bytes(data).decode()


class _Moment(Loader):
    """A moment as the store writes it; the ends of time as periods do."""

    format = Format.TEXT

    def load(self, data: Any) -> str:
        text = _text(data)
        if text.endswith("infinity"):
            return "" if text.startswith("-") else "~"
        try:
            return stamp(datetime.fromisoformat(text).astimezone(UTC))
        except (ValueError, OverflowError):
            # Of no calendar: before or after all others.
            return "" if text.endswith("BC") else "~"


class _Number(Loader):
    """A whole number where it is one."""

    format = Format.TEXT

    def load(self, data: Any) -> int | float:
        text = _text(data)
        return float(text) if "." in text or "N" in text else int(text)


class _Truth(Loader):
    format = Format.TEXT

    def load(self, data: Any) -> int:
        return int(bytes(data) == b"t")


class _Text(Loader):
    format = Format.TEXT

    def load(self, data: Any) -> str:
        return _text(data)


def speak_as_the_store(connection: "psycopg.Connection[Any]") -> None:
    """From now on this connection gives moments, numbers and JSON as the store does."""
    for type_, loader in (
        ("timestamptz", _Moment), ("numeric", _Number), ("bool", _Truth), ("json", _Text),
        ("jsonb", _Text),
    ):  # fmt: skip
        connection.adapters.register_loader(type_, loader)
