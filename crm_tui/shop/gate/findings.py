"""What the gate watches over: the store, and the engine that reads it."""

from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.health import ATTENTION, WELL, Check, Finding, finding

SOUND = (3, 51, 3)
"""The first SQLite without the WAL-reset bug: before it, commits could be lost when a checkpoint met
another connection's commit (sqlite.org/wal.html)."""


def megabytes(octets: int) -> str:
    """How large a file is, for people: "3,4 MB", "1,2 GB"."""
    if octets < 10**6:
        return f"{-(-octets // 1000)} kB"
    size, name = (octets / 10**9, "GB") if octets >= 10**9 else (octets / 10**6, "MB")
    return f"{size:.1f} {name}".replace(".", ",")


def store(ctx: Context) -> Finding:
    """Whether the shop's file can be read, and how large it is."""
    path = ctx.store.path
    pages, free, size = (
        int(ctx.db.execute(f"PRAGMA {pragma}").fetchone()[0])
        for pragma in ("page_count", "freelist_count", "page_size")
    )
    facts = {"path": str(path), "octets": pages * size, "free_octets": free * size}
    return finding(
        WELL, N_("{path} can be read: {size}."), "", facts, path=path.name,
        size=megabytes(pages * size),
    )  # fmt: skip


def engine(ctx: Context) -> Finding:
    """Which SQLite keeps the store."""
    version = str(ctx.db.execute("SELECT sqlite_version()").fetchone()[0])
    facts = {"version": version}
    if tuple(int(part) for part in version.split(".")) < SOUND:
        return finding(
            ATTENTION,
            N_("SQLite {version} keeps the store; it has a rare fault that can lose the last sales."),
            N_("Bring Python or the system up to date; until then make backups often."), facts,
            version=version,
        )  # fmt: skip
    return finding(WELL, N_("SQLite {version} keeps the store."), "", facts, version=version)


CHECKS = (
    Check("store", N_("Store"), store, place=40),
    Check("engine", N_("Engine"), engine, place=41),
)
