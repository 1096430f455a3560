"""The words that the store keeps as keys, marked here for the catalogues; they are told by `i18n`."""

import re

from crm_tui import i18n
from crm_tui.errors import N_
from crm_tui.i18n import Translate

STATUSES = (
    N_("waiting"), N_("confirmed"), N_("rejected"), N_("collected"), N_("cancelled"), N_("expired"),
    N_("new"), N_("answered"), N_("staff"), N_("done"), N_("incomplete"), N_("undecodable"),
    N_("queued"), N_("held"), N_("sending"), N_("sent"), N_("delivered"), N_("failed"),
    N_("in_doubt"),
)  # fmt: skip

KINDS = (
    N_("sms"), N_("confirmation"), N_("rejection"), N_("change"), N_("hand"), N_("answer"),
    N_("notice"), N_("waiting_list"), N_("promo"), N_("howto"), N_("in"), N_("out"),
    # What comes in and is no text of a person's.
    N_("damaged"), N_("silent"), N_("sim"), N_("mms"), N_("wap"), N_("app"), N_("voicemail"),
    N_("replace"), N_("flash"), N_("data"), N_("empty"),
)  # fmt: skip

READINGS = (
    N_("order"), N_("amend"), N_("cancel"), N_("confirm"), N_("choices"), N_("unavailable"),
    N_("not_found"), N_("price"), N_("stock"), N_("register"), N_("stop"), N_("start"),
    N_("status"), N_("points"), N_("help"), N_("human"),
)  # fmt: skip

TRADE = (
    N_("counter"), N_("sale"), N_("return"), N_("void"), N_("cash"), N_("transfer"), N_("qris"),
    N_("account"), N_("opening"), N_("receipt"), N_("supplier"), N_("correction"), N_("opname"),
    N_("no_stock"), N_("no_item"), N_("forward"), N_("goods back"),
    N_("deleted"), N_("deactivated"),
)  # fmt: skip

ROLES = (N_("Administrator"), N_("Branch Manager"), N_("Kepala Bengkel"), N_("Staf Konter"))
"""The roles that a shop begins with; those that it adds or renames are told as they are called."""

PEOPLE = (N_("prospect"), N_("customer"), N_("yes"), N_("stopped"), N_("unknown"))

ACTORS = {
    "gateway": N_("the program"), "login": N_("at the login"), "chain:office": N_("the head office"),
}  # fmt: skip
"""Who did something and is no person; anybody else is told by name."""
_CONSOLE = "console:"


def actor(name: str, tr: Translate) -> str:
    """Who did something, in words; whoever has no login here is told by the computer's account."""
    if name.startswith(_CONSOLE):
        return tr(N_("console ({name})"), name=name.removeprefix(_CONSOLE))
    return tr(ACTORS[name]) if name in ACTORS else name


_GROUNDS = (
    (re.compile(r"said in another branch, (?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"),
     N_("said in another branch, {day}/{month}/{year}")),
    (re.compile(r"said in another branch"), N_("said in another branch")),
    (re.compile(r"merged with (?P<number>\d+)"), N_("merged with customer {number}")),
    (re.compile(r"merge undone"), N_("merge undone")),
    (re.compile(r"erased"), N_("erased for good")),
)  # fmt: skip


def ground(basis: str, tr: Translate) -> str:
    """Why a customer's consent is what it is, in words; what the staff wrote stays as they wrote it."""
    for pattern, text in _GROUNDS:
        if found := pattern.fullmatch(basis):
            return tr(text, **found.groupdict())
    return basis


def is_person(name: str) -> bool:
    """Whether whoever did something is told by a name of their own."""
    return name not in ACTORS and not name.startswith(_CONSOLE)


def on_paper(name: str) -> str:
    """Who did something, as papers for customers tell it."""
    return actor(name, lambda text, **params: i18n.translate(text, i18n.DEFAULT, **params))


DOWNS = {
    "branch": N_("Name of a branch"), "transfer": N_("Goods from a branch"),
    "transfer_receipt": N_("Receipt of goods"), "grant_request": N_("Points asked for"),
    "grant": N_("Points of a branch"), "consent": N_("STOP or START"),
    "standing": N_("Tier of a customer"), "points": N_("Points in a branch"), "item": N_("Item"),
    "grant_back": N_("Points that come back"),
    "price": N_("Price"), "stock": N_("Stock of a branch"), "tier": N_("Tier"), "promo": N_("Promo"),
}  # fmt: skip
"""What the head office sends, by kind; of another kind a newer program knows."""
NEWER = N_("Something new")


OLD = (N_("changes what he did not order"), N_("the number is not his any more"))
"""Reasons as programs before this one wrote them; what the store keeps is never worded anew."""

PROMOS = (
    N_("draft"), N_("building"), N_("running"), N_("paused"), N_("discount"), N_("text"),
)  # fmt: skip
