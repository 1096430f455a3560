"""The practice day in words: real parts, the real driver, a simulated modem, made-up customers."""

import json
import tempfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from crm_tui.clock import ZONE, use_zone
from crm_tui.errors import N_, Sentence
from crm_tui.gateway import Gateway
from crm_tui.i18n import Translate
from crm_tui.practice.clock import EventClock
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.messages import gateway_state
from crm_tui.shop.orders import book, deciding
from crm_tui.shop.reports import formats
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.registry import REPORTS
from crm_tui.shop.sales import collecting
from crm_tui.shop.users import setup
from crm_tui.simulator import registry
from crm_tui.simulator.commands import SimulatedModem
from crm_tui.store import Store

Say = Callable[[str], None]

SHOP = "PT. ABC (latihan)"
_END = time(8, 45)
_WHAT = {
    "lost_ok": N_(
        "The modem will swallow the next OK: then nobody knows whether the SMS went out."
    ),
    "unplug": N_("Somebody kicks the modem's cable."),
    "replug": N_("The cable is back."),
}


def narrate(translate: Translate, retell: Callable[[Sentence], str], say: Say, width: int) -> None:
    """Play the day and say what happens; the shop's folder is thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="crm-tui-") as folder:
        _Story(translate, retell, say, width, Path(folder)).play()


class _Story:
    def __init__(
        self,
        translate: Translate,
        retell: Callable[[Sentence], str],
        say: Say,
        width: int,
        folder: Path,
    ) -> None:
        self._t = translate
        self._retell = retell
        self._say = say
        self._width = width
        self._day = date(2026, 11, 24)
        # The hours of the day are those of its shop, not of the computer.
        use_zone(ZONE)
        self._clock = EventClock(self._moment(time(8, 0)))
        self._folder = folder
        self._modem = SimulatedModem(self._clock)
        self._names: dict[str, str] = {}
        self._statuses: dict[int, str] = {}
        self._orders: dict[int, str] = {}

    def _moment(self, at: time) -> datetime:
        return datetime.combine(self._day, at).astimezone()

    def play(self) -> None:
        self._say(
            self._t(
                N_("A day in the practice shop {shop}. Only the customers are made up."), shop=SHOP
            )
        )
        self._ctx = setup.init(
            self._folder, self._clock, shop=SHOP, admin="admin", password="hari-kamis-ramai"
        )
        with_items = files("crm_tui") / "practice" / "items.csv"
        rows = import_items.read_file(Path(str(with_items)))
        done = import_items.apply(self._ctx, rows, "items.csv")
        self._say(
            self._t(
                N_("{count} items are on the shelves; the modem is switched on."),
                count=len(done.new),
            )
        )
        self._say("")
        # The counter is another program than the worker: it has a connection of its own.
        self._counter = Store(self._ctx.store.path)
        gateway = Gateway(self._ctx.store, self._clock, self._folder, "sim://story")
        registry.register("story", self._modem)
        for event in json.loads((files("crm_tui") / "practice" / "day.json").read_text("utf-8")):
            at = self._moment(time.fromisoformat(event["at"]))
            self._clock.at(at, lambda event=event: self._happen(event))  # type: ignore[misc]
        # The store is looked at every few seconds, as a screen would.
        begin = self._moment(time(8, 0))
        for seconds in range(2, int((self._moment(_END) - begin).total_seconds()), 2):
            self._clock.at(begin + timedelta(seconds=seconds), self._look)
        self._clock.at(self._moment(_END), gateway.stop.set)
        try:
            gateway.run()
        finally:
            registry.forget("story")
        self._finish()

    def _line(self, text: str, /, **values: object) -> None:
        self._say(f"{self._clock.now().astimezone():%H:%M:%S}  " + self._t(text, **values))

    def _happen(self, event: dict[str, Any]) -> None:
        if "text" in event:
            self._names[event["phone"]] = event["who"]
            self._say("")
            self._line(
                N_("{who} ({phone}) writes: {text}"),
                **{k: event[k] for k in ("who", "phone", "text")},
            )
            self._modem.inject(event["phone"], event["text"])
        elif "fault" in event:
            self._say("")
            self._line(_WHAT[event["say"]])
            match event["fault"]:
                case {"unplug": True}:
                    self._modem.unplug()
                case {"replug": True}:
                    self._modem.replug()
                case faults:
                    for name, value in faults.items():
                        setattr(self._modem.faults, name, value)
        else:
            self._staff(event)

    def _staff(self, event: dict[str, Any]) -> None:
        row = self._ctx.db.execute(
            "SELECT max(id) FROM orders WHERE phone = ? AND status IN ('waiting', 'confirmed')",
            (event["phone"],),
        ).fetchone()
        number = int(row[0])
        ctx = Context(self._counter, self._clock, self._ctx.actor)
        self._say("")
        match event["staff"]:
            case "confirm":
                self._line(N_("The counter confirms order {number}."), number=number)
                deciding.confirm(ctx, number)
            case "reject":
                self._line(
                    N_("The counter rejects order {number}: {reason}"),
                    number=number,
                    reason=event["reason"],
                )
                deciding.reject(ctx, number, event["reason"])
            case _:
                sale = collecting.collect(ctx, number)
                self._line(
                    N_("Order {number} is collected: sale {sale}."), number=number, sale=sale
                )

    def _look(self) -> None:
        """Tell what has changed in the store since the last look."""
        if self._ctx.db.conn.in_transaction:
            return
        for row in self._ctx.db.execute("SELECT * FROM messages ORDER BY id").fetchall():
            if self._statuses.get(row["id"]) == row["status"]:
                continue
            self._statuses[row["id"]] = row["status"]
            who = self._names.get(row["phone"], row["phone"])
            if row["direction"] == "in":
                if row["status"] == "staff":
                    self._line(
                        N_("   kept for the staff ({why})"),
                        why=self._retell(Sentence(row["reason"])),
                    )
                elif row["read_as"]:
                    self._line(N_("   read as: {what}"), what=self._t(row["read_as"]))
            elif row["status"] in ("sent", "in_doubt", "delivered", "failed"):
                self._line(
                    N_("   SMS to {who}, {status}: {text}"), who=who, status=self._t(row["status"]),
                    text=row["text"].replace("\n", " / "),
                )  # fmt: skip
        for row in self._ctx.db.execute("SELECT id, status FROM orders").fetchall():
            if self._orders.get(row["id"]) != row["status"]:
                self._orders[row["id"]] = row["status"]
                order = book.get(self._ctx, row["id"])
                self._line(
                    N_("   order {number} ({lines}): {status}"), number=order.number,
                    lines=book.brief(order), status=self._t(order.status),
                )  # fmt: skip

    def _finish(self) -> None:
        self._say("")
        self._say(self._t(N_("The day in figures")))
        everything = Period()
        for name in ("orders", "times"):
            report = REPORTS[name]
            rows = report.rows(self._ctx, everything)
            self._say("")
            self._say(formats.table(report, rows, self._t, self._width))
        reserved = self._ctx.db.execute("SELECT sum(on_hand), sum(reserved) FROM stock").fetchone()
        self._say("")
        self._say(
            self._t(
                N_("On the shelves: {there} pieces, {kept} of them reserved."),
                there=reserved[0],
                kept=reserved[1],
            )
        )
        waiting = gateway_state.queue_length(Context(self._ctx.store, self._clock, GATEWAY))
        self._say(
            self._t(
                N_("SMS that still wait: {waiting}; left on the SIM card: {left}."),
                waiting=waiting,
                left=self._modem.card.used("SM"),
            )
        )
        self._counter.close()
        self._ctx.store.close()
