"""The one gate through which the store is changed.

A `command` is one immediate transaction with its permission (asked of the store, so that a demoted
user's open session is refused), its audit row and its rows of the change feed. A `journal` entry is
a transaction of the worker: its rows are their own record, and nobody else may write them.
Both may call each other; the outermost owns the transaction.
"""

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, TypeVar

from sqlite_utils import Database

from crm_tui.shop.gate import access
from crm_tui.shop.gate.context import GATEWAY, Context, Work
from crm_tui.shop.gate.errors import NotAllowed
from crm_tui.store import Store

P = ParamSpec("P")
R = TypeVar("R")

COMMANDS: dict[str, str] = {}
"""Each command's permission, by its name."""

FORMER = {
    "stock.count_begin": "items.begin_count", "stock.count": "items.count",
    "stock.count_post": "items.post_count", "stock.count_drop": "items.drop_count",
    "prices.set": "items.set_price", "prices.set_many": "items.set_prices",
    "stock.receive": "items.receive", "stock.give_back": "items.give_back",
    "stock.correct": "items.correct", "points.give": "loyalty.give_points",
    "points.redeem": "loyalty.redeem_points", "rewards.freeze": "loyalty.freeze",
    "rewards.give": "loyalty.give_reward", "tiers.save": "loyalty.save_tier",
    "tiers.remove": "loyalty.remove_tier", "ranking.choose": "loyalty.choose_model",
    "tiers.review": "loyalty.review_tiers", "gateway.trust_clock": "messages.trust_clock",
    "shop.found": "users.found_shop", "customers.import": "imports.customers",
    "items.import": "imports.items", "sales.import": "imports.sales",
    "orders.collect": "sales.collect", "drawer.move": "sales.move_cash",
    "drawer.close": "sales.close_drawer", "roles.add": "users.add_role",
    "roles.rename": "users.rename_role", "roles.remove": "users.remove_role",
    "roles.grant": "users.grant",
}  # fmt: skip
"""How commands are called now whose old names stand in the audit of shops."""


@contextmanager
def _transaction(ctx: Context) -> Iterator[None]:
    if ctx.work is not None:
        # A command within another may break a rule that the outer one can live with.
        with savepoint(ctx):
            yield
        return
    work = Work(ctx.time.now())
    try:
        with ctx.store.transaction() as db:
            ctx.work = work
            ctx.permitted.clear()
            planted = dict(ctx.store.planted)
            _write_planted(ctx, planted)
            yield
            noted = ctx.time.note(db)
            _write_changes(ctx.store, db, work)
        for rule in planted:
            ctx.store.planted.pop(rule, None)
        ctx.spent += work.spent
        if noted is not None:
            ctx.time.kept(noted)
    finally:
        ctx.work = None
        for each in work.after:
            each()


def _write_planted(ctx: Context, planted: Mapping[str, str]) -> None:
    """What somebody had planted in the store was taken away before this transaction: the audit says
    what it was, and the check of the ledgers tells of it until that is accepted."""
    for name, sql in planted.items():
        ctx.db.execute(
            "INSERT INTO audit (at, actor, command, subject, before)"
            " VALUES (?, ?, 'checks.planted', 'store', ?)",
            (ctx.at, GATEWAY.name, json.dumps({"planted": name, "sql": sql}, ensure_ascii=False)),
        )


@contextmanager
def savepoint(ctx: Context) -> Iterator[None]:
    """Within a transaction: what goes wrong within undoes nothing else."""
    assert ctx.work is not None, "a savepoint outside a transaction"
    before, mark, spent = len(ctx.work.changes), ctx.store.mark(), len(ctx.work.spent)
    try:
        with ctx.db.atomic():
            yield
    except BaseException:
        ctx.store.forget(mark)
        # They may have been read after a change that is undone now.
        ctx.work.settings = None
        del ctx.work.changes[before:], ctx.work.spent[spent:]
        raise


def _write_changes(store: Store, db: Database, work: Work) -> None:
    if work.changes:
        with store.last_changes():
            db.execute(
                "INSERT INTO changes (topic, row_id)"
                " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]')"
                " FROM json_each(?) ORDER BY key",
                (json.dumps(list(dict.fromkeys(work.changes))),),
            )


@contextmanager
def together(*contexts: Context) -> Iterator[None]:
    """All commands of these contexts, which share a store, in one transaction; each has its moment.

    For what is made in bulk: it is committed whole or not at all.
    """
    first = contexts[0]
    work = Work(None)
    try:
        with first.store.transaction() as db:
            for ctx in contexts:
                ctx.work = work
            try:
                yield
                _write_changes(first.store, db, work)
            finally:
                for ctx in contexts:
                    ctx.work = None
    finally:
        for each in work.after:
            each()


@contextmanager
def part(ctx: Context, name: str) -> Iterator[None]:
    """A transaction of a command that takes several. Its permission was asked by the first of them:
    what has begun is finished, whatever the rights are by now. Users who are to say who they
    are say so here, too: there may have been none before it."""
    if ctx.work is None:
        ctx.ask_who()
    with _transaction(ctx):
        before = ctx.enter(name)
        try:
            yield
        finally:
            ctx.leave(before)


def command(
    name: str, permission: str
) -> Callable[[Callable[Concatenate[Context, P], R]], Callable[Concatenate[Context, P], R]]:
    """Makes a function a command called `name` that asks for `permission`.

    The function calls `ctx.record` once or more, and `ctx.changed` for each row that others show.
    """
    COMMANDS[name] = permission

    def gate(
        function: Callable[Concatenate[Context, P], R],
    ) -> Callable[Concatenate[Context, P], R]:
        @functools.wraps(function)
        def run(ctx: Context, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if ctx.work is None:
                ctx.ask_who()
            with _transaction(ctx):
                # How far it goes, the command says itself, so that who permits it sees the amount.
                # Nothing is committed until then, and at its end it is asked for all the same.
                if permission not in access.CEILINGS:
                    access.require(ctx, permission)
                before = ctx.enter(name)
                try:
                    result = function(ctx, *args, **kwargs)
                    if permission in access.CEILINGS:
                        access.require(ctx, permission)
                    access.record_permits(ctx)
                    assert ctx.recorded, f"{name} left no audit row"
                finally:
                    ctx.leave(before)
                return result

        return run

    return gate


def journal(
    function: Callable[Concatenate[Context, P], R],
) -> Callable[Concatenate[Context, P], R]:
    """Makes a function an entry of the worker's journal."""

    @functools.wraps(function)
    def run(ctx: Context, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if ctx.actor.kind != "gateway":
            raise NotAllowed(who=ctx.actor.name, permission="gateway")
        with _transaction(ctx):
            return function(ctx, *args, **kwargs)

    return run
