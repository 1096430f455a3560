"""The shop's tables, a migration a module; each runs once, in one transaction with its record."""

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
)

APPLICATION_ID = 0x43524D54
"""Marks a SQLite file as ours ("CRMT")."""

migrations = Migrations("crm")
migrations(name="v001_shop")(v001_shop.apply)
migrations(name="v002_counter")(v002_counter.apply)
migrations(name="v003_day")(v003_day.apply)
migrations(name="v004_imports")(v004_imports.apply)
migrations(name="v005_ranking")(v005_ranking.apply)
migrations(name="v006_rewards")(v006_rewards.apply)
migrations(name="v007_kept")(v007_kept.apply)
migrations(name="v008_reading")(v008_reading.apply)
migrations(name="v009_time")(v009_time.apply)
migrations(name="v010_line")(v010_line.apply)
migrations(name="v011_talks")(v011_talks.apply)
migrations(name="v012_backups")(v012_backups.apply)
migrations(name="v013_upkeep")(v013_upkeep.apply)
migrations(name="v014_balance")(v014_balance.apply)
migrations(name="v015_figures")(v015_figures.apply)
migrations(name="v016_files")(v016_files.apply)
migrations(name="v017_strangers")(v017_strangers.apply)
migrations(name="v018_till")(v018_till.apply)
migrations(name="v019_permits")(v019_permits.apply)
migrations(name="v020_chain")(v020_chain.apply)
migrations(name="v021_privacy")(v021_privacy.apply)
migrations(name="v022_listed")(v022_listed.apply)
migrations(name="v023_foreman")(v023_foreman.apply)
migrations(name="v024_ship")(v024_ship.apply)
migrations(name="v025_branches")(v025_branches.apply)
migrations(name="v026_erasing")(v026_erasing.apply)
migrations(name="v027_counted")(v027_counted.apply)
migrations(name="v028_unlinked")(v028_unlinked.apply)
migrations(name="v029_held")(v029_held.apply)
migrations(name="v030_names")(v030_names.apply)
migrations(name="v031_stragglers")(v031_stragglers.apply)
migrations(name="v032_pins")(v032_pins.apply)
migrations(name="v033_begun")(v033_begun.apply)
migrations(name="v034_apart")(v034_apart.apply)
migrations(name="v035_turns")(v035_turns.apply)
migrations(name="v036_blotted")(v036_blotted.apply)
migrations(name="v037_slips")(v037_slips.apply)

VERSION = 37
"""How many migrations there are; a file with more is newer than the program."""
