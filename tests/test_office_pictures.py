"""Pictures of the head office's screens, at both sizes and in both languages; nothing in them is cut or
covered. How they are renewed, `test_pictures` says."""

from datetime import UTC, datetime
from pathlib import Path
from typing import cast
from unittest.mock import patch

import pytest
from syrupy.assertion import SnapshotAssertion
from textual._compositor import Compositor

from crm_tui.clock import SimulatedClock
from crm_tui.office import database, reports
from crm_tui.office_app import OfficeApp
from crm_tui.screens.office.reports import OfficeReport, ReportList
from crm_tui.screens.widgets.choose import Choose
from crm_tui.shop.sales import till
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.payment_methods import Paid
from tests import office as offices
from tests.counter import Counter
from tests.look import Look
from tests.shop import Shop, cart_of
from tests.test_pictures import LOOKS, SOAK

pytestmark = pytest.mark.asyncio
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SEEN = "2026-11-24T08:04:05Z"
_PAINT = Compositor.render_update


def the_office(shop: Shop, folder: Path) -> database.Office:
    """Three branches: one with a sale, one that is behind with a clock that is off and rows that lie
    aside, one that never came."""
    dsn = offices.database(folder / "pusat")
    goods = cart_of([CartLine(6, "PQ-R", "x", "set", 85_000, 2)])
    till.sell(shop.ctx, goods.sold(), [Paid("cash", 170_000)])
    offices.send(dsn, offices.add_branch(dsn, "Ampera", seen_at=SEEN), shop.ctx)
    late = offices.add_branch(dsn, "Plaju Ulu", seen_at=SEEN, behind=12_345, skew="-900 s")
    offices.add_branch(dsn, "Seberang", seen_at=None, behind=None, skew=None)
    side = offices.open_office(dsn, folder, SimulatedClock(NOW))
    side.connection.execute(
        "INSERT INTO crm.odd (branch, epoch, ledger, id, rows, why) VALUES (%s, 1, 'transfers', 1, 300,"
        " 'too many')", (late,))  # fmt: skip
    side.connection.commit()
    side.connection.close()
    return database.Office(folder, dsn, "localhost", 5432)


@SOAK
@LOOKS
async def test_the_head_office(
    shop: Shop, snapshot: SnapshotAssertion, tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    """The list of reports, reports of the chain and of a branch, and the choice of days."""
    look = Look(snapshot, frozenset())
    app = OfficeApp(the_office(shop, tmp_path), SimulatedClock(NOW), language=language)
    with patch.object(Compositor, "render_update", _PAINT):
        async with app.run_test(size=size) as pilot:
            look.here = Counter(app, pilot, cast(Shop, None))
            await look.here.until(lambda: isinstance(app.screen, ReportList), "no list of reports")
            await look.at("office", ReportList)
            for name in ("sales", "branches", "revenue", "transfers"):
                keys = ["home", *["down"] * reports.NAMES.index(name), "enter"]
                await look.at(f"office-{name}", OfficeReport, *keys)
                if name == "sales":
                    await look.at("office-period", Choose, "p")
                    await look.at("office-of-branch", OfficeReport, "escape", "home", "enter")
                    await look.here.press("escape")
                if name == "branches":
                    await look.at("office-branch", ReportList, "home", "enter")
                    await look.here.press("escape")
                await look.here.press("escape")
    look.end()
