"""Sales that a restored branch has no longer, as an old sales book that the branch can import again.

They are counted at the office all the while; once the branch has imported the file, the imported rows
count in their place.
"""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crm_tui import atomic_file
from crm_tui.clock import moment
from crm_tui.office.reading import Branch, ReadSide
from crm_tui.shop.gate import output_files
from crm_tui.shop.gate.errors import FileUnwritable
from crm_tui.shop.imports.sold_already import LOST_AFTER
from crm_tui.text import cell

COLUMNS = ("date", "phone", "name", "code", "quantity", "total", LOST_AFTER)
"""As `crm-tui import sales` takes them: by the last it knows that none is a sale that is there."""

# A customer as the epoch knew it: the number may be somebody else's in the next one.
_LINES = """
    SELECT s.at, l.code, l.quantity, coalesce(l.total, s.total) AS total,
        (SELECT v.name FROM crm.customers_versions AS v WHERE v.branch = s.branch AND v.epoch <= s.epoch
            AND v.id = s.customer_id AND NOT v.gone ORDER BY v.epoch DESC, v.version DESC LIMIT 1)
            AS name,
        (SELECT min(p.number) FROM crm.phones AS p WHERE p.branch = s.branch AND p.epoch <= s.epoch
            AND p.customer_id = coalesce((SELECT c.merged_into FROM crm.customers_versions AS c
                WHERE c.branch = s.branch AND c.epoch <= s.epoch AND c.id = s.customer_id AND NOT c.gone
                ORDER BY c.epoch DESC, c.version DESC LIMIT 1), s.customer_id)) AS phone
    FROM crm.sales AS s LEFT JOIN crm.sale_lines AS l
        ON l.branch = s.branch AND l.epoch = s.epoch AND l.sale_id = s.id
    WHERE s.branch = %s AND s.epoch = %s AND s.id > %s ORDER BY s.id, l.line
"""


@dataclass(frozen=True)
class Lost:
    """What one epoch of a branch sold beyond what the next one has in common with it."""

    branch: int
    epochs: tuple[int, ...]
    lines: Sequence[Mapping[str, object]]


def of(office: ReadSide, branch: Branch) -> Lost:
    """What a branch lost and has not imported again, a line of a sale each."""
    found: list[tuple[Mapping[str, object], int]] = []
    epochs = []
    for epoch, above in office.lost_epochs(branch):
        epochs.append(epoch)
        found += ((row, above) for row in office.ask(_LINES, (branch.id, epoch, above)))
    office.context(branch)
    lines = [
        {
            # The day is the branch's own.
            "date": moment(str(row["at"])).astimezone().date().isoformat(),
            "phone": row["phone"] or "", "name": row["name"] or "", "code": row["code"] or "",
            "quantity": row["quantity"], "total": row["total"], LOST_AFTER: above,
        }
        for row, above in found
    ]  # fmt: skip
    return Lost(branch.id, tuple(epochs), lines)


def written(lost: Lost) -> str:
    """The file's text. What a spreadsheet would compute is led by an apostrophe, as in all of our
    CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lost.lines:
        writer.writerow(
            [
                value if name == "phone" or not isinstance(value, str) else cell(value)
                for name, value in line.items()
            ]
        )
    return out.getvalue()


def save(office: ReadSide, lost: Lost, target: Path) -> None:
    """Write the file, and note it, so that its rows are not counted twice once they are back. Raises
    `FileUnwritable`, and what `targets.check` raises."""
    output_files.check(target, None)
    text = written(lost).encode("utf-8")
    digest = hashlib.sha256(text).hexdigest()
    # Before there is a file that somebody could import: a note without one counts nothing.
    for epoch in lost.epochs:
        office.ask_nothing(
            "INSERT INTO crm.lost_files (branch, epoch, digest) VALUES (%s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            (lost.branch, epoch, digest),
        )
    try:
        atomic_file.write(target, text)
    except OSError as trouble:
        raise FileUnwritable(file=target, why=trouble.strerror or trouble) from trouble
