"""The owner of a row: every customer beside the one that is kept for them, once two were merged.

`kept (id, kept_id)` is the one place that knows the rule. A row of any table belongs to `kept_id` of
the customer that it names; the rows of a customer are those that name an `id` with this `kept_id`.
The index makes the second as quick as the first.
"""

from sqlite_utils import Database

# The cast gives it the affinity of a key: without one, no index serves where it is compared with a key.
_KEPT = "CAST(coalesce(merged_into, id) AS INTEGER)"

_STATEMENTS = (
    f"CREATE VIEW kept AS SELECT id, {_KEPT} AS kept_id FROM customers",  # noqa: S608 - ours
    f"CREATE INDEX customers_kept ON customers ({_KEPT})",
)


def apply(db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute(statement)
