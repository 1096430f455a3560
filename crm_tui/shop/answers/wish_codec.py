"""Wishes as the store keeps them: JSON that a person can read, and the way back."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from crm_tui.reading.entries import Entry
from crm_tui.reading.wishes import Kind, Line, Reading, Wish
from crm_tui.shop.gate.context import Context
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.errors import UnknownItem


def as_json(reading: Reading) -> list[dict[str, object]]:
    """The wishes of a reading as `report messages` and `crm-tui read` show them: kind, and what else
    there is of lines, unknown, number, name, address, options, quantity, choosing, add, if_available,
    alternatives, unless, topic, notify, held, parts, unsure, packed, pack."""
    return [_wish(wish) for wish in reading.wishes]


def _wish(wish: Wish) -> dict[str, object]:
    shown: dict[str, object] = {"kind": wish.kind.value}
    for key, lines in (
        ("lines", wish.lines), ("alternatives", wish.alternatives), ("unless", wish.unless),
        ("held", wish.held),
    ):  # fmt: skip
        if lines:
            shown[key] = [{"code": line.entry.code, "quantity": line.quantity} for line in lines]
    if wish.options:
        shown["options"] = [entry.code for entry in wish.options]
    if wish.unknown:
        shown["unknown"] = list(wish.unknown)
    for key, value in (
        ("number", wish.number), ("quantity", wish.quantity),
        ("choosing", wish.choosing and wish.choosing.value),
        ("add", wish.add or None), ("if_available", wish.if_available or None),
        ("topic", wish.topic or None),
        ("notify", wish.notify or None),
        ("parts", [list(part) for part in wish.parts] or None), ("unsure", wish.unsure or None),
        ("packed", wish.packed), ("pack", wish.pack or None),
    ):  # fmt: skip
        if value is not None:
            shown[key] = value
    if wish.name:
        shown |= {"name": wish.name, "address": wish.address}
    return shown


def from_json(ctx: Context, text: str) -> Reading:
    """The reading that `as_json` kept. Raises `UnknownItem` where an item is not sold any more."""
    return Reading(tuple(_revived(ctx, wish) for wish in json.loads(text)))


def _revived(ctx: Context, data: Mapping[str, Any]) -> Wish:
    def lines(key: str) -> tuple[Line, ...]:
        entries = _entries(ctx, [line["code"] for line in data.get(key, ())])
        return tuple(
            Line(entry, line["quantity"])
            for entry, line in zip(entries, data.get(key, ()), strict=True)
        )

    return Wish(
        Kind(data["kind"]), lines("lines"), tuple(data.get("unknown", ())), data.get("number"),
        data.get("name", ""), data.get("address", ""), data.get("add", False),
        options=tuple(_entries(ctx, data.get("options", ()))), quantity=data.get("quantity"),
        choosing=Kind(data["choosing"]) if "choosing" in data else None,
        if_available=data.get("if_available", False), alternatives=lines("alternatives"),
        unless=lines("unless"), topic=data.get("topic", ""),
        notify=data.get("notify", False), held=lines("held"),
        parts=tuple((count, wanted) for count, wanted in data.get("parts", ())),
        unsure=data.get("unsure", False), packed=data.get("packed"), pack=data.get("pack", 0),
    )  # fmt: skip


def _entries(ctx: Context, codes: Sequence[str]) -> list[Entry]:
    if not codes:
        return []
    items = catalogue.on_sale(ctx, codes)
    for code in codes:
        if code not in items:
            raise UnknownItem(code=code)
    chosen = [items[code] for code in codes]
    return [Entry(item.id, item.code, item.name, item.unit) for item in chosen]
