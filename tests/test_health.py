"""The report of the line: every state by its name, and what stands still for too long is told."""

import json
from typing import Any

import pytest

from crm_tui.gsm.errors import NotRegistered, PinNeeded, PinRefused, PukNeeded, SimMissing
from crm_tui.i18n import translate
from crm_tui.shop.gate import health
from crm_tui.shop.gate.context import GATEWAY
from crm_tui.shop.messages import diagnostics, findings, gateway_state, outbox
from crm_tui.shop.messages.errors import SimFull
from crm_tui.shop.overview import dashboard
from crm_tui.shop.reports import formats
from crm_tui.shop.reports.health import HEALTH
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.sms import MESSAGES
from tests.shop import ANI, Shop, calm


@pytest.fixture(autouse=True)
def _calm(monkeypatch: pytest.MonkeyPatch) -> None:
    calm(monkeypatch)


def rows(shop: Shop) -> dict[str, dict[str, Any]]:
    return {row["what"]: dict(row) for row in HEALTH.rows(shop.ctx, Period())}


def test_all_is_well(shop: Shop) -> None:
    """With a modem that serves all is well, and there is nothing to do."""
    told: list[dict[str, dict[str, Any]]] = []
    shop.after(200, lambda: told.append(rows(shop)))
    shop.run(201)
    assert {name: row["state"] for name, row in told[0].items()} == {
        "modem": "ready", "network": "registered", "signal": "68 %", "SIM card": "0 of 30",
    }  # fmt: skip
    assert {(row["good"], row["says"]) for row in told[0].values()} == {("yes", "")}


@pytest.mark.parametrize(
    ("fault", "value", "what", "state"),
    [("creg", 5, "network", "roaming"), ("creg", 3, "network", "refused by the network"),
     ("creg", 2, "network", "searches"), ("sim", "MISSING", "modem", "no SIM card"),
     ("signal", 3, "signal", "10 %"), ("silent", True, "modem", "modem is silent")],
)  # fmt: skip
def test_each_state(shop: Shop, fault: str, value: object, what: str, state: str) -> None:
    """Each state has its name, and a sentence with what to do; in both languages, as a table too."""
    setattr(shop.modem.faults, fault, value)
    told: list[dict[str, dict[str, Any]]] = []
    tables: list[str] = []
    shop.after(100, lambda: told.append(rows(shop)))

    def table() -> None:
        records = list(HEALTH.rows(shop.ctx, Period()))
        json.dumps([dict(each) for each in records])
        for language in ("id", "en"):
            tables.append(
                formats.table(HEALTH, records, lambda text, /, **p: translate(text, language, **p))  # noqa: B023
            )

    shop.after(100, table)
    shop.run(101)
    assert told[0][what]["state"] == state
    assert any(row["says"] for row in told[0].values())
    assert all("{" not in each and '["' not in each for each in tables)


def test_what_stands_still(shop: Shop) -> None:
    """An SMS that does not go out is told after ten minutes, on the status line too; not before."""
    shop.modem.faults.silent = True
    outbox.send(shop.ctx, ANI, "Halo")
    for seconds, late in ((500, False), (200, True)):
        shop.run(seconds)
        assert bool(diagnostics.standing_still(shop.ctx)) is late
        assert bool(dashboard.figures(shop.ctx).late) is late
    shop.modem.faults.silent = False
    shop.run(60)
    assert not diagnostics.standing_still(shop.ctx)


def test_sms_that_do_not_arrive(shop: Shop) -> None:
    """A modem that takes all SMS and brings none, where reports had come before, is told of; not where
    one customer's telephone is off, nor before the reports had their time."""

    def sent(phones: int, status: str) -> None:
        with shop.ctx.store.transaction() as db:
            for number in range(12):
                db.execute(
                    "INSERT INTO messages"
                    " (direction, kind, at, phone, text, status, status_at, sent_at)"
                    " VALUES ('out', 'answer', ?, ?, 'x', ?, ?, ?)",
                    (shop.ctx.at, f"+62811{number % phones:07}", status, shop.ctx.at, shop.ctx.at),
                )

    def told() -> str | None:
        found = findings.arriving(shop.ctx)
        return found.state if found else None

    sent(12, "sent")
    shop.clock.wait(20_000)
    assert told() is None
    sent(12, "delivered")
    shop.clock.wait(20_000)
    sent(2, "sent")
    shop.clock.wait(20_000)
    assert told() == health.WELL
    sent(12, "sent")
    assert told() == health.WELL
    shop.clock.wait(20_000)
    assert told() == health.BAD
    sent(1, "delivered")
    shop.clock.wait(20_000)
    assert told() == health.WELL


def test_reasons_are_reported(shop: Shop) -> None:
    """The report of messages says why one did not go out."""
    shop.modem.faults.sms_errors = [21] * 4
    outbox.send(shop.ctx, ANI, "Halo")
    shop.run(200)
    row = next(iter(MESSAGES.rows(shop.ctx, Period())))
    assert row["status"] == "failed"
    assert row["reason"] == (
        "The network refused it (CMS 21): rejected by the network, mostly for want of credit."
    )


def test_told_where_it_is_wrong(shop: Shop) -> None:
    """What is wrong stands in the row of what it is about, by its name: a locked card is no missing
    modem, and neither a network that is not there nor a full card is called well."""
    line = shop.ctx.acting(GATEWAY)
    for told, network, used, row, state in (
        (PukNeeded(), "", 0, "modem", "SIM wants its PUK"),
        (NotRegistered(), "off", 0, "network", "no network"),
        (None, "off", 0, "network", "no network"),
        (SimFull(used=30, capacity=30), "home", 30, "SIM card", "30 of 30"),
    ):
        gateway_state.write(
            line, "till", "COM3", "waiting" if row == "modem" else "ready", error=told,
            line=gateway_state.Line(20, "X", network, used, 30),
        )  # fmt: skip
        found = rows(shop)
        assert {name: each["good"] for name, each in found.items() if each["good"] == "no"} == {
            row: "no"
        }
        assert found[row]["state"] == state


def test_what_is_tried_again(shop: Shop) -> None:
    """Only of what is tried again by itself it is said that it is: not of a PIN."""
    line = shop.ctx.acting(GATEWAY)
    for problem in (PinNeeded(), PinRefused(), PukNeeded(), SimMissing(), NotRegistered()):
        gateway_state.write(line, "till", "COM3", "waiting", error=problem)
        assert ("tries again" in findings.line(shop.ctx).advice) is problem.again
