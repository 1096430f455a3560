"""Rows that the office sends down to its branches (`downlink.sql`)."""

import json
from collections.abc import Mapping
from typing import Any

from crm_tui.office.reading import ReadSide


def send(
    office: ReadSide, branch: int | None, kind: str, key: str, body: Mapping[str, Any]
) -> None:
    """A row goes down to a branch, or to all, within `office.writing()`."""
    office.ask_nothing("SELECT crm.send(%s, %s, %s, %s)", (branch, kind, key, json.dumps(body)))


def send_latest(
    office: ReadSide, branch: int | None, kind: str, key: str, body: Mapping[str, Any]
) -> None:
    """As `send`, in the place of what was sent before under the same key."""
    office.ask_nothing(
        "SELECT crm.send_latest(%s, %s, %s, %s)", (branch, kind, key, json.dumps(body))
    )
