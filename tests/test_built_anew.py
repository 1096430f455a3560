"""A checkout that is built anew while a counter runs in it."""

from pathlib import Path

from crm_tui.catalogue import Catalogue
from hatch_build import CatalogueHook

_PO = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def _build(folder: Path, texts: dict[str, str]) -> Path:
    home = folder / "crm_tui" / "locale" / "id" / "LC_MESSAGES"
    home.mkdir(parents=True, exist_ok=True)
    told = "".join(f'msgid "{key}"\nmsgstr "{text}"\n\n' for key, text in texts.items())
    (home / "crm_tui.po").write_text(_PO + told, "utf-8")
    hook = CatalogueHook(str(folder), {}, None, None, str(folder), "wheel")  # type: ignore[arg-type]
    hook.initialize("editable", {})
    return home / "crm_tui.mo"


def test_who_reads_the_texts_of_before_goes_on(tmp_path: Path) -> None:
    """Texts that were compiled since change nothing for a program that runs, and count for the next."""
    before = Catalogue(_build(tmp_path, {"Sale": "Penjualan", "Way": "Lewat"}))
    now = _build(tmp_path, {"An item": "Barang é", "Sale": "Jual", "Zone": "Zona", "Way": "Cara"})
    assert [before.find(key) for key in ("Sale", "Way", "Zone")] == ["Penjualan", "Lewat", None]
    after = Catalogue(now)
    assert [after.find(key) for key in ("Sale", "Zone")] == ["Jual", "Zona"]
    for each in (before, after):
        each._file.close()
    assert not list(now.parent.glob("*.new"))
