"""The fields that PDUs are made of: addresses, time stamps, coding schemes, headers (23.040 § 9)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum

from crm_tui.gsm import alphabets
from crm_tui.gsm.errors import PduProblem

_DIGITS = "0123456789*#abc"
_FILLER = 0xF
_TELEPHONES = (0b000, 0b001, 0b010)
_ISDN = 0b0001


class Reader:
    """Takes octets off the front; running out of them is a `PduProblem`."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._at = 0

    def take(self, count: int) -> bytes:
        taken = self._octets[self._at : self._at + count]
        if len(taken) < count:
            raise PduProblem(why=f"{count} octets expected, {len(taken)} there")
        self._at += count
        return taken

    def octet(self) -> int:
        return self.take(1)[0]

    def rest(self) -> bytes:
        taken = self._octets[self._at :]
        self._at = len(self._octets)
        return taken

    @property
    def left(self) -> int:
        return len(self._octets) - self._at


class Alphabet(Enum):
    """How user data is written (23.038 § 4)."""

    GSM7 = "gsm7"
    DATA = "data"
    UCS2 = "ucs2"


@dataclass(frozen=True)
class Coding:
    """A data coding scheme, as far as it concerns the text."""

    alphabet: Alphabet
    compressed: bool = False


def coding(dcs: int) -> Coding:
    """The data coding scheme of octet `dcs` (23.038 § 4); reserved ones are the default alphabet."""
    group = dcs >> 4
    if group <= 0b0111:
        alphabet = (Alphabet.GSM7, Alphabet.DATA, Alphabet.UCS2, Alphabet.GSM7)[dcs >> 2 & 0b11]
        return Coding(alphabet, compressed=bool(dcs & 0x20))
    if group == 0b1110:
        return Coding(Alphabet.UCS2)
    if group == 0b1111 and dcs & 0b0100:
        return Coding(Alphabet.DATA)
    return Coding(Alphabet.GSM7)


def swapped(octets: bytes) -> list[int]:
    """The semi-octets of `octets`, the low one first."""
    return [half for octet in octets for half in (octet & 0xF, octet >> 4)]


def take_address(reader: Reader) -> str:
    """An address field (23.040 § 9.1.2.5): "+62…" if international, else digits, or a name."""
    length = reader.octet()
    kind = reader.octet()
    value = reader.take((length + 1) // 2)
    return _address(kind, value, length)


def take_sender(reader: Reader) -> tuple[str, bool]:
    """An address as `take_address` has it, and whether it is a telephone number: of a type that is
    (unknown, international, national) in the plan of telephones. A name may be all digits."""
    length = reader.octet()
    kind = reader.octet()
    value = reader.take((length + 1) // 2)
    return _address(kind, value, length), kind >> 4 & 0b111 in _TELEPHONES and kind & 0xF == _ISDN


def take_service_centre(reader: Reader) -> str:
    """The service centre before a PDU (27.005 § 3.1): its length counts octets; "" if absent."""
    length = reader.octet()
    if not length:
        return ""
    kind = reader.octet()
    value = reader.take(length - 1)
    return _address(kind, value, 2 * len(value))


def _address(kind: int, value: bytes, length: int) -> str:
    if kind >> 4 & 0b111 == 0b101:
        return alphabets.from_septets(alphabets.unpack(value, length * 4 // 7)).rstrip("\r")
    digits = "".join([_DIGITS[half] for half in swapped(value)[:length] if half != _FILLER])
    return "+" + digits if kind >> 4 & 0b111 == 0b001 else digits


def address(number: str, *, named: bool = False) -> bytes:
    """The address field of `number`: "+62…", digits, or a name of up to 11 characters. `named`: it is
    a name, even if it is all digits."""
    digits = number.removeprefix("+")
    if digits and not named and all(char in _DIGITS for char in digits):
        kind = 0x91 if number.startswith("+") else 0x81
        return bytes([len(digits), kind]) + _swap_in(digits)
    septets = alphabets.to_septets(number)
    if septets is None or not septets or len(septets) > 11:
        raise PduProblem(why="no telephone number and no name of up to 11 letters")
    packed = alphabets.pack(septets)
    return bytes([(7 * len(septets) + 3) // 4, 0xD0]) + packed


def service_centre(number: str) -> bytes:
    """The service centre before a PDU; "" leaves the choice to the modem."""
    if not number:
        return b"\x00"
    field = address(number)
    return bytes([len(field) - 1]) + field[1:]


def _swap_in(digits: str) -> bytes:
    halves = [_DIGITS.index(char) for char in digits]
    if len(halves) % 2:
        halves.append(_FILLER)
    return bytes([low | high << 4 for low, high in zip(halves[::2], halves[1::2], strict=True)])


def time_stamp(octets: bytes) -> datetime | None:
    """A service-centre time stamp (23.040 § 9.2.3.11), aware; None if it is no moment."""
    halves = swapped(octets)
    year, month, day, hour, minute, second = (
        10 * halves[index] + halves[index + 1] for index in range(0, 12, 2)
    )
    quarters = 10 * (halves[12] & 0b0111) + halves[13]
    offset = timedelta(minutes=15 * (-quarters if halves[12] & 0b1000 else quarters))
    try:
        return datetime(2000 + year, month, day, hour, minute, second, tzinfo=timezone(offset))
    except ValueError:
        return None


def stamp_octets(moment: datetime) -> bytes:
    """The time stamp of `moment`, in its own time zone (UTC if it has none)."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    quarters = int((aware.utcoffset() or timedelta()).total_seconds()) // 900
    parts = [aware.year % 100, aware.month, aware.day, aware.hour, aware.minute, aware.second]
    octets = bytearray(part // 10 | part % 10 << 4 for part in parts)
    octets.append(abs(quarters) // 10 | abs(quarters) % 10 << 4 | (0x08 if quarters < 0 else 0))
    return bytes(octets)


@dataclass(frozen=True)
class Concatenation:
    """Which segment of which long message this is (23.040 § 9.2.3.24.1 and .8)."""

    reference: int
    total: int
    number: int
    bits: int = 8


@dataclass(frozen=True)
class Header:
    """What concerns us of a user data header; `size` counts its octets with the length octet. `port`:
    the application that it is for (23.040 § 9.2.3.24.3); `waiting`: kind and number of messages that
    wait elsewhere (§ 9.2.3.24.2)."""

    size: int = 0
    concatenation: Concatenation | None = None
    single_shift: int = 0
    locking_shift: int = 0
    port: int | None = None
    waiting: tuple[int, int] | None = None


def header(octets: bytes) -> Header:
    """The user data header at the front of `octets` (23.040 § 9.2.3.24)."""
    reader = Reader(octets)
    size = reader.octet()
    elements = Reader(reader.take(size))
    joined: Concatenation | None = None
    single = locking = 0
    port: int | None = None
    waiting: tuple[int, int] | None = None
    while elements.left >= 2:
        name, length = elements.octet(), elements.octet()
        value = elements.take(min(length, elements.left))
        if name == 0x00 and len(value) == 3:
            joined = Concatenation(value[0], value[1], value[2], 8)
        elif name == 0x08 and len(value) == 4:
            joined = Concatenation(value[0] << 8 | value[1], value[2], value[3], 16)
        elif name == 0x24 and value:
            single = value[0]
        elif name == 0x25 and value:
            locking = value[0]
        elif name == 0x04 and value:
            port = value[0]
        elif name == 0x05 and len(value) >= 2:
            port = value[0] << 8 | value[1]
        elif name == 0x01 and len(value) == 2:
            waiting = value[0] & 0x7F, value[1]
    # 23.040: a segment numbered 0, or beyond the total, makes the element void.
    if joined and not 1 <= joined.number <= joined.total:
        joined = None
    return Header(size + 1, joined, single, locking, port, waiting)


def header_octets(joined: Concatenation) -> bytes:
    """The user data header of one segment."""
    if joined.bits == 16:
        element = bytes([0x08, 4, joined.reference >> 8, joined.reference & 0xFF])
    else:
        element = bytes([0x00, 3, joined.reference])
    element += bytes([joined.total, joined.number])
    return bytes([len(element)]) + element
