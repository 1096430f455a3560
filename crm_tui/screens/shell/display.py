"""How figures, moments and states are said on the screens."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from crm_tui.clock import moment
from crm_tui.errors import N_
from crm_tui.i18n import Translate
from crm_tui.text import day_and_time
from crm_tui.text import hundredths as hundredths
from crm_tui.text import percent as percent
from crm_tui.text import phone as phone
from crm_tui.text import rupiah as rupiah
from crm_tui.text import thousands as thousands

STATES = {
    "starting": N_("modem: looking"),
    "ready": N_("modem ready"),
    "waiting": N_("modem is missing"),
    "stopped": N_("modem at rest"),
}

MESSAGE_STATES: Mapping[str, str] = {
    "queued": N_("Waits for its turn to go out."),
    "held": N_("Waits a moment before it goes out."),
    "sending": N_("Is being handed to the network."),
    "sent": N_("The network has it; it is not known yet whether the customer has it."),
    "delivered": N_("The customer's telephone has it."),
    "failed": N_("It did not go out, and the program does not try again."),
    "in_doubt": N_(
        "In doubt: the modem took it but never said whether it went out. The customer may or may "
        "not have it."
    ),
    "expired": N_("It could not go out in time and will not be sent."),
    "cancelled": N_("It was taken back before it went out."),
    "new": N_("Has just come in and is being read."),
    "answered": N_("Was answered."),
    "staff": N_("Waits for one of the staff."),
    "done": N_("Is settled; no answer is needed."),
    "incomplete": N_("A long SMS; parts of it are still missing."),
    "undecodable": N_("Came in a form that nobody could read."),
}


def age(tr: Translate, at: str | datetime | None, now: datetime) -> str:
    """How long ago: "12 min", "3 h", "2 d"."""
    if at is None:
        return ""
    since = moment(at) if isinstance(at, str) else at
    seconds = max(0.0, (now - since).total_seconds())
    if seconds < 60:
        return tr(N_("now"))
    if seconds < 3600:
        return tr(N_("{count} min"), count=int(seconds // 60))
    if seconds < 86400:
        return tr(N_("{count} h"), count=int(seconds // 3600))
    return tr(N_("{count} d"), count=int(seconds // 86400))


def local_time(at: datetime) -> str:
    """Day and time, as people here write them."""
    return day_and_time(at)


def clock_time(at: str, now: datetime) -> str:
    """The local time today, else the day with it: "14:05", "23/11 14:05"."""
    local = moment(at).astimezone()
    if local.date() == now.astimezone().date():
        return f"{local:%H:%M}"
    if now - local < timedelta(days=300):
        return f"{local:%d/%m %H:%M}"
    return f"{local:%d/%m/%Y}"


_SIZES = ((10**9, N_("{amount} bn")), (10**6, N_("{amount} m")), (10**3, N_("{amount} k")))


def short_rupiah(tr: Translate, amount: int) -> str:
    """850 rb, 1,2 jt, 3,4 M: as people say it."""
    for size, form in _SIZES:
        if abs(amount) >= size:
            return tr(form, amount=f"{amount / size:.1f}".removesuffix(".0").replace(".", ","))
    return str(amount)


def who(name: str | None, number: str) -> str:
    """The customer's name, or the number of somebody without one."""
    return name or phone(number)


def ceiling(permission: str, amount: int) -> str:
    """How far a permission reaches, as people read it: percent of a discount, else rupiah."""
    if permission == "sales.discount":
        return percent(amount)
    return rupiah(amount)
