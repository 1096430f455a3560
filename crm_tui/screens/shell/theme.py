"""The colours. One accent, and it means: this waits for somebody."""

from textual.theme import Theme

DARK = Theme(
    name="crm-dark",
    primary="#7aa2c9",
    secondary="#7aa2c9",
    accent="#f0b040",
    warning="#f0b040",
    error="#ef6b6b",
    success="#7fbf8f",
    foreground="#d8dde3",
    background="#11161b",
    surface="#171d24",
    panel="#1f2730",
    boost="#1f2730",
    variables={
        "list-cursor": "#2b4560", "list-cursor-text": "#ffffff", "list-cursor-blurred": "#222c37",
        "muted": "#8b97a5", "faint": "#84909e", "text-muted": "#8b97a5", "text-disabled": "#84909e",
        "input-cursor-background": "#d8dde3", "input-cursor-foreground": "#11161b",
    },
)  # fmt: skip

LIGHT = Theme(
    name="crm-light",
    dark=False,
    primary="#1f5f99",
    secondary="#1f5f99",
    accent="#985000",
    warning="#985000",
    error="#b3261e",
    success="#22703c",
    foreground="#1b2127",
    background="#fbfaf7",
    surface="#f3f1ec",
    panel="#e8e5de",
    boost="#e8e5de",
    variables={
        "list-cursor": "#cfe2f5", "list-cursor-text": "#0b1a28", "list-cursor-blurred": "#e4e9ee",
        "muted": "#5c6670", "faint": "#5e6872", "text-muted": "#5c6670", "text-disabled": "#5e6872",
        "input-cursor-background": "#1b2127", "input-cursor-foreground": "#fbfaf7",
    },
)  # fmt: skip

# The colours of terminals with 256 of them are few: others turn into a neighbour, slate into navy.
DARK_256 = Theme(
    name="crm-dark-256",
    primary="#87afd7",
    secondary="#87afd7",
    accent="#ffaf5f",
    warning="#ffaf5f",
    error="#ff5f5f",
    success="#87af87",
    foreground="#d0d0d0",
    background="#121212",
    surface="#1c1c1c",
    panel="#262626",
    boost="#262626",
    variables={
        "list-cursor": "#005f87", "list-cursor-text": "#ffffff", "list-cursor-blurred": "#262626",
        "muted": "#9e9e9e", "faint": "#949494", "text-muted": "#9e9e9e", "text-disabled": "#949494",
        "input-cursor-background": "#d0d0d0", "input-cursor-foreground": "#121212",
    },
)  # fmt: skip

LIGHT_256 = Theme(
    name="crm-light-256",
    dark=False,
    primary="#005f87",
    secondary="#005f87",
    accent="#875f00",
    warning="#875f00",
    error="#af0000",
    success="#005f00",
    foreground="#1c1c1c",
    background="#ffffff",
    surface="#ffffff",
    panel="#eeeeee",
    boost="#eeeeee",
    variables={
        "list-cursor": "#afd7ff", "list-cursor-text": "#121212", "list-cursor-blurred": "#eeeeee",
        "muted": "#585858", "faint": "#585858", "text-muted": "#585858", "text-disabled": "#585858",
        "input-cursor-background": "#1c1c1c", "input-cursor-foreground": "#ffffff",
    },
)  # fmt: skip

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
