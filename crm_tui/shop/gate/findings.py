"""What the gate watches over: the store."""

from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.health import WELL, Check, Finding, finding


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


CHECKS = (Check("store", N_("Store"), store, place=40),)
