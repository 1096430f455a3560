"""SMS that are no words of a person: what each is, by 23.040 § 9.2.3.9, § 9.2.3.24 and 23.038 § 4."""

import re
from dataclasses import dataclass

from crm_tui.errors import N_, Sentence, stored
from crm_tui.gsm.fields import Alphabet
from crm_tui.gsm.pdu import Deliver

_WAP_PUSH = 2948
_MMS = (b"application/vnd.wap.mms-message", b"\x06\x22", b"\xbe")
_WAITING = (
    N_("voice mail waits: {count}"), N_("a fax waits: {count}"), N_("an e-mail waits: {count}"),
    N_("a message waits elsewhere: {count}"),
)  # fmt: skip
_CLEARED = N_("nothing waits in the voice mail any more")


@dataclass(frozen=True)
class Notice:
    """`kind`: damaged, silent, sim, mms, wap, app, voicemail, replace, flash, data or empty. `why` says
    it in words (for `i18n.retell`); `matters` is whether people should look at it."""

    kind: str
    why: Sentence
    matters: bool = True


def notice(sms: Deliver, text: str, content: bytes) -> Notice | None:
    """What an SMS is that is no text of a person's; None for one that is. `text` and `content` are
    those of all its segments."""
    if sms.damage:
        return Notice("damaged", sms.damage)
    return _by_protocol(sms) or _by_port(sms, content) or _by_coding(sms, text)


def _by_protocol(sms: Deliver) -> Notice | None:
    if sms.protocol == 0x40:
        return Notice("silent", N_("a silent SMS of the network"), matters=False)
    if 0x7C <= sms.protocol <= 0x7F:
        return Notice("sim", N_("data for the SIM card"), matters=False)
    return None


def _by_port(sms: Deliver, content: bytes) -> Notice | None:
    port = sms.data.header.port
    if port is None:
        return None
    if port != _WAP_PUSH:
        return Notice(
            "app", stored(N_("data for a program on a telephone (port {port})"), port=port)
        )
    # The content type stands behind transaction, kind and length (WAP-230 § 8.2.4.1).
    if _MMS[0] in content[:60] or _MMS[2] in content[3:6]:
        return Notice("mms", N_("an MMS (picture or recording), which this line cannot fetch"))
    return Notice("wap", N_("a WAP notice (a link)"))


def _by_coding(sms: Deliver, text: str) -> Notice | None:
    waiting = _waiting(sms)
    if waiting is not None:
        kind, count = waiting
        if not count:
            return Notice("voicemail", _CLEARED, matters=False)
        return Notice("voicemail", stored(_WAITING[kind & 0b11], count=count))
    if 0x41 <= sms.protocol <= 0x47:
        return Notice(
            "replace",
            stored(
                N_("replaces the one before of its kind ({number})"), number=sms.protocol & 0x0F
            ),
        )
    if is_flash(sms.coding):
        return Notice("flash", N_("a flash SMS, meant to be shown at once and not kept"))
    if sms.data.alphabet is Alphabet.DATA:
        return Notice("data", N_("8-bit data, no ordinary text"))
    if not text.strip():
        return Notice("empty", N_("an empty SMS"))
    return None


def _waiting(sms: Deliver) -> tuple[int, int | str] | None:
    """Which messages wait elsewhere (voice, fax, e-mail, other), and how many ("?": not said)."""
    if sms.data.header.waiting is not None:
        return sms.data.header.waiting
    if sms.coding >> 4 in (0b1100, 0b1101, 0b1110):
        return sms.coding & 0b11, "?" if sms.coding & 0b1000 else 0
    return (0, "?") if sms.protocol == 0x5F else None


def is_flash(dcs: int) -> bool:
    """Whether a data coding scheme is of class 0: shown at once (23.038 § 4)."""
    group = dcs >> 4
    if group <= 0b0111:
        return bool(dcs & 0x10) and not dcs & 0b11
    return group == 0b1111 and not dcs & 0b11


def words(content: bytes) -> str:
    """What people can read of binary data: its longer words and links, "" if there are none."""
    found = re.findall(rb"[\x20-\x7e]{4,}", content)
    return " ".join(each.decode("ascii").strip() for each in found)
