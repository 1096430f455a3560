"""`crm-tui read`: a text explained against the store, without a trace."""

import json
from pathlib import Path
from typing import Any

import pytest

from crm_tui.shop.answers import explaining
from crm_tui.shop.answers.settings import FREE_TEXT
from crm_tui.shop.items import cards, stock
from crm_tui.shop.items.catalogue import Catalogue
from tests.peers import crm
from tests.shop import ANI, Shop, contents


@pytest.fixture
def pads(shop: Shop) -> Shop:
    """A shop with two brake pads that differ by their side."""
    for code, name in (("KR-D", "Kampas Rem Depan Vario"), ("KR-B", "Kampas Rem Belakang Vario")):
        key = cards.add(shop.ctx, cards.Card(code, name, "pcs", 85_000))
        stock.receive(shop.ctx, [stock.Goods(key, 10)])
    return shop


def explained(folder: Path, text: str, *more: str) -> dict[str, Any]:
    """What the command tells as JSON."""
    told: dict[str, Any] = json.loads(crm(folder, "read", text, "--format", "json", *more))
    return told


def test_a_free_text_is_explained(pads: Shop) -> None:
    """JSON has the outcome, how sure it is, the characters it rests on, the items with weights."""
    text = "bos kampas rem vario brp"
    told = explained(pads.folder, text)
    assert set(told) == {
        "read_as", "wishes", "why", "reply", "suggested", "sureness", "spans", "candidates",
    }  # fmt: skip
    assert told["read_as"] == "choices"
    assert told["sureness"] == 1.0
    assert {text[first:last] for first, last in told["spans"]} >= {"kampas", "rem", "vario"}
    assert {each["code"] for each in told["candidates"]} == {"KR-D", "KR-B"}
    assert all(0 < each["weight"] <= 1 and each["name"] for each in told["candidates"])
    assert "1. KR-" in told["reply"]
    shown = crm(pads.folder, "--lang", "en", "read", text)
    assert "bos [kampas rem vario]" in shown
    assert "choices, sure" in shown
    assert "KR-B Kampas Rem Belakang Vario, 100 %" in shown


def test_a_strict_form_is_sure(pads: Shop) -> None:
    """A strict form rests on all its words, and on the items that it names."""
    told = explained(pads.folder, "PESAN KR-D 2", "--from", ANI)
    assert told["read_as"] == "order"
    assert told["sureness"] == 1.0
    assert told["spans"] == [[0, 12]]
    assert [each["code"] for each in told["candidates"]] == ["KR-D"]


def test_what_is_not_understood_rests_on_nothing(pads: Shop) -> None:
    """What is left to people is no sure reading, and says why it is left."""
    told = explained(pads.folder, "Pak, barangnya rusak, gimana ini")
    assert told["read_as"] == "human"
    assert told["sureness"] == 0
    assert told["spans"] == told["candidates"] == []
    assert told["why"]


def test_what_would_be_suggested(pads: Shop) -> None:
    """Where free texts are only suggested, the answer that would be ready is told as such."""
    pads.set(FREE_TEXT, "suggests")
    told = explained(pads.folder, "pesan kampas rem dpn vario 2")
    assert told["reply"] == ""
    assert "KR-D" in told["suggested"]
    assert "Jawaban siap" in crm(pads.folder, "read", "pesan kampas rem dpn vario 2")


def test_explaining_leaves_no_trace(pads: Shop) -> None:
    """Nothing in the store is different after a text was explained."""
    before = contents(pads.ctx)
    for text in ("pesan kampas rem dpn vario 2", "PESAN KR-D 1", "kampas rem vario brp", "?"):
        explaining.rehearsed(pads.ctx, text, ANI, Catalogue())
    assert contents(pads.ctx) == before


def test_controls_in_a_text_reach_no_terminal(pads: Shop) -> None:
    """What a text would do to a terminal is shown, not done."""
    shown = crm(pads.folder, "read", "kampas rem dpn vario brp\x1b[2J\x07")
    assert "\x1b" not in shown
    assert "\x07" not in shown
