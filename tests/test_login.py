"""Passwords, PINs, pauses, names."""

import contextlib
import json
import re

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import HashingError, VerificationError

from crm_tui import sqlite
from crm_tui.schema import v030_names
from crm_tui.screens.door.lock import LockScreen
from crm_tui.screens.door.login import LoginScreen
from crm_tui.screens.menu.main import MenuScreen
from crm_tui.screens.widgets.form import Form
from crm_tui.screens.widgets.line import Line
from crm_tui.shop.gate import access, conflicts, undo
from crm_tui.shop.gate.context import Context
from crm_tui.shop.items import cards, catalogue
from crm_tui.shop.sales import unfinished
from crm_tui.shop.users import accounts, findings, hashing, login, permitting, setup
from crm_tui.shop.users.errors import (
    BadPin,
    EasyPin,
    LoginWas,
    SecretMissing,
    TooManyTries,
    WrongLogin,
    WrongOldPassword,
    WrongPin,
)
from tests.counter import PASSWORD as COUNTER_PASSWORD
from tests.counter import Counter, counter, staff
from tests.daily import daily
from tests.day import line
from tests.shop import Shop, cart_of

NAME, PASSWORD, PIN = "bos", "harimau-bos", "4711"


@pytest.fixture
def with_pin(shop: Shop) -> Context:
    """A shop whose Administrator has signed in today and chosen a PIN."""
    user = login.sign_in(shop.ctx, NAME, PASSWORD)
    login.set_pin(shop.ctx.acting(user.actor), PIN)
    return shop.ctx


def test_right_and_wrong(shop: Shop) -> None:
    """The right password opens; a wrong one, an unknown name and a deactivated user are told alike."""
    user = login.sign_in(shop.ctx, " BOS ", PASSWORD)
    assert (user.login, user.role) == (NAME, "Administrator")
    for name, password in ((NAME, "x"), ("nobody", PASSWORD), (NAME, "")):
        with pytest.raises(WrongLogin):
            login.sign_in(shop.ctx, name, password)
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE users SET active = 0, wrong_tries = 0")
    with pytest.raises(WrongLogin):
        login.sign_in(shop.ctx, NAME, PASSWORD)


def test_enter_alone_is_no_try(with_pin: Context, shop: Shop) -> None:
    """Where nothing was typed nothing is counted: at the door, where one permits, at a new password."""
    me = login.user(shop.ctx, int(shop.one("SELECT id FROM users WHERE login = ?", NAME)))
    for _ in range(12):
        with pytest.raises(SecretMissing):
            login.sign_in(shop.ctx, NAME, "")
        with pytest.raises(SecretMissing):
            permitting.permit(shop.ctx, NAME, "", "sales.return")
        with pytest.raises(SecretMissing):
            accounts.change_password(shop.ctx.acting(me.actor), "", "kata-sandi-yang-lain")
    assert shop.one("SELECT count(*) FROM login_tries") == 0
    assert shop.one("SELECT wrong_tries FROM users WHERE login = ?", NAME) == 0


def test_the_last_tries_are_told(with_pin: Context, shop: Shop) -> None:
    """Who has few tries left hears how many, at the door as with a PIN; what is said of a name that
    nobody has is the same, pauses included, so that nobody learns which names there are."""
    said: dict[str, list[str]] = {NAME: [], "nobody": []}
    for name, heard in said.items():
        for _ in range(4):
            with pytest.raises((WrongLogin, TooManyTries)) as told:
                login.sign_in(shop.ctx, name, "falsch")
            heard.append(str(told.value))
    assert said[NAME] == said["nobody"]
    assert [re.findall(r"\d+", each) for each in said[NAME]] == [["2"], ["1"], ["2"], ["3"]]
    accounts.unlock(shop.ctx, 1)
    login.sign_in(with_pin, NAME, PASSWORD)


def test_digits_tell_nobody_who_has_a_pin(with_pin: Context, shop: Shop) -> None:
    """What is said of wrong digits, and how long that takes, is the same for a name with a PIN that
    counts, with one that does not count now, without one, and that nobody has."""
    setup.add_user(shop.ctx, "sari", PASSWORD, role="Staf Konter")
    other = setup.add_user(shop.ctx, "tono", PASSWORD, role="Staf Konter")
    login.sign_in(shop.ctx, "tono", PASSWORD)
    login.set_pin(shop.ctx.acting(login.user(shop.ctx, other).actor), "9051")
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE users SET signed_in_at = NULL WHERE login = 'tono'")
    said: dict[str, list[tuple[str, int]]] = {}
    with pytest.MonkeyPatch.context() as patch:
        looked: list[str] = []
        real = hashing.fits

        def noted(kept: str, secret: str) -> bool:
            looked.append(kept)
            return real(kept, secret)

        patch.setattr(login, "fits", noted)
        for name in (NAME, "sari", "tono", "nobody"):
            for _ in range(5):
                looked.clear()
                with pytest.raises((WrongPin, WrongLogin, TooManyTries)) as told:
                    login.sign_in(with_pin, name, "0000")
                said.setdefault(name, []).append((str(told.value), len(looked)))
                if len(said[name]) == 4:
                    shop.clock.wait(login.pause(3) + 1)
            shop.clock.wait(-login.pause(3) - 1)
    assert said[NAME] == said["sari"] == said["tono"] == said["nobody"]
    assert [count for _, count in said[NAME]] == [2, 2, 2, 0, 2]
    # The right one is not said to be right, where it does not count.
    shop.clock.wait(400)
    with pytest.raises(WrongPin):
        login.sign_in(with_pin, "tono", "9051")


def test_the_last_tries_of_a_session_are_told(shop: Shop) -> None:
    """Before a session ends by wrong passwords, it is said how many are left."""
    own = shop.ctx.acting(login.sign_in(shop.ctx, NAME, PASSWORD).actor)
    left = []
    for _ in range(10):
        with pytest.raises(WrongOldPassword) as told:
            accounts.change_password(own, "falsch", "lain-sekali-ini")
        left.append(told.value.params.get("left"))
        shop.clock.wait(301)
    assert left == [*[None] * 7, 2, 1, None]
    assert not access.goes_on(own)


def test_a_secret_without_end_is_not_hashed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What no person types is wrong without being hashed as a whole, and counts like any other; it
    takes as long whether there is such a name or not."""
    hashed: list[int] = []
    real = hashing.fits

    def noted(kept: str, secret: str) -> bool:
        hashed.append(len(secret))
        return real(kept, secret)

    monkeypatch.setattr(login, "fits", noted)
    for name in (NAME, "nobody"):
        with pytest.raises(WrongLogin):
            login.sign_in(shop.ctx, name, PASSWORD + "x" * 1_000_000)
    assert hashed == [1_000, 1_000]
    assert shop.one("SELECT wrong_tries FROM users") == 1


def test_the_pause_grows(shop: Shop) -> None:
    """From the third wrong try on there is a pause that doubles, for the right password as well."""
    for _ in range(3):
        with pytest.raises(WrongLogin):
            login.sign_in(shop.ctx, NAME, "falsch")
    pauses: list[int] = []
    for _ in range(10):
        with pytest.raises(TooManyTries) as told:
            login.sign_in(shop.ctx, NAME, PASSWORD)
        pauses.append(int(str(told.value.params["seconds"])))
        shop.clock.wait(login.pause(3 + len(pauses) - 1) + 1)
        with pytest.raises(WrongLogin):
            login.sign_in(shop.ctx, NAME, "falsch")
    assert pauses[:4] == [3, 5, 9, 17]
    assert max(pauses) == 301
    shop.clock.wait(301)
    assert login.sign_in(shop.ctx, NAME, PASSWORD).login == NAME
    with pytest.raises(WrongLogin):
        login.sign_in(shop.ctx, NAME, "falsch")


def test_a_clock_set_back_locks_nobody_out(shop: Shop) -> None:
    """A wrong try "in the future" costs nothing: a dead battery must not close the shop."""
    for _ in range(3):
        with pytest.raises(WrongLogin):
            login.sign_in(shop.ctx, NAME, "falsch")
    shop.clock.set(shop.clock.now().replace(year=2025))
    shop.clock.wait(5)
    assert login.sign_in(shop.ctx, NAME, PASSWORD).login == NAME


def test_a_pin_counts_for_a_day(with_pin: Context, shop: Shop) -> None:
    """The PIN opens on the day of the password, and neither without it nor on the next day."""
    assert login.sign_in(with_pin, NAME, PIN).login == NAME
    shop.clock.wait(24 * 3600)
    with pytest.raises(WrongPin):
        login.sign_in(with_pin, NAME, PIN)
    login.sign_in(with_pin, NAME, PASSWORD)
    assert login.sign_in(with_pin, NAME, PIN).login == NAME


def test_three_wrong_pins_need_the_password(with_pin: Context, shop: Shop) -> None:
    """A PIN cannot be guessed: after three wrong ones it counts no more until the password came."""
    for _ in range(3):
        with pytest.raises(WrongPin):
            login.sign_in(with_pin, NAME, "0000")
    shop.clock.wait(login.pause(3) + 1)
    with pytest.raises(WrongPin):
        login.sign_in(with_pin, NAME, PIN)
    shop.clock.wait(login.pause(4) + 1)
    login.sign_in(with_pin, NAME, PASSWORD)
    assert login.sign_in(with_pin, NAME, PIN).login == NAME


def test_digits_can_be_a_password(with_pin: Context, shop: Shop) -> None:
    """A password of digits alone opens although there is a PIN."""
    setup.add_user(shop.ctx, "sari", "73915528", role="Staf Konter")
    user = login.sign_in(shop.ctx, "sari", "73915528")
    login.set_pin(shop.ctx.acting(user.actor), "4731")
    assert login.sign_in(shop.ctx, "sari", "73915528").login == "sari"
    assert login.sign_in(shop.ctx, "sari", "4731").login == "sari"


@pytest.mark.parametrize("pin", ["123", "123456789", "12a4", "١٢٣٤", " 1234"])
def test_no_pin(with_pin: Context, pin: str) -> None:
    """A PIN has four to eight plain digits."""
    user = login.sign_in(with_pin, NAME, PASSWORD)
    with pytest.raises(BadPin):
        login.set_pin(with_pin.acting(user.actor), pin)


@pytest.mark.parametrize(
    "pin", ["0000", "1234", "4321", "7890", "09876543", "1212", "123123", "1985", "2009", "2580"]
)
def test_a_pin_that_is_tried_first(with_pin: Context, pin: str) -> None:
    """What everybody tries first is no PIN, and that is said; others are."""
    own = with_pin.acting(login.sign_in(with_pin, NAME, PASSWORD).actor)
    with pytest.raises(EasyPin):
        accounts.choose_pin(own, PASSWORD, pin)
    assert login.sign_in(with_pin, NAME, PIN).login == NAME
    for good in ("4711", "2468", "1235", "19850", "120685"):
        accounts.choose_pin(own, PASSWORD, good)


def test_whoever_finds_the_counter_open_chooses_no_pin(with_pin: Context) -> None:
    """A PIN is chosen, or taken away, with one's own password only."""
    own = with_pin.acting(login.sign_in(with_pin, NAME, PASSWORD).actor)
    for pin in ("9753", ""):
        with pytest.raises(WrongOldPassword):
            accounts.choose_pin(own, "wrong", pin)
    assert login.sign_in(with_pin, NAME, PIN).login == NAME
    accounts.choose_pin(own, PASSWORD, "9753")
    assert login.sign_in(with_pin, NAME, "9753").login == NAME


def test_nothing_secret_is_kept(with_pin: Context, shop: Shop) -> None:
    """Neither password nor PIN stands in the store, its audit included."""
    setup.add_user(shop.ctx, "sari", "kapal-selam-sari", role="Staf Konter")
    kept = (
        shop.ctx.store.path.read_bytes() + shop.ctx.store.path.with_name("crm.db-wal").read_bytes()
    )
    for secret in (PASSWORD, "kapal-selam-sari"):
        assert secret.encode() not in kept
    audit = str(shop.rows("SELECT * FROM audit"))
    assert f'"{PIN}"' not in audit
    assert "argon2" not in audit


@pytest.mark.parametrize("failing", ["verify", "hash"])
def test_no_memory_for_a_password(
    shop: Shop, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A computer without the memory to try a password calls it neither wrong nor right."""

    def refused(*_: object) -> None:
        raise (VerificationError if failing == "verify" else HashingError)(
            "Memory allocation error"
        )

    monkeypatch.setattr(f"tests.quick.QuickHasher.{failing}", refused)
    with pytest.raises(hashing.CannotHash):
        login.sign_in(shop.ctx, NAME, PASSWORD) if failing == "verify" else hashing.hashed(PASSWORD)
    tries = shop.ctx.db.execute("SELECT wrong_tries FROM users").fetchone()[0]
    assert tries == 0


def test_an_old_hash_is_renewed(shop: Shop) -> None:
    """A password that was hashed at another price is hashed anew when it is typed the next time."""
    dear = PasswordHasher.__mro__[1](time_cost=2, memory_cost=16, parallelism=2)
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE users SET password_hash = ?", (dear.hash(PASSWORD),))
    for _ in range(2):
        login.sign_in(shop.ctx, NAME, PASSWORD)
        kept = shop.ctx.db.execute("SELECT password_hash FROM users").fetchone()[0]
        assert not hashing.outdated(kept)


def _guess(shop: Shop, place: int, name: str, times: int) -> None:
    at = shop.ctx.acting(shop.ctx.actor)
    at.place = place
    for _ in range(times):
        shop.clock.wait(301)
        with pytest.raises((WrongLogin, WrongPin)):
            login.sign_in(at, name, "0000")


def test_locking_out_is_no_weapon(with_pin: Context, shop: Shop) -> None:
    """Whoever types wrong passwords for others all night ends no session, holds up nobody at another
    counter, takes no PIN from them there, and delays them by minutes at that one, Administrator or
    not."""
    setup.add_user(shop.ctx, "sari", "kapal-selam-sari", role="Staf Konter")
    here, other = with_pin.acting(with_pin.actor), with_pin.acting(with_pin.actor)
    here.place, other.place = 1, 2
    sessions = [login.sign_in(here, *who).actor for who in ((NAME, PASSWORD),
                                                            ("sari", "kapal-selam-sari"))]  # fmt: skip
    for name in (NAME, "sari"):
        _guess(shop, 2, name, 60)
    assert all(access.goes_on(shop.ctx.acting(each)) for each in sessions)
    assert login.sign_in(here, NAME, PIN).missed == 60
    for name, password in ((NAME, PASSWORD), ("sari", "kapal-selam-sari")):
        _guess(shop, 2, name, 1)
        with pytest.raises(TooManyTries) as told:
            login.sign_in(other, name, password)
        assert int(str(told.value.params["seconds"])) <= 301
        shop.clock.wait(301)
        assert login.sign_in(other, name, password).login == name


def test_a_success_elsewhere_makes_no_room_to_guess(shop: Shop) -> None:
    """That the user signs in at another counter does not shorten the pauses of whoever guesses here."""
    _guess(shop, 2, NAME, 12)
    login.sign_in(shop.ctx, NAME, PASSWORD)
    at = shop.ctx.acting(shop.ctx.actor)
    at.place = 2
    with pytest.raises(TooManyTries):
        login.sign_in(at, NAME, PASSWORD)
    accounts.unlock(shop.ctx, 1)
    login.sign_in(at, NAME, PASSWORD)


def _counter(ctx: Context, place: int) -> Context:
    other = ctx.acting(ctx.actor)
    other.place = place
    return other


def test_a_pin_is_guessed_at_no_number_of_counters(with_pin: Context, shop: Shop) -> None:
    """However many counters somebody tries PINs at, ten are looked at, then the whole password is asked
    for everywhere; it opens at once, and then the PIN counts again. A PIN that opens elsewhere gives
    nobody another try."""

    def looked_at() -> int:
        return int(shop.one("SELECT pin_tries FROM users WHERE login = ?", NAME))

    for place in range(1, 61):
        for _ in range(3):
            with pytest.raises((WrongPin, TooManyTries)):
                login.prove(_counter(with_pin, place), NAME, f"{5000 + place}")
        if place == 2:
            login.sign_in(_counter(with_pin, 90), NAME, PIN)
    assert looked_at() == 10
    here = _counter(with_pin, 91)
    with pytest.raises(WrongPin):
        login.sign_in(here, NAME, PIN)
    assert login.sign_in(here, NAME, PASSWORD).login == NAME
    for _ in range(20):
        assert login.sign_in(here, NAME, PIN).login == NAME
    with pytest.raises(WrongPin):
        login.prove(_counter(with_pin, 92), NAME, "0000")


def test_a_pin_is_not_guessed_at_the_same_time(
    with_pin: Context, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tries that begin before others have come to their end count, too."""
    pin_hash = shop.one("SELECT pin_hash FROM users WHERE login = ?", NAME)
    looked_at, places = [], iter(range(1, 31))

    def slow(known: str, secret: str) -> bool:
        if known == pin_hash:
            looked_at.append(secret)
            if (place := next(places, None)) is not None:
                with contextlib.suppress(WrongPin):
                    login.prove(_counter(with_pin, place), NAME, "0000")
        return False

    monkeypatch.setattr(login, "fits", slow)
    with pytest.raises(WrongPin):
        login.prove(_counter(with_pin, 99), NAME, "0000")
    assert len(looked_at) == 10


def test_somebody_who_permits_is_no_way_to_guess(with_pin: Context, shop: Shop) -> None:
    """PINs that are tried where somebody else permits something count among them."""
    clerk = staff(shop, "Staf Konter", "tono")
    for place in range(1, 31):
        ctx = _counter(shop.ctx.acting(clerk.actor), place)
        with pytest.raises(WrongPin):
            permitting.permit(ctx, NAME, "0000", "sales.discount")
    assert shop.one("SELECT pin_tries FROM users WHERE login = ?", NAME) == 10
    with pytest.raises(WrongPin):
        permitting.permit(_counter(shop.ctx.acting(clerk.actor), 40), NAME, PIN, "sales.discount")
    permit = permitting.permit(
        _counter(shop.ctx.acting(clerk.actor), 40), NAME, PASSWORD, "sales.discount"
    )
    assert permit.actor.name == NAME


def test_wrong_tries_are_told(shop: Shop) -> None:
    """Health and the user hear of many wrong tries, the audit of the counter; of one's own slips
    nobody hears."""
    assert findings.tries(shop.ctx) is None
    _guess(shop, 2, NAME, 12)
    found = findings.tries(shop.ctx)
    assert found is not None
    assert f"{NAME} (12)" in str(found.sentence)
    told = shop.rows("SELECT after FROM audit WHERE command = 'users.refuse'")
    assert {json.loads(row["after"])["counter"] for row in told} == {2}
    user = login.sign_in(shop.ctx, NAME, PASSWORD)
    assert (user.missed, bool(user.missed_at)) == (12, True)
    assert findings.tries(shop.ctx) is None
    assert login.sign_in(shop.ctx, NAME, PASSWORD).missed == 0


@pytest.mark.asyncio
async def test_wrong_tries_are_told_at_the_counter(shop: Shop) -> None:
    """Whoever unlocks the screen, or signs in, reads that somebody has tried with their name; what one
    has mistyped oneself is not worth a word."""
    user = staff(shop)
    async with counter(shop, user) as here:
        await here.press("f9")
        await here.until(lambda: isinstance(here.app.screen, LockScreen))
        _guess(shop, 7, user.login, 2)
        await here.type(COUNTER_PASSWORD)
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, MenuScreen), here.text)
        assert "kata sandi salah" not in here.notice
        await here.press("f9")
        await here.until(lambda: isinstance(here.app.screen, LockScreen))
        _guess(shop, 7, user.login, 5)
        await here.type(COUNTER_PASSWORD)
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, MenuScreen), here.text)
        await here.until(lambda: "5 kata sandi salah" in here.notice, here.text)


def _field(here: Counter, name: str) -> Line:
    return here.app.screen.query_one(f"#field-{name}", Line)


async def _gone(here: Counter) -> None:
    await here.until(lambda: isinstance(here.app.screen, LoginScreen), here.text)
    await here.settle()


@pytest.mark.asyncio
@pytest.mark.parametrize("way", daily(["menu", "forced password", "ended", "put out"]))
async def test_whoever_comes_next_begins_with_the_name(shop: Shop, way: str) -> None:
    """However a session ends, the next one's first key goes into the name, not into the secret; a login
    that nobody asked for says why it stands there."""
    user = staff(shop)
    if way == "forced password":
        with shop.ctx.store.transaction() as db:
            db.execute("UPDATE users SET must_change = 1 WHERE id = ?", (user.id,))
    async with counter(shop) as here:
        # Whoever types at the login leaves the cursor in the secret's field.
        _field(here, "name").value = user.login
        _field(here, "secret").focus()
        await here.type(COUNTER_PASSWORD)
        await here.press("enter")
        await here.until(lambda: not isinstance(here.app.screen, LoginScreen), here.text)
        await here.settle()
        if way == "menu":
            await here.press("q", "y")
        elif way == "forced password":
            await here.until(lambda: isinstance(here.app.screen, Form))
            await here.press("escape")
        elif way == "ended":
            accounts.reset_password(shop.ctx, user.id, "kuda-lumping-7")
        else:
            accounts.remove(shop.ctx, user.id)
        await _gone(here)
        assert ("Sesi" in here.text) == (way in ("ended", "put out")), here.text
        _field(here, "name").value = ""
        await here.type("to")
        assert (_field(here, "name").value, _field(here, "secret").value) == ("to", "")


@pytest.mark.soak
@pytest.mark.asyncio
async def test_what_is_typed_behind_a_chosen_name_is_secret(shop: Shop) -> None:
    """Each ↓ shows another name, from the first one on, and what is typed then nobody can read."""
    async with counter(shop, staff(shop), practice=True) as here:
        await here.press("q", "y")
        await _gone(here)
        first = _field(here, "name").value
        await here.press("down")
        assert _field(here, "name").value not in ("", first)
        await here.type("latihan")
        assert "latihan" not in _field(here, "name").value
        assert _field(here, "secret").value == "latihan"


@pytest.mark.asyncio
async def test_a_missing_name_is_asked_for(shop: Shop) -> None:
    """Enter without a name goes on to no secret, and tries none."""
    async with counter(shop) as here:
        name, secret = _field(here, "name"), _field(here, "secret")
        name.value = ""
        for field in (name, secret):
            field.focus()
            await here.press("x", "backspace", "enter")
            assert "Nama belum diisi" in here.text
            assert name.has_focus
        secret.value = "sari"
        secret.focus()
        await here.press("enter")
        assert name.has_focus
        assert secret.value == ""
    assert shop.rows("SELECT * FROM audit WHERE command = 'users.refuse'") == []


@pytest.mark.asyncio
async def test_a_pause_leaves_the_field_empty(shop: Shop) -> None:
    """What is tried while one has to wait does not stay: the right password is not typed behind it, and
    whoever presses Enter afterwards does not come in with it."""
    _guess(shop, 1, NAME, 5)
    async with counter(shop) as here:
        assert await here.app.desk.place() == 1
        _field(here, "name").value = NAME
        _field(here, "secret").focus()
        await here.type(PASSWORD)
        await here.press("enter")
        await here.until(lambda: "Tunggu" in here.text, here.text)
        assert _field(here, "secret").value == ""


def test_a_name_is_one_person_s_for_good(shop: Shop) -> None:
    """A renamed user's old name is given to nobody else, by whatever way, so nobody inherits a sale
    that stands open, a step to take back, or what the books say of the name; the user keeps all of
    it, and may have the name back."""
    ids = [setup.add_user(shop.ctx, each, "kapal-selam-sari", role="Kepala Bengkel")
           for each in ("sari", "tono")]  # fmt: skip
    sari, tono = (shop.ctx.acting(login.user(shop.ctx, each).actor) for each in ids)
    item = catalogue.by_code(shop.ctx, "GH-4")
    unfinished.keep(sari, 1, cart_of([line(item, 1)]))
    cards.remove(sari, item.id)
    accounts.edit(shop.ctx, ids[0], "sari.b", "Sari", "Kepala Bengkel")
    for take in (
        lambda: accounts.edit(shop.ctx, ids[1], "Sari", "Tono", "Kepala Bengkel"),
        lambda: setup.add_user(shop.ctx, "sari", "kapal-selam-sari", role="Staf Konter"),
        lambda: accounts.add(shop.ctx, "sARI", "Sari", "Staf Konter", "kapal-selam-sari"),
    ):
        with pytest.raises(LoginWas):
            take()
    with pytest.raises(sqlite.IntegrityError), shop.ctx.store.transaction() as db:
        db.execute("UPDATE users SET login = 'sari' WHERE id = ?", (ids[1],))
    for now in ("sari.b", "sari"):
        accounts.edit(shop.ctx, ids[0], now, "Sari", "Kepala Bengkel")
        again = shop.ctx.acting(login.user(shop.ctx, ids[0]).actor)
        assert unfinished.lines(again, 1) == 1
        assert undo.last(again) is not None
        assert conflicts.by_another(again, "item GH-4") is None
    assert conflicts.by_another(tono, "item GH-4") is not None
    assert unfinished.lines(tono, 1) == 0
    assert undo.last(tono) is None


def test_names_of_before_are_kept(shop: Shop) -> None:
    """In a shop of before, whoever acted under another name has it still; what two had once stays with
    who has it now."""
    ids = [setup.add_user(shop.ctx, each, "kapal-selam-sari", role="Kepala Bengkel")
           for each in ("sari", "tono")]  # fmt: skip
    with shop.ctx.store.transaction() as db:
        for name, who in (("sari.lama", 0), ("tono", 0), ("console:x (sari)", 0), ("sari", 0)):
            db.execute("INSERT INTO audit (at, actor, user_id, command, subject)"
                       " VALUES (?, ?, ?, 'x', 'y')", (shop.ctx.at, name, ids[who]))  # fmt: skip
        for each in ("TABLE former_logins", "TABLE login_tries", "TRIGGER login_kept",
                     "TRIGGER login_not_given", "TRIGGER login_not_taken"):  # fmt: skip
            db.execute(f"DROP {each}")
        db.execute("ALTER TABLE users ADD COLUMN locked_at TEXT")
        v030_names.apply(db)
    kept = shop.rows("SELECT login, user_id FROM former_logins")
    assert kept == [{"login": "sari.lama", "user_id": ids[0]}]
