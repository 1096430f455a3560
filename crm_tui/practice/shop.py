"""The practice shop: a folder of its own, made-up customers, a modem that is not there."""

import random
import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

from filelock import FileLock

from crm_tui.clock import Clock, SimulatedClock
from crm_tui.practice import people
from crm_tui.practice.people import Person

SHOP = "PT. ABC"
FOLDER = "latihan"
PASSWORD = "latihan123"
_MODEM = "practice"
_CREDIT = "*888#"
"""What is dialled for the credit; the simulated network answers to it."""


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in."""

    login: str
    name: str
    role: str


ACCOUNTS = (
    Account("sari", "Sari", "Staf Konter"),
    Account("tono", "Tono", "Kepala Bengkel"),
    Account("dewi", "Dewi", "Branch Manager"),
    Account("admin", "admin", "Administrator"),
)

PACES = (0, 60, 20, 5)
"""Seconds between two SMS of customers who write by themselves; 0: they do not."""


class Practice:
    """One practice shop in `folder`. `prepare` takes some seconds the first time."""

    accounts = ACCOUNTS
    password = PASSWORD

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self.progress = 0.0
        self.pace = 0
        self.beside = False
        """Whether the telephone stands beside the screens."""
        self.in_hand = 0
        """Whose telephone the trainee holds."""
        self._clock = clock
        self._chance = random.Random()
        self._next_letter = 0.0
        self._codes: list[str] = []

    def prepare(self) -> None:
        """Set the shop up if it is not there yet, with three months behind it."""
        from crm_tui.shop.gate.folder import store_path

        if store_path(self.folder).exists() and self._is_whole():
            return
        with FileLock(self.folder / "latihan.lock", mode=0o600):
            # Another one may have set it up while this one waited.
            if store_path(self.folder).exists() and self._is_whole():
                return
            self.clear()
            self._set_up()

    def _is_whole(self) -> bool:
        """Whether an earlier setting up came to its end."""
        from crm_tui.shop.gate.context import Context, console
        from crm_tui.shop.gate.folder import store_path
        from crm_tui.shop.gate.practice import is_practice
        from crm_tui.store import Store

        store = Store(store_path(self.folder))
        try:
            return is_practice(Context(store, self._clock, console()))
        finally:
            store.close()

    def clear(self) -> None:
        """Throw the shop away, and nothing that is not ours."""
        for end in ("", "-wal", "-shm", "-sums", "-checked"):
            (self.folder / f"crm.db{end}").unlink(missing_ok=True)
        shutil.rmtree(self.folder / "backups", ignore_errors=True)

    def _set_up(self) -> None:
        from crm_tui.practice import history, lessons
        from crm_tui.shop.gate import settings
        from crm_tui.shop.gate.context import Actor, Context
        from crm_tui.shop.gate.practice import mark_practice
        from crm_tui.shop.imports import items as import_items
        from crm_tui.shop.loyalty import tiers
        from crm_tui.shop.messages.settings import BALANCE_CODE
        from crm_tui.shop.users import setup

        self.folder.mkdir(parents=True, exist_ok=True)
        boss = ACCOUNTS[-1]
        ctx = setup.init(self.folder, self._clock, shop=SHOP, admin=boss.login, password=PASSWORD)
        try:
            for account in ACCOUNTS[:-1]:
                setup.add_user(ctx, account.login, PASSWORD, role=account.role, name=account.name)
            rows = import_items.read_file(Path(str(files("crm_tui") / "practice" / "items.csv")))
            begin = SimulatedClock(self._clock.now() - timedelta(days=history.DAYS, hours=1))
            # The goods come with the first delivery: what was there on a past day has to be true.
            unstocked = [replace(row, stock=None, cost=None) for row in rows]
            import_items.apply(Context(ctx.store, begin, ctx.actor), unstocked, "items.csv")
            staff = {
                row["login"]: Actor("user", row["login"], row["id"])
                for row in ctx.db.execute("SELECT id, login FROM users").fetchall()
            }
            history.live(
                ctx.store, staff, {row.code: row.stock or 0 for row in rows},
                {row.code: row.cost or 0 for row in rows}, self._clock.now(), self._come_along,
                days=history.DAYS,
            )  # fmt: skip
            tiers.keep_up(ctx)
            lessons.begin(ctx)
            settings.change(ctx, BALANCE_CODE.key, _CREDIT)
            mark_practice(ctx)
        finally:
            ctx.store.close()

    def _come_along(self, share: float) -> None:
        self.progress = share

    # ── the modem, and those who write ────────────────────────────────────────────────────────

    def plug_in(self) -> str:
        """Switch the simulated modem on; its port."""
        from crm_tui.simulator import registry
        from crm_tui.simulator.commands import SimulatedModem

        modem = SimulatedModem(self._clock)
        modem.faults.report_delay = 2.0
        registry.register(_MODEM, modem)
        return f"sim://{_MODEM}"

    def write(self, phone: str, text: str) -> None:
        """A customer sends an SMS."""
        from crm_tui.simulator import registry

        registry.modem(_MODEM).inject(phone, text)

    def next_pace(self) -> int:
        """Let customers write faster, or not at all; seconds between two SMS."""
        self.pace = PACES[(PACES.index(self.pace) + 1) % len(PACES)]
        self._next_letter = self._clock.monotonic() + min(self.pace, 2)
        return self.pace

    def breathe(self) -> None:
        """A customer writes unasked, if it is time."""
        if not self.pace or self._clock.monotonic() < self._next_letter:
            return
        self._next_letter = self._clock.monotonic() + self.pace * self._chance.uniform(0.6, 1.4)
        weights = [person.weight for person in people.PEOPLE]
        person: Person = self._chance.choices(people.PEOPLE, weights=weights)[0]
        self.write(person.phone, people.message(self._chance, person, self._shelf()))

    def _shelf(self) -> list[str]:
        if not self._codes:
            lines = (files("crm_tui") / "practice" / "items.csv").read_text("utf-8").splitlines()
            self._codes = [line.split(",")[0] for line in lines[1:]]
        return self._codes
