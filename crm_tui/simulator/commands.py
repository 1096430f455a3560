"""The commands that the simulated modem obeys (27.007 and 27.005, PDU mode)."""

import re
from collections.abc import Callable

from crm_tui.gsm import alphabets, error_codes
from crm_tui.gsm import pdu as pdus
from crm_tui.gsm.errors import PduProblem
from crm_tui.gsm.text import join
from crm_tui.simulator.card import READ, UNREAD
from crm_tui.simulator.engine import Engine

_NAME = re.compile(r"(\+\w+|&?[A-Z]\d*)(.*)", re.DOTALL)
IDENTITY = {
    "+CGMI": "crm-tui",
    "+GMI": "crm-tui",
    "+CGMM": "Simulated modem",
    "+GMM": "Simulated modem",
    "+CGMR": "1.0",
    "+GMR": "1.0",
    "+CGSN": "490154203237518",
    "+GSN": "490154203237518",
    "+CIMI": "510110000000001",
}
# Asked, answered with one line; set, taken and forgotten.
_PLAIN = {
    "+CFUN": "+CFUN: 1",
    "+CSMS": "+CSMS: 1,1,1,1",
    "+CMMS": "+CMMS: 0",
    "+CBC": "+CBC: 0,100",
    "+CNUM": '+CNUM: "","+6281100000001",145',
    "+GCAP": "+GCAP: +CGSM",
    "+CSDH": "+CSDH: 0",
    "+CRC": "+CRC: 0",
}


class Refusal(Exception):
    """An answer other than OK."""

    def __init__(self, kind: str, code: int) -> None:
        super().__init__(kind, code)
        self.kind = kind
        self.code = code


def _obey(modem: Engine, line: str) -> None:
    """One command line; answers go to `modem.say`."""
    at = line.upper().rfind("AT")
    if at < 0:
        return
    if modem.faults.lost_commands:
        modem.faults.lost_commands -= 1
        return
    if modem.settings.echo:
        modem.say_raw(line[at:].encode("latin-1") + b"\r")
    if modem.faults.garbage:
        modem.say_raw(bytes.fromhex(modem.faults.garbage))
    try:
        quiet = False
        parts = _split(line[at + 2 :])
        if modem.faults.one_question and len(parts) > 1:
            raise Refusal("ERROR", 0)
        for part in parts:
            quiet = _obey_one(modem, part)
    except Refusal as refusal:
        _refuse(modem, refusal)
    else:
        if not quiet:
            modem.say("OK")


def _refuse(modem: Engine, refusal: Refusal) -> None:
    if refusal.kind == "ERROR" or not modem.settings.verbose_errors:
        # 27.005 § 3.2.5: errors of the message service are told by number whatever +CMEE says.
        if refusal.kind == "CMS":
            modem.say(f"+CMS ERROR: {_told(modem, refusal)}")
        else:
            modem.say("ERROR")
    else:
        modem.say(f"+{refusal.kind} ERROR: {_told(modem, refusal)}")


def _told(modem: Engine, refusal: Refusal) -> str:
    if modem.faults.worded:
        return error_codes.words(refusal.kind, refusal.code).capitalize()
    return str(refusal.code)


def _split(text: str) -> list[str]:
    return [part for part in re.findall(r'(?:"[^"]*"|[^;])+', text) if part.strip()]


def _obey_one(modem: Engine, part: str) -> bool:
    """Whether the command has already said its own final result."""
    part = part.strip()
    found = _NAME.fullmatch(part if part.startswith("+") else part.upper())
    if not found:
        raise Refusal("ERROR", 0)
    name, rest = found[1].upper(), found[2].strip()
    if name in ("E0", "E1", "E"):
        if modem.faults.stuck_echo and name != "E1":
            raise Refusal("ERROR", 0)
        modem.settings.echo = name == "E1"
        return False
    if not name.startswith("+"):
        modem.settings.in_words = modem.settings.in_words or "V1" in part.upper()
        if name == "I":
            modem.say("crm-tui simulated modem")
        return False
    sim = modem.faults.sim
    if sim == "MISSING" and name not in ("+CMEE", "+CFUN", *IDENTITY):
        raise Refusal("CME", 10)
    if (
        sim in ("PIN", "PUK")
        and not modem.settings.unlocked
        and name.startswith("+CM")
        and name not in ("+CMEE", "+CMGF")
    ):
        raise Refusal("CMS", 311)
    handler = _HANDLERS.get(name)
    if handler:
        return handler(modem, rest) or False
    if name in IDENTITY:
        modem.say(IDENTITY[name])
        return False
    if name in _PLAIN:
        if not rest.startswith("="):
            modem.say(_PLAIN[name])
        return False
    raise Refusal("CME", 4)


def _arguments(rest: str) -> list[str]:
    return [word.strip().strip('"') for word in re.findall(r'"[^"]*"|[^,]+', rest[1:])]


def _integers(rest: str) -> list[int]:
    try:
        return [int(word) for word in _arguments(rest)]
    except ValueError:
        raise Refusal("CMS", 304) from None


def _cmee(modem: Engine, rest: str) -> None:
    if rest == "?":
        modem.say(f"+CMEE: {modem.settings.verbose_errors}")
    elif rest == "=?":
        modem.say("+CMEE: (0-1)")
    else:
        modem.settings.verbose_errors = min(1, _integers(rest)[0])


def _cscs(modem: Engine, rest: str) -> None:
    if rest == "=?":
        modem.say('+CSCS: ("GSM","IRA","UCS2","HEX")')
    elif rest == "?":
        modem.say(f'+CSCS: "{modem.settings.charset}"')
    else:
        modem.settings.charset = _arguments(rest)[0]


def _cpin(modem: Engine, rest: str) -> bool | None:
    state = modem.faults.sim
    if state == "BUSY":
        raise Refusal("CME", 14)
    if rest == "?":
        locked = state in ("PIN", "PUK") and not modem.settings.unlocked
        modem.say(f"+CPIN: SIM {state}" if locked else "+CPIN: READY")
        return modem.faults.no_ok_cpin
    if _arguments(rest)[0] != modem.pin:
        modem.settings.wrong_pins += 1
        if modem.settings.wrong_pins >= 3:
            modem.faults.sim = "PUK"
        raise Refusal("CME", 16)
    modem.settings.unlocked = True
    return None


def _cclk(modem: Engine, rest: str) -> None:
    if rest == "?":
        modem.say(f'+CCLK: "{modem.faults.time}"')


def _cusd(modem: Engine, rest: str) -> bool | None:
    faults = modem.faults
    if rest in ("?", "=?"):
        modem.say("+CUSD: (0-2)" if rest == "=?" else "+CUSD: 1")
        return None
    mode, *code = _arguments(rest)
    if mode == "2":
        modem.settings.question_open = False
        return None
    packed = bool(code) and not code[0].endswith("#")
    if faults.ussd_form == "refused" or (faults.ussd_form == "wants packed") != packed:
        raise Refusal("ERROR", 0)
    if not faults.registered:
        raise Refusal("CME", 30)
    if faults.ussd_form == "never":
        return None
    modem.settings.question_open = faults.ussd_form == "menu"
    modem.say_later(faults.ussd_delay, _said_by_network(faults.ussd, faults.ussd_form))
    return faults.ussd_form == "last"


def _said_by_network(text: str, form: str) -> bytes:
    """A +CUSD line."""
    status, scheme = (1 if form == "menu" else 0), 15
    if form == "ucs2":
        text, scheme = text.encode("utf-16-be").hex().upper(), 72
    elif form in ("packed", "wants packed"):
        text = alphabets.pack(alphabets.to_septets(text) or b"").hex().upper()
    final = "\r\nOK\r\n" if form == "last" else ""
    lines = text.replace("\n", "\r\n")
    return f'\r\n+CUSD: {status},"{lines}",{scheme}\r\n{final}'.encode("latin-1", "replace")


def _csq(modem: Engine, rest: str) -> None:
    modem.say("+CSQ: (0-31,99),(0-7,99)" if rest == "=?" else f"+CSQ: {modem.faults.signal},0")


def _cops(modem: Engine, rest: str) -> None:
    if rest == "?":
        form = '+COPS: 0,0,"Simulasi"' if modem.faults.registered else "+COPS: 0"
        modem.say(form)
    elif rest == "=?":
        modem.say('+COPS: (2,"Simulasi","Sim","51001"),,(0-4),(0-2)')


def _creg(modem: Engine, rest: str) -> None:
    if rest == "?":
        modem.say(f"+CREG: {modem.settings.registration_news},{modem.registration}")
    elif rest == "=?":
        modem.say("+CREG: (0-2)")
    elif rest.startswith("="):
        modem.settings.registration_news = _integers(rest)[0]


def _csca(modem: Engine, rest: str) -> None:
    if rest.startswith("="):
        modem.settings.centre = _arguments(rest)[0]
    else:
        modem.say(f'+CSCA: "{modem.settings.centre}",145')


def _cmgf(modem: Engine, rest: str) -> None:
    if rest == "=?":
        modem.say("+CMGF: (0,1)" if modem.faults.text_profile else "+CMGF: (0)")
    elif rest == "?":
        modem.say(f"+CMGF: {int(modem.settings.text_mode)}")
    elif _integers(rest) == [0]:
        modem.settings.text_mode = False
    else:
        raise Refusal("CMS", 303)


def _cpms(modem: Engine, rest: str) -> None:
    names = list(modem.card.capacities)
    if rest[:1] == "=" and ("=?" if rest == "=?" else "=") in modem.faults.refused_cpms:
        raise Refusal("ERROR", 0)
    if rest == "=?":
        group = "(" + ",".join(f'"{name}"' for name in names) + ")"
        modem.say(f"+CPMS: {group},{group},{group}")
        return
    chosen = modem.settings.memories
    if rest.startswith("="):
        wanted = _arguments(rest)
        if not wanted or not set(wanted) <= set(names):
            raise Refusal("CMS", 302)
        if modem.faults.odd_cpms and len(wanted) != modem.faults.odd_cpms:
            raise Refusal("CMS", 302)
        chosen[: len(wanted)] = wanted
        modem.say("+CPMS: " + ",".join(_counts(modem, name) for name in chosen))
        return
    modem.say("+CPMS: " + ",".join(f'"{name}",{_counts(modem, name)}' for name in chosen))


def _counts(modem: Engine, memory: str) -> str:
    used = 0 if modem.faults.lying_counter else modem.card.used(memory)
    return f"{used},{modem.card.capacities[memory]}"


def _cnmi(modem: Engine, rest: str) -> None:
    if rest == "=?":
        modem.say("+CNMI: (0,1,2),(0,1,2),(0),(0,1,2),(0,1)")
    elif rest == "?":
        modem.say("+CNMI: " + ",".join(map(str, modem.settings.cnmi)))
    else:
        wanted = _integers(rest)
        if wanted and wanted[0] in modem.faults.refused_cnmi:
            raise Refusal("CMS", 303)
        modem.settings.cnmi[: len(wanted)] = wanted


def _stored(modem: Engine, index: int) -> tuple[int, str] | None:
    slot = modem.card.slots[modem.settings.memories[0]].get(index)
    if slot is None:
        return None
    status, slot.status = slot.status, READ if slot.status == UNREAD else slot.status
    return status, slot.pdu


def _length(pdu: str) -> int:
    try:
        return pdus.tpdu_length(pdu)
    except PduProblem:
        return len(pdu) // 2


def _say_stored(modem: Engine, head: str, pdu: str) -> None:
    if modem.settings.text_mode:
        sms = pdus.decode(pdu)
        who, text = (sms.sender, sms.data) if isinstance(sms, pdus.Deliver) else ("", None)
        head = re.sub(r"(?:0|1)$", '"REC UNREAD"', head)
        modem.say(f'{head},"{who}",,"26/11/24,08:00:00+28"')
        modem.say_raw(f"{join([text])}\r\n".encode("latin-1", "replace"))
        return
    modem.say_raw(f"\r\n{head},{modem.faults.name},{_length(pdu)}\r\n".encode("latin-1"))
    for line in modem.faults.noise:
        modem.say(line)
    modem.say_raw(f"{pdu}\r\n".encode("latin-1"))


def _cmgr(modem: Engine, rest: str) -> None:
    index = _integers(rest)[0]
    if modem.faults.refused_reading:
        raise Refusal("CMS", 302)
    if not modem.card.has(modem.settings.memories[0], index):
        raise Refusal("CMS", 321)
    found = _stored(modem, index)
    if found:
        _say_stored(modem, f"+CMGR: {found[0]}", found[1])


def _cmgl(modem: Engine, rest: str) -> bool | None:
    if rest == "=?":
        modem.say("+CMGL: (0-4)")
        return None
    if modem.faults.refused_reading:
        raise Refusal("CMS", 302)
    if modem.settings.text_mode and rest:
        raise Refusal("CMS", 305)
    wanted = (_integers(rest) or [0])[0] if rest else 0
    for index, slot in sorted(modem.card.slots[modem.settings.memories[0]].items()):
        if wanted == 4 or slot.status == wanted:
            found = _stored(modem, index)
            if found:
                _say_stored(modem, f"+CMGL: {index},{found[0]}", found[1])
    return modem.faults.hanging_list


def _cmgd(modem: Engine, rest: str) -> bool | None:
    memory = modem.settings.memories[0]
    if rest == "=?":
        used = ",".join(map(str, sorted(modem.card.slots[memory])))
        modem.say(f"+CMGD: ({used}),(0-4)")
        return None
    if modem.faults.hanging_delete:
        return True
    index, *flags = _integers(rest)
    if modem.faults.stuck_slots:
        raise Refusal("CMS", 320)
    if modem.faults.lying_delete:
        return None
    if flags and flags[0]:
        for each in list(modem.card.slots[memory]):
            modem.card.delete(memory, each)
    elif not modem.card.has(memory, index):
        raise Refusal("CMS", 321)
    else:
        modem.card.delete(memory, index)
    return None


def _cmgs(modem: Engine, rest: str) -> bool:
    # In text mode this is a telephone number, and what follows goes to it as a text.
    modem.prompt(_integers(rest)[0])
    return True


def _submitted(modem: Engine, body: str, announced: int) -> None:
    """The PDU that followed the prompt of +CMGS."""
    faults = modem.faults
    if modem.settings.text_mode:
        modem.texts.append((str(announced), body))
        modem.say_raw(b"\r\n+CMGS: 1\r\n\r\nOK\r\n")
        return
    try:
        if pdus.tpdu_length(body) != announced:
            raise Refusal("CMS", 304)
        if not faults.registered:
            raise Refusal("CMS", 331)
        if faults.sms_errors:
            raise Refusal("CMS", faults.sms_errors.pop(0))
        if modem.card.used("SM") >= modem.card.capacities["SM"]:
            # Seen in the wild: a full SIM keeps a modem from sending.
            raise Refusal("CMS", 322)
        reference = modem.hand_over(body)
    except PduProblem:
        _refuse(modem, Refusal("CMS", 304))
        return
    except Refusal as refusal:
        _refuse(modem, refusal)
        return
    if faults.lost_answers:
        faults.lost_answers -= 1
        return
    for line in faults.noise:
        modem.say(line)
    modem.say_raw(f"\r\n+CMGS: {reference}\r\n\r\nOK\r\n".encode("ascii"))


_HANDLERS: dict[str, Callable[[Engine, str], bool | None]] = {
    "+CMEE": _cmee,
    "+CSCS": _cscs,
    "+CPIN": _cpin,
    "+CCLK": _cclk,
    "+CSQ": _csq,
    "+CUSD": _cusd,
    "+COPS": _cops,
    "+CREG": _creg,
    "+CSCA": _csca,
    "+CMGF": _cmgf,
    "+CPMS": _cpms,
    "+CNMI": _cnmi,
    "+CMGR": _cmgr,
    "+CMGL": _cmgl,
    "+CMGD": _cmgd,
    "+CMGS": _cmgs,
}


class SimulatedModem(Engine):
    """A modem that obeys the commands above."""

    def obey(self, line: str) -> None:
        _obey(self, line)

    def submitted(self, body: str, announced: int) -> None:
        _submitted(self, body, announced)
