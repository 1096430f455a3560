"""The codes of +CME ERROR (27.007 § 9.2) and +CMS ERROR (27.005 § 3.2.5, 24.011 annex E).

Modems tell them by number or in words, whatever +CMEE asks for; here the words are the numbers again.
"""

import re

from crm_tui.errors import N_

# What passes with time; vendors' own from 500 on.
PASSING = frozenset({38, 41, 42, 47, 314, 331, 332, 500, 512, 513, 514, 515, 22, 322})
CME_PASSING = frozenset({14, 30, 31, 32, 515, 256})

# What speaks of the card or its contract: the next SMS would fare no better.
OF_THE_CARD = {
    8: N_("barred by the operator"),
    10: N_("barred by the operator"),
    21: N_("rejected by the network, mostly for want of credit"),
    28: N_("the network does not know this card"),
    29: N_("the operator rejects the service"),
    50: N_("SMS are not part of the card's contract"),
    69: N_("SMS are not part of the card's contract"),
    330: N_("the number of the operator's SMS centre is missing"),
}

_CME = {
    0: "phone failure", 1: "no connection to phone", 3: "operation not allowed",
    4: "operation not supported", 10: "sim not inserted", 11: "sim pin required",
    12: "sim puk required", 13: "sim failure", 14: "sim busy", 15: "sim wrong",
    16: "incorrect password", 17: "sim pin2 required", 18: "sim puk2 required", 20: "memory full",
    21: "invalid index", 22: "not found", 23: "memory failure", 30: "no network service",
    31: "network timeout", 32: "network not allowed emergency calls only", 100: "unknown",
}  # fmt: skip
_CMS = {
    1: "unassigned number", 8: "operator determined barring", 10: "call barred",
    21: "short message transfer rejected", 27: "destination out of service",
    28: "unidentified subscriber", 29: "facility rejected", 30: "unknown subscriber",
    38: "network out of order", 41: "temporary failure", 42: "congestion",
    47: "resources unavailable unspecified", 50: "requested facility not subscribed",
    69: "requested facility not implemented", 300: "me failure", 301: "sms service of me reserved",
    302: "operation not allowed", 303: "operation not supported",
    304: "invalid pdu mode parameter", 305: "invalid text mode parameter", 310: "sim not inserted",
    311: "sim pin required", 312: "ph sim pin required", 313: "sim failure", 314: "sim busy",
    315: "sim wrong", 316: "sim puk required", 317: "sim pin2 required", 318: "sim puk2 required",
    320: "memory failure", 321: "invalid memory index", 322: "memory full",
    330: "smsc address unknown", 331: "no network service", 332: "network timeout",
    500: "unknown error",
}  # fmt: skip
# As some vendors word them.
_OTHERS = {
    "CME": {
        "sim not present": 10, "no sim": 10, "sim removed": 10, "sim card not inserted": 10,
        "network not allowed emergency call only": 32, "no network": 30, "unknown error": 100,
    },
    "CMS": {
        "sim not present": 310, "no sim": 310, "sms center address unknown": 330,
        "smsc address unknown or invalid": 330, "sc address unknown": 330, "invalid index": 321,
        "no network": 331, "unassigned unallocated number": 1, "unknown": 500,
        "resources unavailable": 47,
    },
}  # fmt: skip
_NUMBERS = {
    "CME": {words: code for code, words in _CME.items()} | _OTHERS["CME"],
    "CMS": {words: code for code, words in _CMS.items()} | _OTHERS["CMS"],
}


def number(kind: str, said: str) -> int:
    """The code behind "+CMS ERROR:" or "+CME ERROR:", given by number or in words; −1: none known."""
    said = said.strip()
    if said.isdecimal():
        return int(said)
    words = " ".join(re.findall(r"[a-z0-9]+", said.lower().replace("(u)sim", "sim")))
    return _NUMBERS[kind].get(words.replace("usim", "sim"), -1)


def words(kind: str, code: int) -> str:
    """A code in the words of the standard, for the log and the simulator; "unknown error" if none."""
    return (_CME if kind == "CME" else _CMS).get(code, "unknown error")
