"""The till on the screen: what a busy clerk's fingers do."""

import json
import os
import threading
import tty
from pathlib import Path

import pytest
from textual import events

from crm_tui.screens.menu.main import MenuScreen
from crm_tui.screens.sales.paying import Pay
from crm_tui.screens.sales.receipts import Receipt
from crm_tui.screens.sales.till import TillScreen
from crm_tui.screens.shell.finders import CustomerFinder
from crm_tui.screens.widgets.choose import Choose
from crm_tui.shop.customers import cards
from crm_tui.shop.customers.cards import Card
from crm_tui.shop.gate import practice
from crm_tui.shop.gate.context import Context
from crm_tui.shop.sales import printing, unfinished
from crm_tui.shop.sales.cart import Cart
from crm_tui.shop.sales.errors import NoPrinter, PrinterFailed
from crm_tui.shop.sales.settings import CREDIT_LIMIT, PRINT_ALWAYS, PRINTER
from crm_tui.shop.users import login
from tests.counter import counter, staff
from tests.day import money_adds_up
from tests.shop import Shop, ledgers_add_up

pytestmark = pytest.mark.asyncio


async def test_three_parts_in_few_keys(shop: Shop) -> None:
    """Three parts are sold with six keys beside their codes, and the receipt is there to be read."""
    async with counter(shop, staff(shop, "Staf Konter")) as here:
        keys = ["0"]
        await here.press("0")
        for code in ("PQ-R", "2 AB-1", "cd2x"):
            await here.type(code)
            await here.press("enter")
            keys.append("enter")
        assert "Total Rp130.000" in here.text
        for key in ("f4", "f4"):
            await here.press(key)
            keys.append(key)
        await here.until(lambda: "LUNAS, uang pas" in here.text, here.text)
        assert "TOTAL" in here.text
        assert isinstance(here.app.screen, TillScreen)
        assert len(keys) == 6
        assert shop.rows("SELECT method, amount, received FROM payments") == [
            {"method": "cash", "amount": 130_000, "received": 130_000}
        ]
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, MenuScreen))
    ledgers_add_up(shop.ctx)
    money_adds_up(shop.ctx)


async def test_quantity_discount_customer_and_account(shop: Shop) -> None:
    """Another quantity, a discount, a customer and a part on account, all by keyboard."""
    shop.set(CREDIT_LIMIT, 10**6)
    cards.add(shop.ctx, Card("Bengkel Maju"))
    async with counter(shop, staff(shop, "Kepala Bengkel")) as here:
        await here.press("0")
        await here.type("PQ-R")
        await here.press("enter")
        await here.type("*4")
        await here.press("enter")
        assert "Total Rp340.000" in here.text
        await here.press("f8")
        await here.type("10%")
        await here.press("f4")
        await here.until(lambda: "Total Rp306.000" in here.text, here.text)
        await here.press("f8")
        assert "10%" in here.text
        await here.press("escape", "f3")
        await here.type("maju")
        await here.press("enter")
        await here.until(lambda: "Bengkel Maju" in here.text, "who")
        await here.press("f4")
        await here.type("100000")
        assert "Masih kurang Rp206.000" in here.text
        await here.press("f4")
        await here.until(lambda: "✗ Masih kurang" in here.text, here.text)
        await here.press("f7")
        await here.until(lambda: "utang Rp206.000" in here.text, here.text)
    assert shop.rows("SELECT method, amount FROM payments ORDER BY id") == [
        {"method": "cash", "amount": 100_000},
        {"method": "account", "amount": 206_000},
    ]
    money_adds_up(shop.ctx)


@pytest.mark.soak
async def test_what_is_entered_late_is_of_the_sale_whoever_buys(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A code that is still being looked up while the buyer is chosen comes into the sale, and stays."""
    cards.add(shop.ctx, Card("Bengkel Maju"))
    kept, may_go_on = unfinished.keep, threading.Event()

    def late(ctx: Context, place: int, cart: Cart, customer_id: int | None = None) -> None:
        if len(cart.lines) == 2 and customer_id is None:
            may_go_on.wait(10)
        kept(ctx, place, cart, customer_id)

    async with counter(shop, staff(shop)) as here:
        await here.press("0")
        await here.type("PQ-R")
        await here.press("enter")
        await here.until(lambda: "Total Rp85.000" in here.text, here.text)
        monkeypatch.setattr(unfinished, "keep", late)
        await here.paste("PQ-S")
        for key in ("enter", "f3"):
            await here.pilot.press(key)
        await here.until(lambda: isinstance(here.app.screen, CustomerFinder))
        here.app.post_message(events.Paste("maju"))
        await here.until(lambda: "Bengkel Maju" in here.text, here.text)
        await here.pilot.press("enter")
        await here.until(lambda: isinstance(here.app.screen, TillScreen))
        may_go_on.set()
        await here.until(lambda: "Total Rp147.000" in here.text, here.text)
        await here.settle()
        assert "Bengkel Maju" in here.text
        cart = json.loads(str(shop.one("SELECT cart FROM open_sales")))
        assert [line["code"] for line in cart["lines"]] == ["PQ-R", "PQ-S"]


@pytest.mark.soak
async def test_what_was_left_open_is_there_before_what_is_scanned(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A code that is scanned while the till still looks for what was left open takes nothing away."""
    user = staff(shop)
    async with counter(shop, user) as here:
        await here.press("0")
        await here.type("PQ-R")
        await here.press("enter")
        await here.until(lambda: "Total Rp85.000" in here.text, here.text)
    resume, may_go_on = unfinished.resume, threading.Event()

    def late(ctx: Context, place: int) -> object:
        may_go_on.wait(10)
        return resume(ctx, place)

    monkeypatch.setattr(unfinished, "resume", late)
    async with counter(shop, user) as here:
        await here.pilot.press("0")
        await here.until(lambda: isinstance(here.app.screen, TillScreen))
        here.app.post_message(events.Paste("PQ-S"))
        await here.pilot.press("enter")
        await here.pilot.pause(0.3)
        may_go_on.set()
        await here.until(lambda: "Total Rp147.000" in here.text, here.text)
        cart = json.loads(str(shop.one("SELECT cart FROM open_sales")))
        assert [line["code"] for line in cart["lines"]] == ["PQ-R", "PQ-S"]


async def test_what_is_being_put_aside_is_not_asked_about(shop: Shop) -> None:
    """Esc in the same breath as the key that puts aside only goes back."""
    async with counter(shop, staff(shop)) as here:
        await here.press("0")
        await here.type("3 PQ-S")
        await here.press("enter")
        await here.until(lambda: "Total Rp186.000" in here.text)
        for key in ("f11", "escape"):
            here.app.simulate_key(key)
        await here.until(lambda: isinstance(here.app.screen, MenuScreen), here.text)
        assert shop.one("SELECT count(*) FROM parked_sales") == 1


async def test_put_aside(shop: Shop) -> None:
    """A sale that is put aside is taken up as it was, by the same key, which says what it does now."""
    async with counter(shop, staff(shop)) as here:
        await here.press("0")
        await here.type("3 PQ-S")
        await here.press("enter")
        assert "F11 Sisihkan" in here.text
        await here.press("f11")
        await here.until(lambda: "1 disimpan dulu" in here.text)
        assert "Total Rp0" in here.text
        await here.until(lambda: "F11 Lanjutkan" in here.text, here.text)
        await here.press("f11")
        await here.until(lambda: "Total Rp186.000" in here.text)
        await here.press("delete")
        assert "Total Rp0" in here.text
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, MenuScreen))
        assert shop.one("SELECT count(*) FROM parked_sales") == 0


@pytest.mark.soak
async def test_which_is_taken_up(shop: Shop) -> None:
    """Of several sales that were put aside the clerk chooses one."""
    async with counter(shop, staff(shop)) as here:
        await here.press("0")
        for typed in ("3 PQ-S", "1 PQ-R"):
            await here.type(typed)
            await here.press("enter", "f11")
        await here.until(lambda: "2 disimpan dulu" in here.text)
        await here.press("f11")
        assert isinstance(here.app.screen, Choose)
        await here.press("down", "enter")
        await here.until(lambda: "Total Rp85.000" in here.text, here.text)
        assert "1 disimpan dulu" in here.text


@pytest.mark.soak
async def test_another_user_between(shop: Shop) -> None:
    """What a clerk was putting together is there again after somebody else was signed in."""
    first, second = staff(shop), staff(shop, "Staf Konter", "dewi")
    async with counter(shop, first) as here:
        await here.press("0")
        await here.type("3 PQ-S")
        await here.press("enter")
        await here.app.sign_out()
        await here.app.signed_in(second)
        await here.settle()
        await here.press("0")
        await here.until(lambda: "Total Rp0" in here.text)
        await here.app.sign_out()
        await here.app.signed_in(first)
        await here.settle()
        await here.press("0")
        await here.until(lambda: "Total Rp186.000" in here.text, here.text)


@pytest.mark.parametrize("always", [0, 1])
async def test_receipt_on_paper_and_in_a_file(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, always: int
) -> None:
    """A receipt goes to the system's printer, by a key or at once, and into a file of exports/."""
    paper = tmp_path / "paper"
    lp = tmp_path / "bin" / "lp"
    lp.parent.mkdir()
    lp.write_text(f'#!/bin/sh\necho "$@" > {paper}.words\ncat >> {paper}\n')
    lp.chmod(0o700)
    monkeypatch.setenv("PATH", f"{lp.parent}:/usr/bin:/bin")
    shop.set(PRINTER, "EPSON TM-T20")
    shop.set(PRINT_ALWAYS, always)
    async with counter(shop, staff(shop)) as here:
        await here.press("0")
        await here.type("3 PQ-S")
        await here.press("enter", "f4", "f4")
        await here.until(lambda: "TOTAL" in here.text, here.text)
        if always:
            await here.until(lambda: "printer" in here.notice, here.text)
        await here.press("ctrl+r")
        assert isinstance(here.app.screen, Receipt)
        if not always:
            await here.press("c")
            await here.until(lambda: "printer" in here.text, here.text)
        await here.press("f")
        await here.until(lambda: "nota-1.txt" in here.text, here.text)
    assert "-d EPSON TM-T20" in Path(f"{paper}.words").read_text()
    assert paper.read_text().count("Nota 1") == 1
    written = (shop.folder / "exports" / "nota-1.txt").read_text()
    # What comes second is a copy, and says so.
    assert " ".join(written.replace("SALINAN 1", "").split()) == " ".join(paper.read_text().split())
    assert "SALINAN 1" in written
    assert "SALINAN" not in paper.read_text()


async def test_no_printer(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A printer that is not there, or refuses, is told of in one sentence; a device gets octets."""
    other, device = os.openpty()
    tty.setraw(device)
    printing.send("Nota 1\x1b\nRp85.000", os.ttyname(device))
    assert os.read(other, 100) == b"\r\nNota 1?\r\nRp85.000\r\n\r\n\r\n\r\n"
    os.close(other)
    os.close(device)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoPrinter):
        printing.send("x", "")
    lp = tmp_path / "lp"
    lp.write_text("#!/bin/sh\necho 'lp: Error - no such printer' >&2; exit 1\n")
    lp.chmod(0o700)
    with pytest.raises(PrinterFailed, match="no such printer"):
        printing.send("x", "")
    with pytest.raises(PrinterFailed):
        printing.send("x", str(tmp_path / "none" / "lp0"))


MAGIC = ("%!PS-Adobe-3.0", "%PDF-1.4", "\x04%!PS", "GIF89a", "P6 1 1", "@PJL SET", "#!/bin/sh", "BM6",
         "<html>", "\x1b%-12345X@PJL", "\u009b2J", "Û@Ü", "{\\rtf1", "\ufeff%!")  # fmt: skip
"""What spoolers and printers take for something else than text, or for a command."""


@pytest.mark.parametrize("way", ["lp", "lpr", "device"])
@pytest.mark.parametrize("hostile", MAGIC)
async def test_paper_is_text(
    way: str, hostile: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a name begins with, and wherever it stands, what goes to a printer is lines of ASCII
    that no spooler takes for PostScript, PDF or a picture, and that no printer obeys; what can be read
    of it is there."""
    text = f"{hostile}\nBudi Élan – {hostile}\n{hostile}"
    if way == "device":
        other, device = os.openpty()
        tty.setraw(device)
        printing.send(text, os.ttyname(device))
        came = os.read(other, 1000).replace(b"\r\n", b"\n")
        os.close(other)
        os.close(device)
    else:
        program = tmp_path / way
        program.write_text(f'#!/bin/sh\n/bin/cat >{tmp_path}/came; echo "$@" >{tmp_path}/words\n')
        program.chmod(0o700)
        monkeypatch.setenv("PATH", str(tmp_path))
        printing.send(text, "kasir")
        came = (tmp_path / "came").read_bytes()
        told = (tmp_path / "words").read_text()
        assert ("document-format=text/plain" in told) == (way == "lp")
    assert came[:1] in b" \n"
    assert all(octet == 10 or 32 <= octet < 127 for octet in came)
    for each in came.split(b"\n"):
        assert not each.startswith((b"%", b"@", b"#!", b"<"))
    assert b"Budi Elan - " in came


async def test_refused_below_the_screen(shop: Shop) -> None:
    """A user who may not sell more than there is reads so at once, not when the money is there."""
    async with counter(shop, staff(shop, "Staf Konter")) as here:
        await here.press("0")
        await here.type("9 GH-4")
        await here.press("enter")
        await here.until(lambda: "tidak cukup" in here.notice, here.text)
        assert "Total Rp0" in here.text
        await here.press("escape", "f4")
        assert isinstance(here.app.screen, TillScreen)
        assert shop.one("SELECT count(*) FROM open_sales") == 0


@pytest.mark.soak
async def test_keys_follow_what_can_be_done(shop: Shop) -> None:
    """At 80 columns all keys of the till are in the footer, in the practice shop too; that of a sale
    which was put aside is there as soon as the till is."""
    practice.mark_practice(shop.ctx)
    async with counter(shop, staff(shop, "Kepala Bengkel"), practice=True) as here:
        await here.press("0")
        await here.type("PQ-R")
        await here.press("enter")
        keys = here.text.splitlines()[-1]
        for key in ("F4 ", "F3 ", "F8 ", "F11 ", "Esc ", "F5 ", "F1 "):
            assert f" {key}" in keys, keys
        await here.press("f11")
        await here.until(lambda: "Penjualan masih kosong" in here.text, here.text)
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, MenuScreen))
        await here.press("0")
        await here.until(lambda: " F11 " in here.text.splitlines()[-1], here.text)
        await here.press("f11")
        await here.until(lambda: " F4 " in here.text.splitlines()[-1], here.text)


@pytest.mark.soak
async def test_the_menu_tells_of_a_sale_that_is_not_paid(shop: Shop) -> None:
    """What was left open, and what was put aside, stands in the menu with the till's key, for whoever
    goes on with it; after it is sold nothing does."""
    async with counter(shop, staff(shop)) as here:
        assert not here.app.screen.query_one("#unpaid").display
        await here.press("0")
        for code in ("PQ-R", "AB-1"):
            await here.type(code)
            await here.press("enter")
        await here.press("escape", "enter")
        await here.until(lambda: "0  Belum dibayar: 2 barang" in here.text, here.text)
    async with counter(shop, login.user(shop.ctx, 2)) as here:
        assert "0  Belum dibayar: 2 barang" in here.text
        await here.press("0")
        await here.until(lambda: "AB-1" in here.text, here.text)
        await here.press("f11")
        await here.until(lambda: "Penjualan masih kosong" in here.text, here.text)
        await here.press("escape")
        await here.until(lambda: "0  1 disimpan dulu" in here.text, here.text)
    async with counter(shop, staff(shop, "Branch Manager", "rina")) as here:
        assert not here.app.screen.query_one("#unpaid").display
    async with counter(shop, staff(shop, "Staf Konter", "dewi")) as here:
        await here.until(lambda: "0  1 disimpan dulu" in here.text, here.text)
        await here.press("0")
        await here.until(lambda: "1 disimpan dulu" in here.text, here.text)
        await here.press("f11")
        await here.until(lambda: "AB-1" in here.text, here.text)
        await here.press("f4")
        await here.until(lambda: isinstance(here.app.screen, Pay), here.text)
        await here.press("f4")
        await here.until(lambda: "LUNAS" in here.text, here.text)
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, MenuScreen))
        await here.until(lambda: "disimpan" not in here.text, here.text)
