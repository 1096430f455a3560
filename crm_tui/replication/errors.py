"""What can go wrong between a branch and its head office, each as a sentence that says what to do.

ChainProblem
├── ChainExtraMissing · NotEnrolled · EnrolledAlready · EnrolmentWrong · KeyMissing · KeyUnusable
│   · KeysUnkept · ChainHeld
├── OfficeProblem       it comes by itself, or from the head office: tried again, later and later
└── HistoryProblem      somebody must decide: tried again now and then
"""

from crm_tui.errors import N_, Problem


class ChainProblem(Problem):
    """Of a branch and its head office; the shop itself goes on."""


class ChainExtraMissing(ChainProblem):
    text = N_(
        "What a chain of branches needs is not installed here. In the program's folder: make chain."
        ' With pipx: pipx inject crm-tui "psycopg[binary]" cryptography'
    )


class NotEnrolled(ChainProblem):
    text = N_(
        "This shop belongs to no chain. The head office makes a file for it; take that in with:"
        " crm-tui chain enrol FILE"
    )


class EnrolledAlready(ChainProblem):
    text = N_("This shop is branch {name} already. Leave that chain first: crm-tui chain leave")


class EnrolmentWrong(ChainProblem):
    text = N_("{file} is no enrolment that can be read: {why}. Ask the head office for a new one.")


class KeyMissing(ChainProblem):
    text = N_(
        "The key of branch {name} is not on this computer. If this is a new computer, ask the head"
        " office for a new enrolment: crm-tui chain enrol FILE"
    )


class KeyUnusable(ChainProblem):
    text = N_(
        "The key of branch {name} in {folder} cannot be used: it is damaged, or others than its owner"
        " may read it (chmod 600). If that does not help, ask the head office for a new enrolment:"
        " crm-tui chain enrol FILE"
    )


class KeysUnkept(ChainProblem):
    text = N_(
        "The keys of the branch cannot be kept in {folder}: {why}. This shop is no branch yet; put that"
        " right, and take the enrolment in once more."
    )


class ChainHeld(ChainProblem):
    text = N_("Another crm-tui chain runs for this shop already. Close that one first.")


class BatchUnwritable(ChainProblem):
    text = N_("{file} cannot be written: {why}. Nothing is lost; try again elsewhere.")


class OfficeProblem(ChainProblem):
    """Tried again by itself."""


class OfficeSilent(OfficeProblem):
    text = N_(
        "The head office {office} does not answer. The shop goes on, and what happens is sent later."
        " If it lasts: is the internet there, and the head office's computer on?"
    )


class OfficeUntrusted(OfficeProblem):
    text = N_(
        "Whoever answers at {office} cannot show that it is the head office, so nothing is sent. Ask"
        " the head office whether it has new certificates."
    )


class KeyRefused(OfficeProblem):
    text = N_(
        "The head office {office} refuses the key of branch {name}: the branch was closed there, was"
        " enrolled anew elsewhere, or the office was put back to an older state. Ask there. Of a branch"
        ' that goes on it makes a new enrolment (crm-tui office epoch "{name}" -o FILE); take it in'
        " with: crm-tui chain enrol FILE"
    )


class KeyEnded(KeyRefused):
    text = N_(
        "The head office has closed branch {name}: nothing goes there any more. The shop sells on by"
        " itself, out of the chain with: crm-tui chain leave. To go on as a new branch: crm-tui office"
        ' branch add NEWNAME --forked-from "{name}" -o FILE at the head office, and here crm-tui chain'
        " leave, then crm-tui chain enrol FILE"
    )


class DatabaseGone(OfficeProblem):
    text = N_(
        "At the head office {office} there is no database {database}: it has another name now, or"
        " was not put back yet. Ask there; if the name has changed, for a new enrolment: crm-tui"
        " chain enrol FILE"
    )


class NotAdmitted(OfficeProblem):
    text = N_(
        "PostgreSQL at the head office {office} lets branch {name} in by no rule of its"
        " pg_hba.conf. Ask there: crm-tui office init says the lines; after another name of the"
        " database they are new."
    )


class OfficeFull(OfficeProblem):
    text = N_(
        "The head office {office} has no room left on its disk. What happens here waits, and is sent"
        " when there is room."
    )


class OfficeBusy(OfficeProblem):
    text = N_("The head office {office} is busy or starting. It is tried again by itself.")


class SessionEnded(OfficeBusy):
    text = N_(
        "The head office {office} ended the session: it restarts, or it has closed this branch or its"
        " key. It is tried again by itself."
    )


class OfficeReadOnly(OfficeProblem):
    text = N_(
        "The PostgreSQL of the head office {office} takes nothing in, it is only read: it is a copy"
        " that follows another server, or was set so. What happens here waits, and is sent later; tell"
        " the head office."
    )


class OfficeOlder(OfficeProblem):
    text = N_(
        "The head office {office} runs an older crm-tui than this branch. It has to be updated first;"
        " until then what happens here waits, and the shop goes on."
    )


class OfficeUnexpected(OfficeProblem):
    text = N_(
        "The head office {office} refused a batch (code {code}). Nothing of it was taken, and it is"
        " tried again; tell the head office if it lasts."
    )


class HistoryProblem(ChainProblem):
    """Somebody has to decide."""


class EpochClosed(HistoryProblem):
    text = N_(
        "This is an older copy of branch {name}: the head office goes on with one that was restored"
        " later. Close this one, or have it enrolled as a branch of its own."
    )


class EpochEnded(HistoryProblem):
    text = N_(
        "The head office takes nothing more from this store of branch {name}. If this is the computer"
        " to go on with: crm-tui chain epoch"
    )


class OtherShop(HistoryProblem):
    text = N_(
        "Another shop reports to the head office as branch {name}. Ask there for an enrolment of its"
        " own."
    )


class OtherNumber(HistoryProblem):
    text = N_(
        "This shop was branch number {before} of a chain; as number {number} what it sold would count"
        " twice, and its goods and points would be taken for those of others, so nothing is sent. If"
        " that head office knows it: crm-tui office branch add NAME --forked-from {before}, and the"
        " first round over the line. If it began anew, let this shop have number {before}: they follow"
        " the order in which branches are added."
    )


class HistoriesDiffer(HistoryProblem):
    text = N_(
        "The head office knows another history of branch {name} ({ledger} {number}): this store was"
        " copied, or an old one put in its place. If this is the branch now: crm-tui chain epoch."
        " If the other computer is: have this one enrolled anew."
    )


class MarksDiffer(HistoriesDiffer):
    text = N_(
        "The head office knows another history of branch {name}: this store was copied, or an old one"
        " put in its place. If this is the branch now: crm-tui chain epoch. If the other computer is:"
        " have this one enrolled anew."
    )


class BranchClosed(HistoryProblem):
    text = N_(
        "The head office has closed branch {name}. Nothing more is sent to it, and what was on the way"
        " here goes back to where it came from."
    )


class EpochsTooMany(HistoryProblem):
    text = N_(
        "Branch {name} has begun so many epochs today that the head office takes no more of them; it"
        " goes on tomorrow. Is an old store put in its place again and again, or do two computers take"
        " turns? If all is well, the head office lets it go on today: crm-tui office epoch {name}"
    )


class BranchOlder(HistoryProblem):
    text = N_(
        "The head office takes nothing from so old a crm-tui any more. Update this program; what"
        " happened meanwhile is sent then."
    )


class OtherBranch(HistoryProblem):
    text = N_(
        "The key on this computer is that of branch {other}, but this shop is branch {name}. Take the"
        " right enrolment in: crm-tui chain enrol FILE"
    )


def refusal(code: str, detail: str | None) -> type[ChainProblem] | None:
    """What a SQLSTATE of the protocol (`office/protocol.sql`) means, over the line and for a file; None
    for any other. `detail`: which end is too old."""
    if code == "CB005":
        return OfficeOlder if detail == "office" else BranchOlder
    return _REFUSALS.get(code)


SHUT_OUT = (
    KeyRefused, EpochClosed, EpochEnded, OtherShop, OtherNumber, HistoriesDiffer, BranchClosed,
)  # fmt: skip
"""The head office may have closed the branch, or goes on with another store of it: then that one has
the points of this one, too."""

_REFUSALS: dict[str, type[ChainProblem]] = {
    "CB001": EpochClosed, "CB002": OtherShop, "CB003": MarksDiffer, "CB004": BranchClosed,
    "CB006": KeyRefused, "CB007": EpochsTooMany,
}  # fmt: skip
