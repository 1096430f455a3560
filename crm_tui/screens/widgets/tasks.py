"""What goes on beside the screen: a task that fails ends in the log, never the program."""

import logging
from collections.abc import Awaitable, Callable

from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.worker import Worker

log = logging.getLogger(__name__)


def beside(
    node: DOMNode,
    do: Callable[[], Awaitable[object]],
    group: str = "default",
    *,
    exclusive: bool = False,
) -> None:
    """Run `do` as a task of `node`, which ends with it; an `exclusive` one ends its group's others.

    `do` is called when the task begins: a node that is being taken away begins none.
    """

    async def run() -> bool:
        try:
            await do()
            return True
        except NoMatches:
            # A node that was taken away meanwhile has no parts any more.
            if node.is_attached and not node._pruning:
                log.exception("a task of %s failed", node)
            return False
        except Exception:
            log.exception("a task of %s failed", node)
            return False

    _: Worker[bool] = node.run_worker(run, group=group, exclusive=exclusive, exit_on_error=False)
