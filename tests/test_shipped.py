"""What a branch ships: the declaration, rows as COPY takes them, and the office's tables made from
it."""

import json
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui import linked_tables, shipped
from crm_tui.office import schema
from crm_tui.shipped import LEDGER, LEDGERS, VERSIONED, VERSIONS
from crm_tui.shop.upkeep.tables import SECRET
from tests.postgres import cluster
from tests.shop import Shop

_STORED = {"integer": "INTEGER", "text": "TEXT", "moment": "TEXT", "real": "REAL"}
KEPT_HOME = {
    # What says who somebody is, or what was said, without being needed for any sum.
    "customers": {"notes", "own_name"}, "orders": {"phone"}, "promo_people": {"phone"},
    "messages": {"text", "phone", "reference", "wishes", "reason", "reachable", "priority",
                 "not_before", "expires_at", "attempts", "decided_at", "archived"},
    "users": {"password_hash", "pin_hash", "must_change", "created_at", "wrong_at",
              "signed_in_at", "wrong_tries", "pin_tries", "session", "recovered_at"},
    "promos": {"fed_at", "text", "seed", "next_at", "built_upto"},
    "imports": {"user_id", "actor_kind", "merged", "file"},
    "point_lots": {"rest"},
    # It is the key of its versions.
    "settings": {"key"}, "waiting_list": {"phone", "message_id", "look_at", "told"},
}  # fmt: skip


def test_declaration_is_the_store(shop: Shop) -> None:
    """Each column is one of the store's, of the same kind, and what is left out is left out on
    purpose."""
    for table in (*LEDGERS, *VERSIONS):
        stored = {
            row["name"]: row["type"]
            for row in shop.ctx.db.execute(f"PRAGMA table_info({table.table})").fetchall()
        }
        shipped = {column.name: _STORED[column.kind] for column in table.columns}
        assert shipped.items() <= stored.items(), table.table
        kept = stored.keys() - shipped.keys()
        assert kept == KEPT_HOME.get(table.table, set()), (
            f"{table.table}: a new column stands at the end of its declaration in crm_tui/shipped.py,"
            " or stays with the branch: name it in KEPT_HOME"
        )
        assert not {f"{table.table}.{name}" for name in shipped} & SECRET


def test_numbers_grow(shop: Shop) -> None:
    """The number of a ledger's row says where it stands among all, as it does in the sums of the store;
    a ledger has one of its own, or that of the table that it belongs to."""
    summed = {ledger.table: ledger for ledger in linked_tables.LEDGERS}
    for ledger in LEDGERS:
        other = summed.get(ledger.table)
        if other is not None:
            assert (ledger.number, ledger.lead, ledger.factor) == (
                other.key,
                other.lead,
                other.factor,
            )
        named = ledger.numbered_by or ledger.table
        made = shop.ctx.db.execute(
            "SELECT sql FROM sqlite_schema WHERE name = ?", (named,)
        ).fetchone()
        assert "AUTOINCREMENT" in made[0], ledger.table
        for event in ("update", "delete"):
            ours = f"{ledger.table}_no_{event}"
            there = shop.ctx.db.execute(
                "SELECT 1 FROM sqlite_schema WHERE name = ?", (ours,)
            ).fetchone()
            assert there or ledger.table in ("point_lots", "stock_documents"), ours


def test_common_of_an_epoch() -> None:
    """What two histories share of a ledger follows from the keys of the table that numbers it."""
    marks = {"sales": 220, "drawers": 3}
    assert LEDGER["sales"].common(marks) == 220
    assert LEDGER["sale_lines"].common(marks) == 220 * 100_000 + 99_999
    assert LEDGER["redemptions"].common(marks) == 220
    assert LEDGER["drawer_counts"].common(marks) == 39
    assert LEDGER["payments"].common(marks) == 0


def test_a_digest_is_of_the_row() -> None:
    """Another table, epoch, value or kind of value makes another digest; a half of a character makes
    one, too."""
    values = ((1, "a"), ("1", "a"), (1, None), (1, ""), (1, "\udc80"))
    rows = [
        ("audit", 1, (1, "a")),
        ("sales", 2, (1, "a")),
        *(("sales", 1, each) for each in values),
    ]
    digests = {shipped.digest(*row) for row in rows}
    assert len(digests) == len(rows)
    assert {len(each) for each in digests} == {shipped.DIGEST}


@pytest.fixture(scope="module")
def office() -> Iterator["psycopg.Connection[Any]"]:
    """The schema in a database of its own; this connection may act for branch 1."""
    server = cluster()
    server.run("CREATE DATABASE shipped OWNER crm_office")
    with psycopg.connect(server.dsn("shipped")) as made:
        for role in ("shipped_all", "shipped_readers"):
            made.execute(f"CREATE ROLE {role}")
        for statement in schema.statements("shipped_all", "shipped_readers"):
            made.execute(statement.encode())
        made.execute("INSERT INTO crm.branches (name) VALUES ('Ilir')")
        made.execute("SET crm.acting_for = '1'")
        made.commit()
        yield made


def _copy(office: "psycopg.Connection[Any]", table: str, names: tuple[str, ...], text: str) -> None:
    listed = ", ".join(f'"{name}"' for name in names)
    with office.cursor().copy(f"COPY crm.{table} ({listed}) FROM STDIN".encode()) as copy:
        copy.write(text)


@given(
    st.lists(
        st.text(st.characters()) | st.sampled_from(["\\N", "\\.", "a\tb", "\r\n", "\0", "\udc80"])
    )
)
def test_any_text_arrives(office: "psycopg.Connection[Any]", texts: list[str]) -> None:
    """Whatever a text holds – NUL, half a character, the marks of COPY itself – it arrives as it can be
    kept, and in its own row."""
    ledger = LEDGER["audit"]
    rows = [
        (n, "2026-11-26T08:00:00.000Z", text, None, text, "", text, None)
        for n, text in enumerate(texts)
    ]
    try:
        _copy(office, "audit", ledger.copied, "".join(ledger.line(1, row) for row in rows))
        held = office.execute(
            "SELECT id, actor, before, after FROM crm.audit ORDER BY id"
        ).fetchall()
        assert held == [
            (n, shipped.clean(text), shipped.clean(text), None) for n, text in enumerate(texts)
        ]
    finally:
        office.rollback()


def test_any_moment_arrives(office: "psycopg.Connection[Any]") -> None:
    """A wrong clock is no reason to refuse a row, nor is a moment that is none: that one is not
    known."""
    moments = [
        "1970-01-01T00:00:00.000Z",
        "2099-12-31T23:59:59.999Z",
        "2026-11-26",
        "",
        "kemarin",
        "9999-12-31T23:59:59Z",
    ]
    ledger = LEDGER["consents"]
    try:
        for n, moment in enumerate(moments):
            _copy(
                office,
                "consents",
                ledger.copied,
                ledger.line(1, (n, 1, moment, "yes", "sms", "ani")),
            )
        held = office.execute(
            "SELECT extract(year FROM at)::int FROM crm.consents ORDER BY id"
        ).fetchall()
        assert [row[0] for row in held] == [1970, 2099, 2026, None, None, 9999]
    finally:
        office.rollback()


def test_the_newest_version_stands(office: "psycopg.Connection[Any]") -> None:
    """Versions may come late and twice over: the one with the highest epoch and number stands, a row
    that is gone is empty, and where a person was taken out no older version tells who it was."""
    customers = VERSIONED["customers"]

    def of(name: str, active: int) -> tuple[Any, ...]:
        return (
            7,
            name,
            "",
            "customer",
            "yes",
            None,
            "",
            None,
            "2026-01-01T00:00:00Z",
            None,
            active,
        )

    def take(epoch: int, version: int, row: tuple[Any, ...] | None) -> list[Any]:
        _copy(
            office, customers.versions, customers.copied, customers.line(epoch, "7", version, row)
        )
        return office.execute("SELECT name, gone FROM crm.customers WHERE key = '7'").fetchall()

    try:
        assert take(1, 5, of("Budi", 1)) == [("Budi", False)]
        assert take(1, 3, of("Bud", 1)) == [("Budi", False)]
        assert take(2, 1, of("Budi S", 1)) == [("Budi S", False)]
        assert office.execute("SELECT count(*) FROM crm.customers_versions").fetchone() == (3,)
        assert take(2, 2, of("", 0)) == [("", False)]
        assert office.execute("SELECT name FROM crm.customers_versions").fetchall() == [("",)]
        assert take(2, 3, None) == [(None, True)]
    finally:
        office.rollback()


def test_ledgers_are_only_added_to(office: "psycopg.Connection[Any]") -> None:
    """The office itself cannot change or take away a row of a ledger, in no partition."""
    ledger = LEDGER["sales"]
    sale = (1, "2026-01-01T00:00:00Z", "counter", None, None, 5, "ani", "sale", None, "", None)
    _copy(office, "sales", ledger.copied, ledger.line(1, sale))
    part = office.execute("SELECT tableoid::regclass::text FROM crm.sales").fetchone()
    assert part is not None
    for table in ("crm.sales", part[0]):
        for statement in ("UPDATE {} SET total = 6", "DELETE FROM {}", "TRUNCATE {}"):
            office.execute("SAVEPOINT before")
            with pytest.raises(psycopg.errors.RestrictViolation):
                office.execute(statement.format(table).encode())
            office.execute("ROLLBACK TO before")
    office.rollback()


def test_the_schema_may_be_made_again(office: "psycopg.Connection[Any]") -> None:
    """A newer program adds the columns that are new, and changes nothing else."""
    office.execute("ALTER TABLE crm.tiers DROP COLUMN gift")
    for statement in schema.statements("shipped_all", "shipped_readers"):
        office.execute(statement.encode())
    for table in (*LEDGERS, *VERSIONS):
        cursor = office.execute(f"SELECT * FROM crm.{table.table} LIMIT 0".encode())
        assert set(table.names) <= {each.name for each in cursor.description or ()}
    office.rollback()


@pytest.mark.parametrize("table", ["transfers", "transfer_receipts"])
def test_what_an_older_program_said_of_a_row_is_known(table: str) -> None:
    """A digest that holds a text which was not free then is known as the row's, also when a person was
    taken out of the text since; that of another row is not."""
    names = shipped.LEDGER[table].names
    row = [f"{name} 1" for name in names]
    told = json.dumps([table, 4, *row], separators=(",", ":"))
    before = blake2b(told.encode(), digest_size=shipped.DIGEST).digest()
    assert shipped.tells(table, 4, row, before)
    assert shipped.tells(table, 4, row, shipped.digest(table, 4, row))
    assert not shipped.tells(table, 5, row, before)
    assert not shipped.tells(table, 4, ["another", *row[1:]], before)
    blotted = [
        value if name != "note" else "untuk …" for name, value in zip(names, row, strict=True)
    ]
    assert shipped.tells(table, 4, blotted, before)
