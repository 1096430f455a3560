"""How a simulated modem may misbehave; each field can be set while it runs."""

from dataclasses import dataclass, field


@dataclass
class Faults:
    """The ways of real modems to be difficult."""

    latency: float = 0.0
    """Seconds before each answer."""
    slow: float = 0.0
    """Seconds that each command keeps it at work; what is written meanwhile waits in its buffer."""
    tricks: list[str] = field(default_factory=list)
    """One for each of the next commands and PDUs: "" (none), "deaf" (it is not heard), "mute" (its
    answer never comes), "late S" (after S seconds more), "less N" (without the N-th line, from 0),
    "double S" (the final result once more, after S seconds), "before LINE", "after S LINE",
    "ends LINE" (LINE for its final result), "instead LINE" (LINE for the whole answer)."""
    tricked: str = ""
    """Tricks are played only with commands and PDUs that begin so."""
    sms_errors: list[int] = field(default_factory=list)
    """+CMS ERROR codes for the next messages sent, one each."""
    lost_answers: int = 0
    """So many next messages go out, and their +CMGS and OK never come."""
    lost_prompts: int = 0
    """So many next prompts never come."""
    silent: bool = False
    """It hears and says nothing."""
    noise: list[str] = field(default_factory=list)
    """Lines said once in the middle of each answer."""
    garbage: str = ""
    """Octets (hexadecimal) said before each answer."""
    no_reports: bool = False
    """The network makes no status reports."""
    report_status: int = 0
    """The status (23.040 § 9.2.3.15) of the reports made."""
    report_delay: float = 0.0
    """Seconds until a message arrives and is reported."""
    lost_commands: int = 0
    """So many next commands are not heard."""
    refused_cnmi: list[int] = field(default_factory=list)
    """+CNMI modes that are advertised and refused."""
    deaf_cnmi: bool = False
    """+CNMI is accepted, and nothing is ever notified."""
    lying_counter: bool = False
    """+CPMS says that nothing is stored."""
    hanging_list: bool = False
    """+CMGL never ends."""
    stuck_slots: bool = False
    """+CMGD fails for ever."""
    lying_delete: bool = False
    """+CMGD says OK, and nothing is emptied."""
    hanging_delete: bool = False
    """+CMGD is never answered."""
    odd_cpms: int = 0
    """+CPMS takes only so many arguments (0: any number)."""
    refused_cpms: list[str] = field(default_factory=list)
    """Forms of +CPMS that are refused: "=?" and "=" (choosing)."""
    refused_reading: bool = False
    """+CMGR and +CMGL are refused."""
    no_ok_cpin: bool = False
    """+CPIN? is answered without an OK."""
    stuck_echo: bool = False
    """The echo cannot be switched off."""
    bare_prompt: bool = False
    """The prompt is ">" without a space."""
    sim: str = "READY"
    """READY, PIN, PUK, MISSING or BUSY."""
    registered: bool = True
    """Whether the network takes and brings messages."""
    time: str = "00/01/01,00:00:00+28"
    """As +CCLK says it; a modem that the network told nothing says this."""
    creg: int = -1
    """The state that +CREG tells (27.007 § 7.2); -1: as `registered`."""
    text_profile: bool = False
    """It begins in text mode, as its profile has it."""
    one_question: bool = False
    """It takes one command a line only."""
    curt: bool = False
    """Its profile has it say results in figures, until it is told to use words."""
    name: str = ""
    """Who wrote, as the card's telephone book has it, in quotes."""
    worded: bool = False
    """Errors are told in words, whatever +CMEE asks for."""
    speed: int = 0
    """The baud rate at which alone it is understood (0: any)."""
    ussd: str = "Sisa pulsa Anda Rp 52.300,00.\nAktif s/d 31/12/2027."
    """What the network says to *888# and the like."""
    ussd_form: str = "text"
    """How: "text", "ucs2", "packed" (hexadecimal), "menu" (then it waits for an answer), "last" (the OK
    behind it), "wants packed" (it takes the code so alone), "refused", "never"."""
    ussd_delay: float = 2.0
    """Seconds until the network says it."""
    signal: int = 21
    """As +CSQ says it."""
