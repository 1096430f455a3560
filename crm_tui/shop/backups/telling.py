"""What is said of backups, for the command line and the screens alike; `tr` translates."""

from collections.abc import Callable, Sequence
from pathlib import Path

from crm_tui.clock import moment
from crm_tui.errors import N_
from crm_tui.shop.backups.copying import Need
from crm_tui.shop.backups.places import Backup, Note
from crm_tui.shop.backups.preparing import Lost, Prepared
from crm_tui.shop.backups.rehearsing import Rehearsed
from crm_tui.shop.gate import findings
from crm_tui.shop.gate.money import rupiah
from crm_tui.text import day_and_time

Translate = Callable[..., str]
_MB = 1 << 20
_READ = str.maketrans(",.", ".,")
"""The signs of a figure as they are read here."""


def megabytes(octets: int) -> str:
    """As people read it: 0,7, 12, 40.960."""
    size = octets / _MB
    told = f"{size:,.1f}" if size < 10 else f"{size:,.0f}"
    return told.translate(_READ)


def when(at: str) -> str:
    """A stored moment on the clock of the shop."""
    return day_and_time(moment(at)) if at else "?"


def needs(tr: Translate, need: Need) -> list[str]:
    """The room and the time that the next backup will take."""
    lines = [tr(N_("The next one needs {size}; {free} are free."),
                size=findings.megabytes(need.octets), free=findings.megabytes(need.free))]  # fmt: skip
    if need.seconds is not None:
        lines.append(tr(N_("It takes about {seconds} s."), seconds=max(1, round(need.seconds))))
    return lines


def lost(tr: Translate, what: Lost) -> list[str]:
    """What the store holds and the backup does not."""
    if not what.known:
        return [tr(N_("What was done since cannot be told: there is no store that can be read."))]
    if not (what.sales or what.orders or what.came or what.went or what.changes):
        return [tr(N_("Nothing was done since: nothing would be lost."))]
    return [
        tr(N_("Since then, and lost with it:")),
        "  " + tr(N_("sales: {count} ({sum})"), count=what.sales, sum=rupiah(what.rupiah)),
        "  " + tr(N_("orders: {count}"), count=what.orders),
        "  " + tr(N_("SMS in: {came}, SMS out: {went}"), came=what.came, went=what.went),
        "  " + tr(N_("other changes: {count}"), count=what.changes),
    ]


def preview(tr: Translate, ready: Prepared) -> list[str]:
    """Before a restore."""
    return [
        tr(N_("{file}: {shop} as it was on {at}, read through and checked."),
           file=ready.backup.name, shop=ready.name, at=when(ready.at)),
        *_doubts(tr, ready),
        *lost(tr, ready.lost),
        *_powers(tr, ready),
        *_erased(tr, ready),
    ]  # fmt: skip


def _doubts(tr: Translate, ready: Prepared) -> list[str]:
    """Why what a backup holds may be wrong although it can be read."""
    lines = []
    if ready.changed:
        told = N_("It is not as it was written any more: the disk damaged it, or somebody changed it."
                  " Texts and figures may be wrong. Take another backup if there is one.")  # fmt: skip
        lines.append(tr(told))
    if ready.harmed:
        told = N_("When it was made, pages of the store were not as this program wrote them: texts and"
                  " figures in it may be wrong. Take one from before if there is one.")  # fmt: skip
        lines.append(tr(told))
    return lines


def still_open(tr: Translate, count: int, key: str = "Del") -> str:
    """After a passphrase was chosen: what it does not reach, "" for nothing. `key`: to delete it."""
    told = N_("{count} backups from before can still be read without it. Make a sealed one, then delete"
              " them: Settings, Backups, {key}; or crm-tui backup --delete-open.")  # fmt: skip
    return tr(told, count=count, key=key) if count else ""


def still_holding(tr: Translate, count: int, key: str = "Del") -> str:
    """What is left of customers who were erased, "" for nothing. `key`: to delete it."""
    told = N_("{count} backups still hold customers who were erased since; a restore of one erases"
              " them again. Make a new one, then delete them: Settings, Backups, {key}; or crm-tui"
              " backup --delete-erased.")  # fmt: skip
    return tr(told, count=count, key=key) if count else ""


def with_erased(tr: Translate, found: Sequence[Backup]) -> list[str]:
    """Before they are deleted."""
    return [
        tr(N_("{count} backups from {first} to {last} hold customers who were erased since. Of days"
              " before the first that stays no backup is left."),
           count=len(found), first=day_and_time(min(each.at for each in found)),
           last=day_and_time(max(each.at for each in found)))
    ]  # fmt: skip


def without_passphrase(tr: Translate, found: Sequence[Backup]) -> list[str]:
    """Before they are deleted."""
    return [
        tr(N_("{count} backups from {first} to {last} can be read without the passphrase. What the"
              " sealed ones hold stays; of days before the first of those no backup is left."),
           count=len(found), first=day_and_time(found[-1].at), last=day_and_time(found[0].at))
    ]  # fmt: skip


def _erased(tr: Translate, ready: Prepared) -> list[str]:
    """What becomes of customers who were erased since the backup."""
    lines, since = [], ready.erased
    if since.again:
        lines.append(tr(N_("Customers who were erased since then are erased again: {count}."),
                        count=len(since.again) - ready.left))  # fmt: skip
    if since.again and since.listed:
        told = N_("Only erased.json beside the backups says so, of customers {numbers}: the store of"
                  " now cannot be asked.")  # fmt: skip
        lines.append(tr(told, numbers=_numbers(since.again)))
    if since.doubted:
        told = N_("erased.json beside the backups names customers whom this shop has not erased:"
                  " {numbers}. They stay. Erase them if they asked for it; else somebody else wrote"
                  " into that file.")  # fmt: skip
        lines.append(tr(told, numbers=_numbers(since.doubted)))
    if ready.left:
        told = N_("{count} of those who were erased cannot be erased again at once: in the backup"
                  " something is open with them, or they are merged with somebody who was not erased."
                  " Settle it and erase them; the audit names them.")  # fmt: skip
        lines.append(tr(told, count=ready.left))
    return lines


def _powers(tr: Translate, ready: Prepared) -> list[str]:
    """What becomes of who may do what."""
    lines = []
    if ready.powers:
        told = N_("Users, passwords and rights become those of then: they were changed since.")
        lines.append(tr(told))
    if ready.out:
        told = N_("Who was put out since then stays out: {names}.")
        lines.append(tr(told, names=", ".join(ready.out)))
    return lines


_FEW = 20


def _numbers(customers: Sequence[int]) -> str:
    """Which ones, as the audit names them."""
    told = ", ".join(map(str, customers[:_FEW]))
    return told + (", …" if len(customers) > _FEW else "")


def restored(tr: Translate, ready: Prepared, aside: Path | None) -> list[str]:
    """After one."""
    lines = [
        tr(N_("Restored: {shop} as it was on {at}. Epoch {epoch}: each restore begins a new one."),
           shop=ready.name, at=when(ready.at), epoch=ready.epoch),
        tr(N_("SMS that were on their way then are held for the staff (SMS out, To decide); new orders "
              "and sales go on with higher numbers.")),
        *_doubts(tr, ready),
        *_powers(tr, ready),
        *_erased(tr, ready),
    ]  # fmt: skip
    if aside is not None:
        lines.append(tr(N_("The store that was there is kept as {file}."), file=aside))
    return lines


def epoch(tr: Translate, note: Note | None) -> str:
    """Of which epoch a backup is, and what that is; "" as long as nothing was ever restored."""
    if note is None or note.epoch == 1:
        return ""
    return tr(N_("{epoch} (each restore begins a new one)"), epoch=note.epoch)


def rehearsed(tr: Translate, done: Rehearsed) -> list[str]:
    """After a rehearsal."""
    return [
        tr(N_("{file} can be restored: {rows} rows read, compared with the store and right, in "
              "{seconds} s. Nothing was changed."),
           file=done.backup.name, rows=done.rows, seconds=f"{done.seconds:.1f}".replace(".", ",")),
        *lost(tr, done.lost),
    ]  # fmt: skip
