"""Settings of the till."""

import re

from crm_tui.errors import N_
from crm_tui.shop.gate.settings import Setting, between, switch


def _paper(text: str) -> int:
    if text not in ("58", "80"):
        raise ValueError("58, 80")
    return int(text)


def _rounding(text: str) -> int:
    if text not in ("0", "100", "500"):
        raise ValueError("0, 100, 500")
    return int(text)


_DEVICE = re.compile(r"[^/\\]*|/dev/[\w/.-]+|\\\\[^/\\]+\\[^/\\]+")


def _printer(text: str) -> str:
    # It is put into a command line on Windows; what has a slash must be a device.
    if not re.fullmatch(r"[\w .,:()/\\-]{0,80}", text) or not _DEVICE.fullmatch(text.strip()):
        raise ValueError("EPSON TM-T20, /dev/usb/lp0, LPT1 …")
    return text.strip()


def _around(text: str) -> str:
    # Characters that a keyboard has; blanks at the ends count.
    if len(text) > 8 or not text.isascii() or not text.isprintable():
        raise ValueError("]C1, #, *")
    return text


CREDIT_LIMIT = Setting(
    "till.credit_limit",
    0,
    between(0, 10**12),
    N_("Rupiah that a customer may owe, unless the customer's own page says otherwise"),
)


FLOAT = Setting(
    "till.float", 0, between(0, 10**9), N_("Rupiah that lie in the drawer when it is opened")
)


BLIND = Setting(
    "till.blind_count",
    1,
    switch,
    N_(
        "Count the drawer without being told what should be in it; only those who may see it are told "
        "before it is closed"
    ),
)


ROUNDING = Setting(
    "till.rounding",
    0,
    _rounding,
    N_("Cash is rounded to so many rupiah: 100 or 500; 0: to the rupiah"),
)


PAPER = Setting("till.paper", 58, _paper, N_("Width of the receipt's paper in mm: 58 or 80"))


PRINTER = Setting(
    "till.printer",
    "",
    _printer,
    N_("The printer for receipts: its name in the system, or a device; empty is the usual one"),
)


PRINT_ALWAYS = Setting("till.print_always", 0, switch, N_("Print each receipt at once"))


SCAN_PREFIX = Setting(
    "till.scan_prefix", "", _around, N_("What the scanner types before each code; empty: nothing")
)


SCAN_SUFFIX = Setting(
    "till.scan_suffix",
    "",
    _around,
    N_("What the scanner types behind each code, before its Enter; empty: nothing"),
)
