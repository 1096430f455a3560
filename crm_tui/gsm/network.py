"""The network as a modem says it stands to it (27.007 § 7.2, +CREG)."""

from enum import Enum


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
