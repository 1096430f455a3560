"""Tests of screens wait until nothing is left to do."""

import asyncio
import threading
import time

from tests import at_rest


def test_what_is_ready_and_what_is_soon_comes_first() -> None:
    """Whatever calls for the next thing, from a timer that ends soon too, has been done; what is far
    off is not waited for."""
    done: list[int] = []

    def go_on(number: int) -> None:
        done.append(number)
        if number < 100:
            asyncio.get_running_loop().call_soon(go_on, number + 1)

    async def waited() -> float:
        loop = asyncio.get_running_loop()
        loop.call_later(0.005, go_on, 1)
        loop.call_later(60, go_on, 1)
        begun = time.monotonic()
        await at_rest.wait()
        return time.monotonic() - begun

    assert asyncio.run(waited()) < 30
    assert done == list(range(1, 101))


def test_nothing_rests_while_a_thread_works() -> None:
    """What was given to a thread, and has not come back, is something left to do."""
    at_rest.begin()
    hold = threading.Event()

    async def rested() -> tuple[bool, bool]:
        loop = asyncio.get_running_loop()
        given = loop.run_in_executor(None, hold.wait)
        await asyncio.sleep(0)
        before = at_rest.rests(loop, loop.time())
        hold.set()
        await given
        await asyncio.sleep(0)
        return before, at_rest.rests(loop, loop.time())

    assert asyncio.run(rested()) == (False, True)
