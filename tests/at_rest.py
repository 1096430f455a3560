"""A program under test is at rest once nothing is ready to run: nobody sleeps to find that out.

Textual's pilot waits until the process has used no processor for 20 ms, twice for each key: most of
what a test of screens would take.
"""

import asyncio
from asyncio import base_events
from time import monotonic, process_time
from typing import Any

import textual.app
import textual.pilot
from textual._wait import SLEEP_GRANULARITY, SLEEP_IDLE

_STEP = 0.001
_run_in_executor = base_events.BaseEventLoop.run_in_executor
_working: dict[Any, int] = {}
"""By loop, how much of what was given to threads has not come back."""


def _counted(loop: Any, executor: Any, do: Any, *args: Any) -> Any:
    given = _run_in_executor(loop, executor, do, *args)
    _working[loop] = _working.get(loop, 0) + 1

    def back(_: Any) -> None:
        _working[loop] -= 1
        if not _working[loop]:
            del _working[loop]

    given.add_done_callback(back)
    return given


def rests(loop: Any, soon: float) -> bool:
    """Whether nothing is ready, nothing is with a thread, and no timer ends until `soon`."""
    return not (
        loop._ready
        or loop in _working
        or any(timer._when <= soon and not timer._cancelled for timer in loop._scheduled)
    )


async def wait(min_sleep: float = SLEEP_GRANULARITY, max_sleep: float = 1) -> None:
    """As `textual._wait.wait_for_idle`, and no longer than there is something to wait for."""
    loop: Any = asyncio.get_running_loop()
    begun = looked = monotonic()
    soon = loop.time() + SLEEP_GRANULARITY
    used = process_time()
    while True:
        await asyncio.sleep(0)
        if rests(loop, soon):
            return
        if not loop._ready:
            await asyncio.sleep(_STEP)
        now = monotonic()
        if now >= looked + SLEEP_GRANULARITY:
            # A thread that waits for something works no more than a timer that is far off.
            before, used = used, process_time()
            if now >= begun + max_sleep or used - before < SLEEP_IDLE:
                return
            looked = now


def begin() -> None:
    """From now on in this process."""
    base_events.BaseEventLoop.run_in_executor = _counted  # type: ignore[method-assign, assignment]
    textual.app.wait_for_idle = textual.pilot.wait_for_idle = wait  # type: ignore[attr-defined]
