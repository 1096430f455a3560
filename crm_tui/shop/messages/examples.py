"""What automatic answers look like: values of an item of the shop, the one with the longest name."""

from collections.abc import Mapping

from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages import filling
from crm_tui.text import rupiah

_CUSTOMER = "Budi Santoso"
_QUANTITY = 2
_ORDER = 12


def fitting(key: str, values: Mapping[str, object]) -> Mapping[str, object]:
    """The `values` as the template of that setting means them: {name} is an item's where its code may
    stand beside it, else a customer's."""
    return values if "{code}" in filling.fields_of(key) else {**values, "name": _CUSTOMER}


def values(ctx: Context) -> Mapping[str, object]:
    """A value for every {…} that a template may hold."""
    row = ctx.db.execute(
        "SELECT code, name, unit, price FROM items WHERE active = 1 ORDER BY length(name) DESC LIMIT 1"
    ).fetchone()
    code, name, unit, price = (
        tuple(row) if row is not None else ("KODE", "NAMA BARANG", "pcs", 85_000)
    )
    total = rupiah(price * _QUANTITY)
    line = f"{_QUANTITY} {code}"
    return {
        "code": code, "name": name, "unit": unit, "price": rupiah(price), "stock": "ada",
        "quantity": _QUANTITY, "amount": total, "total": total, "lines": f"{line} {total}",
        "codes": code, "number": _ORDER, "numbers": f"{_ORDER}, {_ORDER + 1}", "order": line,
        "until": "26/11 17:00", "shop": settings.SHOP_NAME(ctx), "reason": "stok habis",
        "status": "menunggu", "before": rupiah(price - 1000), "changes": f"{code} 3 jadi {_QUANTITY}",
        "example": f"BATAL {_ORDER}", "difference": "", "offer": "", "ordered": "", "more": "",
        "regular": rupiah(price), "tier": "Emas", "points": 120, "value": rupiah(12_000), "soon": "",
        "branch": "Jakabaring", "balance": 200,
        "hours": "Senin-Sabtu 08.00-17.00", "address": "Jl Veteran 12",
        "ending": "4567", "left": 80, "start": "", "asked": code,
        "items": f"{code} {name} {rupiah(price)}",
    }  # fmt: skip
