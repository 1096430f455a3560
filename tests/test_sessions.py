"""Who may sign in with what, and when a session ends."""

import json
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from crm_tui.screens.administration.audit import AuditScreen
from crm_tui.screens.door.lock import LockScreen
from crm_tui.screens.door.login import LoginScreen
from crm_tui.screens.menu.entries import ENTRIES
from crm_tui.screens.menu.main import MenuScreen
from crm_tui.screens.shell.loading import load_screens
from crm_tui.screens.shell.page import Page
from crm_tui.screens.widgets.dialog import Ask
from crm_tui.shop.gate import access, settings, undo
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.gate.errors import NotAllowed, SessionEnded
from crm_tui.shop.items import prices
from crm_tui.shop.users import accounts, login, passwords, roles, setup
from crm_tui.shop.users.errors import (
    BadLogin,
    LoginAlike,
    LoginReserved,
    NoManager,
    TooEasy,
    UserUnknown,
    WrongLogin,
)
from crm_tui.shop.users.settings import CONSOLE_ASKS
from tests.conftest import ACCOUNT
from tests.counter import PASSWORD, counter, staff
from tests.daily import by_turns
from tests.shop import Shop


@pytest.mark.parametrize(
    "password", by_turns(["password1", "PASSWORD123", "qwerty123", "iloveyou1", "sunshine1",
                 "bismillah", "katasandi", "sari.sari", "tonotono", "aaabbbccc", "ｐassword１",
                 "p a s s word 1", "Password1\u200b", "qwerty 123", "toko uji", "TokoUji2026",
                 "rahasia123", "palembang", "Toko-Uji", "tono2026!",
                 "2026tono", "P4l3mb4ng!", "r4hasia!!!", "p@ssw0rd123", "passw0rd-1", "pempek123",
                 "Uji2026!", "t0k0_uji_26", "ijuokot1", "onot2026", "tonotonotono", "UjiJaya99",
                 "wongkito1", "kasirtoko", "tokoku123", "rahasiaku", "akucintakamu", "4kuS4y4ng",
                 "6yhn7ujm", "!qaz@wsx9", "poiuytre1", "bismillah2026!", "17agustus1945", "08123456789",
                 "17081945", "2580258025", "jaya" * 1000], 3),
)  # fmt: skip
def test_common_passwords_are_refused(shop: Shop, password: str) -> None:
    """What is tried first is nobody's password: the commonest ones, what people here would try, one's
    own name; wherever a password is chosen."""
    name = "sari.sari" if password == "sari.sari" else "tono"
    user = staff(shop, name="sari")
    with pytest.raises(TooEasy):
        passwords.check(password, name, "Toko Uji")
    if password not in ("password1", "toko uji"):
        return
    acting = shop.ctx.acting(user.actor)
    for choose in (
        lambda: setup.add_user(shop.ctx, "tono", password, role="Staf Konter"),
        lambda: accounts.add(shop.ctx, "tono", "Tono", "Staf Konter", password),
        lambda: accounts.reset_password(shop.ctx, user.id, password),
        lambda: accounts.change_password(acting, PASSWORD, password),
        lambda: setup.init(
            shop.folder / "x", shop.clock, shop="Toko Uji", admin="bos", password=password
        ),
    ):
        with pytest.raises(TooEasy):
            choose()


def test_nobody_s_own_name_is_a_password(shop: Shop) -> None:
    """Each word of what a user, or the shop, is called counts as the login does, wherever the password
    is chosen."""
    settings.change(shop.ctx, settings.SHOP_NAME.key, "Wibisana Onderdil")
    user = accounts.add(shop.ctx, "kasir2", "Raymundus Oei", "Staf Konter", "kuda-lumping-7")
    acting = shop.ctx.acting(login.user(shop.ctx, user).actor)
    boss = accounts.add(shop.ctx, "kasir3", "Raymundus Oei", "Administrator", "kuda-lumping-7")
    assert boss
    for choose in (
        lambda word: setup.add_user(
            shop.ctx, "kasir4", word, role="Staf Konter", name="Raymundus Oei"
        ),
        lambda word: accounts.add(shop.ctx, "kasir4", "Raymundus Oei", "Staf Konter", word),
        lambda word: accounts.reset_password(shop.ctx, user, word),
        lambda word: accounts.change_password(acting, "kuda-lumping-7", word),
        lambda word: accounts.recover(shop.ctx, "kasir3", word),
    ):
        for word in ("raymundus99", "oei.raymundus", "sudnumyar1", "r4ymundu5!!", "wibisana1"):
            with pytest.raises(TooEasy):
                choose(word)


@pytest.mark.parametrize(
    "password", ["kuda-lumping-7", "kapal-selam-tono", "gunung-dempo-1", "rahasia toko bengkel baru",
                 "correct-horse", "xk3vq9pz", "73915528", "tekwan99pedas"],
)  # fmt: skip
def test_other_passwords_are_taken(password: str) -> None:
    """A word that nobody tries first, a sentence, and a number that is nothing are passwords."""
    passwords.check(password, "tono", "Toko Uji")


def test_the_list_names_its_source() -> None:
    """The list of common passwords says whose it is and under which licence, and holds enough."""
    lines = Path(passwords.__file__).with_name("common.txt").read_text("utf-8").splitlines()
    told = "\n".join(line for line in lines if line.startswith("#"))
    assert "Django" in told
    assert "BSD" in told
    assert len(lines) > 8_000
    assert all(len(line) >= passwords.LEAST for line in lines)


@pytest.mark.parametrize(
    "name", ["gateway", "Login", "console", "SYSTEM", "root", "c0nsole", "gate-way", "r00t",
             "gatevvay", "crm.tui", "1ogin"],
)  # fmt: skip
def test_reserved_names(shop: Shop, name: str) -> None:
    """Nobody is called what the audit calls actors that are no users."""
    with pytest.raises(LoginReserved):
        setup.add_user(shop.ctx, name, PASSWORD, role="Staf Konter")
    with pytest.raises(LoginReserved):
        accounts.edit(shop.ctx, staff(shop).id, name, "Sari", "Staf Konter")


@pytest.mark.parametrize(
    ("there", "name"),
    [("lani", "Iani"), ("imron", "irnron"), ("budi-o", "budi0"), ("wawan", "vvawan"),
     ("joko1", "jokol")],
)  # fmt: skip
def test_no_login_looks_like_another(shop: Shop, there: str, name: str) -> None:
    """Who reads the audit takes nobody for somebody else whose login looks the same, whoever is called
    so now or was."""
    user = staff(shop, "Staf Konter", there)
    with pytest.raises(LoginAlike):
        setup.add_user(shop.ctx, name, PASSWORD, role="Staf Konter")
    accounts.edit(shop.ctx, user.id, f"{there}.{there}", "Lain", "Staf Konter")
    accounts.edit(shop.ctx, user.id, f"{there}-{there}", "Lain", "Staf Konter")
    with pytest.raises(LoginAlike):
        setup.add_user(shop.ctx, name, PASSWORD, role="Staf Konter")


@pytest.mark.parametrize(
    "name", ["sаri", "bu\u200bdi", "josé", "ｓａｒｉ", "a", "console:sari", "٣٣"]
)
def test_names_are_ascii(shop: Shop, name: str) -> None:
    """No login looks like another one: ASCII letters, digits, dots and dashes alone."""
    with pytest.raises(BadLogin):
        setup.add_user(shop.ctx, name, PASSWORD, role="Staf Konter")


def test_hashes_go_with_their_user(shop: Shop) -> None:
    """Who is deleted leaves no hash behind; who is taken back needs a new password."""
    user = staff(shop, "Staf Konter", "tono")
    kept = shop.one("SELECT password_hash FROM users WHERE id = ?", user.id)
    assert accounts.remove(shop.ctx, user.id) == "deleted"
    data = shop.one("SELECT data FROM undo_steps ORDER BY id DESC LIMIT 1")
    assert kept not in data
    assert json.loads(data)["rows"][0][1][0]["pin_hash"] is None
    step = undo.last(shop.ctx)
    assert step is not None
    undo.undo(shop.ctx, step.id)
    with pytest.raises(WrongLogin):
        login.sign_in(shop.ctx, "tono", PASSWORD)
    accounts.reset_password(shop.ctx, user.id, "kuda-lumping-7")
    assert login.sign_in(shop.ctx, "tono", "kuda-lumping-7").must_change


@pytest.mark.parametrize(
    "end",
    [
        lambda shop, user: accounts.reset_password(shop.ctx, user.id, "kuda-lumping-7"),
        lambda shop, user: accounts.edit(shop.ctx, user.id, user.login, user.name, "Staf Konter"),
        lambda shop, user: accounts.remove(shop.ctx, user.id),
        lambda shop, user: accounts.change_password(
            shop.ctx.acting(login.user(shop.ctx, user.id).actor), PASSWORD, "kuda-lumping-7"
        ),
    ],
)
def test_sessions_end(shop: Shop, end: object) -> None:
    """A new password, chosen elsewhere by whomever, another role and a deletion end the session that
    was open: it neither changes nor sees anything, whatever the user may do at the next login."""
    user = login.user(shop.ctx, staff(shop, "Kepala Bengkel", "tono").id)
    acting = shop.ctx.acting(user.actor)
    access.see(acting)
    prices.set_price(acting, 1, 11_000)
    assert callable(end)
    end(shop, user)
    with pytest.raises(NotAllowed):
        prices.set_price(acting, 1, 12_000)
    with pytest.raises(SessionEnded):
        access.see(acting)
    assert access.granted(acting) == frozenset()


def test_what_does_not_end_a_session(shop: Shop) -> None:
    """Another name, one's own new password here and other rights of the role let a session go on, with
    all that it is doing just then."""
    user = login.user(shop.ctx, staff(shop, "Kepala Bengkel", "tono").id)
    acting, beside = shop.ctx.acting(user.actor), shop.ctx.acting(user.actor)
    accounts.edit(shop.ctx, user.id, "tono", "Tono B.", "Kepala Bengkel")
    accounts.change_password(acting, PASSWORD, "kuda-lumping-7")
    for each in (acting, beside):
        access.see(each)
        prices.set_price(each, 1, 11_000)
    with pytest.raises(WrongLogin):
        accounts.change_password(acting, "falsch-falsch", "kuda-lumping-8")
    assert user.actor.session is not None
    assert user.actor.session.next is None
    access.see(acting)


@pytest.mark.asyncio
async def test_the_screens_of_an_ended_session(shop: Shop) -> None:
    """Reading is refused at once, and the login stands there, over the lock too; a page whose right
    went closes, with what lay over it."""
    user = staff(shop, "Branch Manager", "tono")
    role = next(key for key, (name, _) in roles.grid(shop.ctx).items() if name == "Branch Manager")
    async with counter(shop, user) as here:
        await here.press("a")
        await here.until(lambda: isinstance(here.app.screen, AuditScreen))
        form = Ask("?", "", "ya", "tidak")
        here.app.beside(lambda: here.app.push_screen(form))
        await here.until(lambda: here.app.screen is form)
        await here.press("f9")
        roles.grant(shop.ctx, role, "audit.view", False)
        await here.until(lambda: len(here.app.screen_stack) == 4)
        top: list[Screen[Any]] = here.app.screen_stack[-1:]
        assert isinstance(top[0], LockScreen)
        assert isinstance(here.app.screen_stack[-2], MenuScreen)
        accounts.reset_password(shop.ctx, user.id, "kuda-lumping-7")
        with pytest.raises(SessionEnded):
            await here.app.desk.ask(roles.grid)
        await here.until(lambda: isinstance(here.app.screen, LoginScreen))
        assert here.app.unlocked.is_set()


def _pages(kind: type[Page]) -> set[type[Page]]:
    return {kind}.union(*(_pages(each) for each in kind.__subclasses__()))


def test_pages_declare_their_right() -> None:
    """Each page names the right to see it, but those before the login and the menu; the pages of the
    menu the one of their entry."""
    load_screens()
    # At the head office there are no users: whoever may read its database sees its reports.
    free = {
        page.__name__
        for page in _pages(Page)
        if not page.needs and ".screens.office." not in page.__module__
    }
    assert free <= {
        "Page", "ListPage", "OptionPage", "LoginScreen", "FirstStart", "MenuScreen", "Telephone",
    }  # fmt: skip
    for entry in ENTRIES:
        if entry.action.needs:
            page = entry.open(None)
            assert isinstance(page, Page)
            assert page.needs == entry.action.needs, entry.action.name


def test_the_console_is_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit names the account of the operating system, whatever the environment says."""
    told = ACCOUNT()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "bos")
    assert ACCOUNT() == told != "bos"
    assert console().name == "console:penguji"


def test_the_console_proves_who_acts(shop: Shop) -> None:
    """With the setting a command of the console asks first: who has no Administrator's password changes
    nothing, and the audit has both names. It asks once, and not for what only shows."""
    staff(shop, "Staf Konter", "tono")
    staff(shop, name="sari")
    settings.change(shop.ctx, CONSOLE_ASKS.key, "1")
    tried: list[tuple[str, str]] = [
        ("tono", PASSWORD), ("sari", "falsch-falsch"), ("sari", PASSWORD), ("nobody", "x")
    ]  # fmt: skip

    def ask(ctx: Context) -> None:
        login.vouch(ctx, *tried.pop(0))

    own = shop.ctx.acting(console())
    own.prove = ask
    before = shop.one("SELECT price FROM items WHERE id = 1")
    for problem in (NotAllowed, WrongLogin):
        with pytest.raises(problem):
            prices.set_price(own, 1, 99_000)
    assert shop.one("SELECT price FROM items WHERE id = 1") == before
    prices.set_price(own, 1, 99_000)
    prices.set_price(own, 1, 98_000)
    told = shop.rows("SELECT DISTINCT actor FROM audit WHERE command = 'items.set_price'")
    assert [row["actor"] for row in told] == [f"{console().name} (sari)"]
    assert len(tried) == 1


def test_recovering(shop: Shop) -> None:
    """The console gives somebody who manages users a new password, nobody else; it is audited, ends the
    session, and is told for a week."""
    staff(shop, "Staf Konter", "tono")
    boss = login.user(shop.ctx, staff(shop, name="sari").id)
    with pytest.raises(UserUnknown):
        accounts.recover(shop.ctx, "nobody", "kuda-lumping-7")
    with pytest.raises(NoManager):
        accounts.recover(shop.ctx, "tono", "kuda-lumping-7")
    with pytest.raises(NotAllowed):
        accounts.recover(shop.ctx.acting(boss.actor), "sari", "kuda-lumping-7")
    accounts.recover(shop.ctx, "sari", "kuda-lumping-7")
    assert shop.one("SELECT count(*) FROM audit WHERE command = 'users.recover'") == 1
    with pytest.raises(SessionEnded):
        access.see(shop.ctx.acting(boss.actor))
    assert login.sign_in(shop.ctx, "sari", "kuda-lumping-7").must_change
    assert [who for who, _ in accounts.recovered(shop.ctx)] == ["sari"]
    shop.clock.wait(7 * 86_400 + 1)
    assert accounts.recovered(shop.ctx) == []
