"""How a branch stands with its head office, for people."""

from dataclasses import asdict, dataclass

from crm_tui.clock import moment
from crm_tui.errors import N_, Sentence, stored
from crm_tui.replication import enrolling, reading, up
from crm_tui.shipped import CHANGES
from crm_tui.shop.branches.identity import SKEW
from crm_tui.shop.gate.context import Context
from crm_tui.shop.loyalty import points
from crm_tui.text import day_and_time


@dataclass(frozen=True)
class Standing:
    """`behind`: rows that the head office lacks, now. `met_at`: when a round came to its end last; None
    before the first. `trouble`: why none does, since `trouble_at`; "" if all is well. `skew`: seconds
    by which the head office's clock is ahead. `points`: why none can be spent, "" where they can."""

    branch: int
    name: str
    office: str
    behind: int
    met_at: str | None
    trouble: Sentence
    trouble_at: str | None
    skew: float
    points: Sentence

    def as_record(self) -> dict[str, object]:
        """For programs; the trouble as the store keeps it."""
        return asdict(self)

    def lines(self) -> list[Sentence]:
        """Each a sentence as the store keeps it."""
        sentences = [
            stored(N_("Branch {name}, head office {office}"), name=self.name, office=self.office)
        ]
        if self.met_at is None:
            sentences.append(stored(N_("The head office was never reached yet.")))
        else:
            at = day_and_time(moment(self.met_at), seconds=True)
            sentences.append(stored(N_("Last reached: {at}"), at=at))
        sentences.append(stored(N_("Rows that it lacks: {count}"), count=self.behind))
        if abs(self.skew) > SKEW:
            text = N_(
                "This computer's clock and that of the head office differ by {minutes} minutes."
            )
            sentences.append(stored(text, minutes=round(abs(self.skew) / 60)))
        if self.trouble:
            sentences.append(self.trouble)
        if self.points:
            sentences.append(self.points)
        return sentences


def read(ctx: Context) -> Standing:
    """How it stands now. Raises `NotEnrolled`."""
    enrolling.enrolled(ctx)
    with ctx.store.reading() as db:
        row = db.execute("SELECT * FROM chain").fetchone()
        told = up.told(ctx)
        marks = dict(told.marks)
        if told.epoch != reading.epochs(db)[-1].number:
            # All changes go once more in a new epoch.
            marks.pop(CHANGES, None)
        behind = reading.behind(db, up.positions(marks))
        why = points.kept_back(ctx)
    return Standing(
        row["branch"], row["name"], row["office"], behind, row["met_at"], Sentence(row["trouble"]),
        row["trouble_at"], row["skew"], why.stored if why else Sentence(""),
    )  # fmt: skip
