"""What goes on beside the screen: a task that fails ends in the log, never the program."""

import logging
from collections.abc import Awaitable, Callable

from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.worker import Worker

log = logging.getLogger(__name__)


def was_left(node: DOMNode, trouble: Exception) -> bool:
    """Whether a task missed a part of its node because that was taken away meanwhile: nobody waits
    for it any more, and it did not fail."""
    return isinstance(trouble, NoMatches) and (not node.is_attached or node._pruning)


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
        except Exception as trouble:
            if not was_left(node, trouble):
                log.exception("a task of %s failed", node)
            return False

    _: Worker[bool] = node.run_worker(run, group=group, exclusive=exclusive, exit_on_error=False)
