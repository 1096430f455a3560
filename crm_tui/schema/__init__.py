"""The shop's tables, a migration a module; each runs once, in one transaction with its record."""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from crm_tui.schema import (
    v001_shop,
    v002_counter,
    v003_day,
    v004_imports,
    v005_ranking,
    v006_rewards,
    v007_kept,
    v008_reading,
    v009_time,
    v010_line,
    v011_talks,
    v012_backups,
    v013_upkeep,
    v014_balance,
    v015_figures,
    v016_files,
    v017_strangers,
    v018_till,
    v019_permits,
    v020_chain,
    v021_privacy,
    v022_listed,
    v023_foreman,
    v024_ship,
    v025_branches,
    v026_erasing,
    v027_counted,
    v028_unlinked,
    v029_held,
    v030_names,
    v031_stragglers,
    v032_pins,
    v033_begun,
    v034_apart,
    v035_turns,
    v036_blotted,
    v037_slips,
    v038_erased,
    v039_papers,
    v040_powers,
    v041_sorted,
    v042_moved,
    v043_grown,
)

APPLICATION_ID = 0x43524D54
"""Marks a SQLite file as ours ("CRMT")."""

migrations = Migrations("crm")
_IN_ORDER = (
    v001_shop, v002_counter, v003_day, v004_imports, v005_ranking, v006_rewards, v007_kept,
    v008_reading, v009_time, v010_line, v011_talks, v012_backups, v013_upkeep, v014_balance,
    v015_figures, v016_files, v017_strangers, v018_till, v019_permits, v020_chain, v021_privacy,
    v022_listed, v023_foreman, v024_ship, v025_branches, v026_erasing, v027_counted, v028_unlinked,
    v029_held, v030_names, v031_stragglers, v032_pins, v033_begun, v034_apart, v035_turns,
    v036_blotted, v037_slips, v038_erased, v039_papers, v040_powers, v041_sorted, v042_moved,
    v043_grown,
)  # fmt: skip
for _module in _IN_ORDER:
    migrations(name=_module.__name__.rpartition(".")[2])(_module.apply)

VERSION = len(_IN_ORDER)
"""How many migrations there are; a file with more is newer than the program."""


def bring_up_to_date(db: Database) -> None:
    """What the store lacks, within a transaction. Its schema has another number afterwards in any case:
    by that programs that are open know that there is a newer one."""
    number = db.execute("PRAGMA schema_version").fetchone()[0]
    migrations.apply(db)
    if db.execute("PRAGMA schema_version").fetchone()[0] == number:
        db.execute(f"PRAGMA schema_version={number + 1}")
    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
    db.execute(f"PRAGMA user_version={VERSION}")
