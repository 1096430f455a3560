"""Going to a screen from wherever one is; what somebody has begun stands open once."""

from typing import Any

from textual.app import App
from textual.screen import Screen

from crm_tui.screens.shell.page import Page
from crm_tui.screens.shell.program import program


async def go_to(app: App[str], screen: Screen[Any]) -> Screen[Any]:
    """Open it. Where one of its kind stands open that must be alone, go back to that one instead: it
    takes over what the other was to begin with."""
    await program(app).unlocked.wait()
    stack = list(app.screen_stack)
    for there in stack:
        if isinstance(there, Page) and there.alone and isinstance(screen, there.__class__):
            for _ in stack[stack.index(there) + 1 :]:
                await app.pop_screen()
            there.take_over(screen)
            return there
    await app.push_screen(screen)
    return screen
