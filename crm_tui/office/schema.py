"""The office's tables on PostgreSQL: made from what branches ship (`shipped`), and
`protocol.sql`; behind them `downlink.sql`, `routing.sql` and those
behind it (`_ROUTING`).

    crm.T             a ledger: (branch, epoch, the store's columns), only added to
    crm.T_versions    the changes of a row, only added to; a trigger keeps the newest in crm.T

Every statement may run again: a newer program adds what is new. `branch` is never named by a branch:
its default is the number of the session's role.
"""

from collections.abc import Iterator
from importlib.resources import files

from crm_tui.shipped import LEDGERS, OLDEST, VERSION, VERSIONS, Column, Ledger, Versions

PARTS = 16
"""Partitions of a big ledger, by branch: not one a branch, which a sum over a thousand would have to
open, and not by time, which is the branch's own and may be wrong."""

_TYPES = {
    "integer": "bigint",
    "text": "text",
    "moment": "timestamptz",
    "real": "double precision",
}
_FUNCTIONS = (
    "me()", "member()", "hello(text, integer, integer, timestamptz)",
    "begin_epoch(integer, timestamptz, jsonb)",
    "advance(integer, text, bigint, bigint, bytea, bytea)", "holds(text, integer, jsonb)",
    "blot(text, jsonb)",
    "downs(bigint, integer)", "reached(bigint, bigint)",
)  # fmt: skip
"""All that a branch may call."""


def statements(group: str, reader: str) -> Iterator[str]:
    """The whole schema, in the order in which it is made; `group` and `reader`: the roles, quoted, of
    all branches and of those who may read everything."""
    yield protocol()
    yield (
        f"INSERT INTO crm.facts VALUES ('version', '{VERSION}'), ('oldest', '{OLDEST}')"  # noqa: S608
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    )
    for ledger in LEDGERS:
        yield from _ledger(ledger)
    for versions in VERSIONS:
        yield from _versions(versions)
    yield routing()
    yield from _rights(group, reader)


_ROUTING = ("downlink", "routing", "routing_progress", "limits", "closing", "closing_points")
"""In the order in which they are run."""


def routing() -> str:
    """What makes rows that go down of those that came up."""
    return "".join(
        (files("crm_tui.office") / f"{name}.sql").read_text("utf-8") for name in _ROUTING
    )


def protocol() -> str:
    """The functions that a branch calls, and the tables behind them."""
    return (files("crm_tui.office") / "protocol.sql").read_text("utf-8")


def _listed(columns: tuple[Column, ...]) -> str:
    return ", ".join(f'"{column.name}" {_TYPES[column.kind]}' for column in columns)


def _named(names: tuple[str, ...], before: str = "") -> str:
    return ", ".join(f'{before}"{name}"' for name in names)


def _added(table: str, columns: tuple[Column, ...]) -> str:
    added = ", ".join(
        f'ADD COLUMN IF NOT EXISTS "{column.name}" {_TYPES[column.kind]}' for column in columns
    )
    return f"ALTER TABLE crm.{table} {added}"


def _ledger(ledger: Ledger) -> Iterator[str]:
    name = ledger.table
    yield (
        f"CREATE TABLE IF NOT EXISTS crm.{name} (branch integer NOT NULL DEFAULT crm.me(),"
        f" epoch integer NOT NULL, {_listed(ledger.columns)},"
        f" PRIMARY KEY (branch, epoch, {_named(ledger.keys)}))"
        + (" PARTITION BY HASH (branch)" if ledger.big else "")
    )
    for part in range(PARTS if ledger.big else 0):
        yield (
            f"CREATE TABLE IF NOT EXISTS crm.{name}_p{part:02} PARTITION OF crm.{name}"
            f" FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})"
        )
    yield _added(name, ledger.columns)
    yield (
        f"CREATE OR REPLACE TRIGGER {name}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON crm.{name}"
        " FOR EACH STATEMENT EXECUTE FUNCTION crm.refuse()"
    )
    for part in range(PARTS if ledger.big else 0):
        # A statement that names the partition itself passes the triggers of the whole by.
        yield (
            f"CREATE OR REPLACE TRIGGER {name}_stays BEFORE UPDATE OR DELETE OR TRUNCATE"
            f" ON crm.{name}_p{part:02} FOR EACH STATEMENT EXECUTE FUNCTION crm.refuse()"
        )
    if ledger.by_day:
        # Days lie together as they come. It costs next to nothing to write, which an index by branch
        # and moment would not: COPY would take three times as long.
        yield (
            f"CREATE INDEX IF NOT EXISTS {name}_at ON crm.{name} USING brin (at)"
            " WITH (pages_per_range = 32, autosummarize = on)"
        )
    yield from _guarded(name)
    keys, free = ",".join(ledger.keys), ",".join(ledger.free)
    yield (
        f"INSERT INTO crm.ledgers VALUES ('{name}', '{{{keys}}}', '{{{free}}}')"  # noqa: S608 - ours
        " ON CONFLICT (name) DO UPDATE SET keys = excluded.keys, free = excluded.free"
    )


def _guarded(table: str) -> Iterator[str]:
    for moment in ("BEFORE", "AFTER"):
        yield (
            f"CREATE OR REPLACE TRIGGER {table}_guard_{moment.lower()} {moment} INSERT ON crm.{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION crm.guard()"
        )


def _versions(versions: Versions) -> Iterator[str]:
    now, every = versions.table, versions.versions
    head = "branch integer NOT NULL DEFAULT crm.me(), epoch integer NOT NULL, key text NOT NULL,"
    state = " version bigint NOT NULL, gone boolean NOT NULL DEFAULT false,"
    for table, key in ((now, "branch, key"), (every, "branch, key, epoch, version")):
        yield (
            f"CREATE TABLE IF NOT EXISTS crm.{table} ({head}{state} {_listed(versions.columns)},"
            f" PRIMARY KEY ({key}))"
        )
        yield _added(table, versions.columns)
    yield _keep(versions)
    yield (
        f"CREATE OR REPLACE TRIGGER {every}_keep AFTER INSERT ON crm.{every}"
        f" FOR EACH ROW EXECUTE FUNCTION crm.keep_{now}()"
    )
    yield from _guarded(every)


def _keep(versions: Versions) -> str:
    """The function that brings the newest version of a row into its place, and lets older ones go: all
    of them, or those of a row out of which a person was taken."""
    now, every = versions.table, versions.versions
    names = _named(versions.names)
    taken = ", ".join(f'"{name}" = excluded."{name}"' for name in versions.names)
    over = "true"
    if versions.history:
        over = "new.gone" + (f" OR {versions.erased.format('new')}" if versions.erased else "")
    gone = _let_go(versions) if versions.names_people else ""
    if versions.table == "customers":
        gone = _FORGOTTEN
    return f"""CREATE OR REPLACE FUNCTION crm.keep_{now}() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = pg_catalog, crm, pg_temp AS $$
    BEGIN
        INSERT INTO crm.{now} AS held (branch, key, epoch, version, gone, {names})
            VALUES (new.branch, new.key, new.epoch, new.version, new.gone,
                    {_named(versions.names, "new.")})
            ON CONFLICT (branch, key) DO UPDATE SET epoch = excluded.epoch,
                version = excluded.version, gone = excluded.gone, {taken}
            WHERE (excluded.epoch, excluded.version) > (held.epoch, held.version);
        IF {over} THEN
            DELETE FROM crm.{every} AS older WHERE older.branch = new.branch AND older.key = new.key
                AND (older.epoch, older.version) < (new.epoch, new.version);
        END IF;
        {gone}
        RETURN NULL;
    END $$"""  # noqa: S608 - names of ours


_FORGOTTEN = """IF NOT new.gone AND new.name = '' AND new.active = 0 THEN
            PERFORM crm.forget_numbers(new.branch, new.id, new.epoch);
        END IF;"""
"""Who was erased while the shop belonged to no chain: nobody said that the numbers went."""


def _let_go(versions: Versions) -> str:
    """Where the key itself says who somebody is, nothing stays of a row that is gone; what comes later
    is newer."""
    whose = "WHERE held.branch = new.branch AND held.key = new.key"
    return f"""IF new.gone THEN
            DELETE FROM crm.{versions.table} AS held {whose} AND held.gone;
            DELETE FROM crm.{versions.versions} AS held {whose};
            PERFORM crm.forget_number(new.branch, new.key);
        END IF;"""  # noqa: S608 - names of ours


def _rights(group: str, reader: str) -> Iterator[str]:
    yield "REVOKE ALL ON SCHEMA public FROM PUBLIC"
    yield "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA crm FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA crm TO {group}, {reader}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA crm TO {reader}"
    for table in LEDGERS:
        yield f"GRANT INSERT ({_named(table.copied)}) ON crm.{table.table} TO {group}"
    for changing in VERSIONS:
        yield f"GRANT INSERT ({_named(changing.copied)}) ON crm.{changing.versions} TO {group}"
    for function in _FUNCTIONS:
        yield f"GRANT EXECUTE ON FUNCTION crm.{function} TO {group}"
    # Defaults stand behind whatever is inserted, also by the office itself.
    yield f"GRANT EXECUTE ON FUNCTION crm.me() TO {reader}"
