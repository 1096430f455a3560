"""The network as a modem says it stands to it (27.007 § 7.2, +CREG), and the time it tells (§ 8.15)."""

import re
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum

from crm_tui.gsm.codes import fields

# The zone in quarters of an hour.
_CLOCK = re.compile(r"(\d\d)/(\d\d)/(\d\d), *(\d\d):(\d\d):(\d\d)([+-]\d{1,2})?")


class Network(Enum):
    """Whether, and where, the modem is registered."""

    HOME = "home"
    ROAMING = "roaming"
    SEARCHING = "searching"
    OFF = "off"
    DENIED = "denied"
    UNKNOWN = "unknown"

    @property
    def usable(self) -> bool:
        """Whether SMS can go out, as far as is known."""
        return self in (Network.HOME, Network.ROAMING, Network.UNKNOWN)


# 6 and 7: for SMS only; 8: emergency calls only, which is what a card that is over has.
STATES = {
    "0": Network.OFF, "1": Network.HOME, "2": Network.SEARCHING, "3": Network.DENIED,
    "5": Network.ROAMING, "6": Network.HOME, "7": Network.ROAMING, "8": Network.DENIED,
}  # fmt: skip


def told_time(line: str) -> datetime | None:
    """The moment that an answer to +CCLK? tells, in UTC; None if it is none."""
    found = _CLOCK.fullmatch(",".join(fields(line)))
    if not found:
        return None
    *parts, zone = found.groups()
    year, month, day, hour, minute, second = map(int, parts)
    offset = timezone(timedelta(minutes=15 * int(zone))) if zone else None
    try:
        at = datetime(2000 + year, month, day, hour, minute, min(second, 59), tzinfo=offset)
    except ValueError:
        return None
    return at.astimezone(UTC)
