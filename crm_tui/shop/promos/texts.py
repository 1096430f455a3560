"""What promos say: texts to begin with by kind, merge fields, and how long it all is."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm_tui.errors import N_
from crm_tui.gsm.fields import Alphabet
from crm_tui.gsm.text import plain, segments
from crm_tui.shop.gate import money, settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadInput
from crm_tui.shop.items import catalogue
from crm_tui.shop.loyalty import points, tiers
from crm_tui.shop.messages import filling
from crm_tui.shop.messages.filling import Template
from crm_tui.shop.promos import pricing
from crm_tui.text import rupiah

FIELDS = ("name", "shop", "items", "until", "tier", "points", "asked")
_ALL = " ".join(FIELDS)
_STOP = " Ketik STOP utk berhenti."

BEGINNINGS = {
    "new": Template(
        "promo_new", "Halo {name}, baru di {shop}: {items}. Pesan: PESAN KODE JUMLAH." + _STOP, _ALL,
        N_("Promo: new products"),
    ),
    "discount": Template(
        "promo_discount",
        "Halo {name}, promo {shop} s/d {until}: {items}. Pesan: PESAN KODE JUMLAH." + _STOP, _ALL,
        N_("Promo: discount on items"),
    ),
    "text": Template(
        "promo_text", "Halo {name}, salam dari {shop}." + _STOP, _ALL, N_("Promo: free text")
    ),
    "howto": Template(
        "promo_howto",
        "{shop}: tanya harga ketik HARGA KODE, pesan ketik PESAN KODE JUMLAH, misal PESAN KODE 2."
        " Bantuan: INFO. Berhenti: STOP.",
        _ALL, N_("Promo: how to order by SMS"),
    ),
    "due": Template(
        "promo_due",
        "Halo {name}, sudah waktunya servis lagi? Suku cadang Anda siap di {shop}. Tanya harga:"
        " HARGA KODE." + _STOP,
        _ALL, N_("Promo to customers who are due"),
    ),
    "leaving": Template(
        "promo_leaving", "Halo {name}, kami rindu Anda di {shop}. Ada yang bisa kami bantu? Balas SMS"
        " ini." + _STOP, _ALL, N_("Promo to customers who are slipping away"),
    ),
    "recent": Template(
        "promo_recent", "Halo {name}, terima kasih sudah berbelanja di {shop}. Pesan lewat SMS: PESAN"
        " KODE JUMLAH." + _STOP, _ALL, N_("Promo to new customers"),
    ),
    "asked": Template(
        "promo_asked", "Halo {name}, Anda pernah menanyakan {asked}. Kami bantu carikan, balas SMS ini"
        " ya. {shop}" + _STOP, _ALL, N_("Promo to customers who went without"),
    ),
}  # fmt: skip
"""Texts to begin with, by kind or by list."""


class UnknownField(BadInput):
    text = N_("{field} cannot be filled in. These can: {fields}")


class NothingToName(BadInput):
    text = N_("Name the items that the promo is about, or take {field} out of the text.")


@dataclass(frozen=True)
class Size:
    """How long a text is: characters, SMS, and whether it needs UCS-2 (70 characters an SMS)."""

    characters: int
    parts: int
    ucs2: bool


def size(text: str) -> Size:
    """Raises `TextTooLong`."""
    found = segments(plain(text))
    return Size(len(text), len(found), found[0].alphabet is Alphabet.UCS2)


def check(text: str) -> None:
    """Refuse a text with {fields} that nothing fills. Raises `UnknownField`."""
    for name in filling.named(text):
        if name not in FIELDS:
            raise UnknownField(
                field=f"{{{name}}}", fields=" ".join(f"{{{each}}}" for each in FIELDS)
            )


def check_braces(text: str) -> None:
    """Refuse a brace that begins or ends no field. Raises `UnknownField`."""
    left = re.search(r"[{}]\w*", re.sub(r"\{\w+\}", "", text))
    if left is not None:
        raise UnknownField(field=left[0], fields=" ".join(f"{{{each}}}" for each in FIELDS))


def common(ctx: Context, wanted: Sequence[tuple[int, int]], ends_at: str) -> dict[str, str]:
    """What is the same for everybody: `wanted` are item keys with the discount in hundredths of a
    percent."""
    items = catalogue.by_ids(ctx, [item_id for item_id, _ in wanted])
    entries = []
    for item_id, part in wanted:
        item = items[item_id]
        price = item.price - money.share(item.price, part)
        entries.append(f"{item.code} {item.name} {rupiah(price)}")
    last = pricing.last_day(ends_at)
    return {
        "shop": settings.SHOP_NAME(ctx), "items": "; ".join(entries), "until": f"{last:%d/%m}",
    }  # fmt: skip


PERSONAL = frozenset({"name", "tier", "points", "asked"})
"""The fields that differ from one to another."""


def personal(
    ctx: Context, customers: Sequence[int], used: frozenset[str]
) -> dict[int, dict[str, str]]:
    """What differs from one to another, by customer; only the `used` fields are looked up."""
    fields: dict[int, dict[str, str]] = {customer: {} for customer in customers}
    if "name" in used:
        rows = ctx.db.execute(
            "SELECT id, name FROM customers WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(customers),),
        )
        for customer, name in rows:
            fields[customer]["name"] = name or "Bapak/Ibu"
    if "tier" in used:
        names = tiers.names(ctx, customers)
        for customer in customers:
            fields[customer]["tier"] = names.get(customer, "")
    if "points" in used:
        for customer, count in points.balances(ctx, customers).items():
            fields[customer]["points"] = str(count)
    if "asked" in used:
        rows = ctx.db.execute(
            "SELECT value, (SELECT group_concat(asked, ', ') FROM (SELECT asked FROM lost_sales"
            "  WHERE customer_id IN (SELECT id FROM kept WHERE kept_id = wanted.value)"
            "  GROUP BY asked ORDER BY max(id) DESC LIMIT 3)) FROM json_each(?) AS wanted",
            (json.dumps(customers),),
        )
        for customer, asked in rows:
            fields[customer]["asked"] = asked or ""
    return fields


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields, blanks put in order where a field was empty."""
    return " ".join(filling.fill(text, values).split(" "))
