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

TERMINAL = Theme(
    name="crm-terminal",
    ansi=True,
    primary="ansi_blue",
    secondary="ansi_cyan",
    warning="ansi_yellow",
    error="ansi_red",
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
