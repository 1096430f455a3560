"""Whole SMS as modems write them: hexadecimal, the service centre first (27.005 § 3.1, 23.040 § 9.2).

`decode` reads what a network delivers (DELIVER, STATUS-REPORT); `decode_submit` what a sender hands
in. `submit`, `deliver` and `report` write them. Texts stay in `UserData` until all segments are
joined (`gsm.text`), because other people's telephones split escapes and surrogates.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from crm_tui.errors import N_, UNSAID, Sentence
from crm_tui.gsm import alphabets, fields
from crm_tui.gsm.errors import PduProblem
from crm_tui.gsm.fields import Alphabet, Concatenation, Header, Reader

_DELIVER, _SUBMIT, _REPORT = 0b00, 0b01, 0b10
_MORE, _HEADER, _REPORT_ASKED = 0x04, 0x40, 0x20


@dataclass(frozen=True)
class UserData:
    """The words of one segment: septets (a byte each), octets of UCS-2, or octets of data."""

    alphabet: Alphabet
    content: bytes
    header: Header = field(default_factory=Header)


@dataclass(frozen=True)
class Deliver:
    """An SMS from somebody (23.040 § 9.2.2.1). `sender` is "+62…", digits, or a name. `coding` is the
    data coding scheme as it came, `stamp` the service centre's time as it stands in the octets
    (hexadecimal), also if it is no moment; `damage` what is wrong with the octets (a text of the
    catalogues), "" if nothing is: sender and text are what could be read of them."""

    service_centre: str
    sender: str
    sent_at: datetime | None
    data: UserData
    protocol: int = 0
    coding: int = 0
    stamp: str = ""
    damage: Sentence = UNSAID
    telephone: bool = True


CUT = N_("damaged on the way: its end is missing")
LONGER = N_("damaged on the way: it is longer than it says")
COMPRESSED = N_("compressed, which cannot be read here")


class Fate(Enum):
    """What a status report says of its message (23.040 § 9.2.3.15)."""

    DELIVERED = "delivered"
    TRYING = "trying"
    FAILED = "failed"


@dataclass(frozen=True)
class Report:
    """What became of an SMS of ours (23.040 § 9.2.2.3)."""

    service_centre: str
    reference: int
    recipient: str
    sent_at: datetime | None
    settled_at: datetime | None
    fate: Fate
    status: int
    stamp: str = ""


@dataclass(frozen=True)
class Submit:
    """An SMS on its way out (23.040 § 9.2.2.2)."""

    recipient: str
    data: UserData
    report_asked: bool
    reference: int


def octets(pdu: str) -> bytes:
    """The octets of a hexadecimal line."""
    # bytes.fromhex would let blanks pass.
    if not re.fullmatch("(?:[0-9A-Fa-f]{2})*", pdu):
        raise PduProblem(why="not hexadecimal")
    return bytes.fromhex(pdu)


def decode(pdu: str) -> Deliver | Report:
    """What a network delivered. An SMS whose sender can be read is one, whatever happened to the rest
    of it (`Deliver.damage`); anything else that is not understood is a `PduProblem`."""
    reader = Reader(octets(pdu))
    centre = fields.take_service_centre(reader)
    first = reader.octet()
    if first & 0b11 == _DELIVER:
        return _take_deliver(reader, centre, first)
    if first & 0b11 == _REPORT:
        return _take_report(reader, centre)
    raise PduProblem(why=f"message type {first & 0b11} is none that a network delivers")


def _take_deliver(reader: Reader, centre: str, first: int) -> Deliver:
    sender, telephone = fields.take_sender(reader)
    protocol = dcs = 0
    stamp = b""
    try:
        protocol = reader.octet()
        dcs = reader.octet()
        stamp = reader.take(7)
        data, damage = _take_user_data(reader, first, dcs)
    except PduProblem:
        # Who wrote is known: that is worth more than nothing.
        data, damage = UserData(Alphabet.GSM7, b""), CUT
    sent_at = fields.time_stamp(stamp) if stamp else None
    return Deliver(
        centre, sender, sent_at, data, protocol, dcs, stamp.hex().upper(), damage, telephone
    )


def _take_report(reader: Reader, centre: str) -> Report:
    reference = reader.octet()
    recipient = fields.take_address(reader)
    stamp = reader.take(7)
    sent_at = fields.time_stamp(stamp)
    # Some modems leave the discharge time out: then only the status is left.
    settled_at = fields.time_stamp(reader.take(7)) if reader.left >= 8 else None
    status = reader.octet()
    if status & 0x7F < 0x20:
        fate = Fate.DELIVERED
    elif status & 0x7F < 0x40:
        fate = Fate.TRYING
    else:
        fate = Fate.FAILED
    return Report(
        centre, reference, recipient, sent_at, settled_at, fate, status, stamp.hex().upper()
    )


def _take_user_data(reader: Reader, first: int, dcs: int) -> tuple[UserData, Sentence]:
    """The user data, as much as is there, and what is wrong with it."""
    scheme = fields.coding(dcs)
    length = reader.octet()
    whole = reader.rest()
    head = fields.header(whole) if first & _HEADER else Header()
    if scheme.compressed:
        return UserData(Alphabet.DATA, whole[head.size : length], head), COMPRESSED
    gsm7 = scheme.alphabet is Alphabet.GSM7
    announced = (7 * length + 7) // 8 if gsm7 else length
    damage = UNSAID
    if len(whole) < max(announced, head.size):
        damage = CUT
    elif whole[announced:].strip(b"\xff") and whole[announced:].strip(b"\x00"):
        # Some modems hand over the whole record of the SIM, which is filled up.
        damage = LONGER
    if gsm7:
        skipped = (8 * head.size + 6) // 7
        fill = 7 * skipped - 8 * head.size
        content = alphabets.unpack(whole[head.size :], length - skipped, fill)
    else:
        content = whole[head.size : length]
    return UserData(scheme.alphabet, content, head), damage


def decode_submit(pdu: str) -> Submit:
    """What a sender hands to the modem."""
    reader = Reader(octets(pdu))
    fields.take_service_centre(reader)
    first = reader.octet()
    if first & 0b11 != _SUBMIT:
        raise PduProblem(why=f"message type {first & 0b11} is none that can be sent")
    reference = reader.octet()
    recipient = fields.take_address(reader)
    reader.octet()
    dcs = reader.octet()
    reader.take({0b00: 0, 0b10: 1, 0b01: 7, 0b11: 7}[first >> 3 & 0b11])
    data, damage = _take_user_data(reader, first, dcs)
    if damage:
        raise PduProblem(why=damage)
    return Submit(recipient, data, bool(first & _REPORT_ASKED), reference)


def tpdu_length(pdu: str) -> int:
    """The number that AT+CMGS and AT+CMGR name: octets without the service centre."""
    whole = octets(pdu)
    if not whole or len(whole) <= whole[0]:
        raise PduProblem(why="shorter than its service centre")
    return len(whole) - 1 - whole[0]


def _user_data_octets(data: UserData, joined: Concatenation | None) -> tuple[int, bytes]:
    head = fields.header_octets(joined) if joined else b""
    if data.alphabet is not Alphabet.GSM7:
        return len(head) + len(data.content), head + data.content
    skipped = (8 * len(head) + 6) // 7
    fill = 7 * skipped - 8 * len(head)
    return skipped + len(data.content), head + alphabets.pack(data.content, fill)


_DCS = {Alphabet.GSM7: 0x00, Alphabet.DATA: 0x04, Alphabet.UCS2: 0x08}


def _relative_validity(validity: timedelta) -> int:
    """The octet for a validity period (23.040 § 9.2.3.12.1), rounded up, at most 63 weeks."""
    minutes = max(5, int(validity.total_seconds() + 59) // 60)
    if minutes <= 720:
        return (minutes + 4) // 5 - 1
    if minutes <= 1440:
        return 143 + (minutes - 720 + 29) // 30
    days = (minutes + 1439) // 1440
    if days <= 30:
        return 166 + max(2, days)
    return min(255, 192 + (days + 6) // 7)


def submit(
    recipient: str,
    data: UserData,
    *,
    joined: Concatenation | None = None,
    report: bool = True,
    validity: timedelta = timedelta(days=1),
    reference: int = 0,
) -> str:
    """An SMS to `recipient`, for AT+CMGS; `validity` is how long the network may try."""
    first = _SUBMIT | 0b10 << 3
    first |= (_REPORT_ASKED if report else 0) | (_HEADER if joined else 0)
    length, content = _user_data_octets(data, joined)
    whole = (
        fields.service_centre("")
        + bytes([first, reference])
        + fields.address(recipient)
        + bytes([0, _DCS[data.alphabet], _relative_validity(validity), length])
        + content
    )
    return whole.hex().upper()


def deliver(
    sender: str,
    data: UserData,
    sent_at: datetime,
    *,
    joined: Concatenation | None = None,
    service_centre: str = "",
    named: bool = False,
) -> str:
    """An SMS as the network delivers it."""
    length, content = _user_data_octets(data, joined)
    whole = (
        fields.service_centre(service_centre)
        + bytes([_DELIVER | _MORE | (_HEADER if joined else 0)])
        + fields.address(sender, named=named)
        + bytes([0, _DCS[data.alphabet]])
        + fields.stamp_octets(sent_at)
        + bytes([length])
        + content
    )
    return whole.hex().upper()


def report(
    recipient: str,
    reference: int,
    sent_at: datetime,
    settled_at: datetime,
    *,
    status: int = 0,
    service_centre: str = "",
) -> str:
    """A status report as the network delivers it."""
    whole = (
        fields.service_centre(service_centre)
        + bytes([_REPORT | _MORE, reference])
        + fields.address(recipient)
        + fields.stamp_octets(sent_at)
        + fields.stamp_octets(settled_at)
        + bytes([status])
    )
    return whole.hex().upper()
