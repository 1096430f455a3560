"""What imports watch over: one that was cut off, and that nobody has finished."""

from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.health import BAD, Check, Finding, finding
from crm_tui.shop.imports import cut_off

_OPEN = N_("Close crm-tui, on all screens, and open it again: it is finished as soon as somebody signs"
           " in.")  # fmt: skip


def unfinished(ctx: Context) -> Finding | None:
    """One that was cut off; nothing where there is none, or somebody is at it."""
    left = cut_off.left(ctx)
    if left is None:
        return None
    text = N_("The import of {file} was cut off: only a part of it is in the books.")
    if left.back:
        text = N_(
            "Taking back the import of {file} was cut off: a part of it is in the books still."
        )
    return finding(BAD, text, _OPEN, {"file": left.file, "back": left.back}, file=left.file)


CHECKS = (Check("import", N_("Import"), unfinished, place=45),)
