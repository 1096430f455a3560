"""The colours. One accent, and it means: this waits for somebody."""

from textual.theme import Theme


def _theme(
    name: str, *, dark: bool, text: str, quiet: tuple[str, str], grounds: tuple[str, str, str],
    blue: str, amber: str, red: str, green: str, cursor: tuple[str, str, str],
) -> Theme:  # fmt: skip
    """A theme of our few colours. `quiet`: hints and what is fainter still; `grounds`: of screen,
    fields and bars; `cursor`: of the marked row its ground, its text, and its ground where another
    part of the screen has the keys.
    """
    muted, faint = quiet
    background, surface, panel = grounds
    row, row_text, row_blurred = cursor
    return Theme(
        name=name, dark=dark, primary=blue, secondary=blue, accent=amber, warning=amber, error=red,
        success=green, foreground=text, background=background, surface=surface, panel=panel,
        boost=panel,
        variables={
            "list-cursor": row, "list-cursor-text": row_text, "list-cursor-blurred": row_blurred,
            "muted": muted, "text-muted": muted, "faint": faint, "text-disabled": faint,
            "input-cursor-background": text, "input-cursor-foreground": background,
        },
    )  # fmt: skip


DARK = _theme(
    "crm-dark", dark=True, text="#d8dde3", quiet=("#8b97a5", "#84909e"),
    grounds=("#11161b", "#171d24", "#1f2730"),
    blue="#7aa2c9", amber="#f0b040", red="#ef6b6b", green="#7fbf8f",
    cursor=("#2b4560", "#ffffff", "#222c37"),
)  # fmt: skip
LIGHT = _theme(
    "crm-light", dark=False, text="#1b2127", quiet=("#5c6670", "#5e6872"),
    grounds=("#fbfaf7", "#f3f1ec", "#e8e5de"),
    blue="#1f5f99", amber="#985000", red="#b3261e", green="#22703c",
    cursor=("#cfe2f5", "#0b1a28", "#e4e9ee"),
)  # fmt: skip
# The colours of terminals with 256 of them are few: others turn into a neighbour, slate into navy.
DARK_256 = _theme(
    "crm-dark-256", dark=True, text="#d0d0d0", quiet=("#9e9e9e", "#949494"),
    grounds=("#121212", "#1c1c1c", "#262626"),
    blue="#87afd7", amber="#ffaf5f", red="#ff5f5f", green="#87af87",
    cursor=("#005f87", "#ffffff", "#262626"),
)  # fmt: skip
LIGHT_256 = _theme(
    "crm-light-256", dark=False, text="#1c1c1c", quiet=("#585858", "#585858"),
    grounds=("#ffffff", "#ffffff", "#eeeeee"),
    blue="#005f87", amber="#875f00", red="#af0000", green="#005f00",
    cursor=("#afd7ff", "#121212", "#eeeeee"),
)  # fmt: skip
# With the terminal's own sixteen each part is named: most have to be its default.
TERMINAL = Theme(
    name="crm-terminal",
    ansi=True,
    # Blue and red on black can hardly be read; the bright red can.
    primary="ansi_cyan",
    secondary="ansi_cyan",
    warning="ansi_yellow",
    error="ansi_bright_red",
    success="ansi_green",
    accent="ansi_yellow",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        "list-cursor": "ansi_blue", "list-cursor-text": "ansi_bright_white",
        "list-cursor-blurred": "ansi_default", "muted": "ansi_default", "faint": "ansi_default",
        "text-muted": "ansi_default", "text-disabled": "ansi_default",
        "ansi-background": "ansi_black", "ansi-foreground": "ansi_white",
        "border-blurred": "ansi_black", "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_white", "input-cursor-background": "ansi_white",
        "input-cursor-foreground": "ansi_black",
        "input-selection-background": "ansi_bright_blue",
        "input-selection-foreground": "ansi_black",
        "screen-selection-background": "ansi_bright_blue",
        "screen-selection-foreground": "ansi_black",
    },
)  # fmt: skip

THEMES = {"dark": DARK, "light": LIGHT, "terminal": TERMINAL}
"""By the value of the setting."""
_FEW = {DARK.name: DARK_256, LIGHT.name: LIGHT_256}
ALL = (*THEMES.values(), *_FEW.values())


def fitting(setting: str, color_system: str | None) -> Theme:
    """The theme of a setting for a terminal that shows so many colours: "256", "truecolor" …"""
    theme = THEMES[setting]
    return _FEW.get(theme.name, theme) if color_system == "256" else theme
