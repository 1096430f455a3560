"""What promos say: texts to begin with by kind, merge fields, and how long it all is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm_tui.errors import N_
from crm_tui.gsm.fields import Alphabet
from crm_tui.gsm.text import segments
from crm_tui.shop.customers.people import FAMILY
from crm_tui.shop.gate import money, settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadInput
from crm_tui.shop.items import catalogue
from crm_tui.shop.loyalty import points, tiers
from crm_tui.shop.messages import templates
from crm_tui.shop.messages.templates import Template
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
        _ALL, N_("Promo to who is due"),
    ),
    "leaving": Template(
        "promo_leaving", "Halo {name}, kami rindu Anda di {shop}. Ada yang bisa kami bantu? Balas SMS"
        " ini." + _STOP, _ALL, N_("Promo to who is slipping away"),
    ),
    "recent": Template(
        "promo_recent", "Halo {name}, terima kasih sudah berbelanja di {shop}. Pesan lewat SMS: PESAN"
        " KODE JUMLAH." + _STOP, _ALL, N_("Promo to new customers"),
    ),
    "asked": Template(
        "promo_asked", "Halo {name}, Anda pernah menanyakan {asked}. Kami bantu carikan, balas SMS ini"
        " ya. {shop}" + _STOP, _ALL, N_("Promo to who asked in vain"),
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
    found = segments(text)
    return Size(len(text), len(found), found[0].alphabet is Alphabet.UCS2)


def check(text: str) -> None:
    """Refuse a text with {fields} that nothing fills. Raises `UnknownField`."""
    for name in templates.named(text):
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
    told = []
    for item_id, part in wanted:
        item = catalogue.by_id(ctx, item_id)
        price = item.price - money.share(item.price, part)
        told.append(f"{item.code} {item.name} {rupiah(price)}")
    last = pricing.last_day(ends_at)
    return {
        "shop": settings.SHOP_NAME(ctx), "items": "; ".join(told), "until": f"{last:%d/%m}",
    }  # fmt: skip


def personal(ctx: Context, customer_id: int, used: frozenset[str]) -> dict[str, str]:
    """What differs from one to another; only the `used` fields are looked up."""
    row = ctx.db.execute("SELECT name FROM customers WHERE id = ?", (customer_id,)).fetchone()
    found = {"name": row[0] or "Bapak/Ibu"}
    if "tier" in used:
        found["tier"] = tiers.name_of(ctx, customer_id)
    if "points" in used:
        found["points"] = str(points.balance(ctx, customer_id))
    if "asked" in used:
        rows = ctx.db.execute(
            f"SELECT asked FROM lost_sales WHERE customer_id IN {FAMILY} GROUP BY asked"  # noqa: S608
            " ORDER BY max(id) DESC LIMIT 3",
            {"customer": customer_id},
        )
        found["asked"] = ", ".join(each[0] for each in rows)
    return found


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields, blanks put in order where a field was empty."""
    return " ".join(templates.fill(text, values).split(" "))
