"""Rows of other branches by the key that they have in the chain, and what is read of their bodies.

A key is written branch/epoch/number. Whatever comes down is looked at before it is used; what is
not as it should be raises `ValueError`, `KeyError` or `TypeError`, and is kept aside.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from crm_tui.clock import stamp

MOST = 10**12
MOST_CODE = 40


class Key(NamedTuple):
    """Branch, epoch of its data, and the number of the row there."""

    branch: int
    epoch: int
    id: int

    def __str__(self) -> str:
        return f"{self.branch}/{self.epoch}/{self.id}"


def key_of(told: object) -> Key:
    """A key as text, or as a list of three numbers."""
    parts = told.split("/") if isinstance(told, str) else told
    if not isinstance(parts, list) or len(parts) != 3:
        raise ValueError(f"no key: {told!r:.40}")
    return Key(*(number(each) for each in parts))


def number(value: object, least: int = 0) -> int:
    """A whole number that may stand in a column."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"no number: {value!r:.40}")
    found = int(value)
    if not least <= found <= MOST:
        raise ValueError(f"out of range: {found}")
    return found


def text(body: Mapping[str, Any], name: str, most: int = 200, default: str | None = None) -> str:
    """A text of the body, cut to what people can read on one line."""
    value = body[name] if default is None else body.get(name, default)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise TypeError(f"no text: {name}")
    return " ".join(value.split())[:most]


_YEARS = range(2000, 2200)
"""Of moments that can have been, or are to come."""


def moment(value: object) -> str:
    """A moment, in the store's form: whoever shows it, or compares it as text, can rely on that."""
    if not isinstance(value, str):
        raise TypeError(f"no moment: {value!r:.40}")
    found = datetime.fromisoformat(value)
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    if found.year not in _YEARS:
        raise ValueError(f"out of range: {value:.40}")
    return stamp(found)


def code(body: Mapping[str, Any]) -> str:
    """The code of an item, whole: cut off it would be another one."""
    found = text(body, "code")
    if not 1 <= len(found) <= MOST_CODE:
        raise ValueError(f"no code: {found!r:.40}")
    return found
