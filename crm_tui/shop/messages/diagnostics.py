"""Whether SMS come and go as they should: the line's states in words, each with what to do.

Each state has a limit of its own; one that has not moved for longer is told to the staff.
"""

from dataclasses import dataclass
from datetime import timedelta

from crm_tui.clock import moment, stamp
from crm_tui.errors import N_, UNSAID, Sentence, stored
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages import balance, budget, gateway_state


@dataclass(frozen=True)
class Condition:
    """`what` and `state` are words of the catalogues, `says` a sentence for `i18n.retell` with what to
    do, "" if there is nothing to do; `since`: an ISO moment. `brief`: for the status line; only
    what a person must look at has one."""

    what: str
    state: Sentence
    since: str | None = None
    says: Sentence = UNSAID
    brief: Sentence = UNSAID


@dataclass(frozen=True)
class _Rule:
    """SMS of a status that are older than `limit` stand still."""

    what: str
    where: str
    limit: timedelta
    says: Sentence
    brief: Sentence


# The literals are those of the indexes of work. What is held by the clock waits for its hour.
_RULES = (
    _Rule(
        N_("SMS to send"), "status = 'queued' AND priority <= 2", timedelta(minutes=10),
        N_("An SMS has waited since {at} to go out. See what is said of the modem and the network."),
        N_("SMS do not go out"),
    ),
    _Rule(
        N_("SMS on its way"), "status = 'sending'", timedelta(minutes=5),
        N_("An SMS has been handed to the network in part since {at}. Switch the modem off and on."),
        N_("an SMS is stuck"),
    ),
    _Rule(
        N_("SMS to read"), "status = 'new'", timedelta(minutes=2),
        N_("An SMS that came at {at} has not been read. Close the program and open it again."),
        N_("SMS are not read"),
    ),
    _Rule(
        N_("parts of a long SMS"), "status = 'incomplete'", timedelta(minutes=15),
        N_("A long SMS lacks a part since {at}. Read what is there, and ask the customer."),
        N_("an SMS lacks a part"),
    ),
)  # fmt: skip
_LIMITS = {"starting": timedelta(minutes=1), "waiting": timedelta(0), "stopped": timedelta(0)}
_MODEM = {
    "starting": N_("looked for"), "ready": N_("ready"), "waiting": N_("missing"),
    "stopped": N_("at rest"),
}  # fmt: skip
_NETWORKS = {
    "home": N_("registered"), "roaming": N_("roaming"), "searching": N_("searches"),
    "off": N_("no network"), "denied": N_("refused by the network"), "unknown": N_("not told"),
}  # fmt: skip
_WITHOUT = ("searching", "off", "denied")
"""In these nothing goes out."""
_SEARCHES = N_("The modem looks for its network; SMS wait until it has one.")
_ABROAD = {
    "roaming": N_("The card is in another operator's network: SMS may cost more."),
    "searching": _SEARCHES, "off": _SEARCHES,
}  # fmt: skip


def conditions(ctx: Context) -> list[Condition]:
    """All that there is to say of the line now."""
    return [
        *_of_the_modem(ctx, gateway_state.read(ctx)), *_of_the_credit(ctx), *_of_the_messages(ctx)
    ]  # fmt: skip


def standing_still(ctx: Context) -> Sentence:
    """A few words on what has stood still for too long, "" if nothing has; quick at any size."""
    told = next((each.brief for each in _of_the_messages(ctx) if each.brief), UNSAID)
    if not told and balance.is_low(ctx):
        told = balance.LOW
    if told:
        return told
    percent = max((share.percent for share in budget.shares(ctx)), default=0)
    if percent >= 100:
        return N_("SMS budget used up")
    return N_("SMS budget nearly used up") if percent >= budget.WARN else UNSAID


def _of_the_modem(ctx: Context, said: gateway_state.GatewayState | None) -> list[Condition]:
    if said is None:
        return [Condition(N_("modem"), N_("none yet"), says=N_("No worker has run yet."))]
    since = said.since or said.at
    if said.silence(ctx.now):
        return [
            Condition(
                N_("modem"), N_("the worker is silent"), said.at,
                N_("The worker says nothing any more. Close the program and open it again."),
                N_("the worker is silent"),
            )
        ]  # fmt: skip
    if said.state != "ready":
        late = moment(since) + _LIMITS[said.state] <= ctx.now
        says = said.error or (_help(said) if late else UNSAID)
        # A modem whose card is locked is not missing.
        state = said.brief if says and said.brief else _MODEM[said.state]
        return [Condition(N_("modem"), state, since, says, said.brief if late else UNSAID)]
    # What is wrong is told where it is wrong: the card is full, or there is no network.
    of_the_network = said.error and said.network in _WITHOUT
    of_the_card = said.error and not of_the_network and 0 < said.capacity <= said.used
    of_the_modem = UNSAID if of_the_network or of_the_card else said.error
    conditions = [
        Condition(N_("modem"), _MODEM[said.state], since, of_the_modem),
        Condition(
            N_("network"), _NETWORKS.get(said.network, N_("not told")),
            says=said.error if of_the_network else _ABROAD.get(said.network, UNSAID),
        ),
    ]  # fmt: skip
    if said.signal is not None:
        weak = N_("The signal is weak. Move the antenna or the modem near a window.")
        strength = stored(N_("{count} %"), count=said.strength)
        conditions.append(
            Condition(N_("signal"), strength, says=weak if said.signal < 6 else UNSAID)
        )
    if said.capacity:
        places = stored(N_("{used} of {capacity}"), used=said.used, capacity=said.capacity)
        full = said.error if of_the_card else UNSAID
        conditions.append(Condition(N_("SIM card"), places, says=full))
    return conditions


def _help(said: gateway_state.GatewayState) -> Sentence:
    if said.state == "stopped":
        return N_("The worker does not run: open the program, or start crm-tui gateway.")
    if said.port == "auto":
        return N_("No modem is found on any port. Connect it and switch it on.")
    return stored(N_("Nothing answers at {port}. Check the modem's cable."), port=said.port)


def _of_the_credit(ctx: Context) -> list[Condition]:
    said = balance.latest(ctx)
    if said is None:
        return []
    low = balance.is_low(ctx)
    says = balance.TOP_UP if low else said.reason
    return [Condition(N_("credit"), said.told, said.at, says, balance.LOW if low else UNSAID)]


def _of_the_messages(ctx: Context) -> list[Condition]:
    conditions = []
    for rule in _RULES:
        row = ctx.db.execute(
            f"SELECT count(*), min(status_at), min(at) FROM messages WHERE {rule.where}"  # noqa: S608
        ).fetchone()
        if not row[0]:
            continue
        # What was released just now has stood still since it was written.
        since = row[2] if "queued" in rule.where else row[1]
        late = since <= stamp(ctx.now - rule.limit)
        at = f"{moment(since).astimezone():%H:%M}"
        conditions.append(
            Condition(
                rule.what, Sentence(row[0]), since, stored(rule.says, at=at) if late else UNSAID,
                rule.brief if late else UNSAID,
            )
        )  # fmt: skip
    return conditions
