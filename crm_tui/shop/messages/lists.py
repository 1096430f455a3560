"""The lists of SMS in and out."""

from crm_tui.archive import TEXT
from crm_tui.errors import N_
from crm_tui.shop.gate.listing import Listing, Part, Sort
from crm_tui.shop.messages.outbox import PROMOTING, UNSENT_SQL

WHO = (
    "coalesce((SELECT customers.name FROM phones JOIN customers ON customers.id = customer_id"
    " WHERE number = messages.phone), '')"
)
"""SQL: the name of the customer who has the number of a message, "" if nobody has."""


_MESSAGE = (
    f"messages.id AS number, messages.at, messages.phone, {TEXT} AS text, messages.status,"
    " messages.status_at, messages.kind, messages.read_as, messages.order_id, messages.direction,"
    " messages.decided_at, messages.segments,"
    f" messages.status = 'held' AND messages.not_before IS NULL AS to_decide, {WHO} AS customer"
)


_SUGGESTED = (
    "messages.status = 'staff' AND EXISTS (SELECT 1 FROM readings WHERE message_id = messages.id"
    " AND acted = 0 AND reply <> '' AND verdict IS NULL)"
)


INBOX = Listing(
    columns=f"{_MESSAGE}, {_SUGGESTED} AS suggested",
    source="messages",
    id="messages.id",
    sorts={
        "newest": Sort(N_("newest first"), "messages.id", descending=True),
        "oldest": Sort(N_("oldest first"), "messages.id"),
    },
    parts={
        "staff": Part(N_("For the staff"), "messages.status = 'staff'"),
        "all": Part(N_("All"), "messages.direction = 'in'"),
        "open": Part(
            N_("Incomplete, unreadable"), "messages.status IN ('incomplete', 'undecodable')"
        ),
    },
    search=(TEXT, WHO),
    phones="messages.phone",
)


_TROUBLE = (
    # Word for word as in the index of this name.
    "(messages.direction = 'out' AND messages.status IN ('failed', 'in_doubt', 'expired')"
    " AND messages.decided_at IS NULL"
    # A restored backup holds them until somebody decides (`restored`).
    " OR messages.status = 'held' AND messages.not_before IS NULL)"
    # What became of promos is told by theirs; nothing is to be decided about each.
    f" AND (messages.kind NOT IN {PROMOTING} OR messages.status = 'held')"
)


OUTBOX = Listing(
    columns=_MESSAGE,
    source="messages",
    id="messages.id",
    sorts=INBOX.sorts,
    parts={
        "all": Part(N_("All"), "messages.direction = 'out'"),
        "trouble": Part(N_("To decide"), _TROUBLE),
        "queue": Part(N_("On the way"), f"messages.status IN {UNSENT_SQL}"),
    },
    search=INBOX.search,
    phones=INBOX.phones,
)


NEWEST = Listing(
    columns=_MESSAGE,
    source="messages",
    id="messages.id",
    sorts={"newest": INBOX.sorts["newest"]},
    parts={"all": Part("", "")},
)
