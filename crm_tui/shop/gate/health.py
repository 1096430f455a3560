"""Whether all is well: findings, each with its state, a sentence and what to do.

A room says what it watches over in its module `findings`:

    CHECKS = (Check("disk", N_("Disk"), disk, place=60),)

The page, the command line and its JSON follow. A check that there is not is absent; one that fails is
a finding, too: that nobody knows.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from crm_tui.errors import N_, UNSAID, Problem, Sentence, stored
from crm_tui.shop.gate import access, rooms
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import NotAllowed

log = logging.getLogger(__name__)

WELL, ATTENTION, BAD, UNKNOWN = STATES = ("well", "attention", "bad", "unknown")
WORDS = {
    WELL: N_("well"), ATTENTION: N_("needs a look"), BAD: N_("bad"), UNKNOWN: N_("nobody knows"),
}  # fmt: skip
"""The states as they are told."""

PERMISSION = "health.view"

FAILED = N_("It could not be looked at; the details are in crm.log.")


@dataclass(frozen=True)
class Finding:
    """How one thing is. `sentence` and `advice` (what to do, "" if nothing) are for `i18n.retell`;
    `facts`: figures for programs, by names that stay, values as JSON takes them."""

    state: str
    sentence: Sentence
    advice: Sentence = UNSAID
    facts: Mapping[str, object] = field(default_factory=dict)
    name: str = ""
    title: str = ""
    """Of the check that found it; filled in by `look`."""

    def __post_init__(self) -> None:
        assert self.state in STATES, self.state

    @property
    def well(self) -> bool:
        return self.state == WELL


def finding(
    state: str, text: str, advice: str = "", /, facts: Mapping[str, object] | None = None,
    **params: object,
) -> Finding:  # fmt: skip
    """A finding whose sentence and advice are filled with the same fields."""
    return Finding(
        state, stored(text, **params), stored(advice, **params) if advice else UNSAID, facts or {}
    )


@dataclass(frozen=True)
class Check:
    """What a room watches over. `name` is for programs and stays, `title` heads its line; `place`
    orders the lines: line and SMS 10 …, clock 30 …, store 40 …, backup 50 …, disk and files 60 ….

    `look` reads, and is quick at any size of the shop; it gives one finding, or None where there is
    nothing to tell. `thorough` takes longer, and is asked for by people and `crm-tui check`.
    """

    name: str
    title: str
    look: Callable[[Context], Finding | None]
    place: int = 90
    thorough: Callable[[Context], Finding | None] | None = None


def checks() -> tuple[Check, ...]:
    """All checks of all rooms, in the order of their places."""
    every = [check for module in rooms.load("findings") for check in module.CHECKS]
    names = [check.name for check in every]
    assert len(set(names)) == len(names), names
    return tuple(sorted(every, key=lambda check: (check.place, check.name)))


def look(ctx: Context, *, thorough: bool = False) -> list[Finding]:
    """What all checks find now. Raises `NotAllowed`, and nothing else."""
    if not access.allowed(ctx, PERMISSION):
        raise NotAllowed(who=ctx.actor.name, permission=PERMISSION)
    found = (_look(ctx, check, thorough=thorough) for check in checks())
    return [each for each in found if each is not None]


def _look(ctx: Context, check: Check, *, thorough: bool) -> Finding | None:
    do = check.thorough if thorough and check.thorough is not None else check.look
    try:
        with ctx.store.told():
            found = do(ctx)
    except Problem as problem:
        found = Finding(UNKNOWN, problem.stored)
    except Exception:
        # A page that tells of trouble must not be stopped by it.
        log.exception("the check %s failed", check.name)
        found = Finding(UNKNOWN, FAILED)
    return None if found is None else replace(found, name=check.name, title=check.title)


def worst(findings: Iterable[Finding]) -> str:
    """The state of the whole: bad, attention or unknown if one of them is, else well."""
    states = {each.state for each in findings}
    return next((state for state in (BAD, ATTENTION, UNKNOWN) if state in states), WELL)
