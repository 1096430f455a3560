"""What keys mean: the same on all screens, and the table in ARCHITECTURE.md says what."""

import ast
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from itertools import combinations
from pathlib import Path

import pytest

from crm_tui import actions, screens
from crm_tui.actions import ALL
from crm_tui.screens.finder.offers import BEHIND
from crm_tui.screens.finder.words_for import WORDS_FOR
from crm_tui.screens.menu.main import MenuScreen
from crm_tui.screens.shell.page import Page
from crm_tui.screens.sms.orders import OrdersScreen
from crm_tui.screens.widgets.dialog import Decide, Show
from crm_tui.screens.widgets.keybar import KeyBar, key_called, laid_out
from crm_tui.screens.widgets.plain import Plain
from crm_tui.shop.orders import deciding
from tests.counter import counter, staff
from tests.shop import ANI, Shop

for _module in pkgutil.walk_packages(screens.__path__, screens.__name__ + "."):
    import_module(_module.name)

TABLE = Path(__file__).parent.parent / "ARCHITECTURE.md"
SEVERAL = {"o", "p", "s", "t", "space"}
"""Keys with more than one meaning; nobody adds another."""
IN_TURN = {
    frozenset({"promos.pause", "promos.resume"}),
    frozenset({"backups.remove_open", "backups.remove_erased"}),
    frozenset({"users.unlock", "users.activate"}),
}
"""Actions of one key and screen of which one at a time makes sense."""
BY_THE_WAY = {
    "FirstStart", "MenuScreen", "Telephone", "ConversationScreen", "PromosScreen",
    "PromoPeopleScreen", "LostScreen", "WaitingScreen", "PeriodsScreen", "EntriesScreen",
    "RewardsScreen", "RankingScreen", "ReportScreen", "FiguresScreen", "BackupsScreen",
    "OfficeReport", "ReportList", "ReportsScreen", "TransfersScreen", "ArrivalScreen", "OfficeScreen",
}  # fmt: skip
"""Screens whose own keys F2 does not offer from afar: they are loaded late, or are not entered so."""


def rows() -> list[tuple[str, str, set[str]]]:
    """The rows of the table: key as it is declared, meaning, names of actions."""
    found = re.findall(r"^\| (`[^|]+`) \| ([^|]+) \| ([^|]+) \|$", TABLE.read_text("utf-8"), re.M)
    return [
        (re.sub(r"[` ]", "", keys), meaning, set(named.split(", ")))
        for keys, meaning, named in found
    ]


def pages(above: type[Page] = Page) -> Iterator[type[Page]]:
    for each in above.__subclasses__():
        yield each
        yield from pages(each)


def test_the_table_is_true() -> None:
    """Each action stands in the table with its key, and nothing else does."""
    told = {name: key for key, _, named in rows() for name in named}
    declared = {
        each.name: each.key for each in ALL.values()
        if not each.name.startswith(("menu.", "test."))
    }  # fmt: skip
    assert told == declared, "say in the table of keys in ARCHITECTURE.md what each key means"


def test_a_key_means_one_thing() -> None:
    """But for a few that are named, each key has one meaning."""
    meanings = defaultdict(list)
    for keys, meaning, _ in rows():
        meanings[keys].append(meaning)
    assert {key for key, found in meanings.items() if len(found) > 1} == SEVERAL, (
        "join the row that says what you mean, or take another key"
    )


def test_keys_of_a_screen_differ() -> None:
    """No two things on one screen have the same key, if both can be done at once."""
    for page in pages():
        for one, other in combinations(dict.fromkeys(page.all_actions()), 2):
            if set(one.keys) & set(other.keys):
                # A screen's own key comes before that of all screens.
                named = frozenset({one.name, other.name})
                assert named in IN_TURN or page.__name__ == "Telephone", (page, named)


BY_THEMSELVES = {"ListPage"}
"""What hears keys beside its actions: a list is searched by typing."""


def test_keys_of_a_screen_are_actions() -> None:
    """A screen has no key beside those of its actions, which stand in the table and in F1."""
    hear = {
        page.__name__ for page in pages()
        if any(re.fullmatch(r"key_\w+|_?on_key", name) for name in vars(page))
    }  # fmt: skip
    assert hear == BY_THEMSELVES, "make the key an Action"


def test_names_of_keys_lead_back_to_them() -> None:
    """A click on what a key is called presses that key."""
    for action in ALL.values():
        assert key_called(actions.key_name(action.key)) == action.keys[0], action


def test_everything_is_found() -> None:
    """F2 knows the keys of all screens but of those named here; other words are of known actions."""
    behind = {page for found in BEHIND.values() for page in found}
    assert {each.__name__ for each in pages() if each.own and each not in behind} == BY_THE_WAY, (
        "name a new screen in BEHIND of screens/finder/offers.py, or in BY_THE_WAY"
    )
    assert set(BEHIND) <= set(ALL)
    assert set(WORDS_FOR) <= set(ALL)


def test_every_screen_has_a_picture() -> None:
    """Each screen is looked at, so that nothing in it is cut or covered; but the telephone beside
    others, and what several screens have in common."""
    told = "".join(Path(__file__).with_name(f"test_{each}.py").read_text("utf-8")
                   for each in ("pictures", "office_pictures"))  # fmt: skip
    unseen = {each.__name__ for each in pages() if not re.search(rf"\b{each.__name__}\b", told)}
    common = {"ListPage", "OptionPage", "ItemStock", "MessagesPage", "ChainPage"}
    assert unseen == {"Telephone", *common}, "look at it in tests/test_pictures.py"


def test_enter_takes_nothing_away() -> None:
    """Questions are answered by keys of their own; by Enter only where nothing is lost by yes."""
    harmless = {"sales/leaving.py", "door/from_backup.py"}
    by_enter = set()
    for path in Path(screens.__path__[0]).rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            named = isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Ask"
            if named and "key" not in [each.arg for each in call.keywords]:  # type: ignore[attr-defined]
                by_enter.add(str(path.relative_to(screens.__path__[0])))
    assert by_enter == harmless


@pytest.mark.soak
@pytest.mark.asyncio
async def test_a_click_on_a_key(shop: Shop) -> None:
    """The keys in the last line can be clicked, on a screen and in a box, also while one types."""
    shop.ask(ANI, "PESAN PQ-R 1")
    async with counter(shop, staff(shop)) as here:
        await here.press("1", "slash")

        async def click(label: str) -> None:
            bar = here.app.screen.query_one(KeyBar)
            where = str(bar.render()).index(label)
            await here.pilot.click(bar, offset=(where, 0))
            await here.settle()

        await here.until(lambda: "k Konfirmasi" in here.text, here.text)
        await click("Konfirmasi")
        await here.until(lambda: shop.one("SELECT status FROM orders") == "confirmed", here.text)
        await click("Urungkan")
        await here.until(lambda: shop.one("SELECT status FROM orders") == "waiting", here.text)
        await here.press("escape", "f1")
        await here.until(lambda: isinstance(here.app.screen, Show), here.text)
        await click("Kembali")
        await here.until(lambda: isinstance(here.app.screen, OrdersScreen), here.text)
        # What is saved without a word of its own is said all the same.
        await here.press("escape", "7", "delete", "y")
        await here.until(lambda: "dipindah ke arsip" in here.notice, here.text)


@pytest.mark.asyncio
async def test_a_key_answers(shop: Shop) -> None:
    """A key that does nothing now says why; F1 tells all keys of lists, and of boxes; F2 finds what is
    done elsewhere by other words for it, says who may, and that nothing was found."""
    shop.ask(ANI, "PESAN PQ-R 1")
    deciding.confirm(shop.ctx, 1)
    async with counter(shop, staff(shop, "Staf Konter")) as here:
        await here.press("1", "k")
        await here.until(lambda: "✗ Konfirmasi: daftarnya kosong" in here.notice, here.text)
        await here.press("right")
        await here.until(lambda: "1–1 dari 1" in here.text, here.text)
        await here.press("t")
        await here.until(lambda: "pesanan 1" in here.notice.lower(), here.text)
        assert "dikonfirmasi" in here.notice
        await here.press("f1")
        told = str(here.app.screen.query_one("#reading Plain", Plain).render())
        for key in ("Spasi", "←", "→", "/", "s", "Esc", "PgUp PgDn", "k", "z"):
            assert f"\n{key} " in told, key
        await here.press("escape", "f2")
        await here.paste("retur")
        await here.until(lambda: "Retur" in here.text, here.text)
        assert "hanya Kepala Bengkel" in here.text
        assert here.text.count("Ke pemasok") == 1, here.text
        await here.press("enter")
        await here.until(lambda: "✗ Retur: hanya" in here.notice, here.text)
        await here.press("f2")
        await here.paste("kasbon")
        assert "Bayar" in here.text
        await here.paste(" zzz")
        assert "Tidak ditemukan" in here.text
        await here.press("escape", "escape", "4", "x", "f1")
        assert "Bantuan: " in here.text
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, Decide), here.text)
        await here.press("escape", "escape", "8")
        await here.until(lambda: "hanya Administrator" in here.notice, here.text)
        await here.until(lambda: isinstance(here.app.screen, MenuScreen), here.text)


def test_each_saving_has_words_of_its_own() -> None:
    """What an action that changes the store says is its own sentence, or one that its method says: none
    answers with its key's label alone."""
    bare = []
    for path in Path(screens.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.AsyncFunctionDef) or not node.name.startswith("do_"):
                continue
            text = ast.unparse(node)
            says = any(
                each in text
                for each in (
                    "notice", "_settled", "_decided", "show_", "_done", "_ask_to_learn",
                    "_put_aside", "leave_to_restore",
                )
            )  # fmt: skip
            name = next((each for each in ALL if "do_" + each.replace(".", "_") == node.name), "")
            if name and "desk.act" in text and not says and not ALL[name].done:
                bare.append(name)
    assert not bare, bare


def test_the_way_out_stands_where_not_all_keys_fit() -> None:
    """Esc is among the keys that are shown before any but the help."""
    keys = [("Enter", "Masukkan"), ("↑↓", "Pilih"), ("F4", "Lanjut")]
    more = [*keys, ("Del", "Keluarkan yang terakhir"), ("Esc", "Kembali")]
    told = [key.strip() for key, _ in laid_out(more, [("F1", "Bantuan")], 70)[::2]]
    assert told == ["Enter", "↑↓", "F4", "Esc", "F1"]
    told = [key.strip() for key, _ in laid_out(more, [("F1", "Bantuan")], 52)[::2]]
    assert told == ["Enter", "↑↓", "Esc", "F1"]
