"""Each check of the layout finds what it is for, and pictures tell what they are to tell."""

from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input

from crm_tui.screens.shell.theme import DARK, LIGHT
from crm_tui.screens.widgets.columns import Column
from crm_tui.screens.widgets.keybar import KeyBar
from crm_tui.screens.widgets.paged import PagedList
from crm_tui.screens.widgets.plain import Plain, content
from tests.layout import faults
from tests.pictures import picture

pytestmark = pytest.mark.asyncio

STYLES = """
Screen { layers: base over; }
KeyBar, Input { height: 1; }
Input { border: none; padding: 0 1; background: $panel; }
#low { height: 1; width: 20; }
#narrow { height: 3; width: 8; }
#left { width: 60%; position: absolute; height: 1; }
#over { layer: over; height: 3; }
#shifted { offset: 70 0; width: 20; }
#deep { offset: 0 30; }
#tiny { width: 0; padding: 0; }
#scroll { height: 5; }
#scroll Plain { height: 9; }
#list { width: 20; height: 5; }
"""


Parts = Callable[[], list[Widget]]
"""Makes the parts of a screen."""


class Little(App[None]):
    """A screen of a few parts."""

    CSS = STYLES

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        yield from self._parts()


def keys(*pairs: tuple[str, str], as_text: str = "") -> KeyBar:
    """The keys of a screen; `as_text` stands there instead of them."""

    class Keys(KeyBar):
        def on_mount(self) -> None:
            self.show((), pairs)

        def _draw(self) -> None:
            super()._draw()
            if as_text:
                self.update(as_text)

    return Keys()


def rows(heading: str) -> PagedList:
    return PagedList((Column(heading, 6),), lambda row: (), id="list")


RIGHT: list[Parts] = [
    lambda: [Plain("Nama", id="low"), Input(), keys(("F1", "Bantuan"))],
    lambda: [VerticalScroll(Input(), Plain("Panjang"), Input(), id="scroll", can_focus=False)],
    lambda: [Plain("di bawah"), Plain("di atas", id="over")],
    lambda: [rows("Kode")],
]
WRONG: list[tuple[str, Parts]] = [
    ("a text is cut", lambda: [Plain("Nama pelanggan yang lama", id="low")]),
    ("a word is cut", lambda: [Plain("Pemberitahuan", id="narrow")]),
    ("a heading is cut", lambda: [rows("Pelanggan")]),
    ("a key is cut", lambda: [keys(("F1", "Bantuan"), as_text=" F1 Ban")]),
    ("a key is missing", lambda: [keys(("F1", "Bantuan"), as_text=" ")]),
    ("the keys are wider", lambda: [keys(as_text=" F1 " + "Bantuan " * 12)]),
    ("the keys lie outside", lambda: [Container(Plain("\n" * 30), keys())]),
    ("covers", lambda: [Plain("satu", id="left"), Plain("dua")]),
    ("is wider than", lambda: [Input(id="shifted")]),
    ("is higher than", lambda: [Input(id="deep")]),
    ("has no room", lambda: [Input(id="tiny")]),
    ("out of sight", lambda: [Vertical(Plain("\n" * 30), Input())]),
]


@pytest.mark.parametrize("parts", RIGHT)
async def test_nothing_is_wrong(parts: Parts) -> None:
    """What is as it should be has no fault."""
    async with Little(parts).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert faults(pilot.app.screen) == []


@pytest.mark.parametrize(("fault", "parts"), WRONG, ids=[fault for fault, _ in WRONG])
async def test_each_fault_is_found(fault: str, parts: Parts) -> None:
    """Each way in which a screen can be wrong is told of."""
    async with Little(parts).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        found = faults(pilot.app.screen)
        assert any(fault in each for each in found), found


async def test_a_line_that_is_too_long_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is wider than the screen is told of."""
    async with Little(lambda: [Plain("x" * 70)]).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        strips = pilot.app.screen._compositor.render_strips()
        monkeypatch.setattr(
            pilot.app.screen._compositor, "render_strips", lambda: [strips[0].join(strips[:2])]
        )
        assert any("wider than the screen" in each for each in faults(pilot.app.screen))


async def drawn(parts: Parts, theme: str = DARK.name) -> list[str]:
    """The lines of a picture that are not blank."""
    app = Little(parts)
    app.theme = theme
    async with app.run_test(size=(40, 8)) as pilot:
        await pilot.pause()
        return [line for line in picture(app).splitlines() if line != "│"]


async def test_a_picture_tells_what_stands_out() -> None:
    """Each word has the mark of what its colour means, whatever the theme's colours are."""
    told = content(
        "Nota 7 ", ("menunggu", "$accent"), (" salah", "$error"), (" dua kata", "$muted")
    )
    alike = content(("semua redup", "$muted"))
    for theme in (DARK.name, LIGHT.name):
        assert await drawn(lambda: [Plain(told), Plain(alike), Plain("biasa")], theme) == [
            "│Nota 7 menunggu salah dua kata          │ ..!x~~",
            "│semua redup                             │ ~",
            "│biasa",
        ]


async def test_a_picture_shows_fields() -> None:
    """A field has its ends, and the caret stands where one types."""

    def fields() -> list[Widget]:
        made = [Input("satu"), Input("dua")]
        for field in made:
            field.cursor_blink, field.select_on_focus = False, False
            field.styles.width, field.styles.margin = 20, (0, 2)
        return [*made]

    first, second = await drawn(fields)
    assert "satu█" in first
    assert second == "│  [dua               ]"


async def test_another_label_is_another_line() -> None:
    """A label that changes changes its own line of the picture and no other."""

    def labels(middle: str) -> Parts:
        return lambda: [Plain("Cari"), Plain(middle), Plain(content(("Batal", "$accent")))]

    before, after = await drawn(labels("Simpan")), await drawn(labels("Simpan semua barang"))
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, True]
