"""A shop in which there is something to be seen on every screen."""

from importlib.resources import files
from pathlib import Path

from crm_tui.shop.customers import people
from crm_tui.shop.gate.context import GATEWAY
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.loyalty import points, rewards, tiers
from crm_tui.shop.messages import outbox
from crm_tui.shop.orders import deciding
from crm_tui.shop.sales import collecting
from crm_tui.shop.users import login
from tests.counter import acting, staff
from tests.shop import Shop

BUDI, SITI, MAJU, NEW = "+6281373100101", "+6281373100102", "+6281278804411", "+6282177650043"


def scene(shop: Shop) -> login.User:
    """A shop at nine in the morning: orders in every state, SMS that wait, one in doubt."""
    shelf = Path(str(files("crm_tui") / "practice" / "items.csv"))
    import_items.apply(shop.ctx, import_items.read_file(shelf), shelf.name)
    user = staff(shop, "Administrator")
    desk = acting(shop, user)
    for number, (phone, name) in enumerate(
        ((BUDI, "Budi Santoso"), (SITI, "Siti Aminah"), (MAJU, "Bengkel Maju Jaya")), start=1
    ):
        shop.ask(phone, "INFO")
        people.register(shop.ctx, number, name, "Palembang")
    shop.ask(MAJU, "PESAN OLI-MPX2 6")
    deciding.confirm(desk, 1)
    shop.run(5)
    collecting.collect(desk, 1)
    shop.ask(BUDI, "PESAN KR-BEAT-D 1")
    deciding.reject(desk, 2, "barang sedang kosong")
    shop.ask(SITI, "PESAN FO-AVZ 2, OLI-SHL10 1")
    deciding.confirm(desk, 3)
    shop.run(1700)
    shop.ask(MAJU, "PESAN KR-VAR-D 2, OLI-MPX2 6, BSI-C7 10")
    shop.run(900)
    shop.modem.faults.no_reports = True
    shop.modem.faults.lost_answers = 1
    outbox.send(desk, SITI, "Oli pesanan Ibu sudah datang.")
    shop.run(120)
    shop.modem.faults.no_reports = False
    shop.ask(NEW, "Pak, kampas rem yang kemarin kok bunyi ya?")
    shop.ask(BUDI, "psn BSI-IRI 2")
    deciding.later(desk, 5)
    shop.run(200)
    shop.ask(NEW, "PESAN AKI-NS60 2")
    return user


def good_customers(shop: Shop) -> None:
    """Two who want promos, with a tier, points, and a frozen list; what somebody asked in vain."""
    for number in (1, 3):
        people.consent(shop.ctx.acting(GATEWAY), number, "yes", "formulir")
    points.give(shop.ctx, 1, 120, "ulang tahun")
    tiers.save(shop.ctx, tiers.Tier("Juara", 1, top=10_000, discount=500, multiplier=200,
                                    gift="Payung"))  # fmt: skip
    tiers.keep_up(shop.ctx)
    rewards.freeze(shop.ctx, "2026-4")
    shop.ask(SITI, "HARGA XXX-99")
    shop.ask(BUDI, "PESAN KR-BEAT-D 900")
    shop.ask(BUDI, "KABARI KR-BEAT-B")
