"""Passwords, PINs, pauses."""

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import HashingError, VerificationError

from crm_tui.shop.gate.context import Context
from crm_tui.shop.users import accounts, hashing, login, setup
from crm_tui.shop.users.errors import (
    BadPin,
    PinNotYet,
    TooManyTries,
    WrongLogin,
    WrongOldPassword,
    WrongPin,
)
from tests.shop import Shop

NAME, PASSWORD, PIN = "bos", "rahasia-bos", "4711"


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
    assert [user.login for user in login.by_pin(with_pin)] == [NAME]
    shop.clock.wait(24 * 3600)
    with pytest.raises(PinNotYet):
        login.sign_in(with_pin, NAME, PIN)
    assert login.by_pin(with_pin) == []
    login.sign_in(with_pin, NAME, PASSWORD)
    assert login.sign_in(with_pin, NAME, PIN).login == NAME


def test_three_wrong_pins_need_the_password(with_pin: Context, shop: Shop) -> None:
    """A PIN cannot be guessed: after three wrong ones it counts no more until the password came."""
    for _ in range(3):
        with pytest.raises(WrongPin):
            login.sign_in(with_pin, NAME, "0000")
    shop.clock.wait(login.pause(3) + 1)
    with pytest.raises(PinNotYet):
        login.sign_in(with_pin, NAME, PIN)
    shop.clock.wait(login.pause(4) + 1)
    login.sign_in(with_pin, NAME, PASSWORD)
    assert login.sign_in(with_pin, NAME, PIN).login == NAME


def test_digits_can_be_a_password(with_pin: Context, shop: Shop) -> None:
    """A password of digits alone opens although there is a PIN."""
    setup.add_user(shop.ctx, "sari", "73915528", role="Staf Konter")
    user = login.sign_in(shop.ctx, "sari", "73915528")
    login.set_pin(shop.ctx.acting(user.actor), "4321")
    assert login.sign_in(shop.ctx, "sari", "73915528").login == "sari"
    assert login.sign_in(shop.ctx, "sari", "4321").login == "sari"


@pytest.mark.parametrize("pin", ["123", "123456789", "12a4", "١٢٣٤", " 1234"])
def test_no_pin(with_pin: Context, pin: str) -> None:
    """A PIN has four to eight plain digits."""
    user = login.sign_in(with_pin, NAME, PASSWORD)
    with pytest.raises(BadPin):
        login.set_pin(with_pin.acting(user.actor), pin)


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
    setup.add_user(shop.ctx, "sari", "kata-sandi-sari", role="Staf Konter")
    kept = (
        shop.ctx.store.path.read_bytes() + shop.ctx.store.path.with_name("crm.db-wal").read_bytes()
    )
    for secret in (PASSWORD, "kata-sandi-sari"):
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

    monkeypatch.setattr(f"tests.conftest._Quick.{failing}", refused)
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
