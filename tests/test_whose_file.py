"""Which files whoever may take files in can look into: tables of people, and none of the program's."""

from pathlib import Path

import pytest

from crm_tui.errors import Problem
from crm_tui.shop.gate.errors import NotAllowed, SessionEnded
from crm_tui.shop.imports import customers, items, staging
from crm_tui.shop.imports.whose_file import FileHidden, FileNoTable, FileOfTheProgram
from crm_tui.shop.users import accounts, roles
from tests.counter import staff
from tests.shop import Shop

_TABLE = "code,name,price\nRAHASIA-1,Gaji bos,9000000\n"
_NOT: dict[str, type[Problem]] = {
    "home/.ssh/known.txt": FileHidden,
    "home/.bashrc": FileNoTable,
    "home/.config/mail.csv": FileHidden,
    "home/.daftar.csv": FileHidden,
    "home/id_rsa": FileNoTable,
    "home/etc/passwd": FileNoTable,
    "home/unit.service": FileNoTable,
    "home/values.json": FileNoTable,
    "home/history.db": FileNoTable,
    "shop/crm.log": FileNoTable,
    "shop/crm.db": FileNoTable,
    "shop/backups/note.txt": FileOfTheProgram,
    "shop/replaced/2026/old.csv": FileOfTheProgram,
    "shop/DAMAGED/rows.csv": FileOfTheProgram,
    "shop/exports/.part.csv": FileHidden,
    "office/authority.key": FileNoTable,
    "office/branches/north.txt": FileOfTheProgram,
}


def _written(folder: Path, name: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.write_text(_TABLE)
    return file


@pytest.mark.parametrize("name", _NOT)
@pytest.mark.parametrize("way", ["itself", "link"])
def test_what_is_no_table_of_people_is_not_read(
    shop: Shop, tmp_path: Path, name: str, way: str
) -> None:
    """Nobody sees a line of what is hidden, no table, or the program's own, by whatever link."""
    for mark in ("shop/crm.db", "office/authority.key"):
        _written(tmp_path / "x", mark)
    file = _written(tmp_path / "x", name)
    if way == "link":
        link = tmp_path / "list.csv"
        link.symlink_to(file)
        file = link
    with pytest.raises(_NOT[name]):
        staging.examine(shop.ctx, items.KIND, file)


@pytest.mark.parametrize(
    "name", ["home/list.csv", "home/LIST.XLS", "shop/list.txt", "shop/exports/items.csv",
             ".local/share/crm-tui/exports/items.csv"],
)  # fmt: skip
def test_tables_of_people_are_read(shop: Shop, tmp_path: Path, name: str) -> None:
    """Lists in people's folders, beside the store and in its exports are taken in as ever."""
    for mark in ("shop/crm.db", ".local/share/crm-tui/crm.db"):
        _written(tmp_path / "x", mark)
    staged = staging.examine(shop.ctx, items.KIND, _written(tmp_path / "x", name))
    assert staged.preview.new == ["RAHASIA-1"]
    staged.close()


def test_reports_in_exports_are_of_those_who_may_have_them(shop: Shop, tmp_path: Path) -> None:
    """Who may take items in, but neither write reports nor see costs, reads none in exports/."""
    _written(tmp_path / "x", "crm.db")
    file = _written(tmp_path / "x", "exports/profit.csv")
    for missing in ("reports.export", "costs.view"):
        role = roles.add(shop.ctx, f"Gudang {missing}")
        for right in {"items.edit", "reports.export", "costs.view"} - {missing}:
            roles.grant(shop.ctx, role, right, True)
        user = staff(shop, f"Gudang {missing}", missing.replace(".", "-"))
        own = shop.ctx.acting(user.actor)
        with pytest.raises(NotAllowed):
            staging.examine(own, items.KIND, file)
        staging.examine(own, items.KIND, _written(tmp_path, "mine.csv")).close()


def test_nothing_is_read_without_the_right(shop: Shop, tmp_path: Path) -> None:
    """Whose right or session has gone since the page was opened sees no line of a file."""
    file = _written(tmp_path, "list.csv")
    roles.grant(shop.ctx, roles.add(shop.ctx, "Gudang"), "items.edit", True)
    user = staff(shop, "Gudang")
    own = shop.ctx.acting(user.actor)
    with pytest.raises(NotAllowed):
        staging.examine(own, customers.KIND, file)
    accounts.edit(shop.ctx, user.id, user.login, user.name, "Staf Konter")
    with pytest.raises(SessionEnded):
        staging.examine(own, items.KIND, file)
