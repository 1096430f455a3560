"""Questions to the network such as *888# (27.007 § 7.15, 23.038 § 5), and what it says to them.

Modems say the network's text as it is, in UCS-2 or packed septets as hexadecimal, on one line or on
several; they close the question by themselves, or leave a menu open that waits for a digit.
"""

import re
from dataclasses import dataclass
from enum import IntEnum

from crm_tui.gsm import alphabets

CANCEL = "AT+CUSD=2"
MOST_OCTETS = 700
"""No text of the network is longer (182 characters, four digits each)."""
BEGINS = re.compile(r'\+CUSD: *\d *, *".*', re.DOTALL)
"""An answer with a text."""
CLOSED = re.compile(r'\+CUSD: *\d *, *".*" *(?:, *\d* *)?', re.DOTALL)
"""One whose text has come to its end."""
_SAID = re.compile(r'\+CUSD: *(\d) *(?:, *"?(.*?)"? *(?:, *(\d+) *)?)?', re.DOTALL)
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){2,}")
_NATURAL = 0.8
_FULL = 182
"""Characters beyond which the network says nothing more."""


class Status(IntEnum):
    """27.007 § 7.15, <m>."""

    TOLD = 0
    ASKS = 1
    """It waits for an answer of ours: a menu."""
    ENDED = 2
    ELSEWHERE = 3
    UNKNOWN = 4
    LATE = 5


@dataclass(frozen=True)
class Said:
    """What the network says; `text` "" if it is none, `cut` where its end may be missing."""

    status: Status
    text: str = ""
    cut: bool = False


def questions(code: str) -> tuple[str, ...]:
    """Ways to ask for `code`, the usual one first; some modems take packed septets alone."""
    septets = alphabets.to_septets(code) or b""
    packed = alphabets.pack(septets).hex().upper()
    return f'AT+CUSD=1,"{code}",15', f'AT+CUSD=1,"{packed}",15'


def read(line: str) -> Said | None:
    """What a +CUSD line says; None if it is none."""
    found = _SAID.fullmatch(line)
    if found is None:
        return None
    try:
        status = Status(int(found[1]))
    except ValueError:
        status = Status.TOLD
    scheme = int(found[3]) if found[3] else None
    text = _decoded(found[2] or "", scheme).strip()
    lost = BEGINS.fullmatch(line) is not None and CLOSED.fullmatch(line) is None
    return Said(status, text, cut=lost or len(text) >= _FULL)


def _decoded(text: str, scheme: int | None) -> str:
    if not _HEX.fullmatch(text):
        return text
    octets = bytes.fromhex(text)
    wide = alphabets.from_ucs2(octets) if len(octets) % 2 == 0 else ""
    if scheme is not None and _is_ucs2(scheme) and wide:
        return wide
    packed = alphabets.from_septets(alphabets.unpack(octets, 8 * len(octets) // 7))
    # Seven spare bits show as one more character; the standard fills them with a CR.
    packed = packed.removesuffix("\r").removesuffix("@")
    return next((each for each in (wide, packed) if _natural(each)), text)


def _is_ucs2(scheme: int) -> bool:
    """23.038 § 5: UCS-2, with or without a language before it."""
    return scheme == 0x11 or (scheme & 0xC0 == 0x40 and scheme & 0x0C == 0x08)


def _natural(text: str) -> bool:
    """Whether it reads as what people are told: mostly letters, digits and blanks, with a word."""
    plain = sum(
        char.isascii() and (char.isalnum() or char in " .,:;/*#()?!&%+=-\n") for char in text
    )
    return bool(re.search(r"[A-Za-z]{2}", text)) and plain >= _NATURAL * len(text)
