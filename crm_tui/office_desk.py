"""The office as screens have it: questions to all branches, or to one, on one thread of their own.

    page of a branch ─ask→ desk.of(branch) ─┐
    page of the chain ─ask→ desk ───────────┴→ reader thread ─→ read side ─→ PostgreSQL

Days and hours are the branch's that is asked, in the whole process; so no two questions run side by
side.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

from crm_tui.clock import Clock
from crm_tui.desk import Desk, Unforeseen
from crm_tui.errors import Problem
from crm_tui.office import database
from crm_tui.office.reading import Branch, ReadSide
from crm_tui.shop.gate import access
from crm_tui.shop.gate.context import Context, console

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)


class OfficeDesk(Desk):
    """An office, for whoever may open its folder; it changes nothing. `branch`: whose page it serves,
    None for the chain's."""

    def __init__(self, office: database.Office, clock: Clock) -> None:
        super().__init__(office.folder, clock)
        self.office = office
        self.branch: Branch | None = None
        self._one = ThreadPoolExecutor(1, "reader")
        self._sides: list[ReadSide] = []
        self.granted = frozenset({*access.PERMISSIONS, access.OWN})

    def of(self, branch: Branch | None) -> "OfficeDesk":
        """The same desk, for a page of one branch."""
        made = object.__new__(OfficeDesk)
        made.__dict__ = {**self.__dict__, "branch": branch}
        return made

    async def ask(
        self, query: Callable[Concatenate[Context, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """What `query` finds, at the branch or over all of them. Raises nothing but a `Problem`."""

        def do() -> R:
            try:
                with database.told():
                    side = self._side()
                    if self.branch is None:
                        return query(side.chain(), *args, **kwargs)
                    with side.one(self.branch) as ctx:
                        return query(ctx, *args, **kwargs)
            except Problem:
                raise
            except Exception as trouble:
                log.exception("%s failed", query)
                raise Unforeseen() from trouble

        return await self._run(self._one, do)

    async def take_time(
        self, work: Callable[Concatenate[Context, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        return await self.ask(work, *args, **kwargs)

    def _side(self) -> ReadSide:
        """The connection; a new one where the last was lost."""
        if self._sides and self._sides[0].connection.closed:
            self._sides.clear()
        if not self._sides:
            connection = database.connect(self.office.dsn)
            self._sides.append(ReadSide(connection, self.folder, self.computer, console()))
        return self._sides[0]

    def close(self) -> None:
        self._one.shutdown(wait=False, cancel_futures=True)
        for side in self._sides:
            side.connection.close()
        super().close()
