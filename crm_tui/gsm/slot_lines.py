"""What the lines say with which modems tell of their slots: +CMTI, +CMGR, +CMGL."""

import re

from crm_tui.gsm import pdu as pdus
from crm_tui.gsm.errors import PduProblem
from crm_tui.gsm.line_fields import fields


def news(memory: str, index: int) -> tuple[str, str]:
    """How a modem announces what lies in a slot."""
    return f'+CMTI: "{memory}",{index}', f'+CDSI: "{memory}",{index}'


def whole(line: str, body: str) -> bool:
    """Whether a PDU has as many octets as its line announced behind the last comma."""
    try:
        return pdus.tpdu_length(body) == int((fields(line) or ["-1"])[-1])
    except (PduProblem, ValueError):
        return False


def as_text(line: str) -> bool:
    """Whether the answer is one of text mode, where the status is a word: the modem has begun anew,
    and its "body" is what the customer wrote, not a PDU. A status in figures is followed by
    the writer's name in the card's telephone book."""
    return re.match(r'\+CMG(?:R: *|L: *\d+, *)"[A-Z]', line) is not None


def blank(body: str) -> bool:
    return not body.upper().strip("F")


def unread(line: str, at: int) -> bool | None:
    """Whether the line's status says that it had not been read before; None if it says neither."""
    parts = fields(line)
    return {"0": True, "1": False}.get(parts[at]) if len(parts) > at else None


def ours(line: str, at: int) -> bool:
    """Whether the line's status says: stored by ourselves, sent or not (27.005 § 3.1, <stat>)."""
    parts = fields(line)
    return len(parts) > at and parts[at] in ("2", "3")
